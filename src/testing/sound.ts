import type { Capability } from '../model/capabilities.js'
import type { Balance, GasPrice, NetworkMetrics, NftCollection, Transaction } from '../model/chain.js'
import type { FearGreed, NewsItem, Post, TextSentiment } from '../model/insight.js'
import type { Candle, OrderBook, Ticker, Trade } from '../model/market.js'
import { scalarsOf } from './leaves.js'

type Rule = (data: never) => string | undefined

/** What is wrong with data of a capability, whoever gave it; nothing where it keeps to the model. */
export function faultOf(capability: Capability, data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return `an object or a list expected, got ${String(data)}`
  const nothing = scalarsOf(data).filter(isNothing)
  if (nothing.length > 0) return `unknown is left out, got ${String(nothing[0])}`
  return RULES[capability]?.(data as never)
}

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === '' || (typeof value === 'number' && !Number.isFinite(value))

const eachOf =
  <T>(rule: (item: T) => string | undefined) =>
  (data: readonly T[]): string | undefined => {
    if (!Array.isArray(data)) return 'a list expected'
    for (const item of data as readonly T[]) {
      const fault = rule(item)
      if (fault !== undefined) return fault
    }
    return undefined
  }

const where = (wrong: boolean, what: string): string | undefined => (wrong ? what : undefined)

const ticker = ({ last, bid = 1, ask = 1, low24h, high24h, volume24h = 0, quoteVolume24h = 0 }: Ticker): string | undefined =>
  where(!(last > 0 && bid > 0 && ask > 0), 'prices > 0 expected') ??
  where(low24h !== undefined && high24h !== undefined && low24h > high24h, 'low24h ≤ high24h expected') ??
  where(volume24h < 0 || quoteVolume24h < 0, 'volumes ≥ 0 expected')

const candle = ({ openTime, open, high, low, close }: Candle): string | undefined =>
  where(!(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close)), '0 < low ≤ open, close ≤ high expected') ??
  where(!(openTime > 0), 'openTime in Unix ms expected')

const ordered = (times: readonly number[]): string | undefined =>
  where(
    times.some((time, i) => time < (times[i - 1] ?? 0)),
    'the oldest first expected',
  )

const side = (levels: OrderBook['bids'], rising: 1 | -1): string | undefined =>
  where(!levels.every(([price, amount]) => price > 0 && amount > 0), 'levels > 0 expected') ??
  where(!levels.every(([price], i) => (price - (levels[i - 1]?.[0] ?? price)) * rising >= 0), 'the best price first expected')

const trade = ({ price, amount, side: of = 'buy' }: Trade): string | undefined =>
  where(!(price > 0 && amount > 0 && ['buy', 'sell'].includes(of)), 'a trade > 0 expected')

const named = ({ id, symbol }: { readonly id: unknown; readonly symbol: unknown }): string | undefined =>
  where(typeof id !== 'string' || typeof symbol !== 'string', 'id and symbol expected')

const priced = (asset: { readonly id: unknown; readonly symbol: unknown; readonly priceUsd: number }): string | undefined =>
  named(asset) ?? where(!(asset.priceUsd > 0), 'priceUsd > 0 expected')

const wholeNumber = /^\d+$/
const moment = (at: number): boolean => at > 0 && Number.isFinite(at)

const article = ({ title, url, publisher, publishedAt }: NewsItem): string | undefined =>
  where(!title || !publisher, 'a title and a publisher expected') ??
  where(!/^https?:\/\//.test(url), 'an http(s) address expected') ??
  where(!moment(publishedAt), 'publishedAt in Unix ms expected')

const gas = ({ standard, slow = standard, fast = standard, baseFee = 0 }: GasPrice): string | undefined =>
  where(!(standard >= 0 && slow >= 0 && fast >= 0 && baseFee >= 0), 'gas ≥ 0 expected') ??
  where(slow > standard || standard > fast, 'slow ≤ standard ≤ fast expected')

const locked = ({ tvlUsd }: { readonly tvlUsd: number }): string | undefined => where(!(tvlUsd >= 0), 'tvlUsd ≥ 0 expected')

const RULES: Partial<Record<Capability, Rule>> = {
  ticker,
  tokenTicker: ticker,
  tickers: eachOf(ticker),
  candles: (data: readonly Candle[]) => eachOf(candle)(data) ?? ordered(data.map(({ openTime }) => openTime)),
  orderBook: ({ bids, asks }: OrderBook) => side(bids, -1) ?? side(asks, 1),
  trades: (data: readonly Trade[]) => eachOf(trade)(data) ?? ordered(data.map(({ at }) => at)),
  assets: eachOf(named),
  trending: eachOf(named),
  movers: eachOf(priced),
  news: (data: readonly NewsItem[]) => eachOf(article)(data) ?? ordered(data.map(({ publishedAt }) => publishedAt).toReversed()),
  fearGreed: eachOf(({ value, at }: FearGreed) => where(!(value >= 0 && value <= 100 && moment(at)), '0…100 at a moment expected')),
  textSentiment: eachOf(({ score, confidence }: TextSentiment) =>
    where(!(score >= -1 && score <= 1 && confidence >= 0 && confidence <= 1), 'score −1…1 and confidence 0…1 expected'),
  ),
  posts: eachOf(({ title, url, at }: Post) => where(!title || !/^https?:\/\//.test(url) || !moment(at), 'a title, an http(s) address and a time expected')),
  gasPrice: gas,
  balance: ({ amount, decimals }: Balance) => where(!wholeNumber.test(amount) || !(decimals >= 0), 'an amount in base units expected'),
  transaction: ({ amount, fee = '0', from }: Transaction) =>
    where(!wholeNumber.test(amount) || !wholeNumber.test(fee) || !from, 'amounts in base units and a sender expected'),
  blockNumber: ({ number }: { readonly number: number }) => where(!(Number.isSafeInteger(number) && number >= 0), 'a whole number expected'),
  defiProtocols: eachOf(locked),
  chainTvl: eachOf(locked),
  yields: eachOf(locked),
  nftCollection: ({ floorPrice = 1, volume24h = 0 }: NftCollection) => where(!(floorPrice > 0 && volume24h >= 0), 'a floor > 0 and a volume ≥ 0 expected'),
  networkMetrics: ({ at, hashRate = 1, difficulty = 1 }: NetworkMetrics) =>
    where(!(moment(at) && hashRate > 0 && difficulty > 0), 'figures > 0 at a moment expected'),
}
