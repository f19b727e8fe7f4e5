import { BadResponseError } from '../../errors.js'
import type { ParamsOf } from '../../model/capabilities.js'
import type { Asset, AssetMarket, GlobalMarket, Ticker, Volume } from '../../model/market.js'
import { type Pair, pairOf } from '../../model/symbol.js'
import { unknown } from '../ids.js'
import { asTicker, type Prices, tickersOf } from './market.js'
import { DEFAULT_MOVERS, strongest } from './movers.js'
import type { ListedAsset, NativeIds } from '../provider.js'
import { known, read } from '../read.js'
import { some } from '../rows.js'

/** What an aggregator calls an asset, as it came. */
export interface CoinName {
  readonly id: string
  readonly symbol: unknown
  readonly name?: unknown
  readonly rank?: unknown
}

/** An asset in an aggregator's list. */
export interface Coin extends CoinName, Prices {}

/** An id, which many aggregators send as a number and take as a text. */
export const coinId = (id: unknown): string => (typeof id === 'number' ? String(read.positive(id, 'id')) : read.string(id, 'id'))

/** The asked one of the coins that came: an unknown one is not among them. */
export function coinAsked(coins: readonly Coin[], { base, symbol }: Pair, native: NativeIds, provider: string): Coin {
  const coin = coins.find(({ id }) => id === native[base])
  if (coin === undefined) throw unknown(provider, symbol)
  return coin
}

/** An asset as it is listed. */
export const coinAsset = ({ id, symbol, name, rank }: CoinName): Asset =>
  known<Asset>({
    id,
    symbol: read.string(symbol, 'symbol').toUpperCase(),
    name: read.optional(read.string, name, 'name'),
    rank: read.positiveOrNone(rank, 'rank'),
  })

/** Assets as they are listed, at most so many. */
export const coinAssets = (coins: readonly CoinName[], limit: number): Asset[] => sound(coins, coinAsset).slice(0, limit)

/** What is looked up by symbol. */
export const coinsListed = (coins: readonly CoinName[]): ListedAsset[] =>
  sound(coins, ({ id, symbol }): ListedAsset => ({ id, symbol: read.string(symbol, 'symbol') }))

/** What can be read of a long list, where there is always something: an odd row (no symbol, a negative figure) leaves out that one only, unless all are. */
function sound<T, R>(rows: readonly T[], reader: (row: T) => R): R[] {
  let first: unknown
  const found = some(rows, 'list').flatMap((row) => {
    try {
      return [reader(row)]
    } catch (error) {
      if (!BadResponseError.is(error)) throw error
      first ??= error
      return []
    }
  })
  if (found.length === 0) throw first
  return found
}

/** The volume alone, which aggregators tell in the quote, if not in both. */
export const coinVolume = ({ volume, turnover, asOf }: Prices, pair: Pair): Volume =>
  known<Volume>({ ...pair, volume24h: read.optional(read.amount, volume, 'volume'), quoteVolume24h: read.amount(turnover, 'turnover'), asOf })

/** Tickers of the asked pairs. An asset without a price (dead, or never traded) leaves out that one only, unless none has any. */
export const coinTickers = (pairs: readonly Pair[], find: (pair: Pair) => Prices | undefined): Ticker[] =>
  tickersOf(
    pairs.map(({ symbol }) => symbol),
    (symbol) => find(pairOf(symbol)),
    (coin, symbol) => asTicker(coin, pairOf(symbol)),
  )

/** The same by id, out of coins that all are in the one quote. */
export function coinTickersById(coins: readonly Coin[], pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const byId = new Map<string | undefined, Coin>(coins.map((coin) => [coin.id, coin]))
  return coinTickers(pairs, ({ base }) => byId.get(native[base]))
}

/** Those of the coins, in dollars, that rose, or fell, the most. */
export function coinMovers(coins: readonly Coin[], { direction, limit = DEFAULT_MOVERS }: ParamsOf<'movers'>): AssetMarket[] {
  const moves = sound(coins, (coin) => {
    const change = read.optional(read.number, coin.changePercent, 'change in percent')
    const priceUsd = read.positiveOrNone(coin.price, 'price')
    if (change === undefined || priceUsd === undefined) return []
    const market = known<AssetMarket>({
      ...coinAsset(coin),
      priceUsd,
      change24hPercent: change,
      marketCapUsd: read.positiveOrNone(coin.marketCap, 'market value'),
      volume24hUsd: read.optional(read.amount, coin.turnover, 'turnover'),
    })
    return [{ change, market }]
  }).flat()
  if (moves.length === 0) throw new BadResponseError('assets with price and change expected, got none')
  return strongest(moves, direction)
    .slice(0, limit)
    .map(({ market }) => market)
}

/** The whole market in dollars, as it came; `asOf` is read already. */
export interface WholeMarket {
  readonly marketCap: unknown
  readonly volume: unknown
  /** Shares of the market value, in percent. */
  readonly btc: unknown
  readonly eth?: unknown
  readonly assets?: unknown
  readonly changePercent?: unknown
  readonly asOf?: number | undefined
}

/** The whole market. */
export const wholeMarket = ({ marketCap, volume, btc, eth, assets, changePercent, asOf }: WholeMarket): GlobalMarket =>
  known<GlobalMarket>({
    marketCapUsd: read.positive(marketCap, 'market value'),
    volume24hUsd: read.positive(volume, 'volume'),
    dominancePercent: known<Record<string, number>>({ BTC: read.positive(btc, 'share of BTC'), ETH: read.positiveOrNone(eth, 'share of ETH') }),
    assets: read.positiveOrNone(assets, 'assets'),
    change24hPercent: read.optional(read.number, changePercent, 'change in percent'),
    asOf,
  })

/** An address of a page; another text is none. */
export function pageOf(value: unknown, at: string): string | undefined {
  const text = read.optional(read.string, value, at)
  return text !== undefined && /^https?:\/\//.test(text) ? text : undefined
}
