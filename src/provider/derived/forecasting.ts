import { BadResponseError, ConfigError, ProviderError } from '../../errors.js'
import type { ParamsOf } from '../../model/capabilities.js'
import type { Forecast } from '../../model/insight.js'
import { closesAt } from '../../model/interval.js'
import type { Candle } from '../../model/market.js'
import { defineProvider } from '../define-provider.js'
import type { CallContext, Provider, ProviderOptions } from '../provider.js'
import { routedCandles } from './routed-candles.js'

const DAY_MS = 86_400_000
/** Fewer closed days say too little of how far a price moves. */
const MIN_DAYS = 30
const MAX_DAYS = 30
/** Days that may lie between the last closed candle and today. */
const MAX_LATE = 2

/** What a model sees: closed days without a gap, oldest first. */
export interface DailySeries {
  readonly closes: readonly number[]
  /** The last of `closes`. */
  readonly last: number
  /** When that day closed, Unix ms. */
  readonly lastAt: number
  /** The candles that `closes` are of. */
  readonly candles: readonly Candle[]
}

/** What a model says of one day. */
export interface Projection {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** A way to make forecasts. */
export interface ForecastModel {
  /** kebab-case: who answers, in results. */
  readonly id: string
  /** How it is made, in words; a function of how many days it is made from. */
  readonly method: string | ((days: number) => string)
  /**
   * One projection for each of the `days` after the last closed one, in order, each with 0 ≤ low ≤ value ≤ high.
   * @param level share of cases that shall end between `low` and `high`, 0…1
   */
  predict(series: DailySeries, days: number, level: number): readonly Projection[] | Promise<readonly Projection[]>
  /** @default the id */
  readonly name?: string
  readonly homepage?: string
  readonly docs?: string
}

/** Options of every forecast. */
export interface ForecastOptions extends ProviderOptions {
  /** Share of cases that shall end inside the interval, 0…1. @default 0.8 */
  readonly confidenceLevel?: number | undefined
  /** Closed days that it is made from, 30…700; fewer where there are fewer. @default 180 */
  readonly history?: number | undefined
}

const HOMEPAGE = 'https://www.npmjs.com/package/feedmux'

/**
 * Makes a provider of `forecast` out of a model. The daily candles come through the router that it is asked by, so its cache, limits and failover
 * hold for them. Refuses a series with fewer than 30 closed days without a gap, or that ended days ago (`bad-request`), and a model's figures that
 * cannot be (`bad-response`).
 */
export function forecaster(model: ForecastModel, { confidenceLevel = 0.8, history = 180, ...options }: ForecastOptions = {}): Provider<'forecast'> {
  const { id, name = id, homepage = HOMEPAGE, docs = HOMEPAGE } = model
  if (!(confidenceLevel > 0 && confidenceLevel < 1)) throw new ConfigError(`${id}: confidenceLevel must be between 0 and 1, like 0.8, got ${confidenceLevel}`)
  if (!isWhole(history, MIN_DAYS, 700)) throw new ConfigError(`${id}: history must be a whole number of days from ${MIN_DAYS} to 700, got ${history}`)
  const call = (params: ParamsOf<'forecast'>, context: CallContext): Promise<Forecast> => forecastOf(model, confidenceLevel, history, params, context)
  return defineProvider({ id, name, homepage, docs, endpoints: { forecast: { call } } }, options)
}

async function forecastOf(
  model: ForecastModel,
  level: number,
  history: number,
  { symbol, days }: ParamsOf<'forecast'>,
  context: CallContext,
): Promise<Forecast> {
  // not `not-found`, which is remembered for the symbol: whoever gives the candles next may have more of them
  const refuse = (message: string): ProviderError => new ProviderError({ provider: model.id, reason: 'bad-request', message })
  if (!isWhole(days, 1, MAX_DAYS)) throw refuse(`days must be a whole number from 1 to ${MAX_DAYS}, got ${JSON.stringify(days) ?? 'nothing'}`)
  // one more than is used: the running day counts for the limit
  const { candles, source } = await routedCandles(context, { symbol, interval: '1d', limit: history + 1 }, model.id)
  const series = seriesOf(candles, history)
  if (series === undefined || series.closes.length < MIN_DAYS)
    throw refuse(`${MIN_DAYS} closed days without a gap are needed, ${source} has ${series?.closes.length ?? 0} of ${symbol}`)
  const late = Math.max(0, Math.floor((context.now - series.lastAt) / DAY_MS))
  if (late > MAX_LATE) throw refuse(`the last closed day of ${symbol} at ${source} ended ${late} days ago`)
  const projections = await model.predict(series, days + late, level)
  if (projections.length !== days + late || !projections.every(isSound))
    throw new BadResponseError(`${days + late} projections with 0 ≤ low ≤ value ≤ high expected`, { provider: model.id })
  const points = projections.map(({ value, low, high }, day) => ({ at: series.lastAt + (day + 1) * DAY_MS, value, low, high }))
  const method = typeof model.method === 'string' ? model.method : model.method(series.closes.length)
  return { symbol, method, source, points: points.slice(late), confidenceLevel: level }
}

/** The last days, as far back as there is one for each. */
function seriesOf(candles: readonly Candle[], most: number): DailySeries | undefined {
  const gap = candles.findLastIndex(({ openTime }, i) => i > 0 && openTime - (candles[i - 1]?.openTime ?? 0) !== DAY_MS)
  const days = candles.slice(Math.max(gap, 0)).slice(-most)
  const last = days.at(-1)
  if (last === undefined) return undefined
  return { candles: days, closes: days.map(({ close }) => close), last: last.close, lastAt: closesAt(last.openTime, '1d') }
}

const isWhole = (value: number, from: number, to: number): boolean => Number.isInteger(value) && value >= from && value <= to

const isSound = ({ value, low, high }: Projection): boolean => low >= 0 && low <= value && value <= high && Number.isFinite(high)

/**
 * Half the width of the interval that holds this share of Student's t, in units of its scale: 1.96 for 95 % and very many degrees of freedom.
 * Good to three digits from four degrees on. Abramowitz and Stegun, Handbook of Mathematical Functions: 26.2.23 for the normal one, 26.7.5 for t.
 */
export function studentWidth(level: number, freedom: number): number {
  const root = Math.sqrt(-2 * Math.log((1 - level) / 2))
  const z = root - (2.515517 + root * (0.802853 + root * 0.010328)) / (1 + root * (1.432788 + root * (0.189269 + root * 0.001308)))
  const terms = [(z ** 3 + z) / 4, (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96, (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384]
  return terms.reduce((sum, term, i) => sum + term / freedom ** (i + 1), z)
}

/** A median and its interval, given as logarithms. */
export const projectionOf = (median: number, halfWidth: number): Projection => ({
  value: Math.exp(median),
  low: Math.exp(median - halfWidth),
  high: Math.exp(median + halfWidth),
})
