import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { binance, type BinanceCapability } from '../../src/providers/binance.js'
import { describeProvider } from '../../src/testing/index.js'
import { asking, NOW, sent } from '../support/ask.js'

const provider = binance()
const host = 'https://data-api.binance.vision/api/v3'

const ticker = {
  symbol: 'BTCUSDT',
  priceChange: '-150.50000000',
  priceChangePercent: '-0.150',
  lastPrice: '100000.00000000',
  bidPrice: '99999.99000000',
  askPrice: '100000.00000000',
  openPrice: '100150.50000000',
  highPrice: '101000.00000000',
  lowPrice: '99000.00000000',
  volume: '1000.50000000',
  quoteVolume: '100050000.00000000',
  openTime: NOW - 86_400_000,
  closeTime: NOW,
}
const closed = { ...ticker, symbol: 'OLDUSDT', lastPrice: '0.00000000', bidPrice: '0.00000000', askPrice: '0.00000000', volume: '0.00000000' }
const klines = [
  [NOW - 120_000, '10.0', '12.0', '9.0', '11.0', '5.0', NOW - 60_001, '52.5', 7, '2.0', '21.0', '0'],
  [NOW - 60_000, '11.0', '11.5', '10.5', '11.2', '0.0', NOW - 1, '0.0', 0, '0.0', '0.0', '0'],
  [NOW, '11.2', '11.2', '11.1', '11.1', '1.0', NOW + 59_999, '11.1', 2, '0.5', '5.5', '0'],
]
const depth = {
  lastUpdateId: 77,
  bids: [
    ['10.0', '1.0'],
    ['9.9', '2.0'],
  ],
  asks: [
    ['10.1', '3.0'],
    ['10.2', '4.0'],
  ],
}
const trades = [
  { id: 1, price: '10.0', qty: '0.5', quoteQty: '5.0', time: NOW - 2_000, isBuyerMaker: true, isBestMatch: true },
  { id: 2, price: '10.1', qty: '0.6', quoteQty: '6.1', time: NOW - 1_000, isBuyerMaker: false, isBestMatch: true },
]
const exchangeInfo = {
  symbols: [
    { symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' },
    { symbol: 'BTCEUR', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'EUR' },
    { symbol: 'OLDUSDT', status: 'BREAK', baseAsset: 'OLD', quoteAsset: 'USDT' },
    { symbol: 'ETHUSDT', status: 'TRADING', baseAsset: 'ETH', quoteAsset: 'USDT' },
  ],
}
const symbol = 'BTC/USDT'
const pair = { symbol, base: 'BTC', quote: 'USDT' }
const mover = (market: string, percent: string, turnover = '5000000.0') => ({
  ...ticker,
  symbol: market,
  lastPrice: '2.0',
  priceChangePercent: percent,
  quoteVolume: turnover,
})

const unquoted = {
  ...pair,
  last: 100_000,
  open24h: 100_150.5,
  high24h: 101_000,
  low24h: 99_000,
  change24h: -150.5,
  change24hPercent: -0.15,
  volume24h: 1_000.5,
  quoteVolume24h: 100_050_000,
  asOf: NOW,
}
const data = { ...unquoted, bid: 99_999.99, ask: 100_000 }

const answers = [
  {
    capability: 'ticker',
    params: { symbol },
    url: `${host}/ticker/24hr?symbol=BTCUSDT`,
    body: ticker,
    data,
    drifted: { ...ticker, lastPrice: undefined },
  },
  {
    capability: 'tickers',
    params: { symbols: ['ETH/USDT', 'NOPE/USDT', 'OLD/USDT', symbol] },
    url: `${host}/ticker/24hr?symbols=["ETHUSDT","NOPEUSDT","OLDUSDT","BTCUSDT"]`,
    body: [ticker, closed, { ...ticker, symbol: 'ETHUSDT', lastPrice: '4000.0', bidPrice: '0.00', askPrice: '0.00' }],
    data: [{ ...unquoted, symbol: 'ETH/USDT', base: 'ETH', last: 4_000 }, data],
    drifted: [{ ...ticker, lastPrice: null }],
  },
  {
    capability: 'candles',
    params: { symbol, interval: '1m' },
    url: `${host}/klines?symbol=BTCUSDT&interval=1m&limit=100`,
    body: klines,
    data: [
      { openTime: NOW - 120_000, open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 52.5, closed: true },
      { openTime: NOW - 60_000, open: 11, high: 11.5, low: 10.5, close: 11.2, volume: 0, quoteVolume: 0, closed: true },
      { openTime: NOW, open: 11.2, high: 11.2, low: 11.1, close: 11.1, volume: 1, quoteVolume: 11.1, closed: false },
    ],
    drifted: [[NOW, '10.0', '9.0', '12.0', '11.0', '5.0']],
  },
  {
    capability: 'volume',
    params: { symbol },
    url: `${host}/ticker/24hr?symbol=BTCUSDT`,
    body: ticker,
    data: { ...pair, volume24h: 1_000.5, quoteVolume24h: 100_050_000, asOf: NOW },
    drifted: { ...ticker, volume: '' },
  },
  {
    capability: 'orderBook',
    params: { symbol, depth: 1 },
    url: `${host}/depth?symbol=BTCUSDT&limit=5`,
    body: depth,
    data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], sequence: 77 },
    drifted: { ...depth, bids: [{ price: '10.0' }] },
  },
  {
    capability: 'trades',
    params: { symbol },
    url: `${host}/trades?symbol=BTCUSDT&limit=100`,
    body: trades.toReversed(),
    data: [
      { id: '1', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
      { id: '2', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
    ],
    drifted: [{ ...trades[0], price: '0' }],
  },
  {
    capability: 'assets',
    params: {},
    url: `${host}/exchangeInfo?permissions=SPOT&showPermissionSets=false`,
    body: exchangeInfo,
    data: [
      { id: 'BTC', symbol: 'BTC' },
      { id: 'ETH', symbol: 'ETH' },
    ],
    drifted: { symbols: {} },
  },
  {
    capability: 'movers',
    params: { direction: 'gainers' },
    url: `${host}/ticker/24hr`,
    body: [
      mover('AUSDT', '5.0'),
      mover('JUPUSDT', '9.0'),
      mover('BTCUSDT', '1.0'),
      mover('BTCUPUSDT', '50.0'),
      mover('TINYUSDT', '80.0', '10.0'),
      mover('XBTC', '70.0'),
      mover('DUSDT', '-3.0'),
      closed,
    ],
    data: [
      { id: 'JUP', symbol: 'JUP', priceUsd: 2, change24hPercent: 9, volume24hUsd: 5_000_000 },
      { id: 'A', symbol: 'A', priceUsd: 2, change24hPercent: 5, volume24hUsd: 5_000_000 },
      { id: 'BTC', symbol: 'BTC', priceUsd: 2, change24hPercent: 1, volume24hUsd: 5_000_000 },
    ],
    drifted: [{ symbol: 'BTCUSDT', last: '2.0' }],
  },
] as const

const { asked, told } = asking<BinanceCapability>(provider)
const reasonOf = (...question: Parameters<typeof told>) => told(...question)?.reason

const bySymbol = ['ticker', 'tickers', 'candles', 'volume', 'orderBook', 'trades'] as const
const tooMany = { code: -1003, msg: 'Too much request weight used.' }

describeProvider(
  binance,
  {
    answers,
    unknown: [
      ...bySymbol.flatMap((capability) => [
        { capability, status: 400, body: { code: -1121, msg: 'Invalid symbol.' } },
        { capability, status: 400, body: { code: -1100, msg: "Illegal characters found in parameter 'symbol'." } },
      ]),
      { capability: 'candles', body: [] },
      { capability: 'trades', body: [] },
      { capability: 'tickers', params: { symbols: ['NOPE/USDT', 'OLD/USDT'] }, body: [ticker, closed] },
    ],
    errors: [
      ...[200, 418, 429].map((status) => ({ says: `too much weight used, with ${status}`, status, body: tooMany, reason: 'rate-limited' as const })),
      { says: 'Too many new connections', status: 429, body: { code: -1034, msg: 'Too many new connections' }, reason: 'rate-limited' },
      { says: 'Timeout waiting for response', status: 400, body: { code: -1007, msg: 'Timeout waiting for response.' }, reason: 'unavailable' },
      {
        says: 'a ban with its end',
        status: 418,
        headers: { date: new Date(NOW).toUTCString() },
        body: { code: -1003, msg: `Way too much request weight used; IP banned until ${NOW + 90_000}.` },
        reason: 'rate-limited',
        retryAfterMs: 90_000,
      },
      { says: 'a restricted location', status: 451, body: { code: 0, msg: 'Service unavailable from a restricted location.' }, reason: 'geo-blocked' },
      { says: 'Invalid interval', status: 400, capability: 'candles', body: { code: -1120, msg: 'Invalid interval.' }, reason: 'bad-request' },
      { says: 'a firewall', status: 403, body: '<html><h1>403 Forbidden</h1></html>', reason: 'unavailable' },
      { says: 'no such path', status: 404, body: '<html></html>', reason: 'bad-response' },
    ],
  },
  { describe, it },
)

describe('binance', () => {
  it('tells how long a ban still lasts, by the server’s own clock', () => {
    const ban = { code: -1003, msg: `Way too much request weight used; IP banned until ${NOW + 90_000}. Please use the websocket.` }
    const date = new Date(NOW).toUTCString()
    expect(told('ticker', { symbol }, 418, ban, { date })?.retryAfterMs).toBe(90_000)
    expect(told('ticker', { symbol }, 418, ban)?.retryAfterMs).toBeUndefined()
    expect(told('ticker', { symbol }, 418, ban, { date, 'retry-after': '60' })?.retryAfterMs).toBeUndefined()
  })

  it('tells a blocked country from a firewall', () => {
    const page = (text: string) => `<HTML><BODY><H1>403 ERROR</H1>${text}</BODY></HTML>`
    expect(reasonOf('ticker', { symbol }, 403, page('The distribution is configured to block access from your country.'))).toBe('geo-blocked')
    expect(reasonOf('ticker', { symbol }, 451, { code: 0, msg: 'Service unavailable from a restricted location.' })).toBe('geo-blocked')
    expect(reasonOf('ticker', { symbol }, 403, page('Request blocked.'))).toBeUndefined()
  })

  it('takes a path that is gone for drift, and its own faults for an outage', () => {
    expect(reasonOf('ticker', { symbol }, 404, '<html></html>')).toBe('bad-response')
    expect(reasonOf('ticker', { symbol }, 400, { code: -1007, msg: 'Timeout waiting for response from backend server.' })).toBe('unavailable')
    expect(reasonOf('candles', { symbol, interval: '1m' }, 400, { code: -1120, msg: 'Invalid interval.' })).toBeUndefined()
  })

  it('takes no candles at all for an unknown market, but not the lack of newer ones', () => {
    expect(() => asked('candles', { symbol, interval: '1m' }, { body: [] })).toThrow(expect.objectContaining({ reason: 'not-found' }))
    expect(asked('candles', { symbol, interval: '1m', since: NOW }, { body: [] })).toEqual([])
  })

  it('does not take a refused time for an unknown market, and asks in whole ms', () => {
    const refused = { code: -1100, msg: "Illegal characters found in parameter 'startTime'; legal range is '^[0-9]{1,20}$'." }
    expect(reasonOf('candles', { symbol, interval: '1m', since: 1 }, 400, refused)).toBeUndefined()
    expect(sent(provider, 'candles', { symbol, interval: '1m', since: NOW - 0.5 })).toContain(`startTime=${NOW}`)
  })

  it('counts the running candle for the limit, and begins at the given time', () => {
    const times = (params: object) => asked('candles', { symbol, interval: '1m', ...params }, { body: klines }).map(({ openTime }) => openTime)
    expect(times({ limit: 2 })).toEqual([NOW - 60_000, NOW])
    expect(times({ limit: 2, since: NOW - 120_000 })).toEqual([NOW - 120_000, NOW - 60_000])
    expect(times({ since: NOW - 60_000 })).toEqual([NOW - 60_000, NOW])
  })

  it('refuses a ticker of another market', () => {
    expect(() => asked('ticker', { symbol: 'ETH/USDT' }, { body: ticker })).toThrow(BadResponseError)
  })

  it('refuses a book that is out of order', () => {
    expect(() => asked('orderBook', { symbol }, { body: { ...depth, asks: depth.asks.toReversed() } })).toThrow(BadResponseError)
  })

  it('tells quotes that are crossed for a moment as they came', () => {
    expect(asked('orderBook', { symbol, depth: 1 }, { body: { ...depth, bids: [['10.5', '1.0']] } })).toMatchObject({ bids: [[10.5, 1]], asks: [[10.1, 3]] })
    expect(asked('ticker', { symbol }, { body: { ...ticker, bidPrice: '100000.50' } })).toMatchObject({ bid: 100_000.5, ask: 100_000 })
  })

  it('lists the losers with the deepest fall first', () => {
    const body = [mover('AUSDT', '-5.0'), mover('BUSDT', '-9.0'), mover('CUSDT', '2.0')]
    expect(asked('movers', { direction: 'losers', limit: 1 }, { body })).toEqual([expect.objectContaining({ id: 'B', change24hPercent: -9 })])
  })

  it('writes both sides of a market together, the asset by the name that the user gave it', () => {
    expect(sent(provider, 'ticker', { symbol }, { native: { BTC: 'WBTC' } })).toBe(`${host}/ticker/24hr?symbol=WBTCUSDT`)
    expect(sent(provider, 'candles', { symbol, interval: '1M', limit: 3, since: 5 })).toBe(`${host}/klines?symbol=BTCUSDT&interval=1M&limit=3&startTime=5`)
  })

  it.each([
    [undefined, 20, 5],
    [28, 50, 5],
    [101, 500, 25],
    [1_000, 1_000, 50],
    [1_001, 5_000, 250],
  ])('asks for the smallest book that holds %s levels', (levels, limit, weight) => {
    const { cost } = provider.endpoints.orderBook
    expect(new URL(sent(provider, 'orderBook', { symbol, depth: levels })).searchParams.get('limit')).toBe(String(limit))
    expect(typeof cost === 'function' && cost({ symbol, depth: levels })).toBe(weight)
  })

  it('says no to more rows than one call brings', () => {
    const { candles, orderBook, trades: recent } = provider.endpoints
    expect([candles.supports?.({ symbol, interval: '1m', limit: 1_000 }), candles.supports?.({ symbol, interval: '1m', limit: 1_001 })]).toEqual([true, false])
    expect([orderBook.supports?.({ symbol, depth: 5_000 }), orderBook.supports?.({ symbol, depth: 5_001 })]).toEqual([true, false])
    expect([recent.supports?.({ symbol }), recent.supports?.({ symbol, limit: 1_001 })]).toEqual([true, false])
  })

  it('weighs a batch by its size', () => {
    const { cost } = provider.endpoints.tickers
    const weigh = (length: number) => typeof cost === 'function' && cost({ symbols: Array.from({ length }, () => symbol) })
    expect([1, 20, 21, 100, 101].map(weigh)).toEqual([2, 2, 40, 40, 80])
  })

  it('reads the used weight of the minute', () => {
    expect(provider.usage?.(new Headers({ 'x-mbx-used-weight-1m': '42' }), {})).toEqual([{ perMs: 60_000, kind: 'cost', used: 42 }])
    expect(provider.usage?.(new Headers(), {})).toEqual([])
  })

  it('is an exchange of its own in the United States, with real dollars', () => {
    const us = binance({ region: 'us' })
    expect(us).toMatchObject({ id: 'binance-us', hosts: ['https://api.binance.us'] })
    expect(us.dollarQuote).toBeUndefined()
    expect(provider.dollarQuote).toBe('USDT')
    expect(sent(us, 'ticker', { symbol: 'BTC/USD' })).toBe('https://api.binance.us/api/v3/ticker/24hr?symbol=BTCUSD')
  })

  it('keeps candles in order, within their range, and only the last one running', () => {
    const interval = fc.constantFrom(...(Object.keys(INTERVAL_MS) as Interval[]).filter((name) => name !== '1M'))
    const prices = fc.array(fc.tuple(fc.double({ min: 0.01, max: 1e6, noNaN: true }), fc.double({ min: 0.01, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(interval, prices, fc.integer({ min: 1, max: 30 }), (name, moves, limit) => {
        const start = NOW - (moves.length - 1) * INTERVAL_MS[name]
        const body = moves.map(([open, close], i) => [
          start + i * INTERVAL_MS[name],
          String(open),
          String(Math.max(open, close)),
          String(Math.min(open, close)),
          String(close),
          '1',
        ])
        const candles = asked('candles', { symbol, interval: name, limit }, { body })
        expect(candles).toHaveLength(Math.min(limit, moves.length))
        candles.forEach(({ openTime, open, high, low, close, closed: done }, i) => {
          expect(openTime).toBeGreaterThan(candles[i - 1]?.openTime ?? 0)
          expect(low).toBeLessThanOrEqual(Math.min(open, close))
          expect(high).toBeGreaterThanOrEqual(Math.max(open, close))
          expect(done).toBe(i < candles.length - 1)
        })
      }),
    )
  })
})
