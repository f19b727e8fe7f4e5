import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/errors.js'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { gemini } from '../../src/providers/gemini.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, failureOf, NOW, sent } from '../support/ask.js'

const provider = gemini()
const host = 'https://api.gemini.com'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }

const ticker = { symbol: 'BTCUSD', open: '100', high: '115', low: '95', close: '110', changes: ['109', '108'], bid: '109.9', ask: '110.1' }
const data = { ...pair, last: 110, bid: 109.9, ask: 110.1, open24h: 100, high24h: 115, low24h: 95, change24h: 10, change24hPercent: 10 }
const price = (name: string, last: string, percentChange24h = '0.015') => ({ pair: name, price: last, percentChange24h })
const pubticker = { bid: '109.9', ask: '110.1', last: '110', volume: { BTC: '40000', USD: '4200000', timestamp: NOW - 500 } }
const candles = [
  [NOW, 11, 11.2, 11, 11.1, 0],
  [NOW - 60_000, 10, 12, 9, 11, 5],
]
const level = (at: string, amount: string) => ({ price: at, amount, timestamp: '1550' })
const book = { bids: [level('10', '1'), level('9.9', '2')], asks: [level('10.1', '3'), level('10.2', '4')] }
const trade = { timestamp: NOW / 1_000 - 1, timestampms: NOW - 1_000, tid: 12, price: '10.1', amount: '0.6', exchange: 'gemini', type: 'buy', broken: false }
const trades = [
  trade,
  { ...trade, tid: 99, price: '1', broken: true },
  { ...trade, timestampms: NOW - 2_000, tid: 11, price: '10', amount: '0.5', type: 'sell' },
]
const names = ['btcusd', 'btcgusd', 'ethbtc', 'ethusd', 'paxgusd', 'solusdc', 'btcrlusd', 'gusdusd', 'rlusdusd', 'usdtusd', 'btcgusdperp']
const invalid = {
  status: 400,
  body: {
    result: 'error',
    reason: 'Bad Request',
    message: `Supplied value 'nopeusd' is not a valid symbol. Please correct your API request to use this symbol. Available symbols: ${names.join().repeat(50)}`,
  },
}

