import { describe, expect, it } from 'vitest'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { bitstamp } from '../../src/providers/bitstamp.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, NOW, sent } from '../support/ask.js'

const provider = bitstamp()
const host = 'https://www.bitstamp.net/api/v2'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }
const seconds = (offset: number) => String((NOW + offset) / 1_000)

const ticker = {
  timestamp: seconds(-1_000),
  open: '109',
  high: '115',
  low: '95',
  last: '110',
  volume: '40000',
  vwap: '105',
  bid: '109.9',
  ask: '110.1',
  side: '0',
  open_24: '100',
  percent_change_24: '10.00',
  market_type: 'SPOT',
}
const listed = (name: string, changes: object = {}) => ({ ...ticker, pair: name, market: name, ...changes })
const contract = listed('BTC/USD-PERP', { market_type: 'PERPETUAL', last: '111', open_24: '50', index_price: '110' })
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
  asOf: NOW - 1_000,
}
const ohlc = (...rows: unknown[]) => ({ data: { pair: 'BTC/USD', ohlc: rows } })
const candle = (offset: number, changes: object = {}) => ({
  timestamp: seconds(offset),
  open: '10',
  high: '12',
  low: '9',
  close: '11',
  volume: '5',
  ...changes,
})
const book = {
  timestamp: seconds(-1_000),
  microtimestamp: `${NOW - 500}123`,
  bids: [
    ['10', '1'],
    ['9.9', '2'],
  ],
  asks: [
    ['10.1', '3'],
    ['10.2', '4'],
  ],
}
const trade = { date: seconds(-1_000), tid: '2', type: '0', price: '10.1', amount: '0.6' }
const market = (base_currency: string, counter_currency: string, changes: object = {}) => ({
  name: `${base_currency}/${counter_currency}`,
  market_symbol: `${base_currency}${counter_currency}`.toLowerCase(),
  base_currency,
  counter_currency,
  trading: 'Enabled',
  market_type: 'SPOT',
  ...changes,
})
const missing = { status: 404, body: '<html><head><title>404 Not Found</title></head></html>' }

describeProvider(
  bitstamp,
  {
    answers: [
      { capability: 'ticker', params: { symbol }, url: `${host}/ticker/btcusd/`, body: ticker, data, drifted: { ...ticker, last: '' } },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USD', 'NOPE/USD', 'NEW/USD', symbol] },
        url: `${host}/ticker/`,
        body: [contract, listed('BTC/USD'), listed('NEW/USD', { last: '0.00', open_24: null }), listed('ETH/USD', { market_type: undefined })],
        data: [{ ...data, symbol: 'ETH/USD', base: 'ETH' }, data],
        drifted: [listed('BTC/USD', { last: null })],
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1m', limit: 2 },
        url: `${host}/ohlc/btcusd/?step=60&limit=2`,
        body: ohlc(candle(-60_000), candle(0, { volume: '0.00000000' })),
        data: [
          { openTime: NOW - 60_000, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: true },
          { openTime: NOW, open: 10, high: 12, low: 9, close: 11, volume: 0, closed: false },
        ],
        drifted: ohlc(candle(0, { low: '13' })),
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/ticker/btcusd/`,
        body: ticker,
        data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000, asOf: NOW - 1_000 },
        drifted: { ...ticker, volume: null },
      },
      {
        capability: 'orderBook',
        params: { symbol, depth: 1 },
        url: `${host}/order_book/btcusd/`,
        body: book,
        data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], asOf: NOW - 500 },
        drifted: { ...book, bids: {} },
      },
      {
        capability: 'trades',
        params: { symbol },
        url: `${host}/transactions/btcusd/?time=hour`,
        body: [trade, { ...trade, date: seconds(-2_000), tid: '1', type: '1', price: '10', amount: '0.5' }],
        data: [
          { id: '1', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
          { id: '2', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: [{ ...trade, date: String(NOW) }],
      },
      {
        capability: 'assets',
        params: {},
        url: `${host}/markets/`,
        body: [
          market('BTC', 'USD'),
          market('BTC', 'EUR'),
          market('OLD', 'USD', { trading: 'Disabled' }),
          market('GOLD', 'USD', { market_type: 'PERPETUAL' }),
          market('ETH', 'USD', { market_type: undefined }),
        ],
        data: [
          { id: 'BTC', symbol: 'BTC' },
          { id: 'ETH', symbol: 'ETH' },
        ],
        drifted: [{ market_symbol: 'btcusd', trading: 'Enabled' }],
      },
      {
        capability: 'movers',
        params: { direction: 'gainers' },
        url: `${host}/ticker/`,
        body: [
          contract,
          listed('A/USD', { last: '105' }),
          listed('JUP/USD', { last: '109' }),
          listed('TINY/USD', { last: '180', volume: '1' }),
          listed('EUR/USD', { last: '150' }),
          listed('X/EUR', { last: '170' }),
          listed('D/USD', { last: '97' }),
          listed('NEW/USD', { open_24: null }),
        ],
        data: [
          { id: 'JUP', symbol: 'JUP', priceUsd: 109, change24hPercent: 9, volume24hUsd: 4_200_000 },
          { id: 'A', symbol: 'A', priceUsd: 105, change24hPercent: 5, volume24hUsd: 4_200_000 },
        ],
        drifted: [{ pair: 'BTC/USD', price: '1' }],
      },
    ],
    unknown: [
      { capability: 'ticker', body: [listed('BTC/USD'), contract] },
      { capability: 'ticker', ...missing },
      { capability: 'tickers', params: { symbols: ['NOPE/USD'] }, body: [listed('BTC/USD')] },
      { capability: 'candles', ...missing },
      { capability: 'volume', body: [listed('BTC/USD')] },
      { capability: 'orderBook', ...missing },
      { capability: 'trades', ...missing },
    ],
    errors: [
      {
        says: 'request rejected due to exceeded rate limit',
        status: 400,
        body: { status: 'error', reason: 'Request rejected due to exceeded rate limit', code: '400.002' },
        reason: 'rate-limited',
      },
      { says: 'exceeded market rate limit', body: { response_code: '400.068', response_explanation: 'exceeded market rate limit' }, reason: 'rate-limited' },
      {
        says: 'under scheduled maintenance',
        body: { status: 'error', reason: `Bitstamp.net is under scheduled maintenance. We'll be back soon.` },
        reason: 'unavailable',
      },
      { says: 'a wrong parameter, in a list of texts', body: { status: 'error', reason: { step: ['Not a valid choice.'] } }, reason: 'bad-request' },
      { says: 'a wrong parameter', status: 400, body: { code: 'Validation error', errors: [{ field: 'limit' }] }, reason: 'bad-request' },
      { says: 'no such list', capability: 'assets', status: 404, body: { message: 'Not found.' }, reason: 'bad-response' },
    ],
  },
  { describe, it },
)

