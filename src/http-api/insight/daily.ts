import type { RouterResult } from '../../model/result.js'
import { closesAt } from '../../model/interval.js'
import type { Candle } from '../../model/market.js'
import { notFound } from '../failures.js'
import type { Asks } from './asking.js'

/** In ms. */
export const DAY_MS = 86_400_000

/** Days in a year: these markets never close. */
export const YEAR_DAYS = 365

/** Closed days of one market, oldest first. */
export interface Days {
  readonly symbol: string
  readonly candles: readonly Candle[]
  readonly result: RouterResult<unknown>
}

/** `2026-01-31` of Unix ms. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** First and last day of candles that are there. */
export const spanOf = (candles: readonly Candle[]): { start: string | null; end: string | null } => {
  const [first, last] = [candles[0], candles.at(-1)]
  return { start: first === undefined ? null : dayOf(first.openTime), end: last === undefined ? null : dayOf(last.openTime) }
}

/** Daily candles without the running one, the last so many, or so many from `since` (Unix ms) on. Throws 404 where there are none. */
export async function closedDays({ ask }: Asks, symbol: string, count: number, since?: number): Promise<Days> {
  // the running day counts for the limit
  const result = await ask('candles', { symbol, interval: '1d', limit: since === undefined ? count + 1 : count, since })
  const candles = result.data.filter(({ openTime, closed }) => closed ?? closesAt(openTime, '1d') <= result.fetchedAt)
  if (candles.length === 0) throw notFound(`there are no closed days of ${symbol}`)
  return { symbol, candles: since === undefined ? candles.slice(-count) : candles, result }
}

/** Log returns from one day to the next, by the day (Unix ms) that they end with. Over a day that is missing there is none. */
export function returnsByDay(candles: readonly Candle[]): ReadonlyMap<number, number> {
  const returns = new Map<number, number>()
  for (const [i, { openTime, close }] of candles.entries()) {
    const before = candles[i - 1]
    if (before !== undefined && openTime - before.openTime === DAY_MS) returns.set(openTime, Math.log(close / before.close))
  }
  return returns
}

/** Largest fall from a height, in percent of it, 0…100. */
export function largestFall(values: readonly number[]): number {
  let [height, fall] = [0, 0]
  for (const value of values) {
    height = Math.max(height, value)
    if (height > 0) fall = Math.max(fall, (100 * (height - value)) / height)
  }
  return Math.min(100, fall) // rounding may pass it by a hair
}
