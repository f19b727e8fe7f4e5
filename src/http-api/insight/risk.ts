import type { RouterResult } from '../../model/result.js'
import { rounded } from '../fields.js'
import type { Asks } from './asking.js'
import { closedDays, largestFall, returnsByDay, spanOf, YEAR_DAYS } from './daily.js'
import { DISCLAIMER } from './fields.js'
import { deviation } from './textbook.js'

/** Days that are looked at. */
const DAYS = 90
/** Bounds of the words for a volatility, in percent a year. */
const [CALM, WILD] = [40, 80]
/** Share of days with a loss larger than the value at risk. */
const TAIL = 0.05

/** How far a market moved of late: its volatility, its largest fall, and the loss that one day in twenty went beyond. */
export async function riskOf(call: Asks, symbol: string) {
  const { candles, result } = await closedDays(call, symbol, DAYS)
  const returns = [...returnsByDay(candles).values()]
  const volatility = returns.length < 2 ? undefined : 100 * deviation(returns) * Math.sqrt(YEAR_DAYS)
  const body = {
    risk_level: volatility === undefined ? null : volatility < CALM ? 'low' : volatility < WILD ? 'medium' : 'high',
    volatility_percent: rounded(volatility, 4),
    max_drawdown_percent: rounded(largestFall(candles.map(({ close }) => close)), 4),
    value_at_risk_95_percent: rounded(lossOf(returns), 4),
    days: returns.length,
    period: spanOf(candles),
    methodology: `deviation of ${returns.length} daily log returns for a year; low below ${CALM} %, high from ${WILD} %`,
    disclaimer: DISCLAIMER,
  }
  return { body, results: [result] as readonly RouterResult<unknown>[] }
}

/** Loss of a day that one in twenty exceeds, in percent; undefined where there are too few days to have such a tail. */
function lossOf(returns: readonly number[]): number | undefined {
  if (returns.length < 1 / TAIL) return undefined
  const sorted = returns.toSorted((a, b) => a - b)
  return Math.max(0, 100 * (1 - Math.exp(sorted[Math.floor(TAIL * sorted.length)] ?? 0)))
}
