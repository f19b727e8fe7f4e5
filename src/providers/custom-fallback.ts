import { DEFAULT_CANDLES } from '../model/capabilities.js'
import type { Interval } from '../model/interval.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import { DEFAULT_NEWS } from '../provider/news/news.js'
import { DEFAULT_POSTS } from '../provider/news/posts.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { articlesOf, failureOf, indexOf, ohlcOf, redditPosts, sentimentsOf, tickerOf } from './custom-fallback.rows.js'

const MOST = { candles: 1_000, articles: 100, posts: 100, texts: 20 }
const INTERVALS: readonly Interval[] = ['1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w']

type Capabilities = 'ticker' | 'candles' | 'fearGreed' | 'news' | 'posts' | 'textSentiment'

// As in the source of the one service of this kind that is public; no answer of it was ever seen: unverified.
const PATHS: Readonly<Record<Capabilities, string>> = {
  ticker: 'api/v1/binance/ticker',
  candles: 'api/v1/binance/klines',
  fearGreed: 'api/v1/alternative/fng',
  news: 'api/v1/news/latest',
  posts: 'api/v1/reddit/new',
  textSentiment: 'api/v1/hf/sentiment/batch',
}

// To wake from its sleep.
const WAKE_MS = 20_000

/** Options of `customFallback()`, beside those that every provider takes. */
export interface CustomFallbackOptions extends ProviderOptions {
  /** Where the service runs: no address is built in, and without one it is disabled. */
  readonly url?: string | undefined
  /** One for each, where there are several. @default 'custom-fallback' */
  readonly id?: string | undefined
  /** @default the id */
  readonly name?: string | undefined
  /** Where it answers what, relative to `url`, in place of the paths of crypto-dt-source. */
  readonly paths?: Partial<Readonly<Record<Capabilities, string | undefined>>> | undefined
}

/**
 * A hobby aggregator that somebody runs, as the last resort: asked after everybody else, and what it answers is marked `degraded`. It speaks what
 * crypto-dt-source does (unverified): `{ success, data }` around the data, markets in USDT by the name that Binance has for them.
 *
 * ```ts
 * customFallback({ id: 'crypto-dt-source', url: 'https://…' }) // 30 a minute and 500 an hour
 * customFallback({ url: 'https://…', limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }, { requests: 1_000, perMs: 3_600_000, scope: 'ip' }] })
 * ```
 *
 * Such services sleep when nobody asks, and take up to 20 seconds to wake: an attempt has that time, where `totalTimeoutMs` leaves it. What they pass on is others' data, so a price here is no second opinion on that of Binance.
 */
export function customFallback({ url, id = 'custom-fallback', name = id, paths = {}, ...options }: CustomFallbackOptions = {}): Provider<Capabilities> {
  const path = (capability: Capabilities): string => (paths[capability] ?? PATHS[capability]).replace(/^\/+/, '')
  const hosts = options.hosts ?? (url === undefined ? undefined : [url])
  return defineProvider<Capabilities>(
    {
      id,
      name,
      homepage: 'https://github.com/nimazasinich/crypto-dt-source',
      docs: 'https://github.com/nimazasinich/crypto-dt-source',
      limits: [
        { requests: 30, perMs: 60_000, scope: 'ip' },
        { requests: 500, perMs: 3_600_000, scope: 'ip' },
      ],
      role: 'last-resort',
      dollarQuote: 'USDT',
      // its prices and candles are Binance's, passed on
      family: 'binance',
      endpoints: {
        ticker: {
          timeoutMs: WAKE_MS,
          supports: ({ symbol }) => isInTether(symbol),
          request: ({ symbol }) => ({ path: path('ticker'), query: { symbol: marketOf(symbol) } }),
          parse: (body, { symbol }) => tickerOf(body, symbol),
        },
        candles: {
          timeoutMs: WAKE_MS,
          supports: ({ symbol, interval, limit = DEFAULT_CANDLES, since }) =>
            isInTether(symbol) && INTERVALS.includes(interval) && limit <= MOST.candles && since === undefined,
          // Both names of the interval are in use: whoever knows neither gives hours.
          request: ({ symbol, interval, limit = DEFAULT_CANDLES }) => ({
            path: path('candles'),
            query: { symbol: marketOf(symbol), timeframe: interval, interval, limit },
          }),
          parse: (body, params, { now }) => ohlcOf(body, params, now, id),
        },
        fearGreed: {
          timeoutMs: WAKE_MS,
          request: ({ limit = 1 }) => ({ path: path('fearGreed'), query: { limit } }),
          parse: indexOf,
        },
        // It knows no assets: those asked for are looked for in the articles.
        news: {
          timeoutMs: WAKE_MS,
          supports: ({ limit = DEFAULT_NEWS }) => limit <= MOST.articles,
          request: ({ symbols = [], limit = DEFAULT_NEWS }) => ({ path: path('news'), query: { limit: symbols.length > 0 ? MOST.articles : limit } }),
          parse: (body, params, { now }) => articlesOf(body, params, now),
        },
        posts: {
          timeoutMs: WAKE_MS,
          supports: ({ limit = DEFAULT_POSTS }) => limit <= MOST.posts,
          request: ({ limit = DEFAULT_POSTS }) => ({ path: path('posts'), query: { subreddit: 'cryptocurrency', limit } }),
          parse: redditPosts,
        },
        textSentiment: {
          timeoutMs: WAKE_MS,
          supports: ({ texts }) => texts.length > 0 && texts.length <= MOST.texts,
          request: ({ texts }) => ({ path: path('textSentiment'), method: 'POST', body: { texts } }),
          parse: (body, params) => sentimentsOf(body, params, id),
        },
      },
      failure: failureOf,
    },
    { ...options, hosts, ...(hosts === undefined && { enabled: false }) },
  )
}

const isInTether = (symbol: string): boolean => pairOf(symbol).quote === 'USDT'

const marketOf = (symbol: string): string => symbol.replace('/', '')
