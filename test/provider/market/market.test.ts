import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../../src/errors.js'
import { pairOf } from '../../../src/model/symbol.js'
import {
  assetsOf,
  asTicker,
  changeOf,
  marketOf,
  onlyMarketOf,
  percentOf,
  rangeOf,
  symbolOf,
  tickersOf,
  traded,
  volumeOf,
} from '../../../src/provider/market/market.js'
import { NOW } from '../../support/ask.js'

const symbol = 'BTC/USD'

describe('a market', () => {
  it('is called by its sides, the base by its own name where it has another', () => {
    expect(marketOf('BTC/USDT', {}, '-')).toBe('BTC-USDT')
    expect(marketOf('BTC/USDT', { BTC: 'XBT', USDT: 'ignored' }, '')).toBe('XBTUSDT')
  })

  it('is asked for alone where it is the only one', () => {
    expect([['BTC/USDT'], ['BTC/USDT', 'ETH/USDT'], []].map((symbols) => onlyMarketOf(symbols, { BTC: 'XBT' }, '-'))).toEqual([
      'XBT-USDT',
      undefined,
      undefined,
    ])
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

describe('a fraction', () => {
  it('becomes percent, and stays unknown where it is', () => {
    expect([percentOf('0.015', 'c'), percentOf(-0.5, 'c'), percentOf(0, 'c')]).toEqual([1.5, -50, 0])
    expect([percentOf(null, 'c'), percentOf('', 'c'), percentOf(undefined, 'c')]).toEqual([undefined, undefined, undefined])
  })

  it('that is none, or beyond numbers, is refused', () => {
    for (const drifted of ['1 %', {}, 1e308]) expect(() => percentOf(drifted, 'c')).toThrow(BadResponseError)
  })
})

describe('a ticker', () => {
  const pair = pairOf(symbol)

  it('holds what is told, and leaves out the rest', () => {
    expect(asTicker({ price: '110' }, pair)).toStrictEqual({ ...pair, last: 110 })
    const nothing = { bid: '', ask: 0, open24h: null, low24h: 0, high24h: null, change24h: '', changePercent: null, volume: null, turnover: '', marketCap: 0 }
    expect(asTicker({ price: 110, ...nothing }, pair)).toStrictEqual({ ...pair, last: 110 })
    const prices = {
      price: 110,
      bid: '109',
      ask: '111',
      low24h: '95',
      high24h: '115',
      changePercent: '10',
      volume: 0,
      turnover: '4.2',
      marketCap: '9',
      asOf: NOW,
    }
    expect(asTicker(prices, pair)).toStrictEqual({
      ...pair,
      last: 110,
      bid: 109,
      ask: 111,
      low24h: 95,
      high24h: 115,
      change24hPercent: 10,
      volume24h: 0,
      quoteVolume24h: 4.2,
      marketCap: 9,
      asOf: NOW,
    })
  })

  it('takes the change from the open where the change itself is not told', () => {
    expect(asTicker({ price: 110, open24h: 100, changePercent: '9.9' }, pair)).toMatchObject({ open24h: 100, change24h: 10, change24hPercent: 10 })
    expect(asTicker({ price: 110, open24h: 100, change24h: '9.5', changePercent: '9.4' }, pair)).toMatchObject({ change24h: 9.5, change24hPercent: 9.4 })
  })

  it.each([{ price: 0 }, { price: null }, { price: 1, bid: -1 }, { price: 1, volume: -1 }, { price: 1, low24h: 3, high24h: 2 }])('is none of %j', (prices) => {
    expect(() => asTicker(prices, pair)).toThrow(BadResponseError)
  })
})

describe('tickers of several', () => {
  it('leave out what was never traded, by 0 or by what the exchange writes for none', () => {
    const row = { last: '10' }
    expect([traded(row, 'last'), traded({ last: '0' }, 'last'), traded(undefined, 'last')]).toEqual([row, undefined, undefined])
    expect([traded({ last: '' }, 'last', ''), traded({ last: null }, 'last', null)]).toEqual([undefined, undefined])
    for (const drifted of [{}, { last: null }, { last: '' }, { last: -1 }]) expect(() => traded(drifted, 'last')).toThrow(BadResponseError)
  })

  it('leave out what is not there, and keep the order that was asked', () => {
    const rows = new Map([
      ['BTC/USD', 1],
      ['ETH/USD', 2],
    ])
    const found = tickersOf(
      ['ETH/USD', 'NOPE/USD', symbol],
      (asked) => rows.get(asked),
      (last, asked) => ({ ...pairOf(asked), last }),
    )
    expect(found.map(({ base, last }) => [base, last])).toEqual([
      ['ETH', 2],
      ['BTC', 1],
    ])
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

  it('have their symbols, not an exchange’s own codes', () => {
    expect(assetsOf(['LUNA', 'LUNA2'], {}, { LUNA: 'LUNA2', LUNC: 'LUNA' })).toEqual([
      { id: 'LUNA', symbol: 'LUNC' },
      { id: 'LUNA2', symbol: 'LUNA' },
    ])
    expect(symbolOf('btc')).toBe('BTC')
  })

  it('cannot be none', () => {
    expect(() => assetsOf([], {})).toThrow(BadResponseError)
  })
})

describe('a batch', () => {
  const rows = new Map([
    ['A/USD', { price: '1' }],
    ['B/USD', { price: null }],
  ])
  const of = (...symbols: string[]) =>
    tickersOf(
      symbols,
      (one) => rows.get(one),
      (row, one) => asTicker(row, pairOf(one)),
    ).map((one) => one.symbol)

  it('leaves out whoever has no row or none that can be', () => {
    expect(of('B/USD', 'A/USD', 'C/USD')).toEqual(['A/USD'])
    expect(of('C/USD')).toEqual([])
  })

  it('is refused where no row of it can be, and a mistake is never hidden', () => {
    expect(() => of('B/USD', 'C/USD')).toThrow(BadResponseError)
    const broken = () => {
      throw new TypeError('a mistake')
    }
    expect(() => tickersOf(['A/USD', 'B/USD'], broken, broken)).toThrow(TypeError)
  })
})
