import { BadResponseError } from '../../errors.js'
import type { ParamsOf } from '../../model/capabilities.js'
import type { AssetMarket } from '../../model/market.js'
import { changeOf, type Prices } from './market.js'
import { read } from '../read.js'

/** Movers asked without a limit. */
export const DEFAULT_MOVERS = 10

/** A market as movers are ranked; `turnover` is in dollars. */
export interface MovedMarket extends Pick<Prices, 'price' | 'open24h' | 'changePercent' | 'turnover'> {
  /** `undefined` where another quote than the dollar is traded. */
  readonly base: string | undefined
}

/** Markets with less turnover in 24 h, in dollars, are no movers: a single order moves them. */
const MOVERS_FLOOR = 100_000
/** BTCUP, ETH3L: the token of a bet on what stands before it. Only where that is traded too, or JUP and SYRUP would go with them. */
const LEVERAGED = /^(.+?)(?:UP|DOWN|BULL|BEAR|\d[LS])$/

/** The strongest movers among an exchange's markets, without those that hardly anybody trades and the bets on others. */
export function moversOf(rows: readonly MovedMarket[], { direction, limit = DEFAULT_MOVERS }: ParamsOf<'movers'>): AssetMarket[] {
  const markets = rows.flatMap(({ base, price: last, open24h, changePercent, turnover: volume }) => {
    const price = base === undefined ? undefined : read.positiveOrNone(last, 'price')
    if (base === undefined || price === undefined) return []
    const told = read.optional(read.number, changePercent, 'change in percent')
    const change = told ?? changeOf(price, read.positiveOrNone(open24h, 'open')).change24hPercent
    const turnover = read.optional(read.amount, volume, 'turnover')
    return change === undefined || turnover === undefined ? [] : [{ base, price, change, turnover }]
  })
  if (markets.length === 0) throw new BadResponseError('markets in dollars with price, change and volume expected, got none')
  const bases = new Set(markets.map(({ base }) => base))
  const serious = markets.filter(({ base, turnover }) => turnover >= MOVERS_FLOOR && !bases.has(LEVERAGED.exec(base)?.[1] ?? ''))
  return strongest(serious, direction)
    .slice(0, limit)
    .map(({ base, price, change, turnover }) => ({ id: base, symbol: base.toUpperCase(), priceUsd: price, change24hPercent: change, volume24hUsd: turnover }))
}

/** What rose, or fell, the most first; without what went the other way. */
export function strongest<T extends { readonly change: number }>(moves: readonly T[], direction: 'gainers' | 'losers'): T[] {
  const sign = direction === 'gainers' ? 1 : -1
  return moves.filter(({ change }) => change * sign > 0).toSorted((a, b) => (b.change - a.change) * sign)
}
