import { BadResponseError } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { closesAt } from '../model/interval.js'
import type { Asset, AssetMarket, Candle, OrderBook, Ticker, Trade, Volume } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { BINANCE_HOSTS } from '../provider/binance-hosts.js'
import { defineProvider } from '../provider/define-provider.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

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
const DEFAULT_DEPTH = 20
const DEFAULT_TRADES = 100
/** Pairs below this 24 h turnover, in USDT, are no movers: a single order moves them. */
const MOVERS_FLOOR = 100_000
/** BTCUP, ETH3L: the token of a bet on what stands before it. Only where that is traded too, or JUP and SYRUP would go with them. */
const LEVERAGED = /^(.+?)(?:UP|DOWN|BULL|BEAR|\d[LS])$/
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
      hosts: BINANCE_HOSTS[region],
      hostOrder: 'round-robin',
      hostTimeoutMs: 800,
      limits: [{ cost: us ? 1_200 : 6_000, perMs: 60_000, scope: 'ip' }], // US: unverified, its weights are not above these
      ...(!us && { dollarQuote: 'USDT' }),
      probe: { capability: 'ticker', params: { symbol: us ? 'BTC/USD' : 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('ticker/24hr', symbol, native),
          parse: (body, { symbol }, { native }) => tickerOf(rowOf(body, symbol, native), symbol),
          cost: 2,
        },
        tickers: {
          request: ({ symbols }, { native }) => ({ path: TICKER_PATH, query: { symbols: JSON.stringify(symbols.map((symbol) => marketOf(symbol, native))) } }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body).map((row) => [row.symbol, row]))
            return symbols.flatMap((symbol) => {
              const row = rows.get(marketOf(symbol, native))
              // the row of a closed market is all zeros
              return row && read.amount(row.lastPrice, 'lastPrice') > 0 ? [tickerOf(row, symbol)] : []
            })
          },
          cost: ({ symbols }) => (symbols.length <= 20 ? 2 : symbols.length <= 100 ? 40 : 80),
          maxBatch: 100,
          whole: { request: { path: TICKER_PATH }, cost: 80 },
        },
        candles: {
          request: ({ symbol, interval, limit = DEFAULT_CANDLES, since }, { native }) =>
            requestOf('klines', symbol, native, { interval, limit, startTime: since }),
          parse: (body, params, { now }) => candlesOf(body, params, now),
          supports: ({ limit = DEFAULT_CANDLES }) => limit <= MAX_ROWS,
          cost: 2,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker/24hr', symbol, native),
          parse: (body, { symbol }, { native }) => {
            const row = rowOf(body, symbol, native)
            const { quoteVolume24h, asOf } = tickerOf(row, symbol)
            return known<Volume>({ ...pairOf(symbol), volume24h: read.amount(row.volume, 'volume'), quoteVolume24h, asOf })
          },
          cost: 2,
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('depth', symbol, native, { limit: bookSize(depth) }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(body, 'depth')
            const bids = levelsOf(book.bids, 'bids', depth, -1)
            const asks = levelsOf(book.asks, 'asks', depth, 1)
            if ((bids[0]?.[0] ?? 0) > (asks[0]?.[0] ?? Infinity)) throw new BadResponseError('bids: at most the best ask expected, got more')
            return known<OrderBook>({ ...pairOf(symbol), bids, asks, sequence: read.optional(read.amount, book.lastUpdateId, 'lastUpdateId') })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => bookSize(depth) !== undefined,
          cost: ({ depth = DEFAULT_DEPTH }) => bookWeight(depth),
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('trades', symbol, native, { limit }),
          parse: (body, { limit = DEFAULT_TRADES }) => tradesOf(body).slice(-limit),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_ROWS,
          cost: 25,
        },
        assets: {
          request: () => ({ path: 'api/v3/exchangeInfo', ...(!us && { query: { permissions: 'SPOT', showPermissionSets: false } }) }), // unverified for US
          parse: (body, { limit }) => assetsOf(body).slice(0, limit),
          cost: 20,
        },
        movers: {
          request: () => ({ path: TICKER_PATH }),
          parse: (body, { direction, limit = 10 }) => moversOf(rowsOf(body), direction).slice(0, limit),
          cost: 80,
        },
      },
      failure({ status, headers, body }, { capability, params }) {
        // A known market has candles and trades, only none since a time that is still to come.
        const none = Array.isArray(body) && body.length === 0
        if (none && (capability === 'trades' || (capability === 'candles' && params.since === undefined))) return { reason: 'not-found' }
        const { code, msg }: { code?: unknown; msg?: unknown } = typeof body === 'object' && body !== null ? body : { msg: body }
        const text = typeof msg === 'string' ? msg : ''
        // CloudFront's page, in front of Binance.US; Binance itself says it with 451.
        if (status === 451 || (status >= 400 && /block access from your country|restricted location/i.test(text))) return { reason: 'geo-blocked' }
        if (TOO_MANY.has(code)) return { reason: 'rate-limited', message: text, retryAfterMs: banLeft(text, headers) }
        if (OUT_OF_ORDER.has(code)) return { reason: 'unavailable', message: text }
        if (UNKNOWN_SYMBOL.has(code)) return { reason: capability === 'assets' || capability === 'movers' ? 'bad-request' : 'not-found', message: text }
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
// parameter, of which the symbol is the only one that a caller chooses freely.
const UNKNOWN_SYMBOL: ReadonlySet<unknown> = new Set([-1100, -1121])
const TOO_MANY: ReadonlySet<unknown> = new Set([-1003, -1034])
const OUT_OF_ORDER: ReadonlySet<unknown> = new Set([-1000, -1001, -1007, -1008, -1016])

/** What is left of a ban, in ms: its text names the end in Unix ms, the Date header the server's now. `Retry-After` wins where it is sent. */
function banLeft(text: string, headers: Headers): number | undefined {
  const left = Number(/banned until (\d{13})/.exec(text)?.[1]) - Date.parse(headers.get('date') ?? '')
  return left > 0 && !headers.has('retry-after') ? left : undefined
}

function marketOf(symbol: string, native: NativeIds): string {
  const { base, quote } = pairOf(symbol)
  return `${native[base] ?? base}${quote}`
}

const requestOf = (path: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v3/${path}`,
  query: { symbol: marketOf(symbol, native), ...query },
})

const rowsOf = (body: unknown): Record<string, unknown>[] => read.array(body, 'tickers').map((row) => read.object(row, 'ticker'))

function rowOf(body: unknown, symbol: string, native: NativeIds): Record<string, unknown> {
  const row = read.object(body, 'ticker')
  if (row.symbol !== marketOf(symbol, native)) throw new BadResponseError('symbol: the asked one expected, got another')
  return row
}

/** Prices that stand at 0 where there is none. */
const nonZero = (value: unknown, at: string): number | undefined => read.optional(read.amount, value, at) || undefined

function tickerOf(row: Record<string, unknown>, symbol: string): Ticker {
  const [bid, ask] = [nonZero(row.bidPrice, 'bidPrice'), nonZero(row.askPrice, 'askPrice')]
  const [low24h, high24h] = [nonZero(row.lowPrice, 'lowPrice'), nonZero(row.highPrice, 'highPrice')]
  if ((bid ?? 0) > (ask ?? Infinity) || (low24h ?? 0) > (high24h ?? Infinity)) throw new BadResponseError('ticker: bid ≤ ask and low ≤ high expected')
  return known<Ticker>({
    ...pairOf(symbol),
    last: read.positive(row.lastPrice, 'lastPrice'),
    bid,
    ask,
    open24h: nonZero(row.openPrice, 'openPrice'),
    high24h,
    low24h,
    change24h: read.optional(read.number, row.priceChange, 'priceChange'),
    change24hPercent: read.optional(read.number, row.priceChangePercent, 'priceChangePercent'),
    volume24h: read.optional(read.amount, row.volume, 'volume'),
    quoteVolume24h: read.optional(read.amount, row.quoteVolume, 'quoteVolume'),
    asOf: read.optional(read.millis, row.closeTime, 'closeTime'),
  })
}

function candlesOf(body: unknown, { interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, now: number): Candle[] {
  const candles = read.array(body, 'klines').map((row): Candle => {
    const [time, first, top, bottom, final, amount, , turnover] = read.array(row, 'kline')
    const openTime = read.millis(time, 'openTime')
    const [open, high] = [read.positive(first, 'open'), read.positive(top, 'high')]
    const [low, close] = [read.positive(bottom, 'low'), read.positive(final, 'close')]
    if (low > Math.min(open, close) || high < Math.max(open, close)) throw new BadResponseError('kline: low ≤ open, close ≤ high expected')
    const [volume, quoteVolume] = [read.amount(amount, 'volume'), read.optional(read.amount, turnover, 'quoteVolume')]
    return known<Candle>({ openTime, open, high, low, close, volume, quoteVolume, closed: closesAt(openTime, interval) <= now })
  })
  if (candles.some(({ openTime }, at) => openTime <= (candles[at - 1]?.openTime ?? 0))) throw new BadResponseError('klines: oldest first expected')
  return since === undefined ? candles.slice(-limit) : candles.filter(({ openTime }) => openTime >= since).slice(0, limit)
}

/** Levels with the best price first; `direction`: 1 = prices rise. */
function levelsOf(value: unknown, at: string, depth: number, direction: 1 | -1): [number, number][] {
  const rows = read.array(value, at).slice(0, depth)
  const levels = rows.map((row): [number, number] => {
    const [price, amount] = read.array(row, at)
    return [read.positive(price, `${at} price`), read.positive(amount, `${at} amount`)]
  })
  const unsorted = levels.some(([price], i) => i > 0 && !((price - (levels[i - 1]?.[0] ?? price)) * direction > 0))
  if (unsorted) throw new BadResponseError(`${at}: best price first expected`)
  return levels
}

function tradesOf(body: unknown): Trade[] {
  const trades = read.array(body, 'trades').map((row) => {
    const { id, price, qty, time, isBuyerMaker } = read.object(row, 'trade')
    return known<Trade>({
      id: typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined,
      price: read.positive(price, 'price'),
      amount: read.positive(qty, 'qty'),
      side: typeof isBuyerMaker === 'boolean' ? (isBuyerMaker ? 'sell' : 'buy') : undefined,
      at: read.millis(time, 'time'),
    })
  })
  return trades.toSorted((a, b) => a.at - b.at)
}

function assetsOf(body: unknown): Asset[] {
  const markets = read.array(read.object(body, 'exchangeInfo').symbols, 'symbols').map((market) => read.object(market, 'symbol'))
  const bases = markets.filter(({ status }) => status === 'TRADING').map(({ baseAsset }) => read.string(baseAsset, 'baseAsset'))
  if (bases.length === 0) throw new BadResponseError('symbols: markets that trade expected, got none')
  return [...new Set(bases)].map((base) => ({ id: base, symbol: base.toUpperCase() }))
}

function moversOf(rows: Record<string, unknown>[], direction: 'gainers' | 'losers'): AssetMarket[] {
  const markets = rows.flatMap((row) => {
    const base = /^(.+)USDT$/.exec(read.string(row.symbol, 'symbol'))?.[1]
    const price = nonZero(row.lastPrice, 'lastPrice')
    const change = read.optional(read.number, row.priceChangePercent, 'priceChangePercent')
    const turnover = read.optional(read.amount, row.quoteVolume, 'quoteVolume')
    return base === undefined || price === undefined || change === undefined || turnover === undefined ? [] : [{ base, price, change, turnover }]
  })
  if (markets.length === 0) throw new BadResponseError('tickers: USDT pairs with price, change and volume expected, got none')
  const bases = new Set(markets.map(({ base }) => base))
  const sign = direction === 'gainers' ? 1 : -1
  return markets
    .filter(({ base, change, turnover }) => change * sign > 0 && turnover >= MOVERS_FLOOR && !bases.has(LEVERAGED.exec(base)?.[1] ?? ''))
    .toSorted((a, b) => sign * (b.change - a.change))
    .map(({ base, price, change, turnover }) => ({ id: base, symbol: base.toUpperCase(), priceUsd: price, change24hPercent: change, volume24hUsd: turnover }))
}
