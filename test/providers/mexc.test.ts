import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/errors.js'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { mexc } from '../../src/providers/mexc.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, failureOf, NOW, sent } from '../support/ask.js'

const provider = mexc()
const host = 'https://api.mexc.com/api/v3'
const symbol = 'BTC/USDT'
const pair = { symbol, base: 'BTC', quote: 'USDT' }

const ticker = {
  symbol: 'BTCUSDT',
  priceChange: '10',
  priceChangePercent: '0.1',
  prevClosePrice: '100',
  lastPrice: '110',
  bidPrice: '109.9',
  bidQty: '',
  askPrice: '110.1',
  askQty: '',
  openPrice: '100',
  highPrice: '115',
  lowPrice: '95',
  volume: '40000',
  quoteVolume: '4200000',
  openTime: NOW - 86_400_000,
  closeTime: NOW - 500,
  count: null,
}
const data = {
  ...pair,
  last: 110,
  bid: 109.9,
  ask: 110.1,
  open24h: 100,
  high24h: 115,
  low24h: 95,
  change24h: 10,
  change24hPercent: 10,
  volume24h: 40_000,
  quoteVolume24h: 4_200_000,
  asOf: NOW - 500,
}
const hour = 3_600_000
const klines = [
  [NOW - hour, '10', '12', '9', '11', '5', NOW, '52.5'],
  [NOW, '11', '11.2', '11', '11.1', '1', NOW + hour, '11.1'],
]
const book = {
  lastUpdateId: 77,
  bids: [
    ['10', '1'],
    ['9.9', '2'],
  ],
  asks: [
    ['10.1', '3'],
    ['10.2', '4'],
  ],
  timestamp: NOW - 100,
}
const trades = [
  { id: null, price: '10.1', qty: '0.6', quoteQty: '6.06', time: NOW - 1_000, isBuyerMaker: false, isBestMatch: true, tradeType: 'BID' },
  { id: null, price: '10', qty: '0.5', quoteQty: '5', time: NOW - 2_000, isBuyerMaker: true, isBestMatch: true, tradeType: 'ASK' },
]
const market = (baseAsset: string, status = '1') => ({ symbol: `${baseAsset}USDT`, status, baseAsset, quoteAsset: 'USDT', isSpotTradingAllowed: true })
const mover = (base: string, priceChangePercent: string, quoteVolume = '5000000') => ({ ...ticker, symbol: `${base}USDT`, priceChangePercent, quoteVolume })
const invalid = { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } }

