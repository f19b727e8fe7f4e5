import type { FailureReason } from '../model/result.js'

export { LADDER_MS, MAX_RETRY_AFTER_MS, REGION_REST_MS } from '../model/rests.js'

/** What follows one kind of failure. */
export interface Consequence {
  /** Asked again at the same provider: at once, only if the wait it names is short, or not at all. */
  readonly again: 'yes' | 'short-wait' | 'no'
  /** Whether another provider is tried. */
  readonly next: boolean
  /** `drift` counts for this capability of the provider alone. */
  readonly breaker: 'failure' | 'drift' | 'none'
  /** How long the provider rests. */
  readonly rest: 'none' | 'told' | 'ladder' | 'unauthorized' | 'quota' | 'region'
  /** Remembered per provider, capability and asset, so that it isn't asked again for 6 h. */
  readonly remember: boolean
}

/** The one table that decides what follows a failure; `docs/errors.md` is made from it, with examples of each. */
export const OUTCOMES = {
  'not-found': { again: 'no', next: true, breaker: 'none', rest: 'none', remember: true },
  'bad-request': { again: 'no', next: true, breaker: 'none', rest: 'none', remember: false },
  unauthorized: { again: 'no', next: true, breaker: 'none', rest: 'unauthorized', remember: false },
  'quota-exhausted': { again: 'no', next: true, breaker: 'none', rest: 'quota', remember: false },
  'rate-limited': { again: 'short-wait', next: true, breaker: 'none', rest: 'ladder', remember: false },
  'geo-blocked': { again: 'no', next: true, breaker: 'none', rest: 'region', remember: false },
  network: { again: 'yes', next: true, breaker: 'failure', rest: 'none', remember: false },
  timeout: { again: 'no', next: true, breaker: 'failure', rest: 'none', remember: false },
  unavailable: { again: 'yes', next: true, breaker: 'failure', rest: 'told', remember: false },
  'bad-response': { again: 'no', next: true, breaker: 'drift', rest: 'none', remember: false },
  'cold-start': { again: 'no', next: true, breaker: 'none', rest: 'told', remember: false },
  'circuit-open': { again: 'no', next: true, breaker: 'none', rest: 'none', remember: false },
  aborted: { again: 'no', next: false, breaker: 'none', rest: 'none', remember: false },
} as const satisfies Record<FailureReason, Consequence>

/** A refused key is tried again after this. */
export const UNAUTHORIZED_REST_MS = 3_600_000
/** Rest where a quota doesn't say when it starts anew. */
export const QUOTA_REST_MS = 3_600_000
/** An asset that a provider does not know is not asked for there so long. */
export const NOT_FOUND_MS = 6 * 3_600_000
/** The ladder starts anew after so long without a 429. */
export const LADDER_QUIET_MS = 30 * 60_000
/** The longest wait after which the same provider is asked again. */
export const SHORT_WAIT_MS = 2_000
