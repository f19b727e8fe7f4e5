import type { Capability } from '../model/capabilities.js'
import { pairOf } from '../model/symbol.js'
import type { AnyProvider } from '../provider/provider.js'
import type { RouteRequest, Strategy } from '../strategies/strategy.js'
import { shareOf } from './batch.js'
import type { Candidate } from './candidate.js'
import { refusalKey } from './provider-state.js'
import type { Group } from './group.js'

/** Preferences that hold for every choice of a router. */
export interface Preferences {
  readonly skipSlowerThanMs: number
  /** A provider this many times slower than the best loses its place; Infinity = never. */
  readonly ejectSlowerThan: number
  readonly keepIncumbent: { readonly within: number; readonly forMs: number } | undefined
  readonly strictDollars: boolean
}

/** Holds for questions that no caller asked: probes and rotations. */
export const NO_PREFERENCES: Preferences = { skipSlowerThanMs: Infinity, ejectSlowerThan: Infinity, keepIncumbent: undefined, strictDollars: false }

interface Choice {
  readonly strategy: Strategy
  readonly only?: ReadonlySet<string> | undefined
  readonly except?: ReadonlySet<string> | undefined
  readonly ambiguous?: boolean | undefined
  readonly maxAgeMs?: number | undefined
  readonly isPart?: boolean | undefined
  readonly request?: number | undefined
}

/** A question as selection sees it: what strategies get, and what filters look at. */
export class Ask implements RouteRequest {
  readonly capability: Capability
  readonly params: unknown
  readonly strategy: Strategy
  readonly only: ReadonlySet<string> | undefined
  readonly except: ReadonlySet<string> | undefined
  /** Base asset of the one symbol that is asked for. */
  readonly asset: string | undefined
  readonly symbols: readonly string[] | undefined
  /** Whether the asset's symbol has several meanings, so that only providers with an override are asked. */
  readonly ambiguous: boolean
  readonly preferences: Preferences
  /** Equal for equal questions. */
  readonly key: string
  readonly maxAgeMs: number | undefined
  /** Number of the request that it is part of; 0 where no caller asked. */
  readonly request: number
  /** What is asked about, where it is one thing. */
  readonly #about: string | undefined
  group: Group
  now: number
  /** No filter of its own: whoever can be asked may answer. */
  readonly isPlain: boolean
  /** Put to one provider for a comparison: the others are not passed over by it. */
  readonly isPart: boolean
  readonly #dollars: boolean
  // the first has no list: most questions ask nobody else
  #first: Candidate | undefined
  #others: Candidate[] | undefined
  #shares: Map<Candidate, readonly string[]> | undefined
  #rewritten: { quote: string; params: unknown } | undefined

  constructor(group: Group, params: unknown, key: string, choice: Choice, preferences: Preferences, now: number) {
    const { symbol, symbols, asset } = params as { symbol?: string; symbols?: readonly string[]; asset?: string }
    this.group = group
    this.capability = group.capability
    this.params = params
    this.strategy = choice.strategy
    this.only = choice.only
    this.except = choice.except
    this.ambiguous = choice.ambiguous === true
    this.preferences = preferences
    this.key = key
    this.maxAgeMs = choice.maxAgeMs
    this.request = choice.request ?? 0
    this.now = now
    this.symbols = group.capability === 'tickers' ? symbols : undefined // those of news are no markets
    this.asset = symbol === undefined ? (asset?.includes(':') ? undefined : asset) : symbol.slice(0, symbol.indexOf('/'))
    this.#about = symbol ?? asset
    this.isPlain = choice.only === undefined && choice.except === undefined && choice.ambiguous !== true
    this.isPart = choice.isPart === true
    this.#dollars = symbol === undefined ? this.symbols?.some(inDollars) === true : inDollars(symbol)
  }

  /** Whether it was asked this question before. Kept here, not at the candidate: many questions are under way at once. */
  hasTried(candidate: Candidate): boolean {
    return candidate === this.#first || this.#others?.includes(candidate) === true
  }

