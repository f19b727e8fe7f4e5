import * as z from 'zod'
import type { OrderBook, Ticker, Volume } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { largest, symbolsOf } from '../data/listed.js'
import { type Asker, preferring } from '../data/preferring.js'
import { giverOf } from '../data/prices.js'
import { asOfIso, type Missing, missingField, missingIn } from '../data/together.js'
import { exchangesOf, type VolumeAsker, volumesOf } from '../data/volumes.js'
import { dataHeaders } from '../caching.js'
import { figure, iso, known, maybeIso, provenanceFields, symbolField, words } from '../fields.js'
import { fromRouter, Reply } from '../reply.js'
import { type Route, route } from '../route.js'

const tag = 'Trading'
const errors = [400, 404, 502, 503, 504]

/** Rows of one answer. */
const ROWS = 20
/** Pairs that the largest volumes are looked for among. */
const LOOKED_AT = 100

const volumeRow = z.object({
  symbol: z.string().describe('what was traded'),
  exchange: z.string().describe('id of the provider'),
  kind: z.enum(['exchange', 'aggregator']).describe('what trades there, or what several exchanges trade together'),
  volume_24h: figure.describe('in units of the quote'),
  base_volume_24h: figure.describe('in units of the base'),
  volume_change: figure,
  trades_count: figure,
  timestamp: maybeIso.describe('when it was so'),
  cached: z.boolean(),
  stale: z.boolean(),
  age_ms: z.number(),
})

const volume = route({
  method: 'GET',
  path: '/api/trading/volume',
  tag,
  kind: 'data',
  summary: `What was traded of a pair in 24 h at each exchange that can be asked; without a symbol, the ${ROWS} largest volumes among the ${LOOKED_AT} largest assets`,
  query: z.object({ symbol: symbolField.optional() }),
  errors,
  answer: z.object({
    success: z.literal(true),
    symbol: words,
    total_volume: figure.describe('of the rows that tell one, in units of the quote; dollar coins count as dollars'),
    count: z.int(),
    data: z.array(volumeRow),
    source: z.string(),
    timestamp: maybeIso,
    missing: missingField,
    ...provenanceFields,
  }),
  async run(call) {
    const { symbol } = call.query
    const { rows, results, missing, freshUntil } = symbol === undefined ? await largestVolumes(call) : await pairVolumes(call, symbol)
    const told = rows.flatMap(({ volume_24h }) => volume_24h ?? [])
    const reply = fromRouter(results, {
      success: true,
      symbol: known(symbol),
      total_volume: told.length === 0 ? null : told.reduce((sum, one) => sum + one, 0),
      count: rows.length,
      data: rows,
      source: [...new Set(results.map(({ provider }) => provider))].join(),
      timestamp: oldestOf(results),
      ...missingIn(missing),
    })
    if (freshUntil === undefined) return reply
    return new Reply(reply.body, { ...reply.init, headers: dataHeaders(results, freshUntil, call.api.now()) })
  },
})

interface Volumes {
  readonly rows: readonly z.input<typeof volumeRow>[]
  readonly results: readonly RouterResult<unknown>[]
  readonly missing: readonly Missing[]
  /** Unix ms, where the route knows it better than the router: that one remembers what one exchange said. */
  readonly freshUntil?: number | undefined
}

const oldestOf = (results: readonly RouterResult<unknown>[]): string | null =>
  results.map((result) => asOfIso(result)).reduce((oldest, at) => (oldest !== null && at !== null && at < oldest ? at : oldest))

/** The largest first; what is not told in the quote comes last. */
async function pairVolumes(call: VolumeAsker, symbol: string): Promise<Volumes> {
  const { results, missing, freshUntil } = await volumesOf(call, symbol, ROWS)
  const exchanges = exchangesOf(call)
  const rows = results.map((result) => rowOf(result.data, result.provider, result, exchanges))
  return { rows: rows.toSorted((a, b) => (b.volume_24h ?? -1) - (a.volume_24h ?? -1)), results, missing, freshUntil }
}

