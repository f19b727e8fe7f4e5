import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { bybit, type BybitCapability } from '../../src/providers/bybit.js'
import { describeProvider } from '../../src/testing/index.js'
import { asking, NOW, sent } from '../support/ask.js'

const provider = bybit()
const host = 'https://api.bybit.com/v5/market'
const symbol = 'BTC/USDT'
const pair = { symbol, base: 'BTC', quote: 'USDT' }
const TIME = NOW - 300
const of = (result: object) => ({ retCode: 0, retMsg: 'OK', result: { category: 'spot', ...result }, retExtInfo: {}, time: TIME })
const list = (...rows: unknown[]) => of({ list: rows })
const at = (offset: number) => String(NOW + offset)
const error = (retCode: number | string, retMsg: string) => ({ retCode, retMsg, result: {}, retExtInfo: {}, time: TIME })
const unknown = error(10_001, 'Not supported symbols')

const row = {
  symbol: 'BTCUSDT',
  bid1Price: '104.9',
  bid1Size: '2',
  ask1Price: '105.1',
  ask1Size: '1.5',
  lastPrice: '105',
  prevPrice24h: '100',
  price24hPcnt: '0.05',
  highPrice24h: '110',
  lowPrice24h: '95',
  turnover24h: '4200000',
  volume24h: '40000',
  usdIndexPrice: '105.04',
}
const ticker = {
  ...pair,
  last: 105,
  bid: 104.9,
  ask: 105.1,
  open24h: 100,
  high24h: 110,
  low24h: 95,
  change24h: 5,
  change24hPercent: 5,
  volume24h: 40_000,
  quoteVolume24h: 4_200_000,
  asOf: TIME,
}
const klines = [
  [at(0), '11.2', '11.2', '11.1', '11.1', '1', '11.15'],
  [at(-60_000), '11', '11', '11', '11', '0', '0'],
  [at(-120_000), '10', '12', '9', '11', '5', '52.5'],
]
const book = {
  s: 'BTCUSDT',
  a: [
    ['10.1', '3'],
    ['10.2', '4'],
  ],
  b: [
    ['10', '1'],
    ['9.9', '2'],
  ],
  ts: NOW - 100,
  u: 77,
  seq: 123_456,
}
const trade = { execId: '2200000002', symbol: 'BTCUSDT', price: '10.1', size: '0.6', side: 'Buy', time: at(-1_000), isBlockTrade: false }
const mover = (name: string, fraction: string, turnover24h = '5000000') => ({ ...row, symbol: name, price24hPcnt: fraction, turnover24h })

