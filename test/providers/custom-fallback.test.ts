import { describe, expect, it } from 'vitest'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { customFallback } from '../../src/providers/custom-fallback.js'
import { describeProvider, fakeClock } from '../../src/testing/index.js'
import { ask, sent } from '../support/ask.js'

const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
const host = 'https://hobby.example/base'
const ticker = { symbol: 'BTC', price: 60_000.5, change24h: 900, changePercent24h: 1.5, volume24h: 12_345.6, high24h: 61_000, low24h: 59_000, timestamp: NOW }
const ok = (data: unknown) => ({ success: true, data, source: 'somebody', timestamp: '2026-11-01T12:00:00' })
const candle = (openTime: number) => ({ timestamp: openTime, open: 10, high: 12, low: 9, close: 11, volume: 5 })
const mood = { value: 61, value_classification: 'Greed', timestamp: NOW / 1_000 - 43_200, source: 'alternative.me' }
const article = {
  title: 'Bitcoin &amp; co',
  description: '<p>It rose.</p>',
  url: 'https://news.example/a?utm_source=x',
  source: 'Coindesk',
  timestamp: NOW - HOUR,
}
const post = { id: '1abc', title: 'Hello', author: 'someone', score: 5, num_comments: 2, url: 'https://www.reddit.com/r/a/1abc', created_utc: NOW / 1_000 - 60 }
const results = (...list: object[]) => ({ success: true, count: list.length, results: list, model: 'finbert', model_id: 'ProsusAI/finbert' })

