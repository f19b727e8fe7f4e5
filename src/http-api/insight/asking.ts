import { FeedmuxError, NoProviderError } from '../../errors.js'
import type { Ticker } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { finderOf } from '../../model/symbol.js'
import { failureOf } from '../failures.js'
import type { Call } from '../route.js'

/** As much of a call as asks the router. */
export type Asks = Pick<Call<never, never, never>, 'ask'>

/** What an answer can do without: nothing where no provider gives it. A client that has gone is still an error. */
export async function ifAny<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (!FeedmuxError.is(error)) throw error
    return undefined
  }
}

/** The price where somebody tells it. Throws for a market that all who could be asked don't know. */
export async function tickerIfAny({ ask }: Asks, symbol: string): Promise<RouterResult<Ticker> | undefined> {
  try {
    return await ask('ticker', { symbol })
  } catch (error) {
    if (!FeedmuxError.is(error) || failureOf(error).status === 404) throw error
    return undefined
  }
}

/** Prices of several markets. */
export interface Prices {
  /** Nothing for a market that nobody knows. */
  of(symbol: string): Ticker | undefined
  readonly results: readonly RouterResult<unknown>[]
}

/** Asks for several markets in one question where somebody takes such, else for each. Throws where there is not one price. */
export async function pricesOf(call: Asks, symbols: readonly string[]): Promise<Prices> {
  try {
    const result = await call.ask('tickers', { symbols })
    return { of: finderOf(result.data), results: [result] }
  } catch (error) {
    if (!NoProviderError.is(error)) throw error
    return singlePrices(call, symbols, error)
  }
}

async function singlePrices({ ask }: Asks, symbols: readonly string[], batchError: unknown): Promise<Prices> {
  const results = (await Promise.all(symbols.map((symbol) => ifAny(ask('ticker', { symbol }))))).filter((one) => one !== undefined)
  if (results.length === 0) throw batchError
  return { of: finderOf(results.map(({ data }) => data)), results }
}
