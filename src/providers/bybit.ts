import { BadResponseError, type FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { closesAt, type Interval, opensAt } from '../model/interval.js'
import type { OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import {
  assetsOf,
  type CandleRow,
  candlesOf,
  changeOf,
  DEFAULT_DEPTH,
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

type Row = Record<string, unknown>

/** Spot market data of Bybit. No key needed. */
export function bybit(options: ProviderOptions = {}): Provider<BybitCapability> {
  return defineProvider<BybitCapability>(
    {
      id: 'bybit',
      name: 'Bybit',
      homepage: 'https://www.bybit.com',
      docs: 'https://bybit-exchange.github.io/docs/v5/rate-limit',
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
          parse: (body, { symbol }, { native }) => tickerOf(rowOf(body, symbol, native), symbol, body),
        },
        tickers: {
          request: () => requestOf('tickers'),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body).map((row) => [row.symbol, row]))
            return symbols.flatMap((symbol) => {
              const row = rows.get(marketOf(symbol, native, ''))
              // a new market has no price before its first trade
              return row && row.lastPrice !== '' && read.amount(row.lastPrice, 'lastPrice') > 0 ? [tickerOf(row, symbol, body)] : []
            })
          },
        },
        candles: {
          request: (params, { native }) => requestOf('kline', candlesQuery(params, native)),
          parse: (body, params, { now }) => candlesOf(listOf(body).map(candleRow), params, now),
          supports: ({ limit = DEFAULT_CANDLES }) => limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('tickers', { symbol: marketOf(symbol, native, '') }),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(rowOf(body, symbol, native), symbol, body)),
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
          parse: (body, params) => assetsOf(basesOf(rowsOf(body)), params),
        },
        movers: {
          request: () => requestOf('tickers'),
          parse: (body, params) => moversOf(rowsOf(body).map(movedMarket), params),
        },
      },
      failure({ status, body }, asked) {
        if (typeof body === 'string') return status === 403 ? refusal(body) : undefined
        const { retCode, retMsg, result }: Row = typeof body === 'object' && body !== null ? (body as Row) : {}
        const code = typeof retCode === 'number' || typeof retCode === 'string' ? String(retCode) : ''
        const message = `${code} ${typeof retMsg === 'string' ? retMsg : ''}`.trim()
        if (code === '' && status === 403) return refusal(JSON.stringify(body))
        if (code === '' || code === '0') return isNothing(result, asked) ? { reason: 'not-found' } : undefined
        const reason = UNKNOWN_SYMBOL.has(code) ? (isOfOne(asked) ? 'not-found' : 'bad-request') : REASONS.get(code)
        if (reason === undefined) return status >= 400 ? undefined : { reason: 'bad-request', message }
        return { reason, message, retryAfterMs: code === '10018' ? BAN_MS : undefined }
      },
    },
    options,
  )
}

// https://bybit-exchange.github.io/docs/v5/error, read November 2026. 10001 says that a parameter is wrong, of which a caller
// chooses only the symbol freely.
const UNKNOWN_SYMBOL: ReadonlySet<string> = new Set(['10001', '10029', '170121'])
const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ['10006', 'rate-limited'],
  ['10018', 'rate-limited'],
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

type Asked = { readonly capability: BybitCapability; readonly params: object }

const isOfOne = ({ capability }: Asked): boolean => capability !== 'tickers' && capability !== 'assets' && capability !== 'movers'

/** Whether a list without rows means that there is no such market: candles may be missing only since a time. */
function isNothing(result: unknown, asked: Asked): boolean {
  const list = typeof result === 'object' && result !== null && 'list' in result ? result.list : undefined
  if (!isOfOne(asked) || !Array.isArray(list) || list.length > 0) return false
  return !('since' in asked.params && asked.params.since !== undefined)
}

/** Without a category it would be about perpetuals. */
const requestOf = (what: string, query?: HttpRequest['query']): HttpRequest => ({ path: `v5/market/${what}`, query: { category: 'spot', ...query } })

/** Fenced from both sides: with `start` alone the newest candles would come, not the ones next to it (unverified). */
function candlesQuery({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds): HttpRequest['query'] {
  const query = { symbol: marketOf(symbol, native, ''), interval: INTERVALS[interval], limit }
  if (since === undefined) return query
  let end = opensAt(since, interval)
  if (end < since) end = closesAt(end, interval)
  for (let i = 0; i < limit; i++) end = closesAt(end, interval)
  return { ...query, start: Math.ceil(since), end: end - 1 }
}

const resultOf = (body: unknown): Row => read.object(read.object(body, 'body').result, 'result')
const listOf = (body: unknown): unknown[] => read.array(resultOf(body).list, 'list')
const rowsOf = (body: unknown): Row[] => listOf(body).map((row) => read.object(row, 'list'))

function rowOf(body: unknown, symbol: string, native: NativeIds): Row {
  const row = rowsOf(body).find((one) => one.symbol === marketOf(symbol, native, ''))
  if (row === undefined) throw new BadResponseError('symbol: the asked one expected, got others')
  return row
}

/** A row has no time of its own, the answer has. */
function tickerOf(row: Row, symbol: string, body: unknown): Ticker {
  const last = read.positive(row.lastPrice, 'lastPrice')
  const open24h = read.positiveOrNone(row.prevPrice24h, 'prevPrice24h')
  return known<Ticker>({
    ...pairOf(symbol),
    last,
    bid: read.positiveOrNone(row.bid1Price, 'bid1Price'),
    ask: read.positiveOrNone(row.ask1Price, 'ask1Price'),
    open24h,
    ...rangeOf(row.lowPrice24h, row.highPrice24h),
    change24hPercent: percentOf(row),
    ...changeOf(last, open24h),
    volume24h: read.optional(read.amount, row.volume24h, 'volume24h'),
    quoteVolume24h: read.optional(read.amount, row.turnover24h, 'turnover24h'),
    asOf: read.optional(read.millis, read.object(body, 'body').time, 'time'),
  })
}

/** A fraction there: 0.0068 is 0.68 %. */
function percentOf({ price24hPcnt }: Row): number | undefined {
  const fraction = read.optional(read.number, price24hPcnt, 'price24hPcnt')
  return fraction === undefined ? undefined : read.number(fraction * 100, 'price24hPcnt')
}

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
  return { id, price, amount: size, side: side === 'Buy' ? 'buy' : side === 'Sell' ? 'sell' : undefined, at: read.millis(time, 'time') }
}

const basesOf = (markets: readonly Row[]): string[] =>
  markets.filter(({ status = 'Trading' }) => status === 'Trading').map(({ baseCoin }) => read.string(baseCoin, 'baseCoin'))

const movedMarket = (row: Row): MovedMarket => ({
  base: /^(.+)USDT$/.exec(read.string(row.symbol, 'symbol'))?.[1],
  price: read.positiveOrNone(row.lastPrice, 'lastPrice'),
  change: percentOf(row),
  turnover: read.optional(read.amount, row.turnover24h, 'turnover24h'),
})
