import { answers, baseOf, pairOf } from '../../model/symbol.js'

/** Whether a market's prices are in some kind of dollar. */
export function isInDollars(symbol: string): boolean {
  const pair = pairOf(symbol)
  return answers(pair, { ...pair, quote: 'USD' })
}

/** What a market is called beside others: by its asset, with what it is priced in where that is no dollar. */
export const nameOfMarket = (symbol: string): string => (isInDollars(symbol) ? baseOf(symbol) : symbol)
