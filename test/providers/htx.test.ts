import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/errors.js'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { htx } from '../../src/providers/htx.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, NOW, sent } from '../support/ask.js'

const provider = htx()
const host = 'https://api.huobi.pro'
const symbol = 'BTC/USDT'
const pair = { symbol, base: 'BTC', quote: 'USDT' }

const tick = {
  id: 301,
  version: 301,
  open: 100,
  close: 110,
  low: 95,
  high: 115,
  amount: 40_000,
  vol: 4_200_000,
  count: 9_000,
  bid: [109.9, 0.2],
  ask: [110.1, 0.8],
}
const merged = (changes: object = {}) => ({ ch: 'market.btcusdt.detail.merged', status: 'ok', ts: NOW - 500, tick: { ...tick, ...changes } })
const listed = {
  symbol: 'btcusdt',
  open: 109,
  high: 115,
  low: 95,
  close: 110,
  amount: 40_000,
  vol: 4_200_000,
  count: 9_000,
  bid: 109.9,
  bidSize: 0.2,
  ask: 110.1,
  askSize: 0.8,
}
const of = (...data: unknown[]) => ({ status: 'ok', ts: NOW - 500, data })
const fromList = {
  ...pair,
  last: 110,
  bid: 109.9,
  ask: 110.1,
  high24h: 115,
  low24h: 95,
  volume24h: 40_000,
  quoteVolume24h: 4_200_000,
  asOf: NOW - 500,
}
const candle = (offset: number, changes: object = {}) => ({
  id: (NOW + offset) / 1_000,
  open: 10,
  close: 11,
  low: 9,
  high: 12,
  amount: 5,
  vol: 52.5,
  count: 3,
  ...changes,
})
const book = {
  ts: NOW - 100,
  version: 7,
  bids: [
    [10, 1],
    [9.9, 2],
  ],
  asks: [
    [10.1, 3],
    [10.2, 4],
  ],
}
const trade = (offset: number, changes: object = {}) => ({
  id: 1.361087643793484e26,
  ts: NOW + offset,
  'trade-id': 2,
  amount: 0.6,
  price: 10.1,
  direction: 'buy',
  ...changes,
})
const failed = (code: string, text: string) => ({ status: 'error', 'err-code': code, 'err-msg': text, data: null })
const unlisted = { body: failed('invalid-parameter', 'invalid symbol') }