describeProvider(
  mexc,
  {
    answers: [
      { capability: 'ticker', params: { symbol }, url: `${host}/ticker/24hr?symbol=BTCUSDT`, body: ticker, data, drifted: { ...ticker, lastPrice: undefined } },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USDT', 'NOPE/USDT', 'NEW/USDT', symbol] },
        url: `${host}/ticker/24hr`,
        body: [ticker, { ...ticker, symbol: 'NEWUSDT', lastPrice: '0' }, { ...ticker, symbol: 'ETHUSDT' }],
        data: [{ ...data, symbol: 'ETH/USDT', base: 'ETH' }, data],
        drifted: [{ ...ticker, lastPrice: 'n/a' }],
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1h', limit: 2 },
        url: `${host}/klines?symbol=BTCUSDT&interval=60m&limit=2`,
        body: klines,
        data: [
          { openTime: NOW - hour, open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 52.5, closed: true },
          { openTime: NOW, open: 11, high: 11.2, low: 11, close: 11.1, volume: 1, quoteVolume: 11.1, closed: false },
        ],
        drifted: [[NOW, '10', '9', '12', '11', '5', NOW + hour, '52.5']],
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/ticker/24hr?symbol=BTCUSDT`,
        body: ticker,
        data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000, asOf: NOW - 500 },
        drifted: { ...ticker, volume: '' },
      },
      {
        capability: 'orderBook',
        params: { symbol, depth: 1 },
        url: `${host}/depth?symbol=BTCUSDT&limit=1`,
        body: book,
        data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], asOf: NOW - 100, sequence: 77 },
        drifted: { ...book, asks: undefined },
      },
      {
        capability: 'trades',
        params: { symbol },
        url: `${host}/trades?symbol=BTCUSDT&limit=100`,
        body: trades,
        data: [
          { price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
          { price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: [{ ...trades[0], time: NOW / 1_000 }],
      },
      {
        capability: 'assets',
        params: {},
        url: `${host}/exchangeInfo`,
        body: { timezone: 'CST', symbols: [market('BTC'), market('OLD', '3'), market('BTC'), market('ETH', 'ENABLED')] },
        data: [
          { id: 'BTC', symbol: 'BTC' },
          { id: 'ETH', symbol: 'ETH' },
        ],
        drifted: { symbols: [{ symbol: 'BTCUSDT', status: '1' }] },
      },
      {
        capability: 'movers',
        params: { direction: 'gainers' },
        url: `${host}/ticker/24hr`,
        body: [
          mover('A', '0.05'),
          mover('BTC', '0.01'),
          mover('BTC3L', '0.5'),
          mover('TINY', '0.8', '10'),
          { ...mover('X', '0.7'), symbol: 'XBTC' },
          mover('D', '-0.03'),
        ],
        data: [
          { id: 'A', symbol: 'A', priceUsd: 110, change24hPercent: 5, volume24hUsd: 5_000_000 },
          { id: 'BTC', symbol: 'BTC', priceUsd: 110, change24hPercent: 1, volume24hUsd: 5_000_000 },
        ],
        drifted: [{ symbol: 'BTCUSDT', price: '1' }],
      },
    ],
    unknown: [
      { capability: 'ticker', ...invalid },
      { capability: 'ticker', status: 400, body: { code: 10_007, msg: 'bad symbol' } },
      { capability: 'tickers', body: [{ ...ticker, symbol: 'OTHERUSDT' }] },
      { capability: 'candles', ...invalid },
      { capability: 'candles', body: [] },
      { capability: 'volume', ...invalid },
      { capability: 'orderBook', ...invalid },
      { capability: 'trades', ...invalid },
      { capability: 'trades', body: [] },
    ],
    errors: [
      { says: 'excessive frequency of requests', status: 200, body: { code: 510, msg: 'excessive frequency of requests' }, reason: 'rate-limited' },
      { says: 'too many requests', status: 429, body: { code: 429, msg: 'Too Many Requests' }, reason: 'rate-limited' },
      { says: 'service not available', status: 200, body: { code: 503, msg: 'service not available' }, reason: 'unavailable' },
      { says: 'no such path', status: 404, body: { error: 'Not Found' }, reason: 'bad-response' },
      { says: 'no symbol, to a question without one', status: 400, body: { code: -1121, msg: 'Invalid symbol.' }, capability: 'assets', reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('mexc', () => {
  const { orderBook, candles, trades: recent, tickers } = provider.endpoints

  it('takes the percent, a fraction here, only where there is no open', () => {
    const body = { ...ticker, openPrice: '', priceChangePercent: '-0.0125', askPrice: null, quoteVolume: null }
    const { open24h: _, change24h: __, ask: ___, quoteVolume24h: ____, ...rest } = data
    expect(ask(provider, 'ticker', { symbol }, { body })).toStrictEqual({ ...rest, change24hPercent: -1.25 })
  })

  it('refuses a ticker of another market', () => {
    expect(() => ask(provider, 'ticker', { symbol: 'ETH/USDT' }, { body: ticker })).toThrow('symbol')
  })

  it('has its own names for intervals, and not all of them', () => {
    const named = (interval: Interval) =>
      candles.supports?.({ symbol, interval }) ? new URL(sent(provider, 'candles', { symbol, interval })).searchParams.get('interval') : undefined
    expect((Object.keys(INTERVAL_MS) as Interval[]).flatMap((interval) => named(interval) ?? [])).toEqual([
      '1m',
      '5m',
      '15m',
      '30m',
      '60m',
      '4h',
      '1d',
      '1W',
      '1M',
    ])
  })

  it('asks for Neo’s GAS, not for GasDAO’s, and lists it under its symbol', () => {
    expect(sent(provider, 'ticker', { symbol: 'GAS/USDT' })).toBe(`${host}/ticker/24hr?symbol=GASNEOUSDT`)
    expect(ask(provider, 'assets', {}, { body: { symbols: [{ baseAsset: 'GASNEO', status: '1' }] } })).toEqual([{ id: 'GASNEO', symbol: 'GAS' }])
  })

  it('fences candles since a time from both sides', () => {
    const since = Date.UTC(2026, 0, 1)
    expect(sent(provider, 'candles', { symbol, interval: '4h', limit: 6, since })).toBe(
      `${host}/klines?symbol=BTCUSDT&interval=4h&limit=1000&startTime=${since}&endTime=${since + 86_400_000 - 1}`,
    )
    expect(sent(provider, 'candles', { symbol, interval: '1M', limit: 1, since })).toContain(`endTime=${Date.UTC(2026, 1, 1) - 1}`)
    expect(failureOf(provider, 'candles', { symbol, interval: '4h', since }, { status: 200, headers: new Headers(), body: [] })).toBeUndefined()
  })

  it('does not take a day of Hong Kong for one of UTC', () => {
    const body = [[Date.UTC(2026, 9, 30, 16), '10', '12', '9', '11', '5', Date.UTC(2026, 9, 31, 16), '52.5']]
    expect(() => ask(provider, 'candles', { symbol, interval: '1d' }, { body })).toThrow(ProviderError)
    expect(ask(provider, 'candles', { symbol, interval: '4h' }, { body })).toHaveLength(1)
  })

  it('asks for Tether where dollars are meant', () => {
    expect(provider.dollarQuote).toBe('USDT')
  })

  it('says what a call weighs, and no to more rows than one brings', () => {
    expect([tickers.cost, recent.cost, provider.endpoints.ticker.cost]).toEqual([40, 5, undefined])
    expect([candles.supports?.({ symbol, interval: '1d', limit: 1_000 }), candles.supports?.({ symbol, interval: '1d', limit: 1_001 })]).toEqual([true, false])
    expect([orderBook.supports?.({ symbol, depth: 5_000 }), orderBook.supports?.({ symbol, depth: 5_001 })]).toEqual([true, false])
    expect([recent.supports?.({ symbol, limit: 1_000 }), recent.supports?.({ symbol, limit: 1_001 })]).toEqual([true, false])
  })
})
