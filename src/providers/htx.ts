import type { FailureReason } from '../errors.js'
import { DEFAULT_CANDLES } from '../model/capabilities.js'
import { INTERVAL_MS, type Interval } from '../model/interval.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { type CandleRow, candlesOf, reaching } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { failureFor, isNothing, membersOf } from '../provider/failure.js'
import { assetsOf, asTicker, marketOf, type Prices, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

/** What HTX can be asked. */
export type HtxCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets'

// Days, weeks and months are left out: they begin at midnight in Singapore, https://huobiapi.github.io/docs/spot/v1/cn/#k, read November 2026.
const PERIODS: Partial<Record<Interval, string>> = { '1m': '1min', '5m': '5min', '15m': '15min', '30m': '30min', '1h': '60min', '4h': '4hour' }
const MAX_ROWS = 2_000
const BOOK_SIZES = [5, 10, 20]
/** Levels that come where no number is asked. */
const MAX_LEVELS = 150

/** Spot market data of HTX, once Huobi. No key needed. */
export function htx(options: ProviderOptions = {}): Provider<HtxCapability> {
  return defineProvider<HtxCapability>(
    {
      id: 'htx',
      name: 'HTX',
      homepage: 'https://www.htx.com',
      docs: 'https://www.htx.com/en-us/opend/newApiPages/',
      hosts: ['https://api.huobi.pro'],
      limits: [{ requests: 10, perMs: 1_000, scope: 'ip' }], // the strictest, of trades, is 3,000 in 5 minutes
      blockedRegions: ['US'],
      dollarQuote: 'USDT',
      probe: { capability: 'ticker', params: { symbol: 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('detail/merged', symbol, native),
          parse: (body, { symbol }) => rollingTickerOf(body, symbol),
        },
        tickers: {
          request: () => ({ path: 'market/tickers' }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(dataOf(body).map((row) => [row.symbol, row]))
            const find = (symbol: string) => traded(rows.get(nameOf(symbol, native)), 'close')
            return tickersOf(symbols, find, (row, symbol) => asTicker(pricesOf(row, body), pairOf(symbol)))
          },
        },
        candles: {
          // there are only the newest ones: so many that they reach back to `since`
          request: ({ symbol, interval, limit = DEFAULT_CANDLES, since }, { native, now }) => {
            const size = since === undefined ? limit : Math.ceil((now - since) / INTERVAL_MS[interval]) + 1
            return requestOf('history/kline', symbol, native, { period: PERIODS[interval], size: Math.min(Math.max(size, 1), MAX_ROWS) })
          },
          parse: (body, params, { now }) => candlesOf(reaching(dataOf(body).map(candleRow), params, MAX_ROWS, 'htx'), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => PERIODS[interval] !== undefined && limit <= MAX_ROWS,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('detail/merged', symbol, native),
          parse: (body, { symbol }) => volumeOf(rollingTickerOf(body, symbol)),
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) =>
            requestOf('depth', symbol, native, { type: 'step0', depth: BOOK_SIZES.find((size) => size >= depth) }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = tickOf(body)
            return known<OrderBook>({
              ...pairOf(symbol),
              ...levelsOf(book, depth),
              asOf: read.optional(read.millis, book.ts, 'ts'),
              sequence: read.optional(read.amount, book.version, 'version'),
            })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          // each of the rows holds the trades of one moment
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('history/trade', symbol, native, { size: limit }),
          // newest first
          parse: (body, params) =>
            tradesOf(
              dataOf(body)
                .flatMap(({ data }) => read.array(data, 'trades').map(tradeRow))
                .toReversed(),
              params,
            ),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_ROWS,
        },
        assets: {
          request: () => ({ path: 'v2/settings/common/symbols' }),
          parse: (body, params) => assetsOf(basesOf(dataOf(body)), params),
        },
      },
      failure({ status, body }, asked) {
        const { status: said, 'err-code': code, 'err-msg': text, data } = membersOf(body)
        if (said !== 'error') {
          if (status === 404) return { reason: 'bad-response', message: 'no such path' }
          return isNothing(data, asked) ? { reason: 'not-found' } : undefined
        }
        // the code `invalid-parameter` is general, its text says which one
        return failureFor(REASONS.get(text) ?? REASONS.get(code), typeof text === 'string' ? text : undefined, status, asked)
      },
    },
    options,
  )
}

// Told inside a 200: https://huobiapi.github.io/docs/spot/v1/en/#error-code, read November 2026.
const REASONS: ReadonlyMap<unknown, FailureReason> = new Map([
  ['base-symbol-error', 'not-found'],
  ['invalid symbol', 'not-found'],
  ['symbol trade not open now', 'not-found'],
  ['rate-too-many-requests', 'rate-limited'],
  ['base-request-exceed-frequency-limit', 'rate-limited'],
  ['request limit', 'rate-limited'],
  ['system-maintenance', 'unavailable'],
  ['gateway-internal-error', 'unavailable'],
  ['base-system-error', 'unavailable'],
  ['request timeout', 'unavailable'],
  ['timeout', 'unavailable'],
])

const nameOf = (symbol: string, native: NativeIds): string => marketOf(symbol, native, '').toLowerCase()

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `market/${what}`,
  query: { symbol: nameOf(symbol, native), ...query },
})

const tickOf = (body: unknown): Row => read.object(read.object(body, 'body').tick, 'tick')
const dataOf = (body: unknown): Row[] => rowsOf(read.object(body, 'body').data, 'data')

/** Best price of a side: alone, or in front of its amount. */
const bestOf = (side: unknown): unknown => (Array.isArray(side) ? side[0] : side)

/**
 * `amount` is of the base, `vol` of the quote. In the list of all markets both are of 24 h, while `open`, `high` and `low` are of
 * the day in Singapore (https://huobiapi.github.io/docs/spot/v1/cn/#tickers, read November 2026): so there is no change from there.
 */
const pricesOf = (row: Row, body: unknown): Prices => ({
  price: row.close,
  bid: bestOf(row.bid),
  ask: bestOf(row.ask),
  low24h: row.low,
  high24h: row.high,
  volume: row.amount,
  turnover: row.vol,
  asOf: read.optional(read.millis, read.object(body, 'body').ts, 'ts'),
})

/** Of one market alone, all figures are of 24 h. */
function rollingTickerOf(body: unknown, symbol: string): Ticker {
  const tick = tickOf(body)
  return asTicker({ ...pricesOf(tick, body), open24h: tick.open }, pairOf(symbol))
}

function candleRow({ id, open, high, low, close, amount, vol }: Row): CandleRow {
  return {
    openTime: read.seconds(id, 'id'),
    open,
    high,
    low,
    close,
    volume: read.amount(amount, 'amount'),
    quoteVolume: read.optional(read.amount, vol, 'vol'),
  }
}

/** `id` has more digits than a number holds. */
function tradeRow(row: unknown): TradeRow {
  const { 'trade-id': id, price, amount, direction, ts } = read.object(row, 'trade')
  return { id, price, amount, side: direction, at: read.millis(ts, 'ts') }
}

const basesOf = (symbols: readonly Row[]): string[] => symbols.filter(({ state }) => state === 'online').map(({ bc }) => read.string(bc, 'bc'))
