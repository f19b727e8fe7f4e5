import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import type { Limit } from '../../src/provider/provider.js'
import { Ledger } from '../../src/quota/ledger.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 0, 31, 23, 58)

interface Call {
  readonly at: number
  readonly cost: number
}

/** Brute force: each limit that the calls exceed in some interval, looked at from every call; calendar limits by period. */
function exceeded(limits: readonly Limit[], minSpacingMs: number, calls: readonly Call[]): string[] {
  const broken: string[] = []
  for (const { requests, cost, perMs, resets = 'rolling' } of limits) {
    const amountOf = (inside: readonly Call[]): number => inside.reduce((sum, call) => sum + (requests === undefined ? call.cost : 1), 0)
    const periodOf = ({ at }: Call): string => new Date(at).toISOString().slice(0, resets === 'utc-day' ? 10 : 7)
    for (const first of calls) {
      const inside = calls.filter((call) => (resets === 'rolling' ? call.at >= first.at && call.at < first.at + perMs : periodOf(call) === periodOf(first)))
      if (amountOf(inside) > (requests ?? cost ?? 0)) broken.push(`${amountOf(inside)} in ${perMs} ms (${resets}), allowed ${requests ?? cost}`)
    }
  }
  const moments = calls.map(({ at }) => at).sort((a, b) => a - b)
  for (const [i, at] of moments.entries()) if (i > 0 && at - (moments[i - 1] ?? 0) < minSpacingMs) broken.push(`${at - (moments[i - 1] ?? 0)} ms apart`)
  return broken
}

const amount = fc.oneof(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 100, max: 400 }))
const limits = fc
  .record({
    second: fc.option(fc.integer({ min: 2, max: 12 })),
    minute: fc.option(amount),
    hour: fc.option(amount),
    day: fc.option(amount),
    month: fc.option(amount),
    weight: fc.option(fc.integer({ min: 20, max: 300 })),
    weightOfDay: fc.option(fc.integer({ min: 100, max: 900 })),
  })
  .map(({ second, minute, hour, day, month, weight, weightOfDay }): Limit[] => {
    const scope = 'ip'
    return [
      ...(second === null ? [] : [{ requests: second, perMs: SECOND, scope } as const]),
      ...(minute === null ? [] : [{ requests: minute, perMs: MINUTE, scope } as const]),
      ...(hour === null ? [] : [{ requests: hour, perMs: HOUR, scope } as const]),
      ...(day === null ? [] : [{ requests: day, perMs: DAY, scope, resets: 'utc-day' } as const]),
      ...(month === null ? [] : [{ requests: month, perMs: 30 * DAY, scope, resets: 'utc-month' } as const]),
      ...(weight === null ? [] : [{ cost: weight, perMs: MINUTE, scope } as const]),
      ...(weightOfDay === null ? [] : [{ cost: weightOfDay, perMs: DAY, scope } as const]),
    ]
  })
const spacing = fc.constantFrom(0, 0, 150, 10 * SECOND)

/** Callers that come one after the other: at once, soon, or after a long time. */
const callers = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 2 * MINUTE }), fc.integer({ min: 0, max: 9 * HOUR })),
    cost: fc.integer({ min: 1, max: 15 }),
  }),
  { minLength: 1, maxLength: 100 },
)

