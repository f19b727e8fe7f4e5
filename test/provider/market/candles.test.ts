import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../../src/errors.js'
import { INTERVAL_MS } from '../../../src/model/interval.js'
import { aligned, askedCandles, candleOf, candlesOf, reaching } from '../../../src/provider/market/candles.js'
import { NOW } from '../../support/ask.js'

const symbol = 'BTC/USD'
const MINUTE = INTERVAL_MS['1m']

describe('candles', () => {
  const flat = { open: '10', high: '10', low: '10', close: '10' }
  const params = { symbol, interval: '1m' } as const
  const rows = [2, 1, 0].map((ago) => ({ openTime: NOW - ago * MINUTE, ...flat }))

  it('leave out what is unknown', () => {
    expect(candleOf({ openTime: NOW, ...flat, volume: 0, quoteVolume: undefined, closed: undefined })).toStrictEqual({
      openTime: NOW,
      open: 10,
      high: 10,
      low: 10,
      close: 10,
      volume: 0,
    })
  })

  it.each([
    ['a low above the close', { ...flat, low: '9', open: '9.5', close: '8' }],
    ['a low above the open', { ...flat, low: '9', open: '8' }],
    ['a high below the open', { ...flat, open: '11' }],
    ['a high below the close', { ...flat, close: '11' }],
    ['a price of 0', { ...flat, low: '0' }],
    ['a price of null', { ...flat, open: null }],
  ])('with %s are refused', (_, prices) => {
    expect(() => candleOf({ openTime: NOW, ...prices })).toThrow(BadResponseError)
  })

  it('come oldest first, whatever the order was', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: 3 }), (shuffled) => {
        expect(candlesOf(shuffled, params, NOW).map(({ openTime }) => openTime)).toEqual(rows.map(({ openTime }) => openTime))
      }),
    )
  })

  it('run until the clock says that they are over, or the provider does', () => {
    expect(candlesOf(rows, params, NOW).map(({ closed }) => closed)).toEqual([true, true, false])
    expect(candlesOf(rows, params, NOW + MINUTE).map(({ closed }) => closed)).toEqual([true, true, true])
    const told = rows.map((row, i) => ({ ...row, closed: i === 0 }))
    expect(candlesOf(told, params, NOW).map(({ closed }) => closed)).toEqual([true, false, false])
  })

  it('are refused when two stand for one time', () => {
    expect(() => candlesOf([...rows, ...rows.slice(0, 1)], params, NOW)).toThrow(BadResponseError)
  })

  it('are the last ones up to the limit, the running one counted, or the first ones since a time', () => {
    const count = fc.integer({ min: 1, max: 12 })
    fc.assert(
      fc.property(
        count,
        fc.option(count, { nil: undefined }),
        fc.option(fc.integer({ min: -2 * MINUTE, max: 14 * MINUTE }), { nil: undefined }),
        (many, limit, after) => {
          const times = Array.from({ length: many }, (__, i) => NOW + i * MINUTE)
          const since = after === undefined ? undefined : NOW + after
          const got = askedCandles(
            times.map((openTime) => candleOf({ openTime, ...flat })),
            { ...params, limit, since },
          ).map(({ openTime }) => openTime)
          const wanted = since === undefined ? times : times.filter((time) => time >= since)
          expect(got).toEqual(since === undefined ? wanted.slice(-(limit ?? 100)) : wanted.slice(0, limit ?? 100))
        },
      ),
    )
  })

  it('are a hundred where no limit is asked', () => {
    const many = Array.from({ length: 150 }, (_, i) => candleOf({ openTime: NOW + i * MINUTE, ...flat }))
    expect(askedCandles(many, params)).toEqual(many.slice(-100))
    expect(askedCandles(many, { ...params, since: NOW })).toEqual(many.slice(0, 100))
  })
})

describe('candles of an exchange', () => {
  const flat = { open: '10', high: '10', low: '10', close: '10' }
  const starting = (...times: number[]) => times.map((openTime) => ({ openTime, ...flat }))
  const reason = expect.objectContaining({ provider: 'acme', reason: 'bad-request' }) as Error

  it('that do not begin in UTC are refused', () => {
    const monday = Date.UTC(2026, 9, 26)
    const weeks = { symbol, interval: '1w' } as const
    expect(aligned(starting(monday), weeks, 'acme')).toEqual(starting(monday))
    expect(aligned([], weeks, 'acme')).toEqual([])
    expect(() => aligned(starting(monday, monday + INTERVAL_MS['1d']), weeks, 'acme')).toThrow(reason)
    expect(() => aligned(starting(NOW - 4 * INTERVAL_MS['1h']), { symbol, interval: '1d' }, 'acme')).toThrow(reason)
  })

  it('that are all there are, and begin later than was asked, are refused', () => {
    const two = starting(NOW - MINUTE, NOW)
    const since = (ago: number) => ({ symbol, interval: '1m', since: NOW - ago }) as const
    expect(reaching(two, { symbol, interval: '1m' }, 2, 'acme')).toEqual(two)
    expect(reaching(two, since(2 * MINUTE - 1), 2, 'acme')).toEqual(two)
    expect(reaching(two, since(10 * MINUTE), 3, 'acme')).toEqual(two)
    expect(reaching([], since(10 * MINUTE), 2, 'acme')).toEqual([])
    expect(() => reaching(two.toReversed(), since(2 * MINUTE), 2, 'acme')).toThrow(reason)
  })
})
