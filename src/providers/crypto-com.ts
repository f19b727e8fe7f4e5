import { BadResponseError, type FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { INTERVAL_MS, type Interval } from '../model/interval.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import {
  assetsOf,
  type CandleRow,
  candlesOf,
  DEFAULT_DEPTH,
  DEFAULT_TRADES,
  levelsOf,
  marketOf,
  type MovedMarket,
  moversOf,
  rangeOf,
  type TradeRow,
  tradesOf,
  volumeOf,
} from '../provider/market.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

/** What Crypto.com Exchange can be asked. */
export type CryptoComCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

// https://exchange-developer.crypto.com/exchange/v1/docs, read November 2026: weeks begin on Monday, months on their first day, both in UTC.
const TIMEFRAMES: Partial<Record<Interval, string>> = {
  '1m': '1m',
  '5m': '5m',
  '15m': '15m',
  '30m': '30m',
  '1h': '1h',
  '2h': '2h',
  '4h': '4h',
  '12h': '12h',
  '1d': '1D',
  '1w': '7D',
  '1M': '1M',
}
/** Unverified. */
const MAX_CANDLES = 300
const MAX_LEVELS = 50
const MAX_TRADES = 150

type Row = Record<string, unknown>

/** Spot market data of Crypto.com Exchange, with real dollars. No key needed. */
export function cryptoCom(options: ProviderOptions = {}): Provider<CryptoComCapability> {
  return defineProvider<CryptoComCapability>(
    {
      id: 'crypto-com',
      name: 'Crypto.com Exchange',
      homepage: 'https://crypto.com/exchange',
      docs: 'https://exchange-developer.crypto.com/exchange/v1/docs/api/rest-common-api-reference',
      hosts: ['https://api.crypto.com'],
      limits: [{ requests: 100, perMs: 1_000, scope: 'ip' }], // each method has its own
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('get-tickers', symbol, native),
          parse: (body, { symbol }, { native }) => tickerOf(rowOf(body, symbol, native), symbol),
        },
        tickers: {
          request: () => pathOf('get-tickers'),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body).map((row) => [row.i, row]))
            return symbols.flatMap((symbol) => {
              const row = rows.get(marketOf(symbol, native, '_'))
              // null where nothing was traded
              return row && read.positiveOrNone(row.a, 'a') !== undefined ? [tickerOf(row, symbol)] : []
            })
          },
        },
        candles: {
          request: (params, { native }) => candlesRequest(params, native),
          parse: (body, params, { now }) => candlesOf(rowsOf(body).map(candleRow), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => TIMEFRAMES[interval] !== undefined && limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('get-tickers', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(rowOf(body, symbol, native), symbol)),
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('get-book', symbol, native, { depth }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(rowsOf(body)[0], 'book')
            return known<OrderBook>({ ...pairOf(symbol), ...levelsOf(book, depth), asOf: read.optional(read.millis, book.t, 't') })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('get-trades', symbol, native, { count: limit }),
          // newest first
          parse: (body, params) => tradesOf(rowsOf(body).map(tradeRow).toReversed(), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => pathOf('get-instruments'),
          parse: (body, params) => assetsOf(basesOf(rowsOf(body)), params),
        },
        movers: {
          request: () => pathOf('get-tickers'),
          parse: (body, params) => moversOf(rowsOf(body).map(movedMarket), params),
        },
      },
      failure({ status, body }, asked) {
        const { code, message, result } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
        // a number, or a text that is one
        const number = typeof code === 'number' || typeof code === 'string' ? Number(code) : 0
        const batch = asked.capability === 'tickers' || asked.capability === 'assets' || asked.capability === 'movers'
        if (number === 0) {
          if (status === 404) return { reason: 'bad-response', message: 'no such path' }
          return !batch && isNothing(result, asked.params) ? { reason: 'not-found' } : undefined
        }
        const reason = batch && REASONS.get(number) === 'not-found' ? 'bad-request' : REASONS.get(number)
        const text = typeof message === 'string' ? `${number} ${message}` : String(number)
        return reason === undefined && status >= 400 ? undefined : { reason: reason ?? 'bad-request', message: text }
      },
    },
    options,
  )
}

