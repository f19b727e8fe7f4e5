import { AmbiguousAssetError, ConfigError, NoProviderError } from '../errors.js'
import { AMBIGUOUS_ASSETS } from '../model/ambiguous-assets.js'
import type { Capability, CapabilityInfo } from '../model/capabilities.js'
import { pairOf } from '../model/symbol.js'
import type { AgreeOptions } from '../pipeline/agree.js'
import { Ask } from '../pipeline/ask.js'
import { GATHERED } from '../pipeline/gather.js'
import type { Group } from '../pipeline/group.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import type { Question } from '../pipeline/question.js'
import type { AnyProvider } from '../provider/provider.js'
import { whyAbsent } from '../provider/retired.js'
import type { CacheKeys } from './cache-key.js'
import { checkParams } from './check-params.js'
import type { AssetOverrides, RequestOptions } from './options.js'
import type { Pool } from './pools.js'
import { checkComparing } from './check-comparing.js'
import { checkStrategy, checkTimes, type ResolvedOptions } from './resolve.js'

const SYMBOLS_KEPT = 1_000

/** What questions need of their router. */
export interface QuestionContext {
  readonly options: ResolvedOptions
  readonly states: ReadonlyMap<string, ProviderState>
  readonly assets: AssetOverrides | undefined
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined
  readonly keys: CacheKeys
  /** Symbols that were found sound, and whether each is one of several meanings that was chosen: looked at once, not with every request. */
  readonly symbols: Map<string, boolean>
  /** Questions so far. */
  asked: number
}

/** What a question is asked with: by a caller, or for one whose question becomes others. */
export interface Asked extends RequestOptions {
  /** The request that it is asked for: it has that one's number. */
  readonly whole?: Question | undefined
  /** 0 where it is only looked at. @default a number of its own */
  readonly request?: number | undefined
  /** Number of the request for which an endpoint of the user's own asks. */
  readonly parent?: number | undefined
}

/** A caller's question, checked and with the router's defaults. */
export class RouterQuestion implements Question {
  readonly capability: Capability
  readonly info: CapabilityInfo
  readonly params: unknown
  readonly key: string
  /** The key without how it is asked. */
  readonly askedKey: string
  readonly startedAt: number
  readonly request: number
  readonly parent: number | undefined
  readonly whole: Question | undefined
  joined: number | undefined
  readonly #context: QuestionContext
  readonly #pool: Pool
  readonly #own: Asked
  readonly #ambiguous: boolean
  readonly #only: ReadonlySet<string> | undefined
  readonly #except: ReadonlySet<string> | undefined

  /** Throws `ConfigError` for what is wrong whatever the provider, `AmbiguousAssetError` for a symbol of several assets. */
  constructor(context: QuestionContext, pool: Pool, capability: Capability, params: unknown, own: Asked, now: number) {
    const info = context.options.capabilities.get(capability)
    if (!info)
      throw new ConfigError(
        `no capability '${capability}': known are ${[...context.options.capabilities.keys()].join(', ')}; yours go into options.capabilities`,
      )
    checkParams(capability, params, context.symbols)
    checkTimes(own)
    checkStrategy(own.strategy)
    checkComparing(own, info, capability)
    if (!pool.enabled) throw new NoProviderError(`${capability}: pool '${pool.id}' is disabled`, [])
    this.capability = capability
    this.info = info
    this.params = params
    this.startedAt = now
    this.parent = own.parent
    this.whole = own.whole
    this.request = own.whole?.request ?? own.request ?? ++context.asked
    this.#context = context
    this.#pool = pool
    this.#own = own
    this.askedKey = context.keys.of(capability, info, params)
    const { agree } = own
    const whole = info.gathers ? `${this.askedKey}${filtersOf(own)}` : this.askedKey // a list of fewer sources is another answer
    this.key = agree === undefined ? whole : `${this.askedKey}|agree${agree.of},${agree.within ?? ''},${agree.maxAgeMs ?? ''}${filtersOf(own)}`
    this.#only = own.only && this.#known(own.only)
    this.#except = own.except && this.#known(own.except)
    this.#ambiguous = isAmbiguous(capability, params, context)
  }

  get scope(): string | undefined {
    return this.#own.strategy === undefined ? filtersOf(this.#own) : undefined
  }

  get cached(): boolean {
    return this.#context.options.cached
  }

