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

/** 10 articles, about all or about these assets. */
export function newsQuestion(assets: readonly string[], { limit = '10' }: Flags): Question<'news'> {
  const symbols = assets.map(assetOf)
  const params = { limit: parseCount(limit, '--limit', 100), ...(symbols.length > 0 && { symbols }) }
  return { capability: 'news', params, label: ['news', ...symbols].join(' ') }
}

/** The usual ones over days, unless told otherwise. */
export function indicatorsQuestion(symbol: string, names: readonly string[], { interval = '1d' }: Flags, io: Registry): Question<'indicators'> {
  if (!isInterval(interval)) throw new UsageError(`no interval '${interval}': choose ${Object.keys(INTERVAL_MS).join(', ')}`)
  const params = { symbol: parseSymbol(symbol, assetsOf(io)), interval, names: names.length > 0 ? [...names] : USUAL_INDICATORS }
  return { capability: 'indicators', params, label: `indicators ${params.symbol} ${interval}` }
}

/** 7 days, unless told otherwise. */
export function forecastQuestion(symbol: string, { days = '7' }: Flags, io: Registry): Question<'forecast'> {
  const params = { symbol: parseSymbol(symbol, assetsOf(io)), days: parseCount(days, '--days', 30) }
  return { capability: 'forecast', params, label: `forecast ${params.symbol}` }
}

/** Of Ethereum, unless another chain is named: by its name, its number or its CAIP-2 id. */
export function gasQuestion(chain = 'ethereum'): Question<'gasPrice'> {
  const named = CHAINS[chain.toLowerCase()] ?? chain
  const id = /^\d+$/.test(named) ? `eip155:${named}` : named
  if (!/^eip155:\d+$/.test(id)) throw new UsageError(`no chain '${chain}': write a number, a CAIP-2 id like eip155:1, or ${Object.keys(CHAINS).join(', ')}`)
  return { capability: 'gasPrice', params: { chain: id }, label: `gas of ${id}` }
}

/** One asset: `BTC` out of `btc`, `$BTC` or `BTC/USD`. */
export function assetOf(text: string): string {
  const [asset = ''] = text.trim().replace(/^\$/, '').toUpperCase().split(/[/_-]/, 1)
  if (!/^[\p{L}\p{N}.]{1,30}$/u.test(asset)) throw new UsageError(`'${text}' is no asset: write its symbol, for example BTC`)
  return asset
}

const USUAL_INDICATORS: readonly string[] = ['rsi', 'macd', 'bollinger', 'sma20', 'sma50', 'sma200', 'ema12', 'ema26', 'atr', 'stochRsi']

const CHAINS: Readonly<Record<string, string>> = {
  ethereum: '1',
  optimism: '10',
  bsc: '56',
  gnosis: '100',
  polygon: '137',
  base: '8453',
  arbitrum: '42161',
  avalanche: '43114',
}

// Which letters are an asset is known from the tables of those providers that have ids of their own.
function assetsOf({ registry }: Registry): (symbol: string) => boolean {
  const tables = Object.values(registry).map((make) => make().assets ?? {})
  return (symbol) => tables.some((assets) => Object.hasOwn(assets, symbol))
}
