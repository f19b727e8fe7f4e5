import { describe, expect, it } from 'vitest'
import { messari } from '../../src/providers/messari.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

const HOST = 'https://api.messari.io/metrics/v2/assets'
const asset = (more: object = {}) => ({
  id: '00000000-0000-4000-8000-000000000001',
  name: 'Bitcoin',
  slug: 'bitcoin',
  symbol: 'BTC',
  rank: 1,
  marketData: {
    priceUsd: 85_000.5,
    priceBtc: 1,
    volume24Hour: 14_000_000_000,
    ohlcv24HourUsd: { open: 85_000.5, high: 85_001, low: 84_000, close: 85_000.5, volume: 4_000_000_000 },
    marketcap: { circulatingUsd: 1_690_000_000_000, fullyDilutedUsd: 1_700_000_000_000, dominance: 58.1 },
  },
  returnOnInvestment: { priceChange24h: -1.25, priceChange7d: 3 },
  ...more,
})
const of = (data: unknown, error: unknown = '') => ({ error, data })
const bitcoin = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 85_000.5 }

describeProvider(
  messari,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol: 'BTC/USD' },
        url: `${HOST}/details?slugs=bitcoin`,
        body: of([asset()]),
        data: { ...bitcoin, change24hPercent: -1.25, quoteVolume24h: 14_000_000_000, marketCap: 1_690_000_000_000 },
        drifted: of([asset({ marketData: { price: 85_000.5 } })]),
      },
      {
        capability: 'assets',
        params: { limit: 2 },
        url: `${HOST}?limit=2&page=1`,
        body: {
          ...of([
            { id: '1', name: 'Bitcoin', slug: 'bitcoin', symbol: 'BTC', rank: 1, hasMarketData: true },
            { id: '2', name: '', slug: 'acme-coin', symbol: 'acme', rank: null, hasMarketData: false },
            { id: '3', name: 'More', slug: 'more', symbol: 'MORE', rank: 3 },
          ]),
          metadata: { total: 34_000, page: 1, limit: 2, hasMore: true },
        },
        data: [
          { id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
          { id: 'acme-coin', symbol: 'ACME' },
        ],
        drifted: of([{ id: '1', name: 'Bitcoin' }]),
      },
    ],
    unknown: [
      { capability: 'ticker', body: of([]) },
      { capability: 'ticker', status: 404, body: { error: 'asset not found' } },
    ],
    errors: [
      { says: 'no valid key', status: 401, body: { error: 'unauthorized' }, reason: 'unauthorized' },
      { says: 'a plan that lacks it', status: 403, body: { error: 'forbidden' }, reason: 'unauthorized' },
      { says: 'an error within a 200', body: of(null, 'invalid slugs'), reason: 'bad-request' },
      { says: 'nothing paid', status: 402, body: { error: 'payment required' }, reason: 'quota-exhausted' },
      { says: 'too many requests', status: 429, body: { error: 'rate limit' }, reason: 'rate-limited' },
    ],
  },
  { describe, it },
)

describe('messari', () => {
  it('finds what its table lacks in its list of assets', () => {
    const { lookup } = messari({ apiKey: 'key' })
    expect(lookup?.request).toEqual({ path: 'metrics/v2/assets', query: { limit: 500, page: 1 } })
    expect(lookup?.parse(of([{ slug: 'acme-coin', symbol: 'acme' }]))).toEqual([{ symbol: 'acme', id: 'acme-coin' }])
    expect(() => lookup?.parse(of([{ symbol: 'acme' }]))).toThrow('slug')
  })

  it('is off by default, and paid for', () => {
    expect(messari()).toMatchObject({ enabled: false, metered: true })
    expect(messari({ enabled: true }).enabled).toBe(true)
  })

  it('leaves out what the plan does not bring, and has no open of 24 h ago', () => {
    const body = of([asset({ marketData: { priceUsd: 85_000.5, marketcap: null }, returnOnInvestment: null })], null)
    expect(ask(messari(), 'ticker', { symbol: 'BTC/USD' }, { body })).toStrictEqual(bitcoin)
  })

  it('does not take another asset for the asked one', () => {
    const body = of([asset({ slug: 'bitcoin-cash' })])
    expect(() => ask(messari(), 'ticker', { symbol: 'BTC/USD' }, { body })).toThrow(expect.objectContaining({ reason: 'not-found' }))
  })

  it('has dollars only, and one page of assets', () => {
    const { ticker, assets } = messari().endpoints
    expect(['BTC/USD', 'BTC/USDT'].map((symbol) => ticker.supports?.({ symbol }))).toEqual([true, false])
    expect([500, 501].map((limit) => assets.supports?.({ limit }))).toEqual([true, false])
  })
})
