import type { Limit } from '../provider/provider.js'

/** One limit over time. Reading never changes anything; `take` may name a moment in the future (a queued call). */
export interface Window {
  readonly kind: 'requests' | 'cost'
  readonly perMs: number
  /** What is allowed of the published limit, in requests or cost units. */
  readonly limit: number
  /** Starts anew at a date instead of sliding. */
  readonly calendar?: true
  /** Earliest moment ≥ `at` when `cost` fits; Infinity when it never does. */
  earliest(cost: number, at: number): number
  take(cost: number, at: number): void
  used(now: number): number
  /** What still counts at `now`, as moment and cost; `take` puts it back. */
  calls(now: number): [at: number, cost: number][]
  /** When everything used so far is forgotten. */
  resetsAt(now: number): number
}

/** Share of a published limit that is used: clocks differ, and others may sit behind the same address. */
export const SHARE = 0.9

// A server counts arrivals, not departures: a window is kept this much longer, so that a slow first and a quick last call don't meet in one.
// For windows of seconds that is too little: `Gate` keeps those.
const marginOf = (perMs: number): number => Math.min(perMs * 0.05, 1_000)

// Up to this many calls each one's moment is kept, beyond that counts of 1/64 of the window.
const EXACT = 128
const BUCKETS = 64

/**
 * What is allowed of a published limit, and in which time. Below one call, the window is stretched instead; also where only the published limit has
 * room for all requests of one question, which are sent together.
 */
export function allowedOf({ requests, cost, perMs }: Limit, together = 1): Pick<Window, 'kind' | 'limit' | 'perMs'> {
  const kind = requests === undefined ? 'cost' : 'requests'
  const published = requests ?? cost ?? Infinity
  const share = published * SHARE
  const least = kind === 'requests' && together <= published ? together : 1
  return { kind, limit: Math.max(least, Math.floor(share + 1e-9)), perMs: share < least ? (perMs * least) / share : perMs }
}

/** The window that keeps a published limit. */
export function windowOf(published: Limit, together?: number): Window {
  const { perMs, resets = 'rolling' } = published
  const { kind, limit, perMs: stretched } = allowedOf(published, together)
  if (resets !== 'rolling') return calendarWindow(kind, perMs, limit, resets)
  const spanMs = stretched + marginOf(perMs)
  return kind === 'requests' && limit <= EXACT ? exactWindow(perMs, limit, spanMs) : new BucketWindow(kind, perMs, limit, spanMs)
}

/** At least `spacingMs` between two calls. */
export const spacingWindow = (spacingMs: number): Window => exactWindow(spacingMs, 1, spacingMs)

/** Strict sliding window over the moments of the last `limit` calls. */
function exactWindow(perMs: number, limit: number, spanMs: number): Window {
  const moments = new Float64Array(limit).fill(-Infinity)
  let next = 0
  const newest = (): number => moments[(next + limit - 1) % limit] ?? -Infinity
  return {
    kind: 'requests',
    perMs,
    limit,
    earliest: (cost, at) => (cost > limit ? Infinity : Math.max(at, (moments[(next + Math.max(0, cost - 1)) % limit] ?? -Infinity) + spanMs)),
    take(cost, at) {
      for (let i = 0; i < cost; i++) {
        moments[next] = at
        next = (next + 1) % limit
      }
    },
    used: (now) => moments.reduce((count, moment) => (moment > now - spanMs ? count + 1 : count), 0),
    calls: (now) =>
      [...moments]
        .filter((moment) => moment > now - spanMs)
        .toSorted((a, b) => a - b)
        .map((moment) => [moment, 1]),
    resetsAt: (now) => Math.max(now, newest() + spanMs),
  }
}

/** Sliding window in 64 steps. A step is forgotten when the last call that it can hold is out of the window. */
class BucketWindow implements Window {
  readonly kind: 'requests' | 'cost'
  readonly perMs: number
  readonly limit: number
  readonly #spanMs: number
  readonly #stepMs: number
  readonly #counts = new Float64Array(BUCKETS + 1)
  /** Number of the newest step. */
  #head = -Infinity
  #total = 0

