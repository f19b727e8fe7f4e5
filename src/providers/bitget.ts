import type { FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { endOf, INTERVAL_MS, type Interval } from '../model/interval.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { type CandleRow, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { asOne, failureFor, isNothing, isOfOne, membersOf, toldIn } from '../provider/failure.js'
import { assetsOf, asTicker, marketOf, onlyMarketOf, percentOf, type Prices, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import { type MovedMarket, moversOf } from '../provider/market/movers.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowOf, rowsOf } from '../provider/rows.js'

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
          parse: (body, { symbol }, { native }) => tickerOf(oneOf(body, symbol, native), symbol),
        },
        tickers: {
          request: ({ symbols }, { native }) => ({ path: 'api/v2/spot/market/tickers', query: { symbol: onlyMarketOf(symbols, native, '') } }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(marketsOf(body).map((row) => [row.symbol, row]))
            return tickersOf(symbols, (symbol) => traded(rows.get(marketOf(symbol, native, '')), 'lastPr', ''), tickerOf)
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
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(oneOf(body, symbol, native), symbol)),
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
          parse: (body, params) => assetsOf(basesOf(marketsOf(body)), params),
        },
        movers: {
          request: () => ({ path: 'api/v2/spot/market/tickers' }),
          parse: (body, params) => moversOf(marketsOf(body).map(movedMarket), params),
        },
      },
      failure({ status, body }, question) {
        const asked = asOne(question)
        const { code: number, msg, data } = membersOf(body)
        const { code, message } = toldIn(number, msg)
        if (status === 404) return { reason: 'bad-response', message }
        if (code !== '' && code !== '00000') return failureFor(REASONS.get(code), message, status, asked)
        return (data === null && isOfOne(asked)) || isNothing(data, asked) ? { reason: 'not-found' } : undefined
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

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v2/spot/market/${what}`,
  query: { symbol: marketOf(symbol, native, ''), ...query },
})

function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds, now: number): HttpRequest {
  const granularity = GRANULARITIES[interval]
  if (since === undefined) return requestOf('candles', symbol, native, { granularity, limit })
  const endTime = endOf(since, interval, limit)
  return since < now - (REACH[interval] ?? LONG_REACH) * DAY_MS
    ? requestOf('history-candles', symbol, native, { granularity, limit, endTime })
    : requestOf('candles', symbol, native, { granularity, limit: MAX_CANDLES, startTime: Math.ceil(since), endTime })
}

const dataOf = (body: unknown): unknown[] => read.array(read.object(body, 'body').data, 'data')
const marketsOf = (body: unknown): Row[] => rowsOf(dataOf(body), 'data')
const oneOf = (body: unknown, symbol: string, native: NativeIds): Row => rowOf(marketsOf(body), 'symbol', marketOf(symbol, native, ''))

/** `open` is of 24 h ago; that of the day is `openUtc`. `change24h` is a fraction. */
const pricesOf = (row: Row): Prices => ({
  price: row.lastPr,
  bid: row.bidPr,
  ask: row.askPr,
  open24h: row.open,
  low24h: row.low24h,
  high24h: row.high24h,
  changePercent: percentOf(row.change24h, 'change24h'),
  volume: row.baseVolume,
  turnover: row.quoteVolume,
})

const tickerOf = (row: Row, symbol: string): Ticker => asTicker({ ...pricesOf(row), asOf: read.optional(read.millis, row.ts, 'ts') }, pairOf(symbol))

/** Of the last two one is in the quote, one in USDT; which is which the documentation tells both ways. */
function candleRow(row: unknown): CandleRow {
  const [time, open, high, low, close, volume, inQuote, inDollars] = read.array(row, 'candle')
  const quoteVolume = inQuote === inDollars ? read.optional(read.amount, inQuote, 'quote volume') : undefined
  return { openTime: read.millis(time, 'ts'), open, high, low, close, volume: read.amount(volume, 'base volume'), quoteVolume }
}

/** Whose side it is is not documented; as with others, the taker's. */
function tradeRow(row: unknown): TradeRow {
  const { tradeId: id, price, size, side, ts } = read.object(row, 'trade')
  return { id, price, amount: size, side, at: read.millis(ts, 'ts') }
}

const basesOf = (markets: readonly Row[]): string[] =>
  markets.filter(({ status = 'online' }) => status === 'online').map(({ baseCoin }) => read.string(baseCoin, 'baseCoin'))

const movedMarket = (row: Row): MovedMarket => ({ ...pricesOf(row), base: /^(.+)USDT$/.exec(read.string(row.symbol, 'symbol'))?.[1] })
