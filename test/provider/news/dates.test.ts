import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../../src/errors.js'
import { timeOf } from '../../../src/provider/news/dates.js'

const at = (hours: number, minutes = 43, seconds = 50) => Date.UTC(2026, 8, 7, hours, minutes, seconds)

function timeOrError(text: string): number | Error {
  try {
    return timeOf(text, 'time')
  } catch (error) {
    return error as Error
  }
}

describe('timeOf', () => {
  it.each([
    ['Mon, 07 Sep 2026 12:43:50 +0000', at(12)],
    ['07 Sep 2026 12:43 GMT', at(12, 43, 0)],
    ['Mon,07 Sept 2026 12:43:50 -0000', at(12)],
    ['Monday, 7 September 2026 12:43:50 Z', at(12)],
    ['Monday, 07-Sep-26 12:43:50 UTC', at(12)],
    ['Mon, 7 Sep 26 12:43:50 EST', at(17)],
    ['Mon, 07 Sep 2026 12:43:50 PDT', at(19)],
    ['Mon, 07 Sep 2026 12:43:50 CET', at(11)],
    ['Mon, 07 Sep 2026 12:43:50 CEST', at(10)],
    ['Mon, 07 Sep 2026 12:43:50 bst', at(11)],
    ['Mon, 07 Sep 2026 12:43:50 GMT+0000', at(12)],
    ['Mon, 07 Sep 2026 12:43:50 GMT+02:00', at(10)],
    ['Mon, 07 Sep 2026 12:43:50 +02:00', at(10)],
    ['Mon, 07 Sep 2026 12:43:50 +5:30', at(7, 13)],
    ['Mon, 07 Sep 2026 12:43:50.250 +0000 (UTC)', at(12)],
    ['Mon Sep 07 2026 12:43:50 GMT+0000 (Coordinated Universal Time)', at(12)],
    [' Mon, 07 Sep 2026\n 12:43:50 ', at(12)],
    ['Mon, 07 Sep 2026', at(0, 0, 0)],
    ['2026-09-07T12:43:50Z', at(12)],
    ['2026-09-07T12:43:50+02:00', at(10)],
    ['2026-09-07T12:43:50+0200', at(10)],
    ['2026-09-07 12:43:50', at(12)],
    ['2026-09-07 12:43:50 UTC', at(12)],
    ['2026-09-07 12:43:50 -0500', at(17)],
    ['2026-09-07', at(0, 0, 0)],
    [at(12), at(12)],
  ])('reads %j', (text, time) => {
    expect(timeOf(text, 'time')).toBe(time)
  })

  it.each([
    'yesterday',
    '',
    'Mon, 07 Sep 2026 12:43:50 IST',
    'Mon, 07 Sep 2026 12:43:50 XYZ',
    'Mon, 32 Sep 2026 12:43:50 GMT',
    'Mon, 07 Foo 2026 12:43:50 GMT',
    'Mon, 07 Sep 0026 12:43:50 GMT',
    'Mon, 07 Sep 2026 99:43:50 GMT',
    'Mon, 07 Sep 2026 12:43:50 PM',
    '1788785030',
    1_788_785_030,
    null,
    {},
  ])('refuses %j rather than guess', (value) => {
    expect(() => timeOf(value, 'time')).toThrow(BadResponseError)
  })

  it('reads what a date says of itself, and answers any other text with an error of its own', () => {
    const time = fc.integer({ min: Date.UTC(2010, 0, 1) / 1_000, max: Date.UTC(2099, 0, 1) / 1_000 }).map((seconds) => seconds * 1_000)
    fc.assert(
      fc.property(time, (ms) => {
        const date = new Date(ms)
        expect([date.toUTCString(), date.toISOString(), String(date)].map((text) => timeOf(text, 'time'))).toEqual([ms, ms, ms])
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = timeOrError(text)
        expect(read instanceof Error ? BadResponseError.is(read) : read > 0).toBe(true)
      }),
    )
  })

  it('is quick with whatever is put to it', () => {
    const startedAt = performance.now()
    for (const part of [' ', 'a', '1', ', ', '07 Sep ', '(', '+0']) expect(() => timeOf(`x${part.repeat(1_000_000)}`, 'time')).toThrow(BadResponseError)
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})
