import { convergence, type Readings, relativeStrength, simpleAverage } from './textbook.js'

/** What the close of a day says: be in the market, or out of it. Undefined: nothing new. */
export type Signal = 'enter' | 'leave' | undefined

/** A strategy: its numbers with their defaults, the days that it has to see first, and its signals at each close. */
export interface TradingStrategy {
  readonly params: Readonly<Record<string, number>>
  readonly warmUp: (params: Readonly<Record<string, number>>) => number
  /** What is wrong with the numbers together, if anything. */
  readonly fault: (params: Readonly<Record<string, number>>) => string | undefined
  readonly signals: (closes: readonly number[], params: Readonly<Record<string, number>>) => readonly Signal[]
}

/** Names of the strategies. */
export type StrategyName = 'sma_cross' | 'rsi_oversold' | 'macd_signal'

/** What can be tested: long or out, never short, never more than there is. */
export const STRATEGIES = {
  sma_cross: {
    params: { fast_period: 20, slow_period: 50 },
    warmUp: ({ slow_period = 0 }) => slow_period + 1,
    fault: (params) => shorter(params, 'fast_period', 'slow_period'),
    signals: (closes, { fast_period = 0, slow_period = 0 }) => crossings(closes, simpleAverage(closes, fast_period), simpleAverage(closes, slow_period)),
  },
  rsi_oversold: {
    params: { period: 14, oversold: 30, overbought: 70 },
    warmUp: ({ period = 0 }) => 10 * period,
    fault: (params) => shorter(params, 'oversold', 'overbought'),
    signals: (closes, { period = 0, oversold = 0, overbought = 0 }) =>
      relativeStrength(closes, period).map((strength) => {
        if (strength === undefined) return undefined
        return strength < oversold ? 'enter' : strength > overbought ? 'leave' : undefined
      }),
  },
  macd_signal: {
    params: { fast_period: 12, slow_period: 26, signal_period: 9 },
    warmUp: ({ slow_period = 0, signal_period = 0 }) => 4 * (slow_period + signal_period),
    fault: (params) => shorter(params, 'fast_period', 'slow_period'),
    signals: (closes, { fast_period = 0, slow_period = 0, signal_period = 0 }) => {
      const { line, signal } = convergence(closes, fast_period, slow_period, signal_period)
      return crossings(closes, line, signal)
    },
  },
} satisfies Record<StrategyName, TradingStrategy>

function shorter(params: Readonly<Record<string, number>>, less: string, more: string): string | undefined {
  const [a = 0, b = 0] = [params[less], params[more]]
  return a < b ? undefined : `params.${less} must be less than params.${more}, got ${a} and ${b}`
}

/** Distances below this share of the price are rounding, no crossing. */
const ROUNDING = 1e-9

/** Enter where the first comes to stand above the second, leave where below. What was not known before is no crossing. */
function crossings(closes: readonly number[], first: Readings, second: Readings): Signal[] {
  const side = (i: number): number | undefined => {
    const [a, b, close = 0] = [first[i], second[i], closes[i]]
    if (a === undefined || b === undefined) return undefined
    return Math.abs(a - b) <= ROUNDING * close ? 0 : Math.sign(a - b)
  }
  return closes.map((_, i) => {
    const [before, now] = [side(i - 1), side(i)]
    if (before === undefined || now === undefined || before === now || now === 0) return undefined
    return now > 0 ? 'enter' : 'leave'
  })
}
