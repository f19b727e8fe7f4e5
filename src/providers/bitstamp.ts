import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { firstOpen, INTERVAL_MS, type Interval } from '../model/interval.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { type CandleRow, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { isOfOne, membersOf } from '../provider/failure.js'
import { assetsOf, asTicker, marketOf, type Prices, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import { type MovedMarket, moversOf } from '../provider/market/movers.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

/** What Bitstamp can be asked. */
export type BitstampCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

// Steps go up to three days, of which none makes a week: https://www.bitstamp.net/api/#tag/Market-info/operation/GetOHLCData, read November 2026.
const LACKING: ReadonlySet<Interval> = new Set(['1w', '1M'])
const MAX_CANDLES = 1_000
/** No number can be asked: there are the trades of the last hour. */
const MAX_TRADES = 1_000

/** Spot market data of Bitstamp, real dollars. No key needed. */
export function bitstamp(options: ProviderOptions = {}): Provider<BitstampCapability> {
  return defineProvider<BitstampCapability>(
    {
      id: 'bitstamp',
      name: 'Bitstamp',
      homepage: 'https://www.bitstamp.net',
      docs: 'https://www.bitstamp.net/api/',
      hosts: ['https://www.bitstamp.net'],
      limits: [
        { requests: 400, perMs: 1_000, scope: 'ip' },
        { requests: 8_000, perMs: 600_000, scope: 'ip' }, // as of old; by now 10,000 are promised
      ],
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }) => tickerOf(read.object(body, 'ticker'), symbol),
        },
        tickers: {
          request: () => listOf('ticker'),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(spotOf(body).map((row) => [row.pair, row]))
            return tickersOf(symbols, (symbol) => traded(rows.get(marketOf(symbol, native, '/')), 'last'), tickerOf)
          },
        },
        candles: {
          request: (params, { native }) => candlesRequest(params, native),
          parse: (body, params, { now }) => {
            const { ohlc } = read.object(read.object(body, 'ohlc').data, 'data')
            return candlesOf(read.array(ohlc, 'ohlc').map(candleRow), params, now)
          },
          supports: ({ interval, limit = DEFAULT_CANDLES }) => !LACKING.has(interval) && limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }) => volumeOf(tickerOf(read.object(body, 'ticker'), symbol)),
        },
        orderBook: {
          request: ({ symbol }, { native }) => requestOf('order_book', symbol, native),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(body, 'order_book')
            const asOf = read.optional(microseconds, book.microtimestamp, 'microtimestamp')
            return known<OrderBook>({ ...pairOf(symbol), ...levelsOf(book, depth), asOf })
          },
        },
        trades: {
          request: ({ symbol }, { native }) => requestOf('transactions', symbol, native, { time: 'hour' }),
          // newest first
          parse: (body, params) => tradesOf(read.array(body, 'transactions').map(tradeRow).toReversed(), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => listOf('markets'),
          parse: (body, params) => assetsOf(basesOf(spotOf(body)), params),
        },
        movers: {
          request: () => listOf('ticker'),
          parse: (body, params) => moversOf(spotOf(body).map(movedMarket), params),
        },
      },
      failure({ status, body }, asked) {
        // the ticker of an unknown pair is that of all of them; elsewhere it is a path that is not there
        if (Array.isArray(body) && (asked.capability === 'ticker' || asked.capability === 'volume')) return { reason: 'not-found' }
        if (status === 404) return { reason: isOfOne(asked) ? 'not-found' : 'bad-response' }
        const { status: said, reason: text, code, response_code: other } = membersOf(body)
        const message = typeof text === 'string' ? text : undefined
        if (RATE_LIMITED.has(code) || RATE_LIMITED.has(other)) return { reason: 'rate-limited', message }
        if (said !== 'error' || status >= 400) return undefined
        return { reason: message?.includes('under scheduled maintenance') ? 'unavailable' : 'bad-request', message }
      },
    },
    options,
  )
}

// https://www.bitstamp.net/api/#section/Response-codes, read November 2026: of all calls, of a client, of a market.
const RATE_LIMITED: ReadonlySet<unknown> = new Set(['400.002', '400.067', '400.068'])

// Without the slash at the end there is a redirection.
const listOf = (what: string): HttpRequest => ({ path: `api/v2/${what}/` })

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v2/${what}/${encodeURIComponent(marketOf(symbol, native, '').toLowerCase())}/`,
  query,
})

/** Of `start` and `end` only the end would count: the number of candles fences them. */
function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds): HttpRequest {
  const start = since === undefined ? undefined : firstOpen(since, interval) / 1_000
  return requestOf('ohlc', symbol, native, { step: INTERVAL_MS[interval] / 1_000, limit, start })
}

const microseconds = (value: unknown, at: string): number => read.millis(read.number(value, at) / 1_000, at)

/** The lists hold perpetual contracts too. */
const spotOf = (body: unknown): Row[] => rowsOf(body, 'markets').filter(({ market_type: type = 'SPOT' }) => type === 'SPOT')

/** The average price is weighted by volume: both together are the turnover. */
function turnoverOf({ volume, vwap }: Row): number | undefined {
  const [amount, price] = [read.optional(read.amount, volume, 'volume'), read.positiveOrNone(vwap, 'vwap')]
  return amount === undefined || price === undefined ? undefined : amount * price
}

/** `open` is that of the day, `open_24` that of 24 h ago. */
const pricesOf = (row: Row): Prices => ({
  price: row.last,
  bid: row.bid,
  ask: row.ask,
  open24h: row.open_24,
  low24h: row.low,
  high24h: row.high,
  volume: row.volume,
  turnover: turnoverOf(row),
})

const tickerOf = (row: Row, symbol: string): Ticker =>
  asTicker({ ...pricesOf(row), asOf: read.optional(read.seconds, row.timestamp, 'timestamp') }, pairOf(symbol))

function candleRow(row: unknown): CandleRow {
  const { timestamp, open, high, low, close, volume } = read.object(row, 'candle')
  return { openTime: read.seconds(timestamp, 'timestamp'), open, high, low, close, volume: read.amount(volume, 'volume') }
}

// The taker's; a text, or a number.
const SIDES: ReadonlyMap<unknown, 'buy' | 'sell'> = new Map<unknown, 'buy' | 'sell'>([
  ['0', 'buy'],
  [0, 'buy'],
  ['1', 'sell'],
  [1, 'sell'],
])

function tradeRow(row: unknown): TradeRow {
  const { tid: id, price, amount, type, date } = read.object(row, 'transaction')
  return { id, price, amount, side: SIDES.get(type), at: read.seconds(date, 'date') }
}

const basesOf = (markets: readonly Row[]): string[] =>
  markets.filter(({ trading }) => trading === 'Enabled').map(({ base_currency: base }) => read.string(base, 'base_currency'))

/** Euros and pounds are traded against the dollar too, and are no assets that move. */
const movedMarket = (row: Row): MovedMarket => ({ ...pricesOf(row), base: /^(?!(?:EUR|GBP)\/)(.+)\/USD$/.exec(read.string(row.pair, 'pair'))?.[1] })
