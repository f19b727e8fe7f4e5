import { ConfigError } from '../errors.js'
import { type Clock, resolveClock } from '../model/clock.js'
import type { AnyProvider, ProviderOptions } from '../provider/provider.js'
import type { SecretSource } from '../provider/secret.js'
import { clean, isObject, type Json } from './clean.js'
import { described } from './http-provider.js'
import { entryOf } from './own-format.js'
import { isPublicAddress } from './public-address.js'
import { type ConfigProblem, Findings } from './report.js'
import type { HttpDefinition } from './schema.js'
import { type Seen, seeIfAlive } from './see-if-alive.js'

/** Where candidates come from, and what happens to those that a person approves. */
export interface DiscoveryOptions {
  /** Gives candidates: descriptions of sources, as a configuration file holds them. */
  find(context: { readonly signal: AbortSignal }): Promise<readonly unknown[]>
  /** Instead of one question to the candidate. */
  readonly seeIfAlive?: ((provider: AnyProvider) => Promise<Seen>) | undefined
  /** Where approved ones join. */
  readonly router?: { readonly providers: readonly AnyProvider[]; setProviders(providers: readonly AnyProvider[]): void } | undefined
  /** Those that are there already: none of their ids is suggested. @default those of the router */
  readonly providers?: (() => readonly AnyProvider[]) | undefined
  /** Keys for candidates that want one, by host (`api.example.com`): a candidate chooses its id itself, and must not get the key of another by it. */
  readonly keys?: Readonly<Record<string, SecretSource | undefined>> | undefined
  /** Candidates of one run that are looked at. @default 20 */
  readonly maxCandidates?: number | undefined
  /** Patience with `find`, in ms. @default 60_000 */
  readonly findTimeoutMs?: number | undefined
  /** Patience with one candidate, in ms. @default 10_000 */
  readonly timeoutMs?: number | undefined
  /** Lets candidates stand at addresses inside a network, without https. For tests. @default false */
  readonly allowPrivate?: boolean | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly clock?: Clock | undefined
}

/** One run, when it is over. Times in Unix ms. */
export interface DiscoveryRun {
  readonly startedAt: number
  readonly finishedAt: number
  readonly candidatesSeen: number
  /** Those that went to `pending`. */
  readonly suggested: number
  /** Those of this run that were approved since. */
  readonly persisted: number
  /** Their ids. */
  readonly persistedIds?: readonly string[]
  /** Why the others did not. */
  readonly refused: readonly ConfigProblem[]
}

/** A candidate that answered, and waits for a person. */
export interface PendingCandidate {
  readonly id: string
  readonly entry: HttpDefinition
  readonly seen: Seen
  /** Unix ms. */
  readonly foundAt: number
}

/** Looks for new sources. Nothing is ever asked but by `run()`, and nothing is admitted but by `approve()`. */
export interface Discovery {
  /** Looks for candidates now. A run under way is shared. */
  run(): Promise<DiscoveryRun>
  pending(): PendingCandidate[]
  /** Admits one: gives the entry for the configuration and the provider, which joins the router. Throws `ConfigError` where nobody of that id waits. */
  approve(id: string, options?: ProviderOptions): Promise<{ readonly entry: HttpDefinition; readonly provider: AnyProvider }>
  /** Turns one away; it is not suggested again. */
  reject(id: string): void
  status(): { readonly enabled: true; readonly running: boolean; readonly pending: number; readonly lastRun?: DiscoveryRun }
}

const MOST_CANDIDATES = 20
/** More than a person will look at: from then on nobody is suggested until some are approved or rejected. */
const MOST_PENDING = 100
const AT_ONCE = 4
const FIND_MS = 60_000
const LOOK_MS = 10_000

/** A discovery over a source of candidates that you give. */
export function discovery(options: DiscoveryOptions): Discovery {
  const search = new Search(options)
  return {
    run: () => search.run(),
    pending: () => [...search.waiting.values()],
    approve: (id, own) => search.approve(id, own),
    reject: (id) => search.reject(id),
    status: () => search.status(),
  }
}

class Search {
  readonly waiting = new Map<string, PendingCandidate>()
  readonly #options: DiscoveryOptions
  readonly #clock: Required<Clock>
  readonly #rejected = new Set<string>()
  readonly #approved = new Map<string, AnyProvider>()
  #running: Promise<DiscoveryRun> | undefined
  #last: DiscoveryRun | undefined
  /** Ids that the last run suggested. */
  #suggested = new Set<string>()

  constructor(options: DiscoveryOptions) {
    this.#options = options
    this.#clock = resolveClock(options.clock)
  }

  run(): Promise<DiscoveryRun> {
    this.#running ??= this.#search().finally(() => (this.#running = undefined))
    return this.#running
  }

