import type { Balance, ChainTvl, DefiProtocol, GasPrice, NetworkMetrics, NftCollection, Transaction, YieldPool } from './chain.js'
import type { FearGreed, Forecast, Indicators, NewsItem, Post, SocialStats, TextSentiment } from './insight.js'
import { closesAt, type Interval, opensAt } from './interval.js'
import type { Asset, AssetMarket, Candle, Exchange, GlobalMarket, OrderBook, Ticker, Trade, TrendingAsset, Volume } from './market.js'

/**
 * Everything that can be asked: parameters and data of each capability. Add your own by augmenting this interface and
 * giving the router `options.capabilities[name]`.
 */
export interface Capabilities {
  ticker: { params: { symbol: string }; data: Ticker }
  tokenTicker: { params: { asset: string }; data: Ticker }
  tickers: { params: { symbols: readonly string[] }; data: Ticker[] }
  candles: { params: { symbol: string; interval: Interval; limit?: number | undefined; since?: number | undefined }; data: Candle[] }
  volume: { params: { symbol: string }; data: Volume }
  orderBook: { params: { symbol: string; depth?: number | undefined }; data: OrderBook }
  trades: { params: { symbol: string; limit?: number | undefined }; data: Trade[] }
  assets: { params: { limit?: number | undefined }; data: Asset[] }
  exchanges: { params: { limit?: number | undefined }; data: Exchange[] }
  globalMarket: { params: Readonly<Record<never, never>>; data: GlobalMarket }
  trending: { params: { limit?: number | undefined }; data: TrendingAsset[] }
  movers: { params: { direction: 'gainers' | 'losers'; limit?: number | undefined }; data: AssetMarket[] }
  news: { params: { symbols?: readonly string[] | undefined; limit?: number | undefined }; data: NewsItem[] }
  fearGreed: { params: { limit?: number | undefined }; data: FearGreed[] }
  textSentiment: { params: { texts: readonly string[] }; data: TextSentiment[] }
  social: { params: { asset: string }; data: SocialStats }
  posts: { params: { limit?: number | undefined }; data: Post[] }
  indicators: { params: { symbol: string; interval: Interval; names: readonly string[] }; data: Indicators }
  forecast: { params: { symbol: string; days: number }; data: Forecast }
  gasPrice: { params: { chain: string }; data: GasPrice }
  balance: { params: { account: string }; data: Balance }
  transaction: { params: { chain: string; hash: string }; data: Transaction }
  blockNumber: { params: { chain: string }; data: { number: number } }
  defiProtocols: { params: { limit?: number | undefined }; data: DefiProtocol[] }
  chainTvl: { params: { chain?: string | undefined }; data: ChainTvl[] }
  yields: { params: { limit?: number | undefined; chain?: string | undefined }; data: YieldPool[] }
  nftCollection: { params: { chain: string; contract: string } | { slug: string }; data: NftCollection }
  networkMetrics: { params: { asset: string }; data: NetworkMetrics }
}

/** Name of something that can be asked. */
export type Capability = keyof Capabilities
/** Parameters of a capability. */
export type ParamsOf<C extends Capability> = Capabilities[C]['params']
/** Data of a capability. */
export type DataOf<C extends Capability> = Capabilities[C]['data']

/** The group that monitoring pages show a capability in. */
export type Category =
  | 'market_price'
  | 'market_ohlcv'
  | 'market_volume'
  | 'market_orderbook'
  | 'market_metadata'
  | 'news'
  | 'sentiment'
  | 'social'
  | 'technical'
  | 'ai_prediction'
  | 'onchain'
  | 'defi'
  | 'nft'
  | 'analytics'

/** How long an answer may be used. */
export interface Lifetime {
  /** Fresh for so long, in ms. */
  readonly ttlMs: number
  /** Served after a failure up to this age, in ms; 0 = never. */
  readonly staleMs: number
}

