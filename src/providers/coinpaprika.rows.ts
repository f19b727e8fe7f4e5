import { closesAt } from '../model/interval.js'
import type { Candle, Exchange, GlobalMarket, Ticker } from '../model/market.js'
import type { Pair } from '../model/symbol.js'
import { candleOf } from '../provider/market/candles.js'
import { type Coin, type CoinName, coinTickers, pageOf, wholeMarket } from '../provider/market/coins.js'
import { membersOf } from '../provider/failure.js'
import type { NativeIds, ProviderFailure } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf, some } from '../provider/rows.js'

const byRank = (name: string) => (a: Row, b: Row) =>
  (read.positiveOrNone(a[name], name) ?? Number.MAX_SAFE_INTEGER) - (read.positiveOrNone(b[name], name) ?? Number.MAX_SAFE_INTEGER)

/** Rows of tickers in the order of their rank. */
export const rankedOf = (body: unknown): Row[] => rowsOf(body, 'tickers').toSorted(byRank('rank'))

/** An asset of tickers. */
export const nameOf = ({ id, symbol, name, rank }: Row): CoinName => ({ id: read.string(id, 'id'), symbol, name, rank })

/** The same with its price in one of its quotes; the volume is in that too. */
export function coinOf(row: Row, quote: string): Coin {
  const prices = read.object(read.object(row.quotes, 'quotes')[quote], `quotes.${quote}`)
  return {
    ...nameOf(row),
    price: prices.price,
    changePercent: prices.percent_change_24h,
    turnover: prices.volume_24h,
    marketCap: prices.market_cap,
    asOf: read.optional(read.isoTime, row.last_updated, 'last_updated'),
  }
}

/** Tickers of pairs of several quotes. */
export function parseBatch(body: unknown, pairs: readonly Pair[], native: NativeIds): Ticker[] {
  const rows = new Map<string | undefined, Row>(some(rowsOf(body, 'tickers'), 'tickers').map((row) => [read.string(row.id, 'id'), row]))
  return coinTickers(pairs, ({ base, quote }) => {
    const row = rows.get(native[base])
    return row && coinOf(row, quote)
  })
}

/** A candle of a day. The volume is in the quote (unverified for BTC); whether one is final is not said. */
export function dayOf(value: unknown, now: number): Candle {
  const row = read.object(value, 'candle')
  const { open, high, low, close } = row
  const openTime = read.isoTime(row.time_open, 'time_open')
  const quoteVolume = read.optional(read.amount, row.volume, 'volume')
  return candleOf({ openTime, open, high, low, close, quoteVolume, closed: closesAt(openTime, '1d') > now ? false : undefined })
}

/** The whole market. */
export function globalOf(body: unknown): GlobalMarket {
  const data = read.object(body, 'global')
  return wholeMarket({
    marketCap: data.market_cap_usd,
    volume: data.volume_24h_usd,
    btc: data.bitcoin_dominance_percentage,
    assets: data.cryptocurrencies_number,
    changePercent: data.market_cap_change_24h,
    asOf: read.optional(read.seconds, data.last_updated, 'last_updated'),
  })
}

/** The active ones, by CoinPaprika's own rank; volumes as the exchanges report them. */
export function exchangesOf(body: unknown): Exchange[] {
  const rows = rowsOf(body, 'exchanges').filter(({ active }) => active !== false)
  return rows.toSorted(byRank('adjusted_rank')).map((row) => {
    const [url] = read.optional(read.array, read.optional(read.object, row.links, 'links')?.website, 'links.website') ?? []
    const usd = read.optional(read.object, read.optional(read.object, row.quotes, 'quotes')?.USD, 'quotes.USD')
    return known<Exchange>({
      id: read.string(row.id, 'id'),
      name: read.string(row.name, 'name'),
      url: pageOf(url, 'links.website'),
      volume24hUsd: read.optional(read.amount, usd?.reported_volume_24h, 'reported_volume_24h'),
    })
  })
}

/** Errors come as {error:'text'}. */
export function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const { error } = membersOf(body)
  const message = typeof error === 'string' ? error : undefined
  if (status === 402) return { reason: 'quota-exhausted', message: message ?? `the month's calls are used up, or this needs plan 'pro'` }
  if (message === undefined) return undefined
  if (status === 403) return { reason: 'unauthorized', message: `the key was refused: a Pro key needs plan 'pro'` }
  if (status === 404 || message === 'id not found') return { reason: 'not-found', message }
  return status === 200 ? { reason: 'bad-request', message } : undefined
}
