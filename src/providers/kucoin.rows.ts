import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { endOf, INTERVAL_MS, type Interval, opensAt } from '../model/interval.js'
import type { Asset, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import type { TradeRow } from '../provider/market/books.js'
import type { CandleRow } from '../provider/market/candles.js'
import { asTicker, percentOf, type Prices } from '../provider/market/market.js'
import type { MovedMarket } from '../provider/market/movers.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf, some } from '../provider/rows.js'

/** What stands in the envelope. */
export const dataOf = (body: unknown): unknown => read.object(body, 'body').data

/** All tickers. */
export const marketsOf = (body: unknown): Row[] => rowsOf(read.object(dataOf(body), 'data').ticker, 'ticker')

/** `averagePrice` is that of the day, and `open` of unknown age: neither is used. `changeRate` is a fraction. */
const pricesOf = (row: Row): Prices => ({
  price: row.last,
  bid: row.buy,
  ask: row.sell,
  low24h: row.low,
  high24h: row.high,
  change24h: row.changePrice,
  changePercent: percentOf(row.changeRate, 'changeRate'),
  volume: row.vol,
  turnover: row.volValue,
})

/** One market; the time stands beside the list of all. */
export const tickerOf = (row: Row, symbol: string, time: unknown = row.time): Ticker =>
  asTicker({ ...pricesOf(row), asOf: read.optional(read.millis, time, 'time') }, pairOf(symbol))

/** The close stands before high and low; times are Unix seconds. */
export function candleRow(row: unknown): CandleRow {
  const [time, open, close, high, low, volume, turnover] = read.array(row, 'candle')
  return {
    openTime: read.seconds(time, 'time'),
    open,
    high,
    low,
    close,
    volume: read.amount(volume, 'volume'),
    quoteVolume: read.optional(read.amount, turnover, 'turnover'),
  }
}

// INTERVAL_MS counts 30 days for a month
const longest = (interval: Interval): number => (interval === '1M' ? (INTERVAL_MS['1M'] * 31) / 30 : INTERVAL_MS[interval])

/**
 * From when till when, in Unix seconds, both included; there is no count to ask for. An interval without a trade has no candle:
 * so a few more are asked than wanted where it is not said since when.
 */
export function windowOf({ interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, now: number): { startAt: number; endAt?: number } {
  if (since === undefined) {
    const earlier = Math.max(limit, DEFAULT_CANDLES) - 1
    return { startAt: (opensAt(now, interval) - earlier * longest(interval)) / 1_000 }
  }
  return { startAt: Math.ceil(since / 1_000), endAt: endOf(since, interval, limit) / 1_000 - 1 }
}

/** `side` is the taker's; times are Unix nanoseconds. */
export function tradeRow(row: unknown): TradeRow {
  const { sequence: id, price, size, side, time } = read.object(row, 'trade')
  return { id, price, amount: size, side, at: read.millis(read.number(time, 'time') / 1e6, 'time') }
}

/** `currency` never changes, `name` does when a coin is renamed. */
export function currenciesOf(body: unknown): Asset[] {
  return some(rowsOf(dataOf(body), 'currencies'), 'currencies').map(({ currency, name, fullName }) => {
    const id = read.string(currency, 'currency')
    return known<Asset>({ id, symbol: (read.optional(read.string, name, 'name') ?? id).toUpperCase(), name: read.optional(read.string, fullName, 'fullName') })
  })
}

/** Dollars are Tether's here; `symbolName` changes when a coin is renamed. */
export function movedMarket(row: Row): MovedMarket {
  const { symbol, symbolName } = row
  const name = read.optional(read.string, symbolName, 'symbolName') ?? symbol
  return { ...pricesOf(row), base: /^(.+)-USDT$/.exec(read.string(symbol && name, 'symbol'))?.[1] }
}
