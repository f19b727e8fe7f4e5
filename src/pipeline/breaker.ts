import CircuitBreaker from 'opossum'
import { RecentCounts } from './recent-counts.js'

/** Knobs of a breaker, all with a value. */
export interface ResolvedBreaker {
  /** Failures in a row that open it. */
  readonly failures: number
  /** Share of failures that opens it … */
  readonly rate: number
  /** … among at least so many outcomes … */
  readonly minimum: number
  /** … in so many ms. */
  readonly windowMs: number
  /** Stays open so long the first time, then doubles … */
  readonly cooldownMs: number
  /** … up to this. */
  readonly maxCooldownMs: number
}

/** Numbers of the outcome table: 5 in a row, or half of at least 10 in a minute; open for 60 s, then up to 5 min. */
export const BREAKER_DEFAULTS: ResolvedBreaker = { failures: 5, rate: 0.5, minimum: 10, windowMs: 60_000, cooldownMs: 60_000, maxCooldownMs: 300_000 }

/** Closed lets everything through, open nothing, half-open one trial. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** Plain state of a breaker, for snapshots. */
export interface BreakerSnapshot {
  readonly state: BreakerState
  /** Unix ms. */
  readonly openUntil: number
  /** Times it opened without closing in between. */
  readonly openings: number
  readonly consecutiveFailures: number
}

/** A trial that never comes back gives its place to another one after this. */
const TRIAL_MAX_AGE_MS = 30_000
const JITTER = 0.2

/**
 * A circuit breaker that is opossum's, driven by our clock: opossum counts, opens and closes, but starts no timer. The
 * outcome of an attempt is settled before opossum sees it: `settled()` fires opossum with an action that ends likewise. So
 * outcomes that say nothing of the provider's health (a 429, an abort) never reach it, and a call that is not let through
 * costs no error and dilutes no window. While nothing failed there is nothing to decide: opossum's circuit is made with the
 * first failure in the window, over the outcomes that were counted until then, and ends when the last one is out of it.
 */
export class Breaker {
  readonly #options: ResolvedBreaker
  readonly #random: () => number
  readonly #onChange: (state: BreakerState, now: number) => void
  #circuit: CircuitBreaker<[boolean], void> | undefined
  readonly #window: RecentCounts
  #now = 0
  #state: BreakerState = 'closed'
  #consecutive = 0
  #openings = 0
  #trialAt = -Infinity
  #failedAt = -Infinity
  /** When it lets a trial through, Unix ms; only of meaning while open. */
  openUntil = -Infinity

  constructor(options: ResolvedBreaker, random: () => number, onChange: (state: BreakerState, now: number) => void) {
    this.#options = options
    this.#random = random
    this.#onChange = onChange
    this.#window = new RecentCounts(options.windowMs)
  }

