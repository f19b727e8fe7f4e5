import { BadResponseError } from '../errors.js'
import type { Asset, AssetMarket, Exchange, GlobalMarket, Ticker } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import { strongest } from '../provider/market.js'
import type { NativeIds } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

type Row = Record<string, unknown>

/** Rows of ticker, which is a bare list. */
export const rowsOf = (body: unknown): Row[] => read.array(body, 'ticker').map((row) => read.object(row, 'ticker row'))

/** Rows of tickers, which has them beside a note; there is always something. */
export function listedOf(body: unknown): Row[] {
  const rows = rowsOf(read.object(body, 'tickers').data)
  if (rows.length === 0) throw new BadResponseError('tickers: at least one row expected, got none')
  return rows
}

/** Its id: a text, and a number in other answers. */
export const idOf = (row: Row): string => String(read.positive(row.id, 'id'))

/** A row in dollars. `volume24a` of other answers is no volume in coins, whatever the documentation says. */
export const tickerOf = (row: Row, pair: Pair): Ticker =>
  known<Ticker>({
    ...pair,
    last: read.positive(row.price_usd, 'price_usd'),
    change24hPercent: read.optional(read.number, row.percent_change_24h, 'percent_change_24h'),
    volume24h: read.positiveOrNone(row.volume24_native, 'volume24_native'),
    quoteVolume24h: read.optional(read.amount, row.volume24, 'volume24'),
    marketCap: read.positiveOrNone(row.market_cap_usd, 'market_cap_usd'),
  })

/** A row without a price leaves out that one only, unless no row has any. */
export function parseBatch(body: unknown, pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const rows = new Map(rowsOf(body).map((row) => [idOf(row), row]))
  const found = pairs.flatMap((pair) => {
    const row = rows.get(native[pair.base] ?? '')
    return row ? [{ row, pair }] : []
  })
  const priced = found.filter(({ row }) => read.positiveOrNone(row.price_usd, 'price_usd') !== undefined)
  return (priced.length > 0 ? priced : found).map(({ row, pair }) => tickerOf(row, pair))
}

/** An asset of tickers. */
export const assetOf = (row: Row): Asset =>
  known<Asset>({
    id: idOf(row),
    symbol: read.string(row.symbol, 'symbol').toUpperCase(),
    name: read.optional(read.string, row.name, 'name'),
    rank: read.positiveOrNone(row.rank, 'rank'),
  })

/** The strongest first. */
export function listedMoversOf(rows: readonly Row[], direction: 'gainers' | 'losers'): AssetMarket[] {
  const moves = rows.flatMap((row) => {
    const change = read.optional(read.number, row.percent_change_24h, 'percent_change_24h')
    const priceUsd = read.positiveOrNone(row.price_usd, 'price_usd')
    return change === undefined || priceUsd === undefined ? [] : [{ row, change, priceUsd }]
  })
  if (moves.length === 0) throw new BadResponseError('tickers: rows with price and change expected, got none')
  return strongest(moves, direction).map(({ row, change, priceUsd }) =>
    known<AssetMarket>({
      ...assetOf(row),
      priceUsd,
      change24hPercent: change,
      marketCapUsd: read.positiveOrNone(row.market_cap_usd, 'market_cap_usd'),
      volume24hUsd: read.optional(read.amount, row.volume24, 'volume24'),
    }),
  )
}

/** Exchanges out of an object by id, the largest first: it has no order of its own. */
export function exchangesOf(body: unknown): Exchange[] {
  const exchanges = Object.values(read.object(body, 'exchanges')).map((value) => {
    const row = read.object(value, 'exchange')
    const url = read.optional(read.string, row.url, 'url')
    return known<Exchange>({
      id: idOf(row),
      name: read.string(row.name, 'name'),
      url: url?.startsWith('http') ? url : undefined,
      country: read.optional(read.string, row.country, 'country'),
      volume24hUsd: read.positiveOrNone(row.volume_usd, 'volume_usd'),
    })
  })
  if (exchanges.length === 0) throw new BadResponseError('exchanges: at least one expected, got none')
  return exchanges.toSorted((a, b) => (b.volume24hUsd ?? 0) - (a.volume24hUsd ?? 0))
}

/** The whole market: a list of one. */
export function globalOf(body: unknown): GlobalMarket {
  const data = read.object(read.array(body, 'global')[0], 'global')
  return known<GlobalMarket>({
    marketCapUsd: read.positive(data.total_mcap, 'total_mcap'),
    volume24hUsd: read.positive(data.total_volume, 'total_volume'),
    dominancePercent: known<Record<string, number>>({
      BTC: read.positive(data.btc_d, 'btc_d'),
      ETH: read.positiveOrNone(data.eth_d, 'eth_d'),
    }),
    assets: read.positiveOrNone(data.coins_count, 'coins_count'),
    change24hPercent: read.optional(read.number, data.mcap_change, 'mcap_change'),
  })
}
