import { describe, expect, it } from 'vitest'
import { INTERVAL_MS } from '../../src/model/interval.js'
import { coinbase, type CoinbaseCapability } from '../../src/providers/coinbase.js'
import { describeProvider } from '../../src/testing/index.js'
import { asking, NOW, sent } from '../support/ask.js'

const provider = coinbase()
const host = 'https://api.exchange.coinbase.com'
const s = NOW / 1_000
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }

const ticker = { ask: '100.2', bid: '100.1', volume: '40.5', trade_id: 7, price: '100.15', size: '0.01', time: '2026-11-01T11:59:59.123456Z' }
const candles = [
  [s, 11.1, 11.2, 11.2, 11.1, 1],
  [s - 60, 10.5, 11.5, 11, 11.2, 2],
  [s - 180, 9, 12, 10, 11, 5],
]
const book = {
  sequence: 77,
  bids: [
    ['10.0', '1.0', 2],
    ['9.9', '2.0', 1],
  ],
  asks: [
    ['10.1', '3.0', 4],
    ['10.2', '4.0', 1],
  ],
  time: '2026-11-01T12:00:00.5Z',
}
const trades = [
  { trade_id: 2, side: 'sell', size: '0.6', price: '10.1', time: '2026-11-01T11:59:59Z' },
  { trade_id: 1, side: 'buy', size: '0.5', price: '10.0', time: '2026-11-01T11:59:58Z' },
]
const currencies = [
  { id: 'BTC', name: 'Bitcoin', status: 'online', details: { type: 'crypto' } },
  { id: 'OLD', name: 'Old', status: 'delisted' },
  { id: 'ETH', name: '', status: 'online' },
]

const product = (id: string) => ({
  product_id: id,
  price: '100.15',
  price_percentage_change_24h: '-0.25',
  volume_24h: '11005.5',
  approximate_quote_24h_volume: '1100000.4',
  best_bid_price: '',
  best_ask_price: '',
  status: 'online',
  product_type: 'SPOT',
})