/** What the router has to know of a capability. */
export interface CapabilityInfo extends Lifetime {
  readonly category: Category | (string & {})
  /** Text that is equal for equal questions; default: the parameters as JSON with sorted keys. */
  readonly key?: ((params: never) => string) | undefined
  /** Lists of several providers make a better one: those whose endpoints can `combine` are asked together. */
  readonly gathers?: boolean | undefined
  /** The figure that sources are compared by; without one they can't be. */
  readonly value?: ((data: never) => number) | undefined
  /** Where the lifetime hangs on the question and the time. */
  readonly ttl?: ((params: never, now: number) => number) | undefined
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const price: Lifetime = { ttlMs: 10 * SECOND, staleMs: 5 * MINUTE }
const metadata: Lifetime = { ttlMs: HOUR, staleMs: DAY }
const news: Lifetime = { ttlMs: 5 * MINUTE, staleMs: HOUR }
const mood: Lifetime = { ttlMs: HOUR, staleMs: DAY }
const chain: Lifetime = { ttlMs: 15 * SECOND, staleMs: 10 * MINUTE }
const slow: Lifetime = { ttlMs: 5 * MINUTE, staleMs: HOUR }

const lastOf = ({ last }: Ticker): number => last

/** Candles asked without a limit. */
export const DEFAULT_CANDLES = 100

/** Lifetimes to start from: price 10 s, candles until the running one closes (≤ 60 s), order book 2 s and never stale, metadata 1 h, news 5 min, moods 1 h. */
export const CAPABILITIES: { readonly [C in Capability]: CapabilityInfo } = {
  ticker: { category: 'market_price', ...price, key: ({ symbol }: ParamsOf<'ticker'>) => symbol, value: lastOf },
  tokenTicker: { category: 'market_price', ...price, key: ({ asset }: ParamsOf<'tokenTicker'>) => asset, value: lastOf },
  tickers: { category: 'market_price', ...price, key: ({ symbols }: ParamsOf<'tickers'>) => [...symbols].sort().join() },
  candles: {
    category: 'market_ohlcv',
    ttlMs: MINUTE,
    staleMs: HOUR,
    key: ({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>) => `${symbol},${interval},${limit},${since ?? ''}`,
    ttl: ({ interval }: ParamsOf<'candles'>, now) => Math.min(MINUTE, closesAt(opensAt(now, interval), interval) - now),
  },
  volume: { category: 'market_volume', ...price, key: ({ symbol }: ParamsOf<'volume'>) => symbol },
  orderBook: { category: 'market_orderbook', ttlMs: 2 * SECOND, staleMs: 0 },
  trades: { category: 'market_price', ...price },
  assets: { category: 'market_metadata', ...metadata },
  exchanges: { category: 'market_metadata', ...metadata },
  globalMarket: { category: 'market_volume', ...slow, value: ({ marketCapUsd }: GlobalMarket) => marketCapUsd },
  trending: { category: 'market_metadata', ...slow },
  movers: { category: 'market_metadata', ttlMs: MINUTE, staleMs: HOUR },
  news: { category: 'news', ...news, gathers: true },
  fearGreed: { category: 'sentiment', ...mood },
  textSentiment: { category: 'sentiment', ...slow },
  social: { category: 'social', ...mood },
  posts: { category: 'social', ...news },
  indicators: { category: 'technical', ttlMs: MINUTE, staleMs: HOUR },
  forecast: { category: 'ai_prediction', ...mood },
  gasPrice: { category: 'onchain', ...chain, value: ({ standard }: GasPrice) => standard },
  balance: { category: 'onchain', ...chain },
  transaction: { category: 'onchain', ...chain },
  blockNumber: { category: 'onchain', ttlMs: 5 * SECOND, staleMs: MINUTE },
  defiProtocols: { category: 'defi', ...slow },
  chainTvl: { category: 'defi', ...slow },
  yields: { category: 'defi', ...slow },
  nftCollection: { category: 'nft', ...slow },
  networkMetrics: { category: 'analytics', ttlMs: 10 * MINUTE, staleMs: DAY },
}