/** Looked for among all before any is cut off. */
async function largestVolumes(call: Asker): Promise<Volumes> {
  const { assets } = await largest(call, LOOKED_AT)
  const symbols = symbolsOf(assets).filter((symbol) => symbol !== undefined)
  const result = await preferring(call, 'tickers', { symbols }, 'volume') // who has volumes has them in batches too
  const exchanges = exchangesOf(call)
  const rows = result.data
    .filter(({ quoteVolume24h }) => quoteVolume24h !== undefined)
    .toSorted((a, b) => (b.quoteVolume24h ?? 0) - (a.quoteVolume24h ?? 0))
    .slice(0, ROWS)
    .map((ticker) => rowOf(ticker, giverOf(result, ticker.symbol), result, exchanges))
  const without = result.data.length - result.data.filter(({ quoteVolume24h }) => quoteVolume24h !== undefined).length
  const missing = without === 0 ? [] : [{ part: 'volume', reason: `${without} of ${result.data.length} pairs have none in dollars` }]
  return { rows, results: [result], missing }
}

const rowOf = (
  { symbol, volume24h, quoteVolume24h, asOf }: Volume | Ticker,
  exchange: string,
  { source, fetchedAt, ageMs }: RouterResult<unknown>,
  exchanges: readonly string[],
): z.input<typeof volumeRow> => ({
  symbol,
  exchange,
  kind: exchanges.includes(exchange) ? 'exchange' : 'aggregator',
  volume_24h: known(quoteVolume24h),
  base_volume_24h: known(volume24h),
  volume_change: null, // no capability tells how volume changed, or the number of trades
  trades_count: null,
  timestamp: asOfIso({ asOf, fetchedAt }),
  cached: source === 'cache' || source === 'stale',
  stale: source === 'stale',
  age_ms: Math.round(ageMs),
})

const orders = z.array(z.tuple([z.number(), z.number()])).describe('price and amount in units of the base, best first')

const orderBook = route({
  method: 'GET',
  path: '/api/trading/orderbook',
  tag,
  kind: 'data',
  summary: 'Open orders of a pair, and what they say',
  query: z.object({ symbol: symbolField, depth: z.int().min(5).max(100).default(20) }),
  errors,
  answer: z.object({
    success: z.literal(true),
    symbol: z.string(),
    market: z.string().describe('what is traded'),
    timestamp: maybeIso.describe('when it was received'),
    bids: orders,
    asks: orders,
    metrics: z.object({
      bid_volume: z.number().describe('of the shown orders, in units of the base'),
      ask_volume: z.number(),
      bid_ask_ratio: figure,
      spread: figure,
      spread_percent: figure.describe('of the price in the middle'),
      best_bid: figure,
      best_ask: figure,
    }),
    source: z.string(),
    update_time: maybeIso.describe('when the exchange says that it was so; null where it does not say'),
    sequence: figure.describe("the exchange's own counter of changes; no time"),
    ...provenanceFields,
  }),
  async run(call) {
    const { symbol, depth } = call.query
    const result = await call.ask('orderBook', { symbol, depth })
    const book = { ...result.data, bids: result.data.bids.slice(0, depth), asks: result.data.asks.slice(0, depth) }
    return fromRouter(result, {
      success: true,
      symbol,
      market: book.symbol,
      timestamp: iso(result.fetchedAt),
      bids: book.bids,
      asks: book.asks,
      metrics: metricsOf(book),
      source: result.provider,
      update_time: iso(book.asOf),
      sequence: known(book.sequence),
    })
  },
})

function metricsOf({ bids, asks }: Pick<OrderBook, 'bids' | 'asks'>) {
  const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]]
  const [bid_volume, ask_volume] = [amountOf(bids), amountOf(asks)]
  const spread = bid === undefined || ask === undefined ? undefined : ask - bid
  const middle = ((bid ?? 0) + (ask ?? 0)) / 2
  return {
    bid_volume,
    ask_volume,
    bid_ask_ratio: ask_volume === 0 ? null : bid_volume / ask_volume,
    spread: known(spread),
    spread_percent: spread === undefined ? null : (100 * spread) / middle,
    best_bid: known(bid),
    best_ask: known(ask),
  }
}

const amountOf = (side: OrderBook['bids']): number => side.reduce((sum, [, amount]) => sum + amount, 0)

/** Volumes and order books. */
export const tradingRoutes: readonly Route[] = [volume, orderBook]
