import { BadResponseError, type FailureReason, ProviderError } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { closesAt, INTERVAL_MS, type Interval } from '../model/interval.js'
import type { Asset, Candle, OrderBook, Ticker, Trade, Volume } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import type { NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

/** What Kraken can be asked. */
export type KrakenCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets'

// Minutes. Weeks are left out: they are said (unverified) to be counted from Thursday, the Unix epoch, not from Monday.
const INTERVALS: Partial<Record<Interval, number>> = { '1m': 1, '5m': 5, '15m': 15, '30m': 30, '1h': 60, '4h': 240, '1d': 1_440 }
/** All that there is of each interval: https://docs.kraken.com/exchange/guides/general/historical-data, read November 2026. */
const MAX_CANDLES = 720
const MAX_LEVELS = 500
const MAX_TRADES = 1_000
const DEFAULT_DEPTH = 20
const DEFAULT_TRADES = 100

/** Spot market data of Kraken. No key needed. */
export function kraken(options: ProviderOptions = {}): Provider<KrakenCapability> {
  return defineProvider<KrakenCapability>(
    {
      id: 'kraken',
      name: 'Kraken',
      homepage: 'https://www.kraken.com',
      docs: 'https://docs.kraken.com/api/docs/rest-api/get-ticker-information',
      hosts: ['https://api.kraken.com'],
      limits: [{ requests: 1, perMs: 1_000, scope: 'ip' }], // about one a second, unverified
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('Ticker', { pair: marketOf(symbol, native) }),
          parse: (body, { symbol }, { native }) => tickerOf(oneOf(body, symbol, native), symbol),
        },
        tickers: {
          request: ({ symbols }, { native }) => requestOf('Ticker', { pair: symbols.map((symbol) => marketOf(symbol, native)).join() }),
          parse: (body, { symbols }, { native }) => {
            const markets = new Map(Object.entries(resultOf(body)))
            return symbols.flatMap((symbol) => {
              const row = markets.get(marketOf(symbol, native))
              // the last price of a market without trades is 0
              return row !== undefined && read.amount(itemOf(read.object(row, 'ticker').c, 0, 'c'), 'c.0') > 0 ? [tickerOf(row, symbol)] : []
            })
          },
          maxBatch: 50, // lists of some hundred pairs are answered with a 520: https://github.com/home-assistant/core/issues/142910
          whole: { request: requestOf('Ticker', {}) },
        },
        candles: {
          // `since` is exclusive: a second less makes it inclusive
          request: ({ symbol, interval, since }, { native }) =>
            requestOf('OHLC', {
              pair: marketOf(symbol, native),
              interval: INTERVALS[interval],
              since: since === undefined ? undefined : Math.floor(since / 1_000) - 1,
            }),
          parse: (body, params, { native, now }) => candlesOf(read.array(oneOf(body, params.symbol, native), 'OHLC'), params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => INTERVALS[interval] !== undefined && limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('Ticker', { pair: marketOf(symbol, native) }),
          parse: (body, { symbol }, { native }) => {
            const { volume24h, quoteVolume24h } = tickerOf(oneOf(body, symbol, native), symbol)
            return known<Volume>({ ...pairOf(symbol), volume24h, quoteVolume24h })
          },
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('Depth', { pair: marketOf(symbol, native), count: depth }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }, { native }): OrderBook => {
            const book = read.object(oneOf(body, symbol, native), 'Depth')
            const bids = levelsOf(book.bids, 'bids', depth, -1)
            const asks = levelsOf(book.asks, 'asks', depth, 1)
            if ((bids[0]?.[0] ?? 0) > (asks[0]?.[0] ?? Infinity)) throw new BadResponseError('bids: at most the best ask expected, got more')
            return { ...pairOf(symbol), bids, asks }
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('Trades', { pair: marketOf(symbol, native), count: limit }),
          parse: (body, { symbol, limit = DEFAULT_TRADES }, { native }) => tradesOf(read.array(oneOf(body, symbol, native), 'Trades')).slice(-limit),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => requestOf('AssetPairs', {}),
          parse: (body, { limit }) => assetsOf(resultOf(body)).slice(0, limit),
        },
      },
      failure({ status, body }, { capability }) {
        const { error } = typeof body === 'object' && body !== null ? (body as { error?: unknown }) : {}
        // Texts that begin with W are warnings beside a result.
        const text = Array.isArray(error) ? error.find((entry) => typeof entry === 'string' && entry.startsWith('E')) : undefined
        if (typeof text !== 'string') return status === 404 ? { reason: 'bad-response', message: 'no such path' } : undefined
        const reason = REASONS.find(([start]) => text.startsWith(start))?.[1]
        if (reason === 'not-found' && capability === 'assets') return { reason: 'bad-request', message: text }
        if (reason === undefined && status >= 400) return undefined
        return { reason: reason ?? 'bad-response', message: text }
      },
    },
    options,
  )
}

// Told inside a 200: https://docs.kraken.com/api/docs/guides/spot-errors, read November 2026.
const REASONS: readonly (readonly [start: string, reason: FailureReason])[] = [
  ['EQuery:Unknown asset', 'not-found'],
  ['EQuery:Invalid asset pair', 'not-found'],
  ['EGeneral:Invalid arguments', 'bad-request'],
  ['EGeneral:Unknown method', 'bad-response'],
  ['EAPI:Rate limit', 'rate-limited'],
  ['EGeneral:Too many requests', 'rate-limited'],
  ['EGeneral:Temporary lockout', 'rate-limited'],
  ['EGeneral:Internal error', 'unavailable'],
  ['EService:', 'unavailable'],
]

