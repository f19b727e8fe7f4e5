import type { Attempt } from '../model/result.js'
import { NoProviderError, type ProviderError } from '../errors.js'
import type { Ask } from './ask.js'
import { ENOUGH_SAMPLES, type Percentiles } from './health.js'
import { RecentCounts } from './recent-counts.js'
import type { RecentError } from './recent-errors.js'
import type { Signal } from './stop.js'

/** Share of what is left that one attempt may take, while another could follow. */
export const SLICE = 0.65
/** Adaptive patience: this many times the 99th percentile … */
const PATIENCE = 2
/** … but never less than this. */
const LEAST_MS = 400
/** An attempt's time where nobody says another: only where that holds may an endpoint ask for more. */
const USUAL_MS = 5_000
/** Durations are rounded up to this, so that the runtime keeps few lists of timers. */
const GRID_MS = 50

/** How a part of a request differs from it. */
export interface PartOptions {
  /** Most that it may take, in ms. @default what is left */
  readonly mostMs?: number
  readonly retries?: number
  /** Whether waiting for somebody's limit is worth it. @default true */
  readonly mayWait?: boolean
  readonly signal?: Signal
}

/** What one request may spend, and what it spent: milliseconds, attempts, quota. Travels through every stage. */
export class Budget {
  /** The whole question, or what is left of a batch. */
  ask: Ask
  readonly startedAt: number
  /** Unix ms. */
  readonly deadline: number
  readonly timeoutMs: number
  readonly maxAttempts: number
  attemptsLeft: number
  readonly retries: number
  readonly attempts: Attempt[] = []
  /** The last failure of each provider. */
  readonly failures = new Map<string, ProviderError>()
  /** Ends the shared work: nobody waits for it any more. */
  readonly signal: Signal | undefined
  /** A stale value is at hand: better than waiting. */
  readonly hasStale: boolean
  /** Whether waiting for somebody who recovers is worth it. */
  mayWait: boolean
  /** The failure whose consequence is not known yet. */
  lastError: RecentError | undefined

  constructor(
    ask: Ask,
    limits: { totalTimeoutMs: number; timeoutMs: number; maxAttempts: number; retries: number },
    signal: Signal | undefined,
    hasStale: boolean,
  ) {
    this.ask = ask
    this.startedAt = ask.now
    this.deadline = ask.now + limits.totalTimeoutMs
    this.timeoutMs = limits.timeoutMs
    this.maxAttempts = limits.maxAttempts
    this.attemptsLeft = limits.maxAttempts
    this.retries = limits.retries
    this.signal = signal
    this.hasStale = hasStale
    this.mayWait = !hasStale
  }

  /** Work with a budget of its own inside this one: for one provider, say. What it tries belongs to this trace. */
  async inPart<T>(ask: Ask, work: (part: Budget) => Promise<T>, options: PartOptions = {}): Promise<T> {
    const { mostMs = Infinity, retries = this.retries, mayWait = true, signal = this.signal } = options
    const totalTimeoutMs = Math.min(mostMs, this.leftMs(this.ask.now))
    if (totalTimeoutMs <= 0) throw new NoProviderError(`${ask.key.replace(':', ' ')}: no time is left`, [])
    ask.now = this.ask.now
    const part = new Budget(ask, { totalTimeoutMs, timeoutMs: this.timeoutMs, maxAttempts: 1 + retries, retries }, signal, this.hasStale)
    part.mayWait = mayWait && this.mayWait
    try {
      return await work(part)
    } finally {
      this.ask.now = Math.max(this.ask.now, part.ask.now)
      this.attempts.push(...part.attempts)
      for (const [id, failure] of part.failures) this.failures.set(id, failure)
    }
  }

  leftMs(now: number): number {
    return this.deadline - now
  }

  /** When a call must have left at the latest to be answered in time: one sent just before the deadline would look like a provider's time-out. */
  latestStart(latencyMs = 0): number {
    return this.deadline - Math.min(LEAST_MS, Math.max(1, PATIENCE * latencyMs))
  }

  /** How long the next attempt may take: its own limit, and two thirds of what is left unless nobody could follow. */
  sliceMs(now: number, latencies: Percentiles, othersLeft: () => boolean, longMs = 0): number {
    const left = this.leftMs(now)
    const most = this.timeoutMs < USUAL_MS ? this.timeoutMs : Math.max(this.timeoutMs, longMs) // who is impatient stays so
    if (most === Infinity && left === Infinity) return Infinity // asked for without any timer
    const patience = latencies.count >= ENOUGH_SAMPLES ? Math.max(LEAST_MS, longMs, PATIENCE * (latencies.at(0.99) ?? Infinity)) : Infinity
    const own = Math.min(most, patience)
    if (own <= left * SLICE) return own === most ? own : Math.ceil(own / GRID_MS) * GRID_MS
    const share = this.attemptsLeft > 0 && othersLeft() ? left * SLICE : left
    return Math.max(1, Math.min(own, share))
  }
}

const EXTRA_WINDOW_MS = 10_000

/** Retries and hedges over all providers: at most a fifth of the requests plus three in any ten seconds. */
export class ExtraBudget {
  readonly #share: number
  readonly #free: number
  // requests, and what came on top of them
  readonly #counts = new RecentCounts(EXTRA_WINDOW_MS)

  constructor(share: number, free: number) {
    this.#share = share
    this.#free = free
  }

  requested(now: number): void {
    this.#counts.add('all', now)
  }

  /** Takes one, if there is one. */
  take(now: number): boolean {
    const { all, part } = this.#counts.totals(now)
    if (part + 1 > all * this.#share + this.#free) return false
    this.#counts.add('part', now)
    return true
  }
}
