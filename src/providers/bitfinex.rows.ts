import type { Asset, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import type { TradeRow } from '../provider/market/books.js'
import type { CandleRow } from '../provider/market/candles.js'
import { asTicker, percentOf } from '../provider/market/market.js'
import type { NativeIds } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { some } from '../provider/rows.js'

// What Bitfinex calls otherwise than everybody else, its name first, as https://api-pub.bitfinex.com/v2/conf/pub:map:currency:sym
// has it (unverified). Some of these names are other coins elsewhere: AMP, LUNA, WBT, XCH.
const RENAMED: Readonly<Record<string, string>> = {
  ALG: 'ALGO',
  AMP: 'AMPL',
  ATO: 'ATOM',
  BCHABC: 'XEC',
  BCHN: 'BCH',
  DAT: 'DATA',
  DOG: 'MDOGE',
  DSH: 'DASH',
  EDO: 'PNT',
  EUS: 'EURS',
  EUT: 'EURT',
  IDX: 'ID',
  IOT: 'IOTA',
  IQX: 'IQ',
  LUNA: 'LUNC',
  LUNA2: 'LUNA',
  MNA: 'MANA',
  QTM: 'QTUM',
  RBT: 'RBTC',
  STJ: 'STORJ',
  TERRAUST: 'USTC',
  TSD: 'TUSD',
  UDC: 'USDC',
  UST: 'USDT',
  VSY: 'VSYS',
  WAX: 'WAXP',
  WBT: 'WBTC',
  WHBT: 'WBT',
  XCH: 'XCHF',
  YGG: 'YEED',
  ZBT: 'ZB',
}
const CODES: NativeIds = Object.fromEntries(Object.entries(RENAMED).map(([code, asset]) => [asset, code]))

/** Whether both sides can be asked for: what bears the name of something else there cannot. */
export function isListed(symbol: string): boolean {
  const { base, quote } = pairOf(symbol)
  return [base, quote].every((asset) => CODES[asset] !== undefined || RENAMED[asset] === undefined)
}

/** Name of a market: `tBTCUSD`, but `tDOGE:USD` where a side is not of three letters. */
export function marketOf(symbol: string, native: NativeIds): string {
  const pair = pairOf(symbol)
  const [base, quote] = [codeOf(pair.base, native), codeOf(pair.quote, native)]
  return `t${base}${base.length === 3 && quote.length === 3 ? '' : ':'}${quote}`
}

const codeOf = (asset: string, native: NativeIds): string => native[asset] ?? CODES[asset] ?? asset

/** The same in a path, where a colon may stand as it is. */
export const pathOf = (symbol: string, native: NativeIds): string => encodeURIComponent(marketOf(symbol, native)).replaceAll('%3A', ':')

/** What the pairs trade, each once, without perpetuals and paper money. */
export function assetsOfPairs(pairs: readonly unknown[]): Asset[] {
  const codes = pairs.map((pair) => baseOf(read.string(pair, 'pair'))).filter((code) => !/^TEST|F0$/.test(code))
  return [...new Set(some(codes, 'pairs'))].map((id) => ({ id, symbol: (RENAMED[id] ?? id).toUpperCase() }))
}

const baseOf = (pair: string): string => (pair.includes(':') ? pair.slice(0, pair.indexOf(':')) : pair.slice(0, 3))

/** A market without trades has 0 for its last price. */
export const hasPrice = (row: readonly unknown[]): boolean => read.amount(row[6], 'LAST_PRICE') > 0

/** Without what stands behind the tenth figure: a time there is not that of the price. `CHANGE_RELATIVE` is a fraction. */
export function tickerOf(row: readonly unknown[], symbol: string): Ticker {
  const [bid, , ask, , change, fraction, last, volume, high, low] = row
  const changePercent = percentOf(fraction, 'DAILY_CHANGE_RELATIVE')
  return asTicker({ price: last, bid, ask, low24h: low, high24h: high, change24h: change, changePercent, volume }, pairOf(symbol))
}

/** The close stands before high and low. */
export function candleRow(row: unknown): CandleRow {
  const [time, open, close, high, low, volume] = read.array(row, 'candle')
  return { openTime: read.millis(time, 'MTS'), open, high, low, close, volume: read.amount(volume, 'VOLUME') }
}

/** One list for both sides, told apart by the amount's sign. */
export function sidesOf(body: unknown): { bids: unknown[]; asks: unknown[] } {
  const rows = read.array(body, 'book').map((row) => read.array(row, 'level'))
  return { bids: rows.filter(isBid), asks: rows.filter((row) => !isBid(row)) }
}

const isBid = ([, , amount]: readonly unknown[]): boolean => read.number(amount, 'AMOUNT') > 0

/** Price and amount of a level. */
export function level(row: unknown): readonly unknown[] {
  const [price, , amount] = read.array(row, 'level')
  return [price, Math.abs(read.number(amount, 'AMOUNT'))]
}

/** What was sold has a negative amount; the side is the taker's (unverified). */
export function tradeRow(row: unknown): TradeRow {
  const [id, time, signed, price] = read.array(row, 'trade')
  const amount = read.number(signed, 'AMOUNT')
  return { id, price, amount: Math.abs(amount), side: amount < 0 ? 'sell' : 'buy', at: read.millis(time, 'MTS') }
}
