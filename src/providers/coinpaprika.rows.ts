import { BadResponseError } from '../errors.js'
import { closesAt } from '../model/interval.js'
import type { Asset, AssetMarket, Candle, Exchange, Ticker } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import { candleOf, strongest } from '../provider/market.js'
import type { NativeIds, ProviderFailure } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

type Row = Record<string, unknown>

const byRank = (name: string) => (a: Row, b: Row) =>
  (read.positiveOrNone(a[name], name) ?? Number.MAX_SAFE_INTEGER) - (read.positiveOrNone(b[name], name) ?? Number.MAX_SAFE_INTEGER)

/** Rows of tickers in the order of their rank. */
export const rowsOf = (body: unknown): Row[] =>
  read
    .array(body, 'tickers')
    .map((row) => read.object(row, 'tickers row'))
    .toSorted(byRank('rank'))

/** What a row says in one quote. */
export const quoted = (row: Row, quote: string): Row => read.object(read.object(row.quotes, 'quotes')[quote], `quotes.${quote}`)

/** A row of tickers in one of its quotes; the volume is in that too. */
export function tickerOf(row: Row, pair: Pair): Ticker {
  const prices = quoted(row, pair.quote)
  return known<Ticker>({
    ...pair,
    last: read.positive(prices.price, 'price'),
    change24hPercent: read.optional(read.number, prices.percent_change_24h, 'percent_change_24h'),
    quoteVolume24h: read.optional(read.amount, prices.volume_24h, 'volume_24h'),
    marketCap: read.positiveOrNone(prices.market_cap, 'market_cap'),
    asOf: read.optional(read.isoTime, row.last_updated, 'last_updated'),
  })
}

/** A row without a price (an asset that died) leaves out that one only, unless no row has any. */
export function parseBatch(rows: readonly Row[], pairs: readonly Pair[], native: NativeIds): Ticker[] {
  if (rows.length === 0) throw new BadResponseError('tickers: at least one row expected, got none')
  const byId = new Map(rows.map((row) => [read.string(row.id, 'id'), row]))
  const found = pairs.flatMap((pair) => {
    const row = byId.get(native[pair.base] ?? '')
    return row ? [{ row, pair }] : []
  })
  const priced = found.filter(({ row, pair }) => ![0, null].includes(quoted(row, pair.quote).price as number | null))
  return (priced.length > 0 ? priced : found).map(({ row, pair }) => tickerOf(row, pair))
}

/** A candle of a day. The volume is in the quote (unverified for BTC); whether one is final is not said. */
export function dayOf(value: unknown, now: number): Candle {
  const row = read.object(value, 'candle')
  const { open, high, low, close } = row
  const openTime = read.isoTime(row.time_open, 'time_open')
  const quoteVolume = read.optional(read.amount, row.volume, 'volume')
  return candleOf({ openTime, open, high, low, close, quoteVolume, closed: closesAt(openTime, '1d') > now ? false : undefined })
}

/** An asset of tickers. */
export const assetOf = (row: Row): Asset =>
  known<Asset>({
    id: read.string(row.id, 'id'),
    symbol: read.string(row.symbol, 'symbol').toUpperCase(),
    name: read.optional(read.string, row.name, 'name'),
    rank: read.positiveOrNone(row.rank, 'rank'),
  })

/** The strongest first. */
export function assetMoversOf(rows: readonly Row[], direction: 'gainers' | 'losers'): AssetMarket[] {
  const moves = rows.flatMap((row) => {
    const usd = quoted(row, 'USD')
    const change = read.optional(read.number, usd.percent_change_24h, 'percent_change_24h')
    const priceUsd = read.positiveOrNone(usd.price, 'price')
    return change === undefined || priceUsd === undefined ? [] : [{ row, usd, change, priceUsd }]
  })
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

/** The active ones, by CoinPaprika's own rank; volumes as the exchanges report them. */
export function exchangesOf(values: readonly unknown[]): Exchange[] {
  const rows = values.map((value) => read.object(value, 'exchange')).filter(({ active }) => active !== false)
  return rows.toSorted(byRank('adjusted_rank')).map((row) => {
    const [url] = read.optional(read.array, read.optional(read.object, row.links, 'links')?.website, 'links.website') ?? []
    const usd = read.optional(read.object, read.optional(read.object, row.quotes, 'quotes')?.USD, 'quotes.USD')
    return known<Exchange>({
      id: read.string(row.id, 'id'),
      name: read.string(row.name, 'name'),
      url: typeof url === 'string' && url.startsWith('http') ? url : undefined,
      volume24hUsd: read.optional(read.amount, usd?.reported_volume_24h, 'reported_volume_24h'),
    })
  })
}

/** Errors come as {error:'text'}. */
export function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
  const message = typeof error === 'string' ? error : undefined
  if (status === 402) return { reason: 'quota-exhausted', message: message ?? `the month's calls are used up, or this needs plan 'pro'` }
  if (message === undefined) return undefined
  if (status === 403) return { reason: 'unauthorized', message: `the key was refused: a Pro key needs plan 'pro'` }
  if (status === 404 || message === 'id not found') return { reason: 'not-found', message }
  return status === 200 ? { reason: 'bad-request', message } : undefined
}
