import { BadResponseError, ProviderError } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { closesAt, INTERVAL_MS, type Interval } from '../model/interval.js'
import type { Asset, Candle, OrderBook, Ticker, Trade, Volume } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

/** What Coinbase Exchange can be asked. */
export type CoinbaseCapability = 'ticker' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets'

const INTERVALS: ReadonlySet<Interval> = new Set(['1m', '5m', '15m', '1h', '6h', '1d'])
// https://docs.cdp.coinbase.com/exchange/reference/exchangerestapi_getproductcandles, read November 2026.
const MAX_CANDLES = 300
const MAX_TRADES = 1_000
const DEFAULT_DEPTH = 20
const DEFAULT_TRADES = 100

/** Spot market data of Coinbase Exchange, real dollars. No key needed. */
export function coinbase(options: ProviderOptions = {}): Provider<CoinbaseCapability> {
  return defineProvider<CoinbaseCapability>(
    {
      id: 'coinbase',
      name: 'Coinbase Exchange',
      homepage: 'https://exchange.coinbase.com',
      docs: 'https://docs.cdp.coinbase.com/exchange/rest-api/rate-limits',
      hosts: ['https://api.exchange.coinbase.com'],
      limits: [{ requests: 10, perMs: 1_000, scope: 'ip' }], // bursts to 15, unverified
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }) => tickerOf(body, symbol),
        },
        candles: {
          request: ({ symbol, interval, limit = DEFAULT_CANDLES, since }, { native }) => {
            const granularity = INTERVAL_MS[interval] / 1_000
            if (since === undefined) return requestOf('candles', symbol, native, { granularity })
            const first = Math.ceil(since / INTERVAL_MS[interval]) * INTERVAL_MS[interval]
            const end = first + (limit - 1) * INTERVAL_MS[interval]
            return requestOf('candles', symbol, native, { granularity, start: new Date(first).toISOString(), end: new Date(end).toISOString() })
          },
          parse: (body, params, { now }) => candlesOf(body, params, now),
          supports: ({ interval, limit = DEFAULT_CANDLES }) => INTERVALS.has(interval) && limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }) => {
            const { asOf } = tickerOf(body, symbol)
            return known<Volume>({ ...pairOf(symbol), volume24h: read.amount(read.object(body, 'ticker').volume, 'volume'), asOf })
          },
        },
        orderBook: {
          // level 1 is the best bid and ask, level 2 the whole book
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('book', symbol, native, { level: depth === 1 ? 1 : 2 }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(body, 'book')
            const bids = levelsOf(book.bids, 'bids', depth, -1)
            const asks = levelsOf(book.asks, 'asks', depth, 1)
            if ((bids[0]?.[0] ?? 0) > (asks[0]?.[0] ?? Infinity)) throw new BadResponseError('bids: at most the best ask expected, got more')
            const sequence = read.optional(read.amount, book.sequence, 'sequence')
            return known<OrderBook>({ ...pairOf(symbol), bids, asks, asOf: read.optional(read.isoTime, book.time, 'time'), sequence })
          },
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('trades', symbol, native, { limit }),
          parse: (body, { limit = DEFAULT_TRADES }) => tradesOf(body).slice(-limit),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => ({ path: 'currencies' }),
          parse: (body, { limit }) => assetsOf(body).slice(0, limit),
        },
      },
      failure({ status, body }, { capability }) {
        if (status !== 404) return undefined
        const { message } = typeof body === 'object' && body !== null ? (body as { message?: unknown }) : {}
        if (typeof message !== 'string') return { reason: 'bad-response', message: 'no such path' }
        return { reason: capability === 'assets' ? 'bad-response' : 'not-found', message }
      },
    },
    options,
  )
}

function requestOf(what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest {
  const { base, quote } = pairOf(symbol)
  return { path: `products/${encodeURIComponent(`${native[base] ?? base}-${quote}`)}/${what}`, query }
}

/** Without an open: what it was 24 h ago stands elsewhere. */
function tickerOf(body: unknown, symbol: string): Ticker {
  const row = read.object(body, 'ticker')
  const bid = read.optional(read.amount, row.bid, 'bid') || undefined
  const ask = read.optional(read.amount, row.ask, 'ask') || undefined
  if ((bid ?? 0) > (ask ?? Infinity)) throw new BadResponseError('bid: at most ask expected, got more')
  return known<Ticker>({
    ...pairOf(symbol),
    last: read.positive(row.price, 'price'),
    bid,
    ask,
    volume24h: read.optional(read.amount, row.volume, 'volume'),
    asOf: read.optional(read.isoTime, row.time, 'time'),
  })
}

/** Rows are [time, low, high, open, close, volume], newest first; there is none where nothing was traded. */
function candlesOf(body: unknown, { interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, now: number): Candle[] {
  const rows = read.array(body, 'candles').map((row): Candle => {
    const [time, bottom, top, first, final, amount] = read.array(row, 'candle')
    const openTime = read.seconds(time, 'time')
    const [open, high] = [read.positive(first, 'open'), read.positive(top, 'high')]
    const [low, close] = [read.positive(bottom, 'low'), read.positive(final, 'close')]
    if (low > Math.min(open, close) || high < Math.max(open, close)) throw new BadResponseError('candle: low ≤ open, close ≤ high expected')
    return { openTime, open, high, low, close, volume: read.amount(amount, 'volume'), closed: closesAt(openTime, interval) <= now }
  })
  const candles = rows.toReversed()
  if (candles.some(({ openTime }, at) => openTime <= (candles[at - 1]?.openTime ?? 0))) throw new BadResponseError('candles: newest first expected')
  if (since !== undefined) return candles.filter(({ openTime }) => openTime >= since).slice(0, limit)
  if (candles.length === 0) throw new ProviderError({ provider: 'coinbase', reason: 'not-found' })
  return candles.slice(-limit)
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

/** Newest first; `side` is the maker's: https://docs.cdp.coinbase.com/exchange/reference/exchangerestapi_getproducttrades, unverified. */
function tradesOf(body: unknown): Trade[] {
  const trades = read.array(body, 'trades').map((row) => {
    const { trade_id: id, price, size, side, time } = read.object(row, 'trade')
    return known<Trade>({
      id: typeof id === 'number' || (typeof id === 'string' && id !== '') ? String(id) : undefined,
      price: read.positive(price, 'price'),
      amount: read.positive(size, 'size'),
      side: side === 'buy' ? 'sell' : side === 'sell' ? 'buy' : undefined,
      at: read.isoTime(time, 'time'),
    })
  })
  if (trades.length === 0) throw new ProviderError({ provider: 'coinbase', reason: 'not-found' })
  return trades.toReversed().toSorted((a, b) => a.at - b.at)
}

function assetsOf(body: unknown): Asset[] {
  const currencies = read.array(body, 'currencies').map((currency) => read.object(currency, 'currency'))
  const online = currencies.filter(({ status = 'online' }) => status === 'online')
  if (online.length === 0) throw new BadResponseError('currencies: some expected, got none')
  return online.map(({ id, name }) => {
    const code = read.string(id, 'id')
    return known<Asset>({ id: code, symbol: code.toUpperCase(), name: read.optional(read.string, name, 'name') })
  })
}
