import { BadResponseError, type FailureReason } from '../errors.js'
import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { closesAt, INTERVAL_MS, type Interval, opensAt } from '../model/interval.js'
import type { Asset, AssetMarket, Candle, OrderBook, Ticker, Trade, Volume } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

/** What OKX can be asked. */
export type OkxCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets' | 'movers'

// From 6 hours on the plain forms begin at midnight in Hong Kong: https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-candlesticks, read November 2026.
const barOf = (interval: Interval): string =>
  INTERVAL_MS[interval] < INTERVAL_MS['1h'] ? interval : `${interval.toUpperCase()}${INTERVAL_MS[interval] < INTERVAL_MS['6h'] ? '' : 'utc'}`
const MAX_CANDLES = 300
/** So many of the newest candles are had from `candles`, older ones from `history-candles`; unverified. */
const RECENT_CANDLES = 1_440
const MAX_LEVELS = 400
const MAX_TRADES = 500
const DEFAULT_DEPTH = 20
const DEFAULT_TRADES = 100
/** Pairs below this 24 h turnover, in USDT, are no movers: a single order moves them. */
const MOVERS_FLOOR = 100_000
/** BTCUP, ETH3L: the token of a bet on what stands before it. Only where that is traded too, or JUP and SYRUP would go with them. */
const LEVERAGED = /^(.+?)(?:UP|DOWN|BULL|BEAR|\d[LS])$/

const ALL_TICKERS = { path: 'api/v5/market/tickers', query: { instType: 'SPOT' } } as const

/** Spot market data of OKX. No key needed. */
export function okx(options: ProviderOptions = {}): Provider<OkxCapability> {
  return defineProvider<OkxCapability>(
    {
      id: 'okx',
      name: 'OKX',
      homepage: 'https://www.okx.com',
      docs: 'https://www.okx.com/docs-v5/en/',
      hosts: ['https://www.okx.com'],
      limits: [{ requests: 20, perMs: 2_000, scope: 'ip' }], // the strictest of the endpoints used, each has its own; unverified
      dollarQuote: 'USDT',
      probe: { capability: 'ticker', params: { symbol: 'BTC/USDT' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }, { native }) => tickerOf(rowOf(body, symbol, native), symbol),
        },
        tickers: {
          request: () => ALL_TICKERS,
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body).map((row) => [row.instId, row]))
            return symbols.flatMap((symbol) => {
              const row = rows.get(marketOf(symbol, native))
              // a new market has no price before its first trade
              return row && row.last !== '' ? [tickerOf(row, symbol)] : []
            })
          },
        },
        candles: {
          request: (params, { native, now }) => candlesRequest(params, native, now),
          parse: (body, params, { now }) => candlesOf(dataOf(body), params, now),
          supports: ({ limit = DEFAULT_CANDLES }) => limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }, { native }) => {
            const row = rowOf(body, symbol, native)
            const { quoteVolume24h, asOf } = tickerOf(row, symbol)
            return known<Volume>({ ...pairOf(symbol), volume24h: read.amount(row.vol24h, 'vol24h'), quoteVolume24h, asOf })
          },
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('books', symbol, native, { sz: depth }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(dataOf(body)[0], 'book')
            const bids = levelsOf(book.bids, 'bids', depth, -1)
            const asks = levelsOf(book.asks, 'asks', depth, 1)
            if ((bids[0]?.[0] ?? 0) > (asks[0]?.[0] ?? Infinity)) throw new BadResponseError('bids: at most the best ask expected, got more')
            return known<OrderBook>({ ...pairOf(symbol), bids, asks, asOf: read.optional(read.millis, book.ts, 'ts') })
          },
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('trades', symbol, native, { limit }),
          parse: (body, { limit = DEFAULT_TRADES }) => tradesOf(dataOf(body)).slice(-limit),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => ({ path: 'api/v5/public/instruments', query: { instType: 'SPOT' } }),
          parse: (body, { limit }) => assetsOf(rowsOf(body)).slice(0, limit),
        },
        movers: {
          request: () => ALL_TICKERS,
          parse: (body, { direction, limit = 10 }) => moversOf(rowsOf(body), direction).slice(0, limit),
        },
      },
      failure({ status, body }, asked) {
        const { code, msg, data } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
        const text = typeof code === 'number' || typeof code === 'string' ? String(code) : ''
        const message = typeof msg === 'string' ? `${text} ${msg}` : text
        if (status === 404) return { reason: 'bad-response', message }
        if (text === '' || text === '0') return isNothing(data, asked) ? { reason: 'not-found' } : undefined
        // 51000 names the wrong parameter, of which a caller chooses only the instrument freely
        const reason = text === '51000' && message.includes('instId') ? 'not-found' : REASONS.get(text)
        return reason === undefined && status >= 400 ? undefined : { reason: reason ?? 'bad-request', message }
      },
    },
    options,
  )
}

