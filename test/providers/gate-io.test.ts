import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { gateIo } from '../../src/providers/gate-io.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, failureOf, NOW, sent } from '../support/ask.js'

const provider = gateIo()
const host = 'https://api.gateio.ws/api/v4/spot'
const symbol = 'BTC/USDT'
const pair = { symbol, base: 'BTC', quote: 'USDT' }
const seconds = (offset: number) => String((NOW + offset) / 1_000)

const ticker = {
  currency_pair: 'BTC_USDT',
  last: '110',
  lowest_ask: '110.1',
  lowest_size: '0.5',
  highest_bid: '109.9',
  highest_size: '0.7',
  change_percentage: '1.5',
  change_utc0: '9.1',
  change_utc8: '9.2',
  base_volume: '40000',
  quote_volume: '4200000',
  high_24h: '115',
  low_24h: '95',
}
const data = {
  ...pair,
  last: 110,
  bid: 109.9,
  ask: 110.1,
  high24h: 115,
  low24h: 95,
  change24hPercent: 1.5,
  volume24h: 40_000,
  quoteVolume24h: 4_200_000,
}
const candle = [seconds(-60_000), '52.5', '11', '12', '9', '10', '5', 'true']
const trade = {
  id: '2',
  create_time: seconds(-1_000),
  create_time_ms: `${NOW - 1_000}.250000`,
  currency_pair: 'BTC_USDT',
  side: 'buy',
  amount: '0.6',
  price: '10.1',
}
const book = {
  id: 7,
  current: NOW - 100,
  update: NOW - 300,
  asks: [
    ['10.1', '3'],
    ['10.2', '4'],
  ],
  bids: [
    ['10', '1'],
    ['9.9', '2'],
  ],
}
const mover = (currency_pair: string, change_percentage: string, quote_volume = '5000000') => ({ ...ticker, currency_pair, change_percentage, quote_volume })
const unlisted = { status: 400, body: { label: 'INVALID_CURRENCY', message: 'Invalid currency NOPE' } }
const refused = { status: 400, body: { label: 'INVALID_CURRENCY_PAIR', message: 'Invalid currency pair NOPE_USDT' } }
const nothing = { body: [] }

