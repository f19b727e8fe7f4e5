import * as z from 'zod'
import { baseOf } from '../../model/symbol.js'
import { iso, isoField, known, limitField, provenanceFields, words } from '../fields.js'
import { marketField } from '../insight/fields.js'
import { fromRouter } from '../reply.js'
import { type Route, route } from '../route.js'

const ofCoin = route({
  method: 'GET',
  path: '/api/news/{coin}',
  tag: 'News',
  kind: 'data',
  summary: 'The newest articles about a coin, by its symbol or its name',
  params: z.object({ coin: marketField }),
  query: z.object({ limit: limitField(20, 100) }),
  answer: z.object({
    success: z.literal(true),
    coin: z.string(),
    count: z.int(),
    articles: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        summary: words,
        content: z.null().describe('feeds give no whole articles'),
        url: z.string(),
        image: words,
        published_at: isoField,
        source: z.string(),
        categories: z.array(z.string()),
        tags: z.array(z.string()).describe('symbols that it speaks of'),
      }),
    ),
    sources: z.array(z.string()),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { limit } = call.query
    const coin = baseOf(call.params.coin)
    const result = await call.ask('news', { symbols: [coin], limit })
    const articles = result.data.slice(0, limit).map(({ id, title, summary, url, imageUrl, publishedAt, publisher, symbols = [] }) => ({
      id,
      title,
      summary: known(summary),
      content: null,
      url,
      image: known(imageUrl),
      published_at: iso(publishedAt),
      source: publisher,
      categories: [],
      tags: symbols,
    }))
    const sources = [...new Set(articles.map(({ source }) => source))]
    return fromRouter(result, { success: true, coin, count: articles.length, articles, sources, timestamp: iso(call.api.now()) })
  },
})

/** What the press writes. */
export const newsRoutes: readonly Route[] = [ofCoin]
