import { ConfigError } from '../errors.js'
import type { Limit, QuotaReading } from '../provider/provider.js'
import { type Departure, Gate } from './gate.js'
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

/** What an earlier process used, for `snapshot()`: moments in Unix ms, and what each took. */
export interface LedgerState {
  readonly windows: readonly { readonly kind: string; readonly perMs: number; readonly calls: readonly (readonly [at: number, cost: number])[] }[]
  /** The server said that nothing is left until then. */
  readonly closedUntil?: number
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
  readonly #gate: Gate
  #lastAt = -Infinity
  #closedUntil = -Infinity
  #seen = -Infinity
  #setBackMs = 0

  /** @param together most requests that one question takes */
  constructor(id: string, limits: readonly Limit[], minSpacingMs = 0, together = 1) {
    for (const limit of limits) checkLimit(id, limit)
    this.#windows = limits.map((limit) => windowOf(limit, together))
    this.#gate = new Gate(this.#windows)
    this.#spacing = minSpacingMs > 0 ? spacingWindow(minSpacingMs) : undefined
  }

  /** Earliest moment ≥ `now` when a call of this cost fits into every window, behind the calls that are queued. Reading changes nothing. */
  nextAvailableAt(cost: number, now: number, requests = 1): number {
    const behind = this.#behind(now)
    return this.#earliest(cost, now + behind, requests) - behind
  }

  /** The same by the calls that were really made, for one whose planned moment has come: they may have left late. */
  opensAt(cost: number, now: number, requests = 1): number {
    const behind = this.#behind(now)
    return this.#gate.opensAt(cost, now + behind, requests) - behind
  }

  /** Notes a call that leaves now. What it gives is for `arrived`, with the answer; nothing where that does not matter. */
  depart(cost: number, now: number, requests = 1): Departure | undefined {
    return this.#gate.depart(cost, now + this.#behind(now), requests)
  }

  arrived(call: Departure, now: number): void {
    this.#gate.arrived(call, now + this.#behind(now))
  }

