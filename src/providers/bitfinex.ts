import { DEFAULT_CANDLES } from '../model/capabilities.js'
import type { Interval } from '../model/interval.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, tradesOf } from '../provider/market/books.js'
import { aligned, candlesOf } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { isNothing, membersOf } from '../provider/failure.js'
import { tickersOf, volumeOf } from '../provider/market/market.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { assetsOfPairs, candleRow, hasPrice, isListed, level, marketOf, pathOf, sidesOf, tickerOf, tradeRow } from './bitfinex.rows.js'

/** What Bitfinex can be asked. */
export type BitfinexCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets'

// https://docs.bitfinex.com/reference/rest-public-candles, read November 2026
const INTERVALS: Partial<Record<Interval, string>> = {
  '1m': '1m',
  '5m': '5m',
  '15m': '15m',
  '30m': '30m',
  '1h': '1h',
  '6h': '6h',
  '12h': '12h',
  '1d': '1D',
  '1w': '1W',
  '1M': '1M',
}
const MAX_ROWS = 10_000 // of candles and of trades, unverified
const BOOK_SIZES = [25, 100, 250] // the last one unverified
const bookSize = (depth: number): number | undefined => BOOK_SIZES.find((size) => size >= depth)
/** An address that asks too often is shut out for so long: https://docs.bitfinex.com/docs/requirements-and-limitations */
const BLOCK_MS = 60_000

// Each endpoint has a limit of its own, a minute: book 240, ticker 90, candles 30, trades 15 (unverified). The cost of a call is
// its share of a minute.
const MINUTE = 720
const COST = { book: MINUTE / 240, ticker: MINUTE / 90, candles: MINUTE / 30, trades: MINUTE / 15 }

/** Spot market data of Bitfinex, real dollars. No key needed. */
export function bitfinex(options: ProviderOptions = {}): Provider<BitfinexCapability> {
  return defineProvider<BitfinexCapability>(
    {
      id: 'bitfinex',
      name: 'Bitfinex',
      homepage: 'https://www.bitfinex.com',
      docs: 'https://docs.bitfinex.com/docs/rest-public',
      hosts: ['https://api-pub.bitfinex.com'],
      limits: [{ cost: MINUTE, perMs: 60_000, scope: 'ip' }],
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => ({ path: `v2/ticker/${pathOf(symbol, native)}` }),
          parse: (body, { symbol }) => tickerOf(read.array(body, 'ticker'), symbol),
          supports: ({ symbol }) => isListed(symbol),
          cost: COST.ticker,
        },
        tickers: {
          request: ({ symbols }, { native }) => ({
            path: 'v2/tickers',
            query: {
              symbols: symbols
                .filter(isListed)
                .map((symbol) => marketOf(symbol, native))
                .join(),
            },
          }),
          parse: (body, { symbols }, { native }) => {
            // rows of markets begin with their name, those of funding rates are made otherwise and not looked at
            const rows = new Map(read.array(body, 'tickers').map((row) => [read.array(row, 'ticker')[0], read.array(row, 'ticker').slice(1)]))
            const find = (symbol: string) => {
              const row = rows.get(marketOf(symbol, native))
              return row && hasPrice(row) ? row : undefined
            }
            return tickersOf(symbols.filter(isListed), find, tickerOf)
          },
          supports: ({ symbols }) => symbols.some(isListed),
          maxBatch: 100, // for the length of the address
          cost: COST.ticker,
        },
        candles: {
          request: ({ symbol, interval, limit = DEFAULT_CANDLES, since }, { native }) => ({
            path: `v2/candles/trade:${INTERVALS[interval]}:${pathOf(symbol, native)}/hist`,
            // newest first, and with `start` alone the newest: 1 turns it round
            query: { limit, start: since && Math.ceil(since), sort: since === undefined ? undefined : 1 },
          }),
          // whether weeks begin on Monday and months on their first day is unverified
          parse: (body, params, { now }) => candlesOf(aligned(read.array(body, 'candles').map(candleRow), params, 'bitfinex'), params, now),
          supports: ({ symbol, interval, limit = DEFAULT_CANDLES }) => isListed(symbol) && INTERVALS[interval] !== undefined && limit <= MAX_ROWS,
          cost: COST.candles,
        },
        volume: {
          request: ({ symbol }, { native }) => ({ path: `v2/ticker/${pathOf(symbol, native)}` }),
          parse: (body, { symbol }) => volumeOf(tickerOf(read.array(body, 'ticker'), symbol)),
          supports: ({ symbol }) => isListed(symbol),
          cost: COST.ticker,
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => ({ path: `v2/book/${pathOf(symbol, native)}/P0`, query: { len: bookSize(depth) } }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => ({ ...pairOf(symbol), ...levelsOf(sidesOf(body), depth, level) }),
          supports: ({ symbol, depth = DEFAULT_DEPTH }) => isListed(symbol) && bookSize(depth) !== undefined,
          cost: COST.book,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => ({ path: `v2/trades/${pathOf(symbol, native)}/hist`, query: { limit } }),
          // newest first
          parse: (body, params) => tradesOf(read.array(body, 'trades').map(tradeRow).toReversed(), params),
          supports: ({ symbol, limit = DEFAULT_TRADES }) => isListed(symbol) && limit <= MAX_ROWS,
          cost: COST.trades,
        },
        assets: {
          request: () => ({ path: 'v2/conf/pub:list:pair:exchange' }),
          parse: (body, { limit }) => assetsOfPairs(read.array(read.array(body, 'conf')[0], 'pairs')).slice(0, limit),
          cost: COST.ticker,
        },
      },
      failure({ status, headers, body }, asked) {
        const retryAfterMs = headers.has('retry-after') ? undefined : BLOCK_MS
        const { error } = membersOf(body)
        if (error === 'ERR_RATE_LIMIT') return { reason: 'rate-limited', message: error, retryAfterMs }
        if (!Array.isArray(body)) return undefined
        const [word, code, text] = body as unknown[]
        if (word === 'error') return failureOf(code, typeof text === 'string' ? text : '', asked.capability, retryAfterMs)
        return status === 200 && isNothing(body, asked) ? { reason: 'not-found' } : undefined
      },
    },
    options,
  )
}

/** Codes are few and listed nowhere for REST; where one stands for any wrong parameter, its text begins with the parameter's name. */
function failureOf(code: unknown, text: string, capability: BitfinexCapability, retryAfterMs: number | undefined): ProviderFailure {
  const message = `${String(code)} ${text}`
  if (code === 11_010) return { reason: 'rate-limited', message, retryAfterMs }
  if (code === 10_020) return { reason: /^(symbol|key|pair)\b/.test(text) && capability !== 'assets' ? 'not-found' : 'bad-request', message }
  return { reason: 'unavailable', message } // 20060 is maintenance
}
