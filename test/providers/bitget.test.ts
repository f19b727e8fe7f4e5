import { describe, expect, it } from 'vitest'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { bitget } from '../../src/providers/bitget.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, failureOf, NOW, sent } from '../support/ask.js'

const provider = bitget()
const host = 'https://api.bitget.com/api/v2/spot'
const symbol = 'BTC/USDT'
const pair = { symbol, base: 'BTC', quote: 'USDT' }
const of = (...data: unknown[]) => ({ code: '00000', msg: 'success', requestTime: NOW, data })
const at = (offset: number) => String(NOW + offset)

const ticker = {
  symbol: 'BTCUSDT',
  open: '100',
  high24h: '115',
  low24h: '95',
  lastPr: '110',
  quoteVolume: '4200000',
  baseVolume: '40000',
  usdtVolume: '4199000',
  ts: at(-500),
  bidPr: '109.9',
  askPr: '110.1',
  bidSz: '1',
  askSz: '2',
  openUtc: '105',
  changeUtc24h: '0.04762',
  change24h: '0.1',
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
const candles = [
  [at(-60_000), '10', '12', '9', '11', '5', '52.5', '52.5'],
  [at(0), '11', '11.2', '11', '11.1', '1', '11.1', '11.1'],
]
const book = {
  asks: [
    ['10.1', '3'],
    ['10.2', '4'],
  ],
  bids: [
    ['10', '1'],
    ['9.9', '2'],
  ],
  ts: at(-100),
}
const fills = [
  { symbol: 'BTCUSDT', tradeId: '12', side: 'buy', price: '10.1', size: '0.6', ts: at(-1_000) },
  { symbol: 'BTCUSDT', tradeId: '11', side: 'Sell', price: '10', size: '0.5', ts: at(-2_000) },
]
const market = (baseCoin: string, status = 'online', quoteCoin = 'USDT') => ({ symbol: `${baseCoin}${quoteCoin}`, baseCoin, quoteCoin, status })
const mover = (base: string, change24h: string, quoteVolume = '5000000') => ({ ...ticker, symbol: `${base}USDT`, change24h, quoteVolume })
const noSuch = { status: 400, body: { code: '40034', msg: 'Parameter NOPEUSDT does not exist', requestTime: NOW, data: null } }

describeProvider(
  bitget,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol },
        url: `${host}/market/tickers?symbol=BTCUSDT`,
        body: of(ticker),
        data,
        drifted: of({ ...ticker, lastPr: undefined }),
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USDT', 'NOPE/USDT', 'NEW/USDT', symbol] },
        url: `${host}/market/tickers`,
        body: of(ticker, { ...ticker, symbol: 'NEWUSDT', lastPr: '' }, { ...ticker, symbol: 'ETHUSDT' }),
        data: [{ ...data, symbol: 'ETH/USDT', base: 'ETH' }, data],
        drifted: of({ ...ticker, lastPr: 'n/a' }),
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1m', limit: 2 },
        url: `${host}/market/candles?symbol=BTCUSDT&granularity=1min&limit=2`,
        body: of(...candles),
        data: [
          { openTime: NOW - 60_000, open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 52.5, closed: true },
          { openTime: NOW, open: 11, high: 11.2, low: 11, close: 11.1, volume: 1, quoteVolume: 11.1, closed: false },
        ],
        drifted: of([at(0), '10', '9', '12', '11', '5', '52.5', '52.5']),
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/market/tickers?symbol=BTCUSDT`,
        body: of(ticker),
        data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000, asOf: NOW - 500 },
        drifted: of({ ...ticker, baseVolume: '' }),
      },
      {
        capability: 'orderBook',
        params: { symbol, depth: 1 },
        url: `${host}/market/orderbook?symbol=BTCUSDT&type=step0&limit=1`,
        body: { ...of(), data: book },
        data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], asOf: NOW - 100 },
        drifted: { ...of(), data: { ...book, bids: undefined } },
      },
      {
        capability: 'trades',
        params: { symbol },
        url: `${host}/market/fills?symbol=BTCUSDT&limit=100`,
        body: of(...fills),
        data: [
          { id: '11', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
          { id: '12', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: of({ ...fills[0], ts: String(NOW / 1_000) }),
      },
      {
        capability: 'assets',
        params: {},
        url: `${host}/public/symbols`,
        body: of(market('BTC'), market('BTC', 'online', 'USDC'), market('OLD', 'offline'), market('ETH')),
        data: [
          { id: 'BTC', symbol: 'BTC' },
          { id: 'ETH', symbol: 'ETH' },
        ],
        drifted: of({ symbol: 'BTCUSDT', status: 'online' }),
      },
      {
        capability: 'movers',
        params: { direction: 'losers' },
        url: `${host}/market/tickers`,
        body: of(
          mover('A', '-0.05'),
          mover('BTC', '-0.01'),
          mover('BTCUP', '-0.5'),
          mover('TINY', '-0.8', '10'),
          { ...mover('X', '-0.7'), symbol: 'XBTC' },
          mover('D', '0.03'),
        ),
        data: [
          { id: 'A', symbol: 'A', priceUsd: 110, change24hPercent: -5, volume24hUsd: 5_000_000 },
          { id: 'BTC', symbol: 'BTC', priceUsd: 110, change24hPercent: -1, volume24hUsd: 5_000_000 },
        ],
        drifted: of({ symbol: 'BTCUSDT', price: '1' }),
      },
    ],
    unknown: [
      { capability: 'ticker', ...noSuch },
      { capability: 'ticker', body: of() },
      { capability: 'ticker', status: 400, body: { code: '40309', msg: 'The symbol has been removed', requestTime: NOW, data: null } },
      { capability: 'tickers', body: of({ ...ticker, symbol: 'OTHERUSDT' }) },
      { capability: 'candles', ...noSuch },
      { capability: 'candles', body: of() },
      { capability: 'volume', ...noSuch },
      { capability: 'orderBook', ...noSuch },
      { capability: 'orderBook', body: { ...of(), data: null } },
      { capability: 'trades', ...noSuch },
    ],
    errors: [
      { says: 'too many requests', status: 429, body: { code: '429', msg: 'Too Many Requests' }, reason: 'rate-limited' },
      {
        says: 'request over limit',
        status: 200,
        body: { code: '30007', msg: 'request over limit, please try again later!', data: null },
        reason: 'rate-limited',
      },
      { says: 'server upgrade', status: 200, body: { code: '40200', msg: 'Server upgrade, please try again later', data: null }, reason: 'unavailable' },
      { says: 'any other code', status: 200, body: { code: '40020', msg: 'Parameter granularity error', data: null }, reason: 'bad-request' },
      { says: 'no such path', status: 404, body: { code: '40404', msg: 'Request URL NOT FOUND', data: null }, reason: 'bad-response' },
      { says: 'no symbol, to a question without one', ...noSuch, capability: 'movers', reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('bitget', () => {
  const { candles: chart, orderBook, trades } = provider.endpoints

  it('takes the change, a fraction, only where there is no open', () => {
    const { open24h: _, change24h: __, ...rest } = data
    expect(ask(provider, 'ticker', { symbol }, { body: of({ ...ticker, open: null, change24h: '-0.0125' }) })).toStrictEqual({
      ...rest,
      change24hPercent: -1.25,
    })
  })

  it('asks for one market alone where a batch is of one, and takes it for unknown where that is refused', () => {
    expect(sent(provider, 'tickers', { symbols: [symbol] })).toBe(`${host}/market/tickers?symbol=BTCUSDT`)
    expect(sent(provider, 'tickers', { symbols: [symbol, 'ETH/USDT'] })).toBe(`${host}/market/tickers`)
    const refused = { status: 400, body: { code: '40034', msg: 'Parameter NOPEUSDT does not exist', data: null } }
    expect(failureOf(provider, 'tickers', { symbols: ['NOPE/USDT'] }, { headers: new Headers(), ...refused })).toMatchObject({ reason: 'not-found' })
  })

  it('refuses a ticker of another market', () => {
    expect(() => ask(provider, 'ticker', { symbol: 'ETH/USDT' }, { body: of(ticker) })).toThrow('symbol')
  })

  it('tells no turnover of a candle whose last two volumes differ', () => {
    const [candle] = ask(provider, 'candles', { symbol, interval: '1m' }, { body: of([at(0), '10', '12', '9', '11', '5', '52.5', '70000']) })
    expect(candle).toStrictEqual({ openTime: NOW, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: false })
  })

  it('asks for candles that begin in UTC', () => {
    const named = (interval: Interval) =>
      chart.supports?.({ symbol, interval }) ? new URL(sent(provider, 'candles', { symbol, interval })).searchParams.get('granularity') : undefined
    expect((Object.keys(INTERVAL_MS) as Interval[]).flatMap((interval) => named(interval) ?? [])).toEqual([
      '1min',
      '3min',
      '5min',
      '15min',
      '30min',
      '1h',
      '4h',
      '6Hutc',
      '12Hutc',
      '1Dutc',
      '1Wutc',
      '1Mutc',
    ])
  })

  it('fences candles since a time from both sides, and has old ones from the history', () => {
    const recent = NOW - 80 * 86_400_000
    expect(sent(provider, 'candles', { symbol, interval: '1h', limit: 24, since: recent })).toBe(
      `${host}/market/candles?symbol=BTCUSDT&granularity=1h&limit=1000&startTime=${recent}&endTime=${recent + 86_400_000}`,
    )
    const old = NOW - 90 * 86_400_000
    expect(sent(provider, 'candles', { symbol, interval: '1h', limit: 24, since: old })).toBe(
      `${host}/market/history-candles?symbol=BTCUSDT&granularity=1h&limit=24&endTime=${old + 86_400_000}`,
    )
    expect(sent(provider, 'candles', { symbol, interval: '1M', limit: 1, since: Date.UTC(2026, 6, 1) })).toContain(`endTime=${Date.UTC(2026, 7, 1)}`)
    expect(failureOf(provider, 'candles', { symbol, interval: '1h', since: old }, { status: 200, headers: new Headers(), body: of() })).toBeUndefined()
  })

  it('asks for Tether where dollars are meant', () => {
    expect(provider.dollarQuote).toBe('USDT')
  })

  it('says no to more rows than one call brings', () => {
    const candlesOf = (limit: number, since?: number) => chart.supports?.({ symbol, interval: '1h', limit, since })
    expect([candlesOf(1_000), candlesOf(1_001), candlesOf(200, NOW), candlesOf(201, NOW)]).toEqual([true, false, true, false])
    expect([orderBook.supports?.({ symbol, depth: 150 }), orderBook.supports?.({ symbol, depth: 151 })]).toEqual([true, false])
    expect([trades.supports?.({ symbol, limit: 500 }), trades.supports?.({ symbol, limit: 501 })]).toEqual([true, false])
  })
})
