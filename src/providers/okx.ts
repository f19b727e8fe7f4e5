import { BadResponseError, type FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { closesAt, INTERVAL_MS, type Interval, opensAt } from '../model/interval.js'
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

/** What OKX can be asked. */
export type OkxCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

// From 6 hours on the plain forms begin at midnight in Hong Kong: https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-candlesticks, read November 2026.
const barOf = (interval: Interval): string =>
  INTERVAL_MS[interval] < INTERVAL_MS['1h'] ? interval : `${interval.toUpperCase()}${INTERVAL_MS[interval] < INTERVAL_MS['6h'] ? '' : 'utc'}`
const MAX_CANDLES = 300
/** So many of the newest candles are had from `candles`, older ones from `history-candles`; unverified. */
const RECENT_CANDLES = 1_440
const MAX_LEVELS = 400
const MAX_TRADES = 500

const ALL_TICKERS = { path: 'api/v5/market/tickers', query: { instType: 'SPOT' } } as const

type Row = Record<string, unknown>

/** Spot market data of OKX. No key needed. */
export function okx(options: ProviderOptions = {}): Provider<OkxCapability> {
  return defineProvider<OkxCapability>(
    {
      id: 'okx',
      name: 'OKX',
      homepage: 'https://www.okx.com',
      docs: 'https://www.okx.com/docs-v5/en/',
      hosts: ['https://www.okx.com'],
      limits: [{ requests: 20, perMs: 2_000, scope: 'ip' }], // the strictest of the endpoints used, each has its own; unverified
      dollarQuote: 'USDT',
      probe: { capability: 'ticker', params: { symbol: 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }, { native }) => tickerOf(rowOf(body, symbol, native), symbol),
        },
        tickers: {
          request: () => ALL_TICKERS,
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body).map((row) => [row.instId, row]))
            return symbols.flatMap((symbol) => {
              const row = rows.get(marketOf(symbol, native, '-'))
              // a new market has no price before its first trade
              return row && row.last !== '' ? [tickerOf(row, symbol)] : []
            })
          },
        },
        candles: {
          request: (params, { native, now }) => candlesRequest(params, native, now),
          parse: (body, params, { now }) => candlesOf(dataOf(body).map(candleRow), params, now),
          supports: ({ limit = DEFAULT_CANDLES }) => limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(rowOf(body, symbol, native), symbol)),
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('books', symbol, native, { sz: depth }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(dataOf(body)[0], 'book')
            return known<OrderBook>({ ...pairOf(symbol), ...levelsOf(book, depth), asOf: read.optional(read.millis, book.ts, 'ts') })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('trades', symbol, native, { limit }),
          // newest first
          parse: (body, params) => tradesOf(dataOf(body).map(tradeRow).toReversed(), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => ({ path: 'api/v5/public/instruments', query: { instType: 'SPOT' } }),
          parse: (body, params) => assetsOf(basesOf(rowsOf(body)), params),
        },
        movers: {
          request: () => ALL_TICKERS,
          parse: (body, params) => moversOf(rowsOf(body).map(movedMarket), params),
        },
      },
      failure({ status, body }, asked) {
        const { code, msg, data } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
        const text = typeof code === 'number' || typeof code === 'string' ? String(code) : ''
        const message = typeof msg === 'string' ? `${text} ${msg}` : text
        if (status === 404) return { reason: 'bad-response', message }
        if (text === '' || text === '0') return isNothing(data, asked) ? { reason: 'not-found' } : undefined
        // 51000 names the wrong parameter, of which a caller chooses only the instrument freely
        const reason = text === '51000' && message.includes('instId') ? 'not-found' : REASONS.get(text)
        return reason === undefined && status >= 400 ? undefined : { reason: reason ?? 'bad-request', message }
      },
    },
    options,
  )
}

// https://www.okx.com/docs-v5/en/#error-code, read November 2026. The code is a text, or a number where a gateway answers.
const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ['51001', 'not-found'],
  ['50011', 'rate-limited'],
  ['50061', 'rate-limited'],
  ['50001', 'unavailable'],
  ['50004', 'unavailable'],
  ['50013', 'unavailable'],
  ['50026', 'unavailable'],
  ['51155', 'geo-blocked'],
])