describeProvider(
  bybit,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol },
        url: `${host}/tickers?category=spot&symbol=BTCUSDT`,
        body: list(row),
        data: ticker,
        drifted: list({ ...row, lastPrice: undefined }),
      },
      {
        capability: 'ticker',
        params: { symbol: 'BTC/USD' },
        url: `${host}/tickers?category=spot&symbol=BTCUSDT`,
        body: list(row),
        data: ticker,
        drifted: list({ ...row, symbol: 'ETHUSDT' }),
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USDT', 'NOPE/USDT', 'NEW/USDT', symbol] },
        url: `${host}/tickers?category=spot`,
        body: list(row, { ...row, symbol: 'NEWUSDT', lastPrice: '' }, { ...row, symbol: 'ETHUSDT' }, { ...row, symbol: 'SOLUSDT' }),
        data: [{ ...ticker, symbol: 'ETH/USDT', base: 'ETH' }, ticker],
        drifted: list({ ...row, lastPrice: null }),
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1m' },
        url: `${host}/kline?category=spot&symbol=BTCUSDT&interval=1&limit=100`,
        body: list(...klines),
        data: [
          { openTime: NOW - 120_000, open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 52.5, closed: true },
          { openTime: NOW - 60_000, open: 11, high: 11, low: 11, close: 11, volume: 0, quoteVolume: 0, closed: true },
          { openTime: NOW, open: 11.2, high: 11.2, low: 11.1, close: 11.1, volume: 1, quoteVolume: 11.15, closed: false },
        ],
        drifted: list([String(NOW / 1_000), '10', '12', '9', '11', '5', '52.5']),
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/tickers?category=spot&symbol=BTCUSDT`,
        body: list(row),
        data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000, asOf: TIME },
        drifted: list({ ...row, volume24h: '' }),
      },
      {
        capability: 'orderBook',
        params: { symbol },
        url: `${host}/orderbook?category=spot&symbol=BTCUSDT&limit=20`,
        body: of(book),
        data: {
          ...pair,
          bids: [
            [10, 1],
            [9.9, 2],
          ],
          asks: [
            [10.1, 3],
            [10.2, 4],
          ],
          asOf: NOW - 100,
          sequence: 77,
        },
        drifted: of({ ...book, b: undefined, bids: book.b }),
      },
      {
        capability: 'trades',
        params: { symbol },
        url: `${host}/recent-trade?category=spot&symbol=BTCUSDT&limit=60`,
        body: list(trade, { ...trade, execId: '2200000001', price: '10', size: '0.5', side: 'Sell', time: at(-2_000) }),
        data: [
          { id: '2200000001', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
          { id: '2200000002', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: list({ ...trade, price: '' }),
      },
      {
        capability: 'assets',
        params: {},
        url: `${host}/instruments-info?category=spot`,
        body: list(
          { symbol: 'BTCUSDT', baseCoin: 'BTC', quoteCoin: 'USDT', status: 'Trading' },
          { symbol: 'BTCEUR', baseCoin: 'BTC', quoteCoin: 'EUR', status: 'Trading' },
          { symbol: 'OLDUSDT', baseCoin: 'OLD', quoteCoin: 'USDT', status: 'PreLaunch' },
          { symbol: 'ETHUSDT', baseCoin: 'ETH', quoteCoin: 'USDT' },
        ),
        data: [
          { id: 'BTC', symbol: 'BTC' },
          { id: 'ETH', symbol: 'ETH' },
        ],
        drifted: list({ symbol: 'BTCUSDT', status: 'Trading' }),
      },
      {
        capability: 'movers',
        params: { direction: 'gainers' },
        url: `${host}/tickers?category=spot`,
        body: list(
          mover('AUSDT', '0.05'),
          mover('JUPUSDT', '0.09'),
          mover('BTCUSDT', '0.01'),
          mover('BTC3LUSDT', '0.5'),
          mover('TINYUSDT', '0.8', '10'),
          mover('XBTC', '0.7'),
          mover('DUSDT', '-0.03'),
        ),
        data: [
          { id: 'JUP', symbol: 'JUP', priceUsd: 105, change24hPercent: 9, volume24hUsd: 5_000_000 },
          { id: 'A', symbol: 'A', priceUsd: 105, change24hPercent: 5, volume24hUsd: 5_000_000 },
          { id: 'BTC', symbol: 'BTC', priceUsd: 105, change24hPercent: 1, volume24hUsd: 5_000_000 },
        ],
        drifted: list({ symbol: 'BTCUSDT', price: '1' }),
      },
    ],
    unknown: [
      { capability: 'ticker', body: unknown },
      { capability: 'ticker', body: list() },
      { capability: 'tickers', params: { symbols: ['NOPE/USDT'] }, body: list(row) },
      { capability: 'candles', body: error(10_001, 'Not supported symbols') },
      { capability: 'candles', body: list() },
      { capability: 'volume', body: error(170_121, 'Invalid symbol.') },
      { capability: 'orderBook', body: error('10029', 'The requested symbol is invalid') },
      { capability: 'trades', body: list() },
    ],
    errors: [
      { says: '403, access too frequent', status: 403, body: 'access too frequent', reason: 'rate-limited', retryAfterMs: 600_000 },
      { says: 'the same as JSON', status: 403, body: { message: 'Access too frequent' }, reason: 'rate-limited', retryAfterMs: 600_000 },
      { says: 'Exceeded the IP Rate Limit', body: error(10_018, 'Exceeded the IP Rate Limit.'), reason: 'rate-limited', retryAfterMs: 600_000 },
      { says: 'Too many visits!', body: error(10_006, 'Too many visits!'), reason: 'rate-limited' },
      {
        says: 'the page of CloudFront for the United States',
        status: 403,
        body: '<html><body>The Amazon CloudFront distribution is configured to block access from your country.</body></html>',
        reason: 'geo-blocked',
      },
      { says: 'a page of a firewall', status: 403, body: '<html><body>Request blocked.</body></html>', reason: 'unavailable' },
      { says: 'regulatory restrictions', body: error(10_024, 'The product or service is not available to you.'), reason: 'geo-blocked' },
      { says: 'Internal System Error', body: error(10_016, 'Internal System Error.'), reason: 'unavailable' },
      { says: 'Route not found', status: 404, body: error(10_017, 'Route not found.'), reason: 'bad-response' },
      { says: 'any other code', body: error(10_003, 'API key is invalid.'), reason: 'bad-request' },
      { says: 'a wrong parameter where no symbol was asked', capability: 'movers', body: unknown, reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('bybit', () => {
  const { asked, told } = asking<BybitCapability>(provider)

  it('takes the change from the price of 24 h ago, and the fraction that is told only without one', () => {
    const of24h = (changed: object) => asked('ticker', { symbol }, { body: list({ ...row, price24hPcnt: '0.0512', ...changed }) })
    expect(of24h({}).change24hPercent).toBe(5)
    const without = of24h({ prevPrice24h: '' })
    expect(without.change24hPercent).toBeCloseTo(5.12, 9)
    expect(without).not.toHaveProperty('change24h')
    expect(without).not.toHaveProperty('open24h')
  })

  it('asks for one market alone where a batch is of one, and takes it for unknown where that is refused', () => {
    expect(sent(provider, 'tickers', { symbols: [symbol] })).toBe(`${host}/tickers?category=spot&symbol=BTCUSDT`)
    expect(sent(provider, 'tickers', { symbols: [symbol, 'ETH/USDT'] })).toBe(`${host}/tickers?category=spot`)
    const refused = { retCode: 10_001, retMsg: 'Not supported symbols', result: {} }
    expect(told('tickers', { symbols: ['NOPE/USDT'] }, 200, refused)).toMatchObject({ reason: 'not-found' })
  })

  it('refuses a ticker of another market', () => {
    expect(() => asked('ticker', { symbol: 'ETH/USDT' }, { body: list(row) })).toThrow(BadResponseError)
  })

  it('has no candles since a time that is still to come, and knows the market all the same', () => {
    expect(told('candles', { symbol, interval: '1m', since: NOW }, 200, list())).toBeUndefined()
    expect(asked('candles', { symbol, interval: '1m', since: NOW }, { body: list() })).toEqual([])
  })

  it('counts the running candle for the limit', () => {
    const times = asked('candles', { symbol, interval: '1m', limit: 2 }, { body: list(...klines) }).map(({ openTime }) => openTime)
    expect(times).toEqual([NOW - 60_000, NOW])
  })

  it('has all intervals', () => {
    const intervals = Object.keys(INTERVAL_MS) as Interval[]
    const named = intervals.map((interval) => new URL(sent(provider, 'candles', { symbol, interval })).searchParams.get('interval'))
    expect(named).toEqual(['1', '3', '5', '15', '30', '60', '120', '240', '360', '720', 'D', 'W', 'M'])
  })

  it('fences the candles since a time from both sides', () => {
    const fence = (interval: Interval, since: number, limit: number) => {
      const { searchParams } = new URL(sent(provider, 'candles', { symbol, interval, since, limit }))
      return [Number(searchParams.get('start')), Number(searchParams.get('end'))]
    }
    expect(fence('1m', NOW - 600_000, 3)).toEqual([NOW - 600_000, NOW - 420_001])
    expect(fence('1m', NOW - 600_001, 3)).toEqual([NOW - 600_001, NOW - 420_001])
    expect(fence('1M', Date.UTC(2026, 0, 1), 2)).toEqual([Date.UTC(2026, 0, 1), Date.UTC(2026, 2, 1) - 1])
  })

  it('asks for as many levels and trades as wanted, for Bybit gives one level otherwise', () => {
    expect(sent(provider, 'orderBook', { symbol, depth: 1 }, { native: { BTC: 'WBTC' } })).toBe(`${host}/orderbook?category=spot&symbol=WBTCUSDT&limit=1`)
    expect(sent(provider, 'trades', { symbol, limit: 5 })).toBe(`${host}/recent-trade?category=spot&symbol=BTCUSDT&limit=5`)
  })

  it('says no to more rows than one call brings', () => {
    const { candles, orderBook, trades } = provider.endpoints
    expect([1_000, 1_001].map((limit) => candles.supports?.({ symbol, interval: '1w', limit }))).toEqual([true, false])
    expect([1_000, 1_001].map((depth) => orderBook.supports?.({ symbol, depth }))).toEqual([true, false])
    expect([undefined, 60, 61].map((limit) => trades.supports?.({ symbol, limit }))).toEqual([true, true, false])
  })
})
