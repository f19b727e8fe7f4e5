import type { Capability } from './capabilities.js'
import type { Attempt, FailureReason } from './result.js'

/** What listeners of a router get. No payload holds a key or a URL. Times in Unix ms. */
export interface RouterEvents {
  /** A request ended; `source` where it was answered, `error` (a class name) where not. */
  'request-settled': { capability: Capability; at: number; latencyMs: number; provider?: string; source?: string; error?: string; attempts: number }
  'attempt-succeeded': { capability: Capability; at: number } & Attempt
  /** `action`: what the router does next. */
  'attempt-failed': { capability: Capability; at: number; message: string; action: string } & Attempt
  'attempt-skipped': { capability: Capability; at: number; provider: string; reason: string }
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
  'cache-hit': { capability: Capability; provider: string; at: number; ageMs: number }
  'cache-missed': { capability: Capability; at: number }
  'cache-served-stale': { capability: Capability; provider: string; at: number; ageMs: number; reason?: FailureReason }
  'pool-rotated': { pool: string; from?: string; to: string; reason: string; at: number }
  'provider-isolated': { provider: string; at: number }
  'provider-restored': { provider: string; at: number }
  'provider-retired': { provider: string; at: number; why: string; replacement?: string }
  /** The store is not reached any more: the router works alone. `why`: `timeout`, or the code or class of an error. */
  'store-unavailable': { at: number; why: string }
  'store-restored': { at: number }
  /** A strategy threw or gave NaN for a provider: it was put last. */
  'strategy-failed': { provider: string; capability: Capability; at: number }
}