  constructor(kind: 'requests' | 'cost', perMs: number, limit: number, spanMs: number) {
    this.kind = kind
    this.perMs = perMs
    this.limit = limit
    this.#spanMs = spanMs
    this.#stepMs = spanMs / BUCKETS
  }

  earliest(cost: number, at: number): number {
    if (this.#total + cost <= this.limit) return at
    if (cost > this.limit) return Infinity
    let used = this.#total
    for (let step = this.#head - BUCKETS; step <= this.#head; step++) {
      used -= this.#countOf(step)
      if (used + cost <= this.limit) return Math.max(at, this.#forgottenAt(step))
    }
    return at
  }

  take(cost: number, at: number): void {
    const step = Math.max(Math.floor(at / this.#stepMs), this.#head)
    this.#turnTo(step)
    this.#counts[slotOf(step)] = this.#countOf(step) + cost
    this.#total += cost
  }

  used(now: number): number {
    if (this.#head === -Infinity) return 0
    let used = this.#total
    for (let step = this.#head - BUCKETS; step <= this.#head && this.#forgottenAt(step) <= now; step++) used -= this.#countOf(step)
    return used
  }

  resetsAt(now: number): number {
    return this.#head === -Infinity ? now : Math.max(now, this.#forgottenAt(this.#head))
  }

  calls(now: number): [number, number][] {
    const calls: [number, number][] = []
    if (this.#head === -Infinity) return calls
    for (let step = this.#head - BUCKETS; step <= this.#head; step++) {
      const count = this.#countOf(step)
      if (count > 0 && this.#forgottenAt(step) > now) calls.push([(step + 0.5) * this.#stepMs, count])
    }
    return calls
  }

  #turnTo(step: number): void {
    if (step - this.#head > BUCKETS) {
      this.#counts.fill(0)
      this.#total = 0
    } else {
      for (let passed = this.#head + 1; passed <= step; passed++) {
        this.#total -= this.#countOf(passed)
        this.#counts[slotOf(passed)] = 0
      }
    }
    this.#head = step
  }

  #countOf(step: number): number {
    return this.#counts[slotOf(step)] ?? 0
  }

  #forgottenAt(step: number): number {
    return (step + 1) * this.#stepMs + this.#spanMs
  }
}

const slotOf = (step: number): number => ((step % (BUCKETS + 1)) + BUCKETS + 1) % (BUCKETS + 1)

/** A quota that starts anew at midnight or at the first of the month, UTC. */
function calendarWindow(kind: 'requests' | 'cost', perMs: number, limit: number, resets: 'utc-day' | 'utc-month'): Window {
  let period = -Infinity
  let used = 0
  let before = 0 // used in the period before, which is today's while calls queue for tomorrow
  const startOf = (at: number): number => {
    const date = new Date(at)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), resets === 'utc-day' ? date.getUTCDate() : 1)
  }
  const endOf = (at: number): number => {
    const date = new Date(at)
    return resets === 'utc-day' ? startOf(at) + 86_400_000 : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
  }
  const usedAt = (at: number): number => (at < period ? before : startOf(at) === period ? used : 0)
  return {
    kind,
    perMs,
    limit,
    calendar: true,
    earliest(cost, at) {
      const behind = Math.max(at, period)
      return cost > limit ? Infinity : usedAt(behind) + cost <= limit ? behind : endOf(behind)
    },
    take(cost, at) {
      const start = Math.max(startOf(at), period)
      if (start > period) before = usedAt(period)
      used = start === period ? used + cost : cost
      period = start
    },
    used: usedAt,
    calls: (now) => {
      const today = Math.min(startOf(now), period)
      const calls: [number, number][] = [[today, today < period ? before : used]]
      if (period > today) calls.push([period, used])
      return calls.filter(([at, cost]) => cost > 0 && endOf(at) > now)
    },
    resetsAt: (now) => endOf(now),
  }
}
