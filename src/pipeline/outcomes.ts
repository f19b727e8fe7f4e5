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
  /** Examples, for the documentation. */
  readonly means: string
}

/** The one table that decides what follows a failure; `docs/errors.md` is made from it. */
export const OUTCOMES = {
  'not-found': { again: 'no', next: true, breaker: 'none', rest: 'none', remember: true, means: 'a pair or asset that this provider does not have' },
  'bad-request': {
    again: 'no',
    next: true,
    breaker: 'none',
    rest: 'none',
    remember: false,
    means: "the provider's own 400 or 422 for what others may well answer",
  },
  unauthorized: {
    again: 'no',
    next: true,
    breaker: 'none',
    rest: 'unauthorized',
    remember: false,
    means: '401, 403 with a key error, a plan that lacks what was asked',
  },
  'quota-exhausted': { again: 'no', next: true, breaker: 'none', rest: 'quota', remember: false, means: "the month's credits are gone, 402" },
  'rate-limited': {
    again: 'short-wait',
    next: true,
    breaker: 'none',
    rest: 'ladder',
    remember: false,
    means: '429, 418, or a vendor code for it inside a 200',
  },
  'geo-blocked': { again: 'no', next: true, breaker: 'none', rest: 'region', remember: false, means: '451, or a 403 page that names a region' },
  network: { again: 'yes', next: true, breaker: 'failure', rest: 'none', remember: false, means: 'DNS, reset, refused, TLS' },
  timeout: { again: 'no', next: true, breaker: 'failure', rest: 'none', remember: false, means: 'no answer within its slice of the time' },
  unavailable: { again: 'yes', next: true, breaker: 'failure', rest: 'told', remember: false, means: "5xx, maintenance, a firewall's page" },
  'bad-response': {
    again: 'no',
    next: true,
    breaker: 'drift',
    rest: 'none',
    remember: false,
    means: 'not JSON, a missing price, a price ≤ 0, a candle with low > high',
  },
  'cold-start': { again: 'no', next: true, breaker: 'none', rest: 'told', remember: false, means: 'a model that is being loaded' },
  'circuit-open': { again: 'no', next: true, breaker: 'none', rest: 'none', remember: false, means: 'the breaker is open, or its trial is under way' },
  aborted: { again: 'no', next: false, breaker: 'none', rest: 'none', remember: false, means: "the caller's own signal" },
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
