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
  changeOf,
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

/** What Bitget can be asked. */
export type BitgetCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

// https://www.bitget.com/api-doc/spot/market/Get-Candle-Data, read November 2026. The plain forms from 6 hours on begin at
// midnight in UTC+8.
const GRANULARITIES: Partial<Record<Interval, string>> = {
  '1m': '1min',
  '3m': '3min',
  '5m': '5min',
  '15m': '15min',
  '30m': '30min',
  '1h': '1h',
  '4h': '4h',
  '6h': '6Hutc',
  '12h': '12Hutc',
  '1d': '1Dutc',
  '1w': '1Wutc',
  '1M': '1Mutc',
}
const MAX_CANDLES = 1_000
const MAX_LEVELS = 150
const MAX_TRADES = 500

const DAY_MS = INTERVAL_MS['1d']
/** Days that `candles` reaches back (same page); what is older is had from `history-candles`. */
const REACH: Partial<Record<Interval, number>> = { '1m': 30, '3m': 30, '5m': 30, '15m': 52, '30m': 62, '1h': 83, '4h': 240, '6h': 360 }
/** Of longer intervals nothing is said; unverified. */
const LONG_REACH = 300
/** https://www.bitget.com/api-doc/spot/market/Get-History-Candle-Data, read November 2026. */
const MAX_HISTORY = 200

type Row = Record<string, unknown>

/** Spot market data of Bitget. No key needed. */
export function bitget(options: ProviderOptions = {}): Provider<BitgetCapability> {
  return defineProvider<BitgetCapability>(
    {
      id: 'bitget',
      name: 'Bitget',
      homepage: 'https://www.bitget.com',
      docs: 'https://www.bitget.com/api-doc/spot/intro',
      hosts: ['https://api.bitget.com'],
      limits: [{ requests: 10, perMs: 1_000, scope: 'ip' }], // trades; each other endpoint has 20 a second
      dollarQuote: 'USDT',
      probe: { capability: 'ticker', params: { symbol: 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('tickers', symbol, native),
          parse: (body, { symbol }, { native }) => tickerOf(rowOf(body, symbol, native), symbol),
        },
        tickers: {
          request: () => ({ path: 'api/v2/spot/market/tickers' }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body).map((row) => [row.symbol, row]))
            return symbols.flatMap((symbol) => {
              const row = rows.get(marketOf(symbol, native, ''))
              // a market that was never traded has no price
              return row && read.positiveOrNone(row.lastPr, 'lastPr') !== undefined ? [tickerOf(row, symbol)] : []
            })
          },
        },
        candles: {
          request: (params, { native, now }) => candlesRequest(params, native, now),
          parse: (body, params, { now }) => candlesOf(dataOf(body).map(candleRow), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES, since }) =>
            GRANULARITIES[interval] !== undefined && limit <= (since === undefined ? MAX_CANDLES : MAX_HISTORY),
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('tickers', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(rowOf(body, symbol, native), symbol)),
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('orderbook', symbol, native, { type: 'step0', limit: depth }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(read.object(body, 'body').data, 'data')
            return known<OrderBook>({ ...pairOf(symbol), ...levelsOf(book, depth), asOf: read.optional(read.millis, book.ts, 'ts') })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('fills', symbol, native, { limit }),
          // newest first
          parse: (body, params) => tradesOf(dataOf(body).map(tradeRow).toReversed(), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => ({ path: 'api/v2/spot/public/symbols' }),
          parse: (body, params) => assetsOf(basesOf(rowsOf(body)), params),
        },
        movers: {
          request: () => ({ path: 'api/v2/spot/market/tickers' }),
          parse: (body, params) => moversOf(rowsOf(body).map(movedMarket), params),
        },
      },
      failure({ status, body }, asked) {
        const { code, msg, data } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
        const text = typeof code === 'string' || typeof code === 'number' ? String(code) : ''
        const message = typeof msg === 'string' ? `${text} ${msg}` : text
        if (status === 404) return { reason: 'bad-response', message }
        const batch = asked.capability === 'tickers' || asked.capability === 'assets' || asked.capability === 'movers'
        if (text === '' || text === '00000') return !batch && isNothing(data, asked.params) ? { reason: 'not-found' } : undefined
        const reason = batch && REASONS.get(text) === 'not-found' ? 'bad-request' : REASONS.get(text)
        return reason === undefined && status >= 400 ? undefined : { reason: reason ?? 'bad-request', message }
      },
    },
    options,
  )
}

