import { ConfigError } from '../errors.js'
import type { Capability, DataOf, ParamsOf } from '../model/capabilities.js'
import type { RouterEvents } from '../model/events.js'
import type { CachedResult, RouterResult } from '../model/result.js'
import type { Stages } from '../pipeline/pipeline.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import type { AnyProvider, CapabilityOf } from '../provider/provider.js'
import { answered, type Answering, mergingOf } from './answered.js'
import { CacheKeys } from './cache-key.js'
import { EventBus } from './events.js'
import type { RequestOptions, RouterOptions } from './options.js'
import { type Plan, planned } from './plan.js'
import { poolId, type PoolOptions } from './pool-options.js'
import { Pool, type PoolContext } from './pools.js'
import type { DiagnoseOptions, Diagnosis } from './diagnose.js'
import { type HealthReport, type ProbeOptions, Probes } from './probes.js'
import { type Asked, noProvider, type QuestionContext, RouterQuestion } from './question.js'
import { replaceProviders } from './replace-providers.js'
import { checkProviders, type ResolvedOptions, resolveOptions } from './resolve.js'
import { told } from './told.js'
import { stagesOf } from './stages.js'
import { restoreSnapshot, type Snapshot, takeSnapshot } from './snapshot.js'
import { stateMaker } from './states.js'
import { statusOf } from './router-status.js'
import { poolStatus, type Status } from './status.js'

/** Id of the pool that all providers are in. */
const ALL = 'default'

/**
 * Asks the best of many providers and gives one normalised answer. Building one starts no timer, reads no clock and sends
 * nothing, so that it may stand at the global scope of a Worker.
 */
export class ProviderRouter<const P extends readonly AnyProvider[] = readonly AnyProvider[]> {
  readonly #options: ResolvedOptions
  readonly #context: QuestionContext
  readonly #stages: Stages
  readonly #events = new EventBus()
  readonly #states = new Map<string, ProviderState>()
  readonly #newState: (provider: AnyProvider) => ProviderState
  readonly #pools = new Map<string, Pool>()
  readonly #poolContext: PoolContext
  readonly #probes: Probes
  readonly #answering: Answering
  #closed = false

