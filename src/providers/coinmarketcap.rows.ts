import type { FailureReason } from '../errors.js'
import type { Capability, ParamsOf } from '../model/capabilities.js'
import type { FearGreed } from '../model/insight.js'
import type { GlobalMarket } from '../model/market.js'
import { type Coin, coinId, type CoinName, wholeMarket } from '../provider/market/coins.js'
import { membersOf, toldIn } from '../provider/failure.js'
import { moodsOf } from '../provider/moods.js'
import type { ProviderFailure, ProviderResponse } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, some } from '../provider/rows.js'

const dataOf = (body: unknown): unknown => read.object(body, 'body').data

/** Rows of a body: a list (listings, map, quotes of v3), an object by id (quotes of v1, v2), or lists by symbol (v2 asked by symbol). */
function rowsOf(body: unknown): Row[] {
  const data = dataOf(body)
  const rows = Array.isArray(data) ? data : Object.values(read.object(data, 'data')).flat()
  return rows.map((row) => read.object(row, 'row'))
}

/** Names of listings and map, where there is always something. */
export const namesOf = (body: unknown): CoinName[] => some(rowsOf(body), 'data').map(nameOf)

const nameOf = ({ id, symbol, name, cmc_rank: rank }: Row): CoinName => ({ id: coinId(id), symbol, name, rank })

/** What a row says in one quote, out of an object by quote (v1, v2) or a list (v3); nothing where it is not there. */
function quoted(row: Row, quote: string): Row {
  const prices = Array.isArray(row.quote)
    ? row.quote.map((price) => read.object(price, 'quote')).find(({ symbol = quote }) => symbol === quote)
    : read.object(row.quote, 'quote')[quote]
  return read.optional(read.object, prices, `quote.${quote}`) ?? {}
}

const asOf = (prices: Row, row: Row): number | undefined => read.optional(read.isoTime, prices.last_updated ?? row.last_updated, 'last_updated')

/** Coins in one of their quotes; the volume is in that too. */
export const coinsOf = (body: unknown, quote: string): Coin[] =>
  rowsOf(body).map((row) => {
    const prices = quoted(row, quote)
    return {
      ...nameOf(row),
      price: prices.price,
      changePercent: prices.percent_change_24h,
      turnover: prices.volume_24h,
      marketCap: prices.market_cap,
      asOf: asOf(prices, row),
    }
  })

/** The whole market. */
export function globalOf(body: unknown): GlobalMarket {
  const data = read.object(dataOf(body), 'data')
  const usd = quoted(data, 'USD')
  return wholeMarket({
    marketCap: usd.total_market_cap,
    volume: usd.total_volume_24h,
    btc: data.btc_dominance,
    eth: data.eth_dominance,
    assets: data.active_cryptocurrencies,
    changePercent: usd.total_market_cap_yesterday_percentage_change,
    asOf: asOf(usd, data),
  })
}

/** The newest value (latest) or a list of them (historical), which differ in the form of the time. */
export const indexOf = (body: unknown, params: ParamsOf<'fearGreed'>): FearGreed[] =>
  moodsOf(
    [dataOf(body)].flat().map((row) => read.object(row, 'value')),
    params,
    (row) => read.optional(read.isoTime, row.update_time, 'update_time') ?? read.seconds(row.timestamp, 'timestamp'),
  )

// https://coinmarketcap.com/api/resources/how-to-handle-coinmarketcap-api-errors-and-rate-limit--responses, read November 2026.
const REASONS = new Map<number, FailureReason>([
  [1001, 'unauthorized'], // no such key
  [1002, 'unauthorized'], // none given; also a key on the keyless path
  [1003, 'quota-exhausted'], // plan not paid for
  [1004, 'quota-exhausted'], // plan ran out
  [1005, 'unauthorized'], // not without a key
  [1006, 'unauthorized'], // not in this plan
  [1007, 'unauthorized'], // key disabled
  [1008, 'rate-limited'], // a minute's requests
  [1009, 'quota-exhausted'], // the day's credits
  [1010, 'quota-exhausted'], // the month's credits
  [1011, 'rate-limited'], // requests from this address
])

/** Where only the symbol can be wrong. */
const BY_SYMBOL: readonly Capability[] = ['ticker', 'tickers', 'volume']

/** Errors come as {status:{error_code,error_message}}, the code being a number or a text. */
export function failureOf({ status, headers, body }: ProviderResponse, capability: Capability): ProviderFailure | undefined {
  const { error_code: number, error_message: text } = membersOf(membersOf(body).status)
  const code = Number(toldIn(number, undefined).code)
  if (!code) return undefined
  const message = typeof text === 'string' ? text : undefined
  // Minutes are counted from the first request: a whole one is enough.
  const retryAfterMs = code === 1008 && !headers.has('retry-after') ? 60_000 : undefined
  const reason = REASONS.get(code)
  if (reason) return { reason, message, retryAfterMs }
  if (code === 400) return { reason: BY_SYMBOL.includes(capability) ? 'not-found' : 'bad-request', message }
  return status === 200 ? { reason: code === 500 ? 'unavailable' : 'bad-request', message } : undefined
}
