import { ProviderError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { FailureReason } from '../model/result.js'
import { Ask, NO_PREFERENCES } from '../pipeline/ask.js'
import { call } from '../pipeline/call.js'
import { Candidate } from '../pipeline/candidate.js'
import type { Env } from '../pipeline/env.js'
import { Group } from '../pipeline/group.js'
import { prepare } from '../pipeline/job.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import { timed } from '../pipeline/timed.js'
import { roundRobin } from '../strategies/round-robin.js'

/** What one probe found: its own latency and error, no average. */
export interface HealthReport {
  readonly provider: string
  /** Left out where the provider could not be probed: no key, no quota, nothing to ask. */
  readonly healthy?: boolean
  readonly latencyMs?: number
  readonly reason?: FailureReason | 'disabled' | 'key-missing' | 'nothing-to-ask'
  /** Unix ms. */
  readonly at: number
}

/** How often providers are probed. */
export interface ProbeOptions {
  /** @default 300_000, ± 10 % */
  readonly everyMs?: number | undefined
}

const EVERY_MS = 300_000
const AT_ONCE = 4
const JITTER = 0.1

/** Asks providers how they are, apart from traffic: probes count for no statistics and no breaker, but they cost quota. */
export class Probes {
  readonly reports = new Map<string, HealthReport>()
  readonly #env: Env
  readonly #states: ReadonlyMap<string, ProviderState>
  readonly #timeoutMs: number
  #cancel: (() => void) | undefined

  constructor(env: Env, states: ReadonlyMap<string, ProviderState>, timeoutMs: number) {
    this.#env = env
    this.#states = states
    this.#timeoutMs = timeoutMs
  }

  /** Probes some or all, at most four at once. */
  async check(states: readonly ProviderState[]): Promise<HealthReport[]> {
    const reports: HealthReport[] = []
    const queue = [...states.entries()]
    const worker = async (): Promise<void> => {
      for (let job = queue.shift(); job; job = queue.shift()) reports[job[0]] = await this.#probe(job[1])
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return reports
  }

  /** Probes again and again until `stop()`; whoever had traffic meanwhile is skipped. The timer does not keep a process alive. */
  start({ everyMs = EVERY_MS }: ProbeOptions = {}): void {
    this.stop()
    const round = (): void => {
      const since = this.#env.clock.now() - everyMs
      const quiet = [...this.#states.values()].filter(
        ({ health, provider }) => provider.enabled !== false && !provider.retired && (health.lastSuccessAt ?? -Infinity) < since,
      )
      void this.check(quiet)
      this.#cancel = this.#later(round, everyMs * (1 - JITTER + 2 * JITTER * this.#env.random()))
    }
    this.#cancel = this.#later(round, 0)
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #later(callback: () => void, ms: number): () => void {
    if (!this.#env.realTime) return this.#env.clock.setTimeout(callback, ms)
    const timer = setTimeout(callback, ms)
    if (typeof timer === 'object') timer.unref()
    return () => clearTimeout(timer)
  }

  async #probe(state: ProviderState): Promise<HealthReport> {
    const report = await this.#ask(state)
    this.reports.set(state.id, report)
    state.probed = report.healthy
    this.#env.events.emit('probe-settled', report)
    return report
  }

  async #ask(state: ProviderState): Promise<HealthReport> {
    const at = this.#env.clock.now()
    const provider = state.id
    const asked = questionOf(state)
    if (state.provider.enabled === false || state.provider.retired || state.isolated) return { provider, reason: 'disabled', at }
    if (state.missesKey) return { provider, reason: 'key-missing', at }
    if (asked === undefined) return { provider, reason: 'nothing-to-ask', at }
    const { candidate, ask } = asked
    ask.now = at
    const { rest } = state
    if (rest.until > at && (rest.reason === 'rate-limited' || rest.reason === 'quota-exhausted')) return { provider, reason: rest.reason, at } // a probe in a ban makes it longer
    // the user's own function may hang or fail
    const fetched = await timed(this.#env, this.#timeoutMs, undefined, async () => ({ key: await state.provider.apiKey?.reveal(state.keyIndex) })).catch(
      () => undefined,
    )
    if (typeof fetched !== 'object') return { provider, healthy: false, reason: 'unavailable', at }
    const { key: secret } = fetched
    const job = prepare(candidate, ask, undefined, secret)
    if (job instanceof ProviderError) return { provider, healthy: false, reason: job.reason, at }
    job.sliceMs = this.#timeoutMs
    const now = this.#env.clock.now()
    if (state.ledger?.reserve(job.cost, now, now, candidate.calls) === Infinity) return { provider, reason: 'rate-limited', at }
    if ((await (await this.#env.sharing?.load())?.takes(state, job.cost, candidate.calls, secret)) === false) return { provider, reason: 'rate-limited', at }
    const startedAt = this.#env.clock.monotonic()
    const outcome = await call(this.#env, job, secret)
    const latencyMs = Math.round(this.#env.clock.monotonic() - startedAt)
    return outcome instanceof ProviderError ? { provider, healthy: false, latencyMs, reason: outcome.reason, at } : { provider, healthy: true, latencyMs, at }
  }
}

/** What a probe asks: what the provider names, else the price of Bitcoin. */
function questionOf(state: ProviderState): { candidate: Candidate; ask: Ask } | undefined {
  const { probe, endpoints } = state.provider
  const capability: Capability = probe?.capability ?? 'ticker'
  const endpoint = endpoints[capability]
  if (endpoint === undefined) return undefined
  const group = new Group(capability, () => 0)
  const candidate = new Candidate(state, { id: state.id, priority: 1, weight: 1, enabled: true }, endpoint as Candidate['endpoint'], group)
  const params = probe?.params ?? { symbol: 'BTC/USD' }
  return { candidate, ask: new Ask(group, params, 'probe', { strategy: roundRobin() }, NO_PREFERENCES, 0) }
}
