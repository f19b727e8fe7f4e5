import { BadResponseError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { FearGreed, NewsItem, Post, TextSentiment } from '../model/insight.js'
import { INTERVAL_MS } from '../model/interval.js'
import type { Candle, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { candlesOf } from '../provider/market/candles.js'
import { membersOf } from '../provider/failure.js'
import { unknown } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import { moodsOf } from '../provider/moods.js'
import { newsItems } from '../provider/news/news.js'
import { postsOf } from '../provider/news/posts.js'
import type { ProviderFailure, ProviderResponse } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

/** What is in the envelope `{ success, data }`, or the body itself where there is none. */
const dataOf = (body: unknown, ...names: readonly string[]): unknown => {
  const members = membersOf(body)
  const name = ['data', ...names].find((one) => members[one] !== undefined && members[one] !== null)
  return name === undefined ? body : members[name]
}

/** A ticker; such services say 0 for what they do not know. `timestamp` is when they answered, not when it was true. */
export function tickerOf(body: unknown, symbol: string): Ticker {
  const data = dataOf(body)
  const row = read.object(Array.isArray(data) ? data[0] : data, 'data')
  return asTicker(
    {
      price: row.price,
      low24h: row.low24h,
      high24h: row.high24h,
      changePercent: row.changePercent24h || undefined,
      volume: row.volume24h || undefined,
    },
    pairOf(symbol),
  )
}

/** Candles; refused where they are of another interval than was asked for, which such services give without a word. */
export function ohlcOf(body: unknown, params: ParamsOf<'candles'>, now: number, provider: string): Candle[] {
  const rows = rowsOf(dataOf(body, 'ohlc'), 'data').map(({ timestamp, open, high, low, close, volume }) => ({
    openTime: read.millis(timestamp, 'timestamp'),
    open,
    high,
    low,
    close,
    volume: read.optional(read.amount, volume, 'volume'),
  }))
  if (rows.length === 0 && params.since === undefined) throw unknown(provider, params.symbol)
  const candles = candlesOf(rows, params, now)
  const steps = candles.slice(1).map(({ openTime }, i) => openTime - (candles[i]?.openTime ?? 0))
  if (steps.length > 0 && Math.min(...steps) !== INTERVAL_MS[params.interval]) throw new BadResponseError(`candles of ${params.interval} expected, got others`)
  return candles
}

/** Values of a fear-and-greed index. */
export const indexOf = (body: unknown, params: ParamsOf<'fearGreed'>): FearGreed[] =>
  moodsOf(rowsOf(dataOf(body), 'data'), params, ({ timestamp }) => read.seconds(timestamp, 'timestamp'))

/** Articles in either form that such services have: from news services, in ms, or from feeds, in seconds. */
export const articlesOf = (body: unknown, params: ParamsOf<'news'>, now: number): Promise<NewsItem[]> =>
  newsItems(
    rowsOf(dataOf(body, 'articles'), 'data'),
    ({ title, url, link, source, timestamp, published, description, summary, imageUrl }) => ({
      title,
      url: url ?? link,
      publisher: source,
      publishedAt: timestamp ?? (published === undefined ? undefined : read.seconds(published, 'published')),
      summary: description ?? summary,
      imageUrl,
    }),
    params,
    now,
  )

/** Posts of Reddit; their permalinks come with its address or without. */
export const redditPosts = (body: unknown, params: ParamsOf<'posts'>): Promise<Post[]> =>
  postsOf(
    rowsOf(dataOf(body), 'data'),
    ({ id, title, permalink, url, author, score, num_comments: comments, created_utc: created }: Row) => ({
      id,
      title,
      url: typeof permalink === 'string' && permalink.startsWith('/') ? `https://www.reddit.com${permalink}` : (permalink ?? url),
      author: author === '[deleted]' ? undefined : author,
      score,
      comments,
      created,
    }),
    params,
  )

// By their words: models differ in the order of their labels.
const LABELS = new Map<string, TextSentiment['label']>([
  ['bullish', 'bullish'],
  ['positive', 'bullish'],
  ['neutral', 'neutral'],
  ['bearish', 'bearish'],
  ['negative', 'bearish'],
])
const SIGNS = { bullish: 1, neutral: 0, bearish: -1 } as const

/**
 * Readings of texts, in their order. Only how sure it is of the label is told, so the score is the least that this allows: what is left is taken for the
 * opposite.
 */
export function sentimentsOf(body: unknown, { texts }: ParamsOf<'textSentiment'>, engine: string): TextSentiment[] {
  const { model_id, model } = membersOf(body)
  const rows = rowsOf(dataOf(body, 'results'), 'results')
  if (rows.length !== texts.length) throw new BadResponseError(`results: ${texts.length} expected, got ${rows.length}`)
  const name = [model_id, model].find((one) => typeof one === 'string' && one !== '')
  return rows.map((row): TextSentiment => {
    const label = LABELS.get(read.string(row.label ?? row.sentiment, 'label').toLowerCase())
    const confidence = read.amount(row.confidence ?? row.score, 'confidence')
    if (label === undefined || confidence > 1) throw new BadResponseError('label and confidence: known ones expected, got others')
    return { label, score: SIGNS[label] * Math.max(0, 2 * confidence - 1) || 0, confidence, engine, ...(typeof name === 'string' && { model: name }) }
  })
}

/** `success: false` fails, whatever the status; the words, which may be of whoever it asked, tell an unknown symbol. */
export function failureOf({ status, body }: ProviderResponse): ProviderFailure | undefined {
  const { success, error, detail, message } = membersOf(body)
  const words = [detail, error, message].find((text) => typeof text === 'string' && text !== '')
  const told = typeof words === 'string' ? words : undefined
  if ((status === 400 || status === 404 || success === false) && /symbol.*(invalid|not found|unknown)|(invalid|unknown) symbol/i.test(told ?? ''))
    return { reason: 'not-found', message: told }
  return success === false && status < 400 ? { reason: 'unavailable', message: told } : undefined
}
