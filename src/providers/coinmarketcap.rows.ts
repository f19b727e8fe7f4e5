import { BadResponseError, type FailureReason, ProviderError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { FearGreed } from '../model/insight.js'
import type { Asset, AssetMarket, GlobalMarket, Ticker } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import { strongest } from '../provider/market.js'
import type { NativeIds, ProviderFailure, ProviderResponse } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

type Row = Record<string, unknown>

/** What CoinMarketCap does not list. */
export const unknown = (what: string): ProviderError => new ProviderError({ provider: 'coinmarketcap', reason: 'not-found', message: `does not know ${what}` })

const dataOf = (body: unknown): unknown => read.object(body, 'body').data

/** Rows of a body: a list (listings, map, quotes of v3), an object by id (quotes of v1, v2), or lists by symbol (v2 asked by symbol). */
export function rowsOf(body: unknown): Row[] {
  const data = dataOf(body)
  const rows = Array.isArray(data) ? data : Object.values(read.object(data, 'data')).flat()
  return rows.map((row) => read.object(row, 'row'))
}

/** Rows of listings and map, where there is always something. */
export function listedOf(body: unknown): Row[] {
  const rows = rowsOf(body)
  if (rows.length === 0) throw new BadResponseError('data: at least one row expected, got none')
  return rows
}

/** Its id, which is a number there. */
export const idOf = (row: Row): string => String(read.positive(row.id, 'id'))

/** What a row says in one quote, out of an object by quote (v1, v2) or a list (v3). */
export function quoted(row: Row, quote: string): Row {
  const prices = Array.isArray(row.quote)
    ? row.quote.map((price) => read.object(price, 'quote')).find(({ symbol = quote }) => symbol === quote)
    : read.object(row.quote, 'quote')[quote]
  return read.object(prices, `quote.${quote}`)
}

const asOf = (prices: Row, row: Row): number | undefined => read.optional(read.isoTime, prices.last_updated ?? row.last_updated, 'last_updated')

/** The row of one asset. */
export function rowOf(body: unknown, { base, symbol }: Pair, native: NativeIds): Row {
  const row = rowsOf(body).find((one) => idOf(one) === native[base])
  if (!row) throw unknown(symbol)
  return row
}

/** A row in one of its quotes; the volume is in that too. */
export function tickerOf(row: Row, pair: Pair): Ticker {
  const prices = quoted(row, pair.quote)
  return known<Ticker>({
    ...pair,
    last: read.positive(prices.price, 'price'),
    change24hPercent: read.optional(read.number, prices.percent_change_24h, 'percent_change_24h'),
    quoteVolume24h: read.optional(read.amount, prices.volume_24h, 'volume_24h'),
    marketCap: read.positiveOrNone(prices.market_cap, 'market_cap'),
    asOf: asOf(prices, row),
  })
}

/** A row without a price (listed, not traded) leaves out that one only, unless no row has any. */
export function parseBatch(body: unknown, pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const rows = new Map(rowsOf(body).map((row) => [idOf(row), row]))
  const found = pairs.flatMap((pair) => {
    const row = rows.get(native[pair.base] ?? '')
    return row ? [{ row, pair }] : []
  })
  const priced = found.filter(({ row, pair }) => read.positiveOrNone(quoted(row, pair.quote).price, 'price') !== undefined)
  return (priced.length > 0 ? priced : found).map(({ row, pair }) => tickerOf(row, pair))
}

/** An asset of listings. */
export const assetOf = (row: Row): Asset =>
  known<Asset>({
    id: idOf(row),
    symbol: read.string(row.symbol, 'symbol').toUpperCase(),
    name: read.optional(read.string, row.name, 'name'),
    rank: read.positiveOrNone(row.cmc_rank, 'cmc_rank'),
  })

/** The strongest first. */
export function listedMoversOf(rows: readonly Row[], direction: 'gainers' | 'losers'): AssetMarket[] {
  const moves = rows.flatMap((row) => {
    const usd = quoted(row, 'USD')
    const change = read.optional(read.number, usd.percent_change_24h, 'percent_change_24h')
    const priceUsd = read.positiveOrNone(usd.price, 'price')
    return change === undefined || priceUsd === undefined ? [] : [{ row, usd, change, priceUsd }]
  })
  if (moves.length === 0) throw new BadResponseError('listings: rows with price and change expected, got none')
  return strongest(moves, direction).map(({ row, usd, change, priceUsd }) =>
    known<AssetMarket>({
      ...assetOf(row),
      priceUsd,
      change24hPercent: change,
      marketCapUsd: read.positiveOrNone(usd.market_cap, 'market_cap'),
      volume24hUsd: read.optional(read.amount, usd.volume_24h, 'volume_24h'),
    }),
  )
}

/** The whole market. */
export function globalOf(body: unknown): GlobalMarket {
  const data = read.object(dataOf(body), 'data')
  const usd = quoted(data, 'USD')
  return known<GlobalMarket>({
    marketCapUsd: read.positive(usd.total_market_cap, 'total_market_cap'),
    volume24hUsd: read.positive(usd.total_volume_24h, 'total_volume_24h'),
    dominancePercent: known<Record<string, number>>({
      BTC: read.positive(data.btc_dominance, 'btc_dominance'),
      ETH: read.positiveOrNone(data.eth_dominance, 'eth_dominance'),
    }),
    assets: read.positiveOrNone(data.active_cryptocurrencies, 'active_cryptocurrencies'),
    change24hPercent: read.optional(read.number, usd.total_market_cap_yesterday_percentage_change, 'total_market_cap_yesterday_percentage_change'),
    asOf: asOf(usd, data),
  })
}

/** The newest value (latest) or a list of them (historical), which differ in the form of the time. */
export function fearGreedOf(body: unknown, limit: number): FearGreed[] {
  const values = [dataOf(body)].flat().map((row): FearGreed => {
    const { value: index, value_classification: label, update_time, timestamp } = read.object(row, 'value')
    const value = read.amount(index, 'value')
    if (value > 100) throw new BadResponseError(`value: 0…100 expected, got ${value}`)
    const at = read.optional(read.isoTime, update_time, 'update_time') ?? read.seconds(timestamp, 'timestamp')
    return { value, label: read.string(label, 'value_classification'), at }
  })
  if (values.length === 0) throw new BadResponseError('data: at least one value expected, got none')
  return values.toSorted((a, b) => b.at - a.at).slice(0, limit)
}

// https://coinmarketcap.com/api/resources/how-to-handle-coinmarketcap-api-errors-and-rate-limit--responses, read November 2026.
const REASONS = new Map<number, FailureReason>([
  [1001, 'unauthorized'], // no such key
  [1002, 'unauthorized'], // none given; also a key on the keyless path
  [1003, 'quota-exhausted'], // plan not paid for
  [1004, 'quota-exhausted'], // plan ran out
  [1005, 'unauthorized'], // not without a key
  [1006, 'unauthorized'], // not in this plan
  [1007, 'unauthorized'], // key disabled
  [1008, 'rate-limited'], // a minute's requests
  [1009, 'quota-exhausted'], // the day's credits
  [1010, 'quota-exhausted'], // the month's credits
  [1011, 'rate-limited'], // requests from this address
])

/** Where only the symbol can be wrong. */
const BY_SYMBOL: readonly Capability[] = ['ticker', 'tickers', 'volume']

/** Errors come as {status:{error_code,error_message}}, the code being a number or a text. */
export function failureOf({ status, headers, body }: ProviderResponse, capability: Capability): ProviderFailure | undefined {
  const told = (body as { status?: { error_code?: unknown; error_message?: unknown } | null } | null)?.status
  const code = typeof told?.error_code === 'string' ? Number(told.error_code) : told?.error_code
  if (typeof code !== 'number' || !code) return undefined
  const message = typeof told?.error_message === 'string' ? told.error_message : undefined
  // Minutes are counted from the first request: a whole one is enough.
  const retryAfterMs = code === 1008 && !headers.has('retry-after') ? 60_000 : undefined
  const reason = REASONS.get(code)
  if (reason) return { reason, message, retryAfterMs }
  if (code === 400) return { reason: BY_SYMBOL.includes(capability) ? 'not-found' : 'bad-request', message }
  return status === 200 ? { reason: code === 500 ? 'unavailable' : 'bad-request', message } : undefined
}
