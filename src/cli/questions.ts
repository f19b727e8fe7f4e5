import type { Capability, ParamsOf } from '../model/capabilities.js'
import { INTERVAL_MS, isInterval } from '../model/interval.js'
import { parseCount } from './durations.js'
import type { CliIO } from './io.js'
import type { Flags } from './options.js'
import { parseSymbol } from './symbols.js'
import { UsageError } from './usage-error.js'

/** What is asked of the router. */
export interface Question<C extends Capability> {
  readonly capability: C
  readonly params: ParamsOf<C>
  /** How messages call it: `ticker BTC/USD`. */
  readonly label: string
}

type Registry = Pick<CliIO, 'registry'>

/** All of these throw a `UsageError` that says what to write instead. */
export function tickerQuestion(symbol: string, io: Registry): Question<'ticker'> {
  const params = { symbol: parseSymbol(symbol, assetsOf(io)) }
  return { capability: 'ticker', params, label: `ticker ${params.symbol}` }
}

/** 24 candles of an hour, unless told otherwise. */
export function candlesQuestion(symbol: string, flags: Flags, io: Registry): Question<'candles'> {
  const { interval = '1h', limit = '24' } = flags
  if (!isInterval(interval)) throw new UsageError(`no interval '${interval}': choose ${Object.keys(INTERVAL_MS).join(', ')}`)
  const params = { symbol: parseSymbol(symbol, assetsOf(io)), interval, limit: parseCount(limit, '--limit', 1_000) }
  return { capability: 'candles', params, label: `candles ${params.symbol} ${interval}` }
}

/** 10 orders on each side, unless told otherwise. */
export function bookQuestion(symbol: string, { depth = '10' }: Flags, io: Registry): Question<'orderBook'> {
  const params = { symbol: parseSymbol(symbol, assetsOf(io)), depth: parseCount(depth, '--depth', 500) }
  return { capability: 'orderBook', params, label: `order book ${params.symbol}` }
}

/** 7 days, unless told otherwise. */
export function fearGreedQuestion({ limit = '7' }: Flags): Question<'fearGreed'> {
  return { capability: 'fearGreed', params: { limit: parseCount(limit, '--limit', 365) }, label: 'fear & greed' }
}

// Which letters are an asset is known from the tables of those providers that have ids of their own.
function assetsOf({ registry }: Registry): (symbol: string) => boolean {
  const tables = Object.values(registry).map((make) => make().assets ?? {})
  return (symbol) => tables.some((assets) => Object.hasOwn(assets, symbol))
}
