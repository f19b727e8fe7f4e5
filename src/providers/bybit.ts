import type { FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { endOf, type Interval } from '../model/interval.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { type CandleRow, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { asOne, failureFor, isNothing, membersOf, toldIn } from '../provider/failure.js'
import { assetsOf, asTicker, marketOf, onlyMarketOf, percentOf, type Prices, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import { type MovedMarket, moversOf } from '../provider/market/movers.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowOf, rowsOf } from '../provider/rows.js'

/** What Bybit can be asked. */
export type BybitCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

// Minutes, or a letter: https://bybit-exchange.github.io/docs/v5/market/kline, read November 2026. Weeks start on Monday, unverified.
const INTERVALS: Readonly<Record<Interval, string>> = {
  '1m': '1',
  '3m': '3',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '2h': '120',
  '4h': '240',
  '6h': '360',
  '12h': '720',
  '1d': 'D',
  '1w': 'W',
  '1M': 'M',
}
const MAX_CANDLES = 1_000
const MAX_LEVELS = 1_000
const MAX_TRADES = 60
/** A 403 is lifted by itself after at least so long, if nothing is sent meanwhile: https://bybit-exchange.github.io/docs/v5/rate-limit */
const BAN_MS = 600_000

/** Spot market data of Bybit. No key needed. */
export function bybit(options: ProviderOptions = {}): Provider<BybitCapability> {
  return defineProvider<BybitCapability>(
    {
      id: 'bybit',
      name: 'Bybit',
      homepage: 'https://www.bybit.com',
      docs: 'https://bybit-exchange.github.io/docs/v5/rate-limit',
      verifiedOn: '2026-11-21',
      hosts: ['https://api.bybit.com', 'https://api.bytick.com'],
      hostOrder: 'in-order',
      hostTimeoutMs: 2_000,
      limits: [{ requests: 600, perMs: 5_000, scope: 'ip' }], // over all hosts
      dollarQuote: 'USDT',
      blockedRegions: ['US'],
      probe: { capability: 'ticker', params: { symbol: 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('tickers', { symbol: marketOf(symbol, native, '') }),
          parse: (body, { symbol }, { native }) => tickerOf(oneOf(body, symbol, native), symbol, body),
        },
        tickers: {
          request: ({ symbols }, { native }) => requestOf('tickers', { symbol: onlyMarketOf(symbols, native, '') }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(marketsOf(body).map((row) => [row.symbol, row]))
            const find = (symbol: string) => traded(rows.get(marketOf(symbol, native, '')), 'lastPrice', '')
            return tickersOf(symbols, find, (row, symbol) => tickerOf(row, symbol, body))
          },
        },
        candles: {
          request: (params, { native }) => requestOf('kline', candlesQuery(params, native)),
          parse: (body, params, { now }) => candlesOf(listOf(body).map(candleRow), params, now),
          supports: ({ limit = DEFAULT_CANDLES }) => limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('tickers', { symbol: marketOf(symbol, native, '') }),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(oneOf(body, symbol, native), symbol, body)),
        },
        orderBook: {
          // without a limit one level comes
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('orderbook', { symbol: marketOf(symbol, native, ''), limit: depth }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const { b, a, ts, u } = resultOf(body)
            const levels = levelsOf({ bids: b, asks: a }, depth)
            return known<OrderBook>({
              ...pairOf(symbol),
              ...levels,
              asOf: read.optional(read.millis, ts, 'ts'),
              sequence: read.optional(read.amount, u, 'u'),
            })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = MAX_TRADES }, { native }) => requestOf('recent-trade', { symbol: marketOf(symbol, native, ''), limit }),
          // newest first
          parse: (body, params) => tradesOf(listOf(body).map(tradeRow).toReversed(), params),
          supports: ({ limit = MAX_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => requestOf('instruments-info'),
          parse: (body, params) => assetsOf(basesOf(marketsOf(body)), params),
        },
        movers: {
          request: () => requestOf('tickers'),
          parse: (body, params) => moversOf(marketsOf(body).map(movedMarket), params),
        },
      },
      failure({ status, body }, asked) {
        if (typeof body === 'string') return status === 403 ? refusal(body) : undefined
        const { retCode, retMsg, result } = membersOf(body)
        const { code, message } = toldIn(retCode, retMsg)
        if (code === '' && status === 403) return refusal(JSON.stringify(body))
        if (code === '' || code === '0') return isNothing(membersOf(result).list, asOne(asked)) ? { reason: 'not-found' } : undefined
        return code === '10018' ? { reason: 'rate-limited', message, retryAfterMs: BAN_MS } : failureFor(REASONS.get(code), message, status, asOne(asked))
      },
    },
    options,
  )
}

// https://bybit-exchange.github.io/docs/v5/error, read November 2026. 10001 says that a parameter is wrong, of which a caller
// chooses only the symbol freely.
const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ['10001', 'not-found'],
  ['10029', 'not-found'],
  ['170121', 'not-found'],
  ['10006', 'rate-limited'],
  ['10429', 'rate-limited'],
  ['10009', 'geo-blocked'], // the address is banned: no wait of minutes helps
  ['10024', 'geo-blocked'], // regulatory restrictions
  ['10000', 'unavailable'],
  ['10016', 'unavailable'],
  ['10017', 'bad-response'], // no such path
])

