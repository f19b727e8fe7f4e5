import { BadResponseError, ProviderError } from '../../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../../model/capabilities.js'
import { closesAt, INTERVAL_MS, opensAt } from '../../model/interval.js'
import type { Candle } from '../../model/market.js'
import { known, read } from '../read.js'

/** A candle as it came: time and volumes, whose units differ, are read already; the prices are not. */
export interface CandleRow extends Pick<Candle, 'openTime'> {
  readonly open: unknown
  readonly high: unknown
  readonly low: unknown
  readonly close: unknown
  readonly volume?: number | undefined
  readonly quoteVolume?: number | undefined
  /** Only where the provider says it. */
  readonly closed?: boolean | undefined
}

/** A candle whose prices can be: all > 0, low ≤ open, close ≤ high. */
export function candleOf({ openTime, open, high, low, close, ...rest }: CandleRow): Candle {
  const candle = {
    openTime,
    open: read.positive(open, 'open'),
    high: read.positive(high, 'high'),
    low: read.positive(low, 'low'),
    close: read.positive(close, 'close'),
    ...rest,
  }
  if (candle.low > Math.min(candle.open, candle.close) || candle.high < Math.max(candle.open, candle.close))
    throw new BadResponseError('candle: low ≤ open, close ≤ high expected')
  return known<Candle>(candle)
}

/** The asked ones of an exchange's candles, in whatever order they came. Where a row does not say it, the clock tells whether it is closed. */
export function candlesOf(rows: readonly CandleRow[], params: ParamsOf<'candles'>, now: number): Candle[] {
  return askedCandles(
    rows.map((row) => candleOf({ ...row, closed: row.closed ?? closesAt(row.openTime, params.interval) <= now })),
    params,
  )
}

/** The asked ones of all candles that came, oldest first: the first since a time, else the last. One of each time is allowed. */
export function askedCandles(candles: readonly Candle[], { limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>): Candle[] {
  const ordered = candles.toSorted((a, b) => a.openTime - b.openTime)
  if (ordered.some(({ openTime }, i) => openTime === ordered[i - 1]?.openTime)) throw new BadResponseError('candles: one of each time expected, got two')
  return since === undefined ? ordered.slice(-limit) : ordered.filter(({ openTime }) => openTime >= since).slice(0, limit)
}

/** Refuses candles that do not begin where those of UTC do: for an exchange that does not say where they begin. */
export function aligned(rows: readonly CandleRow[], { interval }: ParamsOf<'candles'>, provider: string): readonly CandleRow[] {
  if (rows.some(({ openTime }) => opensAt(openTime, interval) !== openTime))
    throw new ProviderError({ provider, reason: 'bad-request', message: `its candles of ${interval} do not begin in UTC` })
  return rows
}

/** Refuses all the candles that there are (so many) where they begin later than was asked: older ones are not to be had. */
export function reaching(rows: readonly CandleRow[], { interval, since }: ParamsOf<'candles'>, most: number, provider: string): readonly CandleRow[] {
  const oldest = Math.min(...rows.map(({ openTime }) => openTime))
  if (since !== undefined && rows.length >= most && oldest >= since + INTERVAL_MS[interval])
    throw new ProviderError({ provider, reason: 'bad-request', message: `has only the last ${most} candles` })
  return rows
}
