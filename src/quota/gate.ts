import type { Window } from './window.js'

/** In windows below this a late timer, or a connection that is slow to open, is more than their margin. */
const SHORT_MS = 5_000
/** A limit above this leaves more slack than late timers take: it isn't worth remembering every call. */
const MOST_CALLS = 128
/** So long after it left, a call without an answer may still arrive: connections open slowly, and a busy process sends late. */
const UNDER_WAY_MS = 1_000

/** A call that was really made. */
export interface Departure {
  /** The latest moment at which it can have arrived. */
  at: number
  readonly cost: number
  readonly requests: number
}

/**
 * Keeps short windows by what really happened. The ledger plans moments; when calls then leave late, or open a connection
 * first, they and the next ones would meet at the server in one window. A call counts from its answer, or from a moment
 * after it left while there is none. No timer, no clock: `now` is given.
 */
export class Gate {
  readonly #windows: readonly Window[]
  readonly #longestMs: number
  // in the order of `at`
  #calls: Departure[] = []

  constructor(windows: readonly Window[]) {
    this.#windows = windows.filter(({ perMs, limit }) => perMs < SHORT_MS && limit <= MOST_CALLS)
    this.#longestMs = Math.max(0, ...this.#windows.map(({ perMs }) => perMs))
  }

  /** Earliest moment ≥ `now` when the calls that were made leave room for one of this cost. */
  opensAt(cost: number, now: number, requests = 1): number {
    let opens = now
    if (this.#calls.length === 0) return opens
    for (const { kind, limit, perMs } of this.#windows) {
      let room = limit - (kind === 'requests' ? requests : cost)
      for (let i = this.#calls.length - 1; i >= 0; i--) {
        const call = this.#calls[i]
        if (call === undefined || call.at <= now - perMs) break
        room -= kind === 'requests' ? call.requests : call.cost
        if (room >= 0) continue
        opens = Math.max(opens, call.at + perMs)
        break
      }
    }
    return opens
  }

  /** Notes a call that leaves now; nothing where no window is short. */
  depart(cost: number, now: number, requests = 1): Departure | undefined {
    if (this.#windows.length === 0) return undefined
    if ((this.#calls[0]?.at ?? now) <= now - this.#longestMs) this.#calls = this.#calls.filter(({ at }) => at > now - this.#longestMs)
    const call = { at: now + UNDER_WAY_MS, cost, requests }
    this.#insert(call)
    return call
  }

  /** It was answered: it had arrived by now. */
  arrived(call: Departure, now: number): void {
    if (now >= call.at) return
    const index = this.#calls.indexOf(call)
    if (index < 0) return
    this.#calls.splice(index, 1)
    call.at = now
    this.#insert(call)
  }

  #insert(call: Departure): void {
    let index = this.#calls.length
    while (index > 0 && (this.#calls[index - 1]?.at ?? -Infinity) > call.at) index--
    this.#calls.splice(index, 0, call)
  }
}
