import { describe, expect, it } from 'vitest'
import { BadResponseError, type FailureReason } from '../../src/errors.js'
import { INTERVAL_MS } from '../../src/model/interval.js'
import { kraken, type KrakenCapability } from '../../src/providers/kraken.js'
import { describeProvider } from '../../src/testing/index.js'
import { asking, NOW, sent } from '../support/ask.js'

const provider = kraken()
const host = 'https://api.kraken.com/0/public'
const s = NOW / 1_000
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }
const of = (result: object) => ({ error: [], result })

const ticker = {
  a: ['100.20000', '1', '1.000'],
  b: ['100.10000', '2', '2.000'],
  c: ['100.15000', '0.01000000'],
  v: ['10.00000000', '40.00000000'],
  p: ['100.00000', '99.50000'],
  t: [100, 400],
  l: ['99.00000', '98.00000'],
  h: ['101.00000', '102.00000'],
  o: '99.90000',
}
const dead = {
  ...ticker,
  a: ['0.00000', '0', '0.000'],
  b: ['0.00000', '0', '0.000'],
  c: ['0.00000', '0.00000000'],
  v: ['0.00000000', '0.00000000'],
  p: ['0.00000', '0.00000'],
}
const ohlc = [
  [s - 120, '10.0', '12.0', '9.0', '11.0', '10.5', '5.00000000', 7],
  [s - 60, '11.0', '11.0', '11.0', '11.0', '0.0', '0.00000000', 0],
  [s, '11.2', '11.2', '11.1', '11.1', '11.1', '1.00000000', 2],
]
const depth = {
  bids: [
    ['10.0', '1.000', s],
    ['9.9', '2.000', s],
  ],
  asks: [
    ['10.1', '3.000', s],
    ['10.2', '4.000', s],
  ],
}
const trades = [
  ['10.0', '0.50000000', s - 2.5, 's', 'm', '', 1],
  ['10.1', '0.60000000', s - 1, 'b', 'l', '', 2],
]
const data = { ...pair, last: 100.15, bid: 100.1, ask: 100.2, high24h: 102, low24h: 98, volume24h: 40, quoteVolume24h: 3_980 }

const answers = [
  {
    capability: 'ticker',
    params: { symbol },
    url: `${host}/Ticker?pair=BTC/USD&assetVersion=1`,
    body: of({ [symbol]: ticker }),
    data,
    drifted: of({ [symbol]: { ...ticker, c: [] } }),
  },
  {
    capability: 'tickers',
    params: { symbols: ['ETH/USD', 'NOPE/USD', 'OLD/USD', symbol] },
    url: `${host}/Ticker?pair=ETH/USD,NOPE/USD,OLD/USD,BTC/USD&assetVersion=1`,
    body: of({ [symbol]: ticker, 'OLD/USD': dead, 'ETH/USD': ticker, 'SOL/USD': ticker }),
    data: [{ ...data, symbol: 'ETH/USD', base: 'ETH' }, data],
    drifted: of({ [symbol]: { ...ticker, c: null } }),
  },
  {
    capability: 'candles',
    params: { symbol, interval: '1m' },
    url: `${host}/OHLC?pair=BTC/USD&interval=1&assetVersion=1`,
    body: of({ [symbol]: ohlc, last: s - 60 }),
    data: [
      { openTime: NOW - 120_000, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: true },
      { openTime: NOW - 60_000, open: 11, high: 11, low: 11, close: 11, volume: 0, closed: true },
      { openTime: NOW, open: 11.2, high: 11.2, low: 11.1, close: 11.1, volume: 1, closed: false },
    ],
    drifted: of({ [symbol]: [[s, '10.0', '9.0', '12.0', '11.0', '10.5', '5.0', 7]], last: s }),
  },
  {
    capability: 'volume',
    params: { symbol },
    url: `${host}/Ticker?pair=BTC/USD&assetVersion=1`,
    body: of({ [symbol]: ticker }),
    data: { ...pair, volume24h: 40, quoteVolume24h: 3_980 },
    drifted: of({ [symbol]: { ...ticker, v: [] } }),
  },
  {
    capability: 'orderBook',
    params: { symbol, depth: 1 },
    url: `${host}/Depth?pair=BTC/USD&count=1&assetVersion=1`,
    body: of({ [symbol]: depth }),
    data: { ...pair, bids: [[10, 1]], asks: [[10.1, 3]] },
    drifted: of({ [symbol]: { bids: depth.bids } }),
  },
  {
    capability: 'trades',
    params: { symbol },
    url: `${host}/Trades?pair=BTC/USD&count=100&assetVersion=1`,
    body: of({ [symbol]: trades, last: '1616663618000000000' }),
    data: [
      { id: '1', price: 10, amount: 0.5, side: 'sell', at: NOW - 2_500 },
      { id: '2', price: 10.1, amount: 0.6, side: 'buy', at: NOW - 1_000 },
    ],
    drifted: of({ [symbol]: [['0', '0.5', s, 's', 'm', '', 1]], last: '1' }),
  },
  {
    capability: 'assets',
    params: {},
    url: `${host}/AssetPairs?assetVersion=1`,
    body: of({
      'BTC/USD': { base: 'BTC', quote: 'USD', aclass_base: 'currency', status: 'online' },
      'BTC/EUR': { base: 'BTC', quote: 'EUR', aclass_base: 'currency', status: 'online' },
      'OLD/USD': { base: 'OLD', quote: 'USD', aclass_base: 'currency', status: 'cancel_only' },
      'AAPLx/USD': { base: 'AAPLx', quote: 'USD', aclass_base: 'tokenized_asset', status: 'online' },
      'ETH/USD': { base: 'ETH', quote: 'USD', status: 'online' },
    }),
    data: [
      { id: 'BTC', symbol: 'BTC' },
      { id: 'ETH', symbol: 'ETH' },
    ],
    drifted: of({ 'BTC/USD': { status: 'online' } }),
  },
] as const