describeProvider(
  customFallback,
  {
    options: { url: host },
    answers: [
      {
        capability: 'ticker',
        params: { symbol: 'BTC/USDT' },
        url: `${host}/api/v1/binance/ticker?symbol=BTCUSDT`,
        body: ok(ticker),
        data: { symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', last: 60_000.5, high24h: 61_000, low24h: 59_000, change24hPercent: 1.5, volume24h: 12_345.6 },
        drifted: ok({ ...ticker, price: 0 }),
      },
      {
        capability: 'candles',
        params: { symbol: 'BTC/USDT', interval: '1h', limit: 2 },
        url: `${host}/api/v1/binance/klines?symbol=BTCUSDT&timeframe=1h&interval=1h&limit=2`,
        body: ok([candle(NOW - HOUR), candle(NOW)]),
        data: [
          { openTime: NOW - HOUR, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: true },
          { openTime: NOW, open: 10, high: 12, low: 9, close: 11, volume: 5, closed: false },
        ],
        drifted: ok([candle(NOW - 86_400_000), candle(NOW)]),
      },
      {
        capability: 'fearGreed',
        params: { limit: 1 },
        url: `${host}/api/v1/alternative/fng?limit=1`,
        body: ok([mood]),
        data: [{ value: 61, label: 'Greed', at: NOW - 43_200_000 }],
        drifted: ok([{ ...mood, value: 161 }]),
      },
      {
        capability: 'news',
        params: { limit: 5 },
        url: `${host}/api/v1/news/latest?limit=5`,
        body: ok([article]),
        data: [
          {
            id: 'https://news.example/a',
            title: 'Bitcoin & co',
            url: 'https://news.example/a',
            publisher: 'Coindesk',
            publishedAt: NOW - HOUR,
            summary: 'It rose.',
          },
        ],
        drifted: ok([{ headline: 'Bitcoin' }]),
      },
      {
        capability: 'posts',
        params: { limit: 5 },
        url: `${host}/api/v1/reddit/new?subreddit=cryptocurrency&limit=5`,
        body: ok([post]),
        data: [{ id: '1abc', title: 'Hello', url: 'https://www.reddit.com/r/a/1abc', author: 'someone', score: 5, comments: 2, at: NOW - 60_000 }],
        drifted: ok([{ ...post, created_utc: null }]),
      },
      {
        capability: 'textSentiment',
        params: { texts: ['Up', 'Down', 'Well'] },
        url: `${host}/api/v1/hf/sentiment/batch`,
        sent: { texts: ['Up', 'Down', 'Well'] },
        body: results(
          { text: 'Up', sentiment: 'Bullish', label: 'Bullish', score: 0.75, confidence: 0.75 },
          { text: 'Down', label: 'negative', score: 0.4 },
          { text: 'Well', label: 'neutral', confidence: 0.9 },
        ),
        data: [
          { label: 'bullish', score: 0.5, confidence: 0.75, engine: 'custom-fallback', model: 'ProsusAI/finbert' },
          { label: 'bearish', score: 0, confidence: 0.4, engine: 'custom-fallback', model: 'ProsusAI/finbert' },
          { label: 'neutral', score: 0, confidence: 0.9, engine: 'custom-fallback', model: 'ProsusAI/finbert' },
        ],
        drifted: results({ label: 'LABEL_1', score: 0.9 }, { label: 'positive', score: 0.9 }, { label: 'positive', score: 0.9 }),
      },
    ],
    unknown: [
      { capability: 'ticker', status: 404, body: { detail: 'Symbol not found on Binance: NOSUCH' } },
      { capability: 'ticker', body: { success: false, error: 'Unknown symbol NOSUCH' } },
      { capability: 'candles', status: 400, body: { detail: 'Invalid symbol or parameters: NOSUCH' } },
      { capability: 'candles', body: ok([]) },
    ],
    errors: [
      { says: 'a failure inside a 200', body: { success: false, error: 'upstream failed', data: null }, reason: 'unavailable' },
      { says: 'a failure of whom it asked', status: 503, body: { detail: 'CoinGecko API temporarily unavailable' }, reason: 'unavailable' },
      { says: 'a service that sleeps', status: 502, body: '<html>Service waking up</html>', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('customFallback', () => {
  const provider = customFallback({ url: host })

  it('is disabled without an address, whatever is asked for', () => {
    expect(customFallback()).toMatchObject({ id: 'custom-fallback', enabled: false, role: 'last-resort' })
    expect(customFallback({ enabled: true })).toMatchObject({ enabled: false })
    expect(customFallback().hosts).toBeUndefined()
    expect(provider.enabled).not.toBe(false)
  })

  it('can be several, each with its own name and paths', () => {
    const other = customFallback({ url: 'https://other.example', id: 'crypto-dt-source', paths: { ticker: '/api/market/price' } })
    expect(other).toMatchObject({ id: 'crypto-dt-source', name: 'crypto-dt-source' })
    expect(sent(other, 'ticker', { symbol: 'ETH/USDT' })).toBe('https://other.example/api/market/price?symbol=ETHUSDT')
  })

  it('reads answers without an envelope, and those of a list', () => {
    const plain = { symbol: 'BTC', price: '60000.5', source: 'x', timestamp: 1 }
    const data = { symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', last: 60_000.5 }
    expect(ask(provider, 'ticker', { symbol: 'BTC/USDT' }, { body: plain })).toEqual(data)
    expect(ask(provider, 'ticker', { symbol: 'BTC/USDT' }, { body: ok([{ ...plain, volume24h: 0, changePercent24h: 0 }]) })).toEqual(data)
    const ohlc = { symbol: 'BTC', timeframe: '1h', ohlc: [candle(NOW)], source: 'x' }
    expect(ask(provider, 'candles', { symbol: 'BTC/USDT', interval: '1h' }, { body: ohlc })).toHaveLength(1)
  })

  it('refuses hours that are given for minutes', () => {
    const body = ok([candle(NOW - 2 * HOUR), candle(NOW - HOUR), candle(NOW)])
    expect(() => ask(provider, 'candles', { symbol: 'BTC/USDT', interval: '1m' }, { body })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('allows candles that are missing', () => {
    const body = ok([candle(NOW - 3 * HOUR), candle(NOW - HOUR), candle(NOW)])
    expect(ask(provider, 'candles', { symbol: 'BTC/USDT', interval: '1h' }, { body })).toHaveLength(3)
  })

  it('reads articles of feeds, in seconds', async () => {
    const body = ok([{ title: 'Ether', link: 'https://feed.example/b', summary: '', published: NOW / 1_000 - 60, source: 'decrypt' }])
    const articles = async () => ask(provider, 'news', {}, { body })
    expect(await articles()).toEqual([
      { id: 'https://feed.example/b', title: 'Ether', url: 'https://feed.example/b', publisher: 'decrypt', publishedAt: NOW - 60_000 },
    ])
  })

  it('leads to a post by a permalink without an address, and names nobody who is gone', async () => {
    const body = ok([{ id: '1', title: 'Up', permalink: '/r/x/1', url: 'https://else.example', author: '[deleted]', created_utc: NOW / 1_000 - 60 }])
    const posts = async () => ask(provider, 'posts', {}, { body })
    expect(await posts()).toEqual([{ id: '1', title: 'Up', url: 'https://www.reddit.com/r/x/1', at: NOW - 60_000 }])
  })

  it('wants one reading for each text', () => {
    expect(() => ask(provider, 'textSentiment', { texts: ['a', 'b'] }, { body: results({ label: 'positive', score: 1 }) })).toThrow(
      expect.objectContaining({ name: 'BadResponseError' }),
    )
  })

  it('is asked last, and its answer is marked', async () => {
    const fetch = async (): Promise<Response> => Response.json(ok(ticker))
    const router = new ProviderRouter({ providers: [provider], fetch, clock: fakeClock(NOW) })
    const { data, degraded } = await router.request('ticker', { symbol: 'BTC/USD' })
    expect(degraded).toBe(true)
    expect(data.quote).toBe('USDT')
    await router.close()
  })
})
