import type { Forecast } from '../../model/insight.js'
import type { RouterResult } from '../../model/result.js'
import { iso, known, rounded } from '../fields.js'
import { type Asks, tickerIfAny } from './asking.js'
import { DISCLAIMER } from './fields.js'
import type { TrendWord } from './readings.js'

/** A move below this share of half the interval is none. */
const SIDEWAYS = 0.1

/** A forecast as the API tells it, and what it came from. */
export async function predictionOf(call: Asks, symbol: string, days: number) {
  const [result, ticker] = await Promise.all([call.ask('forecast', { symbol, days }), tickerIfAny(call, symbol)])
  const { points, confidenceLevel, method, source } = result.data
  const price = ticker?.data.last
  const predictions = points.map(({ at, value, low, high }, i) => ({
    day: i + 1,
    date: iso(at),
    predicted_price: value,
    low,
    high,
    confidence: confidenceLevel,
  }))
  const body = {
    prediction_period: `${days} day${days === 1 ? '' : 's'}`,
    current_price: known(price),
    predictions,
    ...trendOf(points.at(-1), price),
    methodology: `${method}${source === undefined ? '' : `, from candles of ${source}`}; ${Math.round(100 * confidenceLevel)} % of cases should end between low and high`,
    disclaimer: DISCLAIMER,
  }
  return { body, results: [result, ticker] as const satisfies readonly (RouterResult<unknown> | undefined)[] }
}

/** Where the last day lies from the price now. Its strength is the way there in units of half the interval: 1 = as far as the interval reaches, or further. */
function trendOf(last: Forecast['points'][number] | undefined, price: number | undefined): { trend: TrendWord | null; trend_strength: number | null } {
  if (last === undefined || price === undefined) return { trend: null, trend_strength: null }
  const half = (last.high - last.low) / 2
  const way = last.value - price
  const strength = half > 0 ? Math.min(1, Math.abs(way) / half) : way === 0 ? 0 : 1
  return { trend: strength < SIDEWAYS ? 'sideways' : way > 0 ? 'up' : 'down', trend_strength: rounded(strength, 4) }
}
