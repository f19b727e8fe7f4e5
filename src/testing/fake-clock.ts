import type { Clock } from '../model/clock.js'

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Required<Clock> {
  /** Lets `ms` pass: calls what falls due, in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>
  /** Timers that are waiting. */
  readonly pending: number
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** Time for tests and simulation: give it as `options.clock`. @param start Unix ms, by default 2026-01-01 */
export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start
  let order = 0
  const timers = new Set<Timer>()
  const next = (until: number): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) if (timer.at <= until && (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))) first = timer
    return first
  }
  return {
    now: () => now,
    monotonic: () => now - start,
    setTimeout: (callback, ms) => {
      const timer = { at: now + ms, order: order++, callback }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      const until = now + ms
      await settled()
      for (let timer = next(until); timer; timer = next(until)) {
        now = Math.max(now, timer.at)
        timers.delete(timer)
        timer.callback()
        await settled()
      }
      now = until
      await settled()
    },
    get pending() {
      return timers.size
    },
  }
}

// Promises that hang on promises: a few turns of the microtask queue, without any real timer.
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}
