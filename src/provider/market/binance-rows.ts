import { pairOf } from '../../model/symbol.js'
import type { Ticker } from '../../model/market.js'
import type { TradeRow } from './books.js'
import type { CandleRow } from './candles.js'
import { asTicker, type Prices } from './market.js'
import { read } from '../read.js'
import type { Row } from '../rows.js'

/** Rows in the form of Binance, which others took over: a ticker of 24 h, without its change. */
export const dayPrices = (row: Row): Prices => ({
  price: row.lastPrice,
  bid: row.bidPrice,
  ask: row.askPrice,
  open24h: row.openPrice,
  low24h: row.lowPrice,
  high24h: row.highPrice,
  volume: row.volume,
  turnover: row.quoteVolume,
})

/** The ticker out of the prices that a row tells. */
export const dayTicker = (prices: Prices, row: Row, symbol: string): Ticker =>
  asTicker({ ...prices, asOf: read.optional(read.millis, row.closeTime, 'closeTime') }, pairOf(symbol))

/** A kline. */
export function klineRow(row: unknown): CandleRow {
  const [time, open, high, low, close, volume, , quoteVolume] = read.array(row, 'kline')
  return {
    openTime: read.millis(time, 'openTime'),
    open,
    high,
    low,
    close,
    volume: read.amount(volume, 'volume'),
    quoteVolume: read.optional(read.amount, quoteVolume, 'quoteVolume'),
  }
}

/** A trade; some send no id. */
export function madeTrade(row: unknown): TradeRow {
  const { id, price, qty, time, isBuyerMaker } = read.object(row, 'trade')
  const side = isBuyerMaker === true ? 'sell' : isBuyerMaker === false ? 'buy' : undefined
  return { id, price, amount: qty, side, at: read.millis(time, 'time') }
}