// assetVersion=1: pairs are called BTC/USD and DOGE/USD instead of XXBTZUSD and XDGUSD (unverified for Depth and Trades).
const requestOf = (path: string, query: Record<string, string | number | undefined>) => ({ path: `0/public/${path}`, query: { ...query, assetVersion: 1 } })

function marketOf(symbol: string, native: NativeIds): string {
  const { base, quote } = pairOf(symbol)
  return `${native[base] ?? base}/${quote}`
}

const resultOf = (body: unknown): Record<string, unknown> => read.object(read.object(body, 'body').result, 'result')

/** What is told of the one asked pair, under whatever name. */
function oneOf(body: unknown, symbol: string, native: NativeIds): unknown {
  const markets = new Map(Object.entries(resultOf(body)))
  const market = markets.get(marketOf(symbol, native))
  if (market !== undefined) return market
  markets.delete('last')
  if (markets.size === 0) throw new ProviderError({ provider: 'kraken', reason: 'not-found' })
  if (markets.size > 1) throw new BadResponseError(`result: one pair expected, got ${markets.size}`)
  return [...markets.values()][0]
}

const itemOf = (list: unknown, index: number, at: string): unknown => read.array(list, at)[index]

/** Prices that stand at 0 where there is none. */
const nonZero = (value: unknown, at: string): number | undefined => read.optional(read.amount, value, at) || undefined

/** Of the pairs of figures the first is of the UTC day, the second of 24 h; `o` is the open of the day, so there is no change. */
function tickerOf(market: unknown, symbol: string): Ticker {
  const row = read.object(market, 'ticker')
  const [bid, ask] = [nonZero(itemOf(row.b, 0, 'b'), 'b.0'), nonZero(itemOf(row.a, 0, 'a'), 'a.0')]
  const [low24h, high24h] = [nonZero(itemOf(row.l, 1, 'l'), 'l.1'), nonZero(itemOf(row.h, 1, 'h'), 'h.1')]
  if ((bid ?? 0) > (ask ?? Infinity) || (low24h ?? 0) > (high24h ?? Infinity)) throw new BadResponseError('ticker: bid ≤ ask and low ≤ high expected')
  const volume24h = read.amount(itemOf(row.v, 1, 'v'), 'v.1')
  // the average price is weighted by volume: both together are the turnover
  const turnover = volume24h * (nonZero(itemOf(row.p, 1, 'p'), 'p.1') ?? Number.NaN)
  const quoteVolume24h = Number.isFinite(turnover) ? turnover : undefined
  return known<Ticker>({ ...pairOf(symbol), last: read.positive(itemOf(row.c, 0, 'c'), 'c.0'), bid, ask, high24h, low24h, volume24h, quoteVolume24h })
}

function candlesOf(rows: unknown[], { interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, now: number): Candle[] {
  const candles = rows.map((row): Candle => {
    const [time, first, top, bottom, final, , amount] = read.array(row, 'candle')
    const openTime = read.seconds(time, 'time')
    const [open, high] = [read.positive(first, 'open'), read.positive(top, 'high')]
    const [low, close] = [read.positive(bottom, 'low'), read.positive(final, 'close')]
    if (low > Math.min(open, close) || high < Math.max(open, close)) throw new BadResponseError('candle: low ≤ open, close ≤ high expected')
    return { openTime, open, high, low, close, volume: read.amount(amount, 'volume'), closed: closesAt(openTime, interval) <= now }
  })
  if (candles.some(({ openTime }, at) => openTime <= (candles[at - 1]?.openTime ?? 0))) throw new BadResponseError('OHLC: oldest first expected')
  if (since === undefined) {
    if (candles.length === 0) throw new ProviderError({ provider: 'kraken', reason: 'not-found' })
    return candles.slice(-limit)
  }
  // older ones are not to be had: what comes then begins later than was asked
  const [oldest] = candles
  if (candles.length >= MAX_CANDLES && oldest && oldest.openTime >= since + INTERVAL_MS[interval])
    throw new ProviderError({ provider: 'kraken', reason: 'bad-request', message: `has only the last ${MAX_CANDLES} candles` })
  return candles.filter(({ openTime }) => openTime >= since).slice(0, limit)
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

function tradesOf(rows: unknown[]): Trade[] {
  if (rows.length === 0) throw new ProviderError({ provider: 'kraken', reason: 'not-found' })
  const trades = rows.map((row) => {
    const [price, amount, time, side, , , id] = read.array(row, 'trade')
    return known<Trade>({
      id: typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined,
      price: read.positive(price, 'price'),
      amount: read.positive(amount, 'volume'),
      side: side === 'b' ? 'buy' : side === 's' ? 'sell' : undefined,
      at: read.seconds(time, 'time'),
    })
  })
  return trades.toSorted((a, b) => a.at - b.at)
}

function assetsOf(result: Record<string, unknown>): Asset[] {
  const pairs = Object.values(result).map((pair) => read.object(pair, 'AssetPairs'))
  const bases = pairs
    .filter(({ status = 'online', aclass_base = 'currency' }) => status === 'online' && aclass_base === 'currency')
    .map(({ base }) => read.string(base, 'base'))
  if (bases.length === 0) throw new BadResponseError('result: pairs that trade expected, got none')
  return [...new Set(bases)].map((base) => ({ id: base, symbol: base.toUpperCase() }))
}
