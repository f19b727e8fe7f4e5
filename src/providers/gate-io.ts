import type { FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { endOf, firstOpen, INTERVAL_MS, type Interval } from '../model/interval.js'
import type { Asset, OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { type CandleRow, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { asOne, isNothing, membersOf } from '../provider/failure.js'
import { asTicker, marketOf, onlyMarketOf, type Prices, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import { type MovedMarket, moversOf } from '../provider/market/movers.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowOf, rowsOf, some } from '../provider/rows.js'

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
          parse: (body, { symbol }, { native }) => tickerOf(oneOf(body, symbol, native), symbol),
        },
        tickers: {
          request: ({ symbols }, { native }) => ({ ...ALL_TICKERS, query: { currency_pair: onlyMarketOf(symbols, native, '_') } }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body, 'tickers').map((row) => [row.currency_pair, row]))
            return tickersOf(symbols, (symbol) => traded(rows.get(marketOf(symbol, native, '_')), 'last', ''), tickerOf)
          },
        },
        candles: {
          request: (params, { native, now }) => candlesRequest(params, native, now),
          parse: (body, params, { now }) => candlesOf(read.array(body, 'candlesticks').map(candleRow), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => INTERVALS.has(interval) && limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('tickers', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(oneOf(body, symbol, native), symbol)),
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
          parse: (body, params) => moversOf(rowsOf(body, 'tickers').map(movedMarket), params),
        },
      },
      failure({ status, headers, body }, asked) {
        if (isNothing(body, asOne(asked))) return { reason: 'not-found' }
        const { label, message: text } = membersOf(body)
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

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v4/spot/${what}`,
  query: { currency_pair: marketOf(symbol, native, '_'), ...query },
})

/** A number of candles and a time are refused together; `to` is the last candle's and must not lie ahead. */
function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds, now: number): HttpRequest {
  if (since === undefined) return requestOf('candlesticks', symbol, native, { interval, limit })
  const first = firstOpen(since, interval)
  const last = Math.min(endOf(since, interval, limit) - INTERVAL_MS[interval], Math.max(first, now))
  return requestOf('candlesticks', symbol, native, { interval, from: first / 1_000, to: Math.floor(last / 1_000) })
}

const oneOf = (body: unknown, symbol: string, native: NativeIds): Row => rowOf(rowsOf(body, 'tickers'), 'currency_pair', marketOf(symbol, native, '_'))

/** Without a time, which is not told. */
const pricesOf = (row: Row): Prices => ({
  price: row.last,
  bid: row.highest_bid,
  ask: row.lowest_ask,
  low24h: row.low_24h,
  high24h: row.high_24h,
  changePercent: row.change_percentage,
  volume: row.base_volume,
  turnover: row.quote_volume,
})

const tickerOf = (row: Row, symbol: string): Ticker => asTicker(pricesOf(row), pairOf(symbol))

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
  return { id, price, amount, side, at: read.millis(time, 'create_time_ms') }
}

function currenciesOf(body: unknown): Asset[] {
  const open = rowsOf(body, 'currencies').filter(({ delisted, trade_disabled: disabled }) => delisted !== true && disabled !== true)
  return some(open, 'currencies').map(({ currency, name }) => {
    const id = read.string(currency, 'currency')
    return known<Asset>({ id, symbol: id.toUpperCase(), name: read.optional(read.string, name, 'name') })
  })
}

const movedMarket = (row: Row): MovedMarket => ({
  ...pricesOf(row),
  base: /^(.+)_USDT$/.exec(read.string(row.currency_pair, 'currency_pair'))?.[1],
})
