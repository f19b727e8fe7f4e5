import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../src/errors.js'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { okx, type OkxCapability } from '../../src/providers/okx.js'
import { describeProvider } from '../../src/testing/index.js'
import { asking, NOW, sent } from '../support/ask.js'

const provider = okx()
const symbol = 'BTC/USDT'
const pair = { symbol, base: 'BTC', quote: 'USDT' }
const of = (...data: unknown[]) => ({ code: '0', msg: '', data })
const at = (offset: number) => String(NOW + offset)

const ticker = {
  instType: 'SPOT',
  instId: 'BTC-USDT',
  last: '110',
  askPx: '110.1',
  bidPx: '109.9',
  open24h: '100',
  high24h: '115',
  low24h: '95',
  volCcy24h: '4200000',
  vol24h: '40000',
  ts: at(-500),
  sodUtc0: '105',
  sodUtc8: '104',
}
const candles = [
  [at(0), '11.2', '11.2', '11.1', '11.1', '1', '11.1', '11.1', '0'],
  [at(-60_000), '11', '11', '11', '11', '0', '0', '0', '1'],
  [at(-120_000), '10', '12', '9', '11', '5', '52.5', '52.5', '1'],
]
const book = {
  bids: [
    ['10', '1', '0', '2'],
    ['9.9', '2', '0', '1'],
  ],
  asks: [
    ['10.1', '3', '0', '4'],
    ['10.2', '4', '0', '1'],
  ],
  ts: at(-100),
}
const trades = [
  { instId: 'BTC-USDT', side: 'buy', sz: '0.6', px: '10.1', tradeId: '2', ts: at(-1_000) },
  { instId: 'BTC-USDT', side: 'sell', sz: '0.5', px: '10', tradeId: '1', ts: at(-2_000) },
]
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
const mover = (instId: string, last: string, volCcy24h = '5000000') => ({ ...ticker, instId, last, open24h: '100', volCcy24h })

const answers = [
  {
    capability: 'ticker',
    params: { symbol },
    url: 'https://www.okx.com/api/v5/market/ticker?instId=BTC-USDT',
    body: of(ticker),
    data,
    drifted: of({ ...ticker, last: undefined }),
  },
  {
    capability: 'tickers',
    params: { symbols: ['ETH/USDT', 'NOPE/USDT', 'NEW/USDT', symbol] },
    body: of(ticker, { ...ticker, instId: 'NEW-USDT', last: '' }, { ...ticker, instId: 'ETH-USDT' }),
    data: [{ ...data, symbol: 'ETH/USDT', base: 'ETH' }, data],
    drifted: of({ ...ticker, last: null }),
  },
  {
    capability: 'candles',
    params: { symbol, interval: '1m' },
    body: of(...candles),
    data: [
      { openTime: NOW - 120_000, open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 52.5, closed: true },
      { openTime: NOW - 60_000, open: 11, high: 11, low: 11, close: 11, volume: 0, quoteVolume: 0, closed: true },
      { openTime: NOW, open: 11.2, high: 11.2, low: 11.1, close: 11.1, volume: 1, quoteVolume: 11.1, closed: false },
    ],
    drifted: of([at(0), '10', '9', '12', '11', '5', '52.5', '52.5', '1']),
  },
  {
    capability: 'volume',
    params: { symbol },
    body: of(ticker),
    data: { ...pair, volume24h: 40_000, quoteVolume24h: 4_200_000, asOf: NOW - 500 },
    drifted: of({ ...ticker, vol24h: '' }),
  },
  {
    capability: 'orderBook',
    params: { symbol, depth: 1 },
    body: of(book),
    data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]], asOf: NOW - 100 },
    drifted: of({ ...book, bids: undefined }),
  },
  {
    capability: 'trades',
    params: { symbol },
    body: of(...trades),
    data: [
      { id: '1', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_000 },
      { id: '2', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
    ],
    drifted: of({ ...trades[0], ts: String(NOW / 1_000) }),
  },
  {
    capability: 'assets',
    params: {},
    body: of(
      { instId: 'BTC-USDT', baseCcy: 'BTC', quoteCcy: 'USDT', state: 'live' },
      { instId: 'BTC-EUR', baseCcy: 'BTC', quoteCcy: 'EUR', state: 'live' },
      { instId: 'OLD-USDT', baseCcy: 'OLD', quoteCcy: 'USDT', state: 'suspend' },
      { instId: 'ETH-USDT', baseCcy: 'ETH', quoteCcy: 'USDT', state: 'live' },
    ),
    data: [
      { id: 'BTC', symbol: 'BTC' },
      { id: 'ETH', symbol: 'ETH' },
    ],
    drifted: of({ instId: 'BTC-USDT', state: 'live' }),
  },
  {
    capability: 'movers',
    params: { direction: 'gainers' },
    body: of(
      mover('A-USDT', '105'),
      mover('JUP-USDT', '109'),
      mover('BTC-USDT', '101'),
      mover('BTC3L-USDT', '150'),
      mover('TINY-USDT', '180', '10'),
      mover('X-BTC', '170'),
      mover('D-USDT', '97'),
    ),
    data: [
      { id: 'JUP', symbol: 'JUP', priceUsd: 109, change24hPercent: 9, volume24hUsd: 5_000_000 },
      { id: 'A', symbol: 'A', priceUsd: 105, change24hPercent: 5, volume24hUsd: 5_000_000 },
      { id: 'BTC', symbol: 'BTC', priceUsd: 101, change24hPercent: 1, volume24hUsd: 5_000_000 },
    ],
    drifted: of({ instId: 'BTC-USDT', price: '1' }),
  },
] as const

