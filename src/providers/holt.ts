import { forecaster, type ForecastModel, type ForecastOptions, projectionOf, studentWidth } from '../provider/derived/forecasting.js'
import type { Provider } from '../provider/provider.js'

/** What is left of the trend from one day to the next. */
const DAMPING = 0.9
/** Weights of the newest day in the level and in the trend: the pair with the least errors of one day is taken. */
const WEIGHTS = [0.2, 0.4, 0.6, 0.8, 1].flatMap((level) => [0.05, 0.2].map((trend) => [level, trend] as const))
/** First days, in which level and trend are still found. */
const WARM_UP = 10

/** Level and trend after each day, and how far off they were of the next. */
interface Smoothed {
  readonly levels: readonly number[]
  readonly trends: readonly number[]
  /** Sum of the squared errors of one day. */
  readonly error: number
}

/**
 * Holt's exponential smoothing with a damped trend, on log prices. The interval of each day is made of the errors that the same smoothing would have
 * made that many days ahead, all over the history.
 */
export const holtModel: ForecastModel = {
  id: 'holt',
  name: "Holt's damped trend",
  homepage: 'https://otexts.com/fpp3/',
  docs: 'https://otexts.com/fpp3/holt.html',
  method: (days) => `exponential smoothing with a damped trend over ${days} days`,
  predict: ({ closes }, days, level) => {
    const prices = closes.map(Math.log)
    const fits = WEIGHTS.map(([ofLevel, ofTrend]) => smooth(prices, ofLevel, ofTrend))
    const best = fits.reduce((least, fit) => (fit.error < least.error ? fit : least))
    const now = prices.length - 1
    let spread = 0
    return Array.from({ length: days }, (_, i) => {
      spread = Math.max(spread, spreadOf(best, prices, i + 1, level)) // what is further ahead is not known better
      return projectionOf(expected(best, now, i + 1), spread)
    })
  },
}

function smooth(prices: readonly number[], ofLevel: number, ofTrend: number): Smoothed {
  let [level, trend, error] = [prices[0] ?? 0, 0, 0]
  const [levels, trends] = [[level], [trend]]
  for (const [day, price] of prices.entries()) {
    if (day === 0) continue
    const miss = price - level - DAMPING * trend
    level = price - (1 - ofLevel) * miss
    trend = DAMPING * trend + ofLevel * ofTrend * miss
    levels.push(level)
    trends.push(trend)
    if (day > WARM_UP) error += miss ** 2
  }
  return { levels, trends, error }
}

/** Where it saw the price, so many days ahead of a day. */
const expected = ({ levels, trends }: Smoothed, day: number, ahead: number): number =>
  (levels[day] ?? 0) + ((DAMPING * (1 - DAMPING ** ahead)) / (1 - DAMPING)) * (trends[day] ?? 0)

/** Half the width so many days ahead. Further ahead than there are errors to count, it grows as that of a random walk. */
function spreadOf(fit: Smoothed, prices: readonly number[], ahead: number, level: number): number {
  const counted = Math.min(ahead, Math.floor((prices.length - WARM_UP) / 2))
  let [sum, count] = [0, 0]
  for (let day = WARM_UP; day + counted < prices.length; day++) {
    sum += ((prices[day + counted] ?? 0) - expected(fit, day, counted)) ** 2
    count++
  }
  // errors of several days overlap: fewer of them are independent
  const freedom = Math.max(4, (1.5 * count) / counted)
  return studentWidth(level, freedom) * Math.sqrt((sum / count) * (ahead / counted))
}

/** Forecasts by exponential smoothing with a damped trend. Made from daily candles that the router is asked for; no key, no randomness. */
export function holt(options: ForecastOptions = {}): Provider<'forecast'> {
  return forecaster(holtModel, options)
}
