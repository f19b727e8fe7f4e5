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
  readonly n: number
  readonly spread: number
  readonly members: readonly { provider: string; value: number; deviation: number; asOf?: number }[]
  readonly dissent: readonly string[]
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
  readonly agreement?: Agreement
}

/** One of the assets that share a symbol. */
export interface AssetCandidate {
  readonly name: string
  /** Its id at the provider that is named here. */
  readonly ids: Readonly<Record<string, string>>
}