  get maxAgeMs(): number | undefined {
    return this.#own.maxAgeMs
  }

  get stale(): Question['stale'] {
    return this.#own.stale ?? 'if-error'
  }

  get signal(): AbortSignal | undefined {
    return this.#own.signal
  }

  get totalTimeoutMs(): number {
    return this.#own.totalTimeoutMs ?? this.#context.options.totalTimeoutMs
  }

  get timeoutMs(): number {
    return this.#own.timeoutMs ?? this.#context.options.timeoutMs
  }

  get maxAttempts(): number {
    return this.#own.maxAttempts ?? this.#context.options.maxAttempts
  }

  get agree(): AgreeOptions | undefined {
    return this.#own.agree
  }

  get race(): number | undefined {
    return this.#own.race
  }

  get gather(): number {
    return this.#own.gather ?? GATHERED
  }

  get retries(): number {
    return this.#context.options.retries
  }

  get waitUntil(): ((work: Promise<unknown>) => void) | undefined {
    return this.#own.waitUntil ?? this.#context.waitUntil
  }

  accepts(id: string): boolean {
    if (this.#only?.has(id) === false || this.#except?.has(id) === true || !this.#context.states.has(id)) return false // it may have left
    return this.#own.pool === undefined || this.#pool.has(id)
  }

  ask(now: number): Ask {
    return this.#ask(now, this.#pool.group(this.capability))
  }

  /** The same on a copy of the candidates: whatever is picked there, nobody notices. */
  rehearsal(): Ask {
    return this.#ask(this.startedAt, this.#pool.rehearsal(this.capability))
  }

  #ask(now: number, group: Group): Ask {
    const { strategy = this.#pool.strategy, maxAgeMs } = this.#own
    const choice = { strategy, only: this.#only, except: this.#except, ambiguous: this.#ambiguous, maxAgeMs, request: this.request }
    return new Ask(group, this.params, this.askedKey, choice, this.#context.options.preferences, now)
  }

  providerOf(id: string): AnyProvider | undefined {
    return this.#context.states.get(id)?.provider
  }

  #known(ids: readonly string[]): ReadonlySet<string> {
    for (const id of ids) if (!this.#context.states.has(id)) throw noProvider(id, this.#context.states)
    return new Set(ids)
  }
}

/** Who may answer, and how many are asked, as a text: questions that differ in it have nothing in common. */
const filtersOf = ({ pool, only, except, race, gather }: RequestOptions): string =>
  pool === undefined && only === undefined && except === undefined && race === undefined && gather === undefined
    ? ''
    : `|${pool ?? ''}|${only?.join() ?? ''}|${except?.join() ?? ''}|${race ?? ''}|${gather ?? ''}`

/** Whether the question's asset has several meanings and one was chosen. */
function isAmbiguous(capability: Capability, params: unknown, { assets, symbols: seen }: QuestionContext): boolean {
  const { symbol, symbols, asset } = params as { symbol?: string; symbols?: readonly string[]; asset?: string }
  if (symbol === undefined) {
    const bases = capability === 'tickers' ? symbols?.map((one) => pairOf(one).base) : undefined // news is found by words
    return isOneOfSeveral(bases ?? (asset === undefined ? [] : [asset]), assets)
  }
  const before = seen.get(symbol)
  if (before !== undefined) return before
  if (seen.size >= SYMBOLS_KEPT) seen.clear()
  const ambiguous = isOneOfSeveral([pairOf(symbol).base], assets)
  seen.set(symbol, ambiguous)
  return ambiguous
}

function isOneOfSeveral(names: readonly string[], assets: AssetOverrides | undefined): boolean {
  let ambiguous = false
  for (const name of names) {
    const candidates = Object.hasOwn(AMBIGUOUS_ASSETS, name) ? AMBIGUOUS_ASSETS[name] : undefined
    if (candidates === undefined) continue
    if (assets?.[name] === undefined) throw new AmbiguousAssetError(name, candidates)
    ambiguous = true
  }
  return ambiguous
}

/** The error for an id that the router does not have; of a service that is gone it names the replacement. */
export const noProvider = (id: string, states: ReadonlyMap<string, ProviderState>): ConfigError =>
  new ConfigError(`no provider '${id}'${whyAbsent(id)}, the router has ${[...states.keys()].join(', ')}`)
