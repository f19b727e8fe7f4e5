import { ConfigError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import { INTERVAL_MS, isInterval } from '../model/interval.js'

const NONE: ReadonlyMap<unknown, unknown> = new Map()
const SYMBOL = /^[^\s/]{1,40}\/[^\s/]{1,20}$/

/** Throws `ConfigError` for parameters that are wrong whatever the provider; the message names the value and the remedy. Symbols found `sound` before aren't looked at again. */
export function checkParams(capability: Capability, params: unknown, sound: ReadonlyMap<unknown, unknown> = NONE): void {
  if (typeof params !== 'object' || params === null) throw new ConfigError(`${capability}: params must be an object, got ${JSON.stringify(params)}`)
  const { symbol, symbols, interval, limit, depth, since, direction, asset } = params as Record<string, unknown>
  if (!sound.has(symbol) && (symbol !== undefined || BY_SYMBOL.has(capability))) checkSymbol(symbol)
  if (capability === 'tickers') checkSymbols(symbols)
  if (capability === 'candles' && !isInterval(interval))
    throw new ConfigError(`interval must be one of ${Object.keys(INTERVAL_MS).join(', ')}, got ${show(interval)}`)
  if (limit !== undefined) checkCount('limit', limit)
  if (depth !== undefined) checkCount('depth', depth)
  if (since !== undefined && !(typeof since === 'number' && since > 0 && since < LATEST)) throw new ConfigError(`since must be Unix ms, got ${show(since)}`)
  if (capability === 'movers' && direction !== 'gainers' && direction !== 'losers')
    throw new ConfigError(`direction must be 'gainers' or 'losers', got ${show(direction)}`)
  if (BY_ASSET.has(capability) && (typeof asset !== 'string' || asset === '')) throw new ConfigError(`asset must be a text like 'BTC', got ${show(asset)}`)
}

/** Later ones were meant in another unit: microseconds are sixteen digits. */
const LATEST = Date.UTC(2100, 0, 1)

const BY_SYMBOL: ReadonlySet<string> = new Set<Capability>(['ticker', 'candles', 'volume', 'orderBook', 'trades', 'indicators', 'forecast'])
const BY_ASSET: ReadonlySet<string> = new Set<Capability>(['tokenTicker', 'social', 'networkMetrics'])

function checkSymbol(symbol: unknown): void {
  if (typeof symbol !== 'string' || !SYMBOL.test(symbol)) throw new ConfigError(`symbol must be BASE/QUOTE like 'BTC/USD', got ${show(symbol)}`)
  if (symbol !== symbol.toUpperCase()) throw new ConfigError(`symbol must be in upper case, got '${symbol}': ask for '${symbol.toUpperCase()}'`)
}

function checkSymbols(symbols: unknown): void {
  if (!Array.isArray(symbols) || symbols.length === 0) throw new ConfigError(`symbols must be a list like ['BTC/USD', 'ETH/USD'], got ${show(symbols)}`)
  for (const symbol of symbols) checkSymbol(symbol)
}

function checkCount(name: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 1) throw new ConfigError(`${name} must be a whole number ≥ 1, got ${show(value)}`)
}

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80)
