import { forecaster, type ForecastModel, type ForecastOptions, projectionOf, studentWidth } from '../provider/derived/forecasting.js'
import type { Provider } from '../provider/provider.js'

/** What a day weighs less for the volatility than the day after it, as at RiskMetrics. */
const DECAY = 0.94
/** As many days as weigh as much if all weighed the same: the degrees of freedom of such a variance. */
const FREEDOM = (1 + DECAY) / (1 - DECAY)

/**
 * Random walk with drift: log prices go on by their mean daily step, and the cone around them grows with the square root of the days. Its width is
 * the volatility of late (days weigh less the older they are) and how badly so few days tell the drift, with the tails of Student's t.
 */
export const driftModel: ForecastModel = {
  id: 'drift',
  name: 'Random walk with drift',
  homepage: 'https://otexts.com/fpp3/',
  docs: 'https://otexts.com/fpp3/simple-methods.html',
  method: (days) => `random walk with drift over ${days} days`,
  predict: ({ closes, last }, days, level) => {
    const steps = closes.slice(1).map((close, i) => Math.log(close / (closes[i] ?? close)))
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length
    const variance = recentVariance(steps, mean)
    const width = studentWidth(level, FREEDOM)
    return Array.from({ length: days }, (_, i) => {
      const ahead = i + 1
      return projectionOf(Math.log(last) + ahead * mean, width * Math.sqrt(variance * ahead * (1 + ahead / steps.length)))
    })
  },
}

function recentVariance(steps: readonly number[], mean: number): number {
  let [sum, weight] = [0, 0]
  for (const step of steps) {
    sum = sum * DECAY + (step - mean) ** 2
    weight = weight * DECAY + 1
  }
  return sum / weight
}

/** Forecasts by a random walk with drift: the baseline that others have to beat. Made from daily candles that the router is asked for; no key, no randomness. */
export function drift(options: ForecastOptions = {}): Provider<'forecast'> {
  return forecaster(driftModel, options)
}
