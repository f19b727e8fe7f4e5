import { ProviderError } from '../errors.js'
import { DEFAULT_CANDLES } from '../model/capabilities.js'
import { endOf, firstOpen, INTERVAL_MS, type Interval } from '../model/interval.js'
import type { Asset, OrderBook, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { type CandleRow, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import { asTicker, marketOf, symbolOf, tickersOf, traded, volumeOf } from '../provider/market/market.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf, some } from '../provider/rows.js'

/** What Coinbase Exchange can be asked. */
export type CoinbaseCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets'

const INTERVALS: ReadonlySet<Interval> = new Set(['1m', '5m', '15m', '1h', '6h', '1d'])
// https://docs.cdp.coinbase.com/exchange/reference/exchangerestapi_getproductcandles, read November 2026.
const MAX_CANDLES = 300
const MAX_TRADES = 1_000
// Of Advanced Trade, another surface of the same books: the exchange's own has no list of prices. Public, renewed at most every second; ids of
// products that it does not know are left out (unverified).
const PRODUCTS = { path: 'api/v3/brokerage/market/products', query: { product_type: 'SPOT' } } as const

/** Spot market data of Coinbase Exchange, real dollars. No key needed. */
export function coinbase(options: ProviderOptions = {}): Provider<CoinbaseCapability> {
  const products = { ...PRODUCTS, host: options.hosts ? undefined : 'https://api.coinbase.com' } // hosts of the user's own have both
  return defineProvider<CoinbaseCapability>(
    {
      id: 'coinbase',
      name: 'Coinbase Exchange',
      homepage: 'https://exchange.coinbase.com',
      docs: 'https://docs.cdp.coinbase.com/exchange/rest-api/rate-limits',
      verifiedOn: '2026-11-21',
      hosts: ['https://api.exchange.coinbase.com'],
      limits: [{ requests: 10, perMs: 1_000, scope: 'ip' }], // bursts to 15, unverified
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }) => tickerOf(body, symbol),
        },
        tickers: {
          request: ({ symbols }, { native }) => ({
            ...products,
            query: { ...PRODUCTS.query, product_ids: symbols.map((symbol) => nameOf(symbol, native)) },
          }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(read.object(body, 'body').products, 'products').map((row) => [row.product_id, row]))
            // a delisted product has '' for everything
            return tickersOf(symbols, (symbol) => traded(rows.get(nameOf(symbol, native)), 'price', ''), productOf)
          },
          maxBatch: 50,
          whole: { request: products },
        },
        candles: {
          request: ({ symbol, interval, limit = DEFAULT_CANDLES, since }, { native }) => {
            const granularity = INTERVAL_MS[interval] / 1_000
            if (since === undefined) return requestOf('candles', symbol, native, { granularity })
            const start = new Date(firstOpen(since, interval)).toISOString()
            const end = new Date(endOf(since, interval, limit) - INTERVAL_MS[interval]).toISOString()
            return requestOf('candles', symbol, native, { granularity, start, end })
          },
          parse: (body, params, { now }) => {
            const rows = read.array(body, 'candles').map(candleRow)
            return candlesOf(params.since === undefined ? listed(rows) : rows, params, now)
          },
          supports: ({ interval, limit = DEFAULT_CANDLES }) => INTERVALS.has(interval) && limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('ticker', symbol, native),
          parse: (body, { symbol }) => volumeOf(tickerOf(body, symbol)),
        },
        orderBook: {
          // level 1 is the best bid and ask, level 2 the whole book
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('book', symbol, native, { level: depth === 1 ? 1 : 2 }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => {
            const book = read.object(body, 'book')
            const asOf = read.optional(read.isoTime, book.time, 'time')
            return known<OrderBook>({ ...pairOf(symbol), ...levelsOf(book, depth), asOf, sequence: read.optional(read.amount, book.sequence, 'sequence') })
          },
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('trades', symbol, native, { limit }),
          // newest first
          parse: (body, params) => tradesOf(listed(read.array(body, 'trades')).map(tradeRow).toReversed(), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => ({ path: 'currencies' }),
          parse: (body, { limit }) => currenciesOf(body).slice(0, limit),
        },
      },
      failure({ status, body }, { capability }) {
        if (status === 400 && capability === 'tickers') return { reason: 'not-found' } // only a product can be wrong: then all are asked for
        if (status !== 404) return undefined
        const { message } = membersOf(body)
        if (typeof message !== 'string') return { reason: 'bad-response', message: 'no such path' }
        return { reason: capability === 'assets' ? 'bad-response' : 'not-found', message }
      },
    },
    options,
  )
}

/** Celo keeps the name under which it began: https://api.exchange.coinbase.com/products, unverified. */
const CODES: NativeIds = { CELO: 'CGLD' }

const nameOf = (symbol: string, native: NativeIds): string => marketOf(symbol, { ...CODES, ...native }, '-')

const requestOf = (what: string, symbol: string, native: NativeIds, query?: HttpRequest['query']): HttpRequest => ({
  path: `products/${encodeURIComponent(nameOf(symbol, native))}/${what}`,
  query,
})

/** Without an open: what it was 24 h ago stands elsewhere. */
function tickerOf(body: unknown, symbol: string): Ticker {
  const row = read.object(body, 'ticker')
  const asOf = read.optional(read.isoTime, row.time, 'time')
  return asTicker({ price: row.price, bid: row.bid, ask: row.ask, volume: row.volume, asOf }, pairOf(symbol))
}

function productOf(row: Row, symbol: string): Ticker {
  const {
    price,
    best_bid_price: bid,
    best_ask_price: ask,
    price_percentage_change_24h: changePercent,
    volume_24h: volume,
    approximate_quote_24h_volume: turnover,
  } = row
  return asTicker({ price, bid, ask, changePercent, volume, turnover }, pairOf(symbol))
}

/** There is none where nothing was traded. */
function candleRow(row: unknown): CandleRow {
  const [time, low, high, open, close, volume] = read.array(row, 'candle')
  return { openTime: read.seconds(time, 'time'), open, high, low, close, volume: read.amount(volume, 'volume') }
}

/** `side` is the maker's: https://docs.cdp.coinbase.com/exchange/reference/exchangerestapi_getproducttrades, unverified. */
function tradeRow(row: unknown): TradeRow {
  const { trade_id: id, price, size, side, time } = read.object(row, 'trade')
  return { id, price, amount: size, side: side === 'buy' ? 'sell' : side === 'sell' ? 'buy' : undefined, at: read.isoTime(time, 'time') }
}

/** A market has candles and trades, only perhaps none since a time. */
function listed<T>(rows: readonly T[]): readonly T[] {
  if (rows.length === 0) throw new ProviderError({ provider: 'coinbase', reason: 'not-found' })
  return rows
}

function currenciesOf(body: unknown): Asset[] {
  const online = rowsOf(body, 'currencies').filter(({ status = 'online' }) => status === 'online')
  return some(online, 'currencies').map(({ id, name }) => {
    const code = read.string(id, 'id')
    return known<Asset>({ id: code, symbol: symbolOf(code, CODES), name: read.optional(read.string, name, 'name') })
  })
}
