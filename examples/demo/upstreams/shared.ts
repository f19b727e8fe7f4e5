import type { Market } from '../market.ts'

/** What the assets are called. */
export const NAMES: Readonly<Record<string, string>> = {
  BTC: 'Bitcoin',
  ETH: 'Ethereum',
  SOL: 'Solana',
  XRP: 'XRP',
  ADA: 'Cardano',
  DOGE: 'Dogecoin',
  LTC: 'Litecoin',
  DOT: 'Polkadot',
  LINK: 'Chainlink',
  AVAX: 'Avalanche',
  UNI: 'Uniswap',
  BCH: 'Bitcoin Cash',
  ATOM: 'Cosmos',
  ETC: 'Ethereum Classic',
  XLM: 'Stellar',
  ALGO: 'Algorand',
  FIL: 'Filecoin',
  AAVE: 'Aave',
  NEAR: 'NEAR Protocol',
  TRX: 'TRON',
  BNB: 'BNB',
}

/** Coins of each asset that are around: made up, but the same everywhere, so that market values agree. */
const SUPPLY: Readonly<Record<string, number>> = { BTC: 19.9e6, ETH: 120.6e6, SOL: 480e6, XRP: 57e9, ADA: 35e9, BNB: 146e6, DOGE: 146e9, TRX: 87e9 }
export const supplyOf = (asset: string): number => SUPPLY[asset] ?? 1e7

/** The assets, the one with the largest market value first. */
export const ranked = (market: Market, venue: string, now: number): string[] =>
  market.assets.toSorted((a, b) => market.price(b, venue, now) * supplyOf(b) - market.price(a, venue, now) * supplyOf(a))

/** The whole market: what it is worth, and each asset's share in percent. */
export function whole(market: Market, venue: string, now: number): { value: number; traded: number; shares: Record<string, number> } {
  const values = market.assets.map((asset) => [asset, market.price(asset, venue, now) * supplyOf(asset)] as const)
  const value = values.reduce((sum, [, one]) => sum + one, 0)
  const traded = market.assets.reduce((sum, asset) => sum + market.volume(asset) * market.price(asset, venue, now), 0)
  return { value, traded, shares: Object.fromEntries(values.map(([asset, one]) => [asset, (one / value) * 100])) }
}

/** Exchanges that the simulated aggregators list. */
export const EXCHANGES = [
  { id: 'binance', name: 'Binance', country: 'Cayman Islands', year: 2017, trust: 10, btc: 182_000 },
  { id: 'coinbase', name: 'Coinbase Exchange', country: 'United States', year: 2012, trust: 10, btc: 41_000 },
  { id: 'okx', name: 'OKX', country: 'Seychelles', year: 2013, trust: 9, btc: 38_000 },
  { id: 'kraken', name: 'Kraken', country: 'United States', year: 2011, trust: 10, btc: 17_000 },
  { id: 'small', name: 'Small Exchange', country: 'Nowhere', year: 2023, trust: 4, btc: 900 },
] as const

/** A number as exchanges write it: a text with a fixed number of digits. */
export const text = (value: number, digits = 8): string => value.toFixed(digits)

/** The day of one asset at one venue. */
export interface Day {
  readonly last: number
  readonly bid: number
  readonly ask: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly volume: number
}

export function day(market: Market, asset: string, venue: string, now: number): Day {
  const last = market.price(asset, venue, now)
  const { open, high, low } = market.candle(asset, now - 86_400_000, 86_400_000, now)
  return { last, bid: last * 0.9999, ask: last * 1.0001, open, high: Math.max(high, last), low: Math.min(low, last), volume: market.volume(asset) }
}

/** Price and amount of `depth` orders on each side, best first. */
export function orders(market: Market, asset: string, venue: string, now: number, depth: number): { bids: [number, number][]; asks: [number, number][] } {
  const { last } = day(market, asset, venue, now)
  const side = (sign: number): [number, number][] => Array.from({ length: depth }, (_, level) => [last * (1 + sign * 0.0001 * (level + 1)), 0.5 + level / 4])
  return { bids: side(-1), asks: side(1) }
}

const WEEK_MS = 7 * 86_400_000
// 1970 began on a Thursday, weeks begin on Mondays
const MONDAY_MS = 4 * 86_400_000

/** When the last `wanted` candles opened (the running one included), oldest first; Unix ms, aligned to UTC. */
export function openTimes(now: number, lengthMs: number, wanted: number): number[] {
  const running = now - ((now - (lengthMs === WEEK_MS ? MONDAY_MS : 0)) % lengthMs)
  return Array.from({ length: wanted }, (_, index) => running - (wanted - 1 - index) * lengthMs)
}

/** The asset of a native symbol such as `BTCUSDT` or `BTC-USD`, if this venue trades it. */
export function assetOf(market: Market, native: string | null | undefined, pattern: RegExp): string | undefined {
  const asset = pattern.exec(native ?? '')?.[1]
  return asset !== undefined && market.assets.includes(asset) ? asset : undefined
}

/** A whole number out of a query, kept within what the service gives. */
export function count(query: URLSearchParams, name: string, fallback: number, most: number): number {
  const asked = Number(query.get(name) ?? fallback)
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, most) : fallback
}

/** A time out of a query, in the service's own unit. */
export function timeOf(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  return value === null || !/^\d{1,15}$/.test(value) ? undefined : Number(value)
}
