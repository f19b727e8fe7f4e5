import * as z from 'zod'
import type { Interval } from '../../model/interval.js'
import type { Candle } from '../../model/market.js'
import { lastCandles } from '../data/candles.js'
import { symbolOfCoin } from '../data/find-coin.js'
import { asOfIso, missingField, missingIn } from '../data/together.js'
import { coinField, figure, iso, isoField, known, maybe, maybeIso, provenanceFields, words } from '../fields.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'

const tag = 'Coins'
const errors = [400, 404, 502, 503, 504]

const history = route({
  method: 'GET',
  path: '/api/coins/{id}/history',
  tag,
  kind: 'data',
  summary: "An asset's price day by day or hour by hour, out of candles; more than 41 days hour by hour take a call for every thousand hours",
  params: z.object({ id: coinField }),
  query: z.object({ days: z.int().min(1).max(365).default(30), interval: z.enum(['daily', 'hourly']).default('daily') }),
  errors,
  answer: z.object({
    id: z.string(),
    symbol: z.string(),
    days: z.int(),
    interval: z.string(),
    data: z.array(
      z.object({
        timestamp: isoField.describe('when the day or the hour began'),
        date: z.string(),
        price: z.number().describe('at its end, or now where it has not ended'),
        volume: figure.describe('in units of the asset'),
        market_cap: figure,
        closed: maybe(z.boolean()),
      }),
    ),
    count: z.int(),
    source: z.string(),
    timestamp: maybeIso,
    missing: missingField,
    ...provenanceFields,
  }),
  async run(call) {
    const { days, interval } = call.query
    const symbol = await symbolOfCoin(call, call.params.id)
    const [length, count] = interval === 'daily' ? (['1d', days] as const) : (['1h', 24 * days] as const)
    const { candles, last, results, missing } = await lastCandles(call, `${symbol}/USD`, length, count)
    const about = { id: call.params.id, symbol, days, interval, data: candles.map(pointOf), count: candles.length }
    return fromRouter(results, { ...about, source: last.provider, timestamp: asOfIso(last), ...missingIn(missing) })
  },
})

const pointOf = ({ openTime, close, volume, closed }: Candle) => {
  const timestamp = new Date(openTime).toISOString()
  return { timestamp, date: timestamp.slice(0, 10), price: close, volume: known(volume), market_cap: null, closed: known(closed) } // of the past no capability tells market values
}

const CHARTS = {
  '1h': { interval: '1m', limit: 60 },
  '24h': { interval: '15m', limit: 96 },
  '7d': { interval: '1h', limit: 168 },
  '30d': { interval: '4h', limit: 180 },
  '1y': { interval: '1d', limit: 365 },
} as const satisfies Record<string, { interval: Interval; limit: number }>

type Timeframe = keyof typeof CHARTS

const chart = route({
  method: 'GET',
  path: '/api/coins/{id}/chart',
  tag,
  kind: 'data',
  summary: "An asset's price as a line, with its highest, lowest and average",
  params: z.object({ id: coinField }),
  query: z.object({ timeframe: z.enum(Object.keys(CHARTS) as [Timeframe, ...Timeframe[]]).default('24h') }),
  errors,
  answer: z.object({
    id: z.string(),
    symbol: z.string(),
    timeframe: z.string(),
    chart: z.object({ labels: z.array(isoField), prices: z.array(z.number()) }),
    stats: z.object({ high: figure, low: figure, avg: figure, change: figure.describe('percent, from the first to the last') }),
    rolled_up_from: words.describe('the shorter candles that these were put together out of'),
    source: z.string(),
    timestamp: maybeIso,
    ...provenanceFields,
  }),
  async run(call) {
    const { timeframe } = call.query
    const symbol = await symbolOfCoin(call, call.params.id)
    const result = await call.ask('candles', { symbol: `${symbol}/USD`, ...CHARTS[timeframe] }, { rollUp: true })
    return fromRouter(result, {
      id: call.params.id,
      symbol,
      timeframe,
      chart: { labels: result.data.map(({ openTime }) => iso(openTime)), prices: result.data.map(({ close }) => close) },
      stats: statsOf(result.data),
      rolled_up_from: known(result.rolledUpFrom),
      source: result.provider,
      timestamp: asOfIso(result),
    })
  },
})

function statsOf(candles: readonly Candle[]) {
  const [first, last] = [candles[0], candles.at(-1)]
  if (first === undefined || last === undefined) return { high: null, low: null, avg: null, change: null }
  return {
    high: Math.max(...candles.map(({ high }) => high)),
    low: Math.min(...candles.map(({ low }) => low)),
    avg: candles.reduce((sum, { close }) => sum + close, 0) / candles.length,
    change: (100 * (last.close - first.open)) / first.open,
  }
}

/** How a price went. */
export const coinHistoryRoutes = [history, chart]
