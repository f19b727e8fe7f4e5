import { BadResponseError, ProviderError } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { closesAt, INTERVAL_MS, type Interval, opensAt } from '../model/interval.js'
import type { Asset, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { type CandleRow, type MovedMarket, rangeOf, type TradeRow } from '../provider/market.js'
import { known, read } from '../provider/read.js'

/** One record of an answer. */
export type Row = Record<string, unknown>

/** What stands in the envelope. */
export const dataOf = (body: unknown): unknown => read.object(body, 'body').data

/** All tickers. */
export const rowsOf = (body: unknown): Row[] => read.array(read.object(dataOf(body), 'data').ticker, 'ticker').map((row) => read.object(row, 'ticker'))

/** A market that rests has null or 0 for its last price. */
export const hasPrice = ({ last }: Row): boolean => last !== null && read.amount(last, 'last') > 0

/** `averagePrice` is that of the day, and `open` of unknown age: neither is used. */
export function tickerOf(row: Row, symbol: string): Ticker {
  return known<Ticker>({
    ...pairOf(symbol),
    last: read.positive(row.last, 'last'),
    bid: read.positiveOrNone(row.buy, 'buy'),
    ask: read.positiveOrNone(row.sell, 'sell'),
    ...rangeOf(row.low, row.high),
    change24h: read.optional(read.number, row.changePrice, 'changePrice'),
    change24hPercent: percentOf(row),
    volume24h: read.optional(read.amount, row.vol, 'vol'),
    quoteVolume24h: read.optional(read.amount, row.volValue, 'volValue'),
    asOf: read.optional(read.millis, row.time, 'time'),
  })
}

/** A fraction there: -0.0114 is -1.14 %. */
function percentOf({ changeRate }: Row): number | undefined {
  const fraction = read.optional(read.number, changeRate, 'changeRate')
  return fraction === undefined ? undefined : read.number(fraction * 100, 'changeRate')
}

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

/** Refuses months that do not begin with the first day: whether they all do is unverified. */
export function alignedOf(rows: readonly CandleRow[], { interval }: ParamsOf<'candles'>): readonly CandleRow[] {
  if (interval === '1M' && rows.some(({ openTime }) => openTime !== opensAt(openTime, interval)))
    throw new ProviderError({ provider: 'kucoin', reason: 'bad-request', message: 'its months do not begin with the first day' })
  return rows
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
  let end = opensAt(since, interval)
  if (end < since) end = closesAt(end, interval)
  for (let i = 0; i < limit; i++) end = closesAt(end, interval)
  return { startAt: Math.ceil(since / 1_000), endAt: end / 1_000 - 1 }
}

/** `side` is the taker's; times are Unix nanoseconds. */
export function tradeRow(row: unknown): TradeRow {
  const { sequence: id, price, size, side, time } = read.object(row, 'trade')
  return { id, price, amount: size, side: side === 'buy' || side === 'sell' ? side : undefined, at: read.millis(read.number(time, 'time') / 1e6, 'time') }
}

/** `currency` never changes, `name` does when a coin is renamed. */
export function currenciesOf(body: unknown): Asset[] {
  const rows = read.array(dataOf(body), 'data').map((row) => read.object(row, 'currency'))
  if (rows.length === 0) throw new BadResponseError('currencies: some expected, got none')
  return rows.map(({ currency, name, fullName }) => {
    const id = read.string(currency, 'currency')
    return known<Asset>({ id, symbol: (read.optional(read.string, name, 'name') ?? id).toUpperCase(), name: read.optional(read.string, fullName, 'fullName') })
  })
}

/** Dollars are Tether's here. */
export const movedMarket = (row: Row): MovedMarket => ({
  base: /^(.+)-USDT$/.exec(read.string(row.symbol, 'symbol'))?.[1],
  price: read.positiveOrNone(row.last, 'last'),
  change: percentOf(row),
  turnover: read.optional(read.amount, row.volValue, 'volValue'),
})
