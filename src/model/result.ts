import type { Interval } from './interval.js'

/** Why an attempt did not answer. One closed set for the whole library: `docs/errors.md` says what follows each. */
export type FailureReason =
  | 'network'
  | 'timeout'
  | 'unavailable'
  | 'rate-limited'
  | 'quota-exhausted'
  | 'unauthorized'
  | 'geo-blocked'
  | 'not-found'
  | 'bad-request'
  | 'bad-response'
  | 'cold-start'
  | 'circuit-open'
  | 'aborted'

/** One try at one provider, or the note that it was passed over. */
export interface Attempt {
  readonly provider: string
  /** Name of the host that was asked. */
  readonly host?: string
  /** `cancelled`: a hedge that lost, or an attempt that the caller gave up. */
  readonly outcome: 'succeeded' | 'failed' | 'skipped' | 'cancelled'
  readonly reason?: FailureReason
  readonly status?: number
  readonly latencyMs: number
  /** Sent because the one before was late. */
  readonly hedged?: true
  readonly retryAfterMs?: number
}

/** Whom a provider wants to be named, and where to link. */
export interface Attribution {
  readonly text: string
  readonly url: string
  readonly required: boolean
}

/** How sources that were asked together agree. */
export interface Agreement {
  /** Sources that voted. */
  readonly n: number
  readonly median: number
  /** Largest less smallest value, as a share of the median. */
  readonly spread: number
  readonly members: readonly {
    readonly provider: string
    /** In the unit that all are compared in. */
    readonly value: number
    /** Distance from the median as a share of it; below 0 where the value is smaller. */
    readonly deviation: number
    readonly asOf?: number
    /** How a value in another kind of dollar was converted. */
    readonly via?: { readonly symbol: string; readonly price: number; readonly provider: string }
  }[]
  /** Those further from the median than the band; of two that differ, both. */
  readonly dissent: readonly string[]
  /** Those whose figure was too old to vote. */
  readonly late?: readonly string[]
}

/** One of those whose lists were put together. */
export interface Source {
  readonly provider: string
  readonly host?: string
  /** Unix ms. */
  readonly fetchedAt: number
  /** How many it gave, before what is the same was put together. */
  readonly items: number
  readonly attribution?: Attribution
}

/** An answer and where it came from. `data` is frozen: it may be shared with other callers. */
export interface RouterResult<T> {
  readonly data: T
  /** Id of who answered. */
  readonly provider: string
  readonly host?: string
  /** `network`: asked now. `shared`: somebody else's question under way answered it too. `cache`: still fresh. `stale`: older than fresh, because nobody answers or while it is refreshed. */
  readonly source: 'network' | 'cache' | 'shared' | 'stale'
  /** When the provider says it was true, Unix ms; left out if it does not say. */
  readonly asOf?: number
  /** When it was received, Unix ms. */
  readonly fetchedAt: number
  readonly ageMs: number
  /** Of the whole request. */
  readonly latencyMs: number
  readonly attempts: readonly Attempt[]
  /** Why a stale value was served. */
  readonly staleReason?: FailureReason
  /** A last-resort provider or a stale value answered. */
  readonly degraded?: true
  readonly attribution?: Attribution
  /** Of a batch: what nobody knew. */
  readonly missing?: readonly string[]
  /** Of a batch that several providers answered: who gave what. `provider` and `host` are those of the first. */
  readonly parts?: readonly { readonly provider: string; readonly host?: string; readonly fetchedAt: number; readonly symbols: readonly string[] }[]
  /** Of a list that several providers gave together (`gather`): who gave what. `provider` and `host` are those of the first. */
  readonly sources?: readonly Source[]
  readonly agreement?: Agreement
  /** Candles were put together out of those of this interval. */
  readonly rolledUpFrom?: Interval
}

/** An answer in memory. */
export type CachedResult<T> = RouterResult<T> & {
  /** Unix ms. */
  readonly freshUntil: number
}

/** One of the assets that share a symbol. */
export interface AssetCandidate {
  readonly name: string
  /** Its id at the provider that is named here. */
  readonly ids: Readonly<Record<string, string>>
}
