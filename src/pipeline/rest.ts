import type { FailureReason } from '../model/result.js'
import { LADDER_MS, LADDER_QUIET_MS, MAX_RETRY_AFTER_MS, OUTCOMES, QUOTA_REST_MS, REGION_REST_MS, UNAUTHORIZED_REST_MS } from './outcomes.js'

/** Plain state of a rest, for snapshots. */
export interface RestState {
  readonly until: number
  readonly reason: FailureReason
  readonly hits: number
}

/** When a provider may be asked again. A newer, shorter rest never shortens a longer one. */
export class Rest {
  /** Unix ms; −Infinity while nothing is resting. */
  until = -Infinity
  reason: FailureReason = 'rate-limited'
  /** 429s in a row. */
  hits = 0
  /** Whether its end was told yet. */
  announced = true
  #lastHit = -Infinity
  readonly #ladder: readonly number[]

  constructor(ladder: readonly number[] = LADDER_MS) {
    this.#ladder = ladder
  }

  /** Starts what the outcome table asks for; true where it makes the rest longer. */
  after(reason: FailureReason, now: number, told?: { retryAfterMs?: number | undefined; status?: number | undefined }): boolean {
    const ms = this.#restMs(reason, now, told?.retryAfterMs, told?.status)
    return ms > 0 && this.extend(now + ms, reason)
  }

  extend(until: number, reason: FailureReason): boolean {
    if (until <= this.until) return false
    this.until = until
    this.reason = reason
    this.announced = false
    return true
  }

  /** A success ends the ladder. */
  succeeded(): void {
    this.hits = 0
  }

  end(): void {
    this.until = -Infinity
    this.hits = 0
  }

  snapshot(): RestState {
    return { until: this.until, reason: this.reason, hits: this.hits }
  }

  restore({ until, reason, hits }: RestState): void {
    this.extend(until, reason)
    this.hits = hits
    this.#lastHit = until
  }

  #restMs(reason: FailureReason, now: number, retryAfterMs: number | undefined, status: number | undefined): number {
    switch (OUTCOMES[reason].rest) {
      case 'ladder':
        return this.#ladderMs(now, retryAfterMs, status)
      case 'told':
        return Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)
      case 'unauthorized':
        return UNAUTHORIZED_REST_MS
      case 'quota':
        return retryAfterMs ?? QUOTA_REST_MS
      case 'region':
        return REGION_REST_MS
      case 'none':
      default:
        return 0
    }
  }

  #ladderMs(now: number, retryAfterMs: number | undefined, status: number | undefined): number {
    // Answers to calls that were under way when the rest began are the same hit.
    if (now >= this.until) this.hits = now - this.#lastHit > LADDER_QUIET_MS + this.#step() ? 1 : this.hits + 1
    this.#lastHit = now
    if (!retryAfterMs) return this.#step() // 0 is a clock that is off, or a lie
    return status === 418 ? retryAfterMs : Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)
  }

  #step(): number {
    return this.#ladder[Math.min(Math.max(this.hits, 1), this.#ladder.length) - 1] ?? 0
  }
}
