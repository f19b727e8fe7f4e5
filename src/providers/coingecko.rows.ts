import type { NftCollection } from '../model/chain.js'
import { closesAt, type Interval, opensAt } from '../model/interval.js'
import type { Candle, Exchange, GlobalMarket, Ticker, TrendingAsset } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import { candleOf } from '../provider/market/candles.js'
import { type Coin, coinTickers, pageOf } from '../provider/market/coins.js'
import { membersOf } from '../provider/failure.js'
import type { NativeIds, ProviderFailure } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

/** Coins of coins/markets in the quote that was asked for; the volume is in that too. */
export const coinsOf = (body: unknown): Coin[] =>
  rowsOf(body, 'markets').map((row) => ({
    id: read.string(row.id, 'id'),
    symbol: row.symbol,
    name: row.name,
    rank: row.market_cap_rank,
    price: row.current_price,
    low24h: row.low_24h,
    high24h: row.high_24h,
    change24h: row.price_change_24h,
    changePercent: row.price_change_percentage_24h,
    turnover: row.total_volume,
    marketCap: row.market_cap,
    asOf: read.optional(read.isoTime, row.last_updated, 'last_updated'),
  }))

/** simple/price: ids to prices by quote; the unknown ones are not there. */
export function parseSimple(body: unknown, pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const prices = new Map<string | undefined, unknown>(Object.entries(read.object(body, 'simple/price')))
  return coinTickers(pairs, ({ base, quote: asked }) => {
    const quote = asked.toLowerCase()
    const row = read.optional(read.object, prices.get(native[base]), 'price') ?? {}
    if (read.optional(read.number, row[quote], quote) === undefined) return undefined
    return {
      price: row[quote],
      changePercent: row[`${quote}_24h_change`],
      turnover: row[`${quote}_24h_vol`],
      marketCap: row[`${quote}_market_cap`],
      asOf: read.optional(read.seconds, row.last_updated_at, 'last_updated_at'),
    }
  })
}

/** The stamp is the candle's close (a running one's: now), so the start is the one before it. Whether one is final is not said. */
export function ohlcOf(row: unknown, interval: Interval, now: number): Candle {
  const [stamp, open, high, low, close] = read.array(row, 'candle')
  const openTime = opensAt(read.millis(stamp, 'time') - 1, interval)
  return candleOf({ openTime, open, high, low, close, closed: closesAt(openTime, interval) > now ? false : undefined })
}

/** An exchange with the volume that it reports. */
export function exchangeOf(value: unknown): Exchange {
  const row = read.object(value, 'exchange')
  return known<Exchange>({
    id: read.string(row.id, 'id'),
    name: read.string(row.name, 'name'),
    url: pageOf(row.url, 'url'),
    country: read.optional(read.string, row.country, 'country'),
    yearEstablished: read.positiveOrNone(row.year_established, 'year_established'),
    trustScore: read.optional(read.amount, row.trust_score, 'trust_score'),
    volume24hBtc: read.optional(read.amount, row.trade_volume_24h_btc, 'trade_volume_24h_btc'),
  })
}

/** A coin that people search for. */
export function trendingOf(value: unknown): TrendingAsset {
  const item = read.object(read.object(value, 'coin').item, 'item')
  const data = read.optional(read.object, item.data, 'data') ?? {}
  const changes = read.optional(read.object, data.price_change_percentage_24h, 'price_change_percentage_24h') ?? {}
  // Until 2024 the price was a text for people: '$0.001445', tiny ones with HTML in them.
  const price = typeof data.price === 'string' ? Number(data.price.replace(/^\$|,/g, '')) || undefined : data.price
  return known<TrendingAsset>({
    id: read.string(item.id, 'id'),
    symbol: read.string(item.symbol, 'symbol').toUpperCase(),
    name: read.string(item.name, 'name'),
    rank: read.positiveOrNone(item.market_cap_rank, 'market_cap_rank'),
    priceUsd: read.positiveOrNone(price, 'price'),
    change24hPercent: read.optional(read.number, changes.usd, 'price_change_percentage_24h.usd'),
  })
}

/** The whole market. */
export function globalOf(body: unknown): GlobalMarket {
  const data = read.object(read.object(body, 'global').data, 'data')
  const shares = Object.entries(read.object(data.market_cap_percentage, 'market_cap_percentage'))
  return known({
    marketCapUsd: read.positive(read.object(data.total_market_cap, 'total_market_cap').usd, 'total_market_cap.usd'),
    volume24hUsd: read.positive(read.object(data.total_volume, 'total_volume').usd, 'total_volume.usd'),
    dominancePercent: Object.fromEntries(shares.map(([symbol, share]) => [symbol.toUpperCase(), read.positive(share, 'market_cap_percentage')])),
    assets: read.positiveOrNone(data.active_cryptocurrencies, 'active_cryptocurrencies'),
    change24hPercent: read.optional(read.number, data.market_cap_change_percentage_24h_usd, 'market_cap_change_percentage_24h_usd'),
    asOf: read.optional(read.seconds, data.updated_at, 'updated_at'),
  })
}

/** An NFT collection; volume in its native currency. */
export function nftOf(body: unknown): NftCollection {
  const nft = read.object(body, 'nft')
  const part = (name: string): Row => read.optional(read.object, nft[name], name) ?? {}
  return known({
    id: read.string(nft.id, 'id'),
    name: read.string(nft.name, 'name'),
    floorPrice: read.positiveOrNone(part('floor_price').native_currency, 'floor_price.native_currency'),
    floorPriceSymbol: read.optional(read.string, nft.native_currency_symbol, 'native_currency_symbol')?.toUpperCase(),
    floorPriceUsd: read.positiveOrNone(part('floor_price').usd, 'floor_price.usd'),
    volume24h: read.optional(read.amount, part('volume_24h').native_currency, 'volume_24h.native_currency'),
    owners: read.positiveOrNone(nft.number_of_unique_addresses, 'number_of_unique_addresses'),
    supply: read.positiveOrNone(nft.total_supply, 'total_supply'),
    marketCapUsd: read.positiveOrNone(part('market_cap').usd, 'market_cap.usd'),
  })
}

const KEY_ERRORS = new Map([
  [10_002, `an API key is missing: give apiKey, and plan 'pro' where it is a Pro key`],
  [10_005, `this endpoint is for Pro plans only: give a Pro key and plan 'pro'`],
  [10_010, `a Pro key was sent to the Demo host: choose plan 'pro'`],
  [10_011, `a Demo key was sent to the Pro host: choose plan 'demo'`],
])

/** Errors come as {status:{error_code}}, {error:{status:{error_code}}} and {error:'text'}, also within a 200. */
export function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const { error, status: inner } = membersOf(body)
  const told = membersOf(inner ?? membersOf(error).status ?? body)
  const code = Number(told.error_code ?? Number.NaN)
  const text = typeof error === 'string' ? error : told.error_message
  const message = typeof text === 'string' ? text : undefined
  const remedy = KEY_ERRORS.get(code)
  if (remedy) return { reason: 'unauthorized', message: remedy }
  if (message === 'coin not found' || (status === 404 && message !== undefined)) return { reason: 'not-found', message }
  if (status !== 200 || (Number.isNaN(code) && typeof error !== 'string')) return undefined
  if (code === 429) return { reason: 'rate-limited', message }
  return { reason: code >= 500 ? 'unavailable' : 'bad-request', message }
}