  /** Throws `ConfigError` naming the option that is wrong; a missing key is none: the provider is passed over. */
  constructor(options: RouterOptions<P>) {
    this.#options = resolveOptions(options)
    this.#stages = stagesOf(options, this.#options, this.#events, this.#states, (capability, params, own) =>
      this.request(capability as never, params as never, own),
    )
    const { clock, random } = this.#stages.env
    this.#newState = stateMaker(options.assets ?? {}, this.#options.breaker, this.#states, this.#stages.env)
    for (const provider of options.providers) this.#states.set(provider.id, this.#newState(provider))
    this.#context = {
      options: this.#options,
      states: this.#states,
      assets: options.assets,
      waitUntil: options.waitUntil,
      keys: new CacheKeys(),
      symbols: new Map(),
      asked: 0,
    }
    let seed: number | undefined
    this.#poolContext = {
      states: this.#states,
      seed: () => (seed ??= Math.floor(random() * 0x1_0000_0000)),
      now: () => clock.now(),
      strategy: this.#options.strategy,
      status: (pool) => poolStatus(pool, this.#states, clock.now()),
      rotated: (rotation) => this.#events.emit('pool-rotated', rotation),
    }
    this.#pools.set(ALL, new Pool(ALL, { members: [...this.#states.keys()] }, this.#poolContext, false))
    for (const [id, pool] of Object.entries(options.pools ?? {})) this.#addPool(id, pool)
    const question: Answering['question'] = (capability, params, own) => this.#question(capability, params, own)
    this.#answering = { stages: this.#stages, merging: mergingOf(options, this.#options, this.#stages, this.#states, question), question }
    this.#probes = new Probes(this.#stages.env, this.#states, this.#options.timeoutMs)
    if (options.snapshot) restoreSnapshot(options.snapshot, this.#states, this.#pools.values())
  }

  /**
   * Asks. Resolves with the data and where it came from. Rejects with `ConfigError` for wrong parameters, `NoProviderError`
   * when nobody can be asked, `AllProvidersFailedError` when nobody answered, or the caller's own reason after an abort.
   */
  request<C extends CapabilityOf<P[number]>>(capability: C, params: ParamsOf<C>, options: RequestOptions = {}): Promise<RouterResult<DataOf<C>>> {
    try {
      options.signal?.throwIfAborted()
      const question = this.#question(capability, params, options)
      const result = answered(this.#answering, question, options)
      return (this.#events.listens('request-settled') ? told(this.#stages.env, question, result) : result) as Promise<RouterResult<DataOf<C>>>
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Whom `request()` would ask, in which order, whom not and why. Changes nothing. */
  plan<C extends CapabilityOf<P[number]>>(capability: C, params: ParamsOf<C>, options: RequestOptions = {}): Plan {
    const question = this.#question(capability, params, { ...options, request: 0 })
    return planned(question.rehearsal(), question.maxAttempts, this.#stages.cache.look(question, question.startedAt))
  }

  /** The answer that is in memory, fresh or stale, and until when it is fresh (Unix ms); nothing where there is none. Asks nobody and changes nothing. */
  peek<C extends CapabilityOf<P[number]>>(capability: C, params: ParamsOf<C>, options: RequestOptions = {}): CachedResult<DataOf<C>> | undefined {
    const question = this.#question(capability, params, { ...options, request: 0 })
    return this.#stages.cache.peek(question, question.startedAt) as CachedResult<DataOf<C>> | undefined
  }

  /** Forgets all answers: the next requests ask afresh. */
  clearCache(): void {
    this.#stages.cache.clear()
  }

  /** Everything about the router's state as plain JSON, without any key. */
  status(): Status {
    return statusOf(this.#stages, this.#states, [...this.#pools.values()], this.#probes.reports, this.#events.failures)
  }

  /** Its providers as they are now. */
  get providers(): readonly AnyProvider[] {
    return [...this.#states.values()].map(({ provider }) => provider)
  }

  /** A pool by its id; without one, the pool of all providers. Throws `ConfigError` for an unknown id. */
  pool(id?: string): Pool {
    return this.#pool(id)
  }

  /** All pools: list, create, delete. */
  readonly pools = {
    list: (): Pool[] => [...this.#pools.values()],
    /** The id is made from the name: `Primary Market Data Pool` → `primary_market_data_pool`. Throws `ConfigError` where it exists. */
    create: (name: string, options: PoolOptions): Pool => {
      const id = poolId(name)
      if (id === '') throw new ConfigError(`a pool's name needs a letter or a digit, got ${JSON.stringify(name)}`)
      return this.#addPool(id, { ...options, name: options.name ?? name })
    },
    /** Routing without a pool goes on with all providers. Throws `ConfigError` for an unknown id. */
    delete: (id: string): void => {
      if (id === ALL || !this.#pools.delete(id)) throw new ConfigError(id === ALL ? 'the pool of all providers stays' : `no pool '${id}'`)
    },
  }

  /** Probes one provider or all, now. Costs quota, counts for no statistics. */
  checkHealth(id?: string): Promise<HealthReport[]> {
    return this.#probes.check(id === undefined ? [...this.#states.values()] : [this.#state(id)])
  }

  /** Probes all providers without traffic every five minutes until `stopProbes()` or `close()`. */
  startProbes(options?: ProbeOptions): void {
    if (!this.#closed) this.#probes.start(options)
  }

  stopProbes(): void {
    this.#probes.stop()
  }

  /** Takes a provider out by hand, until `restore()`. */
  isolate(id: string): void {
    this.#state(id).isolated = true
    this.#events.emit('provider-isolated', { provider: id, at: this.#stages.env.clock.now() })
  }

  /** Puts a provider back: ends isolation, cooldowns and open breakers. */
  restore(id: string): void {
    const state = this.#state(id)
    state.isolated = false
    state.reset(this.#stages.env.clock.now())
    this.#events.emit('provider-restored', { provider: id, at: this.#stages.env.clock.now() })
  }

  on<N extends keyof RouterEvents>(name: N, listener: (payload: RouterEvents[N]) => void): this {
    this.#events.on(name, listener)
    return this
  }

  once<N extends keyof RouterEvents>(name: N, listener: (payload: RouterEvents[N]) => void): this {
    this.#events.once(name, listener)
    return this
  }

  off<N extends keyof RouterEvents>(name: N, listener: (payload: RouterEvents[N]) => void): this {
    this.#events.off(name, listener)
    return this
  }

  /** Quotas, cooldowns, breakers and counters as plain JSON, for `options.snapshot` of the next router. */
  snapshot(): Snapshot {
    return takeSnapshot(this.#states.values(), this.#pools.values(), this.#stages.env.clock.now())
  }

  /**
   * Goes on with other providers: those that stay keep their counters, breakers, cooldowns and quotas, whatever else changed of them. Throws
   * `ConfigError` for a list that is wrong, and changes nothing then.
   */
  setProviders(providers: readonly AnyProvider[]): void {
    checkProviders(providers)
    replaceProviders(providers, this.#states, [...this.#pools.values()], this.#newState, this.#stages.env.clock.now())
  }

  /** What is wrong or will be, and what to do: reports only. With `look` all providers are probed first. */
  async diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
    const { diagnosed } = await import('./diagnose.js') // not part of what every request needs
    if (options.look) await this.checkHealth()
    return diagnosed(this.status(), this.#states, this.#stages.env.clock.now())
  }

  /** Stops probes, drops listeners and cached answers, and leaves the store. Requests under way end by themselves; new ones are refused. */
  async close(): Promise<void> {
    this.#closed = true
    this.#probes.stop()
    this.#events.clear()
    this.#stages.cache.clear()
    for (const state of this.#states.values()) state.shutdown()
    ;(await this.#stages.env.sharing?.loading)?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #question(capability: Capability, params: unknown, options: Asked): RouterQuestion {
    if (this.#closed) throw new ConfigError('this router is closed: make a new one')
    this.#poolContext.seed() // the first question draws it, needed or not: a plan must not shift the random numbers of requests
    return new RouterQuestion(this.#context, this.#pool(options.pool), capability, params, options, this.#stages.env.clock.now())
  }

  #pool(id: string = ALL): Pool {
    const pool = this.#pools.get(id)
    if (!pool) throw new ConfigError(`no pool '${id}', there are ${[...this.#pools.keys()].join(', ')}`)
    return pool
  }

  #addPool(id: string, options: PoolOptions): Pool {
    if (this.#pools.has(id)) throw new ConfigError(`pool '${id}' exists already`)
    const pool = new Pool(id, options, this.#poolContext)
    this.#pools.set(id, pool)
    return pool
  }

  #state(id: string): ProviderState {
    const state = this.#states.get(id)
    if (!state) throw noProvider(id, this.#states)
    return state
  }
}
