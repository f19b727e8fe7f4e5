import { BadResponseError, type FailureReason, ProviderError } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { INTERVAL_MS, type Interval, opensAt } from '../model/interval.js'
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

type Row = Record<string, unknown>

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
          parse: (body, { symbol }, { native }) => tickerOf(rowOf(body, symbol, native), symbol),
        },
        tickers: {
          request: () => ALL_TICKERS,
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body).map((row) => [row.symbol, row]))
            return symbols.flatMap((symbol) => {
              const row = rows.get(marketOf(symbol, native, ''))
              // a market that was never traded has no price
              return row && read.positiveOrNone(row.lastPrice, 'lastPrice') !== undefined ? [tickerOf(row, symbol)] : []
            })
          },
          cost: ALL_TICKERS_WEIGHT,
        },
        candles: {
          request: ({ symbol, interval, limit = DEFAULT_CANDLES, since }, { native }) =>
            requestOf('klines', symbol, native, {
              interval: INTERVALS[interval],
              ...(since === undefined ? { limit } : { limit: MAX_ROWS, startTime: since, endTime: endOf(since, interval, limit) }),
            }),
          parse: (body, params, { now }) => candlesOf(aligned(read.array(body, 'klines').map(candleRow), params), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => INTERVALS[interval] !== undefined && limit <= MAX_ROWS,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker/24hr', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(rowOf(body, symbol, native), symbol)),
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
          parse: (body, params) => tradesOf(read.array(body, 'trades').map(tradeRow).toReversed(), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_ROWS,
          cost: 5,
        },
        assets: {
          request: () => ({ path: 'api/v3/exchangeInfo' }),
          parse: (body, params) => assetsOf(basesOf(body), params),
          cost: 10,
        },
        movers: {
          request: () => ALL_TICKERS,
          parse: (body, params) => moversOf(rowsOf(body).map(movedMarket), params),
          cost: ALL_TICKERS_WEIGHT,
        },
      },
      failure({ status, body }, { capability, params }) {
        const batch = capability === 'tickers' || capability === 'assets' || capability === 'movers'
        // A known market has candles and trades, only perhaps none since a time.
        const none = !batch && Array.isArray(body) && body.length === 0
        if (none && !(capability === 'candles' && params.since !== undefined)) return { reason: 'not-found' }
        const { code, msg } = typeof body === 'object' && body !== null ? (body as { code?: unknown; msg?: unknown }) : {}
        const number = typeof code === 'number' || typeof code === 'string' ? Number(code) : 0
        const message = typeof msg === 'string' ? `${number} ${msg}` : undefined
        const reason = REASONS.get(number)
        if (reason !== undefined) return { reason: batch && reason === 'not-found' ? 'bad-request' : reason, message }
        return status === 404 ? { reason: 'bad-response', message: 'no such path' } : undefined
      },
    },
    options,
  )
}

// https://mexcdevelop.github.io/apidocs/spot_v3_en/#error-code, read November 2026. -1121 is told of a wrong interval too,
// -1100 of illegal characters: of the parameters a caller chooses only the symbol freely.
const REASONS: ReadonlyMap<number, FailureReason> = new Map([
  [-1121, 'not-found'],
  [-1100, 'not-found'],
  [10_007, 'not-found'],
  [429, 'rate-limited'],
  [510, 'rate-limited'],
  [-1003, 'rate-limited'],
  [500, 'unavailable'],
  [503, 'unavailable'],
])

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v3/${what}`,
  query: { symbol: marketOf(symbol, native, ''), ...query },
})

/** After the last of so many candles; a start alone is said (unverified) to bring the newest ones. */
const endOf = (since: number, interval: Interval, limit: number): number => since + limit * (interval === '1M' ? 31 * INTERVAL_MS['1d'] : INTERVAL_MS[interval])

/** Where its days and weeks begin is not documented: what does not fit UTC is not taken for a candle of UTC. */
function aligned(rows: readonly CandleRow[], { interval }: ParamsOf<'candles'>): readonly CandleRow[] {
  if (rows.some(({ openTime }) => opensAt(openTime, interval) !== openTime))
    throw new ProviderError({ provider: 'mexc', reason: 'bad-request', message: `its ${interval} candles do not begin in UTC` })
  return rows
}

const rowsOf = (body: unknown): Row[] => read.array(body, 'tickers').map((row) => read.object(row, 'ticker'))

function rowOf(body: unknown, symbol: string, native: NativeIds): Row {
  const row = read.object(body, 'ticker')
  if (row.symbol !== marketOf(symbol, native, '')) throw new BadResponseError('symbol: the asked one expected, got another')
  return row
}

/** A fraction here, 0.004 for 0.4 %, though all else looks like Binance. */
const percentOf = (row: Row): number | undefined => {
  const fraction = read.optional(read.number, row.priceChangePercent, 'priceChangePercent')
  return fraction === undefined ? undefined : fraction * 100
}

function tickerOf(row: Row, symbol: string): Ticker {
  const last = read.positive(row.lastPrice, 'lastPrice')
  const open24h = read.positiveOrNone(row.openPrice, 'openPrice')
  return known<Ticker>({
    ...pairOf(symbol),
    last,
    bid: read.positiveOrNone(row.bidPrice, 'bidPrice'),
    ask: read.positiveOrNone(row.askPrice, 'askPrice'),
    open24h,
    ...rangeOf(row.lowPrice, row.highPrice),
    ...(open24h === undefined ? { change24hPercent: percentOf(row) } : changeOf(last, open24h)),
    volume24h: read.optional(read.amount, row.volume, 'volume'),
    quoteVolume24h: read.optional(read.amount, row.quoteVolume, 'quoteVolume'),
    asOf: read.optional(read.millis, row.closeTime, 'closeTime'),
  })
}

function candleRow(row: unknown): CandleRow {
  const [time, open, high, low, close, volume, , quoteVolume] = read.array(row, 'kline')
  return {
    openTime: read.millis(time, 'openTime'),
    open,
    high,
    low,
    close,
    volume: read.amount(volume, 'volume'),
    quoteVolume: read.optional(read.amount, quoteVolume, 'quoteVolume'),
  }
}

/** Without an id, which is null here. */
function tradeRow(row: unknown): TradeRow {
  const { id, price, qty, time, isBuyerMaker } = read.object(row, 'trade')
  const side = isBuyerMaker === true ? 'sell' : isBuyerMaker === false ? 'buy' : undefined
  return { id, price, amount: qty, side, at: read.millis(time, 'time') }
}

/** `status` is 1, formerly ENABLED, for markets that trade. */
function basesOf(body: unknown): string[] {
  const markets = read.array(read.object(body, 'exchangeInfo').symbols, 'symbols').map((market) => read.object(market, 'symbol'))
  return markets
    .filter(({ status = '1' }) => status === 1 || status === '1' || status === 'ENABLED')
    .map(({ baseAsset }) => read.string(baseAsset, 'baseAsset'))
}

const movedMarket = (row: Row): MovedMarket => ({
  base: /^(.+)USDT$/.exec(read.string(row.symbol, 'symbol'))?.[1],
  price: read.positiveOrNone(row.lastPrice, 'lastPrice'),
  change: percentOf(row),
  turnover: read.optional(read.amount, row.quoteVolume, 'quoteVolume'),
})
