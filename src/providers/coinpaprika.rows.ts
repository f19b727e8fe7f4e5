import { BadResponseError } from '../errors.js'
import { closesAt } from '../model/interval.js'
import type { Asset, AssetMarket, Candle, Exchange, Ticker } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import type { NativeIds, ProviderFailure } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

type Row = Record<string, unknown>

/** A number > 0: a 0 stands for "unknown" (market value without known supply, rank of an unranked asset). */
export const positive = (value: unknown, at: string): number | undefined => read.optional(read.amount, value, at) || undefined

const byRank = (name: string) => (a: Row, b: Row) => (positive(a[name], name) ?? Number.MAX_SAFE_INTEGER) - (positive(b[name], name) ?? Number.MAX_SAFE_INTEGER)

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
    marketCap: positive(prices.market_cap, 'market_cap'),
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

/** Daily candles, oldest first. */
export function candlesOf(body: unknown, now: number): Candle[] {
  const candles = new Map(read.array(body, 'ohlcv').map((row) => candleOf(read.object(row, 'candle'), now)))
  return [...candles.values()].toSorted((a, b) => a.openTime - b.openTime)
}

/** The volume is in the quote (unverified for BTC). */
function candleOf(row: Row, now: number): [openTime: number, candle: Candle] {
  const openTime = read.isoTime(row.time_open, 'time_open')
  const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) => read.positive(row[name], name)) as [number, number, number, number]
  if (low > Math.min(open, close) || high < Math.max(open, close)) throw new BadResponseError('candle: low ≤ open, close ≤ high expected')
  const quoteVolume = read.optional(read.amount, row.volume, 'volume')
  const running = closesAt(openTime, '1d') > now
  return [openTime, known<Candle>({ openTime, open, high, low, close, quoteVolume, closed: running ? false : undefined })]
}

/** An asset of tickers. */
export const assetOf = (row: Row): Asset =>
  known<Asset>({
    id: read.string(row.id, 'id'),
    symbol: read.string(row.symbol, 'symbol').toUpperCase(),
    name: read.optional(read.string, row.name, 'name'),
    rank: positive(row.rank, 'rank'),
  })

/** `sign` 1: the largest rises first; −1: the largest falls. */
export function moversOf(rows: readonly Row[], sign: 1 | -1): AssetMarket[] {
  const moves = rows.flatMap((row) => {
    const usd = quoted(row, 'USD')
    const change = read.optional(read.number, usd.percent_change_24h, 'percent_change_24h')
    const priceUsd = positive(usd.price, 'price')
    return change === undefined || priceUsd === undefined || change * sign <= 0 ? [] : [{ row, usd, change, priceUsd }]
  })
  return moves
    .toSorted((a, b) => (b.change - a.change) * sign)
    .map(({ row, usd, change, priceUsd }) =>
      known<AssetMarket>({
        ...assetOf(row),
        priceUsd,
        change24hPercent: change,
        marketCapUsd: positive(usd.market_cap, 'market_cap'),
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