describe('bitstamp', () => {
  it('has no change without an open of 24 h ago, whatever the open of the day', () => {
    const ticker24h = ask(provider, 'ticker', { symbol }, { body: { ...ticker, open_24: null, percent_change_24: null } })
    expect(ticker24h).toMatchObject({ last: 110, volume24h: 40_000 })
    for (const member of ['open24h', 'change24h', 'change24hPercent']) expect(ticker24h).not.toHaveProperty(member)
  })

  it('has no turnover without an average price', () => {
    expect(ask(provider, 'volume', { symbol }, { body: { ...ticker, vwap: '0' } })).toStrictEqual({ ...pair, volume24h: 40_000, asOf: NOW - 1_000 })
  })

  it('asks for candles since a time by their start alone, on the first that begins then', () => {
    const query = (since: number) => new URL(sent(provider, 'candles', { symbol, interval: '1h', since, limit: 3 })).search
    expect(query(NOW - 36_000_000)).toBe(`?step=3600&limit=3&start=${seconds(-36_000_000)}`)
    expect(query(NOW - 36_000_001)).toBe(query(NOW - 36_000_000))
  })

  it('has every interval but weeks and months, and no more rows than one call brings', () => {
    const { candles, trades } = provider.endpoints
    const has = (Object.keys(INTERVAL_MS) as Interval[]).filter((interval) => candles.supports?.({ symbol, interval }))
    expect(has).toEqual(['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d'])
    expect([1_000, 1_001].map((limit) => candles.supports?.({ symbol, interval: '1d', limit }))).toEqual([true, false])
    expect([1_000, 1_001].map((limit) => trades.supports?.({ symbol, limit }))).toEqual([true, false])
  })

  it('writes a pair into the path as nothing but a part of it', () => {
    expect(sent(provider, 'ticker', { symbol }, { native: { BTC: '../x' } })).toBe(`${host}/ticker/..%2Fxusd/`)
  })

  it('lists the losers with the deepest fall first', () => {
    const body = [listed('A/USD', { last: '95' }), listed('B/USD', { last: '91' }), listed('C/USD', { last: '102' })]
    expect(ask(provider, 'movers', { direction: 'losers', limit: 1 }, { body })).toEqual([expect.objectContaining({ id: 'B', change24hPercent: -9 })])
  })

  it('knows the side whether it is told as a text or as a number, and no other', () => {
    const body = ['0', 0, '1', 1, 2, null].map((type) => ({ ...trade, type })).toReversed()
    const sides = ask(provider, 'trades', { symbol }, { body }).map(({ side }) => side)
    expect(sides).toEqual(['buy', 'buy', 'sell', 'sell', undefined, undefined])
  })

  it('takes an hour without trades for just that', () => {
    expect(ask(provider, 'trades', { symbol }, { body: [] })).toEqual([])
  })
})