  tries(candidate: Candidate): void {
    if (this.#first === undefined) this.#first = candidate
    else (this.#others ??= []).push(candidate)
  }

  /** What a refusal is remembered under: an exchange that has no candles of a pair may well have its price. */
  get subject(): string {
    return this.#about === undefined ? this.key : refusalKey(this.capability, this.#about)
  }

  /** What a provider's own last answer to this question is kept under: one for all questions that it narrows. */
  ownKey({ endpoint }: Candidate): string {
    return 'narrow' in endpoint ? this.capability : this.key
  }

  get typicalLatencyMs(): number | undefined {
    return this.group.typicalLatencyMs
  }

  draw(id: string): number {
    return this.group.draw(id)
  }

  /** Whether the question is for dollars, which this provider does not have and may not replace. */
  lacksDollars(provider: AnyProvider): boolean {
    return this.#dollars && this.symbols === undefined && this.preferences.strictDollars && provider.dollarQuote !== undefined
  }

  /** The parameters as this provider gets them: a dollar question in its own kind of dollar. */
  paramsFor(candidate: Candidate): unknown {
    const { dollarQuote } = candidate.state.provider
    const share = this.share(candidate)
    const params = share === this.symbols ? this.params : { ...(this.params as object), symbols: share }
    if (!this.#dollars || dollarQuote === undefined) return params
    if (params !== this.params) return inQuote(params as { symbol?: string }, dollarQuote)
    if (this.#rewritten?.quote !== dollarQuote) this.#rewritten = { quote: dollarQuote, params: inQuote(params as { symbol?: string }, dollarQuote) }
    return this.#rewritten.params
  }

  /** What this candidate is asked of a batch; nothing where none is asked. */
  share(candidate: Candidate): readonly string[] | undefined {
    if (this.symbols === undefined) return undefined
    const known = this.#shares?.get(candidate)
    if (known !== undefined) return known
    const share = shareOf(candidate, this)
    this.#shares = (this.#shares ?? new Map<Candidate, readonly string[]>()).set(candidate, share)
    return share
  }

  /** Its assets are known better now. */
  forgetShare(candidate: Candidate): void {
    this.#shares?.delete(candidate)
  }

  /** The same for one provider alone. */
  of(id: string, mostAgeMs = Infinity): Ask {
    const { strategy, ambiguous, request } = this
    const maxAgeMs = this.maxAgeMs === undefined && mostAgeMs === Infinity ? undefined : Math.min(this.maxAgeMs ?? Infinity, mostAgeMs)
    return new Ask(this.group, this.params, this.key, { strategy, only: new Set([id]), ambiguous, maxAgeMs, request, isPart: true }, this.preferences, this.now)
  }

  /** The price of one kind of dollar in another, of whoever really has that pair. */
  forRate(symbol: string): Ask {
    const { strategy, only, except, request } = this
    return new Ask(
      this.group,
      { symbol },
      `ticker:${symbol}`,
      { strategy, only, except, request, isPart: true },
      { ...this.preferences, strictDollars: true },
      this.now,
    )
  }

  /** The same on a copy of the candidates, those tried left out: whatever is picked there, nobody notices. */
  rehearsed(): Ask {
    const ask = new Ask(this.group.copy(), this.params, this.key, this, this.preferences, this.now)
    this.group.candidates.forEach((candidate, i) => {
      const copy = ask.group.candidates[i]
      if (copy !== undefined && this.hasTried(candidate)) ask.tries(copy)
    })
    return ask
  }

  /** The question for a part of a batch alone; whoever is `out` is not asked again. */
  narrowed(symbols: readonly string[], isOut: (candidate: Candidate, next: Ask) => boolean): Ask {
    const key = `${this.capability}:${[...symbols].sort().join()}`
    const part = new Ask(this.group, { ...(this.params as object), symbols }, key, this, this.preferences, this.now)
    for (const candidate of this.group.candidates) if (isOut(candidate, part)) part.tries(candidate)
    return part
  }

  costOf(candidate: Candidate): number {
    const { cost } = candidate.endpoint
    try {
      return typeof cost === 'function' ? cost(this.paramsFor(candidate) as never) : (cost ?? 1)
    } catch {
      return 1 // an author's slip must not fail the request
    }
  }
}

const inDollars = (symbol: string): boolean => symbol.endsWith('/USD')

function inQuote(params: { symbol?: string; symbols?: readonly string[] }, quote: string): unknown {
  const rewrite = (symbol: string): string => (inDollars(symbol) ? `${pairOf(symbol).base}/${quote}` : symbol)
  return { ...params, ...(params.symbol && { symbol: rewrite(params.symbol) }), ...(params.symbols && { symbols: [...new Set(params.symbols.map(rewrite))] }) }
}
