import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { kucoin, type KucoinCapability } from '../../src/providers/kucoin.js'
import { describeProvider } from '../../src/testing/index.js'
import { asking, NOW, sent } from '../support/ask.js'

const provider = kucoin()
const host = 'https://api.kucoin.com/api'
const s = NOW / 1_000
const symbol = 'BTC/USDT'
const pair = { symbol, base: 'BTC', quote: 'USDT' }
const of = (data: unknown) => ({ code: '200000', data })
const error = (code: string | number, msg: string) => ({ code, msg })
const unknown = { status: 400, body: error('400100', 'Unsupported trading pair.') }

const figures = {
  symbol: 'BTC-USDT',
  buy: '104.9',
  sell: '105.1',
  changeRate: '0.05',
  changePrice: '5',
  high: '110',
  low: '95',
  vol: '40000',
  volValue: '4200000',
  last: '105',
  averagePrice: '103.3',
  takerFeeRate: '0.001',
  makerFeeRate: '0.001',
  takerCoefficient: '1',
  makerCoefficient: '1',
}
const stats = { time: NOW - 500, ...figures }
const row = { ...figures, symbolName: 'BTC-USDT', bestBidSize: '0.5', bestAskSize: '1.2' }
const all = (...ticker: unknown[]) => of({ time: NOW - 500, ticker })
const ticker = {
  ...pair,
  last: 105,
  bid: 104.9,
  ask: 105.1,
  high24h: 110,
  low24h: 95,
  change24h: 5,
  change24hPercent: 5,
  volume24h: 40_000,
  quoteVolume24h: 4_200_000,
  asOf: NOW - 500,
}
const candles = [
  [String(s), '11.2', '11.1', '11.2', '11.05', '1', '11.15'],
  [String(s - 120), '10', '11', '12', '9', '5', '52.5'],
]
const book = {
  time: NOW - 100,
  sequence: '16131',
  bids: [
    ['10', '1'],
    ['9.9', '2'],
  ],
  asks: [
    ['10.1', '3'],
    ['10.2', '4'],
  ],
}
const trades = [
  { sequence: '101', price: '10', size: '0.5', side: 'sell', time: (NOW - 2_000) * 1e6 },
  { sequence: '102', price: '10.1', size: '0.6', side: 'buy', time: (NOW - 1_000) * 1e6 },
]
const mover = (name: string, changeRate: string, volValue = '5000000') => ({ ...row, symbol: name, symbolName: name, changeRate, volValue })

