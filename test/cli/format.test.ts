import { expect, test } from 'vitest'
import { chart } from '../../src/cli/chart.js'
import { parseCount, parseDuration } from '../../src/cli/durations.js'
import { duration, minute, percent, price } from '../../src/cli/format.js'
import { keyName, keyOf } from '../../src/cli/keys.js'
import { table } from '../../src/cli/table.js'

test.each([
  [65_670.3, '65,670.30'],
  [1, '1.00'],
  [0.45, '0.45'],
  [0.123456789, '0.123457'],
  [0.0000123456789, '0.0000123457'],
  [0, '0.00'],
])('a price of %d is shown as %s', (value, text) => {
  expect(price(value)).toBe(text)
})

test.each([
  [12.4, '12 ms'],
  [1_000, '1 s'],
  [90_000, '1.5 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 d'],
])('%d ms are shown as %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test('a change has its sign, a time is in UTC', () => {
  expect([percent(1.5), percent(-0.123), percent(0)]).toEqual(['+1.50 %', '-0.12 %', '0.00 %'])
  expect(minute(Date.UTC(2026, 10, 2, 14, 5))).toBe('2026-11-02 14:05')
})

test.each([
  ['800', 'ms', 800],
  ['5s', 'ms', 5_000],
  ['1.5s', 'ms', 1_500],
  ['10', 's', 10_000],
  ['1m', 's', 60_000],
] as const)('the time %s, meant in %s, is %d ms', (text, unit, ms) => {
  expect(parseDuration(text, '--timeout', unit)).toBe(ms)
})

test.each(['0', '-5', 'soon', '', '5h', '99999999s'])('the time %j is refused', (text) => {
  expect(() => parseDuration(text, '--timeout', 'ms')).toThrow(`got '${text}'`)
})

test.each(['0', '1.5', '1e2', '11', 'x', ''])('the count %j is refused where 1 to 10 is possible', (text) => {
  expect(() => parseCount(text, '--limit', 10)).toThrow('from 1 to 10')
})

test('a key is read from the variable of its provider, and an empty one is none', () => {
  expect(keyName('alternative-me')).toBe('FEEDMUX_ALTERNATIVE_ME_API_KEY')
  expect(keyOf('kraken', { FEEDMUX_KRAKEN_API_KEY: ' abc ' })).toBe('abc')
  expect(keyOf('kraken', { FEEDMUX_KRAKEN_API_KEY: ' ' })).toBeUndefined()
  expect(keyOf('kraken', {})).toBeUndefined()
})

test('a table has its columns below each other, to the right where the head says so, and no lines', () => {
  const lines = table(
    ['name', '>n'],
    [
      ['a', '1'],
      ['long name', '100'],
    ],
  ).split('\n')
  expect(lines).toEqual(['name         n', 'a            1', 'long name  100'])
})

test('a chart fits into the columns and keeps the newest values', () => {
  const values = Array.from({ length: 200 }, (_, index) => 100 + index)
  const lines = chart(values, 60).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  expect(lines[0]).toContain('299.00')
  expect(lines.length).toBeLessThanOrEqual(10)
})

test('a chart of a flat line is drawn, one of a single value is not', () => {
  expect(chart([5, 5, 5])).toContain('5.00')
  expect(chart([5])).toBe('')
})
