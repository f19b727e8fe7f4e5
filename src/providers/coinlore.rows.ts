import type { Exchange, GlobalMarket } from '../model/market.js'
import { type Coin, coinId, pageOf, wholeMarket } from '../provider/market/coins.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf, some } from '../provider/rows.js'

/** Coins of ticker, which is a bare list, in dollars. */
export const coinsOf = (body: unknown): Coin[] => rowsOf(body, 'ticker').map(coinOf)

/** Coins of tickers, which has them beside a note; there is always something. */
export const listedOf = (body: unknown): readonly Coin[] => some(coinsOf(read.object(body, 'tickers').data), 'tickers')

/** `volume24a` is no volume in coins, whatever the documentation says. */
const coinOf = (row: Row): Coin => ({
  id: coinId(row.id),
  symbol: row.symbol,
  name: row.name,
  rank: row.rank,
  price: row.price_usd,
  changePercent: row.percent_change_24h,
  volume: read.positiveOrNone(row.volume24_native, 'volume24_native'),
  turnover: row.volume24,
  marketCap: row.market_cap_usd,
})

/** Exchanges out of an object by id, the largest first: it has no order of its own. */
export function exchangesOf(body: unknown): Exchange[] {
  const exchanges = Object.values(read.object(body, 'exchanges')).map((value) => {
    const row = read.object(value, 'exchange')
    return known<Exchange>({
      id: coinId(row.id),
      name: read.string(row.name, 'name'),
      url: pageOf(row.url, 'url'),
      country: read.optional(read.string, row.country, 'country'),
      volume24hUsd: read.positiveOrNone(row.volume_usd, 'volume_usd'),
    })
  })
  return some(exchanges, 'exchanges').toSorted((a, b) => (b.volume24hUsd ?? 0) - (a.volume24hUsd ?? 0))
}

/** The whole market: a list of one. */
export function globalOf(body: unknown): GlobalMarket {
  const data = read.object(read.array(body, 'global')[0], 'global')
  return wholeMarket({
    marketCap: data.total_mcap,
    volume: data.total_volume,
    btc: data.btc_d,
    eth: data.eth_d,
    assets: data.coins_count,
    changePercent: data.mcap_change,
  })
}
