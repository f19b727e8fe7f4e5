import { BadResponseError } from '../../errors.js'
import type { ParamsOf } from '../../model/capabilities.js'
import type { Asset, Ticker, Volume } from '../../model/market.js'
import { type Pair, pairOf } from '../../model/symbol.js'
import type { NativeIds } from '../provider.js'
import { known, read } from '../read.js'
import type { Row } from '../rows.js'

/** Name of a market that is made of both its sides: `marketOf('BTC/USDT', native, '-')` is `BTC-USDT`. */
export function marketOf(symbol: string, native: NativeIds, separator: string): string {
  const { base, quote } = pairOf(symbol)
  return `${native[base] ?? base}${separator}${quote}`
}

/** Name of the only asked market; nothing where there are several: then the list of all is asked for. */
export function onlyMarketOf([symbol, ...others]: readonly string[], native: NativeIds, separator: string): string | undefined {
  return symbol === undefined || others.length > 0 ? undefined : marketOf(symbol, native, separator)
}

/** Lowest and highest price of 24 h, each left out (null, `''`, 0) where there is none. */
export function rangeOf(low: unknown, high: unknown): { low24h: number | undefined; high24h: number | undefined } {
  const [low24h, high24h] = [read.positiveOrNone(low, 'low'), read.positiveOrNone(high, 'high')]
  if (low24h !== undefined && high24h !== undefined && low24h > high24h) throw new BadResponseError('low: at most the high expected, got more')
  return { low24h, high24h }
}

/** Change since a price of 24 h ago (an open of the day is none); nothing without it. */
export function changeOf(last: number, open24h: number | undefined): Pick<Ticker, 'change24h' | 'change24hPercent'> {
  if (open24h === undefined) return {}
  const change24h = last - open24h
  const change24hPercent = (change24h / open24h) * 100
  return Number.isFinite(change24hPercent) ? { change24h, change24hPercent } : {}
}

/** A fraction as percent: 0.015 is 1.5 %. Nothing where there is none. */
export function percentOf(fraction: unknown, at: string): number | undefined {
  const number = read.optional(read.number, fraction, at)
  return number === undefined ? undefined : read.number(number * 100, at)
}

/** The row of a market that was traded: before its first trade it has 0 for its last price, or what this exchange writes for none. */
export function traded(row: Row | undefined, price: string, none?: '' | null): Row | undefined {
  if (row === undefined || (none !== undefined && row[price] === none)) return undefined
  return read.amount(row[price], price) > 0 ? row : undefined
}

/** Tickers of the asked: whoever has no row is left out, and so is a row that cannot be, unless there are only such. */
export function tickersOf<R>(symbols: readonly string[], rowOf: (symbol: string) => R | undefined, tickerOf: (row: R, symbol: string) => Ticker): Ticker[] {
  let refused: BadResponseError | undefined
  const tickers = symbols.flatMap((symbol) => {
    try {
      const row = rowOf(symbol)
      return row === undefined ? [] : [tickerOf(row, symbol)]
    } catch (error) {
      if (!(error instanceof BadResponseError)) throw error
      refused ??= error
      return []
    }
  })
  if (refused !== undefined && tickers.length === 0) throw refused
  return tickers
}

/** What is said of the price of a market, or of an asset in one quote, and of its last 24 h, as it came; `asOf`, whose form differs, is read already. */
export interface Prices {
  readonly price: unknown
  readonly bid?: unknown
  readonly ask?: unknown
  /** Of 24 h ago, not of the start of the day. */
  readonly open24h?: unknown
  readonly low24h?: unknown
  readonly high24h?: unknown
  /** Where it is not told, the way from `open24h` is taken. */
  readonly change24h?: unknown
  /** 1.5 means 1.5 %. */
  readonly changePercent?: unknown
  /** In units of the base. */
  readonly volume?: unknown
  /** In units of the quote. */
  readonly turnover?: unknown
  readonly marketCap?: unknown
  readonly asOf?: number | undefined
}

/** The ticker of a pair. */
export function asTicker(prices: Prices, pair: Pair): Ticker {
  const last = read.positive(prices.price, 'price')
  const open24h = read.positiveOrNone(prices.open24h, 'open')
  const change24h = read.optional(read.number, prices.change24h, 'change')
  return known<Ticker>({
    ...pair,
    last,
    bid: read.positiveOrNone(prices.bid, 'bid'),
    ask: read.positiveOrNone(prices.ask, 'ask'),
    open24h,
    ...rangeOf(prices.low24h, prices.high24h),
    change24hPercent: read.optional(read.number, prices.changePercent, 'change in percent'),
    ...(change24h === undefined ? changeOf(last, open24h) : { change24h }),
    volume24h: read.optional(read.amount, prices.volume, 'volume'),
    quoteVolume24h: read.optional(read.amount, prices.turnover, 'turnover'),
    marketCap: read.positiveOrNone(prices.marketCap, 'market value'),
    asOf: prices.asOf,
  })
}

/** What a ticker says of the volume: every exchange knows how much of the base was traded. */
export function volumeOf({ symbol, base, quote, volume24h, quoteVolume24h, asOf }: Ticker): Volume {
  if (volume24h === undefined) throw new BadResponseError('volume: a number ≥ 0 expected, got nothing')
  return known<Volume>({ symbol, base, quote, volume24h, quoteVolume24h, asOf })
}

/** The symbol of what an exchange calls by a code, out of its own codes by symbol; for most the two are the same. */
export const symbolOf = (code: string, codes: NativeIds = {}): string => Object.keys(codes).find((symbol) => codes[symbol] === code) ?? code.toUpperCase()

/** The assets of an exchange: what its markets trade, each once. There is always something. */
export function assetsOf(bases: readonly string[], { limit }: ParamsOf<'assets'>, codes?: NativeIds): Asset[] {
  if (bases.length === 0) throw new BadResponseError('markets that trade expected, got none')
  const assets = [...new Set(bases)].slice(0, limit)
  return assets.map((base) => ({ id: base, symbol: symbolOf(base, codes) }))
}
