import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import { INTERVAL_MS } from '../../src/model/interval.js'
import { pairOf } from '../../src/model/symbol.js'
import {
  askedCandles,
  assetsOf,
  candleOf,
  candlesOf,
  changeOf,
  levelsOf,
  marketOf,
  moversOf,
  rangeOf,
  strongest,
  tradesOf,
  volumeOf,
} from '../../src/provider/market.js'
import { read } from '../../src/provider/read.js'
import { NOW } from '../support/ask.js'

const symbol = 'BTC/USD'
const MINUTE = INTERVAL_MS['1m']
const price = fc.double({ min: 1e-12, max: 1e9, noNaN: true })

describe('a market', () => {
  it('is called by its sides, the base by its own name where it has another', () => {
    expect(marketOf('BTC/USDT', {}, '-')).toBe('BTC-USDT')
    expect(marketOf('BTC/USDT', { BTC: 'XBT', USDT: 'ignored' }, '')).toBe('XBTUSDT')
  })
})

describe('what a ticker says', () => {
  it('of the range is left out where it is unknown, and refused where it cannot be', () => {
    expect(rangeOf('9', '9')).toEqual({ low24h: 9, high24h: 9 })
    expect(rangeOf(null, '12')).toEqual({ low24h: undefined, high24h: 12 })
    expect(rangeOf('0.00', '')).toEqual({ low24h: undefined, high24h: undefined })
    expect(() => rangeOf('12', '9')).toThrow(BadResponseError)
  })

  it('of the change is the way from the price of 24 h ago', () => {
    expect(changeOf(110, 100)).toEqual({ change24h: 10, change24hPercent: 10 })
    expect(changeOf(50, 100)).toEqual({ change24h: -50, change24hPercent: -50 })
  })

  it('of the change is nothing without one, or where it is beyond numbers', () => {
    expect(changeOf(110, undefined)).toStrictEqual({})
    expect(changeOf(1e300, 1e-300)).toStrictEqual({})
  })

  it('of the volume needs that of the base', () => {
    const ticker = { ...pairOf(symbol), last: 1, bid: 1, volume24h: 0 }
    expect(volumeOf(ticker)).toStrictEqual({ ...pairOf(symbol), volume24h: 0 })
    expect(volumeOf({ ...ticker, quoteVolume24h: 5, asOf: NOW })).toStrictEqual({ ...pairOf(symbol), volume24h: 0, quoteVolume24h: 5, asOf: NOW })
    expect(() => volumeOf({ ...pairOf(symbol), last: 1, quoteVolume24h: 5 })).toThrow(BadResponseError)
  })
})

describe('an order book', () => {
  const bids = [
    ['10', '1'],
    [9.5, 2, 'more'],
  ]
  const asks = [
    ['10.5', '3'],
    ['11', '4'],
  ]

  it('has so many levels as asked of each side', () => {
    expect(levelsOf({ bids, asks }, 20)).toEqual({
      bids: [
        [10, 1],
        [9.5, 2],
      ],
      asks: [
        [10.5, 3],
        [11, 4],
      ],
    })
    expect(levelsOf({ bids, asks }, 1)).toEqual({ bids: [[10, 1]], asks: [[10.5, 3]] })
    expect(levelsOf({ bids: [], asks: [] }, 20)).toEqual({ bids: [], asks: [] })
  })

  it('is read from rows of any form', () => {
    const level = (row: unknown) => {
      const { px, sz } = read.object(row, 'level')
      return [px, sz]
    }
    expect(levelsOf({ bids: [{ px: '10', sz: '1' }], asks: [] }, 20, level)).toEqual({ bids: [[10, 1]], asks: [] })
  })

  it('may be crossed', () => {
    expect(levelsOf({ bids: asks.toReversed(), asks: bids.toReversed() }, 1)).toEqual({ bids: [[11, 4]], asks: [[9.5, 2]] })
  })

  it.each([
    ['without a side', { bids }],
    ['with bids that rise', { bids: bids.toReversed(), asks }],
    ['with asks that fall', { bids, asks: asks.toReversed() }],
    ['with a price of 0', { bids: [['0', '1']], asks }],
    ['with an amount of 0', { bids, asks: [['10.5', '0']] }],
    ['with a level that is none', { bids: [10, 9.5], asks }],
  ])('%s is refused', (_, book) => {
    expect(() => levelsOf(book, 20)).toThrow(BadResponseError)
  })

  it('keeps any prices that come best first, equal ones too', () => {
    fc.assert(
      fc.property(fc.array(price), (prices) => {
        const rising = prices.toSorted((a, b) => a - b).map((each): [number, number] => [each, 1])
        expect(levelsOf({ bids: rising.toReversed(), asks: rising }, 1_000)).toEqual({ bids: rising.toReversed(), asks: rising })
      }),
    )
  })
})

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

