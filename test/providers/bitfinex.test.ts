import { describe, expect, it } from 'vitest'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { bitfinex, type BitfinexCapability } from '../../src/providers/bitfinex.js'
import { describeProvider } from '../../src/testing/index.js'
import { asking, NOW, sent } from '../support/ask.js'

const provider = bitfinex()
const host = 'https://api-pub.bitfinex.com/v2'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }

// BID, BID_SIZE, ASK, ASK_SIZE, DAILY_CHANGE, DAILY_CHANGE_RELATIVE, LAST_PRICE, VOLUME, HIGH, LOW, and a time that is no quote's
const row = [104.9, 38.6, 105.1, 32.1, 5, 0.05, 105, 40_000, 110, 95, NOW - 86_400_000]
const funding = ['fUSD', 0.0003, 0.0002, 30, 1_000, 0.0003, 2, 500, 0, 0, 0.0003, 1e6, 0.0004, 0.0001, null, null, 1e6]
const ticker = { ...pair, last: 105, bid: 104.9, ask: 105.1, high24h: 110, low24h: 95, change24h: 5, change24hPercent: 5, volume24h: 40_000 }
const withLast = (last: unknown) => row.with(6, last as number)
const candles = [
  [NOW, 11.2, 11.1, 11.2, 11.05, 1],
  [NOW - 120_000, 10, 11, 12, 9, 5],
]
const book = [
  [10, 3, 1],
  [9.9, 1, 2],
  [10.1, 2, -3],
  [10.2, 1, -4],
]
const trades = [
  [102, NOW - 1_000, 0.6, 10.1],
  [101, NOW - 2_000, -0.5, 10],
]
const unknown = { status: 500, body: ['error', 10_020, 'symbol: invalid'] }

