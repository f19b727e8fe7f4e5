/** Where the library gets its time from: injectable for tests and simulation. */
export interface Clock {
  /** Unix ms. */
  now(): number
  /** Ms that never jump, for durations. @default now() */
  monotonic?(): number
  /** Calls once after `ms`; gives the function that cancels it. @default the runtime's setTimeout */
  setTimeout?(callback: () => void, ms: number): Cancel
}

/** Cancels what was scheduled; a second call does nothing. */
export type Cancel = () => void

// more than fits makes the runtime call at once
const LONGEST_MS = 2 ** 31 - 1

/** The runtime's own clock, looked up at each call: it stays right under fake timers. */
const systemClock: Required<Clock> = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, ms) => {
    const timer = setTimeout(callback, Math.min(ms, LONGEST_MS))
    return () => clearTimeout(timer)
  },
}

/** A clock with nothing missing. */
export function resolveClock(clock: Clock | undefined): Required<Clock> {
  if (clock === undefined) return systemClock
  return {
    now: () => clock.now(),
    monotonic: () => (clock.monotonic ? clock.monotonic() : clock.now()),
    setTimeout: (callback, ms) => (clock.setTimeout ? clock.setTimeout(callback, ms) : systemClock.setTimeout(callback, ms)),
  }
}