  /** What it is at `now`; an open one whose time is over counts as half-open. Reading changes nothing. */
  state(now: number): BreakerState {
    return this.#state === 'open' && now >= this.openUntil ? 'half-open' : this.#state
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** Whether a call may pass at `now`. Reading changes nothing. */
  permits(now: number): boolean {
    if (this.#state === 'closed') return true
    if (this.#state === 'open' && now < this.openUntil) return false
    return now - this.#trialAt >= TRIAL_MAX_AGE_MS
  }

  /** When a call may pass next, for those that wait. */
  permitsAt(now: number): number {
    if (this.permits(now)) return now
    return this.#state === 'open' && now < this.openUntil ? this.openUntil : this.#trialAt + TRIAL_MAX_AGE_MS
  }

  /** To be called before an attempt that `permits` let through; true where it is the trial. */
  enter(now: number): boolean {
    if (this.#state === 'closed') return false
    if (this.#state === 'open') this.#become('half-open', now)
    this.#trialAt = now
    return true
  }

  /** An attempt that counts for nothing ended: a trial's place is free again. */
  release(): void {
    this.#trialAt = -Infinity
  }

  /** An attempt that counts ended, well or not. */
  settled(ok: boolean, trial: boolean, now: number): void {
    this.#now = now
    if (trial) this.#trialAt = -Infinity
    else if (this.#state !== 'closed') return // began before it opened: says nothing of how it is now
    this.#consecutive = ok ? 0 : this.#consecutive + 1
    if (!ok) this.#failedAt = now
    if (ok && this.#state === 'closed' && this.#circuit === undefined) return this.#window.add('all', now)
    const circuit = (this.#circuit ??= this.#make(this.#state === 'half-open'))
    void circuit.fire(ok).catch(ignored)
    if (ok ? this.#state === 'half-open' : this.#state === 'half-open' || this.#consecutive >= this.#options.failures) {
      if (ok) circuit.close()
      else circuit.open()
    } else if (ok && now - this.#failedAt > this.#options.windowMs) this.#end()
  }

  snapshot(): BreakerSnapshot {
    return { state: this.#state, openUntil: Math.max(this.openUntil, 0), openings: this.#openings, consecutiveFailures: this.#consecutive }
  }

  restore({ state, openUntil, openings, consecutiveFailures }: BreakerSnapshot): void {
    this.#state = state === 'closed' ? 'closed' : 'open'
    this.openUntil = openUntil
    this.#openings = openings
    this.#consecutive = consecutiveFailures
  }

  /** Closes it by hand and forgets what was counted. */
  reset(now: number): void {
    this.shutdown()
    this.#openings = 0
    this.#consecutive = 0
    this.#trialAt = -Infinity
    if (this.#state !== 'closed') this.#become('closed', now)
  }

  shutdown(): void {
    this.#end()
    this.#window.clear()
  }

  #end(): void {
    this.#circuit?.shutdown()
    this.#circuit = undefined
  }

  #make(halfOpen: boolean): CircuitBreaker<[boolean], void> {
    const { rate, minimum } = this.#options
    const options = {
      timeout: false as const,
      // opossum opens above this percentage, we from it on
      errorThresholdPercentage: rate * 100 - 1e-6,
      volumeThreshold: minimum,
      ...quiet,
    }
    const status = new ClockStatus({ ...options, rollingCountBuckets: 1 }, this.#window, () => this.#now)
    const state = { enabled: true, closed: !halfOpen, open: false, halfOpen, warmUp: false, shutdown: false }
    const circuit = new CircuitBreaker<[boolean], void>(outcome, { ...options, status, state } as CircuitBreaker.Options<[boolean]>)
    circuit.removeAllListeners('open') // opossum's own starts its timer
    circuit.on('open', () => this.#opened())
    circuit.on('close', () => {
      this.#openings = 0
      this.#consecutive = 0
      if (this.#state !== 'closed') this.#become('closed', this.#now)
    })
    return circuit
  }

  #opened(): void {
    const { cooldownMs, maxCooldownMs } = this.#options
    const grown = Math.min(cooldownMs * 2 ** this.#openings, maxCooldownMs)
    // exact the first time, spread afterwards: many processes must not come back together
    const ms = this.#openings === 0 ? grown : Math.min(grown * (1 + JITTER * (2 * this.#random() - 1)), maxCooldownMs)
    this.#openings++
    this.openUntil = this.#now + ms
    this.#become('open', this.#now)
  }

  #become(state: BreakerState, now: number): void {
    // Half-open is opossum's only after its timer, which we don't start: the next settled trial makes it anew.
    if (state !== 'open') this.shutdown()
    this.#state = state
    this.#onChange(state, now)
  }
}

const ignored = (): void => undefined
const failure = new Error('outcome')
const outcome = (ok: boolean): Promise<void> => (ok ? Promise.resolve() : Promise.reject(failure))

// opossum only calls these three of the emitter that turns its buckets; ClockStatus turns its own.
const neverRotates = { on: ignored, removeListener: ignored, listenerCount: () => 0 } as unknown as NonNullable<
  CircuitBreaker.Options['rotateBucketController']
>
const quiet = { rollingPercentilesEnabled: false, enableSnapshots: false, rotateBucketController: neverRotates }

// opossum's Status is not exported, but it gives one.
const Status = CircuitBreaker.newStatus(quiet).constructor as new (options: object) => CircuitBreaker.Status

/** opossum's rolling window, kept by ours: without its buckets, timers and list of latencies, which grows with every call. */
class ClockStatus extends Status {
  readonly #window: RecentCounts
  readonly #now: () => number

  constructor(options: object, window: RecentCounts, now: () => number) {
    super(options)
    this.#window = window
    this.#now = now
  }

  increment(property: string): void {
    if (property === 'fires') this.#window.add('all', this.#now())
    else if (property === 'failures') this.#window.add('part', this.#now())
  }

  override get stats(): CircuitBreaker.Stats {
    const { all: fires, part: failures } = this.#window.totals(this.#now())
    return { fires, failures, successes: fires - failures } as CircuitBreaker.Stats
  }
}
