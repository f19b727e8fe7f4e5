import type { Market } from '../market.ts'

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

/** When the last `wanted` candles opened (the running one included), oldest first; Unix ms, aligned to UTC. */
export function openTimes(now: number, lengthMs: number, wanted: number): number[] {
  const running = now - (now % lengthMs)
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