const { asked, told } = asking<KrakenCapability>(provider)
const reasonOf = (capability: KrakenCapability, params: object, status: number, ...error: string[]) => told(capability, params, status, { error })?.reason

const bySymbol = ['ticker', 'tickers', 'candles', 'volume', 'orderBook', 'trades'] as const
const inside = (text: string, reason: FailureReason) => ({ says: text, body: { error: [text] }, reason })

describeProvider(
  kraken,
  {
    answers,
    unknown: [
      ...bySymbol.flatMap((capability) =>
        ['EQuery:Unknown asset pair', 'EQuery:Invalid asset pair', 'EQuery:Unknown asset'].map((text) => ({ capability, body: { error: [text] } })),
      ),
      ...(['ticker', 'candles', 'volume', 'orderBook', 'trades'] as const).map((capability) => ({ capability, body: of({}) })),
      { capability: 'tickers', params: { symbols: ['NOPE/USD', 'OLD/USD'] }, body: of({ [symbol]: ticker, 'OLD/USD': dead }) },
    ],
    errors: [
      inside('EAPI:Rate limit exceeded', 'rate-limited'),
      inside('EGeneral:Too many requests', 'rate-limited'),
      inside('EGeneral:Temporary lockout', 'rate-limited'),
      inside('EService:Unavailable', 'unavailable'),
      inside('EService:Busy', 'unavailable'),
      inside('EGeneral:Internal error', 'unavailable'),
      inside('EGeneral:Invalid arguments', 'bad-request'),
      inside('EWhatever:New', 'bad-response'),
      { says: 'an unknown pair, where none was asked for', body: { error: ['EQuery:Unknown asset pair'] }, capability: 'assets', reason: 'bad-request' },
      { says: 'no such path', status: 404, body: { error: [] }, reason: 'bad-response' },
      { says: 'a gateway that failed', status: 520, body: '<html></html>', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('kraken', () => {
  it('leaves warnings beside a result and plain statuses alone', () => {
    expect(reasonOf('ticker', { symbol }, 200, 'WGeneral:Something')).toBeUndefined()
    expect(reasonOf('ticker', { symbol }, 520)).toBeUndefined()
    expect(reasonOf('ticker', { symbol }, 404)).toBe('bad-response')
  })

  it('finds the one asked pair under its old name', () => {
    expect(asked('ticker', { symbol }, { body: of({ XXBTZUSD: ticker }) })).toStrictEqual(data)
    expect(asked('candles', { symbol, interval: '1m' }, { body: of({ XXBTZUSD: ohlc, last: s }) })).toHaveLength(3)
    expect(() => asked('ticker', { symbol }, { body: of({ 'ETH/USD': ticker, 'SOL/USD': ticker }) })).toThrow(BadResponseError)
    expect(() => asked('ticker', { symbol }, { body: of({}) })).toThrow(expect.objectContaining({ reason: 'not-found' }))
  })

  it('has no open and no change: `o` is the open of the day', () => {
    expect(Object.keys(asked('ticker', { symbol }, { body: of({ [symbol]: ticker }) }) as object).filter((key) => /open|change/.test(key))).toEqual([])
  })

  it('leaves out a turnover that has no average price', () => {
    const market = { ...ticker, v: ['0', '0.00000000'], p: ['0', '0.00000'] }
    expect(asked('volume', { symbol }, { body: of({ [symbol]: market }) })).toStrictEqual({ ...pair, volume24h: 0 })
  })

  it('counts the running candle for the limit, and begins at the given time', () => {
    const body = of({ [symbol]: ohlc, last: s })
    const times = (params: object) => asked('candles', { symbol, interval: '1m', ...params }, { body }).map(({ openTime }) => openTime)
    expect(times({ limit: 2 })).toEqual([NOW - 60_000, NOW])
    expect(times({ limit: 1, since: NOW - 60_000 })).toEqual([NOW - 60_000])
    expect(times({ since: NOW + 60_000 })).toEqual([])
  })

  it('leaves a time before the last 720 candles to others', () => {
    const rows = Array.from({ length: 720 }, (_, i) => [s - (719 - i) * 60, '10', '10', '10', '10', '10', '1', 1])
    const since = (time: number) => () => asked('candles', { symbol, interval: '1m', since: time }, { body: of({ [symbol]: rows, last: s }) })
    expect(since(NOW - 719 * 60_000)).not.toThrow()
    expect(since(NOW - 720 * 60_000)).toThrow(expect.objectContaining({ reason: 'bad-request' }))
  })

  it('asks for the names that users give, for candles from a second earlier, and for a whole market list instead of a long one', () => {
    expect(sent(provider, 'ticker', { symbol }, { native: { BTC: 'XBT' } })).toBe(`${host}/Ticker?pair=XBT%2FUSD&assetVersion=1`)
    expect(provider.endpoints.tickers).toMatchObject({ maxBatch: 50, whole: { request: { path: '0/public/Ticker', query: { assetVersion: 1 } } } })
    expect(sent(provider, 'candles', { symbol, interval: '4h', since: NOW })).toBe(`${host}/OHLC?pair=BTC%2FUSD&interval=240&since=${s - 1}&assetVersion=1`)
    expect(sent(provider, 'orderBook', { symbol })).toBe(`${host}/Depth?pair=BTC%2FUSD&count=20&assetVersion=1`)
  })

  it('knows the old Terra as LUNA and the new one as LUNA2', () => {
    const old = (market: string, last: string) => ({ [market]: { ...ticker, c: [last, '1'] } })
    const body = of({ ...old('LUNA/USD', '0.00005'), ...old('LUNA2/USD', '0.1') })
    expect(asked('tickers', { symbols: ['LUNA/USD', 'LUNC/USD'] }, { body }).map((one) => [one.symbol, one.last])).toEqual([
      ['LUNA/USD', 0.1],
      ['LUNC/USD', 0.00005],
    ])
    expect(sent(provider, 'ticker', { symbol: 'USTC/USD' })).toBe(`${host}/Ticker?pair=UST%2FUSD&assetVersion=1`)
    expect(asked('assets', {}, { body: of({ a: { base: 'LUNA', status: 'online' }, b: { base: 'LUNA2', status: 'online' } }) })).toEqual([
      { id: 'LUNA', symbol: 'LUNC' },
      { id: 'LUNA2', symbol: 'LUNA' },
    ])
  })

  it('says no to intervals and sizes that it lacks', () => {
    const { candles, orderBook, trades: recent } = provider.endpoints
    const intervals = Object.keys(INTERVAL_MS) as (keyof typeof INTERVAL_MS)[]
    expect(intervals.filter((interval) => candles.supports?.({ symbol, interval }))).toEqual(['1m', '5m', '15m', '30m', '1h', '4h', '1d'])
    expect(candles.supports?.({ symbol, interval: '1m', limit: 721 })).toBe(false)
    expect([orderBook.supports?.({ symbol, depth: 500 }), orderBook.supports?.({ symbol, depth: 501 })]).toEqual([true, false])
    expect([recent.supports?.({ symbol, limit: 1_000 }), recent.supports?.({ symbol, limit: 1_001 })]).toEqual([true, false])
  })
})
