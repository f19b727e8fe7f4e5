import { describe, expect, it } from 'vitest'
import { livecoinwatch } from '../../src/providers/livecoinwatch.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, requestOf } from '../support/ask.js'

const provider = livecoinwatch()
const HOST = 'https://api.livecoinwatch.com'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }
const delta = { hour: 0.999, day: 1.25, week: 0.9, month: 1.1, quarter: 1.2, year: 2 }
const btc = { code: 'BTC', name: 'Bitcoin', symbol: '₿', rank: 1, rate: 60_000.5, volume: 31_000_000_000, cap: 1_200_000_000_000, liquidity: 9_000_000, delta }
const eth = { code: 'ETH', name: 'Ethereum', rank: 2, rate: 2_000, volume: 9_000_000_000, cap: 240_000_000_000, delta: { ...delta, day: 0.5 } }
const ticker = { ...pair, last: 60_000.5, change24hPercent: 25, quoteVolume24h: 31_000_000_000, marketCap: 1_200_000_000_000 }
const failed = (code: number, description: string) => ({ error: { code, status: 'Failed', description } })
const list = { sort: 'rank', order: 'ascending', offset: 0 }

describeProvider(
  livecoinwatch,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol },
        url: `${HOST}/coins/single`,
        sent: { currency: 'USD', code: 'BTC', meta: true },
        body: btc,
        data: ticker,
        drifted: { ...btc, rate: undefined, price: 60_000.5 },
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/EUR', 'NOPE/EUR', 'DEAD/EUR', 'BTC/EUR'] },
        url: `${HOST}/coins/map`,
        sent: { ...list, limit: 4, meta: false, codes: ['ETH', 'NOPE', 'DEAD', 'BTC'], currency: 'EUR' },
        body: [btc, eth, { code: 'DEAD', rate: null, volume: 0, cap: null, delta: {} }],
        data: [
          { symbol: 'ETH/EUR', base: 'ETH', quote: 'EUR', last: 2_000, change24hPercent: -50, quoteVolume24h: 9_000_000_000, marketCap: 240_000_000_000 },
          { ...ticker, symbol: 'BTC/EUR', quote: 'EUR' },
        ],
        drifted: { coins: [btc] },
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${HOST}/coins/single`,
        sent: { currency: 'USD', code: 'BTC', meta: true },
        body: btc,
        data: { ...pair, quoteVolume24h: 31_000_000_000 },
        drifted: { ...btc, volume: undefined },
      },
      {
        capability: 'assets',
        params: { limit: 2 },
        url: `${HOST}/coins/list`,
        sent: { ...list, limit: 2, currency: 'USD', meta: true },
        body: [btc, { code: '__ACE', name: 'Ace the Second', rank: 900 }],
        data: [
          { id: 'BTC', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
          { id: '__ACE', symbol: 'ACE', name: 'Ace the Second', rank: 900 },
        ],
        drifted: [{ ...btc, code: undefined }],
      },
      {
        capability: 'globalMarket',
        params: {},
        url: `${HOST}/overview`,
        sent: { currency: 'USD' },
        body: { cap: 2_000_000_000_000, volume: 70_000_000_000, liquidity: 4_000_000_000, btcDominance: 0.5 },
        data: { marketCapUsd: 2_000_000_000_000, volume24hUsd: 70_000_000_000, dominancePercent: { BTC: 50 } },
        drifted: { cap: 2_000_000_000_000, volume: 70_000_000_000, btcDominance: 50 },
      },
      {
        capability: 'movers',
        params: { direction: 'losers' },
        url: `${HOST}/coins/list`,
        sent: { ...list, limit: 100, currency: 'USD', meta: true },
        body: [btc, eth],
        data: [
          {
            id: 'ETH',
            symbol: 'ETH',
            name: 'Ethereum',
            rank: 2,
            priceUsd: 2_000,
            change24hPercent: -50,
            marketCapUsd: 240_000_000_000,
            volume24hUsd: 9_000_000_000,
          },
        ],
        drifted: [{ ...btc, delta: undefined }],
      },
    ],
    unknown: [
      { capability: 'ticker', status: 404, body: failed(404, 'The specified resource could not be found.') },
      { capability: 'ticker', status: 400, body: failed(400, 'Your request is invalid.') },
      { capability: 'volume', status: 200, body: failed(404, 'The specified resource could not be found.') },
      { capability: 'tickers', body: [] },
    ],
    errors: [
      { says: 'Your API key is wrong.', status: 200, body: failed(401, 'Your API key is wrong.'), reason: 'unauthorized' },
      { says: 'Slow down!', status: 200, body: failed(429, 'Slow down!'), reason: 'rate-limited' },
      { says: 'offline for maintenance', status: 200, body: failed(503, 'Offline for maintenance.'), reason: 'unavailable' },
      { says: 'Gone', status: 410, body: failed(410, 'Gone.'), reason: 'bad-response' },
      { says: 'Not found, of the whole market', status: 404, body: failed(404, 'Not found.'), capability: 'globalMarket', reason: 'bad-response' },
    ],
  },
  { describe, it },
)

describe('livecoinwatch', () => {
  it('has no change where the ratio is missing or 0', () => {
    const { change24hPercent: _, ...rest } = ticker
    for (const day of [null, 0, undefined]) expect(ask(provider, 'ticker', { symbol }, { body: { ...btc, delta: { day } } })).toStrictEqual(rest)
    expect(ask(provider, 'ticker', { symbol }, { body: { ...btc, delta: null } })).toStrictEqual(rest)
  })

  it('refuses another coin than asked, and takes one without a code', () => {
    expect(() => ask(provider, 'ticker', { symbol }, { body: eth })).toThrow('code')
    expect(ask(provider, 'ticker', { symbol }, { body: { ...btc, code: undefined } })).toStrictEqual(ticker)
  })

  it('asks by the code that stands for a symbol', () => {
    const { body } = requestOf(provider, 'tickers', { symbols: ['ACE/USD'] }, { native: { ACE: '__ACE' } })
    expect(body).toMatchObject({ codes: ['__ACE'] })
    const data = ask(provider, 'tickers', { symbols: ['ACE/USD'] }, { body: [{ ...eth, code: '__ACE' }], native: { ACE: '__ACE' } })
    expect(data).toEqual([expect.objectContaining({ symbol: 'ACE/USD', last: 2_000 })])
  })

  it('takes one currency a batch, and lists of at most 100', () => {
    const { tickers, assets } = provider.endpoints
    expect([['BTC/USD', 'ETH/USD'], ['BTC/USD', 'ETH/EUR'], []].map((symbols) => tickers.supports?.({ symbols }))).toEqual([true, false, false])
    expect([undefined, 100, 101].map((limit) => assets.supports?.({ limit }))).toEqual([true, true, false])
  })
})