const answers = [
  {
    capability: 'ticker',
    params: { symbol },
    url: `${host}/products/BTC-USD/ticker`,
    body: ticker,
    data: { ...pair, last: 100.15, bid: 100.1, ask: 100.2, volume24h: 40.5, asOf: NOW - 877 },
    drifted: { ...ticker, price: undefined },
  },
  {
    capability: 'tickers',
    params: { symbols: [symbol, 'GONE/USD', 'ETH/USDC', 'NOPE/USD'] },
    url: 'https://api.coinbase.com/api/v3/brokerage/market/products?product_type=SPOT&product_ids=BTC-USD&product_ids=GONE-USD&product_ids=ETH-USDC&product_ids=NOPE-USD',
    body: { products: [product('ETH-USDC'), product('BTC-USD'), { ...product('GONE-USD'), price: '', price_percentage_change_24h: '', volume_24h: '' }] },
    data: [
      { ...pair, last: 100.15, change24hPercent: -0.25, volume24h: 11_005.5, quoteVolume24h: 1_100_000.4 },
      { symbol: 'ETH/USDC', base: 'ETH', quote: 'USDC', last: 100.15, change24hPercent: -0.25, volume24h: 11_005.5, quoteVolume24h: 1_100_000.4 },
    ],
    drifted: { products: [{ ...product('BTC-USD'), price: 'soon' }] },
  },
  {
    capability: 'candles',
    params: { symbol, interval: '1m' },
    url: `${host}/products/BTC-USD/candles?granularity=60`,
    body: candles,
    data: [
      { openTime: NOW - 180_000, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: true },
      { openTime: NOW - 60_000, open: 11, high: 11.5, low: 10.5, close: 11.2, volume: 2, closed: true },
      { openTime: NOW, open: 11.2, high: 11.2, low: 11.1, close: 11.1, volume: 1, closed: false },
    ],
    drifted: [[s, 12, 9, 10, 11, 5]],
  },
  {
    capability: 'volume',
    params: { symbol },
    url: `${host}/products/BTC-USD/ticker`,
    body: ticker,
    data: { ...pair, volume24h: 40.5, asOf: NOW - 877 },
    drifted: { ...ticker, volume: null },
  },
  {
    capability: 'orderBook',
    params: { symbol, depth: 1 },
    url: `${host}/products/BTC-USD/book?level=1`,
    body: book,
    data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], asOf: NOW + 500, sequence: 77 },
    drifted: { ...book, asks: [['10.1', '0', 1]] },
  },
  {
    capability: 'trades',
    params: { symbol },
    url: `${host}/products/BTC-USD/trades?limit=100`,
    body: trades,
    data: [
      { id: '1', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
      { id: '2', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
    ],
    drifted: [{ ...trades[0], time: 'yesterday' }],
  },
  {
    capability: 'assets',
    params: {},
    url: `${host}/currencies`,
    body: currencies,
    data: [
      { id: 'BTC', symbol: 'BTC', name: 'Bitcoin' },
      { id: 'ETH', symbol: 'ETH' },
    ],
    drifted: [{ id: '', status: 'online' }],
  },
] as const

const { asked } = asking<CoinbaseCapability>(provider)

const bySymbol = ['ticker', 'candles', 'volume', 'orderBook', 'trades'] as const

describeProvider(
  coinbase,
  {
    answers,
    unknown: [
      ...bySymbol.map((capability) => ({ capability, status: 404, body: { message: 'NotFound' } })),
      { capability: 'candles', body: [] },
      { capability: 'trades', body: [] },
      { capability: 'tickers', body: { products: [product('OTHER-USD')] } },
      { capability: 'tickers', status: 400, body: { error: 'INVALID_ARGUMENT', message: 'product_ids' } },
    ],
    errors: [
      { says: 'Public rate limit exceeded', status: 429, body: { message: 'Public rate limit exceeded' }, reason: 'rate-limited' },
      { says: 'a message inside a 200', body: { message: 'Something went wrong' }, reason: 'bad-response' },
      { says: 'no such path, as a page', status: 404, body: '<html></html>', reason: 'bad-response' },
      { says: 'no such path', status: 404, body: { message: 'NotFound' }, capability: 'assets', reason: 'bad-response' },
      { says: 'Internal server error', status: 500, body: { message: 'Internal server error' }, reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('coinbase', () => {
  it('takes the lack of newer candles for none, not for an unknown market', () => {
    expect(asked('candles', { symbol, interval: '1m', since: NOW }, { body: [] })).toEqual([])
  })

  it('leaves out quotes of an empty book, and tells crossed ones as they came', () => {
    expect(asked('ticker', { symbol }, { body: { ...ticker, bid: '0', ask: '' } })).toStrictEqual({ ...pair, last: 100.15, volume24h: 40.5, asOf: NOW - 877 })
    expect(asked('ticker', { symbol }, { body: { ...ticker, bid: '100.3' } })).toMatchObject({ bid: 100.3, ask: 100.2 })
  })

  it('counts the running candle for the limit, and begins at the given time', () => {
    const times = (params: object) => asked('candles', { symbol, interval: '1m', ...params }, { body: candles }).map(({ openTime }) => openTime)
    expect(times({ limit: 2 })).toEqual([NOW - 60_000, NOW])
    expect(times({ limit: 2, since: NOW - 180_000 })).toEqual([NOW - 180_000, NOW - 60_000])
  })

  it('gives candles oldest first, in whatever order they come', () => {
    const params = { symbol, interval: '1m' }
    expect(asked('candles', params, { body: candles.toReversed() })).toStrictEqual(asked('candles', params, { body: candles }))
  })

  it('asks for the names that users give, for longer candles in seconds, and for the whole book where one level is too little', () => {
    expect(sent(provider, 'volume', { symbol }, { native: { BTC: 'W/BTC' } })).toBe(`${host}/products/W%2FBTC-USD/ticker`)
    expect(sent(provider, 'candles', { symbol, interval: '6h' })).toBe(`${host}/products/BTC-USD/candles?granularity=21600`)
    expect(sent(provider, 'orderBook', { symbol })).toBe(`${host}/products/BTC-USD/book?level=2`)
  })

  it('asks the hosts that users give for everything, and no other', () => {
    const own = coinbase({ hosts: ['https://mirror.example'] })
    const asks = (['ticker', 'tickers', 'assets'] as const).map((capability) => sent(own, capability, { symbol, symbols: [symbol] }))
    expect(asks.map((url) => new URL(url).host)).toEqual(['mirror.example', 'mirror.example', 'mirror.example'])
  })

  it('asks for Celo under the name by which it began, and lists it under the one that it has', () => {
    expect(sent(provider, 'ticker', { symbol: 'CELO/USD' })).toBe(`${host}/products/CGLD-USD/ticker`)
    expect(asked('tickers', { symbols: ['CELO/USD'] }, { body: { products: [product('CGLD-USD')] } })).toMatchObject([{ symbol: 'CELO/USD', base: 'CELO' }])
    expect(asked('assets', {}, { body: [{ id: 'CGLD', name: 'Celo', status: 'online' }] })).toEqual([{ id: 'CGLD', symbol: 'CELO', name: 'Celo' }])
  })

  it('asks for a window of as many candles as are wanted', () => {
    const { searchParams } = new URL(sent(provider, 'candles', { symbol, interval: '1h', limit: 3, since: NOW - 1 }))
    expect(Object.fromEntries(searchParams)).toEqual({ granularity: '3600', start: '2026-11-01T12:00:00.000Z', end: '2026-11-01T14:00:00.000Z' })
  })

  it('says no to intervals and sizes that it lacks', () => {
    const { candles: chart } = provider.endpoints
    const intervals = Object.keys(INTERVAL_MS) as (keyof typeof INTERVAL_MS)[]
    expect(intervals.filter((interval) => chart.supports?.({ symbol, interval }))).toEqual(['1m', '5m', '15m', '1h', '6h', '1d'])
    expect([chart.supports?.({ symbol, interval: '1m', limit: 300 }), chart.supports?.({ symbol, interval: '1m', limit: 301 })]).toEqual([true, false])
    expect(provider.endpoints.trades.supports?.({ symbol, limit: 1_001 })).toBe(false)
  })
})