// https://www.bitget.com/api-doc/common/error-code/restapi, read November 2026. "Parameter NOPEUSDT does not exist" is 40034;
// the others that name the symbol, and what the overload and outage codes are worth, are unverified.
const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ['40034', 'not-found'],
  ['40019', 'not-found'],
  ['40102', 'not-found'],
  ['40309', 'not-found'],
  ['429', 'rate-limited'],
  ['30007', 'rate-limited'],
  ['40010', 'unavailable'],
  ['40015', 'unavailable'],
  ['40200', 'unavailable'],
  ['40725', 'unavailable'],
  ['45001', 'unavailable'],
])

/** Whether an answer without rows means that there is no such market: only candles since a time may be missing. */
const isNothing = (data: unknown, params: object): boolean =>
  data === null || (Array.isArray(data) && data.length === 0 && (!('since' in params) || params.since === undefined))

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v2/spot/market/${what}`,
  query: { symbol: marketOf(symbol, native, ''), ...query },
})

function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds, now: number): HttpRequest {
  const granularity = GRANULARITIES[interval]
  if (since === undefined) return requestOf('candles', symbol, native, { granularity, limit })
  const endTime = since + limit * (interval === '1M' ? 31 * DAY_MS : INTERVAL_MS[interval])
  return since < now - (REACH[interval] ?? LONG_REACH) * DAY_MS
    ? requestOf('history-candles', symbol, native, { granularity, limit, endTime })
    : requestOf('candles', symbol, native, { granularity, limit: MAX_CANDLES, startTime: since, endTime })
}

const dataOf = (body: unknown): unknown[] => read.array(read.object(body, 'body').data, 'data')
const rowsOf = (body: unknown): Row[] => dataOf(body).map((row) => read.object(row, 'data'))

function rowOf(body: unknown, symbol: string, native: NativeIds): Row {
  const row = rowsOf(body).find((one) => one.symbol === marketOf(symbol, native, ''))
  if (row === undefined) throw new BadResponseError('symbol: the asked one expected, got others')
  return row
}

/** A fraction: 0.015 is 1.5 %. */
const percentOf = (row: Row): number | undefined => {
  const fraction = read.optional(read.number, row.change24h, 'change24h')
  return fraction === undefined ? undefined : fraction * 100
}

/** `open` is of 24 h ago; that of the day is `openUtc`. */
function tickerOf(row: Row, symbol: string): Ticker {
  const last = read.positive(row.lastPr, 'lastPr')
  const open24h = read.positiveOrNone(row.open, 'open')
  return known<Ticker>({
    ...pairOf(symbol),
    last,
    bid: read.positiveOrNone(row.bidPr, 'bidPr'),
    ask: read.positiveOrNone(row.askPr, 'askPr'),
    open24h,
    ...rangeOf(row.low24h, row.high24h),
    ...(open24h === undefined ? { change24hPercent: percentOf(row) } : changeOf(last, open24h)),
    volume24h: read.optional(read.amount, row.baseVolume, 'baseVolume'),
    quoteVolume24h: read.optional(read.amount, row.quoteVolume, 'quoteVolume'),
    asOf: read.optional(read.millis, row.ts, 'ts'),
  })
}

/** Of the last two one is in the quote, one in USDT; which is which the documentation tells both ways. */
function candleRow(row: unknown): CandleRow {
  const [time, open, high, low, close, volume, inQuote, inDollars] = read.array(row, 'candle')
  const quoteVolume = inQuote === inDollars ? read.optional(read.amount, inQuote, 'quote volume') : undefined
  return { openTime: read.millis(time, 'ts'), open, high, low, close, volume: read.amount(volume, 'base volume'), quoteVolume }
}

/** Whose side it is is not documented; as with others, the taker's. */
function tradeRow(row: unknown): TradeRow {
  const { tradeId: id, price, size, side, ts } = read.object(row, 'trade')
  const taker = typeof side === 'string' ? side.toLowerCase() : undefined
  return { id, price, amount: size, side: taker === 'buy' || taker === 'sell' ? taker : undefined, at: read.millis(ts, 'ts') }
}

const basesOf = (markets: readonly Row[]): string[] =>
  markets.filter(({ status = 'online' }) => status === 'online').map(({ baseCoin }) => read.string(baseCoin, 'baseCoin'))

const movedMarket = (row: Row): MovedMarket => ({
  base: /^(.+)USDT$/.exec(read.string(row.symbol, 'symbol'))?.[1],
  price: read.positiveOrNone(row.lastPr, 'lastPr'),
  change: percentOf(row),
  turnover: read.optional(read.amount, row.quoteVolume, 'quoteVolume'),
})