describeProvider(
  htx,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol },
        url: `${host}/market/detail/merged?symbol=btcusdt`,
        body: merged(),
        data: { ...fromList, open24h: 100, change24h: 10, change24hPercent: 10 },
        drifted: merged({ close: 0 }),
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USDT', 'NOPE/USDT', 'DEAD/USDT', symbol] },
        url: `${host}/market/tickers`,
        body: of(
          listed,
          { ...listed, symbol: 'deadusdt', open: 0, high: 0, low: 0, close: 0, amount: 0, vol: 0, bid: 0, ask: 0 },
          { ...listed, symbol: 'ethusdt' },
        ),
        data: [{ ...fromList, symbol: 'ETH/USDT', base: 'ETH' }, fromList],
        drifted: of({ ...listed, close: null }),
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1m', limit: 2 },
        url: `${host}/market/history/kline?symbol=btcusdt&period=1min&size=2`,
        body: of(candle(0, { amount: 0, vol: 0 }), candle(-60_000)),
        data: [
          { openTime: NOW - 60_000, open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 52.5, closed: true },
          { openTime: NOW, open: 10, high: 12, low: 9, close: 11, volume: 0, quoteVolume: 0, closed: false },
        ],
        drifted: of({ ...candle(0), id: NOW }),
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/market/detail/merged?symbol=btcusdt`,
        body: merged(),
        data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000, asOf: NOW - 500 },
        drifted: merged({ amount: undefined }),
      },
      {
        capability: 'orderBook',
        params: { symbol, depth: 1 },
        url: `${host}/market/depth?symbol=btcusdt&type=step0&depth=5`,
        body: { ch: 'market.btcusdt.depth.step0', status: 'ok', ts: NOW, tick: book },
        data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], asOf: NOW - 100, sequence: 7 },
        drifted: { status: 'ok', ts: NOW, tick: { ...book, asks: null } },
      },
      {
        capability: 'trades',
        params: { symbol, limit: 3 },
        url: `${host}/market/history/trade?symbol=btcusdt&size=3`,
        body: of(
          { id: 12, ts: NOW - 1_000, data: [trade(-1_000, { 'trade-id': 4 }), trade(-1_000, { 'trade-id': 3, direction: 'sell' })] },
          { id: 11, ts: NOW - 2_000, data: [trade(-2_000), trade(-2_000, { 'trade-id': 1 })] },
        ),
        data: [
          { id: '2', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 2_000 },
          { id: '3', price: 10.1, amount: 0.6, side: 'sell', at: NOW - 1_000 },
          { id: '4', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: of(trade(-1_000)),
      },
      {
        capability: 'assets',
        params: {},
        url: `${host}/v2/settings/common/symbols`,
        body: of(
          { sc: 'btcusdt', bc: 'btc', qc: 'usdt', state: 'online' },
          { sc: 'btceur', bc: 'btc', qc: 'eur', state: 'online' },
          { sc: 'oldusdt', bc: 'old', qc: 'usdt', state: 'offline' },
          { sc: 'ethusdt', bc: 'eth', qc: 'usdt', state: 'online' },
        ),
        data: [
          { id: 'btc', symbol: 'BTC' },
          { id: 'eth', symbol: 'ETH' },
        ],
        drifted: of({ sc: 'btcusdt', state: 'online' }),
      },
    ],
    unknown: [
      { capability: 'ticker', ...unlisted },
      { capability: 'ticker', body: failed('base-symbol-error', 'The symbol is invalid') },
      { capability: 'tickers', params: { symbols: ['NOPE/USDT'] }, body: of(listed) },
      { capability: 'candles', ...unlisted },
      { capability: 'candles', body: of() },
      { capability: 'volume', ...unlisted },
      { capability: 'orderBook', ...unlisted },
      { capability: 'trades', ...unlisted },
      { capability: 'trades', body: of() },
    ],
    errors: [
      { says: 'exceeded rate limit', body: failed('rate-too-many-requests', 'exceeded rate limit'), reason: 'rate-limited' },
      { says: 'request limit', body: failed('invalid-parameter', 'request limit'), reason: 'rate-limited' },
      { says: 'system is in maintenance', body: failed('system-maintenance', 'System is in maintenance!'), reason: 'unavailable' },
      { says: 'request timeout', body: failed('invalid-parameter', 'request timeout'), reason: 'unavailable' },
      { says: 'another wrong parameter', body: failed('invalid-parameter', 'invalid period'), reason: 'bad-request' },
      { says: 'an unknown error behind a failing status', status: 503, body: failed('base-unheard-of', ''), reason: 'unavailable' },
      { says: 'no such path', status: 404, body: { timestamp: NOW, path: '/market/nope' }, reason: 'bad-response' },
    ],
  },
  { describe, it },
)

describe('htx', () => {
  it('has no change from the list of all markets, whose open is that of the day in Singapore', () => {
    const [ticker] = ask(provider, 'tickers', { symbols: [symbol] }, { body: of(listed) })
    expect(ticker).toMatchObject({ last: 110, volume24h: 40_000 })
    for (const member of ['open24h', 'change24h', 'change24hPercent']) expect(ticker).not.toHaveProperty(member)
  })

  it('has only intervals whose candles begin with UTC, and no more rows than one call brings', () => {
    const { candles, orderBook, trades } = provider.endpoints
    const has = (Object.keys(INTERVAL_MS) as Interval[]).filter((interval) => candles.supports?.({ symbol, interval }))
    expect(has).toEqual(['1m', '5m', '15m', '30m', '1h', '4h'])
    expect([2_000, 2_001].map((limit) => candles.supports?.({ symbol, interval: '1h', limit }))).toEqual([true, false])
    expect([150, 151].map((depth) => orderBook.supports?.({ symbol, depth }))).toEqual([true, false])
    expect([2_000, 2_001].map((limit) => trades.supports?.({ symbol, limit }))).toEqual([true, false])
  })

  it('asks for so many of the newest candles that they reach back to a time', () => {
    const size = (since: number) => new URL(sent(provider, 'candles', { symbol, interval: '1h', since, limit: 2 })).searchParams.get('size')
    expect([size(NOW - 36_000_000), size(NOW + 3_600_000), size(NOW - 9_000 * INTERVAL_MS['1h'])]).toEqual(['11', '1', '2000'])
  })

  it('gives the first candles since a time, and none of a time to come', () => {
    const body = of(candle(0), candle(-60_000), candle(-120_000), candle(-180_000))
    const times = (since: number) => ask(provider, 'candles', { symbol, interval: '1m', since, limit: 2 }, { body }).map(({ openTime }) => openTime)
    expect(times(NOW - 120_000)).toEqual([NOW - 120_000, NOW - 60_000])
    expect(times(NOW + 1)).toEqual([])
  })

  it('refuses candles that begin later than was asked', () => {
    const body = of(...Array.from({ length: 2_000 }, (_, i) => candle(-i * 60_000)))
    const asked = (since: number) => () => ask(provider, 'candles', { symbol, interval: '1m', since }, { body })
    expect(asked(NOW - 2_000 * 60_000)).toThrow(ProviderError)
    expect(asked(NOW - 1_999 * 60_000)()).toHaveLength(100)
  })

  it('asks for the least of the sizes that holds the depth, and for all of them beyond', () => {
    const size = (depth?: number) => new URL(sent(provider, 'orderBook', { symbol, depth })).searchParams.get('depth')
    expect([size(5), size(6), size(), size(21)]).toEqual(['5', '10', '20', null])
  })
})