const { asked, told } = asking<OkxCapability>(provider)
const reasonOf = (...question: Parameters<typeof told>) => told(...question)?.reason

const gone = { code: '51001', msg: "Instrument ID doesn't exist", data: [] }
const single = ['ticker', 'candles', 'volume', 'orderBook', 'trades'] as const

describeProvider(
  okx,
  {
    answers,
    unknown: [
      ...single.flatMap((capability) => [
        { capability, body: gone },
        { capability, status: 400, body: { code: '51000', msg: 'Parameter instId error', data: [] } },
        { capability, body: of() },
      ]),
      { capability: 'tickers', params: { symbols: ['NOPE/USDT'] }, body: of(ticker) },
    ],
    errors: [
      { says: 'Too Many Requests', status: 429, body: { code: '50011', msg: 'Too Many Requests' }, reason: 'rate-limited' },
      { says: 'Too Many Requests as a number', body: { code: 50_011, msg: 'Too Many Requests' }, reason: 'rate-limited' },
      { says: 'Service temporarily unavailable', status: 503, body: { code: '50001', msg: 'Service temporarily unavailable' }, reason: 'unavailable' },
      { says: 'System error', body: { code: '50026', msg: 'System error' }, reason: 'unavailable' },
      { says: 'Parameter bar error', body: { code: '51000', msg: 'Parameter bar error' }, reason: 'bad-request' },
      { says: 'no such path', status: 404, body: { code: 404, data: {}, msg: 'Not Found' }, reason: 'bad-response' },
      { says: 'a gateway that failed', status: 502, body: '<html></html>', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('okx', () => {
  it('has no change without an open of 24 h ago', () => {
    const { open24h: _, ...rest } = ticker
    const { open24h: open, change24h: change, change24hPercent: percent, ...others } = data
    expect([open, change, percent]).toEqual([100, 10, 10])
    expect(asked('ticker', { symbol }, { body: of({ ...rest, open24h: '' }) })).toStrictEqual(others)
    expect(asked('ticker', { symbol }, { body: of({ ...rest, open24h: '0' }) })).toStrictEqual(others)
  })

  it('refuses a ticker of another market', () => {
    expect(() => asked('ticker', { symbol: 'ETH/USDT' }, { body: of(ticker) })).toThrow(BadResponseError)
  })

  it('lists the losers with the deepest fall first', () => {
    const body = of(mover('A-USDT', '95'), mover('B-USDT', '91'), mover('C-USDT', '102'))
    expect(asked('movers', { direction: 'losers', limit: 1 }, { body })).toEqual([expect.objectContaining({ id: 'B', change24hPercent: -9 })])
  })

  it('counts the running candle for the limit, and begins at the given time', () => {
    const times = (params: object) => asked('candles', { symbol, interval: '1m', ...params }, { body: of(...candles) }).map(({ openTime }) => openTime)
    expect(times({ limit: 2 })).toEqual([NOW - 60_000, NOW])
    expect(times({ limit: 2, since: NOW - 120_000 })).toEqual([NOW - 120_000, NOW - 60_000])
    expect(reasonOf('candles', { symbol, interval: '1m', since: NOW }, 200, of())).toBeUndefined()
  })

  it('takes the only one of a batch that is unknown for not found, and a list that is refused for no such thing', () => {
    const refused = { code: '51001', msg: 'Instrument ID does not exist', data: [] }
    expect(reasonOf('tickers', { symbols: ['NOPE/USDT'] }, 200, refused)).toBe('not-found')
    expect(reasonOf('tickers', { symbols: ['NOPE/USDT', symbol] }, 200, refused)).toBe('bad-request')
  })

  it('asks the documented addresses', () => {
    const host = 'https://www.okx.com/api/v5'
    expect(sent(provider, 'ticker', { symbol })).toBe(`${host}/market/ticker?instId=BTC-USDT`)
    expect(sent(provider, 'volume', { symbol }, { native: { BTC: 'WBTC' } })).toBe(`${host}/market/ticker?instId=WBTC-USDT`)
    expect(sent(provider, 'tickers', { symbols: [symbol, 'ETH/USDT'] })).toBe(`${host}/market/tickers?instType=SPOT`)
    expect(sent(provider, 'tickers', { symbols: [symbol] })).toBe(`${host}/market/ticker?instId=BTC-USDT`)
    expect(sent(provider, 'orderBook', { symbol })).toBe(`${host}/market/books?instId=BTC-USDT&sz=20`)
    expect(sent(provider, 'trades', { symbol, limit: 5 })).toBe(`${host}/market/trades?instId=BTC-USDT&limit=5`)
    expect(sent(provider, 'assets', {})).toBe(`${host}/public/instruments?instType=SPOT`)
    expect(sent(provider, 'movers', { direction: 'losers' })).toBe(`${host}/market/tickers?instType=SPOT`)
  })

  it('asks for candles that begin at midnight UTC', () => {
    const bar = (interval: Interval) => new URL(sent(provider, 'candles', { symbol, interval })).searchParams.get('bar')
    expect((Object.keys(INTERVAL_MS) as Interval[]).map(bar)).toEqual([
      '1m',
      '3m',
      '5m',
      '15m',
      '30m',
      '1H',
      '2H',
      '4H',
      '6Hutc',
      '12Hutc',
      '1Dutc',
      '1Wutc',
      '1Mutc',
    ])
  })

  it('fences the candles since a time from both sides, and has older ones from the history', () => {
    const parts = (interval: Interval, since: number, limit: number) => {
      const { pathname, searchParams } = new URL(sent(provider, 'candles', { symbol, interval, limit, since }))
      return [pathname.split('/').at(-1), Number(searchParams.get('before')), Number(searchParams.get('after'))]
    }
    expect(parts('1m', NOW - 600_000, 3)).toEqual(['candles', NOW - 600_001, NOW - 420_000])
    expect(parts('1m', NOW - 600_001, 3)).toEqual(['candles', NOW - 600_002, NOW - 420_000])
    expect(parts('1m', NOW - 100_000_000, 1)[0]).toBe('history-candles')
    expect(parts('1M', Date.UTC(2026, 0, 1), 2).at(-1)).toBe(Date.UTC(2026, 2, 1))
  })

  it('says no to more rows than one call brings', () => {
    const { candles: chart, orderBook, trades: recent } = provider.endpoints
    expect([chart.supports?.({ symbol, interval: '1w', limit: 300 }), chart.supports?.({ symbol, interval: '1w', limit: 301 })]).toEqual([true, false])
    expect([orderBook.supports?.({ symbol, depth: 400 }), orderBook.supports?.({ symbol, depth: 401 })]).toEqual([true, false])
    expect([recent.supports?.({ symbol, limit: 500 }), recent.supports?.({ symbol, limit: 501 })]).toEqual([true, false])
  })
})