describe('a ledger', () => {
  it('lets no sequence of reservations, made now or queued, exceed any window or the spacing', () => {
    fc.assert(
      fc.property(limits, spacing, callers, (published, minSpacingMs, asked) => {
        const ledger = new Ledger('any', published, minSpacingMs)
        const calls: Call[] = []
        let now = START
        for (const { afterMs, cost } of asked) {
          now += afterMs
          const at = ledger.reserve(cost, now)
          expect(at).toBeGreaterThanOrEqual(calls.at(-1)?.at ?? now)
          calls.push({ at, cost })
        }
        expect(exceeded(published, minSpacingMs, calls)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  it('tells with nextAvailableAt the very moment at which a reservation succeeds at once, and is not changed by telling', () => {
    fc.assert(
      fc.property(limits, spacing, callers, (published, minSpacingMs, asked) => {
        const ledger = new Ledger('any', published, minSpacingMs)
        const unread = new Ledger('any', published, minSpacingMs)
        let now = START
        for (const { afterMs, cost } of asked) {
          now += afterMs
          const at = ledger.nextAvailableAt(cost, now)
          expect(at).toBeGreaterThanOrEqual(now)
          for (const later of [at, at + DAY, now]) ledger.nextAvailableAt(cost, later)
          expect(ledger.nextAvailableAt(cost, now)).toBe(at)
          now = at
          expect(ledger.reserve(cost, now)).toBe(at)
          expect(unread.reserve(cost, now)).toBe(at)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('lets nobody exceed a window over a restart from its snapshot, whenever it is taken', () => {
    fc.assert(
      fc.property(limits, spacing, callers, fc.nat(), fc.integer({ min: 0, max: 30 * SECOND }), (published, minSpacingMs, asked, cut, offMs) => {
        let ledger = new Ledger('any', published, minSpacingMs)
        const calls: Call[] = []
        let now = START
        for (const [i, { afterMs, cost }] of asked.entries()) {
          now += afterMs
          if (i === cut % asked.length) {
            const state = JSON.parse(JSON.stringify(ledger.snapshot(now)))
            ledger = new Ledger('any', published, minSpacingMs)
            ledger.restore(state)
            now += offMs
          }
          if (ledger.nextAvailableAt(cost, now) - now > 5 * SECOND) continue // as the router does: nobody queues for long
          calls.push({ at: ledger.reserve(cost, now), cost })
        }
        expect(exceeded(published, minSpacingMs, calls)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('takes nothing for a cost that never fits, or that fits only after the latest moment', () => {
    const ledger = new Ledger('any', [{ cost: 100, perMs: MINUTE, scope: 'ip' }])
    expect(ledger.reserve(91, START)).toBe(Infinity)
    expect(ledger.reserve(90, START)).toBe(START)
    expect(ledger.reserve(1, START, START + 10 * SECOND)).toBe(Infinity)
    const next = ledger.nextAvailableAt(1, START)
    expect(next).toBeLessThan(START + 65 * SECOND)
    expect(ledger.reserve(90, next)).toBe(next)
  })

  it('queues callers in the order in which they come', () => {
    const ledger = new Ledger('any', [{ cost: 10, perMs: SECOND, scope: 'ip' }], 100)
    const moments = [5, 4, 9, 1, 1, 8].map((cost) => ledger.reserve(cost, START))
    expect(moments).toEqual([...moments].sort((a, b) => a - b))
    expect(new Set(moments).size).toBe(6)
  })

  it.each([
    [{ requests: 1, cost: 1, perMs: SECOND, scope: 'ip' } as const, 'either requests or cost'],
    [{ perMs: SECOND, scope: 'ip' } as const, 'either requests or cost'],
    [{ requests: 0, perMs: SECOND, scope: 'ip' } as const, 'must be > 0, got 0'],
    [{ requests: 1, perMs: 0, scope: 'ip' } as const, 'perMs of a limit must be > 0 ms, got 0'],
  ])('refuses a limit that is none: %o', (limit, message) => {
    expect(() => new Ledger('shop', [limit])).toThrow(ConfigError)
    expect(() => new Ledger('shop', [limit])).toThrow(message)
  })
})

describe('calls that leave or arrive late', () => {
  const limit = { requests: 10, perMs: SECOND, scope: 'ip' } as const
  const late = fc.record({ afterMs: fc.integer({ min: 0, max: 150 }), timerMs: fc.integer({ min: 0, max: 300 }), wayMs: fc.integer({ min: 0, max: 240 }) })

  it('meet no others at the server in a window of a second', () => {
    fc.assert(
      fc.property(fc.array(late, { minLength: 30, maxLength: 120 }), (asked) => {
        const ledger = new Ledger('any', [limit])
        const arrivals: Call[] = []
        const waiting = { at: START, timer: START }
        let under: { answeredAt: number; call: ReturnType<Ledger['depart']> }[] = []
        for (const { afterMs, timerMs, wayMs } of asked) {
          waiting.at += afterMs
          const planned = ledger.reserve(1, waiting.at)
          let now = Math.max(planned + timerMs, waiting.timer)
          for (;;) {
            for (const { call, answeredAt } of under) if (call && answeredAt <= now) ledger.arrived(call, answeredAt)
            under = under.filter(({ answeredAt }) => answeredAt > now)
            const opens = ledger.opensAt(1, now)
            if (opens <= now) break
            now = opens
          }
          const call = ledger.depart(1, now)
          expect(call).toBeDefined()
          under.push({ call, answeredAt: now + 2 * wayMs })
          arrivals.push({ at: now + wayMs, cost: 1 })
          waiting.timer = now
        }
        expect(exceeded([limit], 0, arrivals)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('make the next ones wait longer, in what the ledger tells too', () => {
    const ledger = new Ledger('any', [limit])
    for (let i = 0; i < 9; i++) expect(ledger.reserve(1, START)).toBe(START)
    const calls = Array.from({ length: 9 }, () => ledger.depart(1, START + 500))
    expect(ledger.opensAt(1, START + SECOND)).toBeGreaterThanOrEqual(START + 1_500)
    for (const call of calls) if (call) ledger.arrived(call, START + 520)
    expect(ledger.nextAvailableAt(1, START + SECOND)).toBe(START + 1_520)
  })
})

describe('a clock that is set back', () => {
  const published: readonly Limit[] = [
    { requests: 10, perMs: MINUTE, scope: 'ip' },
    { requests: 40, perMs: HOUR, scope: 'ip' },
  ]

  it('closes no window for longer, and lets nobody exceed one in real time', () => {
    fc.assert(
      fc.property(callers, fc.nat(), fc.integer({ min: 2 * SECOND, max: 3 * HOUR }), (asked, cut, backMs) => {
        const ledger = new Ledger('any', published)
        const calls: Call[] = []
        let real = START
        let back = 0
        for (const [i, { afterMs }] of asked.entries()) {
          real += afterMs
          if (i === cut % asked.length) back = backMs
          const at = ledger.reserve(1, real - back) + back
          calls.push({ at, cost: 1 })
          real = Math.max(real, at)
        }
        expect(exceeded(published, 0, calls)).toEqual([])
      }),
    )
  })

  it('shows usage, what is left and the reset as they are, by the clock as it now is', () => {
    const ledger = new Ledger('any', published, 100)
    for (let i = 0; i < 9; i++) ledger.reserve(1, START + i * 100)
    const set = START - HOUR
    const next = ledger.reserve(1, set)
    expect(next).toBeLessThan(set + 62 * SECOND)
    const later = next + 2 * MINUTE
    ledger.reserve(1, later)
    expect(ledger.usage(later)[0]).toMatchObject({ used: 1, remaining: 8 })
    expect(ledger.usage(later)[0]?.resetsAt).toBeLessThan(later + 62 * SECOND)
    expect(ledger.left(later + 2 * MINUTE)).toBeCloseTo(1 - 11 / 36)
    const restored = new Ledger('any', published, 100)
    restored.restore(ledger.snapshot(later))
    expect(restored.nextAvailableAt(1, later + 2 * MINUTE)).toBe(later + 2 * MINUTE)
  })

  it('learns what the server says at the time that it now is', () => {
    const ledger = new Ledger('any', published)
    ledger.reserve(1, START)
    const set = START - HOUR
    ledger.reserve(1, set)
    ledger.learn([{ perMs: MINUTE, kind: 'requests', used: 10 }], set)
    expect(ledger.nextAvailableAt(1, set + SECOND)).toBeGreaterThan(set + MINUTE)
    expect(ledger.nextAvailableAt(1, set + 62 * SECOND)).toBe(set + 62 * SECOND)
  })
})

describe('what a server says', () => {
  const published: readonly Limit[] = [
    { requests: 100, perMs: MINUTE, scope: 'ip' },
    { cost: 1_200, perMs: MINUTE, scope: 'ip' },
    { requests: 1_000, perMs: 30 * DAY, scope: 'key', resets: 'utc-month' },
  ]
  const usedOf = (ledger: Ledger, now: number): number[] => ledger.usage(now).map(({ used }) => used)

  it('raises the own count to its own, never lowers it', () => {
    const ledger = new Ledger('any', published)
    for (let i = 0; i < 5; i++) ledger.reserve(10, START)
    ledger.learn([{ perMs: MINUTE, kind: 'cost', used: 400 }], START)
    ledger.learn([{ perMs: MINUTE, kind: 'requests', used: 2 }], START)
    ledger.learn([{ perMs: 30 * DAY, kind: 'requests', remaining: 300, limit: 1_000 }], START)
    expect(usedOf(ledger, START)).toEqual([5, 400, 700])
  })

  it('of what remains counts against the published limit when it names none', () => {
    const ledger = new Ledger('any', published)
    ledger.learn([{ perMs: MINUTE, kind: 'requests', remaining: 40 }], START)
    expect(usedOf(ledger, START)[0]).toBe(60)
  })

  it('closes it until the reset when nothing remains, also for a window that nobody published', () => {
    const ledger = new Ledger('any', [])
    ledger.learn([{ perMs: HOUR, kind: 'requests', remaining: 0, resetsAt: START + 30 * MINUTE }], START)
    expect(ledger.nextAvailableAt(1, START)).toBe(START + 30 * MINUTE)
    expect(ledger.reserve(1, START + 30 * MINUTE)).toBe(START + 30 * MINUTE)
  })

  it('of a whole limit used keeps everybody out for no longer than the window', () => {
    const ledger = new Ledger('any', published)
    ledger.learn([{ perMs: MINUTE, kind: 'requests', used: 5_000 }], START)
    const next = ledger.nextAvailableAt(1, START)
    expect(next).toBeGreaterThanOrEqual(START + MINUTE)
    expect(next).toBeLessThan(START + 62 * SECOND)
  })

  it('never lets the sum of what it saw and what is sent exceed a window', () => {
    fc.assert(
      fc.property(callers, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }), (asked, strangers) => {
        const limit = { requests: 50, perMs: MINUTE, scope: 'ip' } as const
        const ledger = new Ledger('any', [limit])
        const ours: Call[] = []
        const server: Call[] = []
        let now = START
        for (const [i, { afterMs }] of asked.entries()) {
          now = Math.max(now + afterMs, ledger.nextAvailableAt(1, now + afterMs))
          ours.push({ at: ledger.reserve(1, now), cost: 1 })
          server.push({ at: now, cost: 1 })
          const foreign = strangers[i % strangers.length] ?? 1
          const used = server.filter(({ at }) => at > now - MINUTE).length
          if (i % 7 === 3 && used + foreign <= 50) for (let n = 0; n < foreign; n++) server.push({ at: now, cost: 1 })
          ledger.learn([{ perMs: MINUTE, kind: 'requests', used: server.filter(({ at }) => at > now - MINUTE).length }], now)
        }
        expect(exceeded([limit], 0, server)).toEqual([])
        expect(ours).toHaveLength(asked.length)
      }),
    )
  })
})