/** Whether an answer without rows means that there is no such market: candles may be missing only since a time. */
function isNothing(data: unknown, { capability, params }: { capability: OkxCapability; params: object }): boolean {
  if (!Array.isArray(data) || data.length > 0) return false
  const batch = capability === 'tickers' || capability === 'assets' || capability === 'movers'
  return !batch && !(capability === 'candles' && 'since' in params && params.since !== undefined)
}

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v5/market/${what}`,
  query: { instId: marketOf(symbol, native, '-'), ...query },
})

/** `before` and `after` are exclusive; with `before` alone the newest candles would come, not the ones next to it. */
function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds, now: number): HttpRequest {
  const bar = barOf(interval)
  if (since === undefined) return requestOf('candles', symbol, native, { bar, limit })
  let end = opensAt(since, interval)
  if (end < since) end = closesAt(end, interval)
  for (let i = 0; i < limit; i++) end = closesAt(end, interval)
  const recent = since > now - RECENT_CANDLES * INTERVAL_MS[interval]
  return requestOf(recent ? 'candles' : 'history-candles', symbol, native, { bar, limit, before: since - 1, after: end })
}

const dataOf = (body: unknown): unknown[] => read.array(read.object(body, 'body').data, 'data')
const rowsOf = (body: unknown): Row[] => dataOf(body).map((row) => read.object(row, 'data'))

function rowOf(body: unknown, symbol: string, native: NativeIds): Row {
  const row = rowsOf(body).find(({ instId }) => instId === marketOf(symbol, native, '-'))
  if (row === undefined) throw new BadResponseError('instId: the asked one expected, got others')
  return row
}

function tickerOf(row: Row, symbol: string): Ticker {
  const last = read.positive(row.last, 'last')
  const open24h = read.positiveOrNone(row.open24h, 'open24h')
  return known<Ticker>({
    ...pairOf(symbol),
    last,
    bid: read.positiveOrNone(row.bidPx, 'bidPx'),
    ask: read.positiveOrNone(row.askPx, 'askPx'),
    open24h,
    ...rangeOf(row.low24h, row.high24h),
    ...changeOf(last, open24h),
    volume24h: read.optional(read.amount, row.vol24h, 'vol24h'),
    quoteVolume24h: read.optional(read.amount, row.volCcy24h, 'volCcy24h'),
    asOf: read.optional(read.millis, row.ts, 'ts'),
  })
}

/** The ninth figure is 0 while the candle runs. */
function candleRow(row: unknown): CandleRow {
  const [time, open, high, low, close, volume, , quoteVolume, confirm] = read.array(row, 'candle')
  return {
    openTime: read.millis(time, 'ts'),
    open,
    high,
    low,
    close,
    volume: read.amount(volume, 'vol'),
    quoteVolume: read.optional(read.amount, quoteVolume, 'volCcyQuote'),
    closed: confirm === '1' || (confirm === '0' ? false : undefined),
  }
}

/** `side` is the taker's. */
function tradeRow(row: unknown): TradeRow {
  const { tradeId: id, px, sz, side, ts } = read.object(row, 'trade')
  return { id, price: px, amount: sz, side: side === 'buy' || side === 'sell' ? side : undefined, at: read.millis(ts, 'ts') }
}

const basesOf = (instruments: readonly Row[]): string[] =>
  instruments.filter(({ state = 'live' }) => state === 'live').map(({ baseCcy }) => read.string(baseCcy, 'baseCcy'))

function movedMarket(row: Row): MovedMarket {
  const price = read.positiveOrNone(row.last, 'last')
  return {
    base: /^(.+)-USDT$/.exec(read.string(row.instId, 'instId'))?.[1],
    price,
    change: price === undefined ? undefined : changeOf(price, read.positiveOrNone(row.open24h, 'open24h')).change24hPercent,
    turnover: read.optional(read.amount, row.volCcy24h, 'volCcy24h'),
  }
}