describeProvider(
  bitfinex,
  {
    answers: [
      { capability: 'ticker', params: { symbol }, url: `${host}/ticker/tBTCUSD`, body: row, data: ticker, drifted: withLast(null) },
      {
        capability: 'ticker',
        params: { symbol: 'DOGE/USDT' },
        url: `${host}/ticker/tDOGE:UST`,
        body: row.slice(0, 10),
        data: { ...ticker, symbol: 'DOGE/USDT', base: 'DOGE', quote: 'USDT' },
        drifted: ['tDOGE:UST', ...row],
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USDT', 'NOPE/USD', 'OLD/USD', symbol] },
        url: `${host}/tickers?symbols=tETHUST,tNOPE:USD,tOLDUSD,tBTCUSD`,
        body: [funding, ['tBTCUSD', ...row], ['tOLDUSD', ...withLast(0)], ['tETHUST', ...row]],
        data: [{ ...ticker, symbol: 'ETH/USDT', base: 'ETH', quote: 'USDT' }, ticker],
        drifted: [['tBTCUSD', ...withLast(null)]],
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1m' },
        url: `${host}/candles/trade:1m:tBTCUSD/hist?limit=100`,
        body: candles,
        data: [
          { openTime: NOW - 120_000, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: true },
          { openTime: NOW, open: 11.2, high: 11.2, low: 11.05, close: 11.1, volume: 1, closed: false },
        ],
        drifted: [[NOW, 10, 12, 9, 11, 5]],
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1d', limit: 2, since: NOW - 86_400_000 },
        url: `${host}/candles/trade:1D:tBTCUSD/hist?limit=2&start=${NOW - 86_400_000}&sort=1`,
        body: [[NOW - 43_200_000, 10, 11, 12, 9, 5]],
        data: [{ openTime: NOW - 43_200_000, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: false }],
        drifted: [[NOW / 1_000, 10, 11, 12, 9, 5]],
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${host}/ticker/tBTCUSD`,
        body: row,
        data: { ...pair, volume24h: 40_000 },
        drifted: row.with(7, -1),
      },
      {
        capability: 'orderBook',
        params: { symbol },
        url: `${host}/book/tBTCUSD/P0?len=25`,
        body: book,
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
        },
        drifted: book.map(([price, , amount]) => [price, amount]),
      },
      {
        capability: 'trades',
        params: { symbol, limit: 5 },
        url: `${host}/trades/tBTCUSD/hist?limit=5`,
        body: trades,
        data: [
          { id: '101', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
          { id: '102', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
        ],
        drifted: trades.map(([id, time, amount, price]) => [time, id, amount, price]),
      },
      {
        capability: 'assets',
        params: {},
        url: `${host}/conf/pub:list:pair:exchange`,
        body: [['BTCUSD', 'BTCUST', 'DOGE:USD', 'USTUSD', 'TESTBTC:TESTUSD', 'BTCF0:USTF0', 'LUNA2:USD']],
        data: [
          { id: 'BTC', symbol: 'BTC' },
          { id: 'DOGE', symbol: 'DOGE' },
          { id: 'UST', symbol: 'USDT' },
          { id: 'LUNA2', symbol: 'LUNA' },
        ],
        drifted: ['BTCUSD', 'BTCUST'],
      },
    ],
    unknown: [
      { capability: 'ticker', ...unknown },
      { capability: 'ticker', body: [] },
      { capability: 'tickers', params: { symbols: ['NOPE/USD'] }, body: [] },
      { capability: 'candles', ...unknown },
      { capability: 'candles', body: [] },
      { capability: 'volume', ...unknown },
      { capability: 'orderBook', ...unknown },
      { capability: 'orderBook', body: [] },
      { capability: 'trades', ...unknown },
      { capability: 'trades', body: [] },
    ],
    errors: [
      { says: 'ERR_RATE_LIMIT', status: 429, body: { error: 'ERR_RATE_LIMIT' }, reason: 'rate-limited', retryAfterMs: 60_000 },
      { says: 'ratelimit: error', status: 500, body: ['error', 11_010, 'ratelimit: error'], reason: 'rate-limited', retryAfterMs: 60_000 },
      {
        says: 'the same with a wait',
        status: 500,
        headers: { 'retry-after': '5' },
        body: ['error', 11_010, 'ratelimit: error'],
        reason: 'rate-limited',
        retryAfterMs: 5_000,
      },
      { says: 'another wrong parameter', status: 500, body: ['error', 10_020, 'limit: invalid'], reason: 'bad-request' },
      { says: 'maintenance, in a 200 too', body: ['error', 20_060, 'maintenance'], reason: 'unavailable' },
      { says: 'maintenance', status: 500, body: ['error', 20_060, 'maintenance'], reason: 'unavailable' },
      { says: 'a wrong symbol where none was asked', capability: 'assets', ...unknown, reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('bitfinex', () => {
  const { asked, told } = asking<BitfinexCapability>(provider)
  const market = (asset: string, native = {}) => sent(provider, 'ticker', { symbol: asset }, { native }).replace(`${host}/ticker/`, '')

  it('has real dollars: a question for USD is not asked in Tether', () => {
    expect(provider).not.toHaveProperty('dollarQuote')
  })

  it('asks under its own names, of both sides, and the user’s before them', () => {
    expect(['BTC/USDT', 'USDT/USD', 'IOTA/BTC', 'BCH/USD', 'LUNC/USD', 'LUNA/USD'].map((each) => market(each))).toEqual([
      'tBTCUST',
      'tUSTUSD',
      'tIOTBTC',
      'tBCHN:USD',
      'tLUNA:USD',
      'tLUNA2:USD',
    ])
    expect(market('ALGO/USDT', { ALGO: 'ALGX', USDT: 'USX' })).toBe('tALGX:USX')
  })

  it('takes its WBT for Wrapped Bitcoin, and WhiteBIT’s for WHBT', () => {
    expect(sent(provider, 'ticker', { symbol: 'WBTC/USD' })).toBe(`${host}/ticker/tWBTUSD`)
    expect(sent(provider, 'ticker', { symbol: 'WBT/USD' })).toBe(`${host}/ticker/tWHBT:USD`)
  })

  it('asks for candles in whole ms', () => {
    expect(sent(provider, 'candles', { symbol, interval: '1h', since: NOW - 0.5 })).toContain(`start=${NOW}`)
  })

  it('is not asked for what bears the name of something else there', () => {
    const { ticker: one, tickers, candles: chart, volume, orderBook, trades: recent } = provider.endpoints
    for (const each of ['AMP/USD', 'BTC/UST', 'XCH/USD']) {
      const supported = [one, volume, orderBook, recent].map((endpoint) => endpoint.supports?.({ symbol: each }))
      expect([...supported, chart.supports?.({ symbol: each, interval: '1d' }), tickers.supports?.({ symbols: [each] })]).toEqual(Array(6).fill(false))
    }
    expect(sent(provider, 'tickers', { symbols: ['AMP/USD', symbol] })).toBe(`${host}/tickers?symbols=tBTCUSD`)
    expect(
      asked(
        'tickers',
        { symbols: ['AMP/USD', symbol] },
        {
          body: [
            ['tAMPUSD', ...row],
            ['tBTCUSD', ...row],
          ],
        },
      ),
    ).toEqual([ticker])
    expect([one.supports?.({ symbol }), one.supports?.({ symbol: 'LUNA/USD' })]).toEqual([true, true])
  })

  it('cannot be led to another path by a symbol', () => {
    expect(market('A?B#/USD')).toBe('tA%3FB%23:USD')
  })

  it('never takes the time behind the figures for that of the price', () => {
    expect(asked('ticker', { symbol }, { body: row })).not.toHaveProperty('asOf')
  })

  it('has no candles since a time that is still to come, and knows the market all the same', () => {
    expect(told('candles', { symbol, interval: '1m', since: NOW }, 200, [])).toBeUndefined()
  })

  it('has the intervals that Bitfinex and this library share', () => {
    const { candles: chart } = provider.endpoints
    const intervals = (Object.keys(INTERVAL_MS) as Interval[]).filter((interval) => chart.supports?.({ symbol, interval }))
    expect(intervals).toEqual(['1m', '5m', '15m', '30m', '1h', '6h', '12h', '1d', '1w', '1M'])
    const frames = intervals.map((interval) => new URL(sent(provider, 'candles', { symbol, interval })).pathname.split(':')[1])
    expect(frames).toEqual(['1m', '5m', '15m', '30m', '1h', '6h', '12h', '1D', '1W', '1M'])
  })

  it('leaves weeks and months to others if they begin on another day', () => {
    const begin = (interval: Interval, openTime: number) => asked('candles', { symbol, interval }, { body: [[openTime, 10, 11, 12, 9, 5]] })
    const refused = expect.objectContaining({ reason: 'bad-request' })
    expect(begin('1w', Date.UTC(2026, 9, 26))).toHaveLength(1)
    expect(() => begin('1w', Date.UTC(2026, 9, 29))).toThrow(refused)
    expect(begin('1M', Date.UTC(2026, 9, 1))).toHaveLength(1)
    expect(() => begin('1M', Date.UTC(2026, 9, 2))).toThrow(refused)
  })

  it('asks for the next larger book, and gives as many levels as wanted', () => {
    const size = (depth: number) => new URL(sent(provider, 'orderBook', { symbol, depth })).searchParams.get('len')
    expect([1, 25, 26, 100, 101, 250].map(size)).toEqual(['25', '25', '100', '100', '250', '250'])
    expect(asked('orderBook', { symbol, depth: 1 }, { body: book })).toEqual({ ...pair, bids: [[10, 1]], asks: [[10.1, 3]] })
  })

  it('says no to more rows than one call brings', () => {
    const { candles: chart, orderBook, trades: recent } = provider.endpoints
    expect([10_000, 10_001].map((limit) => chart.supports?.({ symbol, interval: '1m', limit }))).toEqual([true, false])
    expect([250, 251].map((depth) => orderBook.supports?.({ symbol, depth }))).toEqual([true, false])
    expect([10_000, 10_001].map((limit) => recent.supports?.({ symbol, limit }))).toEqual([true, false])
  })

  it('stays below the limit of each endpoint, whatever is asked', () => {
    const [{ cost: minute = 0 } = {}] = provider.limits ?? []
    const aMinute = Object.entries(provider.endpoints).map(([name, { cost }]) => [name, minute / Number(cost)])
    expect(Object.fromEntries(aMinute)).toEqual({ ticker: 90, tickers: 90, candles: 30, volume: 90, orderBook: 240, trades: 15, assets: 90 })
  })
})