  #earliest(cost: number, now: number, requests: number): number {
    let at = Math.max(this.#gate.opensAt(cost, now, requests), this.#lastAt, this.#closedUntil)
    for (let round = 0; round < 3; round++) {
      const before = at
      if (this.#spacing) at = this.#spacing.earliest(1, at)
      for (const window of this.#windows) at = window.earliest(window.kind === 'requests' ? requests : cost, at)
      if (at === before || at === Infinity) break
    }
    return at
  }

  /** Takes the next moment and returns it; Infinity, and nothing taken, where it never comes or only after `latest`. Several requests of one question leave together. */
  reserve(cost: number, now: number, latest = Infinity, requests = 1): number {
    this.#setBackMs = this.#behind(now)
    this.#seen = Math.max(this.#seen, now + this.#setBackMs)
    const at = this.#earliest(cost, now + this.#setBackMs, requests)
    if (at === Infinity || at - this.#setBackMs > latest) return Infinity
    this.#lastAt = at
    if (this.#spacing) this.#spacing.take(1, at + (requests - 1) * this.#spacing.perMs) // on average so far apart
    for (const window of this.#windows) window.take(window.kind === 'requests' ? requests : cost, at)
    return at - this.#setBackMs
  }

  // How far the clock is behind own time, which never runs backwards: a clock set back would keep every window full until the old time comes again.
  #behind(now: number): number {
    return now + this.#setBackMs < this.#seen - CLOCK_JITTER_MS ? this.#seen - now : this.#setBackMs
  }

  /** Whether the window in the way is one of a day or more: then it is a quota, not a rate. */
  isQuota(cost: number, now: number, requests = 1): boolean {
    const own = now + this.#behind(now)
    return this.#windows.some((window) => window.perMs >= DAY_MS && window.earliest(window.kind === 'requests' ? requests : cost, own) > own)
  }

  /** The first limit that never has room for so much at once, as published; nothing where all have. */
  tooSmallFor(cost: number, requests: number): Pick<Window, 'kind' | 'limit' | 'perMs'> | undefined {
    return this.#windows.find(({ kind, limit }) => (kind === 'requests' ? requests : cost) > limit)
  }

  /** When the longest quota with a date starts anew, Unix ms; nothing where there is none. */
  quotaResetsAt(now: number): number | undefined {
    const dates = this.#windows.filter(({ calendar }) => calendar).map((window) => window.resetsAt(now))
    return dates.length === 0 ? undefined : Math.max(...dates)
  }

  /** Corrects the own count by what the server says: the larger of both is right. */
  learn(readings: readonly QuotaReading[], now: number): void {
    const behind = this.#behind(now)
    for (const { perMs, kind, used, remaining, limit, resetsAt } of readings) {
      const window = this.#windows.find((one) => one.perMs === perMs && one.kind === kind)
      if (remaining === 0 && resetsAt !== undefined) this.#closedUntil = Math.max(this.#closedUntil, resetsAt + behind)
      if (!window) continue
      const told = used ?? (remaining === undefined ? undefined : (limit ?? window.limit / SHARE) - remaining)
      const unseen = told === undefined ? 0 : Math.floor(told - window.used(now + behind))
      if (unseen > 0) window.take(Math.min(unseen, window.limit), now + behind)
    }
  }

  /** 0…1 of the tightest window; nothing where nothing is limited. */
  left(now: number): number | undefined {
    const own = now + this.#behind(now)
    let left: number | undefined
    for (const window of this.#windows) left = Math.min(left ?? 1, Math.max(0, 1 - window.used(own) / window.limit))
    return left
  }

  usage(now: number): WindowUsage[] {
    const behind = this.#behind(now)
    const rows = this.#windows.map((window): WindowUsage => row(window, window.kind, now, behind))
    return this.#spacing ? [...rows, row(this.#spacing, 'spacing', now, behind)] : rows
  }

  snapshot(now: number): LedgerState {
    const behind = this.#behind(now)
    const stateOf = (window: Window, kind: WindowUsage['kind']): LedgerState['windows'][number] => ({
      kind,
      perMs: window.perMs,
      calls: window.calls(now + behind).map(([at, cost]) => [at - behind, cost]),
    })
    const windows = [...this.#windows.map((window) => stateOf(window, window.kind)), ...(this.#spacing ? [stateOf(this.#spacing, 'spacing')] : [])]
    const closed = this.#closedUntil - behind > now ? { closedUntil: this.#closedUntil - behind } : {}
    return { windows: windows.filter(({ calls }) => calls.length > 0), ...closed }
  }

  restore({ windows, closedUntil = -Infinity }: LedgerState): void {
    this.#closedUntil = Math.max(this.#closedUntil, closedUntil)
    for (const { kind, perMs, calls } of windows) {
      const window = kind === 'spacing' ? this.#spacing : this.#windows.find((one) => one.kind === kind && one.perMs === perMs)
      for (const [at, cost] of calls) window?.take(Math.min(cost, window.limit), at)
    }
  }
}

const row = (window: Window, kind: WindowUsage['kind'], now: number, behind: number): WindowUsage => {
  const used = window.used(now + behind)
  const resetsAt = window.resetsAt(now + behind) - behind
  return { kind, perMs: window.perMs, limit: window.limit, used, remaining: Math.max(0, window.limit - used), resetsAt }
}

const LIMIT_KEYS = new Set(['requests', 'cost', 'perMs', 'scope', 'resets'])
const RESETS: ReadonlySet<string | undefined> = new Set(['rolling', 'utc-day', 'utc-month', undefined])

function checkLimit(id: string, limit: Limit): void {
  const { requests, cost, perMs, resets } = limit
  const unknown = Object.keys(limit).filter((key) => !LIMIT_KEYS.has(key))
  if (unknown.length > 0) throw new ConfigError(`${id}: a limit has no ${unknown.join(', ')}; it has ${[...LIMIT_KEYS].join(', ')}`)
  if (!RESETS.has(resets)) throw new ConfigError(`${id}: resets of a limit must be 'rolling', 'utc-day' or 'utc-month', got ${JSON.stringify(resets)}`)
  const amount = requests ?? cost
  if ((requests === undefined) === (cost === undefined))
    throw new ConfigError(`${id}: a limit has either requests or cost, got ${JSON.stringify({ requests, cost, perMs })}`)
  if (!(amount !== undefined && amount > 0)) throw new ConfigError(`${id}: a limit must be > 0, got ${amount}`)
  if (!(perMs > 0)) throw new ConfigError(`${id}: perMs of a limit must be > 0 ms, got ${perMs}`)
}
