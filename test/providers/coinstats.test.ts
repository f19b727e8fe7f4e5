import { describe, expect, it } from 'vitest'
import { coinstats } from '../../src/providers/coinstats.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, NOW, sent } from '../support/ask.js'
import { newsOf } from '../support/feed.js'

const provider = coinstats()
const HOST = 'https://openapiv1.coinstats.app'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }
const of = (...result: unknown[]) => ({
  result,
  meta: { page: 1, limit: 20, itemCount: result.length, pageCount: 1, hasPreviousPage: false, hasNextPage: false },
})
const btc = {
  id: 'bitcoin',
  icon: 'https://static.coinstats.example/bitcoin.png',
  name: 'Bitcoin',
  symbol: 'BTC',
  rank: 1,
  price: 60_000.5,
  priceBtc: 1,
  volume: 31_000_000_000,
  marketCap: 1_200_000_000_000,
  priceChange1h: 0.25,
  priceChange1d: -1.5,
  priceChange1w: 4,
}
const eth = { id: 'ethereum', name: 'Ethereum', symbol: 'eth', rank: 2, price: 2_000, volume: 9_000_000_000, marketCap: 0, priceChange1d: null }
const ticker = { ...pair, last: 60_000.5, change24hPercent: -1.5, quoteVolume24h: 31_000_000_000, marketCap: 1_200_000_000_000 }
const mood = (value: number, days: number) => ({ value, value_classification: 'Greed', timestamp: NOW / 1_000 - days * 86_400 })
const article = {
  id: 'a1',
  feedDate: NOW - 60_000,
  source: 'The Daily Coin',
  title: 'Nothing happened',
  isFeatured: false,
  description: ' It was quiet. ',
  link: 'https://daily.example/nothing?utm_source=coinstats',
  imgUrl: 'https://daily.example/nothing.png',
  relatedCoins: ['bitcoin'],
  coins: [{ coinKeyWords: 'BTC', coinPercent: 1, coinNameKeyWords: 'Bitcoin', coinIdKeyWords: 'bitcoin' }, null],
}
const item = {
  id: 'a1',
  title: 'Nothing happened',
  url: 'https://daily.example/nothing',
  publisher: 'The Daily Coin',
  publishedAt: NOW - 60_000,
  summary: 'It was quiet.',
  imageUrl: 'https://daily.example/nothing.png',
  symbols: ['BTC'],
}
const { imageUrl: _, ...withoutPicture } = item
const refused = (statusCode: number, message: string) => ({ statusCode, message, requestId: '11111111-2222-3333-4444-555555555555', path: '/coins' })
const list = '&currency=USD&sortBy=rank&sortDir=asc'

