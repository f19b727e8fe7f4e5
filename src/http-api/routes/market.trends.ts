import * as z from 'zod'
import { coinRowField, moverRow } from '../data/coin-rows.js'
import { byCategory, PROTOCOLS, protocols } from '../data/protocols.js'
import { asOfIso } from '../data/together.js'
import { figure, known, limitField, maybeIso, provenanceFields } from '../fields.js'
import { fromRouter } from '../reply.js'
import { type Route, route } from '../route.js'

const tag = 'Market'
const errors = [400, 404, 502, 503, 504]

const trendingAnswer = z.object({
  success: z.literal(true),
  data: z.array(
    z.object({
      symbol: z.string(),
      name: z.string(),
      rank: z.int().describe('place in this list'),
      price: figure.describe('in dollars'),
      change24h: figure.describe('percent'),
      marketCapRank: figure,
      source: z.string(),
      timestamp: maybeIso,
    }),
  ),
  source: z.string(),
  timestamp: maybeIso,
  ...provenanceFields,
})

const trendingAt = (path: string): Route =>
  route({
    method: 'GET',
    path,
    tag,
    kind: 'data',
    summary: 'Assets that many look for now, with their prices where they are told; `source` says whose list it is',
    query: z.object({ limit: limitField(10, 50) }),
    errors,
    answer: trendingAnswer,
    async run(call) {
      const result = await call.ask('trending', {})
      const told = { source: result.provider, timestamp: asOfIso(result) }
      const data = result.data.slice(0, call.query.limit).map(({ symbol, name, rank, priceUsd, change24hPercent }, index) => ({
        symbol,
        name,
        rank: index + 1,
        price: known(priceUsd),
        change24h: known(change24hPercent),
        marketCapRank: known(rank),
        ...told,
      }))
      return fromRouter(result, { success: true, data, ...told })
    },
  })

const moversAt = (direction: 'gainers' | 'losers'): Route =>
  route({
    method: 'GET',
    path: `/api/market/${direction}`,
    tag,
    kind: 'data',
    summary: direction === 'gainers' ? 'What rose the most in 24 h, strongest first' : 'What fell the most in 24 h, strongest first',
    query: z.object({ limit: limitField(10, 100) }),
    errors,
    answer: z.object({ [direction]: z.array(coinRowField), count: z.int(), source: z.string(), timestamp: maybeIso, ...provenanceFields }),
    async run(call) {
      const result = await call.ask('movers', { direction, limit: MOVERS })
      const rows = result.data.slice(0, call.query.limit).map(moverRow)
      return fromRouter(result, { [direction]: rows, count: rows.length, source: result.provider, timestamp: asOfIso(result) })
    },
  })

/** So many are asked for, whatever is shown of them: one list in memory for all. */
const MOVERS = 100

const categories = route({
  method: 'GET',
  path: '/api/market/categories',
  tag,
  kind: 'data',
  summary: `Kinds of DeFi protocols by what is locked in them, added up over the ${PROTOCOLS} largest protocols; other categories nobody tells, so market values are null`,
  query: z.object({ limit: limitField(50, 100) }),
  errors,
  answer: z.object({
    categories: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        market_cap: figure,
        market_cap_change_24h: figure,
        volume_24h: figure,
        tvl: z.number().describe('in dollars'),
        protocols: z.int(),
        top_3: z.array(z.string()),
      }),
    ),
    count: z.int(),
    source: z.string(),
    timestamp: maybeIso,
    ...provenanceFields,
  }),
  async run(call) {
    const result = await protocols(call)
    const rows = byCategory(result.data)
      .slice(0, call.query.limit)
      .map(({ name, tvlUsd, protocols: own }) => ({
        id: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
        name,
        market_cap: null,
        market_cap_change_24h: null,
        volume_24h: null,
        tvl: tvlUsd,
        protocols: own.length,
        top_3: own.slice(0, 3).map((protocol) => protocol.name),
      }))
    return fromRouter(result, { categories: rows, count: rows.length, source: result.provider, timestamp: asOfIso(result) })
  },
})

/** What moves, and what is talked about. */
export const trendRoutes = [trendingAt('/api/v1/coingecko/trending'), trendingAt('/api/direct/trending'), moversAt('gainers'), moversAt('losers'), categories]
