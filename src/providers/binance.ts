import { DEFAULT_CANDLES } from '../model/capabilities.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { dayPrices, dayTicker, klineRow, madeTrade } from '../provider/market/binance-rows.js'
import { BINANCE_HOSTS } from '../provider/market/binance-hosts.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, tradesOf } from '../provider/market/books.js'
import { candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import { assetsOf, marketOf, type Prices, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import { type MovedMarket, moversOf } from '../provider/market/movers.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowOf, rowsOf } from '../provider/rows.js'

/** What Binance can be asked. */
export type BinanceCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

/** Options of `binance()`. */
export interface BinanceOptions extends ProviderOptions {
  /** `us`: Binance.US, an exchange of its own with real dollar pairs; the provider's id is then `binance-us`. @default 'global' */
  readonly region?: 'global' | 'us' | undefined
}

// Weights: https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints, read November 2026.
const BOOK_SIZES = [5, 10, 20, 50, 100, 500, 1_000, 5_000]
const bookSize = (depth: number): number | undefined => BOOK_SIZES.find((size) => size >= depth)
const bookWeight = (size: number): number => (size <= 100 ? 5 : size <= 500 ? 25 : size <= 1_000 ? 50 : 250)
const MAX_ROWS = 1_000
const TICKER_PATH = 'api/v3/ticker/24hr'

/** Spot market data of Binance over its seven hosts. No key needed. */
export function binance({ region = 'global', ...options }: BinanceOptions = {}): Provider<BinanceCapability> {
  const us = region === 'us'
  return defineProvider<BinanceCapability>(
    {
      id: us ? 'binance-us' : 'binance',
      name: us ? 'Binance.US' : 'Binance',
      homepage: us ? 'https://www.binance.us' : 'https://www.binance.com',
      docs: us ? 'https://docs.binance.us' : 'https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits',
      ...(!us && { verifiedOn: '2026-11-21' }),
      hosts: BINANCE_HOSTS[region],
      hostOrder: 'round-robin',
      hostTimeoutMs: 800,
      limits: [{ cost: us ? 1_200 : 6_000, perMs: 60_000, scope: 'ip' }], // US: unverified, its weights are not above these
      ...(!us && { dollarQuote: 'USDT' }),
      probe: { capability: 'ticker', params: { symbol: us ? 'BTC/USD' : 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('ticker/24hr', symbol, native),
          parse: (body, { symbol }, { native }) => tickerOf(oneOf(body, symbol, native), symbol),
          cost: 2,
        },
        tickers: {
          request: ({ symbols }, { native }) => ({
            path: TICKER_PATH,
            query: { symbols: JSON.stringify(symbols.map((symbol) => marketOf(symbol, native, ''))) },
          }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body, 'tickers').map((row) => [row.symbol, row]))
            return tickersOf(symbols, (symbol) => traded(rows.get(marketOf(symbol, native, '')), 'lastPrice'), tickerOf)
          },
          cost: ({ symbols }) => (symbols.length <= 20 ? 2 : symbols.length <= 100 ? 40 : 80),
          maxBatch: 100,
          whole: { request: { path: TICKER_PATH }, cost: 80 },
        },
        candles: {
          request: ({ symbol, interval, limit = DEFAULT_CANDLES, since }, { native }) =>
            requestOf('klines', symbol, native, { interval, limit, startTime: since && Math.ceil(since) }),
          parse: (body, params, { now }) => candlesOf(read.array(body, 'klines').map(klineRow), params, now),
          supports: ({ limit = DEFAULT_CANDLES }) => limit <= MAX_ROWS,
          cost: 2,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker/24hr', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(oneOf(body, symbol, native), symbol)),
          cost: 2,
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('depth', symbol, native, { limit: bookSize(depth) }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(body, 'depth')
            return known<OrderBook>({ ...pairOf(symbol), ...levelsOf(book, depth), sequence: read.optional(read.amount, book.lastUpdateId, 'lastUpdateId') })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => bookSize(depth) !== undefined,
          cost: ({ depth = DEFAULT_DEPTH }) => bookWeight(depth),
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('trades', symbol, native, { limit }),
          parse: (body, params) => tradesOf(read.array(body, 'trades').map(madeTrade), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_ROWS,
          cost: 25,
        },
        assets: {
          request: () => ({ path: 'api/v3/exchangeInfo', ...(!us && { query: { permissions: 'SPOT', showPermissionSets: false } }) }), // unverified for US
          parse: (body, params) => assetsOf(basesOf(body), params),
          cost: 20,
        },
        movers: {
          request: () => ({ path: TICKER_PATH }),
          parse: (body, params) => moversOf(rowsOf(body, 'tickers').map(movedMarket), params),
          cost: 80,
        },
      },
      failure({ status, headers, body }, { capability, params }) {
        // A known market has candles and trades, only none since a time that is still to come.
        const none = Array.isArray(body) && body.length === 0
        if (none && (capability === 'trades' || (capability === 'candles' && params.since === undefined))) return { reason: 'not-found' }
        const { code, msg } = typeof body === 'string' ? { code: undefined, msg: body } : membersOf(body)
        const text = typeof msg === 'string' ? msg : ''
        // CloudFront's page, in front of Binance.US; Binance itself says it with 451.
        if (status === 451 || (status >= 400 && /block access from your country|restricted location/i.test(text))) return { reason: 'geo-blocked' }
        if (TOO_MANY.has(code)) return { reason: 'rate-limited', message: text, retryAfterMs: banLeft(text, headers) }
        if (OUT_OF_ORDER.has(code)) return { reason: 'unavailable', message: text }
        if (isUnknown(code, text)) return { reason: capability === 'assets' || capability === 'movers' ? 'bad-request' : 'not-found', message: text }
        return status === 404 ? { reason: 'bad-response', message: 'no such path' } : undefined
      },
      usage(headers) {
        const used = Number.parseInt(headers.get('x-mbx-used-weight-1m') ?? '', 10)
        return used >= 0 ? [{ perMs: 60_000, kind: 'cost', used }] : []
      },
    },
    options,
  )
}

// https://developers.binance.com/docs/binance-spot-api-docs/errors, read November 2026. -1100: illegal characters in a
// parameter, which the text names.
const isUnknown = (code: unknown, text: string): boolean => code === -1121 || (code === -1100 && text.includes("'symbol"))
const TOO_MANY: ReadonlySet<unknown> = new Set([-1003, -1034])
const OUT_OF_ORDER: ReadonlySet<unknown> = new Set([-1000, -1001, -1007, -1008, -1016])

/** What is left of a ban, in ms: its text names the end in Unix ms, the Date header the server's now. `Retry-After` wins where it is sent. */
function banLeft(text: string, headers: Headers): number | undefined {
  const left = Number(/banned until (\d{13})/.exec(text)?.[1]) - Date.parse(headers.get('date') ?? '')
  return left > 0 && !headers.has('retry-after') ? left : undefined
}

const requestOf = (path: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v3/${path}`,
  query: { symbol: marketOf(symbol, native, ''), ...query },
})

const oneOf = (body: unknown, symbol: string, native: NativeIds): Row => rowOf([read.object(body, 'ticker')], 'symbol', marketOf(symbol, native, ''))

const pricesOf = (row: Row): Prices => ({ ...dayPrices(row), change24h: row.priceChange, changePercent: row.priceChangePercent })

const tickerOf = (row: Row, symbol: string): Ticker => dayTicker(pricesOf(row), row, symbol)

function basesOf(body: unknown): string[] {
  const markets = rowsOf(read.object(body, 'exchangeInfo').symbols, 'symbols')
  return markets.filter(({ status }) => status === 'TRADING').map(({ baseAsset }) => read.string(baseAsset, 'baseAsset'))
}

const movedMarket = (row: Row): MovedMarket => ({ ...pricesOf(row), base: /^(.+)USDT$/.exec(read.string(row.symbol, 'symbol'))?.[1] })
