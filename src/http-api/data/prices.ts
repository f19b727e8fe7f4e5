import type { Ticker } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { finderOf } from '../../model/symbol.js'
import { type Asker, preferring } from './preferring.js'
import type { Missing } from './together.js'

/** Prices of several pairs. */
interface Prices {
  readonly result: RouterResult<Ticker[]>
  readonly find: (symbol: string) => Ticker | undefined
  /** Pairs that nobody knew. */
  readonly missing: readonly Missing[]
}

const NOBODY = 'nobody who was asked knows it'

/** Pairs as one batch, whoever has them. */
export async function prices(call: Asker, symbols: readonly string[]): Promise<Prices> {
  return found(await call.ask('tickers', { symbols }))
}

/**
 * The same for lists of assets: out of those first who know the whole market. Their market values and volumes are those of all exchanges, which a single
 * exchange does not know.
 */
export async function listPrices(call: Asker, symbols: readonly string[]): Promise<Prices> {
  return found(await preferring(call, 'tickers', { symbols }, 'globalMarket'))
}

const found = (result: RouterResult<Ticker[]>): Prices => ({
  result,
  find: finderOf(result.data),
  missing: (result.missing ?? []).map((part) => ({ part, reason: NOBODY })),
})

/** Who gave a pair's price. */
export const giverOf = ({ provider, parts = [] }: RouterResult<unknown>, symbol: string): string =>
  parts.find(({ symbols }) => symbols.includes(symbol))?.provider ?? provider