// https://www.okx.com/docs-v5/en/#error-code, read November 2026. The code is a text, or a number where a gateway answers.
const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ['51001', 'not-found'],
  ['50011', 'rate-limited'],
  ['50061', 'rate-limited'],
  ['50001', 'unavailable'],
  ['50004', 'unavailable'],
  ['50013', 'unavailable'],
  ['50026', 'unavailable'],
  ['51155', 'geo-blocked'],
])

/** Whether an answer without rows means that there is no such market: candles may be missing only since a time. */
function isNothing(data: unknown, { capability, params }: { capability: OkxCapability; params: object }): boolean {
  if (!Array.isArray(data) || data.length > 0) return false
  const batch = capability === 'tickers' || capability === 'assets' || capability === 'movers'
  return !batch && !(capability === 'candles' && 'since' in params && params.since !== undefined)
}

function marketOf(symbol: string, native: NativeIds): string {
  const { base, quote } = pairOf(symbol)
  return `${native[base] ?? base}-${quote}`
}

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `api/v5/market/${what}`,
  query: { instId: marketOf(symbol, native), ...query },
})

/** `before` and `after` are exclusive; with `before` alone the newest candles would come, not the ones next to it. */
function candlesRequest({ symbol, interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, native: NativeIds, now: number): HttpRequest {
  const bar = barOf(interval)
  if (since === undefined) return requestOf('candles', symbol, native, { bar, limit })
  let end = opensAt(since, interval)
  if (end < since) end = closesAt(end, interval)
  for (let i = 0; i < limit; i++) end = closesAt(end, interval)
  const recent = since > now - RECENT_CANDLES * INTERVAL_MS[interval]
  return requestOf(recent ? 'candles' : 'history-candles', symbol, native, { bar, limit, before: since - 1, after: end })
}

const dataOf = (body: unknown): unknown[] => read.array(read.object(body, 'body').data, 'data')
const rowsOf = (body: unknown): Record<string, unknown>[] => dataOf(body).map((row) => read.object(row, 'data'))

function rowOf(body: unknown, symbol: string, native: NativeIds): Record<string, unknown> {
  const row = rowsOf(body).find(({ instId }) => instId === marketOf(symbol, native))
  if (row === undefined) throw new BadResponseError('instId: the asked one expected, got others')
  return row
}

/** Prices that stand at 0 or empty where there is none. */
const nonZero = (value: unknown, at: string): number | undefined => read.optional(read.amount, value, at) || undefined

function tickerOf(row: Record<string, unknown>, symbol: string): Ticker {
  const last = read.positive(row.last, 'last')
  const [bid, ask] = [nonZero(row.bidPx, 'bidPx'), nonZero(row.askPx, 'askPx')]
  const [low24h, high24h] = [nonZero(row.low24h, 'low24h'), nonZero(row.high24h, 'high24h')]
  if ((bid ?? 0) > (ask ?? Infinity) || (low24h ?? 0) > (high24h ?? Infinity)) throw new BadResponseError('ticker: bid ≤ ask and low ≤ high expected')
  const [volume24h, quoteVolume24h] = [read.optional(read.amount, row.vol24h, 'vol24h'), read.optional(read.amount, row.volCcy24h, 'volCcy24h')]
  const open24h = nonZero(row.open24h, 'open24h')
  const asOf = read.optional(read.millis, row.ts, 'ts')
  return known<Ticker>({ ...pairOf(symbol), last, bid, ask, open24h, high24h, low24h, ...changeOf(last, open24h), volume24h, quoteVolume24h, asOf })
}

function changeOf(last: number, open24h: number | undefined) {
  const change24hPercent = open24h === undefined ? Number.NaN : ((last - open24h) / open24h) * 100
  return open24h !== undefined && Number.isFinite(change24hPercent) ? { change24h: last - open24h, change24hPercent } : undefined
}

/** Newest first; the ninth figure is 0 while the candle runs. */
function candlesOf(data: unknown[], { interval, limit = DEFAULT_CANDLES, since }: ParamsOf<'candles'>, now: number): Candle[] {
  const rows = data.map((row): Candle => {
    const [time, first, top, bottom, final, amount, , turnover, confirm] = read.array(row, 'candle')
    const openTime = read.millis(time, 'ts')
    const [open, high] = [read.positive(first, 'o'), read.positive(top, 'h')]
    const [low, close] = [read.positive(bottom, 'l'), read.positive(final, 'c')]
    if (low > Math.min(open, close) || high < Math.max(open, close)) throw new BadResponseError('candle: low ≤ open, close ≤ high expected')
    const [volume, quoteVolume] = [read.amount(amount, 'vol'), read.optional(read.amount, turnover, 'volCcyQuote')]
    const closed = confirm === '1' || (confirm !== '0' && closesAt(openTime, interval) <= now)
    return known<Candle>({ openTime, open, high, low, close, volume, quoteVolume, closed })
  })
  const candles = rows.toReversed()
  if (candles.some(({ openTime }, at) => openTime <= (candles[at - 1]?.openTime ?? 0))) throw new BadResponseError('candles: newest first expected')
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

/** Newest first; `side` is the taker's. */
function tradesOf(data: unknown[]): Trade[] {
  const trades = data.map((row) => {
    const { tradeId, px, sz, side, ts } = read.object(row, 'trade')
    return known<Trade>({
      id: read.optional(read.string, tradeId, 'tradeId'),
      price: read.positive(px, 'px'),
      amount: read.positive(sz, 'sz'),
      side: side === 'buy' || side === 'sell' ? side : undefined,
      at: read.millis(ts, 'ts'),
    })
  })
  return trades.toReversed().toSorted((a, b) => a.at - b.at)
}

function assetsOf(instruments: Record<string, unknown>[]): Asset[] {
  const bases = instruments.filter(({ state = 'live' }) => state === 'live').map(({ baseCcy }) => read.string(baseCcy, 'baseCcy'))
  if (bases.length === 0) throw new BadResponseError('data: instruments that trade expected, got none')
  return [...new Set(bases)].map((base) => ({ id: base, symbol: base.toUpperCase() }))
}

function moversOf(rows: Record<string, unknown>[], direction: 'gainers' | 'losers'): AssetMarket[] {
  const markets = rows.flatMap((row) => {
    const base = /^(.+)-USDT$/.exec(read.string(row.instId, 'instId'))?.[1]
    const price = nonZero(row.last, 'last')
    const change = price === undefined ? undefined : changeOf(price, nonZero(row.open24h, 'open24h'))?.change24hPercent
    const turnover = read.optional(read.amount, row.volCcy24h, 'volCcy24h')
    return base === undefined || price === undefined || change === undefined || turnover === undefined ? [] : [{ base, price, change, turnover }]
  })
  if (markets.length === 0) throw new BadResponseError('data: USDT pairs with price, open and volume expected, got none')
  const bases = new Set(markets.map(({ base }) => base))
  const sign = direction === 'gainers' ? 1 : -1
  return markets
    .filter(({ base, change, turnover }) => change * sign > 0 && turnover >= MOVERS_FLOOR && !bases.has(LEVERAGED.exec(base)?.[1] ?? ''))
    .toSorted((a, b) => sign * (b.change - a.change))
    .map(({ base, price, change, turnover }) => ({ id: base, symbol: base.toUpperCase(), priceUsd: price, change24hPercent: change, volume24hUsd: turnover }))
}