// https://exchange-developer.crypto.com/exchange/v1/docs/api/rest-common-api-reference, read November 2026. 40004 says "Invalid
// instrument_name", and the like of other parameters, of which a caller chooses only the instrument freely.
const REASONS: ReadonlyMap<number, FailureReason> = new Map([
  [206, 'not-found'],
  [208, 'not-found'],
  [209, 'not-found'],
  [30_003, 'not-found'],
  [40_004, 'not-found'],
  [40_401, 'not-found'],
  [42_901, 'rate-limited'],
  [40_801, 'unavailable'],
  [50_001, 'unavailable'],
  [40_002, 'bad-response'],
])

/** Whether an answer without rows means that there is no such market: only candles since a time may be missing. */
function isNothing(result: unknown, params: object): boolean {
  const { data } = typeof result === 'object' && result !== null ? (result as { data?: unknown }) : {}
  return Array.isArray(data) && data.length === 0 && (!('since' in params) || params.since === undefined)
}

const pathOf = (method: string): HttpRequest => ({ path: `exchange/v1/public/${method}` })

const requestOf = (method: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  ...pathOf(method),
  query: { instrument_name: marketOf(symbol, native, '_'), ...query },
})

/** Whether `start_ts` is inclusive is not documented: a millisecond less makes it so. */
function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds): HttpRequest {
  const timeframe = TIMEFRAMES[interval]
  if (since === undefined) return requestOf('get-candlestick', symbol, native, { timeframe, count: limit })
  const end = since + limit * (interval === '1M' ? 31 * INTERVAL_MS['1d'] : INTERVAL_MS[interval])
  return requestOf('get-candlestick', symbol, native, { timeframe, count: MAX_CANDLES, start_ts: since - 1, end_ts: end })
}

const rowsOf = (body: unknown): Row[] => read.array(read.object(read.object(body, 'body').result, 'result').data, 'data').map((row) => read.object(row, 'data'))

function rowOf(body: unknown, symbol: string, native: NativeIds): Row {
  const row = rowsOf(body).find(({ i }) => i === marketOf(symbol, native, '_'))
  if (row === undefined) throw new BadResponseError('i: the asked instrument expected, got others')
  return row
}

/** A fraction: 0.015 is 1.5 %. */
const percentOf = ({ c }: Row): number | undefined => {
  const fraction = read.optional(read.number, c, 'c')
  return fraction === undefined ? undefined : fraction * 100
}

/** `a` is the last price, `b` and `k` the best bid and ask, `vv` the turnover in dollars, whatever the quote. */
function tickerOf(row: Row, symbol: string): Ticker {
  const pair = pairOf(symbol)
  return known<Ticker>({
    ...pair,
    last: read.positive(row.a, 'a'),
    bid: read.positiveOrNone(row.b, 'b'),
    ask: read.positiveOrNone(row.k, 'k'),
    ...rangeOf(row.l, row.h),
    change24hPercent: percentOf(row),
    volume24h: read.optional(read.amount, row.v, 'v'),
    quoteVolume24h: pair.quote === 'USD' ? read.optional(read.amount, row.vv, 'vv') : undefined,
    asOf: read.optional(read.millis, row.t, 't'),
  })
}

const candleRow = ({ t, o, h, l, c, v }: Row): CandleRow => ({ openTime: read.millis(t, 't'), open: o, high: h, low: l, close: c, volume: read.amount(v, 'v') })

/** The side is the taker's. */
const tradeRow = ({ d, p, q, s, t }: Row): TradeRow => ({
  id: d,
  price: p,
  amount: q,
  side: s === 'BUY' ? 'buy' : s === 'SELL' ? 'sell' : undefined,
  at: read.millis(t, 't'),
})

/** Among perpetuals and futures. */
const basesOf = (instruments: readonly Row[]): string[] =>
  instruments.filter(({ inst_type, tradable = true }) => inst_type === 'CCY_PAIR' && tradable === true).map(({ base_ccy }) => read.string(base_ccy, 'base_ccy'))

/** Of the dollar markets the USD ones; perpetuals are called BTCUSD-PERP. */
const movedMarket = (row: Row): MovedMarket => ({
  base: /^(.+)_USD$/.exec(read.string(row.i, 'i'))?.[1],
  price: read.positiveOrNone(row.a, 'a'),
  change: percentOf(row),
  turnover: read.optional(read.amount, row.vv, 'vv'),
})
