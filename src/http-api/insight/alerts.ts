import type { Ticker } from '../../model/market.js'
import { iso, rounded } from '../fields.js'

/** What an alert is about. */
export type AlertType = 'near_high' | 'near_low' | 'large_move'
/** How much it matters. */
export type AlertPriority = 'high' | 'medium' | 'low'

/** Distances to the extremes of 24 hours, in percent of the price, at most so much for each priority. */
const NEAR = { high: 0.25, medium: 0.5, low: 1 } as const satisfies Record<AlertPriority, number>
/** Moves of 24 hours, in percent, at least so much. */
const MOVED = { high: 10, medium: 7, low: 5 } as const satisfies Record<AlertPriority, number>

/** What is worth a look at a price, by its last 24 hours. Nothing is alerted from figures that the ticker lacks. */
export function alertsOf(symbol: string, ticker: Ticker, at: number) {
  const { last, high24h, low24h, open24h, change24hPercent: change } = ticker
  const created_at = iso(ticker.asOf ?? at)
  const alert = (type: AlertType, priority: AlertPriority | undefined, target: number | undefined, message: string) => {
    if (priority === undefined) return []
    const distance = target === undefined ? undefined : 100 * (target / last - 1)
    const prices = { current_price: last, target_price: target ?? null, distance_percent: rounded(distance, 4) }
    return [{ symbol, type, priority, ...prices, message, created_at }]
  }
  const span = high24h === undefined || low24h === undefined ? 0 : high24h - low24h
  return [
    ...alert('near_high', nearness(last, high24h, span), high24h, `${symbol} is close to its high of 24 hours`),
    ...alert('near_low', nearness(last, low24h, span), low24h, `${symbol} is close to its low of 24 hours`),
    ...alert('large_move', moved(change), open24h, `${symbol} moved ${rounded(change) ?? ''} % in 24 hours`),
  ]
}

/** Whether the ticker lacks a figure that alerts of these types are told from. */
export function isIncomplete({ high24h, low24h, change24hPercent }: Ticker, types: readonly AlertType[]): boolean {
  return types.some((type) => (type === 'large_move' ? change24hPercent === undefined : high24h === undefined || low24h === undefined))
}

const PRIORITIES: readonly AlertPriority[] = ['high', 'medium', 'low']

/** Near is what is also within this share of the range of the day: of a price that hardly moves, all is near to all. */
const OUTER = 0.1

function nearness(price: number, target: number | undefined, span: number): AlertPriority | undefined {
  if (target === undefined || !(span > 0) || Math.abs(target - price) > OUTER * span) return undefined
  return PRIORITIES.find((priority) => Math.abs(100 * (target / price - 1)) <= NEAR[priority])
}

const moved = (change: number | undefined): AlertPriority | undefined =>
  change === undefined ? undefined : PRIORITIES.find((priority) => Math.abs(change) >= MOVED[priority])
