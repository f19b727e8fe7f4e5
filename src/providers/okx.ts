import type { FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { endOf, INTERVAL_MS, type Interval } from '../model/interval.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { type CandleRow, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { asOne, failureFor, isNothing, membersOf, toldIn } from '../provider/failure.js'
import { assetsOf, asTicker, marketOf, onlyMarketOf, type Prices, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import { type MovedMarket, moversOf } from '../provider/market/movers.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowOf, rowsOf } from '../provider/rows.js'

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
          parse: (body, { symbol }, { native }) => tickerOf(oneOf(body, symbol, native), symbol),
        },
        tickers: {
          request: ({ symbols }, { native }) => {
            const instId = onlyMarketOf(symbols, native, '-')
            return instId === undefined ? ALL_TICKERS : { path: 'api/v5/market/ticker', query: { instId } }
          },
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(marketsOf(body).map((row) => [row.instId, row]))
            return tickersOf(symbols, (symbol) => traded(rows.get(marketOf(symbol, native, '-')), 'last', ''), tickerOf)
          },
        },
        candles: {
          request: (params, { native, now }) => candlesRequest(params, native, now),
          parse: (body, params, { now }) => candlesOf(dataOf(body).map(candleRow), params, now),
          supports: ({ limit = DEFAULT_CANDLES }) => limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(oneOf(body, symbol, native), symbol)),
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
          parse: (body, params) => assetsOf(basesOf(marketsOf(body)), params),
        },
        movers: {
          request: () => ALL_TICKERS,
          parse: (body, params) => moversOf(marketsOf(body).map(movedMarket), params),
        },
      },
      failure({ status, body }, question) {
        const asked = asOne(question)
        const { code: number, msg, data } = membersOf(body)
        const { code, message } = toldIn(number, msg)
        if (status === 404) return { reason: 'bad-response', message }
        if (code === '' || code === '0') return isNothing(data, asked) ? { reason: 'not-found' } : undefined
        // 51000 names the wrong parameter, of which a caller chooses only the instrument freely
        const reason = code === '51000' && message.includes('instId') ? 'not-found' : REASONS.get(code)
        return failureFor(reason, message, status, asked)
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

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v5/market/${what}`,
  query: { instId: marketOf(symbol, native, '-'), ...query },
})

/** `before` and `after` are exclusive; with `before` alone the newest candles would come, not the ones next to it. */
function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds, now: number): HttpRequest {
  const bar = barOf(interval)
  if (since === undefined) return requestOf('candles', symbol, native, { bar, limit })
  const recent = since > now - RECENT_CANDLES * INTERVAL_MS[interval]
  return requestOf(recent ? 'candles' : 'history-candles', symbol, native, { bar, limit, before: Math.ceil(since) - 1, after: endOf(since, interval, limit) })
}

const dataOf = (body: unknown): unknown[] => read.array(read.object(body, 'body').data, 'data')
const marketsOf = (body: unknown): Row[] => rowsOf(dataOf(body), 'data')
const oneOf = (body: unknown, symbol: string, native: NativeIds): Row => rowOf(marketsOf(body), 'instId', marketOf(symbol, native, '-'))

const pricesOf = (row: Row): Prices => ({
  price: row.last,
  bid: row.bidPx,
  ask: row.askPx,
  open24h: row.open24h,
  low24h: row.low24h,
  high24h: row.high24h,
  volume: row.vol24h,
  turnover: row.volCcy24h,
})

const tickerOf = (row: Row, symbol: string): Ticker => asTicker({ ...pricesOf(row), asOf: read.optional(read.millis, row.ts, 'ts') }, pairOf(symbol))

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
  return { id, price: px, amount: sz, side, at: read.millis(ts, 'ts') }
}

const basesOf = (instruments: readonly Row[]): string[] =>
  instruments.filter(({ state = 'live' }) => state === 'live').map(({ baseCcy }) => read.string(baseCcy, 'baseCcy'))

const movedMarket = (row: Row): MovedMarket => ({ ...pricesOf(row), base: /^(.+)-USDT$/.exec(read.string(row.instId, 'instId'))?.[1] })
