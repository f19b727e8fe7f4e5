import * as z from 'zod'
import { ASSETS } from '../../model/assets.js'
import type { NewsItem } from '../../model/insight.js'
import { candleRow, candleRowField, timeframeField } from '../data/candles.js'
import { callsOf, sourcesOf } from '../data/sources.js'
import { asOfIso } from '../data/together.js'
import { coinField, figure, iso, isoField, known, limitField, maybeIso, provenanceFields, symbolField, words } from '../fields.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'

const tag = 'Multi-source'
const errors = [400, 404, 502, 503, 504]

const common = {
  source: z.string(),
  timestamp: maybeIso,
  attempts: z.int().describe('calls that were made'),
  total_sources: z.int().describe('providers that have it'),
}

const ohlc = route({
  method: 'GET',
  path: '/api/multi-source/ohlc/{symbol}',
  tag,
  kind: 'data',
  summary: 'Candles of a pair, of the first source that has them',
  params: z.object({ symbol: symbolField }),
  query: z.object({ timeframe: timeframeField.default('1h'), limit: limitField(1_000, 1_000) }),
  errors,
  answer: z.object({
    success: z.literal(true),
    symbol: z.string(),
    timeframe: z.string(),
    data: z.array(candleRowField),
    rolled_up_from: words.describe('the shorter candles that these were put together out of'),
    ...common,
    ...provenanceFields,
  }),
  async run(call) {
    const { timeframe, limit } = call.query
    const { symbol } = call.params
    const result = await call.ask('candles', { symbol, interval: timeframe, limit }, { rollUp: true })
    return fromRouter(result, {
      success: true,
      symbol,
      timeframe,
      data: result.data.map(candleRow),
      rolled_up_from: known(result.rolledUpFrom),
      source: result.provider,
      timestamp: asOfIso(result),
      attempts: callsOf([result]),
      total_sources: sourcesOf(call.api, 'candles'),
    })
  },
})

const article = z.object({
  id: z.string(),
  title: z.string(),
  summary: words,
  url: z.string(),
  image: words,
  published_at: isoField,
  source: z.string(),
  symbols: z.array(z.string()),
})

/** Articles that are looked through for words; an asset is asked for by itself. */
const SEARCHED = 100

const news = route({
  method: 'GET',
  path: '/api/multi-source/news',
  tag,
  kind: 'data',
  summary:
    'The latest articles, of several sources together (aggregate) or of one. query: an asset, or words that must all be in the title or the summary of one of the latest ones',
  query: z.object({ query: z.string().trim().min(1).max(100).optional(), limit: limitField(50, 100), aggregate: z.boolean().default(true) }),
  errors,
  answer: z.object({
    success: z.literal(true),
    data: z.array(article),
    count: z.int(),
    method: z.enum(['aggregate', 'failover']),
    sources: z.array(z.string()),
    ...common,
    ...provenanceFields,
  }),
  async run(call) {
    const { query, limit, aggregate } = call.query
    const asset = assetOf(query)
    const asked = asset === undefined ? { limit: SEARCHED } : { symbols: [asset], limit: SEARCHED }
    const result = await call.ask('news', asked, aggregate ? {} : { gather: 1 })
    const fitting = asset === undefined && query !== undefined ? result.data.filter((one) => isAbout(one, query)) : result.data
    const rows = fitting.slice(0, limit).map(articleOf)
    return fromRouter(result, {
      success: true,
      data: rows,
      count: rows.length,
      method: aggregate ? 'aggregate' : 'failover',
      sources: result.sources?.map(({ provider }) => provider) ?? [result.provider],
      source: result.provider,
      timestamp: iso(result.fetchedAt),
      attempts: callsOf([result]),
      total_sources: sourcesOf(call.api, 'news'),
    })
  },
})

/** The asset that is named by symbol or name; nothing for other words. */
function assetOf(query: string | undefined): string | undefined {
  const { data } = coinField.safeParse(query)
  return data !== undefined && Object.hasOwn(ASSETS, data) ? data : undefined
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Whether each word begins one of the text: `hack` is in Hacked, `sec` is not in Insecure. */
function isAbout({ title, summary = '' }: NewsItem, query: string): boolean {
  const [text, wanted] = [wordsOf(`${title} ${summary}`), wordsOf(query)]
  return wanted.length > 0 && wanted.every((start) => text.some((word) => word.startsWith(start)))
}

const articleOf = ({ id, title, summary, url, imageUrl, publishedAt, publisher, symbols = [] }: NewsItem) => ({
  id,
  title,
  summary: known(summary),
  url,
  image: known(imageUrl),
  published_at: iso(publishedAt),
  source: publisher,
  symbols,
})

const sentiment = route({
  method: 'GET',
  path: '/api/multi-source/sentiment',
  tag,
  kind: 'data',
  summary: 'The fear and greed index, of the first source that has one: each counts its own, so they are not averaged',
  errors: [502, 503, 504],
  answer: z.object({
    success: z.literal(true),
    data: z.object({ value: figure, classification: words, read_at: maybeIso }),
    ...common,
    ...provenanceFields,
  }),
  async run(call) {
    const result = await call.ask('fearGreed', { limit: 1 })
    const [latest] = result.data.toSorted((a, b) => b.at - a.at)
    return fromRouter(result, {
      success: true,
      data: { value: known(latest?.value), classification: known(latest?.label), read_at: iso(latest?.at) },
      source: result.provider,
      timestamp: iso(result.fetchedAt),
      attempts: callsOf([result]),
      total_sources: sourcesOf(call.api, 'fearGreed'),
    })
  },
})

/** Candles, articles, moods. */
export const sourceListRoutes = [ohlc, news, sentiment]
