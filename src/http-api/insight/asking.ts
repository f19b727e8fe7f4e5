import { FeedmuxError, NoProviderError } from '../../errors.js'
import type { Ticker } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { finderOf } from '../../model/symbol.js'
import { type Asker, providersWith } from '../data/preferring.js'
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

/** Prices that are asked for one by one: a long list is no reason to ask providers for hundreds. */
const MOST_SINGLE = 50

/** Asks for several markets in one question where somebody takes such, else for each of the first 50. Throws where there is not one price. */
export async function pricesOf(call: Asks, symbols: readonly string[]): Promise<Prices> {
  try {
    return pricesIn(await call.ask('tickers', { symbols }))
  } catch (error) {
    if (!NoProviderError.is(error)) throw error
    return singlePrices(call, symbols.slice(0, MOST_SINGLE), error)
  }
}

const pricesIn = (result: RouterResult<Ticker[]>): Prices => ({ of: finderOf(result.data), results: [result] })

/** The same, of exchanges before others: those tell the highest and the lowest price of a day, most lists of the whole market don't. */
export async function dayPricesOf(call: Asker, symbols: readonly string[]): Promise<Prices> {
  const only = providersWith(call, 'tickers', 'orderBook')
  const first = only.length === 0 ? undefined : await ifAny(call.ask('tickers', { symbols }, { only }))
  if (first === undefined) return pricesOf(call, symbols)
  const prices = pricesIn(first)
  const rest = symbols.filter((symbol) => prices.of(symbol) === undefined)
  const more = rest.length === 0 ? undefined : await ifAny(pricesOf(call, rest))
  return more === undefined ? prices : { of: (symbol) => prices.of(symbol) ?? more.of(symbol), results: [...prices.results, ...more.results] }
}

async function singlePrices({ ask }: Asks, symbols: readonly string[], batchError: unknown): Promise<Prices> {
  const results = (await Promise.all(symbols.map((symbol) => ifAny(ask('ticker', { symbol }))))).filter((one) => one !== undefined)
  if (results.length === 0) throw batchError
  return { of: finderOf(results.map(({ data }) => data)), results }
}
