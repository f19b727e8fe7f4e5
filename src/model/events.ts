import type { Capability } from './capabilities.js'
import type { Attempt, FailureReason } from './result.js'

/** What all events of one request have. */
interface OfRequest {
  readonly capability: Capability
  readonly at: number
  /**
   * Number of the request, counted by each router; some are left out. All that is tried for it has its number: the rounds of a batch, the sources that are
   * compared or gathered, finer candles, a refresh after a stale answer.
   */
  readonly request: number
}

/** How a request ended. */
interface Settled extends OfRequest {
  readonly latencyMs: number
  readonly attempts: number
  readonly provider?: string
  /** Where it was answered. */
  readonly source?: string
  /** Class of the error, where it was not. */
  readonly error?: string
  /** It waited for what was under way for this request: what was tried has that one's number. */
  readonly joined?: number
  /** An endpoint with a `call` of its own put it, for this request. */
  readonly parent?: number
}

/** What listeners of a router get. No payload holds a key or a URL. Times in Unix ms. */
export interface RouterEvents {
  'request-settled': Settled
  'attempt-succeeded': OfRequest & Attempt
  /** `action`: what the router does next. */
  'attempt-failed': OfRequest & Attempt & { message: string; action: string }
  'attempt-skipped': OfRequest & { provider: string; reason: string }
  /** `capability` where only that one rests, after drifted answers. */
  'breaker-changed': { provider: string; capability?: Capability; state: 'closed' | 'open' | 'half-open'; at: number; openUntil?: number }
  'cooldown-started': { provider: string; reason: FailureReason; at: number; until: number; hint?: string }
  'cooldown-ended': { provider: string; reason: FailureReason; at: number }
  /** The server's word on a quota. */
  'quota-updated': {
    provider: string
    at: number
    kind: 'requests' | 'cost'
    perMs: number
    used?: number
    remaining?: number
    limit?: number
    resetsAt?: number
  }
  /** Nine tenths of a window are used. */
  'quota-forecast': { provider: string; at: number; kind: 'requests' | 'cost' | 'spacing'; perMs: number; used: number; limit: number; resetsAt: number }
  'cache-hit': OfRequest & { provider: string; ageMs: number }
  'cache-missed': OfRequest
  'cache-served-stale': OfRequest & { provider: string; ageMs: number; reason?: FailureReason }
  /** `request` where one brought it about. */
  'pool-rotated': { pool: string; from?: string; to: string; reason: string; at: number; request?: number }
  'provider-isolated': { provider: string; at: number }
  'provider-restored': { provider: string; at: number }
  'provider-retired': { provider: string; at: number; why: string; replacement?: string }
  /** What `checkHealth()` or a probe in the background found; `healthy` is left out where nothing could be asked, `latencyMs` where nothing was sent. */
  'probe-settled': { provider: string; at: number; healthy?: boolean; latencyMs?: number; reason?: string }
  /** The store is not reached any more: the router works alone. `why`: `timeout`, or the code or class of an error. */
  'store-unavailable': { at: number; why: string }
  'store-restored': { at: number }
  /** A strategy threw or gave NaN for a provider: it was put last. */
  'strategy-failed': { provider: string; capability: Capability; at: number }
}
