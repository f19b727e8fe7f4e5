import { BadResponseError } from '../errors.js'
import type { Asset, AssetMarket, GlobalMarket, Ticker } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import { rangeOf, strongest } from '../provider/market.js'
import type { ListedAsset, NativeIds } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

type Row = Record<string, unknown>

const dataOf = (body: unknown): unknown => read.object(body, 'body').data

/** Rows of a list. */
export const rowsOf = (body: unknown): Row[] => read.array(dataOf(body), 'data').map((row) => read.object(row, 'currency'))

/** Its id, which is a number there. */
const idOf = (row: Row): string => String(read.positive(row.id, 'id'))

/** The asked currency: alone, or (seen in clients, not documented) in a list of one. */
export function rowOf(body: unknown, id: string | undefined): Row {
  const row = read.object([dataOf(body)].flat()[0], 'data')
  if (idOf(row) !== id) throw new BadResponseError('id: the asked one expected, got another')
  return row
}

/** In 24 h; 1.5 means 1.5 %. */
const changeOf = (row: Row): number | undefined =>
  read.optional(read.number, read.optional(read.object, row.percentChange, 'percentChange')?.h24, 'percentChange.h24')

/** A currency in dollars. Amounts are texts. */
export const tickerOf = (row: Row, pair: Pair): Ticker =>
  known<Ticker>({
    ...pair,
    last: read.positive(row.price, 'price'),
    ...rangeOf(row.low24h, row.high24h),
    change24hPercent: changeOf(row),
    quoteVolume24h: read.optional(read.amount, row.volume24h, 'volume24h'),
    marketCap: read.positiveOrNone(row.marketCap, 'marketCap'),
  })

/** A row without a price (not traded yet) leaves out that one only, unless no row has any. */
export function batchOf(rows: readonly Row[], pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const byId = new Map(rows.map((row) => [idOf(row), row]))
  const found = pairs.flatMap((pair) => {
    const row = byId.get(native[pair.base] ?? '')
    return row ? [{ row, pair }] : []
  })
  const priced = found.filter(({ row }) => read.positiveOrNone(row.price, 'price') !== undefined)
  return (priced.length > 0 ? priced : found).map(({ row, pair }) => tickerOf(row, pair))
}

/** A currency of a list. */
export const assetOf = (row: Row): Asset =>
  known<Asset>({
    id: idOf(row),
    symbol: read.string(row.symbol, 'symbol').toUpperCase(),
    name: read.optional(read.string, row.name, 'name'),
    rank: read.positiveOrNone(row.rank, 'rank'),
  })

/** The largest, as they are looked up by symbol. */
export const listedOf = (body: unknown): ListedAsset[] => rowsOf(body).map((row) => ({ symbol: read.string(row.symbol, 'symbol'), id: idOf(row) }))

/** The strongest first, in dollars. */
export function currencyMoversOf(rows: readonly Row[], direction: 'gainers' | 'losers'): AssetMarket[] {
  const moves = rows.flatMap((row) => {
    const change = changeOf(row)
    const priceUsd = read.positiveOrNone(row.price, 'price')
    return change === undefined || priceUsd === undefined ? [] : [{ row, change, priceUsd }]
  })
  if (moves.length === 0) throw new BadResponseError('data: currencies with price and change expected, got none')
  return strongest(moves, direction).map(({ row, change, priceUsd }) =>
    known<AssetMarket>({
      ...assetOf(row),
      priceUsd,
      change24hPercent: change,
      marketCapUsd: read.positiveOrNone(row.marketCap, 'marketCap'),
      volume24hUsd: read.optional(read.amount, row.volume24h, 'volume24h'),
    }),
  )
}

/** The whole market. What `totalMarketCapChange` is a change of, and in which unit, is not said: left out. */
export function globalOf(body: unknown): GlobalMarket {
  const data = read.object(dataOf(body), 'data')
  return known<GlobalMarket>({
    marketCapUsd: read.positive(data.totalMarketCap, 'totalMarketCap'),
    volume24hUsd: read.positive(data.totalVolume24h, 'totalVolume24h'),
    dominancePercent: known<Record<string, number>>({
      BTC: read.positive(data.btcDominance, 'btcDominance'),
      ETH: read.positiveOrNone(data.ethDominance, 'ethDominance'),
    }),
    assets: read.positiveOrNone(data.activeCurrencies, 'activeCurrencies'),
  })
}
