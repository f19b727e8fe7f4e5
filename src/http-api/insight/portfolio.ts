import { largestFall, YEAR_DAYS } from './daily.js'
import { deviation, mean } from './textbook.js'

/** What is done with the capital: left alone, brought back to its first shares every week, or put in a little each day. */
export type PortfolioStrategy = 'hodl' | 'rebalance' | 'dca'

/** Days from one rebalancing to the next. */
const REBALANCE_DAYS = 7

/** One asset. */
export interface Holding {
  /** Share of the capital, 0…1; those of all add up to 1. */
  readonly share: number
  /** One price a day, oldest first; as many as the others have. */
  readonly prices: readonly number[]
}

const priceAt = ({ prices }: Holding, day: number): number => prices[day] ?? Number.NaN

/** Value at each day: what is held, and what is not spent yet. Nothing is lost on the way, fees are not counted. */
export function simulate(strategy: PortfolioStrategy, holdings: readonly Holding[], capital: number): number[] {
  const days = holdings[0]?.prices.length ?? 0
  const units = holdings.map(() => 0)
  const worth = (day: number): number => holdings.reduce((sum, holding, i) => sum + (units[i] ?? 0) * priceAt(holding, day), 0)
  const buy = (day: number, amount: number): void => {
    for (const [i, holding] of holdings.entries()) units[i] = (units[i] ?? 0) + (amount * holding.share) / priceAt(holding, day)
  }
  // nothing is bought on the last day: it would be held for no time
  const instalments = Math.max(1, days - 1)
  return Array.from({ length: days }, (_, day) => {
    if (strategy === 'dca') {
      const bought = Math.min(day + 1, instalments)
      if (day < instalments) buy(day, capital / instalments)
      return worth(day) + (capital * (instalments - bought)) / instalments
    }
    const total = day === 0 ? capital : worth(day)
    if (day === 0 || (strategy === 'rebalance' && day % REBALANCE_DAYS === 0)) {
      units.fill(0)
      buy(day, total)
    }
    return total
  })
}

/** Figures about a series of values, one a day. Percent where not said otherwise; what cannot be said is undefined. */
export interface ValueFigures {
  readonly final: number
  readonly gain: number
  readonly returnPercent: number
  readonly annualizedPercent: number | undefined
  /** Of the daily log returns, for a year. */
  readonly volatilityPercent: number | undefined
  readonly maxDrawdownPercent: number
  /** Without a riskless rate, for a year. */
  readonly sharpe: number | undefined
}

/** What a series of values comes to. */
export function figuresOf(values: readonly number[]): ValueFigures {
  const [first = Number.NaN, final = Number.NaN] = [values[0], values.at(-1)]
  const returns = values.slice(1).map((value, i) => Math.log(value / (values[i] ?? value)))
  const spread = returns.length < 2 ? undefined : deviation(returns)
  return {
    final,
    gain: final - first,
    returnPercent: 100 * (final / first - 1),
    annualizedPercent: returns.length === 0 ? undefined : 100 * ((final / first) ** (YEAR_DAYS / returns.length) - 1),
    volatilityPercent: spread === undefined ? undefined : 100 * spread * Math.sqrt(YEAR_DAYS),
    maxDrawdownPercent: largestFall(values),
    // a spread of rounding alone is none
    sharpe: spread === undefined || spread < 1e-12 ? undefined : (mean(returns) / spread) * Math.sqrt(YEAR_DAYS),
  }
}
