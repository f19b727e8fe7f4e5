import type { Candle } from '../../model/market.js'
import { largestFall } from './daily.js'
import type { Signal } from './strategies.js'

/** One time in the market, from entry to exit. */
export interface RoundTrip {
  /** Unix ms. */
  readonly enteredAt: number
  readonly entryPrice: number
  /** Unix ms. */
  readonly leftAt: number
  readonly exitPrice: number
  /** In units of the base. */
  readonly amount: number
  /** After fees, in units of the quote. */
  readonly profit: number
  /** Of what went in. */
  readonly profitPercent: number
}

/** What came of it. */
export interface BacktestOutcome {
  /** Cash, and what is still held at the last close. */
  readonly finalCapital: number
  readonly trades: readonly RoundTrip[]
  /** Whether something is still held: that is no finished trade. */
  readonly isHolding: boolean
  /** In percent, 0…100. */
  readonly maxDrawdown: number
}

/** How a test is run. */
export interface BacktestTerms {
  readonly capital: number
  /** Of each entry and each exit, in percent. */
  readonly feePercent: number
}

interface Position {
  readonly amount: number
  readonly cost: number
  readonly price: number
  readonly at: number
}

/**
 * Follows the signals with all the capital there is. A signal is known when its day has closed, so it is followed at the open of the next: nothing is
 * traded at a price that was gone by then.
 */
export function backtest(candles: readonly Candle[], signals: readonly Signal[], { capital, feePercent }: BacktestTerms): BacktestOutcome {
  const kept = 1 - feePercent / 100
  const trades: RoundTrip[] = []
  const values: number[] = []
  let cash = capital
  let held: Position | undefined
  for (const [i, { open, close, openTime }] of candles.entries()) {
    const signal = i === 0 ? undefined : signals[i - 1]
    if (signal === 'enter' && held === undefined && cash > 0) {
      held = { amount: (cash * kept) / open, cost: cash, price: open, at: openTime }
      cash = 0
    } else if (signal === 'leave' && held !== undefined) {
      cash = held.amount * open * kept
      trades.push(roundTrip(held, open, openTime, cash))
      held = undefined
    }
    values.push(held === undefined ? cash : held.amount * close)
  }
  return { finalCapital: values.at(-1) ?? capital, trades, isHolding: held !== undefined, maxDrawdown: largestFall([capital, ...values]) }
}

function roundTrip({ amount, cost, price, at }: Position, exitPrice: number, leftAt: number, proceeds: number): RoundTrip {
  const profit = proceeds - cost
  return { enteredAt: at, entryPrice: price, leftAt, exitPrice, amount, profit, profitPercent: (100 * profit) / cost }
}
