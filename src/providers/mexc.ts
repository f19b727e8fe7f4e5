import type { FailureReason } from '../errors.js'
import { DEFAULT_CANDLES } from '../model/capabilities.js'
import { endOf, type Interval } from '../model/interval.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { dayPrices, dayTicker, klineRow, madeTrade } from '../provider/market/binance-rows.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, tradesOf } from '../provider/market/books.js'
import { aligned, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { failureFor, isNothing, membersOf, toldIn } from '../provider/failure.js'
import { assetsOf, marketOf, percentOf, type Prices, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import { type MovedMarket, moversOf } from '../provider/market/movers.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowOf, rowsOf } from '../provider/rows.js'

/** What MEXC can be asked. */
export type MexcCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

// https://mexcdevelop.github.io/apidocs/spot_v3_en/#enum-definitions, read November 2026: an hour is 60m, a week 1W.
const INTERVALS: Partial<Record<Interval, string>> = {
  '1m': '1m',
  '5m': '5m',
  '15m': '15m',
  '30m': '30m',
  '1h': '60m',
  '4h': '4h',
  '1d': '1d',
  '1w': '1W',
  '1M': '1M',
}
const MAX_ROWS = 1_000
const MAX_LEVELS = 5_000

const ALL_TICKERS = { path: 'api/v3/ticker/24hr' } as const
const ALL_TICKERS_WEIGHT = 40

/** Spot market data of MEXC. No key needed. */
export function mexc(options: ProviderOptions = {}): Provider<MexcCapability> {
  return defineProvider<MexcCapability>(
    {
      id: 'mexc',
      name: 'MEXC',
      homepage: 'https://www.mexc.com',
      docs: 'https://mexcdevelop.github.io/apidocs/spot_v3_en/',
      hosts: ['https://api.mexc.com'],
      limits: [{ cost: 500, perMs: 10_000, scope: 'ip' }], // each endpoint has its own; with the weights below unverified
      dollarQuote: 'USDT',
      probe: { capability: 'ticker', params: { symbol: 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('ticker/24hr', symbol, native),
          parse: (body, { symbol }, { native }) => tickerOf(oneOf(body, symbol, native), symbol),
        },
        tickers: {
          request: () => ALL_TICKERS,
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body, 'tickers').map((row) => [row.symbol, row]))
            return tickersOf(symbols, (symbol) => traded(rows.get(nameOf(symbol, native)), 'lastPrice'), tickerOf)
          },
          cost: ALL_TICKERS_WEIGHT,
        },
        candles: {
          request: ({ symbol, interval, limit = DEFAULT_CANDLES, since }, { native }) =>
            requestOf('klines', symbol, native, {
              interval: INTERVALS[interval],
              // a start alone is said (unverified) to bring the newest ones
              ...(since === undefined ? { limit } : { limit: MAX_ROWS, startTime: Math.ceil(since), endTime: endOf(since, interval, limit) - 1 }),
            }),
          // where its days and weeks begin is not documented
          parse: (body, params, { now }) => candlesOf(aligned(read.array(body, 'klines').map(klineRow), params, 'mexc'), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => INTERVALS[interval] !== undefined && limit <= MAX_ROWS,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker/24hr', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(oneOf(body, symbol, native), symbol)),
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('depth', symbol, native, { limit: depth }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(body, 'depth')
            return known<OrderBook>({
              ...pairOf(symbol),
              ...levelsOf(book, depth),
              asOf: read.optional(read.millis, book.timestamp, 'timestamp'),
              sequence: read.optional(read.amount, book.lastUpdateId, 'lastUpdateId'),
            })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('trades', symbol, native, { limit }),
          // newest first, unverified
          parse: (body, params) => tradesOf(read.array(body, 'trades').map(madeTrade).toReversed(), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_ROWS,
          cost: 5,
        },
        assets: {
          request: () => ({ path: 'api/v3/exchangeInfo' }),
          parse: (body, params) => assetsOf(basesOf(body), params, CODES),
          cost: 10,
        },
        movers: {
          request: () => ALL_TICKERS,
          parse: (body, params) => moversOf(rowsOf(body, 'tickers').map(movedMarket), params),
          cost: ALL_TICKERS_WEIGHT,
        },
      },
      failure({ status, body }, asked) {
        if (isNothing(body, asked)) return { reason: 'not-found' }
        const { code: number, msg } = membersOf(body)
        const { code, message } = toldIn(number, msg)
        const reason = REASONS.get(code)
        if (reason !== undefined) return failureFor(reason, message, status, asked)
        return status === 404 ? { reason: 'bad-response', message: 'no such path' } : undefined
      },
    },
    options,
  )
}

// https://mexcdevelop.github.io/apidocs/spot_v3_en/#error-code, read November 2026. -1121 is told of a wrong interval too,
// -1100 of illegal characters: of the parameters a caller chooses only the symbol freely.
const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ['-1121', 'not-found'],
  ['-1100', 'not-found'],
  ['10007', 'not-found'],
  ['429', 'rate-limited'],
  ['510', 'rate-limited'],
  ['-1003', 'rate-limited'],
  ['500', 'unavailable'],
  ['503', 'unavailable'],
])

/** GAS and FLUX are GasDAO's and another Flux's here (unverified): Neo's and the older Flux's have names of their own. */
const CODES: NativeIds = { GAS: 'GASNEO', FLUX: 'FLUX1' }

const nameOf = (symbol: string, native: NativeIds): string => marketOf(symbol, { ...CODES, ...native }, '')

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v3/${what}`,
  query: { symbol: nameOf(symbol, native), ...query },
})

const oneOf = (body: unknown, symbol: string, native: NativeIds): Row => rowOf([read.object(body, 'ticker')], 'symbol', nameOf(symbol, native))

/** The change is a fraction here, 0.004 for 0.4 %, though all else looks like Binance. */
const pricesOf = (row: Row): Prices => ({ ...dayPrices(row), changePercent: percentOf(row.priceChangePercent, 'priceChangePercent') })

const tickerOf = (row: Row, symbol: string): Ticker => dayTicker(pricesOf(row), row, symbol)

/** `status` is 1, formerly ENABLED, for markets that trade. */
function basesOf(body: unknown): string[] {
  return rowsOf(read.object(body, 'exchangeInfo').symbols, 'symbols')
    .filter(({ status = '1' }) => status === 1 || status === '1' || status === 'ENABLED')
    .map(({ baseAsset }) => read.string(baseAsset, 'baseAsset'))
}

const movedMarket = (row: Row): MovedMarket => ({ ...pricesOf(row), base: /^(.+)USDT$/.exec(read.string(row.symbol, 'symbol'))?.[1] })
