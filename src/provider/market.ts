import { BadResponseError } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { closesAt } from '../model/interval.js'
import type { Asset, AssetMarket, Candle, OrderBook, Ticker, Trade, Volume } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import type { NativeIds } from './provider.js'
import { known, read } from './read.js'

/** Levels of an order book asked without a depth. */
export const DEFAULT_DEPTH = 20
/** Trades asked without a limit. */
export const DEFAULT_TRADES = 100
/** Movers asked without a limit. */
const DEFAULT_MOVERS = 10

/** Name of a market that is made of both its sides: `marketOf('BTC/USDT', native, '-')` is `BTC-USDT`. */
export function marketOf(symbol: string, native: NativeIds, separator: string): string {
  const { base, quote } = pairOf(symbol)
  return `${native[base] ?? base}${separator}${quote}`
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

/** What a ticker says of the volume: every exchange knows how much of the base was traded. */
export function volumeOf({ symbol, base, quote, volume24h, quoteVolume24h, asOf }: Ticker): Volume {
  if (volume24h === undefined) throw new BadResponseError('volume: a number ≥ 0 expected, got nothing')
  return known<Volume>({ symbol, base, quote, volume24h, quoteVolume24h, asOf })
}

/**
 * Both sides of an order book, so many levels of each. They must come best first; they may be crossed, as real feeds are for
 * moments. `level` finds price and amount in a row that does not begin with them.
 */
export function levelsOf(
  { bids, asks }: { readonly bids?: unknown; readonly asks?: unknown },
  depth: number,
  level: (row: unknown) => readonly unknown[] = (row) => read.array(row, 'level'),
): Pick<OrderBook, 'bids' | 'asks'> {
  const sideOf = (rows: unknown, side: 'bids' | 'asks'): [number, number][] => {
    const levels = read
      .array(rows, side)
      .slice(0, depth)
      .map((row): [number, number] => {
        const [price, amount] = level(row)
        return [read.positive(price, `${side} price`), read.positive(amount, `${side} amount`)]
      })
    const rising = side === 'asks' ? 1 : -1
    const inOrder = levels.every(([price], i) => (price - (levels[i - 1]?.[0] ?? price)) * rising >= 0)
    if (!inOrder) throw new BadResponseError(`${side}: best price first expected`)
    return levels
  }
  return { bids: sideOf(bids, 'bids'), asks: sideOf(asks, 'asks') }
}

/** A candle as it came: time and volumes, whose units differ, are read already; the prices are not. */
export interface CandleRow extends Pick<Candle, 'openTime'> {
  readonly open: unknown
  readonly high: unknown
  readonly low: unknown
  readonly close: unknown
  readonly volume?: number | undefined
  readonly quoteVolume?: number | undefined
  /** Only where the provider says it. */
  readonly closed?: boolean | undefined
}

/** A candle whose prices can be: all > 0, low ≤ open, close ≤ high. */
export function candleOf({ openTime, open, high, low, close, ...rest }: CandleRow): Candle {
  const candle = {
    openTime,
    open: read.positive(open, 'open'),
    high: read.positive(high, 'high'),
    low: read.positive(low, 'low'),
    close: read.positive(close, 'close'),
    ...rest,
  }
  if (candle.low > Math.min(candle.open, candle.close) || candle.high < Math.max(candle.open, candle.close))
    throw new BadResponseError('candle: low ≤ open, close ≤ high expected')
  return known<Candle>(candle)
}

/** The asked ones of an exchange's candles, in whatever order they came. Where a row does not say it, the clock tells whether it is closed. */
export function candlesOf(rows: readonly CandleRow[], params: ParamsOf<'candles'>, now: number): Candle[] {
  return askedCandles(
    rows.map((row) => candleOf({ ...row, closed: row.closed ?? closesAt(row.openTime, params.interval) <= now })),
    params,
  )
}

/** The asked ones of all candles that came, oldest first: the first since a time, else the last. One of each time is allowed. */
export function askedCandles(candles: readonly Candle[], { limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>): Candle[] {
  const ordered = candles.toSorted((a, b) => a.openTime - b.openTime)
  if (ordered.some(({ openTime }, i) => openTime === ordered[i - 1]?.openTime)) throw new BadResponseError('candles: one of each time expected, got two')
  return since === undefined ? ordered.slice(-limit) : ordered.filter(({ openTime }) => openTime >= since).slice(0, limit)
}

/** A trade as it came: `at`, whose unit differs, is read already, and `side` turned into the taker's. */
export interface TradeRow extends Pick<Trade, 'at'> {
  /** A number or a text; anything else is none. */
  readonly id?: unknown
  readonly price: unknown
  readonly amount: unknown
  readonly side: Trade['side'] | undefined
}

/** The last trades, newest last. Rows of one and the same time keep their order: turn a list round that begins with the newest. */
export function tradesOf(rows: readonly TradeRow[], { limit = DEFAULT_TRADES }: { readonly limit?: number | undefined }): Trade[] {
  const trades = rows.map(({ id, price, amount, side, at }) =>
    known<Trade>({
      id: typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined,
      price: read.positive(price, 'price'),
      amount: read.positive(amount, 'amount'),
      side,
      at,
    }),
  )
  return trades.toSorted((a, b) => a.at - b.at).slice(-limit)
}

/** The assets of an exchange: what its markets trade, each once. There is always something. */
export function assetsOf(bases: readonly string[], { limit }: ParamsOf<'assets'>): Asset[] {
  if (bases.length === 0) throw new BadResponseError('markets that trade expected, got none')
  const assets = [...new Set(bases)].slice(0, limit)
  return assets.map((base) => ({ id: base, symbol: base.toUpperCase() }))
}

/** A market in dollars, as movers are ranked. */
export interface MovedMarket {
  /** `undefined` where another quote is traded. */
  readonly base: string | undefined
  readonly price: number | undefined
  /** In 24 h, 1.5 means 1.5 %. */
  readonly change: number | undefined
  /** Of 24 h, in dollars. */
  readonly turnover: number | undefined
}

/** Markets with less turnover in 24 h, in dollars, are no movers: a single order moves them. */
const MOVERS_FLOOR = 100_000
/** BTCUP, ETH3L: the token of a bet on what stands before it. Only where that is traded too, or JUP and SYRUP would go with them. */
const LEVERAGED = /^(.+?)(?:UP|DOWN|BULL|BEAR|\d[LS])$/

/** The strongest movers among an exchange's markets, without those that hardly anybody trades and the bets on others. */
export function moversOf(rows: readonly MovedMarket[], { direction, limit = DEFAULT_MOVERS }: ParamsOf<'movers'>): AssetMarket[] {
  const markets = rows.flatMap(({ base, price, change, turnover }) =>
    base === undefined || price === undefined || change === undefined || turnover === undefined ? [] : [{ base, price, change, turnover }],
  )
  if (markets.length === 0) throw new BadResponseError('markets in dollars with price, change and volume expected, got none')
  const bases = new Set(markets.map(({ base }) => base))
  const serious = markets.filter(({ base, turnover }) => turnover >= MOVERS_FLOOR && !bases.has(LEVERAGED.exec(base)?.[1] ?? ''))
  return strongest(serious, direction)
    .slice(0, limit)
    .map(({ base, price, change, turnover }) => ({ id: base, symbol: base.toUpperCase(), priceUsd: price, change24hPercent: change, volume24hUsd: turnover }))
}

/** What rose, or fell, the most first; without what went the other way. */
export function strongest<T extends { readonly change: number }>(moves: readonly T[], direction: 'gainers' | 'losers'): T[] {
  const sign = direction === 'gainers' ? 1 : -1
  return moves.filter(({ change }) => change * sign > 0).toSorted((a, b) => (b.change - a.change) * sign)
}
