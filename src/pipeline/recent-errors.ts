import type { Capability } from '../model/capabilities.js'
import type { FailureReason } from '../model/result.js'

/** A failure and what the router did about it. */
export interface RecentError {
  /** Unix ms. */
  readonly at: number
  readonly provider: string
  readonly capability: Capability
  readonly reason: FailureReason
  readonly status?: number
  readonly message: string
  /** What was really done: `cooldown 120 s, failover → kraken`. */
  action: string
}

const KEPT = 100

/** The last failures of a router. */
export class RecentErrors {
  readonly #errors: RecentError[] = []
  #next = 0

  add(error: RecentError): void {
    this.#errors[this.#next] = error
    this.#next = (this.#next + 1) % KEPT
  }

  /** Newest first. */
  list(): RecentError[] {
    return [...this.#errors.slice(0, this.#next).reverse(), ...this.#errors.slice(this.#next).reverse()].map((error) => ({ ...error }))
  }
}