describeProvider(
  gateIo,
  {
    answers: [
      { capability: 'ticker', params: { symbol }, url: `${host}/tickers?currency_pair=BTC_USDT`, body: [ticker], data, drifted: [{ ...ticker, last: null }] },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USDT', 'NOPE/USDT', 'NEW/USDT', symbol] },
        url: `${host}/tickers`,
        body: [ticker, { ...ticker, currency_pair: 'NEW_USDT', last: '0' }, { ...ticker, currency_pair: 'ETH_USDT' }],
        data: [{ ...data, symbol: 'ETH/USDT', base: 'ETH' }, data],
        drifted: [{ ...ticker, last: 'n/a' }],
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1m', limit: 2 },
        url: `${host}/candlesticks?currency_pair=BTC_USDT&interval=1m&limit=2`,
        body: [candle, [seconds(0), '11.1', '11.1', '11.2', '11.1', '11.2', '1', 'false']],
        data: [
          { openTime: NOW - 60_000, open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 52.5, closed: true },
          { openTime: NOW, open: 11.2, high: 11.2, low: 11.1, close: 11.1, volume: 1, quoteVolume: 11.1, closed: false },
        ],
        // read as [time, volume, open, high, low, close] it could not be
        drifted: [[seconds(-60_000), '52.5', '10', '9', '12', '11', '5', 'true']],
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/tickers?currency_pair=BTC_USDT`,
        body: [ticker],
        data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000 },
        drifted: [{ ...ticker, base_volume: '' }],
      },
      {
        capability: 'orderBook',
        params: { symbol, depth: 1 },
        url: `${host}/order_book?currency_pair=BTC_USDT&limit=1&with_id=true`,
        body: book,
        data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], asOf: NOW - 100, sequence: 7 },
        drifted: { ...book, bids: undefined },
      },
      {
        capability: 'trades',
        params: { symbol, limit: 2 },
        url: `${host}/trades?currency_pair=BTC_USDT&limit=2`,
        body: [trade, { ...trade, id: '1', create_time_ms: `${NOW - 2_000}.000000`, side: 'sell', amount: '0.5', price: '10' }],
        data: [
          { id: '1', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
          { id: '2', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: [{ ...trade, create_time_ms: seconds(0) }],
      },
      {
        capability: 'assets',
        params: {},
        url: `${host}/currencies`,
        body: [
          { currency: 'BTC', name: 'Bitcoin', delisted: false, trade_disabled: false, category: [] },
          { currency: 'OLD', name: 'Old', delisted: true, trade_disabled: false },
          { currency: 'OFF', name: 'Off', delisted: false, trade_disabled: true },
          { currency: 'ETH', delisted: false, trade_disabled: false },
        ],
        data: [
          { id: 'BTC', symbol: 'BTC', name: 'Bitcoin' },
          { id: 'ETH', symbol: 'ETH' },
        ],
        drifted: [{ code: 'BTC', name: 'Bitcoin' }],
      },
      {
        capability: 'movers',
        params: { direction: 'gainers' },
        url: `${host}/tickers`,
        body: [
          mover('A_USDT', '5'),
          mover('JUP_USDT', '9'),
          mover('BTC_USDT', '1.5'),
          mover('BTC3L_USDT', '50'),
          mover('TINY_USDT', '80', '10'),
          mover('X_BTC', '70'),
          mover('D_USDT', '-3'),
          mover('NEW_USDT', ''),
        ],
        data: [
          { id: 'JUP', symbol: 'JUP', priceUsd: 110, change24hPercent: 9, volume24hUsd: 5_000_000 },
          { id: 'A', symbol: 'A', priceUsd: 110, change24hPercent: 5, volume24hUsd: 5_000_000 },
          { id: 'BTC', symbol: 'BTC', priceUsd: 110, change24hPercent: 1.5, volume24hUsd: 5_000_000 },
        ],
        drifted: [{ currency_pair: 'BTC_USDT', price: '1' }],
      },
    ],
    unknown: [
      { capability: 'ticker', ...unlisted },
      { capability: 'ticker', ...refused },
      { capability: 'ticker', ...nothing },
      { capability: 'tickers', params: { symbols: ['NOPE/USDT'] }, body: [ticker] },
      { capability: 'candles', ...refused },
      { capability: 'candles', ...nothing },
      { capability: 'volume', ...unlisted },
      { capability: 'orderBook', ...unlisted },
      { capability: 'trades', ...refused },
      { capability: 'trades', ...nothing },
    ],
    errors: [
      { says: 'too many requests', status: 429, body: { label: 'TOO_MANY_REQUESTS', message: 'Request Rate Limit Exceeded' }, reason: 'rate-limited' },
      {
        says: 'too many requests until the next window',
        status: 429,
        headers: { 'x-gate-ratelimit-reset-timestamp': seconds(6_000), date: new Date(NOW).toUTCString() },
        body: { label: 'TOO_MANY_REQUESTS', message: 'Request Rate Limit Exceeded' },
        reason: 'rate-limited',
        retryAfterMs: 6_000,
      },
      { says: 'internal server error', status: 500, body: { label: 'SERVER_ERROR', message: 'Internal server error' }, reason: 'unavailable' },
      { says: 'too busy', status: 400, body: { label: 'TOO_BUSY', message: 'Server is busy' }, reason: 'unavailable' },
      { says: 'address not allowed', status: 403, body: { label: 'FORBIDDEN', message: 'Request IP not in whitelist' }, reason: 'unauthorized' },
      { says: 'invalid parameter', status: 400, body: { label: 'INVALID_PARAM_VALUE', message: 'Invalid interval' }, reason: 'bad-request' },
      { says: 'no public path', status: 400, body: { label: 'MISSING_REQUIRED_HEADER', message: 'Missing required header' }, reason: 'bad-response' },
      { says: 'no such path', status: 404, body: { label: 'NOT_FOUND', message: 'Not Found' }, reason: 'bad-response' },
    ],
  },
  { describe, it },
)

describe('gate-io', () => {
  it('asks for candles since a time by two times, as a number of them is refused beside them', () => {
    const asked = (since: number, limit: number, interval: Interval = '1h') => {
      const { searchParams } = new URL(sent(provider, 'candles', { symbol, interval, since, limit }))
      return ['from', 'to', 'limit'].map((name) => searchParams.get(name))
    }
    expect(asked(NOW - 36_000_000, 3)).toEqual([seconds(-36_000_000), seconds(-28_800_000), null])
    expect(asked(NOW - 36_000_001, 1)).toEqual([seconds(-36_000_000), seconds(-36_000_000), null])
    expect(asked(NOW - 3_600_000, 100)).toEqual([seconds(-3_600_000), seconds(0), null])
  })

  it('asks for one market alone where a batch is of one, and takes it for unknown where that is refused', () => {
    expect(sent(provider, 'tickers', { symbols: [symbol] })).toBe(`${host}/tickers?currency_pair=BTC_USDT`)
    expect(sent(provider, 'tickers', { symbols: [symbol, 'ETH/USDT'] })).toBe(`${host}/tickers`)
    const empty = { status: 200, body: [] }
    expect(failureOf(provider, 'tickers', { symbols: ['NOPE/USDT'] }, { headers: new Headers(), ...empty })).toMatchObject({ reason: 'not-found' })
  })

  it('takes no candles since a time for none yet', () => {
    expect(ask(provider, 'candles', { symbol, interval: '1m', since: NOW }, { body: [] })).toEqual([])
  })

  it('tells by the clock whether a candle of the older, shorter form is closed', () => {
    const body = [candle.slice(0, 6), [seconds(0), '1', '11', '11', '11', '11']]
    expect(ask(provider, 'candles', { symbol, interval: '1m' }, { body })).toStrictEqual([
      { openTime: NOW - 60_000, open: 10, high: 12, low: 9, close: 11, quoteVolume: 52.5, closed: true },
      { openTime: NOW, open: 11, high: 11, low: 11, close: 11, quoteVolume: 1, closed: false },
    ])
  })

  it('has the intervals that begin with UTC, and no more rows than one call brings', () => {
    const { candles, orderBook, trades } = provider.endpoints
    const has = (Object.keys(INTERVAL_MS) as Interval[]).filter((interval) => candles.supports?.({ symbol, interval }))
    expect(has).toEqual(['1m', '5m', '15m', '30m', '1h', '4h', '1d'])
    expect([1_000, 1_001].map((limit) => candles.supports?.({ symbol, interval: '1h', limit }))).toEqual([true, false])
    expect([100, 101].map((depth) => orderBook.supports?.({ symbol, depth }))).toEqual([true, false])
    expect([1_000, 1_001].map((limit) => trades.supports?.({ symbol, limit }))).toEqual([true, false])
  })

  it('refuses a ticker of another market', () => {
    expect(() => ask(provider, 'ticker', { symbol: 'ETH/USDT' }, { body: [ticker] })).toThrow(BadResponseError)
  })

  it('leaves a longer wait to Retry-After', () => {
    const headers = new Headers({ 'retry-after': '30', 'x-gate-ratelimit-reset-timestamp': seconds(6_000), date: new Date(NOW).toUTCString() })
    expect(failureOf(provider, 'ticker', { symbol }, { status: 429, headers, body: '' })).toEqual({ reason: 'rate-limited' })
  })

  it('reads what is left of the window, and nothing where it is not told', () => {
    const told = (headers: Record<string, string>) => provider.usage?.(new Headers(headers), [])
    const left = { 'x-gate-ratelimit-requests-remain': '12', 'x-gate-ratelimit-limit': '200' }
    expect(told(left)).toEqual([{ perMs: 10_000, kind: 'requests', remaining: 12, limit: 200 }])
    expect(told({ ...left, 'x-gate-ratelimit-reset-timestamp': seconds(0) })).toEqual([
      { perMs: 10_000, kind: 'requests', remaining: 12, limit: 200, resetsAt: NOW },
    ])
    expect(told({})).toEqual([])
    expect(told({ 'x-gate-ratelimit-limit': '200' })).toEqual([])
  })
})