describeProvider(
  gemini,
  {
    answers: [
      { capability: 'ticker', params: { symbol }, url: `${host}/v2/ticker/btcusd`, body: ticker, data, drifted: { ...ticker, close: undefined } },
      {
        capability: 'tickers',
        params: { symbols: ['LINK/ETH', 'NOPE/USD', 'NEW/USD', symbol] },
        url: `${host}/v1/pricefeed`,
        body: [price('BTCUSD', '110'), price('NEWUSD', '0'), price('LINKETH', '0.018', '-0.25')],
        data: [
          { symbol: 'LINK/ETH', base: 'LINK', quote: 'ETH', last: 0.018, change24hPercent: -25 },
          { ...pair, last: 110, change24hPercent: 1.5 },
        ],
        drifted: [{ ...price('BTCUSD', '110'), price: null }],
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1m' },
        url: `${host}/v2/candles/btcusd/1m`,
        body: candles,
        data: [
          { openTime: NOW - 60_000, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: true },
          { openTime: NOW, open: 11, high: 11.2, low: 11, close: 11.1, volume: 0, closed: false },
        ],
        drifted: [[NOW, 10, 9, 12, 11, 5]],
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/v1/pubticker/btcusd`,
        body: pubticker,
        data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000, asOf: NOW - 500 },
        drifted: { ...pubticker, volume: '40000' },
      },
      {
        capability: 'orderBook',
        params: { symbol, depth: 1 },
        url: `${host}/v1/book/btcusd?limit_bids=1&limit_asks=1`,
        body: book,
        data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]] },
        drifted: { ...book, bids: undefined },
      },
      {
        capability: 'trades',
        params: { symbol },
        url: `${host}/v1/trades/btcusd?limit_trades=100`,
        body: trades,
        data: [
          { id: '11', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
          { id: '12', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: [{ ...trade, timestampms: NOW / 1_000 }],
      },
      {
        capability: 'assets',
        params: {},
        url: `${host}/v1/symbols`,
        body: names,
        data: ['BTC', 'ETH', 'PAXG', 'SOL', 'GUSD', 'RLUSD', 'USDT'].map((id) => ({ id, symbol: id })),
        drifted: [{ symbol: 'btcusd' }],
      },
    ],
    unknown: [
      { capability: 'ticker', ...invalid },
      { capability: 'tickers', body: [price('OTHERUSD', '1')] },
      { capability: 'candles', ...invalid },
      { capability: 'candles', body: [] },
      { capability: 'volume', ...invalid },
      { capability: 'orderBook', ...invalid },
      { capability: 'trades', ...invalid },
      { capability: 'trades', body: [] },
    ],
    errors: [
      { says: 'rate limit', status: 429, body: { result: 'error', reason: 'RateLimit', message: 'Requests were made too frequently' }, reason: 'rate-limited' },
      {
        says: 'maintenance, with a 200',
        body: { result: 'error', reason: 'Maintenance', message: 'The system is down for maintenance' },
        reason: 'unavailable',
      },
      {
        says: 'maintenance',
        status: 503,
        body: { result: 'error', reason: 'Maintenance', message: 'The system is down for maintenance' },
        reason: 'unavailable',
      },
      {
        says: 'a wrong time frame',
        status: 400,
        body: { result: 'error', reason: 'InvalidParameterValue', message: 'time_frame expects one of …' },
        reason: 'bad-request',
      },
      { says: 'any other word', body: { result: 'error', reason: 'Odd', message: 'Something else' }, reason: 'bad-request' },
      {
        says: 'no such path',
        status: 404,
        body: { result: 'error', reason: 'EndpointNotFound', message: 'API entry point not found' },
        reason: 'bad-response',
      },
      { says: 'no symbol, to a question without one', ...invalid, capability: 'assets', reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('gemini', () => {
  const { candles: chart, trades: recent } = provider.endpoints

  it('does not repeat the list of all symbols', () => {
    const told = failureOf(provider, 'ticker', { symbol: 'NOPE/USD' }, { status: 400, headers: new Headers(), body: invalid.body })
    expect(told?.message).toMatch(/^Bad Request: Supplied value 'nopeusd' is not a valid symbol/)
    expect(told?.message?.length).toBeLessThan(120)
  })

  it('takes the volumes by their currency', () => {
    const body = { ...pubticker, volume: { ETH: '30', BTC: '2', timestamp: NOW } }
    expect(ask(provider, 'volume', { symbol: 'ETH/BTC' }, { body })).toEqual({
      symbol: 'ETH/BTC',
      base: 'ETH',
      quote: 'BTC',
      volume24h: 30,
      quoteVolume24h: 2,
      asOf: NOW,
    })
    expect(() => ask(provider, 'volume', { symbol: 'LTC/BTC' }, { body })).toThrow('volume')
  })

  it('refuses a ticker of another market', () => {
    expect(() => ask(provider, 'ticker', { symbol: 'ETH/USD' }, { body: ticker })).toThrow('symbol')
  })

  it('has its own names for intervals, and no days, which begin at 04:00 UTC', () => {
    const named = (interval: Interval) =>
      chart.supports?.({ symbol, interval }) ? sent(provider, 'candles', { symbol, interval }).split('/').at(-1) : undefined
    expect((Object.keys(INTERVAL_MS) as Interval[]).flatMap((interval) => named(interval) ?? [])).toEqual(['1m', '5m', '15m', '30m', '1hr', '6hr'])
  })

  it('does not take 6 hours of New York for ones of UTC', () => {
    const rows = (hour: number) => [[Date.UTC(2026, 9, 31, hour), 10, 12, 9, 11, 5]]
    expect(ask(provider, 'candles', { symbol, interval: '6h' }, { body: rows(6) })).toHaveLength(1)
    expect(() => ask(provider, 'candles', { symbol, interval: '6h' }, { body: rows(4) })).toThrow(ProviderError)
  })

  it('begins at the given time, and refuses one before its window', () => {
    const body = Array.from({ length: 1_440 }, (_, i) => [NOW - i * 60_000, 10, 12, 9, 11, 5])
    const since = (time: number) => ask(provider, 'candles', { symbol, interval: '1m', limit: 2, since: time }, { body }).map(({ openTime }) => openTime)
    const oldest = NOW - 1_439 * 60_000
    expect(since(NOW - 120_000)).toEqual([NOW - 120_000, NOW - 60_000])
    expect(since(oldest - 1)).toEqual([oldest, oldest + 60_000])
    expect(() => since(oldest - 60_000)).toThrow(ProviderError)
  })

  it('has all there is of a young market', () => {
    expect(ask(provider, 'candles', { symbol, interval: '1m', since: NOW - 3_600_000 }, { body: candles })).toHaveLength(2)
  })

  it('says no to more rows than one call brings', () => {
    expect([chart.supports?.({ symbol, interval: '1m', limit: 1_440 }), chart.supports?.({ symbol, interval: '1m', limit: 1_441 })]).toEqual([true, false])
    expect([recent.supports?.({ symbol, limit: 500 }), recent.supports?.({ symbol, limit: 501 })]).toEqual([true, false])
  })
})
