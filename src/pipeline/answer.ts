import { BadResponseError, ProviderError } from '../errors.js'
import type { Candle, OrderBook, Ticker } from '../model/market.js'
import { answers, pairOf } from '../model/symbol.js'
import type { Ask } from './ask.js'
import type { Candidate } from './candidate.js'

/** A good answer, as the cache keeps it. */
export interface Answer {
  readonly data: unknown
  readonly provider: string
  readonly host?: string | undefined
  /** Unix ms. */
  readonly fetchedAt: number
  readonly asOf?: number | undefined
  readonly missing?: readonly string[] | undefined
  /** A last-resort provider gave it. */
  readonly degraded?: boolean
  /** The provider's own last answer, used again instead of asking it sooner. */
  readonly reused?: boolean
}

/** How an attempt ended. */
export type Outcome = Answer | ProviderError

/**
 * The last look at what a provider made of its body, the same for all providers: throws `BadResponseError` for a price
 * that is none, another pair than asked, a candle that cannot be. What a batch lacks is named, all of it lacking is `not-found`.
 */
export function checked(data: unknown, ask: Ask, provider: string): { data: unknown; missing?: string[] } {
  if (data === undefined || data === null) throw new BadResponseError('data expected, got nothing')
  if (ask.capability === 'ticker') checkTicker(data as Ticker, ask)
  else if (ask.capability === 'tokenTicker') checkPrice(data as Ticker)
  else if (ask.capability === 'candles') for (const candle of data as Candle[]) checkCandle(candle)
  else if (ask.capability === 'orderBook') checkBook(data as OrderBook)
  else if (ask.capability === 'tickers') return checkedBatch(data as Ticker[], ask, provider)
  return { data }
}

function checkPrice({ last }: Pick<Ticker, 'last'>): void {
  if (!(last > 0 && Number.isFinite(last))) throw new BadResponseError('last: a price > 0 expected')
}

function checkTicker({ last, symbol }: Ticker, { params, ambiguous, preferences }: Ask): void {
  checkPrice({ last })
  const { symbol: asked } = params as { symbol: string }
  if (symbol !== asked && !ambiguous && (preferences.strictDollars || !answers(pairOf(symbol), pairOf(asked))))
    throw new BadResponseError(`symbol: ${asked} was asked, another pair came`)
}

function checkCandle({ openTime, open, high, low, close }: Candle): void {
  const sound = low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close) && high < Infinity && openTime > 0
  if (!sound) throw new BadResponseError('candles: 0 < low ≤ open, close ≤ high expected')
}

function checkBook({ bids, asks }: OrderBook): void {
  if (!Array.isArray(bids) || !Array.isArray(asks)) throw new BadResponseError('bids and asks expected')
}

function checkedBatch(data: Ticker[], { symbols = [] }: Ask, provider: string): { data: unknown; missing?: string[] } {
  const got = data.map(({ symbol, last }) => {
    if (!(last > 0 && Number.isFinite(last))) throw new BadResponseError(`${symbol}: a price > 0 expected`)
    return pairOf(symbol)
  })
  const missing = symbols.filter((symbol) => !got.some((pair) => answers(pair, pairOf(symbol))))
  if (symbols.length > 0 && missing.length === symbols.length)
    throw new ProviderError({ provider, reason: 'not-found', message: 'none of the symbols is known here' })
  return missing.length > 0 ? { data, missing } : { data }
}

/** The answer to keep, or the failure that its content is. */
export function toAnswer(data: unknown, ask: Ask, { id, state }: Candidate, now: number, host: string | undefined): Answer {
  const result = checked(data, ask, id)
  const asOf = (data as { asOf?: unknown }).asOf
  return {
    data: frozen(result.data),
    provider: id,
    host,
    fetchedAt: now,
    asOf: typeof asOf === 'number' ? asOf : undefined,
    missing: result.missing,
    ...(state.lastResort && { degraded: true }),
  }
}

/** A batch in the order that this caller asked in: the answer may have been made for another. */
export function inAskedOrder(data: readonly Ticker[], symbols: readonly string[]): readonly Ticker[] {
  return symbols.flatMap(
    (symbol) => data.find((ticker) => ticker.symbol === symbol) ?? data.find((ticker) => answers(pairOf(ticker.symbol), pairOf(symbol))) ?? [],
  )
}

/** Freezes plain data all the way down: the cache and everybody who asked share it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const key in value) {
    const inner = value[key]
    if (typeof inner === 'object') frozen(inner)
  }
  return Object.freeze(value)
}
