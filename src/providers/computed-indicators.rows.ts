import { ATR, BollingerBands, EMA, RSI, SMA, VWAP } from 'trading-signals'
import type { Indicators } from '../model/insight.js'
import type { Candle } from '../model/market.js'

/** What an indicator says, or nothing where it says nothing. */
type Value = Indicators['values'][string] | undefined

const closesOf = (candles: readonly Candle[]): number[] => candles.map(({ close }) => close)

/** The library's readings without those that it does not have yet. */
const readings = (series: readonly (number | null)[]): number[] => series.filter((value) => value !== null)

const averages = (values: readonly number[], period: number): number[] => readings(new SMA(period).updates(values))

/** It begins with the average of the first values, as published; the library's own begins with the first value alone. */
function exponential(values: readonly number[], period: number): number[] {
  const [seed] = averages(values.slice(0, period), period)
  return seed === undefined ? [] : readings(new EMA(period).updates([seed, ...values.slice(period)]))
}

/** Where nothing moved there is neither gain nor loss, and no strength: the library says 100 then. */
function strengths(closes: readonly number[], period: number): number[] {
  const moved = closes.findIndex((close) => close !== closes[0])
  const series = new RSI(period).updates(closes)
  return moved === -1 ? [] : readings(series.slice(moved))
}

function convergence(closes: readonly number[], fast: number, slow: number, smoothing: number): Value {
  const slowly = exponential(closes, slow)
  const quickly = exponential(closes, fast).slice(slow - fast)
  const line = slowly.map((value, i) => (quickly[i] ?? value) - value)
  const [macd, signal] = [line.at(-1), exponential(line, smoothing).at(-1)]
  return macd === undefined || signal === undefined ? undefined : { macd, signal, histogram: macd - signal }
}

/**
 * Place of the strength between its lowest and its highest, 0…100. Out of the library's parts: its own skips readings of 0, and answers 100 on
 * a scale that ends at 1 where the strength stands still.
 */
function stochastic(closes: readonly number[], period: number, window: number): Value {
  const series = strengths(closes, period)
  const places = series.slice(window - 1).map((strength, i) => {
    const seen = series.slice(i, i + window)
    const lowest = Math.min(...seen)
    return (100 * (strength - lowest)) / (Math.max(...seen) - lowest)
  })
  const ks = averages(places.slice(-5), 3)
  const [value, k, d] = [places.at(-1), ks.at(-1), averages(ks, 3).at(-1)]
  // 0 of 0 is no number, and neither is an average that it is in
  return value === undefined || k === undefined || d === undefined || Number.isNaN(d) ? undefined : { value: inScale(value), k: inScale(k), d: inScale(d) }
}

/** Sums that are carried along leave the scale by a rounding. */
const inScale = (share: number): number => Math.min(100, Math.max(0, share))

function weighted(candles: readonly Candle[], period: number): Value {
  const last = candles.slice(-period).flatMap(({ volume, ...prices }) => (volume === undefined ? [] : [{ ...prices, volume }]))
  if (last.length < period) return undefined
  const average = new VWAP()
  average.updates(last)
  return average.getResult() ?? undefined
}

/** Numbers of an indicator, as many as it has; the rest is 0. */
type Numbers = readonly [number, number, number]

/** How each indicator is computed over candles, oldest first. Nothing where there are too few of them. */
export const COMPUTE = {
  rsi: (candles, [period]) => strengths(closesOf(candles), period).at(-1),
  macd: (candles, [fast, slow, smoothing]) => convergence(closesOf(candles), fast, slow, smoothing),
  bollinger: (candles, [period, widths]) => new BollingerBands(period, widths).updates(closesOf(candles)).at(-1) ?? undefined,
  sma: (candles, [period]) => averages(closesOf(candles), period).at(-1),
  ema: (candles, [period]) => exponential(closesOf(candles), period).at(-1),
  atr: (candles, [period]) => readings(new ATR(period).updates(candles)).at(-1),
  stochRsi: (candles, [period, window]) => stochastic(closesOf(candles), period, window),
  vwap: (candles, [period]) => weighted(candles, period),
} satisfies Record<string, (candles: readonly Candle[], numbers: Numbers) => Value>
