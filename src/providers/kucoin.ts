import type { FailureReason } from '../errors.js'
import { DEFAULT_CANDLES } from '../model/capabilities.js'
import type { Interval } from '../model/interval.js'
import type { OrderBook } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, tradesOf } from '../provider/market/books.js'
import { aligned, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { failureFor, isOfOne, membersOf, toldIn } from '../provider/failure.js'
import { marketOf, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import { moversOf } from '../provider/market/movers.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowOf } from '../provider/rows.js'
import { candleRow, currenciesOf, dataOf, marketsOf, movedMarket, tickerOf, tradeRow, windowOf } from './kucoin.rows.js'

/** What KuCoin can be asked. */
export type KucoinCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

// Weeks are left out: they are counted from Thursday, the Unix epoch: https://github.com/Kucoin/kucoin-api-docs/issues/373
const INTERVALS: Partial<Record<Interval, string>> = {
  '1m': '1min',
  '3m': '3min',
  '5m': '5min',
  '15m': '15min',
  '30m': '30min',
  '1h': '1hour',
  '2h': '2hour',
  '4h': '4hour',
  '6h': '6hour',
  '12h': '12hour',
  '1d': '1day',
  '1M': '1month',
}
const MAX_CANDLES = 1_500
const MAX_LEVELS = 100
const MAX_TRADES = 100
const WINDOW_MS = 30_000

const ALL_TICKERS = { path: 'api/v1/market/allTickers' } as const

/** Spot market data of KuCoin. No key needed. */
export function kucoin(options: ProviderOptions = {}): Provider<KucoinCapability> {
  return defineProvider<KucoinCapability>(
    {
      id: 'kucoin',
      name: 'KuCoin',
      homepage: 'https://www.kucoin.com',
      docs: 'https://www.kucoin.com/docs-new/rate-limit',
      hosts: ['https://api.kucoin.com'],
      limits: [{ cost: 2_000, perMs: WINDOW_MS, scope: 'ip' }], // the public pool; each endpoint's weight stands on its page, read November 2026
      dollarQuote: 'USDT',
      probe: { capability: 'ticker', params: { symbol: 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('stats', symbol, native),
          parse: (body, { symbol }, { native }) => tickerOf(statsOf(body, symbol, native), symbol),
          cost: 15,
        },
        tickers: {
          request: () => ALL_TICKERS,
          parse: (body, { symbols }, { native }) => {
            const { time } = read.object(dataOf(body), 'data')
            const rows = new Map(marketsOf(body).map((row) => [row.symbol, row]))
            const find = (symbol: string) => traded(rows.get(nativeOf(symbol, native)), 'last', null)
            return tickersOf(symbols, find, (row, symbol) => tickerOf(row, symbol, time))
          },
          cost: 15,
        },
        candles: {
          request: (params, { native, now }) => requestOf('candles', params.symbol, native, { type: INTERVALS[params.interval], ...windowOf(params, now) }),
          // whether months begin on their first day is unverified
          parse: (body, params, { now }) => candlesOf(aligned(read.array(dataOf(body), 'data').map(candleRow), params, 'kucoin'), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => INTERVALS[interval] !== undefined && limit <= MAX_CANDLES,
          cost: 3,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('stats', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(statsOf(body, symbol, native), symbol)),
          cost: 15,
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf(`orderbook/level2_${depth <= 20 ? 20 : 100}`, symbol, native),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(dataOf(body), 'data')
            const asOf = read.optional(read.millis, book.time, 'time')
            return known<OrderBook>({ ...pairOf(symbol), ...levelsOf(book, depth), asOf, sequence: read.optional(read.amount, book.sequence, 'sequence') })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
          cost: 2,
        },
        trades: {
          // always the last hundred, newest last
          request: ({ symbol }, { native }) => requestOf('histories', symbol, native),
          parse: (body, params) => tradesOf(read.array(dataOf(body), 'data').map(tradeRow), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
          cost: 3,
        },
        assets: {
          request: () => ({ path: 'api/v3/currencies' }),
          parse: (body, { limit }) => currenciesOf(body).slice(0, limit),
          cost: 3,
        },
        movers: {
          request: () => ALL_TICKERS,
          parse: (body, params) => moversOf(marketsOf(body).map(movedMarket), params),
          cost: 15,
        },
      },
      failure({ status, headers, body }, asked) {
        const { code: number, msg, data } = membersOf(body)
        const { code, message } = toldIn(number, msg)
        if (status === 429 || TOO_MANY.has(code))
          return { reason: 'rate-limited', message, retryAfterMs: headers.has('retry-after') ? undefined : resetMs(headers) }
        if (code === '') return undefined
        if (code === OK) return isOfOne(asked) && isEmpty(data, asked.capability) ? { reason: 'not-found' } : undefined
        // a parameter is wrong: only the text says which
        const unknown = code === '900001' || (code === '400100' && /pair|symbol/i.test(message))
        return failureFor(unknown ? 'not-found' : REASONS.get(code), message, status, asked)
      },
      usage(headers) {
        const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => countOf(headers.get(`gw-ratelimit-${name}`)))
        if (remaining === undefined) return []
        // the reset is a countdown from the server's own clock
        const resetsAt = Date.parse(headers.get('date') ?? '') + (reset ?? Number.NaN)
        return [{ perMs: WINDOW_MS, kind: 'cost', remaining, ...(limit !== undefined && { limit }), ...(resetsAt > 0 && { resetsAt }) }]
      },
    },
    options,
  )
}

const OK = '200000'
const TOO_MANY: ReadonlySet<string> = new Set(['429000', '200002', '1015'])
// https://www.kucoin.com/docs-new/introduction lists few of them; all but the first unverified.
const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ['400500', 'geo-blocked'],
  ['400302', 'geo-blocked'], // not offered in the United States
  ['404000', 'bad-response'], // no such path
  ['500000', 'unavailable'],
  ['503000', 'unavailable'],
])

/** Members that are null all together where there is no such market, by capability. */
const TELLING: Partial<Record<KucoinCapability, readonly string[]>> = {
  ticker: ['last', 'buy', 'sell'],
  volume: ['last', 'buy', 'sell'],
  orderBook: ['bids', 'asks'],
}

/** Whether an answer that calls itself good holds nothing: so an unknown market is told. Candles may be missing: there is none where nothing was traded. */
function isEmpty(data: unknown, capability: KucoinCapability): boolean {
  if (data === null) return true
  if (Array.isArray(data)) return data.length === 0 && capability === 'trades'
  const telling = TELLING[capability] ?? []
  return telling.length > 0 && telling.every((name) => membersOf(data)[name] === null)
}

const countOf = (text: string | null | undefined): number | undefined => (/^\d+$/.test(text ?? '') ? Number(text) : undefined)

/** What is left of the window, in ms: not in seconds, as others tell it. */
const resetMs = (headers: Headers): number | undefined => countOf(headers.get('gw-ratelimit-reset'))

/** A market keeps the name under which it began; ALT is another coin's (unverified). */
const OLD_NAMES: NativeIds = { ALT: 'KALT', BSV: 'BCHSV', GALA: 'GALAX' }

const nativeOf = (symbol: string, native: NativeIds): string => marketOf(symbol, { ...OLD_NAMES, ...native }, '-')

const statsOf = (body: unknown, symbol: string, native: NativeIds): Row => rowOf([read.object(dataOf(body), 'data')], 'symbol', nativeOf(symbol, native))

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v1/market/${what}`,
  query: { symbol: nativeOf(symbol, native), ...query },
})
