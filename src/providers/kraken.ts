import { BadResponseError, type FailureReason, ProviderError } from '../errors.js'
import { DEFAULT_CANDLES } from '../model/capabilities.js'
import type { Interval } from '../model/interval.js'
import type { Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { type CandleRow, candlesOf, reaching } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import { assetsOf, asTicker, marketOf, tickersOf, volumeOf } from '../provider/market/market.js'
import type { NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'

/** What Kraken can be asked. */
export type KrakenCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets'

// Minutes. Weeks are left out: they are said (unverified) to be counted from Thursday, the Unix epoch, not from Monday.
const INTERVALS: Partial<Record<Interval, number>> = { '1m': 1, '5m': 5, '15m': 15, '30m': 30, '1h': 60, '4h': 240, '1d': 1_440 }
/** All that there is of each interval: https://docs.kraken.com/exchange/guides/general/historical-data, read November 2026. */
const MAX_CANDLES = 720
const MAX_LEVELS = 500
const MAX_TRADES = 1_000

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
          request: ({ symbol }, { native }) => requestOf('Ticker', { pair: nameOf(symbol, native) }),
          parse: (body, { symbol }, { native }) => tickerOf(oneOf(body, symbol, native), symbol),
        },
        tickers: {
          request: ({ symbols }, { native }) => requestOf('Ticker', { pair: symbols.map((symbol) => nameOf(symbol, native)).join() }),
          parse: (body, { symbols }, { native }) => {
            const markets = new Map(Object.entries(resultOf(body)))
            const find = (symbol: string) => {
              const row = markets.get(nameOf(symbol, native))
              // the last price of a market without trades is 0
              return row !== undefined && read.amount(itemOf(read.object(row, 'ticker').c, 0, 'c'), 'c.0') > 0 ? row : undefined
            }
            return tickersOf(symbols, find, tickerOf)
          },
          maxBatch: 50, // lists of some hundred pairs are answered with a 520: https://github.com/home-assistant/core/issues/142910
          whole: { request: requestOf('Ticker', {}) },
        },
        candles: {
          // `since` is exclusive: a second less makes it inclusive
          request: ({ symbol, interval, since }, { native }) =>
            requestOf('OHLC', {
              pair: nameOf(symbol, native),
              interval: INTERVALS[interval],
              since: since === undefined ? undefined : Math.floor(since / 1_000) - 1,
            }),
          parse: (body, params, { native, now }) => {
            const rows = read.array(oneOf(body, params.symbol, native), 'OHLC').map(candleRow)
            if (rows.length === 0 && params.since === undefined) throw new ProviderError({ provider: 'kraken', reason: 'not-found' })
            return candlesOf(reaching(rows, params, MAX_CANDLES, 'kraken'), params, now)
          },
          supports: ({ interval, limit = DEFAULT_CANDLES }) => INTERVALS[interval] !== undefined && limit <= MAX_CANDLES,
        },
        volume: {
          request: ({ symbol }, { native }) => requestOf('Ticker', { pair: nameOf(symbol, native) }),
          parse: (body, { symbol }, { native }) => volumeOf(tickerOf(oneOf(body, symbol, native), symbol)),
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => requestOf('Depth', { pair: nameOf(symbol, native), count: depth }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }, { native }) => ({
            ...pairOf(symbol),
            ...levelsOf(read.object(oneOf(body, symbol, native), 'Depth'), depth),
          }),
          supports: ({ depth = DEFAULT_DEPTH }) => depth <= MAX_LEVELS,
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => requestOf('Trades', { pair: nameOf(symbol, native), count: limit }),
          parse: (body, params, { native }) => {
            const rows = read.array(oneOf(body, params.symbol, native), 'Trades').map(tradeRow)
            if (rows.length === 0) throw new ProviderError({ provider: 'kraken', reason: 'not-found' })
            return tradesOf(rows, params)
          },
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => requestOf('AssetPairs', {}),
          parse: (body, params) => assetsOf(basesOf(resultOf(body)), params, CODES),
        },
      },
      failure({ status, body }, { capability }) {
        const { error } = membersOf(body)
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

/** After its fork Terra kept the names it had: https://support.kraken.com/hc/en-us/articles/6548163943956-LUNA-and-UST-updates-on-Kraken- */
const CODES: NativeIds = { LUNA: 'LUNA2', LUNC: 'LUNA', USTC: 'UST' }

const nameOf = (symbol: string, native: NativeIds): string => marketOf(symbol, { ...CODES, ...native }, '/')

// assetVersion=1: pairs are called BTC/USD and DOGE/USD instead of XXBTZUSD and XDGUSD (unverified for Depth and Trades).
const requestOf = (path: string, query: Record<string, string | number | undefined>) => ({ path: `0/public/${path}`, query: { ...query, assetVersion: 1 } })

const resultOf = (body: unknown): Record<string, unknown> => read.object(read.object(body, 'body').result, 'result')

/** What is told of the one asked pair, under whatever name. */
function oneOf(body: unknown, symbol: string, native: NativeIds): unknown {
  const markets = new Map(Object.entries(resultOf(body)))
  const market = markets.get(nameOf(symbol, native))
  if (market !== undefined) return market
  markets.delete('last')
  if (markets.size === 0) throw new ProviderError({ provider: 'kraken', reason: 'not-found' })
  if (markets.size > 1) throw new BadResponseError(`result: one pair expected, got ${markets.size}`)
  return [...markets.values()][0]
}

const itemOf = (list: unknown, index: number, at: string): unknown => read.array(list, at)[index]

/** Of the pairs of figures the first is of the UTC day, the second of 24 h; `o` is the open of the day, so there is no change. */
function tickerOf(market: unknown, symbol: string): Ticker {
  const row = read.object(market, 'ticker')
  const volume24h = read.amount(itemOf(row.v, 1, 'v'), 'v.1')
  // the average price is weighted by volume: both together are the turnover
  const turnover = volume24h * (read.positiveOrNone(itemOf(row.p, 1, 'p'), 'p.1') ?? Number.NaN)
  const prices = {
    price: itemOf(row.c, 0, 'c'),
    bid: itemOf(row.b, 0, 'b'),
    ask: itemOf(row.a, 0, 'a'),
    low24h: itemOf(row.l, 1, 'l'),
    high24h: itemOf(row.h, 1, 'h'),
    volume: volume24h,
    turnover: Number.isFinite(turnover) ? turnover : undefined,
  }
  return asTicker(prices, pairOf(symbol))
}

function candleRow(row: unknown): CandleRow {
  const [time, open, high, low, close, , volume] = read.array(row, 'candle')
  return { openTime: read.seconds(time, 'time'), open, high, low, close, volume: read.amount(volume, 'volume') }
}

function tradeRow(row: unknown): TradeRow {
  const [price, amount, time, side, , , id] = read.array(row, 'trade')
  return { id, price, amount, side: side === 'b' ? 'buy' : side === 's' ? 'sell' : undefined, at: read.seconds(time, 'time') }
}

const basesOf = (result: Record<string, unknown>): string[] =>
  Object.values(result)
    .map((pair) => read.object(pair, 'AssetPairs'))
    .filter(({ status = 'online', aclass_base = 'currency' }) => status === 'online' && aclass_base === 'currency')
    .map(({ base }) => read.string(base, 'base'))
