import { ConfigError } from '../errors.js'
import type { Limit, QuotaReading } from '../provider/provider.js'
import { SHARE, spacingWindow, type Window, windowOf } from './window.js'

/** How one window stands, for `status()`. */
export interface WindowUsage {
  readonly kind: 'requests' | 'cost' | 'spacing'
  readonly perMs: number
  /** What feedmux allows itself. */
  readonly limit: number
  readonly used: number
  readonly remaining: number
  /** Unix ms. */
  readonly resetsAt: number
}

/** Used up windows of an earlier process, for `snapshot()`. */
export interface LedgerState {
  readonly windows: readonly { readonly kind: string; readonly perMs: number; readonly used: number; readonly resetsAt: number }[]
}

const DAY_MS = 86_400_000
const CLOCK_JITTER_MS = 1_000

/**
 * Keeps all limits of a provider at once: second, minute, hour, day, month, requests and cost, and the spacing.
 * A call is reserved before it is sent and stays counted when it fails. No timer, no clock: `now` is given.
 */
export class Ledger {
  readonly #windows: readonly Window[]
  readonly #spacing: Window | undefined
  #lastAt = -Infinity
  #closedUntil = -Infinity
  #seen = -Infinity
  #setBackMs = 0

  constructor(id: string, limits: readonly Limit[], minSpacingMs = 0) {
    for (const limit of limits) checkLimit(id, limit)
    this.#windows = limits.map(windowOf)
    this.#spacing = minSpacingMs > 0 ? spacingWindow(minSpacingMs) : undefined
  }

  /** Earliest moment ≥ `now` when a call of this cost fits into every window, behind the calls that are queued. */
  nextAvailableAt(cost: number, now: number): number {
    return this.#earliest(cost, this.#time(now)) - this.#setBackMs
  }

  #earliest(cost: number, now: number): number {
    let at = Math.max(now, this.#lastAt, this.#closedUntil)
    for (let round = 0; round < 3; round++) {
      const before = at
      if (this.#spacing) at = this.#spacing.earliest(1, at)
      for (const window of this.#windows) at = window.earliest(window.kind === 'requests' ? 1 : cost, at)
      if (at === before || at === Infinity) break
    }
    return at
  }

  /** Takes the next moment and returns it. */
  reserve(cost: number, now: number): number {
    const at = this.#earliest(cost, this.#time(now))
    this.#lastAt = at
    this.#spacing?.take(1, at)
    for (const window of this.#windows) window.take(window.kind === 'requests' ? 1 : cost, at)
    return at - this.#setBackMs
  }

  // Own time never runs backwards: a clock set back would keep every window full until the old time comes again.
  #time(now: number): number {
    if (now + this.#setBackMs < this.#seen - CLOCK_JITTER_MS) this.#setBackMs = this.#seen - now
    this.#seen = Math.max(this.#seen, now + this.#setBackMs)
    return now + this.#setBackMs
  }

  /** Whether the window in the way is one of a day or more: then it is a quota, not a rate. */
  isQuota(cost: number, now: number): boolean {
    return this.#windows.some(
      (window) => window.perMs >= DAY_MS && window.earliest(window.kind === 'requests' ? 1 : cost, now + this.#setBackMs) > now + this.#setBackMs,
    )
  }

  /** When the longest quota with a date starts anew, Unix ms; nothing where there is none. */
  quotaResetsAt(now: number): number | undefined {
    const dates = this.#windows.filter(({ calendar }) => calendar).map((window) => window.resetsAt(now))
    return dates.length === 0 ? undefined : Math.max(...dates)
  }

  /** Corrects the own count by what the server says: the larger of both is right. */
  learn(readings: readonly QuotaReading[], now: number): void {
    for (const { perMs, kind, used, remaining, limit, resetsAt } of readings) {
      const window = this.#windows.find((one) => one.perMs === perMs && one.kind === kind)
      if (remaining === 0 && resetsAt !== undefined) this.#closedUntil = Math.max(this.#closedUntil, resetsAt)
      if (!window) continue
      const told = used ?? (remaining === undefined ? undefined : (limit ?? window.limit / SHARE) - remaining)
      const unseen = told === undefined ? 0 : Math.floor(told - window.used(now))
      if (unseen > 0) window.take(Math.min(unseen, window.limit), now)
    }
  }

  /** 0…1 of the tightest window; nothing where nothing is limited. */
  left(now: number): number | undefined {
    let left: number | undefined
    for (const window of this.#windows) left = Math.min(left ?? 1, Math.max(0, 1 - window.used(now) / window.limit))
    return left
  }

  usage(now: number): WindowUsage[] {
    const rows = this.#windows.map((window): WindowUsage => row(window, window.kind, now))
    return this.#spacing ? [...rows, row(this.#spacing, 'spacing', now)] : rows
  }

  snapshot(now: number): LedgerState {
    return { windows: this.usage(now).filter(({ used }) => used > 0) }
  }

  restore({ windows }: LedgerState): void {
    for (const { kind, perMs, used, resetsAt } of windows) {
      const isSpacing = kind === 'spacing'
      const window = isSpacing ? this.#spacing : this.#windows.find((one) => one.kind === kind && one.perMs === perMs)
      window?.take(Math.min(used, window.limit), window.calendar ? resetsAt - 1 : resetsAt - perMs)
    }
  }
}

const row = (window: Window, kind: WindowUsage['kind'], now: number): WindowUsage => {
  const used = window.used(now)
  return { kind, perMs: window.perMs, limit: window.limit, used, remaining: Math.max(0, window.limit - used), resetsAt: window.resetsAt(now) }
}

function checkLimit(id: string, { requests, cost, perMs }: Limit): void {
  const amount = requests ?? cost
  if ((requests === undefined) === (cost === undefined))
    throw new ConfigError(`${id}: a limit has either requests or cost, got ${JSON.stringify({ requests, cost, perMs })}`)
  if (!(amount !== undefined && amount > 0)) throw new ConfigError(`${id}: a limit must be > 0, got ${amount}`)
  if (!(perMs > 0)) throw new ConfigError(`${id}: perMs of a limit must be > 0 ms, got ${perMs}`)
}
