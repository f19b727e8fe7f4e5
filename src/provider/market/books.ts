import { BadResponseError } from '../../errors.js'
import type { OrderBook, Trade } from '../../model/market.js'
import { known, read } from '../read.js'

/** Levels of an order book asked without a depth. */
export const DEFAULT_DEPTH = 20
/** Trades asked without a limit. */
export const DEFAULT_TRADES = 100

/**
 * Both sides of an order book, so many levels of each. They must come best first; they may be crossed, as real feeds are for
 * moments. `level` finds price and amount in a row that does not begin with them.
 */
export function levelsOf(
  { bids, asks }: { readonly bids?: unknown; readonly asks?: unknown },
  depth: number,
  level: (row: unknown) => readonly unknown[] = (row) => read.array(row, 'level'),
): Pick<OrderBook, 'bids' | 'asks'> {
  const sideOf = (rows: unknown, side: 'bids' | 'asks'): [number, number][] => {
    const levels = read
      .array(rows, side)
      .slice(0, depth)
      .map((row): [number, number] => {
        const [price, amount] = level(row)
        return [read.positive(price, `${side} price`), read.positive(amount, `${side} amount`)]
      })
    const rising = side === 'asks' ? 1 : -1
    const inOrder = levels.every(([price], i) => (price - (levels[i - 1]?.[0] ?? price)) * rising >= 0)
    if (!inOrder) throw new BadResponseError(`${side}: best price first expected`)
    return levels
  }
  return { bids: sideOf(bids, 'bids'), asks: sideOf(asks, 'asks') }
}

/** A trade as it came: `at`, whose unit differs, is read already. */
export interface TradeRow extends Pick<Trade, 'at'> {
  /** A number or a text; anything else is none. */
  readonly id?: unknown
  readonly price: unknown
  readonly amount: unknown
  /** The taker's: `buy` or `sell` in any case; anything else is none. */
  readonly side: unknown
}

/** The last trades, newest last. Rows of one and the same time keep their order: turn a list round that begins with the newest. */
export function tradesOf(rows: readonly TradeRow[], { limit = DEFAULT_TRADES }: { readonly limit?: number | undefined }): Trade[] {
  const trades = rows.map(({ id, price, amount, side, at }) =>
    known<Trade>({
      id: typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined,
      price: read.positive(price, 'price'),
      amount: read.positive(amount, 'amount'),
      side: takerSide(side),
      at,
    }),
  )
  return trades.toSorted((a, b) => a.at - b.at).slice(-limit)
}

function takerSide(told: unknown): Trade['side'] | undefined {
  const side = typeof told === 'string' ? told.toLowerCase() : undefined
  return side === 'buy' || side === 'sell' ? side : undefined
}