describeProvider(
  kucoin,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol },
        url: `${host}/v1/market/stats?symbol=BTC-USDT`,
        body: of(stats),
        data: ticker,
        drifted: of({ ...stats, last: undefined }),
      },
      {
        capability: 'ticker',
        params: { symbol: 'BTC/USD' },
        url: `${host}/v1/market/stats?symbol=BTC-USDT`,
        body: of(stats),
        data: ticker,
        drifted: of({ ...stats, symbol: 'ETH-USDT' }),
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USDT', 'NOPE/USDT', 'NEW/USDT', 'DEAD/USDT', symbol] },
        url: `${host}/v1/market/allTickers`,
        body: all(
          row,
          { ...row, symbol: 'NEW-USDT', buy: null, sell: null, last: null },
          { ...row, symbol: 'DEAD-USDT', last: '0' },
          { ...row, symbol: 'ETH-USDT' },
        ),
        data: [{ ...ticker, symbol: 'ETH/USDT', base: 'ETH' }, ticker],
        drifted: all({ ...row, last: undefined, lastPrice: '105' }),
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1m' },
        url: `${host}/v1/market/candles?symbol=BTC-USDT&type=1min&startAt=${s - 99 * 60}`,
        body: of(candles),
        data: [
          { openTime: NOW - 120_000, open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 52.5, closed: true },
          { openTime: NOW, open: 11.2, high: 11.2, low: 11.05, close: 11.1, volume: 1, quoteVolume: 11.15, closed: false },
        ],
        drifted: of([[String(NOW), '10', '11', '12', '9', '5', '52.5']]),
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/v1/market/stats?symbol=BTC-USDT`,
        body: of(stats),
        data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000, asOf: NOW - 500 },
        drifted: of({ ...stats, vol: '' }),
      },
      {
        capability: 'orderBook',
        params: { symbol, depth: 1 },
        url: `${host}/v1/market/orderbook/level2_20?symbol=BTC-USDT`,
        body: of(book),
        data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], asOf: NOW - 100, sequence: 16_131 },
        drifted: of({ ...book, asks: undefined }),
      },
      {
        capability: 'trades',
        params: { symbol },
        url: `${host}/v1/market/histories?symbol=BTC-USDT`,
        body: of(trades),
        data: [
          { id: '101', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
          { id: '102', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: of([{ ...trades[0], time: NOW }]),
      },
      {
        capability: 'assets',
        params: { limit: 2 },
        url: `${host}/v3/currencies`,
        body: of([
          { currency: 'BTC', name: 'BTC', fullName: 'Bitcoin', precision: 8, confirms: null, contractAddress: null, chains: [] },
          { currency: 'BCHSV', name: 'BSV', fullName: '', precision: 8, confirms: null, contractAddress: null, chains: null },
          { currency: 'ETH', name: 'ETH', fullName: 'Ethereum', precision: 8, confirms: null, contractAddress: null, chains: [] },
        ]),
        data: [
          { id: 'BTC', symbol: 'BTC', name: 'Bitcoin' },
          { id: 'BCHSV', symbol: 'BSV' },
        ],
        drifted: of([{ code: 'BTC', fullName: 'Bitcoin' }]),
      },
      {
        capability: 'movers',
        params: { direction: 'losers', limit: 2 },
        url: `${host}/v1/market/allTickers`,
        body: all(
          mover('A-USDT', '-0.05'),
          mover('B-USDT', '-0.09'),
          mover('C-USDT', '-0.01'),
          mover('A3S-USDT', '-0.5'),
          mover('TINY-USDT', '-0.8', '10'),
          mover('X-BTC', '-0.7'),
          mover('D-USDT', '0.03'),
          { ...mover('NEW-USDT', '0'), last: null, changeRate: null, volValue: '0' },
        ),
        data: [
          { id: 'B', symbol: 'B', priceUsd: 105, change24hPercent: -9, volume24hUsd: 5_000_000 },
          { id: 'A', symbol: 'A', priceUsd: 105, change24hPercent: -5, volume24hUsd: 5_000_000 },
        ],
        drifted: all({ ...row, symbol: undefined, name: 'BTC-USDT' }),
      },
    ],
    unknown: [
      { capability: 'ticker', ...unknown },
      { capability: 'ticker', body: of(null) },
      { capability: 'ticker', body: of({ time: NOW, symbol: 'NOPE-USDT', buy: null, sell: null, last: null, vol: null }) },
      { capability: 'tickers', params: { symbols: ['NOPE/USDT'] }, body: all(row) },
      { capability: 'candles', ...unknown },
      { capability: 'candles', body: error('900001', 'symbol not exists') },
      { capability: 'volume', body: of(null) },
      { capability: 'orderBook', body: of(null) },
      { capability: 'orderBook', body: of({ time: NOW, sequence: null, bids: null, asks: null }) },
      { capability: 'trades', body: of([]) },
    ],
    errors: [
      {
        says: 'too many requests, with the rest of the window',
        status: 429,
        headers: { 'gw-ratelimit-reset': '12345' },
        body: error('429000', 'Too many requests'),
        reason: 'rate-limited',
        retryAfterMs: 12_345,
      },
      { says: 'too many requests in a 200', body: error(429_000, 'Too many requests'), reason: 'rate-limited' },
      {
        says: 'a region that is not served',
        status: 400,
        body: error('400500', 'Your located country/region is currently not supported'),
        reason: 'geo-blocked',
      },
      { says: 'an internal error', body: error('500000', 'Internal Server Error'), reason: 'unavailable' },
      { says: 'no such path', status: 404, body: error('404000', 'Url Not Found'), reason: 'bad-response' },
      { says: 'another wrong parameter', status: 400, body: error('400100', 'The interval is not valid'), reason: 'bad-request' },
      { says: 'any other code', body: error('400001', 'KC-API-KEY is missing'), reason: 'bad-request' },
      { says: 'a wrong parameter where no pair was asked', capability: 'assets', ...unknown, reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('kucoin', () => {
  const { asked, told } = asking<KucoinCapability>(provider)

  it('refuses a ticker of another market', () => {
    expect(() => asked('ticker', { symbol: 'ETH/USDT' }, { body: of(stats) })).toThrow(BadResponseError)
  })

  it('takes a ticker with one figure missing for what it is, and only one with none for an unknown market', () => {
    expect(told('ticker', { symbol }, 200, of({ ...stats, buy: null, sell: null }))).toBeUndefined()
    expect(asked('ticker', { symbol }, { body: of({ ...stats, buy: null, sell: null }) })).not.toHaveProperty('bid')
  })

  it('knows a market in which nothing was traded, also without a candle', () => {
    expect(told('candles', { symbol, interval: '1m' }, 200, of([]))).toBeUndefined()
    expect(asked('candles', { symbol, interval: '1m', limit: 1 }, { body: of([]) })).toEqual([])
  })

  it('has no weeks, which begin on Thursday there', () => {
    const { candles: chart } = provider.endpoints
    const intervals = (Object.keys(INTERVAL_MS) as Interval[]).filter((interval) => chart.supports?.({ symbol, interval }))
    expect(intervals).toEqual(['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1M'])
    const types = intervals.map((interval) => new URL(sent(provider, 'candles', { symbol, interval })).searchParams.get('type'))
    expect(types).toEqual(['1min', '3min', '5min', '15min', '30min', '1hour', '2hour', '4hour', '6hour', '12hour', '1day', '1month'])
  })

  it('leaves months to others if they do not begin with the first day', () => {
    const month = (day: number) => of([[String(Date.UTC(2026, 8, day) / 1_000), '10', '11', '12', '9', '5', '52.5']])
    expect(asked('candles', { symbol, interval: '1M' }, { body: month(1) })).toHaveLength(1)
    expect(() => asked('candles', { symbol, interval: '1M' }, { body: month(3) })).toThrow(expect.objectContaining({ reason: 'bad-request' }))
  })

  it('asks for the window that holds the wanted candles', () => {
    const window = (interval: Interval, params: object) => {
      const { searchParams } = new URL(sent(provider, 'candles', { symbol, interval, ...params }, { now: NOW + 30_000 }))
      return ['startAt', 'endAt'].map((name) => searchParams.get(name)).map((text) => (text === null ? undefined : Number(text)))
    }
    expect(window('1m', { limit: 1_500 })).toEqual([s - 1_499 * 60, undefined])
    // a little one could fall into a silent minute
    expect(window('1m', { limit: 1 })).toEqual([s - 99 * 60, undefined])
    expect(window('1m', { limit: 3, since: NOW - 600_000 })).toEqual([s - 600, s - 421])
    expect(window('1m', { limit: 3, since: NOW - 600_001 })).toEqual([s - 600, s - 421])
    expect(window('1M', { limit: 2, since: Date.UTC(2026, 0, 1) })).toEqual([Date.UTC(2026, 0, 1) / 1_000, Date.UTC(2026, 2, 1) / 1_000 - 1])
    expect(window('1M', { limit: 110 })[0]).toBeLessThan(Date.UTC(2017, 10, 1) / 1_000)
  })

  it('asks for the larger book only where it must', () => {
    const path = (depth?: number) => new URL(sent(provider, 'orderBook', { symbol, depth })).pathname.split('/').at(-1)
    expect([undefined, 20, 21, 100].map(path)).toEqual(['level2_20', 'level2_20', 'level2_100', 'level2_100'])
  })

  it('asks under the name by which a market began', () => {
    expect(sent(provider, 'ticker', { symbol: 'BSV/USDT' })).toBe(`${host}/v1/market/stats?symbol=BCHSV-USDT`)
    expect(sent(provider, 'ticker', { symbol: 'BSV/USDT' }, { native: { BSV: 'BSV' } })).toBe(`${host}/v1/market/stats?symbol=BSV-USDT`)
    expect(asked('tickers', { symbols: ['BSV/USDT'] }, { body: all({ ...row, symbol: 'BCHSV-USDT', symbolName: 'BSV-USDT' }) })).toEqual([
      expect.objectContaining({ symbol: 'BSV/USDT', base: 'BSV' }),
    ])
  })

  it('lists a renamed mover under its new name', () => {
    const renamed = { ...mover('GALAX-USDT', '0.5'), symbolName: 'GALA-USDT' }
    expect(asked('movers', { direction: 'gainers' }, { body: all(renamed) })).toEqual([expect.objectContaining({ id: 'GALA', symbol: 'GALA' })])
    expect(sent(provider, 'ticker', { symbol: 'GALA/USDT' })).toBe(`${host}/v1/market/stats?symbol=GALAX-USDT`)
  })

  it('says no to more rows than one call brings', () => {
    const { candles: chart, orderBook, trades: recent } = provider.endpoints
    expect([1_500, 1_501].map((limit) => chart.supports?.({ symbol, interval: '1m', limit }))).toEqual([true, false])
    expect([100, 101].map((depth) => orderBook.supports?.({ symbol, depth }))).toEqual([true, false])
    expect([100, 101].map((limit) => recent.supports?.({ symbol, limit }))).toEqual([true, false])
  })

  it('reads what is left of the window, whose end is a countdown in ms', () => {
    const usage = (headers: Record<string, string>) => provider.usage?.(new Headers(headers), {})
    const told30s = { 'gw-ratelimit-limit': '2000', 'gw-ratelimit-remaining': '1985', 'gw-ratelimit-reset': '25000' }
    const reading = { perMs: 30_000, kind: 'cost', limit: 2_000, remaining: 1_985 }
    expect(usage({ ...told30s, date: new Date(NOW).toUTCString() })).toEqual([{ ...reading, resetsAt: NOW + 25_000 }])
    expect(usage(told30s)).toEqual([reading])
    expect(usage({})).toEqual([])
    expect(usage({ 'gw-ratelimit-remaining': '' })).toEqual([])
  })

  it('keeps to the wait of Retry-After where both are told', () => {
    expect(told('ticker', { symbol }, 429, error('429000', 'Too many requests'), { 'retry-after': '3', 'gw-ratelimit-reset': '9000' })).toMatchObject({
      reason: 'rate-limited',
      retryAfterMs: undefined,
    })
  })

  it('weighs its calls as the public pool does', () => {
    const costs = Object.entries(provider.endpoints).map(([name, { cost }]) => [name, cost])
    expect(Object.fromEntries(costs)).toEqual({ ticker: 15, tickers: 15, candles: 3, volume: 15, orderBook: 2, trades: 3, assets: 3, movers: 15 })
  })
})
