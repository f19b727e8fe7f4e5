import * as z from 'zod'
import type { Exchange } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { type Asker, isUnanswered } from '../data/preferring.js'
import { asOfIso, missingField, missingIn } from '../data/together.js'
import { figure, known, limitField, maybe, maybeIso, provenanceFields, rounded, words } from '../fields.js'
import { fromRouter } from '../reply.js'
import { type Route, route } from '../route.js'

/** So many are asked for, whatever is shown of them: those that fit are looked for among all. */
const LISTED = 200
/** An exchange with this trust score or a better one is verified. */
const VERIFIED = 7

const exchangeRow = z.object({
  id: z.string(),
  name: z.string(),
  year_established: figure,
  country: words,
  url: words,
  trust_score: figure.describe('0 to 10'),
  trust_score_rank: figure,
  trade_volume_24h_btc: figure,
  trade_volume_24h_btc_normalized: figure,
  trade_volume_24h_usd: figure,
  has_trading_incentive: maybe(z.boolean()),
  centralized: maybe(z.boolean()),
  image: words,
})

const exchanges = route({
  method: 'GET',
  path: '/api/exchanges',
  tag: 'Exchanges',
  kind: 'data',
  summary: `Exchanges with the volume that they report, and figures over all that the source lists (at most ${LISTED})`,
  query: z.object({
    limit: limitField(50, LISTED),
    verified_only: z.boolean().default(false).describe(`those with a trust score of ${VERIFIED} or more; a source without scores has none`),
  }),
  errors: [400, 502, 503, 504],
  answer: z.object({
    success: z.literal(true),
    count: z.int(),
    exchanges: z.array(exchangeRow),
    statistics: z.object({
      total_exchanges: z.int(),
      verified_exchanges: figure,
      total_volume_24h_btc: figure,
      total_volume_24h_usd: figure,
      average_trust_score: figure,
      centralized_exchanges: figure,
      decentralized_exchanges: figure,
    }),
    top_by_volume: z.array(exchangeRow),
    source: z.string(),
    timestamp: maybeIso,
    missing: missingField,
    ...provenanceFields,
  }),
  async run(call) {
    const { limit, verified_only } = call.query
    const result = await (verified_only ? scoredExchanges(call) : call.ask('exchanges', { limit: LISTED }))
    const all = result.data
    const shown = (verified_only ? all.filter(isVerified) : all).slice(0, limit)
    return fromRouter(result, {
      success: true,
      count: shown.length,
      exchanges: shown.map(rowOf),
      statistics: statisticsOf(all),
      top_by_volume: byVolume(all).slice(0, 10).map(rowOf),
      source: result.provider,
      timestamp: asOfIso(result),
      ...missingIn(hasScores(all) ? [] : [{ part: 'trust_score', reason: `${result.provider} tells none, so nobody is known to be verified` }]),
    })
  },
})

const hasScores = (all: readonly Exchange[]): boolean => all.some(({ trustScore }) => trustScore !== undefined)

/** Exchanges as the first source lists them that tells scores; as the very first one does where nobody tells any. */
async function scoredExchanges(call: Asker): Promise<RouterResult<Exchange[]>> {
  const first = await call.ask('exchanges', { limit: LISTED })
  const seen: string[] = []
  let result = first
  while (!hasScores(result.data) && !seen.includes(result.provider)) {
    seen.push(result.provider)
    try {
      result = await call.ask('exchanges', { limit: LISTED }, { except: [...seen] })
    } catch (error) {
      if (!isUnanswered(error)) throw error
      return first
    }
  }
  return hasScores(result.data) ? result : first
}

const isVerified = ({ trustScore }: Exchange): boolean => trustScore !== undefined && trustScore >= VERIFIED

const rowOf = (one: Exchange): z.input<typeof exchangeRow> => ({
  id: one.id,
  name: one.name,
  year_established: known(one.yearEstablished),
  country: known(one.country),
  url: known(one.url),
  trust_score: known(one.trustScore),
  trade_volume_24h_btc: known(one.volume24hBtc),
  trade_volume_24h_usd: known(one.volume24hUsd),
  // no capability tells these
  trust_score_rank: null,
  trade_volume_24h_btc_normalized: null,
  has_trading_incentive: null,
  centralized: null,
  image: null,
})

function statisticsOf(all: readonly Exchange[]) {
  const scores = all.flatMap(({ trustScore }) => trustScore ?? [])
  return {
    total_exchanges: all.length,
    verified_exchanges: scores.length === 0 ? null : all.filter(isVerified).length,
    total_volume_24h_btc: sumOf(all.flatMap(({ volume24hBtc }) => volume24hBtc ?? [])),
    total_volume_24h_usd: sumOf(all.flatMap(({ volume24hUsd }) => volume24hUsd ?? [])),
    average_trust_score: scores.length === 0 ? null : rounded((sumOf(scores) ?? 0) / scores.length),
    centralized_exchanges: null, // which is which no capability tells
    decentralized_exchanges: null,
  }
}

/** Nothing known adds up to nothing known, not to 0. */
const sumOf = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0))

/** By what the source tells volumes in; those without one are left out. */
function byVolume(all: readonly Exchange[]): readonly Exchange[] {
  const unit = all.some(({ volume24hBtc }) => volume24hBtc !== undefined) ? 'volume24hBtc' : 'volume24hUsd'
  return all.filter((one) => one[unit] !== undefined).toSorted((a, b) => (b[unit] ?? 0) - (a[unit] ?? 0))
}

/** Exchanges. */
export const exchangesRoutes: readonly Route[] = [exchanges]
