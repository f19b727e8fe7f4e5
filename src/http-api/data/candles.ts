import * as z from 'zod'
import { INTERVAL_MS, type Interval, opensAt } from '../../model/interval.js'
import type { ParamsOf } from '../../model/capabilities.js'
import type { Candle } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { figure, known } from '../fields.js'
import { type Asker, isUnanswered } from './preferring.js'
import { type Missing, reasonOf } from './together.js'

/** Lengths of candles that the API offers. */
export const timeframeField = z.enum(['1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w'])

/** One candle. */
export const candleRowField = z.object({
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: figure.describe('in units of the base'),
  timestamp: z.number().describe('when it opened, Unix ms'),
  closed: z.boolean().nullable().describe('false while it is still running'),
})

/** A candle as the API shows it. */
export const candleRow = ({ open, high, low, close, volume, openTime, closed }: Candle): z.input<typeof candleRowField> => ({
  open,
  high,
  low,
  close,
  volume: known(volume),
  timestamp: openTime,
  closed: known(closed),
})

/** Exchanges give so many at once. */
const PAGE = 1_000

/** The last candles of a market, the running one among them. */
interface LastCandles {
  readonly candles: readonly Candle[]
  /** The answer that the newest are of. */
  readonly last: RouterResult<Candle[]>
  readonly results: readonly RouterResult<Candle[]>[]
  readonly missing: readonly Missing[]
}

/** The last so many candles, in pages where one answer can't hold them: all of the provider that has the newest, as far as it has them. */
export async function lastCandles(call: Asker, symbol: string, interval: Interval, count: number): Promise<LastCandles> {
  const last = await call.ask('candles', { symbol, interval, limit: Math.min(count, PAGE) }, { rollUp: true })
  if (count <= PAGE) return { candles: last.data, last, results: [last], missing: [] }
  const length = INTERVAL_MS[interval]
  const newest = opensAt(call.api.now(), interval) - (PAGE - 1) * length
  const starts = Array.from({ length: Math.ceil(count / PAGE) - 1 }, (_, index) => newest - (index + 1) * PAGE * length)
  const older = await Promise.all(starts.map((since) => pageOf(call, { symbol, interval, limit: PAGE, since }, last.provider)))
  const results = [last, ...older.flatMap((page) => ('data' in page ? [page] : []))]
  const byTime = new Map(results.flatMap(({ data }) => data).map((candle) => [candle.openTime, candle]))
  const candles = [...byTime.values()].toSorted((a, b) => a.openTime - b.openTime).slice(-count)
  return { candles, last, results, missing: older.flatMap((page) => ('data' in page ? [] : [page])) }
}

/** One page of the past, or why there is none: it may not have been traded yet. */
async function pageOf(call: Asker, params: ParamsOf<'candles'> & { since: number }, provider: string): Promise<RouterResult<Candle[]> | Missing> {
  try {
    return await call.ask('candles', params, { rollUp: true, only: [provider] })
  } catch (error) {
    if (!isUnanswered(error)) throw error
    return { part: `${PAGE} candles from ${new Date(params.since).toISOString()}`, reason: reasonOf(error) }
  }
}
