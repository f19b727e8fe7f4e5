import fc from 'fast-check'
import { expect, it } from 'vitest'
import { closesAt, endOf, firstOpen, INTERVAL_MS, type Interval, opensAt } from '../../src/model/interval.js'

const NOON = Date.UTC(2026, 10, 1, 12)
const intervals = fc.constantFrom(...(Object.keys(INTERVAL_MS) as Interval[]))

it('the first candle since a time opens then, or next after it', () => {
  expect([NOON, NOON - 1, NOON + 1].map((since) => firstOpen(since, '1h') - NOON)).toEqual([0, 0, INTERVAL_MS['1h']])
  expect(firstOpen(NOON, '1w')).toBe(Date.UTC(2026, 10, 2)) // a Monday
  expect(firstOpen(NOON, '1M')).toBe(Date.UTC(2026, 11, 1))
})

it('so many candles since a time end with the last of them', () => {
  expect(endOf(NOON, '1h', 3)).toBe(NOON + 3 * INTERVAL_MS['1h'])
  expect(endOf(NOON + 1, '1h', 3)).toBe(NOON + 4 * INTERVAL_MS['1h'])
  expect(endOf(Date.UTC(2026, 0, 1), '1M', 3)).toBe(Date.UTC(2026, 3, 1))
})

it('between the first open and the end lie as many candles as were asked, whatever the interval', () => {
  fc.assert(
    fc.property(intervals, fc.integer({ min: NOON, max: NOON + 400 * INTERVAL_MS['1d'] }), fc.integer({ min: 1, max: 30 }), (interval, since, limit) => {
      const opens = [firstOpen(since, interval)]
      for (let i = 1; i < limit; i++) opens.push(closesAt(opens.at(-1) ?? 0, interval))
      expect(opens.map((open) => opensAt(open, interval))).toEqual(opens)
      expect(opens[0]).toBeGreaterThanOrEqual(since)
      expect(openBefore(opens[0] ?? 0, interval)).toBeLessThan(since)
      expect(closesAt(opens.at(-1) ?? 0, interval)).toBe(endOf(since, interval, limit))
    }),
  )
})

/** When the candle before opens. */
const openBefore = (open: number, interval: Interval): number => opensAt(open - 1, interval)
