import type { FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { endOf, type Interval } from '../model/interval.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { type CandleRow, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { asOne, failureFor, isNothing, membersOf, toldIn } from '../provider/failure.js'
import { assetsOf, asTicker, marketOf, onlyMarketOf, percentOf, type Prices, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import { type MovedMarket, moversOf } from '../provider/market/movers.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowOf, rowsOf } from '../provider/rows.js'

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
          parse: (body, { symbol }, { native }) => tickerOf(oneOf(body, symbol, native), symbol),
        },
        tickers: {
          request: ({ symbols }, { native }) => ({ ...pathOf('get-tickers'), query: { instrument_name: onlyMarketOf(symbols, native, '_') } }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(dataOf(body).map((row) => [row.i, row]))
            return tickersOf(symbols, (symbol) => traded(rows.get(marketOf(symbol, native, '_')), 'a', null), tickerOf)
          },
        },
        candles: {
          request: (params, { native }) => candlesRequest(params, native),
          parse: (body, params, { now }) => candlesOf(dataOf(body).map(candleRow), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => TIMEFRAMES[interval] !== undefined && limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('get-tickers', symbol, native),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(oneOf(body, symbol, native), symbol)),
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('get-book', symbol, native, { depth }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(dataOf(body)[0], 'book')
            return known<OrderBook>({ ...pairOf(symbol), ...levelsOf(book, depth), asOf: read.optional(read.millis, book.t, 't') })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('get-trades', symbol, native, { count: limit }),
          // newest first
          parse: (body, params) => tradesOf(dataOf(body).map(tradeRow).toReversed(), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => pathOf('get-instruments'),
          parse: (body, params) => assetsOf(basesOf(dataOf(body)), params),
        },
        movers: {
          request: () => pathOf('get-tickers'),
          parse: (body, params) => moversOf(dataOf(body).map(movedMarket), params),
        },
      },
      failure({ status, body }, question) {
        const asked = asOne(question)
        const { code: number, message: text, result } = membersOf(body)
        const { code, message } = toldIn(number, text)
        if (code !== '' && code !== '0') return failureFor(REASONS.get(code), message, status, asked)
        if (status === 404) return { reason: 'bad-response', message: 'no such path' }
        return isNothing(membersOf(result).data, asked) ? { reason: 'not-found' } : undefined
      },
    },
    options,
  )
}

// https://exchange-developer.crypto.com/exchange/v1/docs/api/rest-common-api-reference, read November 2026. 40004 says "Invalid
// instrument_name", and the like of other parameters, of which a caller chooses only the instrument freely.
const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ['206', 'not-found'],
  ['208', 'not-found'],
  ['209', 'not-found'],
  ['30003', 'not-found'],
  ['40004', 'not-found'],
  ['40401', 'not-found'],
  ['42901', 'rate-limited'],
  ['40801', 'unavailable'],
  ['50001', 'unavailable'],
  ['40002', 'bad-response'],
])

const pathOf = (method: string): HttpRequest => ({ path: `exchange/v1/public/${method}` })

const requestOf = (method: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  ...pathOf(method),
  query: { instrument_name: marketOf(symbol, native, '_'), ...query },
})

/** Whether both ends are inclusive is not documented: a millisecond less makes the start so, and lets the end never be one candle too many. */
function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds): HttpRequest {
  const timeframe = TIMEFRAMES[interval]
  if (since === undefined) return requestOf('get-candlestick', symbol, native, { timeframe, count: limit })
  return requestOf('get-candlestick', symbol, native, {
    timeframe,
    count: MAX_CANDLES,
    start_ts: Math.ceil(since) - 1,
    end_ts: endOf(since, interval, limit) - 1,
  })
}

const dataOf = (body: unknown): Row[] => rowsOf(read.object(read.object(body, 'body').result, 'result').data, 'data')
const oneOf = (body: unknown, symbol: string, native: NativeIds): Row => rowOf(dataOf(body), 'i', marketOf(symbol, native, '_'))

/** `a` is the last price, `b` and `k` the best bid and ask, `c` the change as a fraction, `vv` the turnover in dollars, whatever the quote. */
const pricesOf = (row: Row): Prices => ({
  price: row.a,
  bid: row.b,
  ask: row.k,
  low24h: row.l,
  high24h: row.h,
  changePercent: percentOf(row.c, 'c'),
  volume: row.v,
  turnover: row.vv,
})

function tickerOf(row: Row, symbol: string): Ticker {
  const prices = pricesOf(row)
  const turnover = pairOf(symbol).quote === 'USD' ? prices.turnover : undefined
  return asTicker({ ...prices, turnover, asOf: read.optional(read.millis, row.t, 't') }, pairOf(symbol))
}

const candleRow = ({ t, o, h, l, c, v }: Row): CandleRow => ({ openTime: read.millis(t, 't'), open: o, high: h, low: l, close: c, volume: read.amount(v, 'v') })

/** The side is the taker's. */
const tradeRow = ({ d, p, q, s, t }: Row): TradeRow => ({ id: d, price: p, amount: q, side: s, at: read.millis(t, 't') })

/** Among perpetuals and futures. */
const basesOf = (instruments: readonly Row[]): string[] =>
  instruments.filter(({ inst_type, tradable = true }) => inst_type === 'CCY_PAIR' && tradable === true).map(({ base_ccy }) => read.string(base_ccy, 'base_ccy'))

/** Of the dollar markets the USD ones; perpetuals are called BTCUSD-PERP. */
const movedMarket = (row: Row): MovedMarket => ({ ...pricesOf(row), base: /^(.+)_USD$/.exec(read.string(row.i, 'i'))?.[1] })
