import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Limit } from '../../src/provider/provider.js'
import { SHARE, windowOf } from '../../src/quota/window.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 0, 30, 22, 59, 30)

interface Call {
  readonly at: number
  readonly cost: number
}

/** The most that falls into any interval of `perMs`, half open: the server's view, looked at from every call. */
function mostWithin(calls: readonly Call[], perMs: number): number {
  let most = 0
  for (const { at } of calls) {
    const inside = calls.filter((call) => call.at >= at && call.at < at + perMs)
    most = Math.max(
      most,
      inside.reduce((sum, { cost }) => sum + cost, 0),
    )
  }
  return most
}

const rolling = fc.record({
  perMs: fc.constantFrom(100, SECOND, 10 * SECOND, MINUTE, HOUR, DAY, 30 * DAY),
  amount: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(60, 143, 150, 600)),
  kind: fc.constantFrom('requests' as const, 'cost' as const),
})

/** Pauses between calls, as shares of the window: bursts, steady traffic and long silences. */
const traffic = fc.array(
  fc.record({
    pause: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.05, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true })),
    cost: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 120 },
)

const limitOf = ({ kind, amount, perMs }: { kind: 'requests' | 'cost'; amount: number; perMs: number }): Limit =>
  kind === 'requests' ? { requests: amount, perMs, scope: 'ip' } : { cost: amount, perMs, scope: 'ip' }

describe('a sliding window', () => {
  it('lets nobody exceed its limit in any interval, when each call is made at the earliest moment', () => {
    fc.assert(
      fc.property(rolling, traffic, (given, pauses) => {
        const window = windowOf(limitOf(given))
        const calls: Call[] = []
        let now = START
        for (const { pause, cost: wanted } of pauses) {
          now += pause * given.perMs
          const cost = given.kind === 'requests' ? 1 : Math.min(wanted, window.limit)
          const at = window.earliest(cost, now)
          expect(at).toBeGreaterThanOrEqual(now)
          expect(at).toBeLessThan(Infinity)
          expect(window.earliest(cost, at)).toBe(at)
          window.take(cost, at)
          calls.push({ at, cost })
          now = at
        }
        expect(mostWithin(calls, given.perMs)).toBeLessThanOrEqual(given.amount)
      }),
      { numRuns: 300 },
    )
  })

  it('says of a cost above the whole limit that it never fits', () => {
    fc.assert(
      fc.property(rolling, (given) => {
        const window = windowOf(limitOf({ ...given, kind: 'cost' }))
        expect(window.earliest(window.limit + 1, START)).toBe(Infinity)
        expect(window.earliest(window.limit, START)).toBe(START)
      }),
    )
  })

  it('is changed by no reading, and never counts less than what a server sees', () => {
    fc.assert(
      fc.property(rolling, traffic, fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 10 }), (given, pauses, looks) => {
        const [read, left] = [windowOf(limitOf(given)), windowOf(limitOf(given))]
        const calls: Call[] = []
        let now = START
        for (const { pause } of pauses) {
          now += pause * given.perMs
          for (const look of looks) {
            read.used(now + look * given.perMs)
            read.earliest(1, now + look * given.perMs)
            read.resetsAt(now + look * given.perMs)
          }
          expect(read.earliest(1, now)).toBe(left.earliest(1, now))
          now = read.earliest(1, now)
          read.take(1, now)
          left.take(1, now)
          calls.push({ at: now, cost: 1 })
          const seen = calls.filter(({ at }) => at > now - given.perMs).length
          expect(read.used(now)).toBeGreaterThanOrEqual(seen)
          expect(read.used(now)).toBeLessThanOrEqual(read.limit)
        }
        expect(read.used(read.resetsAt(now))).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    [10, SECOND],
    [60, MINUTE],
    [1_200, MINUTE],
    [300, 5 * MINUTE],
    [6_000, MINUTE],
  ])('of %i in %i ms lets at least 85 %% of them through under a steady load', (requests, perMs) => {
    const window = windowOf({ requests, perMs, scope: 'ip' })
    const until = START + 40 * perMs
    let calls = 0
    for (let now = START; ; calls++) {
      now = window.earliest(1, now)
      if (now >= until) break
      window.take(1, now)
    }
    expect(calls / 40).toBeGreaterThanOrEqual(0.85 * requests)
    expect(calls / 40).toBeLessThanOrEqual(requests)
  })

  it('of less than one call per share is stretched instead of closed', () => {
    const window = windowOf({ requests: 1, perMs: MINUTE, scope: 'ip' })
    window.take(1, START)
    expect(window.earliest(1, START)).toBeGreaterThanOrEqual(START + MINUTE / SHARE)
    expect(window.earliest(1, START)).toBeLessThan(START + 1.2 * MINUTE)
  })
})

describe('a calendar window', () => {
  const resets = fc.constantFrom('utc-day' as const, 'utc-month' as const)

  it('lets nobody exceed its limit between two midnights or two firsts of a month, UTC', () => {
    fc.assert(
      fc.property(
        resets,
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 0, max: 9 * HOUR }), { minLength: 1, maxLength: 150 }),
        (how, requests, pauses) => {
          const window = windowOf({ requests, perMs: how === 'utc-day' ? DAY : 30 * DAY, scope: 'key', resets: how })
          const counts = new Map<string, number>()
          let now = START
          for (const pause of pauses) {
            now = window.earliest(1, now + pause)
            expect(window.earliest(1, now)).toBe(now)
            window.take(1, now)
            const period = new Date(now).toISOString().slice(0, how === 'utc-day' ? 10 : 7)
            counts.set(period, (counts.get(period) ?? 0) + 1)
          }
          expect(Math.max(...counts.values())).toBeLessThanOrEqual(Math.max(1, Math.floor(requests * SHARE + 1e-9)))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('starts anew at midnight, to the millisecond', () => {
    const window = windowOf({ requests: 2, perMs: DAY, scope: 'key', resets: 'utc-day' })
    window.take(1, START)
    const midnight = Date.UTC(2026, 0, 31)
    expect(window.earliest(1, START)).toBe(midnight)
    expect(window.resetsAt(START)).toBe(midnight)
    expect(window.used(midnight - 1)).toBe(1)
    expect(window.used(midnight)).toBe(0)
  })

  it('of a month goes by the length of the month, leap years included', () => {
    const window = windowOf({ cost: 10, perMs: 30 * DAY, scope: 'key', resets: 'utc-month' })
    window.take(9, Date.UTC(2028, 1, 1))
    expect(window.earliest(1, Date.UTC(2028, 1, 29, 23, 59, 59, 999))).toBe(Date.UTC(2028, 2, 1))
    window.take(9, Date.UTC(2028, 11, 31))
    expect(window.earliest(1, Date.UTC(2028, 11, 31, 5))).toBe(Date.UTC(2029, 0, 1))
  })

  it('keeps what was used today while a call for tomorrow is in the queue', () => {
    const window = windowOf({ requests: 10, perMs: DAY, scope: 'key', resets: 'utc-day' })
    for (let i = 0; i < 9; i++) window.take(1, START)
    window.take(1, window.earliest(1, START))
    expect(window.used(START)).toBe(9)
  })
})