describeProvider(
  coinstats,
  {
    answers: [
      { capability: 'ticker', params: { symbol }, url: `${HOST}/coins/bitcoin?currency=USD`, body: btc, data: ticker, drifted: { ...btc, price: null } },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/USD', 'BTC/EUR', symbol] },
        url: `${HOST}/coins?coinIds=ethereum,bitcoin&limit=2${list}`,
        body: of(btc, eth),
        data: [{ symbol: 'ETH/USD', base: 'ETH', quote: 'USD', last: 2_000, quoteVolume24h: 9_000_000_000 }, ticker],
        drifted: { coins: [btc, eth] },
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${HOST}/coins/bitcoin?currency=USD`,
        body: btc,
        data: { ...pair, quoteVolume24h: 31_000_000_000 },
        drifted: { ...btc, volume: undefined },
      },
      {
        capability: 'assets',
        params: { limit: 2 },
        url: `${HOST}/coins?limit=2${list}`,
        body: of(btc, eth),
        data: [
          { id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
          { id: 'ethereum', symbol: 'ETH', name: 'Ethereum', rank: 2 },
        ],
        drifted: of({ ...btc, symbol: undefined }),
      },
      {
        capability: 'globalMarket',
        params: {},
        url: `${HOST}/markets`,
        body: { marketCap: 2_400_000_000_000, volume: 90_000_000_000, btcDominance: 55.5, marketCapChange: -0.5, volumeChange: 3, btcDominanceChange: 0.1 },
        data: { marketCapUsd: 2_400_000_000_000, volume24hUsd: 90_000_000_000, dominancePercent: { BTC: 55.5 }, change24hPercent: -0.5 },
        drifted: { marketCap: 2_400_000_000_000, volume: 90_000_000_000 },
      },
      {
        capability: 'fearGreed',
        params: {},
        url: `${HOST}/insights/fear-and-greed`,
        body: { name: 'Fear and Greed Index', now: { ...mood(73, 0), update_time: '2026-11-01T11:58:00.000Z' }, yesterday: mood(70, 1), lastWeek: mood(60, 7) },
        data: [{ value: 73, label: 'Greed', at: NOW }],
        drifted: { name: 'Fear and Greed Index', now: mood(173, 0) },
      },
      {
        capability: 'fearGreed',
        params: { limit: 2 },
        url: `${HOST}/insights/fear-and-greed/chart`,
        body: { name: 'Fear and Greed Index', data: [mood(60, 2), mood(70, 1), mood(73, 0)].map((day) => ({ ...day, timestamp: String(day.timestamp) })) },
        data: [
          { value: 73, label: 'Greed', at: NOW },
          { value: 70, label: 'Greed', at: NOW - 86_400_000 },
        ],
        drifted: { name: 'Fear and Greed Index', data: [] },
      },
      {
        capability: 'news',
        params: { limit: 2 },
        url: `${HOST}/news?page=1&limit=2`,
        body: { result: [{ ...article, id: 'a2', feedDate: NOW - 120_000, description: '<p>It was <b>quiet</b></p>', imgUrl: '' }, article] },
        data: [item, { ...withoutPicture, id: 'a2', publishedAt: NOW - 120_000, summary: 'It was quiet' }],
        drifted: { result: [{ ...article, link: 'daily' }] },
      },
    ],
    unknown: [
      { capability: 'ticker', status: 404, body: refused(404, "Coin with id 'bitcoin' not found") },
      { capability: 'volume', status: 404, body: refused(404, "Coin with id 'bitcoin' not found") },
      { capability: 'tickers', body: of() },
    ],
    errors: [
      {
        says: 'Insufficient credits for this request',
        status: 429,
        body: { error: 'Rate limit exceeded', message: 'Insufficient credits for this request' },
        reason: 'quota-exhausted',
      },
      { says: 'Rate limit exceeded', status: 429, body: refused(429, 'Rate limit exceeded'), reason: 'rate-limited' },
      { says: 'Your API Key is invalid', status: 401, body: refused(401, 'Your API Key is invalid.'), reason: 'unauthorized' },
      { says: 'Service Unavailable', status: 503, body: refused(503, 'Service Unavailable. Please Contact Support'), reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('coinstats', () => {
  it('refuses another coin than asked', () => {
    expect(() => ask(provider, 'ticker', { symbol }, { body: eth })).toThrow('id')
  })

  it('leaves out one of a batch without a price', () => {
    expect(ask(provider, 'tickers', { symbols: ['ETH/USD', symbol] }, { body: of({ ...eth, price: 0 }, btc) })).toStrictEqual([ticker])
  })

  it('has no news where there is none', async () => {
    expect(await newsOf(provider, { result: [] })).toEqual([])
  })

  it('counts what each call costs', () => {
    expect(Object.entries(provider.endpoints).map(([capability, { cost }]) => [capability, cost])).toEqual([
      ['ticker', 1],
      ['tickers', 2],
      ['volume', 1],
      ['assets', 2],
      ['globalMarket', 1],
      ['fearGreed', 50],
      ['news', 5],
    ])
    expect([provider.lookup?.cost, provider.metered]).toEqual([2, true])
  })

  it('looks up what its table lacks among the largest thousand', () => {
    expect(provider.lookup?.request).toMatchObject({ path: 'coins', query: { limit: 1_000, sortBy: 'rank' } })
    expect(provider.lookup?.parse(of(btc, eth))).toEqual([
      { symbol: 'BTC', id: 'bitcoin' },
      { symbol: 'eth', id: 'ethereum' },
    ])
  })

  it('has dollars only, news of no certain asset, and no longer lists than one call brings', () => {
    const { ticker: one, tickers, news, assets } = provider.endpoints
    expect([one.supports?.({ symbol: 'BTC/EUR' }), one.supports?.({ symbol })]).toEqual([false, true])
    expect([tickers.supports?.({ symbols: ['BTC/EUR', symbol] }), tickers.supports?.({ symbols: ['BTC/EUR'] })]).toEqual([true, false])
    expect([news.supports?.({}), news.supports?.({ symbols: ['BTC'] }), news.supports?.({ limit: 101 })]).toEqual([true, false, false])
    expect(sent(provider, 'news', {})).toBe(`${HOST}/news?page=1&limit=50`)
    expect([assets.supports?.({}), assets.supports?.({ limit: 1_001 })]).toEqual([true, false])
  })

  it('sends nothing for what it does not know, and can be moved to the address to come', () => {
    expect(() => sent(provider, 'ticker', { symbol: 'NOPE/USD' })).toThrow('does not know NOPE')
    expect(() => sent(provider, 'tickers', { symbols: ['NOPE/USD', 'NONE/USD'] })).toThrow('does not know any')
    expect(sent(coinstats({ hosts: ['https://api.coinstats.app/v1'] }), 'globalMarket', {})).toBe('https://api.coinstats.app/v1/markets')
  })
})
