import { BadResponseError } from '../errors.js'
import type { GlobalMarket } from '../model/market.js'
import { type Coin, coinId, wholeMarket } from '../provider/market/coins.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

const dataOf = (body: unknown): unknown => read.object(body, 'body').data

/** Currencies of a list. */
export const coinsOf = (body: unknown): Coin[] => rowsOf(dataOf(body), 'data').map(coinOf)

/** The asked currency: alone, or (seen in clients, not documented) in a list of one. */
export function oneOf(body: unknown, id: string | undefined): Coin {
  const coin = coinOf(read.object([dataOf(body)].flat()[0], 'data'))
  if (coin.id !== id) throw new BadResponseError('id: the asked one expected, got another')
  return coin
}

/** In dollars; amounts are texts. */
const coinOf = (row: Row): Coin => ({
  id: coinId(row.id),
  symbol: row.symbol,
  name: row.name,
  rank: row.rank,
  price: row.price,
  low24h: row.low24h,
  high24h: row.high24h,
  changePercent: read.optional(read.object, row.percentChange, 'percentChange')?.h24,
  turnover: row.volume24h,
  marketCap: row.marketCap,
})

/** The whole market. What `totalMarketCapChange` is a change of, and in which unit, is not said: left out. */
export function globalOf(body: unknown): GlobalMarket {
  const data = read.object(dataOf(body), 'data')
  return wholeMarket({
    marketCap: data.totalMarketCap,
    volume: data.totalVolume24h,
    btc: data.btcDominance,
    eth: data.ethDominance,
    assets: data.activeCurrencies,
  })
}