  async approve(id: string, own: ProviderOptions = {}): Promise<{ readonly entry: HttpDefinition; readonly provider: AnyProvider }> {
    const { entry } = this.#waiting(id)
    const findings = new Findings()
    const provider = await described(entry, { apiKey: this.#keyOf(entry), ...own }, 'candidate', findings)
    if (provider === undefined) throw new ConfigError(`candidate '${id}': ${findings.errors[0]?.message ?? 'cannot be made'}`)
    const others = [...this.#there(), ...this.#approved.values()]
    if (others.some((one) => one.id === id)) throw new ConfigError(`candidate '${id}': a provider of this id is there by now, reject it`)
    this.#options.router?.setProviders([...new Map([...others, provider].map((one) => [one.id, one])).values()])
    this.waiting.delete(id)
    this.#approved.set(id, provider)
    const { priority, weight, role } = own
    return { entry: { ...entry, ...(priority !== undefined && { priority }), ...(weight !== undefined && { weight }), ...(role && { role }) }, provider }
  }

  #there(): readonly AnyProvider[] {
    const { providers, router } = this.#options
    return providers?.() ?? router?.providers ?? []
  }

  reject(id: string): void {
    this.#waiting(id)
    this.waiting.delete(id)
    this.#rejected.add(id)
  }

  status(): ReturnType<Discovery['status']> {
    const persistedIds = [...this.#suggested].filter((id) => this.#approved.has(id))
    const lastRun = this.#last && { ...this.#last, persisted: persistedIds.length, persistedIds }
    return { enabled: true, running: this.#running !== undefined, pending: this.waiting.size, ...(lastRun && { lastRun }) }
  }

  /** The key for the only host that it stands at. */
  #keyOf({ baseUrl }: HttpDefinition): SecretSource | undefined {
    const hosts = new Set([baseUrl].flat().map((address) => new URL(address).host))
    const [host = ''] = hosts
    const { keys = {} } = this.#options
    return hosts.size === 1 && Object.hasOwn(keys, host) ? keys[host] : undefined
  }

  #waiting(id: string): PendingCandidate {
    const candidate = this.waiting.get(id)
    if (candidate === undefined) throw new ConfigError(`no candidate '${id}' waits, there are ${[...this.waiting.keys()].join(', ') || 'none'}`)
    return candidate
  }

  async #search(): Promise<DiscoveryRun> {
    const startedAt = this.#clock.now()
    const found = await this.#found()
    const findings = new Findings()
    const room = Math.max(0, MOST_PENDING - this.waiting.size)
    if (room === 0) findings.skip('candidates', `${MOST_PENDING} wait to be approved or rejected: nobody is looked at`)
    const entries = this.#entries(found.slice(0, Math.min(room, this.#options.maxCandidates ?? MOST_CANDIDATES)), findings)
    this.#suggested = new Set()
    for (let i = 0; i < entries.length; i += AT_ONCE) await Promise.all(entries.slice(i, i + AT_ONCE).map((entry) => this.#look(...entry, findings)))
    this.#last = {
      startedAt,
      finishedAt: this.#clock.now(),
      candidatesSeen: found.length,
      suggested: this.#suggested.size,
      persisted: 0,
      refused: [...findings.report().errors, ...findings.report().warnings],
    }
    return this.#last
  }

  /** What the source gives in time. */
  async #found(): Promise<readonly unknown[]> {
    const stop = new AbortController()
    const late = new Promise<never>((_, fail) =>
      stop.signal.addEventListener('abort', () => fail(new ConfigError('discovery: the source of candidates did not answer in time'))),
    )
    const cancel = this.#clock.setTimeout(() => stop.abort(), this.#options.findTimeoutMs ?? FIND_MS)
    try {
      const found = await Promise.race([this.#options.find({ signal: stop.signal }), late])
      if (!Array.isArray(found)) throw new ConfigError('discovery: find() must give a list of descriptions')
      return found as readonly unknown[]
    } finally {
      cancel()
    }
  }

  /** Those that are described as they should be, stand where they may, and are not known yet. */
  #entries(found: readonly unknown[], findings: Findings): [HttpDefinition, string][] {
    const seen = new Set([...this.waiting.keys(), ...this.#approved.keys(), ...this.#rejected, ...this.#there().map(({ id }) => id)])
    return found.flatMap((candidate, i): [HttpDefinition, string][] => {
      const path = `candidates[${i}]`
      const entry = this.#entry(cleaned(candidate, i, findings), path, findings)
      if (entry === undefined) return []
      if (seen.has(entry.id)) findings.skip(path, `'${entry.id}' is known already`)
      else if (!this.#options.allowPrivate && ![entry.baseUrl].flat().every(isPublicAddress))
        findings.skip(`${path}.baseUrl`, 'the https address of a public server expected')
      else {
        seen.add(entry.id)
        return [[entry, path]]
      }
      return []
    })
  }

  /** Where it stands among others is not for the candidate to say. */
  #entry(candidate: Json, path: string, findings: Findings): HttpDefinition | undefined {
    const { priority: _, weight: __, role: ___, enabled: ____, apiKeyFrom: _____, ...told } = isObject(candidate) ? candidate : { id: '' }
    const entry = isObject(candidate) ? entryOf(told, path, findings) : undefined
    if (entry === undefined || 'endpoints' in entry) return entry
    findings.skip(path, 'a description with endpoints expected')
    return undefined
  }

  async #look(entry: HttpDefinition, path: string, findings: Findings): Promise<void> {
    const { fetch, clock, timeoutMs = LOOK_MS, allowPrivate = false } = this.#options
    const provider = await described(entry, { apiKey: this.#keyOf(entry) }, path, findings)
    if (provider === undefined) return
    const look = this.#options.seeIfAlive ?? ((one: AnyProvider) => seeIfAlive(one, { timeoutMs, allowPrivate, fetch, clock }))
    const seen = await look(provider).catch((): Seen => ({ alive: false, reason: 'could not be looked at' }))
    if (!seen.alive) {
      findings.skip(path, `'${entry.id}' gave no answer: ${seen.reason ?? 'unknown'}`)
      return
    }
    this.waiting.set(entry.id, { id: entry.id, entry, seen, foundAt: this.#clock.now() })
    this.#suggested.add(entry.id)
  }
}

/** A candidate as JSON; nothing of one that is too much, or cannot even be read. */
function cleaned(candidate: unknown, i: number, findings: Findings): Json {
  try {
    return clean(candidate, findings, ['candidates', i])
  } catch (error) {
    findings.skip(`candidates[${i}]`, ConfigError.is(error) ? error.message : 'cannot be read')
    return null
  }
}
