import { describe, expect, it } from 'vitest'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { cryptoCom } from '../../src/providers/crypto-com.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, failureOf, NOW, sent } from '../support/ask.js'

const provider = cryptoCom()
const host = 'https://api.crypto.com/exchange/v1/public'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }
const of = (...data: unknown[]) => ({ id: -1, method: 'public/any', code: 0, result: { data } })

const ticker = { i: 'BTC_USD', h: '115', l: '95', a: '110', v: '40000', vv: '4200000', c: '0.1', b: '109.9', k: '110.1', oi: '0', t: NOW - 500 }
const data = {
  ...pair,
  last: 110,
  bid: 109.9,
  ask: 110.1,
  high24h: 115,
  low24h: 95,
  change24hPercent: 10,
  volume24h: 40_000,
  quoteVolume24h: 4_200_000,
  asOf: NOW - 500,
}
const candles = [
  { o: '10', h: '12', l: '9', c: '11', v: '5', t: NOW - 60_000 },
  { o: '11', h: '11.2', l: '11', c: '11.1', v: '0', t: NOW },
]
const book = {
  bids: [
    ['10', '1', '2'],
    ['9.9', '2', '1'],
  ],
  asks: [
    ['10.1', '3', '1'],
    ['10.2', '4', '1'],
  ],
  t: NOW - 100,
}
const trades = [
  { d: '12', t: NOW - 1_000, tn: `${NOW - 1_000}000000`, q: '0.6', p: '10.1', s: 'BUY', i: 'BTC_USD', m: '2' },
  { d: '11', t: NOW - 2_000, tn: `${NOW - 2_000}000000`, q: '0.5', p: '10', s: 'SELL', i: 'BTC_USD', m: '1' },
]
const instrument = (base_ccy: string, inst_type = 'CCY_PAIR', tradable = true) => ({
  symbol: `${base_ccy}_USD`,
  inst_type,
  base_ccy,
  quote_ccy: 'USD',
  tradable,
})
const mover = (i: string, c: string, vv = '5000000') => ({ ...ticker, i, c, vv })
const invalid = { status: 400, body: { code: 40_004, message: 'Invalid instrument_name' } }

