import * as z from 'zod'
import type { Ticker } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { agreementOf, type Compared, compared, type Method } from '../data/compared.js'
import { largest, symbolsOf } from '../data/listed.js'
import { type Asker, isUnanswered } from '../data/preferring.js'
import { giverOf, prices } from '../data/prices.js'
import { callsOf, sourcesOf } from '../data/sources.js'
import { asOfIso, type Missing, missingField, missingIn, reasonOf } from '../data/together.js'
import { figure, known, limitField, maybeIso, provenanceFields, symbolField } from '../fields.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'

/** Each compared pair costs three calls: so many, the rest comes as one batch. */
const COMPARED = 5

const anomaly = z.object({
  symbol: z.string().describe('as it was asked for'),
  provider: z.string(),
  price: z.number(),
  deviation_percent: z.number().describe('from the median'),
})

const rowField = z.object({
  symbol: z.string().describe('as it was asked for'),
  market: z.string().describe('what was traded'),
  price: z.number(),
  change_24h: figure.describe('percent'),
  volume_24h: figure.describe('in units of the quote'),
  market_cap: figure,
  source: z.string(),
  timestamp: maybeIso,
  median: figure,
  confidence: figure.describe('share of the sources that agree, 0 to 1; null where they were not compared'),
  sources: z.int().describe('so many gave this price'),
})

type Row = z.input<typeof rowField>

const pricesRoute = route({
  method: 'GET',
  path: '/api/multi-source/prices',
  tag: 'Multi-source',
  kind: 'data',
  summary: `Prices of several pairs, those of the largest assets by default. cross_check compares three sources for each of the first ${COMPARED}, use_parallel without it takes the first of three that answers; the others come as one batch`,
  query: z.object({
    symbols: z.array(symbolField).min(1).max(250).optional(),
    limit: limitField(100, 250).describe('of the largest assets; symbols that are given are all asked for'),
    cross_check: z.boolean().default(true),
    use_parallel: z.boolean().default(false),
  }),
  errors: [400, 404, 502, 503, 504],
  answer: z.object({
    success: z.literal(true),
    data: z.array(rowField),
    method: z.enum(['cross_check', 'race', 'failover']),
    source: z.string(),
    timestamp: maybeIso,
    attempts: z.int().describe('calls that were made'),
    total_sources: z.int().describe('providers that have prices'),
    median: figure.describe('of one pair; of several each has its own'),
    confidence: figure.describe('the lowest of all pairs'),
    anomalies: z.array(anomaly).describe('sources that dissent'),
    missing: missingField,
    ...provenanceFields,
  }),
  async run(call) {
    const { symbols, limit, cross_check, use_parallel } = call.query
    const method: Method = cross_check ? 'cross_check' : use_parallel ? 'race' : 'failover'
    const asked = symbols === undefined ? await largestPairs(call, limit) : [...new Set(symbols)]
    const { found, missing, results } = await gatheredPrices(call, asked, method)
    const each = found.map(({ row }) => row)
    const confidences = each.flatMap(({ confidence }) => confidence ?? [])
    return fromRouter(results, {
      success: true,
      data: each,
      method,
      source: [...new Set(each.map(({ source }) => source))].join(),
      timestamp: each.reduce<string | null>(
        (oldest, { timestamp }) => (oldest !== null && timestamp !== null && oldest < timestamp ? oldest : timestamp),
        null,
      ),
      attempts: callsOf(results),
      total_sources: sourcesOf(call.api, 'ticker', 'tickers'),
      median: each.length === 1 ? known(each[0]?.median ?? undefined) : null,
      confidence: confidences.length === 0 ? null : Math.min(...confidences),
      anomalies: found.flatMap(({ anomalies }) => anomalies),
      ...missingIn(missing),
    })
  },
})

async function largestPairs(call: Asker, count: number): Promise<string[]> {
  const { assets } = await largest(call, count)
  return symbolsOf(assets).filter((symbol) => symbol !== undefined)
}

interface Found {
  readonly row: Row
  readonly anomalies: ReturnType<typeof agreementOf>['anomalies']
}

interface Gathered {
  readonly found: readonly Found[]
  readonly results: readonly RouterResult<unknown>[]
  readonly missing: readonly Missing[]
}

/** The first pairs compared, the rest as one batch; those that can't be compared follow as another. */
async function gatheredPrices(call: Asker, symbols: readonly string[], method: Method): Promise<Gathered> {
  const several = method === 'failover' ? [] : symbols.slice(0, COMPARED)
  const [first, batch] = await Promise.all([
    Promise.all(several.map((symbol) => compared(call, symbol, method === 'race' ? 'race' : 'cross_check'))),
    inBatch(call, symbols.slice(several.length)),
  ])
  const left = await inBatch(
    call,
    first.filter(({ result }) => result === undefined).map(({ symbol }) => symbol),
  )
  const bySymbol = new Map([...first.flatMap(comparedRow), ...batch.rows, ...left.rows])
  const found = symbols.flatMap((symbol) => bySymbol.get(symbol) ?? [])
  const error = left.error ?? batch.error
  if (found.length === 0 && error !== undefined) throw error
  const results = [...first.map(({ result }) => result), batch.result, left.result].filter((result) => result !== undefined)
  return { found, results, missing: [...first.flatMap(({ missing }) => missing ?? []), ...batch.missing, ...left.missing] }
}

interface Batch {
  readonly rows: readonly (readonly [string, Found])[]
  readonly missing: readonly Missing[]
  readonly result?: RouterResult<Ticker[]>
  readonly error?: unknown
}

async function inBatch(call: Asker, symbols: readonly string[]): Promise<Batch> {
  if (symbols.length === 0) return { rows: [], missing: [] }
  try {
    const { result, find, missing } = await prices(call, symbols)
    const rows = symbols.flatMap((symbol) => {
      const ticker = find(symbol)
      if (ticker === undefined) return []
      const told = { source: giverOf(result, ticker.symbol), fetchedAt: result.fetchedAt, median: null, confidence: null, sources: 1 }
      return [[symbol, { row: rowOf(symbol, ticker, told), anomalies: [] }] as [string, Found]]
    })
    return { rows, missing, result }
  } catch (error) {
    if (!isUnanswered(error)) throw error
    return { rows: [], missing: symbols.map((part) => ({ part, reason: reasonOf(error) })), error }
  }
}

function comparedRow({ symbol, result }: Compared): (readonly [string, Found])[] {
  if (result === undefined) return []
  const { anomalies, ...agreement } = agreementOf(symbol, result)
  const told = { source: result.provider, fetchedAt: result.fetchedAt, ...agreement }
  return [[symbol, { row: rowOf(symbol, result.data, told), anomalies }]]
}

type Told = Pick<Row, 'source' | 'median' | 'confidence' | 'sources'> & { readonly fetchedAt: number }

const rowOf = (symbol: string, ticker: Ticker, { fetchedAt, ...told }: Told): Row => ({
  symbol,
  market: ticker.symbol,
  price: ticker.last,
  change_24h: known(ticker.change24hPercent),
  volume_24h: known(ticker.quoteVolume24h),
  market_cap: known(ticker.marketCap),
  timestamp: asOfIso({ asOf: ticker.asOf, fetchedAt }),
  ...told,
})

/** Prices. */
export const sourcePriceRoutes = [pricesRoute]
