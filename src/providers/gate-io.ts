import { BadResponseError, type FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { INTERVAL_MS, type Interval } from '../model/interval.js'
import type { Asset, OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import {
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

/** What Gate.io can be asked. */
export type GateIoCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

// https://www.gate.com/docs/developers/apiv4/en/#market-k-line-chart, read November 2026. Left out: 7d, counted from Thursday,
// the Unix epoch, and 30d, which is said to be a calendar month; that it begins at midnight UTC is unverified.
const INTERVALS: ReadonlySet<Interval> = new Set(['1m', '5m', '15m', '30m', '1h', '4h', '1d'])
const MAX_CANDLES = 1_000
/** Of more there would be none. */
const MAX_LEVELS = 100
const MAX_TRADES = 1_000
const WINDOW_MS = 10_000

const ALL_TICKERS = { path: 'api/v4/spot/tickers' } as const

type Row = Record<string, unknown>

/** Spot market data of Gate.io. No key needed. */
export function gateIo(options: ProviderOptions = {}): Provider<GateIoCapability> {
  return defineProvider<GateIoCapability>(
    {
      id: 'gate-io',
      name: 'Gate.io',
      homepage: 'https://www.gate.com',
      docs: 'https://www.gate.com/docs/developers/apiv4/en/',
      hosts: ['https://api.gateio.ws'],
      limits: [{ requests: 200, perMs: WINDOW_MS, scope: 'ip' }], // each endpoint has so many, unverified
      dollarQuote: 'USDT',
      probe: { capability: 'ticker', params: { symbol: 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('tickers', symbol, native),
          parse: (body, { symbol }, { native }) => tickerOf(rowOf(body, symbol, native), symbol),
        },
        tickers: {
          request: () => ALL_TICKERS,
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body).map((row) => [row.currency_pair, row]))
            return symbols.flatMap((symbol) => {
              const row = rows.get(marketOf(symbol, native, '_'))
              // a new market has no price before its first trade
              return row && row.last !== '' && read.amount(row.last, 'last') > 0 ? [tickerOf(row, symbol)] : []
            })
          },
        },
        candles: {
          request: (params, { native, now }) => candlesRequest(params, native, now),
          parse: (body, params, { now }) => candlesOf(read.array(body, 'candlesticks').map(candleRow), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => INTERVALS.has(interval) && limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('tickers', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(rowOf(body, symbol, native), symbol)),
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('order_book', symbol, native, { limit: depth, with_id: true }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(body, 'order_book')
            return known<OrderBook>({
              ...pairOf(symbol),
              ...levelsOf(book, depth),
              asOf: read.optional(read.millis, book.current, 'current'),
              sequence: read.optional(read.amount, book.id, 'id'),
            })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('trades', symbol, native, { limit }),
          // newest first
          parse: (body, params) => tradesOf(read.array(body, 'trades').map(tradeRow).toReversed(), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => ({ path: 'api/v4/spot/currencies' }),
          parse: (body, { limit }) => currenciesOf(body).slice(0, limit),
        },
        movers: {
          request: () => ALL_TICKERS,
          parse: (body, params) => moversOf(rowsOf(body).map(movedMarket), params),
        },
      },
      failure({ status, headers, body }, asked) {
        if (isNothing(body, asked)) return { reason: 'not-found' }
        const { label, message: text } = typeof body === 'object' && body !== null ? (body as Row) : {}
        const reason = REASONS.get(label) ?? (status === 429 ? 'rate-limited' : status === 404 ? 'bad-response' : undefined)
        if (reason === undefined) return undefined
        const message = typeof text === 'string' ? text : undefined
        return { reason, message, retryAfterMs: reason === 'rate-limited' ? waitOf(headers) : undefined }
      },
      usage(headers) {
        const [remaining, limit, reset] = ['requests-remain', 'limit', 'reset-timestamp'].map((name) =>
          Number.parseInt(headers.get(`x-gate-ratelimit-${name}`) ?? '', 10),
        )
        if (!(remaining !== undefined && limit !== undefined && remaining >= 0 && limit >= remaining)) return []
        return [{ perMs: WINDOW_MS, kind: 'requests', remaining, limit, ...(reset !== undefined && reset > 0 && { resetsAt: reset * 1_000 }) }]
      },
    },
    options,
  )
}

// https://www.gate.com/docs/developers/apiv4/en/#label-list, read November 2026. Keys and addresses are told by the status.
const REASONS: ReadonlyMap<unknown, FailureReason> = new Map([
  ['INVALID_CURRENCY_PAIR', 'not-found'],
  ['INVALID_CURRENCY', 'not-found'],
  ['TOO_MANY_REQUESTS', 'rate-limited'],
  ['TOO_FAST', 'rate-limited'],
  ['MISSING_REQUIRED_HEADER', 'bad-response'], // asked of whoever strays from the public paths
  ['TOO_BUSY', 'unavailable'],
  ['INTERNAL', 'unavailable'],
  ['SERVER_ERROR', 'unavailable'],
])

/** Until when one has to wait is told in Unix seconds, the Date header holds the server's now. `Retry-After` wins where it is sent. */
function waitOf(headers: Headers): number | undefined {
  const wait = Number(headers.get('x-gate-ratelimit-reset-timestamp')) * 1_000 - Date.parse(headers.get('date') ?? '')
  return wait > 0 && !headers.has('retry-after') ? wait : undefined
}

/** Whether an answer without rows means that there is no such market: candles may be missing only since a time. */
function isNothing(body: unknown, { capability, params }: { capability: GateIoCapability; params: object }): boolean {
  if (!Array.isArray(body) || body.length > 0) return false
  return ['ticker', 'volume', 'trades'].includes(capability) || (capability === 'candles' && !('since' in params && params.since !== undefined))
}

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v4/spot/${what}`,
  query: { currency_pair: marketOf(symbol, native, '_'), ...query },
})

/** A number of candles and a time are refused together; `to` is the last candle's and must not lie ahead. */
function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds, now: number): HttpRequest {
  if (since === undefined) return requestOf('candlesticks', symbol, native, { interval, limit })
  const length = INTERVAL_MS[interval]
  const first = Math.ceil(since / length) * length
  const last = Math.min(first + (limit - 1) * length, Math.max(first, now))
  return requestOf('candlesticks', symbol, native, { interval, from: first / 1_000, to: Math.floor(last / 1_000) })
}

const rowsOf = (body: unknown): Row[] => read.array(body, 'tickers').map((row) => read.object(row, 'ticker'))

function rowOf(body: unknown, symbol: string, native: NativeIds): Row {
  const row = rowsOf(body).find(({ currency_pair: pair }) => pair === marketOf(symbol, native, '_'))
  if (row === undefined) throw new BadResponseError('currency_pair: the asked one expected, got others')
  return row
}

/** Without a time, which is not told. */
const tickerOf = (row: Row, symbol: string): Ticker =>
  known<Ticker>({
    ...pairOf(symbol),
    last: read.positive(row.last, 'last'),
    bid: read.positiveOrNone(row.highest_bid, 'highest_bid'),
    ask: read.positiveOrNone(row.lowest_ask, 'lowest_ask'),
    ...rangeOf(row.low_24h, row.high_24h),
    change24hPercent: read.optional(read.number, row.change_percentage, 'change_percentage'),
    volume24h: read.optional(read.amount, row.base_volume, 'base_volume'),
    quoteVolume24h: read.optional(read.amount, row.quote_volume, 'quote_volume'),
  })

/** The last two figures came later than the others. */
function candleRow(row: unknown): CandleRow {
  const [time, quoteVolume, close, high, low, open, volume, closed] = read.array(row, 'candlestick')
  return {
    openTime: read.seconds(time, 'time'),
    open,
    high,
    low,
    close,
    volume: read.optional(read.amount, volume, 'base volume'),
    quoteVolume: read.amount(quoteVolume, 'quote volume'),
    closed: closed === 'true' || (closed === 'false' ? false : undefined),
  }
}

/** `side` is the taker's; milliseconds have a fraction. */
function tradeRow(row: unknown): TradeRow {
  const { id, price, amount, side, create_time_ms: time } = read.object(row, 'trade')
  return { id, price, amount, side: side === 'buy' || side === 'sell' ? side : undefined, at: read.millis(time, 'create_time_ms') }
}

function currenciesOf(body: unknown): Asset[] {
  const rows = read.array(body, 'currencies').map((row) => read.object(row, 'currency'))
  const traded = rows.filter(({ delisted, trade_disabled: disabled }) => delisted !== true && disabled !== true)
  if (traded.length === 0) throw new BadResponseError('currencies that trade expected, got none')
  return traded.map(({ currency, name }) => {
    const id = read.string(currency, 'currency')
    return known<Asset>({ id, symbol: id.toUpperCase(), name: read.optional(read.string, name, 'name') })
  })
}

const movedMarket = (row: Row): MovedMarket => ({
  base: /^(.+)_USDT$/.exec(read.string(row.currency_pair, 'currency_pair'))?.[1],
  price: read.positiveOrNone(row.last, 'last'),
  change: read.optional(read.number, row.change_percentage, 'change_percentage'),
  turnover: read.optional(read.amount, row.quote_volume, 'quote_volume'),
})