describeProvider(
  cryptoCom,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol },
        url: `${host}/get-tickers?instrument_name=BTC_USD`,
        body: of(ticker),
        data,
        drifted: of({ ...ticker, a: undefined }),
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USD', 'NOPE/USD', 'NEW/USD', symbol] },
        url: `${host}/get-tickers`,
        body: of(ticker, { ...ticker, i: 'NEW_USD', a: null, l: null, c: null }, { ...ticker, i: 'BTCUSD-PERP', a: '500' }, { ...ticker, i: 'ETH_USD' }),
        data: [{ ...data, symbol: 'ETH/USD', base: 'ETH' }, data],
        drifted: of({ ...ticker, a: 'n/a' }),
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1m', limit: 2 },
        url: `${host}/get-candlestick?instrument_name=BTC_USD&timeframe=1m&count=2`,
        body: of(...candles),
        data: [
          { openTime: NOW - 60_000, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: true },
          { openTime: NOW, open: 11, high: 11.2, low: 11, close: 11.1, volume: 0, closed: false },
        ],
        drifted: of({ ...candles[0], h: '8' }),
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/get-tickers?instrument_name=BTC_USD`,
        body: of(ticker),
        data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000, asOf: NOW - 500 },
        drifted: of({ ...ticker, v: '' }),
      },
      {
        capability: 'orderBook',
        params: { symbol, depth: 1 },
        url: `${host}/get-book?instrument_name=BTC_USD&depth=1`,
        body: of(book),
        data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], asOf: NOW - 100 },
        drifted: of({ ...book, bids: undefined }),
      },
      {
        capability: 'trades',
        params: { symbol },
        url: `${host}/get-trades?instrument_name=BTC_USD&count=100`,
        body: of(...trades),
        data: [
          { id: '11', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
          { id: '12', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: of({ ...trades[0], t: NOW / 1_000 }),
      },
      {
        capability: 'assets',
        params: {},
        url: `${host}/get-instruments`,
        body: of(instrument('BTC'), instrument('BTC'), instrument('NVDA', 'PERPETUAL_SWAP'), instrument('OLD', 'CCY_PAIR', false), instrument('ETH')),
        data: [
          { id: 'BTC', symbol: 'BTC' },
          { id: 'ETH', symbol: 'ETH' },
        ],
        drifted: of({ symbol: 'BTC_USD', inst_type: 'CCY_PAIR', tradable: true }),
      },
      {
        capability: 'movers',
        params: { direction: 'gainers' },
        url: `${host}/get-tickers`,
        body: of(
          mover('A_USD', '0.05'),
          mover('A_USDT', '0.06'),
          mover('NVDAUSD-PERP', '0.4'),
          mover('TINY_USD', '0.8', '10'),
          mover('BTC_USD', '0.01'),
          mover('D_USD', '-0.03'),
        ),
        data: [
          { id: 'A', symbol: 'A', priceUsd: 110, change24hPercent: 5, volume24hUsd: 5_000_000 },
          { id: 'BTC', symbol: 'BTC', priceUsd: 110, change24hPercent: 1, volume24hUsd: 5_000_000 },
        ],
        drifted: of({ i: 'BTC_USD', price: '1' }),
      },
    ],
    unknown: [
      { capability: 'ticker', ...invalid },
      { capability: 'ticker', status: 400, body: { code: '209', message: 'INVALID_INSTRUMENT' } },
      { capability: 'ticker', body: of() },
      { capability: 'tickers', body: of({ ...ticker, i: 'OTHER_USD' }) },
      { capability: 'candles', ...invalid },
      { capability: 'candles', body: of() },
      { capability: 'volume', ...invalid },
      { capability: 'orderBook', ...invalid },
      { capability: 'trades', ...invalid },
      { capability: 'trades', body: of() },
    ],
    errors: [
      { says: 'too many requests', status: 429, body: { code: 42_901, message: 'TOO_MANY_REQUESTS' }, reason: 'rate-limited' },
      { says: 'too many requests, its code a text', status: 200, body: { code: '42901', message: 'TOO_MANY_REQUESTS' }, reason: 'rate-limited' },
      { says: 'internal error', status: 400, body: { code: 50_001, message: 'ERR_INTERNAL' }, reason: 'unavailable' },
      { says: 'any other code', status: 200, body: { code: 40_003, message: 'INVALID_REQUEST' }, reason: 'bad-request' },
      { says: 'no such method', status: 400, body: { code: 40_002, message: 'METHOD_NOT_FOUND' }, reason: 'bad-response' },
      {
        says: 'no such path',
        status: 404,
        body: { timestamp: '2026-11-01T12:00:00Z', status: 404, error: 'Not Found', path: '/v1/public/x' },
        reason: 'bad-response',
      },
      { says: 'no instrument, to a question without one', ...invalid, capability: 'assets', reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('crypto-com', () => {
  const { candles: chart, orderBook, trades: recent } = provider.endpoints

  it('tells the turnover only where it is in the quote, it comes in dollars', () => {
    const { quoteVolume24h: _, ...rest } = data
    const body = of({ ...ticker, i: 'BTC_USDT' })
    expect(ask(provider, 'ticker', { symbol: 'BTC/USDT' }, { body })).toStrictEqual({ ...rest, symbol: 'BTC/USDT', quote: 'USDT' })
  })

  it('asks for one market alone where a batch is of one, and takes it for unknown where that is refused', () => {
    expect(sent(provider, 'tickers', { symbols: [symbol] })).toBe(`${host}/get-tickers?instrument_name=BTC_USD`)
    expect(sent(provider, 'tickers', { symbols: [symbol, 'ETH/USD'] })).toBe(`${host}/get-tickers`)
    const refused = { status: 400, body: { code: 40004, message: 'Invalid instrument_name' } }
    expect(failureOf(provider, 'tickers', { symbols: ['NOPE/USDT'] }, { headers: new Headers(), ...refused })).toMatchObject({ reason: 'not-found' })
  })

  it('reads a code that is a text', () => {
    expect(ask(provider, 'ticker', { symbol }, { body: { ...of(ticker), code: '0' } })).toStrictEqual(data)
  })

  it('refuses a ticker of another instrument, a perpetual too', () => {
    expect(() => ask(provider, 'ticker', { symbol }, { body: of({ ...ticker, i: 'BTCUSD-PERP' }) })).toThrow('i: the asked one expected')
  })

  it('has real dollars, and asks for them', () => {
    expect(provider.dollarQuote).toBeUndefined()
  })

  it('has its own names for intervals, and not all of them', () => {
    const named = (interval: Interval) =>
      chart.supports?.({ symbol, interval }) ? new URL(sent(provider, 'candles', { symbol, interval })).searchParams.get('timeframe') : undefined
    expect((Object.keys(INTERVAL_MS) as Interval[]).flatMap((interval) => named(interval) ?? [])).toEqual([
      '1m',
      '5m',
      '15m',
      '30m',
      '1h',
      '2h',
      '4h',
      '12h',
      '1D',
      '7D',
      '1M',
    ])
  })

  it('fences candles since a time from both sides', () => {
    const since = Date.UTC(2026, 0, 1)
    expect(sent(provider, 'candles', { symbol, interval: '2h', limit: 12, since })).toBe(
      `${host}/get-candlestick?instrument_name=BTC_USD&timeframe=2h&count=300&start_ts=${since - 1}&end_ts=${since + 86_400_000 - 1}`,
    )
    expect(sent(provider, 'candles', { symbol, interval: '1M', limit: 1, since })).toContain(`end_ts=${Date.UTC(2026, 1, 1) - 1}`)
    expect(failureOf(provider, 'candles', { symbol, interval: '2h', since }, { status: 200, headers: new Headers(), body: of() })).toBeUndefined()
  })

  it('says no to more rows than one call brings', () => {
    expect([chart.supports?.({ symbol, interval: '1d', limit: 300 }), chart.supports?.({ symbol, interval: '1d', limit: 301 })]).toEqual([true, false])
    expect([orderBook.supports?.({ symbol, depth: 50 }), orderBook.supports?.({ symbol, depth: 51 })]).toEqual([true, false])
    expect([recent.supports?.({ symbol, limit: 150 }), recent.supports?.({ symbol, limit: 151 })]).toEqual([true, false])
  })
})
