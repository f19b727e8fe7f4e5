import type { NewsItem } from '../model/insight.js'
import type { Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import type { CandleRow } from '../provider/market/candles.js'
import { membersOf } from '../provider/failure.js'
import { asTicker } from '../provider/market/market.js'
import { type NewsCandidate, newsItems } from '../provider/news/news.js'
import { symbolsAmong } from '../provider/news/news-names.js'
import type { ProviderFailure } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

const dataOf = (body: unknown): unknown => read.object(body, 'body').Data

/** Latest values by instrument (`BTC-USD`). */
export const ticksOf = (body: unknown): Map<string, Row> =>
  new Map(Object.entries(read.object(dataOf(body), 'Data')).map(([instrument, row]) => [instrument, read.object(row, instrument)]))

/** The index now, with its last 24 h: whether their volume holds the running hour is unverified. */
export const tickerOf = (row: Row, symbol: string): Ticker =>
  asTicker(
    {
      price: row.VALUE,
      open24h: row.MOVING_24_HOUR_OPEN,
      low24h: row.MOVING_24_HOUR_LOW,
      high24h: row.MOVING_24_HOUR_HIGH,
      change24h: row.MOVING_24_HOUR_CHANGE,
      changePercent: row.MOVING_24_HOUR_CHANGE_PERCENTAGE,
      volume: row.MOVING_24_HOUR_VOLUME,
      turnover: row.MOVING_24_HOUR_QUOTE_VOLUME,
      asOf: read.optional(read.seconds, row.VALUE_LAST_UPDATE_TS, 'VALUE_LAST_UPDATE_TS'),
    },
    pairOf(symbol),
  )

/** Candles; none for the time before the first trade, which is filled with zeros. */
export const candleRowsOf = (body: unknown): CandleRow[] => rowsOf(dataOf(body), 'Data').flatMap(candleRowOf)

function candleRowOf(row: Row): CandleRow[] {
  const { OPEN: open, HIGH: high, LOW: low, CLOSE: close } = row
  if (open === 0 && close === 0) return []
  return [
    {
      openTime: read.seconds(row.TIMESTAMP, 'TIMESTAMP'),
      open,
      high,
      low,
      close,
      volume: read.optional(read.amount, row.VOLUME, 'VOLUME'),
      quoteVolume: read.optional(read.amount, row.QUOTE_VOLUME, 'QUOTE_VOLUME'),
    },
  ]
}

/** Articles, newest first. Those of the asked categories are all that come. */
export const articlesOf = (body: unknown, limit: number | undefined, now: number): Promise<NewsItem[]> =>
  newsItems(read.array(dataOf(body), 'Data'), articleOf, { limit }, now)

const articleOf = (row: Row): NewsCandidate => ({
  id: row.ID,
  title: row.TITLE,
  url: row.URL,
  publisher: membersOf(row.SOURCE_DATA).NAME,
  publishedAt: read.seconds(row.PUBLISHED_ON, 'PUBLISHED_ON'),
  summary: row.SUBTITLE,
  imageUrl: row.IMAGE_URL,
  symbols: Array.isArray(row.CATEGORY_DATA) ? symbolsAmong(row.CATEGORY_DATA.map((category) => membersOf(category).CATEGORY)) : [],
})

interface Told {
  readonly type?: unknown
  readonly message?: unknown
  readonly other_info?: { readonly param?: unknown } | null
}

/** Types that mean one thing; 1 is a parameter, and in the older form a missing key as well, which only its words tell. */
const REASONS = new Map<number, ProviderFailure['reason']>([
  [2, 'unauthorized'],
  [66, 'unavailable'],
  [94, 'unavailable'],
  [95, 'unavailable'],
  [96, 'unavailable'],
  [99, 'rate-limited'],
  [101, 'rate-limited'],
  [102, 'unavailable'],
  [103, 'unavailable'],
  [401, 'unauthorized'],
])
const ABOUT_KEY = /\b(?:auth|api) ?key\b/i

/** Errors come as {Data, Err:{type,message,other_info}}; the older form {Response:'Error',Type,Message} stands in a 200. */
export function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const { Data, Err, Response, Type, Message } = (body ?? {}) as {
    Data?: object | null
    Err?: Told | null
    Response?: unknown
    Type?: unknown
    Message?: unknown
  }
  const { type, message: text, other_info: info }: Told = Response === 'Error' ? { type: Type, message: Message } : (Err ?? {})
  const isPartial = status === 200 && Object.keys(Data ?? {}).length > 0
  if (typeof text !== 'string' || status >= 429 || isPartial) return undefined
  const reason = typeof type === 'number' ? REASONS.get(type) : undefined
  if (reason !== undefined) return { reason, message: text }
  if (status === 401 || ABOUT_KEY.test(text)) return { reason: 'unauthorized', message: text }
  const isUnknown = typeof info?.param === 'string' ? /instrument|market|categor/.test(info.param) : status === 404
  return { reason: isUnknown ? 'not-found' : 'bad-request', message: text }
}