/** A 403 comes without a code: too many calls, or CloudFront's page for the United States. */
function refusal(text: string): { reason: FailureReason; retryAfterMs?: number; message?: string } | undefined {
  if (/too frequent/i.test(text)) return { reason: 'rate-limited', retryAfterMs: BAN_MS, message: 'access too frequent' }
  return /from your country/i.test(text) ? { reason: 'geo-blocked' } : undefined
}

/** Without a category it would be about perpetuals. */
const requestOf = (what: string, query?: HttpRequest['query']): HttpRequest => ({ path: `v5/market/${what}`, query: { category: 'spot', ...query } })

/** Fenced from both sides: with `start` alone the newest candles would come, not the ones next to it (unverified). */
function candlesQuery({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds): HttpRequest['query'] {
  const query = { symbol: marketOf(symbol, native, ''), interval: INTERVALS[interval], limit }
  return since === undefined ? query : { ...query, start: Math.ceil(since), end: endOf(since, interval, limit) - 1 }
}

const resultOf = (body: unknown): Row => read.object(read.object(body, 'body').result, 'result')
const listOf = (body: unknown): unknown[] => read.array(resultOf(body).list, 'list')
const marketsOf = (body: unknown): Row[] => rowsOf(resultOf(body).list, 'list')
const oneOf = (body: unknown, symbol: string, native: NativeIds): Row => rowOf(marketsOf(body), 'symbol', marketOf(symbol, native, ''))

/** `price24hPcnt` is a fraction. */
const pricesOf = (row: Row): Prices => ({
  price: row.lastPrice,
  bid: row.bid1Price,
  ask: row.ask1Price,
  open24h: row.prevPrice24h,
  low24h: row.lowPrice24h,
  high24h: row.highPrice24h,
  changePercent: percentOf(row.price24hPcnt, 'price24hPcnt'),
  volume: row.volume24h,
  turnover: row.turnover24h,
})

/** A row has no time of its own, the answer has. */
const tickerOf = (row: Row, symbol: string, body: unknown): Ticker =>
  asTicker({ ...pricesOf(row), asOf: read.optional(read.millis, read.object(body, 'body').time, 'time') }, pairOf(symbol))

function candleRow(row: unknown): CandleRow {
  const [time, open, high, low, close, volume, turnover] = read.array(row, 'kline')
  return {
    openTime: read.millis(time, 'startTime'),
    open,
    high,
    low,
    close,
    volume: read.amount(volume, 'volume'),
    quoteVolume: read.optional(read.amount, turnover, 'turnover'),
  }
}

/** `side` is the taker's. */
function tradeRow(row: unknown): TradeRow {
  const { execId: id, price, size, side, time } = read.object(row, 'trade')
  return { id, price, amount: size, side, at: read.millis(time, 'time') }
}

const basesOf = (markets: readonly Row[]): string[] =>
  markets.filter(({ status = 'Trading' }) => status === 'Trading').map(({ baseCoin }) => read.string(baseCoin, 'baseCoin'))

const movedMarket = (row: Row): MovedMarket => ({ ...pricesOf(row), base: /^(.+)USDT$/.exec(read.string(row.symbol, 'symbol'))?.[1] })
