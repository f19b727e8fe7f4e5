import { BadResponseError, ProviderError } from '../errors.js'
import type { NftCollection } from '../model/chain.js'
import { closesAt, type Interval, opensAt } from '../model/interval.js'
import type { Asset, AssetMarket, Candle, Exchange, GlobalMarket, Ticker, TrendingAsset } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import { candleOf, rangeOf, strongest } from '../provider/market.js'
import type { NativeIds, ProviderFailure } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

type Row = Record<string, unknown>

/** What CoinGecko does not list. */
export const unknown = (what: string): ProviderError => new ProviderError({ provider: 'coingecko', reason: 'not-found', message: `does not know ${what}` })

/** Rows of coins/markets. */
export const rowsOf = (body: unknown): Row[] => read.array(body, 'markets').map((row) => read.object(row, 'markets row'))

/** The row of one asset. */
export function rowOf(body: unknown, { base, symbol }: Pair, native: NativeIds): Row {
  const row = rowsOf(body).find(({ id }) => read.string(id, 'id') === native[base])
  if (!row) throw unknown(symbol)
  return row
}

/** A row of coins/markets in its quote; the volume is in that too. */
export const tickerOf = (row: Row, pair: Pair): Ticker =>
  known<Ticker>({
    ...pair,
    last: read.positive(row.current_price, 'current_price'),
    ...rangeOf(row.low_24h, row.high_24h),
    change24h: read.optional(read.number, row.price_change_24h, 'price_change_24h'),
    change24hPercent: read.optional(read.number, row.price_change_percentage_24h, 'price_change_percentage_24h'),
    quoteVolume24h: read.optional(read.amount, row.total_volume, 'total_volume'),
    marketCap: read.positiveOrNone(row.market_cap, 'market_cap'),
    asOf: read.optional(read.isoTime, row.last_updated, 'last_updated'),
  })

/** A row without a price (listed, not traded) leaves out that one only, unless no row has any. */
export function parseMarkets(body: unknown, pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const rows = new Map(rowsOf(body).map((row) => [read.string(row.id, 'id'), row]))
  const found = pairs.flatMap((pair) => {
    const row = rows.get(native[pair.base] ?? '')
    return row ? [{ row, pair }] : []
  })
  const priced = found.filter(({ row }) => row.current_price !== null)
  if (found.length > 0 && priced.length === 0) throw new BadResponseError('current_price: a number > 0 expected, got null')
  return priced.map(({ row, pair }) => tickerOf(row, pair))
}

/** simple/price: ids to prices by quote; the unknown ones are not there. */
export function parseSimple(body: unknown, pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const prices = new Map(Object.entries(read.object(body, 'simple/price')))
  return pairs.flatMap((pair) => {
    const found = prices.get(native[pair.base] ?? '')
    const quote = pair.quote.toLowerCase()
    const row = found === undefined ? {} : read.object(found, 'price')
    if (read.optional(read.number, row[quote], quote) === undefined) return []
    return [
      known<Ticker>({
        ...pair,
        last: read.positive(row[quote], quote),
        change24hPercent: read.optional(read.number, row[`${quote}_24h_change`], '24h_change'),
        quoteVolume24h: read.optional(read.amount, row[`${quote}_24h_vol`], '24h_vol'),
        marketCap: read.positiveOrNone(row[`${quote}_market_cap`], 'market_cap'),
        asOf: read.optional(read.seconds, row.last_updated_at, 'last_updated_at'),
      }),
    ]
  })
}

/** The stamp is the candle's close (a running one's: now), so the start is the one before it. Whether one is final is not said. */
export function ohlcOf(row: unknown, interval: Interval, now: number): Candle {
  const [stamp, open, high, low, close] = read.array(row, 'candle')
  const openTime = opensAt(read.millis(stamp, 'time') - 1, interval)
  return candleOf({ openTime, open, high, low, close, closed: closesAt(openTime, interval) > now ? false : undefined })
}

/** An asset of coins/markets. */
export const assetOf = (row: Row): Asset =>
  known<Asset>({
    id: read.string(row.id, 'id'),
    symbol: read.string(row.symbol, 'symbol').toUpperCase(),
    name: read.optional(read.string, row.name, 'name'),
    rank: read.positiveOrNone(row.market_cap_rank, 'market_cap_rank'),
  })

/** The strongest first. */
export function marketMoversOf(rows: readonly Row[], direction: 'gainers' | 'losers'): AssetMarket[] {
  const moves = rows.flatMap((row) => {
    const change = read.optional(read.number, row.price_change_percentage_24h, 'price_change_percentage_24h')
    const priceUsd = read.optional(read.positive, row.current_price, 'current_price')
    return change === undefined || priceUsd === undefined ? [] : [{ row, change, priceUsd }]
  })
  return strongest(moves, direction).map(({ row, change, priceUsd }) =>
    known<AssetMarket>({
      ...assetOf(row),
      priceUsd,
      change24hPercent: change,
      marketCapUsd: read.positiveOrNone(row.market_cap, 'market_cap'),
      volume24hUsd: read.optional(read.amount, row.total_volume, 'total_volume'),
    }),
  )
}

/** An exchange with the volume that it reports. */
export function exchangeOf(value: unknown): Exchange {
  const row = read.object(value, 'exchange')
  const url = read.optional(read.string, row.url, 'url')
  return known<Exchange>({
    id: read.string(row.id, 'id'),
    name: read.string(row.name, 'name'),
    url: url?.startsWith('http') ? url : undefined,
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

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Row)[name] : undefined

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
  const error = member(body, 'error')
  const told = member(body, 'status') ?? member(error, 'status') ?? body
  const code = Number(member(told, 'error_code') ?? Number.NaN)
  const text = typeof error === 'string' ? error : member(told, 'error_message')
  const message = typeof text === 'string' ? text : undefined
  const remedy = KEY_ERRORS.get(code)
  if (remedy) return { reason: 'unauthorized', message: remedy }
  if (message === 'coin not found' || (status === 404 && message !== undefined)) return { reason: 'not-found', message }
  if (status !== 200 || (Number.isNaN(code) && typeof error !== 'string')) return undefined
  if (code === 429) return { reason: 'rate-limited', message }
  return { reason: code >= 500 ? 'unavailable' : 'bad-request', message }
}
