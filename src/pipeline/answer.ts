import { BadResponseError, ProviderError } from '../errors.js'
import type { Candle, OrderBook, Ticker } from '../model/market.js'
import type { Agreement, RouterResult, Source } from '../model/result.js'
import { answers, finderOf, pairOf } from '../model/symbol.js'
import type { Ask } from './ask.js'
import type { Candidate } from './candidate.js'
import { frozen } from './frozen.js'
import { NOT_FOUND_MS } from './outcomes.js'
import { refusalKey } from './provider-state.js'

/** A good answer, as the cache keeps it. */
export interface Answer {
  readonly data: unknown
  readonly provider: string
  readonly host?: string | undefined
  /** Unix ms. */
  readonly fetchedAt: number
  readonly asOf?: number | undefined
  /** Of a batch: what it lacks of all that was asked. */
  readonly missing?: readonly string[] | undefined
  /** Of a batch that several answers were put together for. */
  readonly parts?: readonly AnswerPart[]
  /** Whose lists were put together. */
  readonly sources?: readonly Omit<Source, 'attribution'>[]
  /** How those that were asked together agree. */
  readonly agreement?: Agreement
  /** A last-resort provider gave it. */
  readonly degraded?: boolean
  /** Somebody who may know what is missing could not be asked. */
  readonly partial?: boolean
  /** When it was compared with others, Unix ms: it is fresh from then on, however old it is itself. */
  readonly comparedAt?: number
  /** The provider's own last answer, used again instead of asking it sooner. */
  readonly reused?: boolean
}

/** What one provider gave of a batch. */
export type AnswerPart = NonNullable<RouterResult<unknown>['parts']>[number]

/** How an attempt ended. */
export type Outcome = Answer | ProviderError

/** An answer without any of several symbols may be a slip of the server: it is remembered for less. */
const NONE_KNOWN_MS = 600_000

interface Checked {
  readonly data: unknown
  /** What it lacks of all that was asked. */
  readonly missing?: readonly string[]
  /** What this provider was asked and does not know. */
  readonly unknown?: readonly string[]
}

/**
 * The last look at what a provider made of its body, the same for all providers: throws `BadResponseError` for a price
 * that is none, another pair than asked, a candle that cannot be. What a batch lacks is named.
 */
export function checked(data: unknown, ask: Ask, share = ask.symbols): Checked {
  if (data === undefined || data === null) throw new BadResponseError('data expected, got nothing')
  if (ask.capability === 'ticker') checkTicker(data as Ticker, ask)
  else if (ask.capability === 'tokenTicker') checkPrice(data as Ticker)
  else if (ask.capability === 'candles') for (const candle of data as Candle[]) checkCandle(candle)
  else if (ask.capability === 'orderBook') checkBook(data as OrderBook)
  else if (ask.capability === 'tickers') return checkedBatch(data as Ticker[], ask, share)
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

function checkedBatch(data: Ticker[], { symbols = [], preferences }: Ask, share: readonly string[] = symbols): Checked {
  for (const { symbol, last } of data) if (!(last > 0 && Number.isFinite(last))) throw new BadResponseError(`${symbol}: a price > 0 expected`)
  const find = finderOf(data, preferences.strictDollars)
  const missing = symbols.filter((symbol) => find(symbol) === undefined)
  if (missing.length === 0) return { data }
  const asked = new Set(share)
  return { data, missing, unknown: missing.filter((symbol) => asked.has(symbol)) }
}

/** The answer to keep, or the failure that its content is. What a provider does not know of a batch is remembered like a single symbol. */
export function toAnswer(data: unknown, ask: Ask, candidate: Candidate, now: number, host: string | undefined): Answer {
  const { id, state } = candidate
  const result = checked(data, ask, ask.share(candidate))
  const nothing = result.missing !== undefined && result.missing.length === ask.symbols?.length
  for (const symbol of result.unknown ?? [])
    state.refuse(refusalKey('tickers', symbol), now, nothing && result.missing.length > 1 ? NONE_KNOWN_MS : NOT_FOUND_MS)
  if (nothing) throw new ProviderError({ provider: id, reason: 'not-found', message: 'none of the symbols is known here' })
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
  const find = finderOf(data)
  return symbols.flatMap((symbol) => find(symbol) ?? [])
}