describe('trades', () => {
  const trade = (id: unknown, at: number) => ({ id, price: '10', amount: '1', side: undefined, at })

  it('come newest last; those of one time keep their order', () => {
    const got = tradesOf([trade(3, NOW), trade(1, NOW - 1), trade(4, NOW), trade(2, NOW - 1)], {})
    expect(got.map(({ id }) => id)).toEqual(['1', '2', '3', '4'])
  })

  it('are the newest up to the limit, a hundred without one', () => {
    const many = Array.from({ length: 150 }, (_, i) => trade(i, NOW + i))
    expect(tradesOf(many, { limit: 2 }).map(({ at }) => at)).toEqual([NOW + 148, NOW + 149])
    expect(tradesOf(many, {})).toHaveLength(100)
  })

  it('have an id where there is one, as a text, and a side where it is told', () => {
    expect(tradesOf([{ ...trade('a-1', NOW), side: 'sell' }], {})).toStrictEqual([{ id: 'a-1', price: 10, amount: 1, side: 'sell', at: NOW }])
    for (const id of [undefined, null, '', {}]) expect(tradesOf([trade(id, NOW)], {})).toStrictEqual([{ price: 10, amount: 1, at: NOW }])
  })

  it('without a price or an amount are refused', () => {
    expect(() => tradesOf([{ ...trade(1, NOW), price: '0' }], {})).toThrow(BadResponseError)
    expect(() => tradesOf([{ ...trade(1, NOW), amount: null }], {})).toThrow(BadResponseError)
  })
})

describe('assets', () => {
  it('are what is traded, each once, up to the limit', () => {
    expect(assetsOf(['BTC', 'AAPLx', 'BTC', 'ETH'], {})).toEqual([
      { id: 'BTC', symbol: 'BTC' },
      { id: 'AAPLx', symbol: 'AAPLX' },
      { id: 'ETH', symbol: 'ETH' },
    ])
    expect(assetsOf(['BTC', 'BTC', 'ETH', 'SOL'], { limit: 2 }).map(({ id }) => id)).toEqual(['BTC', 'ETH'])
  })

  it('cannot be none', () => {
    expect(() => assetsOf([], {})).toThrow(BadResponseError)
  })
})

describe('movers', () => {
  const market = (base: string | undefined, change: number | undefined, turnover: number | undefined = 1e6) => ({ base, price: 2, change, turnover })
  const ids = (rows: Parameters<typeof moversOf>[0], direction: 'gainers' | 'losers', limit?: number) =>
    moversOf(rows, { direction, limit }).map(({ id }) => id)

  it('are the strongest of one direction', () => {
    const rows = [market('A', 1), market('Bx', -4), market('C', 9), market('D', 0), market('E', -2)]
    expect(ids(rows, 'gainers')).toEqual(['C', 'A'])
    expect(ids(rows, 'losers')).toEqual(['Bx', 'E'])
    expect(moversOf(rows, { direction: 'losers', limit: 1 })).toStrictEqual([{ id: 'Bx', symbol: 'BX', priceUsd: 2, change24hPercent: -4, volume24hUsd: 1e6 }])
  })

  it('are ten where no limit is asked', () => {
    expect(
      ids(
        Array.from({ length: 15 }, (_, i) => market(`A${i}`, i + 1)),
        'gainers',
      ),
    ).toHaveLength(10)
  })

  it('are traded for at least 100,000 dollars a day', () => {
    expect(ids([market('THIN', 80, 99_999), market('BTC', 1, 100_000)], 'gainers')).toEqual(['BTC'])
  })

  it('are no bets on what is traded there too, whatever else ends like one', () => {
    const rows = ['BTC', 'BTCUP', 'BTCDOWN', 'BTC3L', 'BTC5S', 'BTCBULL', 'JUP', 'SYRUP'].map((base) => market(base, 1))
    expect(ids(rows, 'gainers')).toEqual(['BTC', 'JUP', 'SYRUP'])
  })

  it('are known in all respects; when none is, the answer has drifted', () => {
    const partly = [market(undefined, 5), market('A', undefined), { ...market('B', 5), price: undefined }, { ...market('C', 5), turnover: undefined }]
    expect(ids([...partly, market('D', 1)], 'gainers')).toEqual(['D'])
    expect(() => moversOf(partly, { direction: 'gainers' })).toThrow(BadResponseError)
  })

  it('are ranked by change, and all went the asked way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ change: fc.double({ noNaN: true, noDefaultInfinity: true }) })),
        fc.constantFrom('gainers' as const, 'losers' as const),
        (moves, direction) => {
          const sizes = strongest(moves, direction).map(({ change }) => (direction === 'gainers' ? change : -change))
          expect(sizes).toEqual(sizes.filter((size) => size > 0).toSorted((a, b) => b - a))
          expect(sizes).toHaveLength(moves.filter(({ change }) => (direction === 'gainers' ? change > 0 : change < 0)).length)
        },
      ),
    )
  })
})
