import { BadResponseError, type FailureReason } from '../errors.js'
import { DEFAULT_CANDLES } from '../model/capabilities.js'
import type { Interval } from '../model/interval.js'
import type { Ticker, Volume } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { DEFAULT_DEPTH, DEFAULT_TRADES, levelsOf, type TradeRow, tradesOf } from '../provider/market/books.js'
import { aligned, type CandleRow, candlesOf, reaching } from '../provider/market/candles.js'
import { defineProvider } from '../provider/define-provider.js'
import { failureFor, membersOf } from '../provider/failure.js'
import { assetsOf, asTicker, marketOf, percentOf, tickersOf, traded } from '../provider/market/market.js'
import type { NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

/** What Gemini can be asked. */
export type GeminiCapability = 'ticker' | 'tickers' | 'candles' | 'volume' | 'orderBook' | 'trades' | 'assets'

// Its documentation also names 1h, 6h and 1d, which are refused. So many candles come of each, the newest ones, whatever is
// asked: seen in August 2026. Its days are left out: they begin at 04:00 UTC.
const WINDOWS: Partial<Record<Interval, readonly [name: string, candles: number]>> = {
  '1m': ['1m', 1_440],
  '5m': ['5m', 2_015],
  '15m': ['15m', 1_343],
  '30m': ['30m', 1_439],
  '1h': ['1hr', 1_463],
  '6h': ['6hr', 367],
}
const MAX_TRADES = 500

/** Spot market data of Gemini, real dollars. No key needed. */
export function gemini(options: ProviderOptions = {}): Provider<GeminiCapability> {
  return defineProvider<GeminiCapability>(
    {
      id: 'gemini',
      name: 'Gemini',
      homepage: 'https://www.gemini.com',
      docs: 'https://developer.gemini.com/rest-api/trading/market-data/list-candles',
      verifiedOn: '2026-11-21',
      hosts: ['https://api.gemini.com'],
      limits: [{ requests: 120, perMs: 60_000, scope: 'ip' }], // one a second is advised, bursts of 5 are queued
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          request: ({ symbol }, { native }) => ({ path: `v2/ticker/${nameOf(symbol, native)}` }),
          parse: (body, { symbol }, { native }) => tickerOf(body, symbol, native),
        },
        tickers: {
          request: () => ({ path: 'v1/pricefeed' }),
          parse: (body, { symbols }, { native }) => {
            const rows = new Map(rowsOf(body, 'pricefeed').map((row) => [read.string(row.pair, 'pair').toLowerCase(), row]))
            return tickersOf(symbols, (symbol) => traded(rows.get(nameOf(symbol, native)), 'price'), pricedOf)
          },
        },
        candles: {
          request: ({ symbol, interval }, { native }) => ({ path: `v2/candles/${nameOf(symbol, native)}/${WINDOWS[interval]?.[0]}` }),
          parse: (body, params, { now }) => {
            const rows = read.array(body, 'candles').map(candleRow)
            // whether those of 6 hours begin in UTC is unverified: its days do not
            return candlesOf(aligned(reaching(rows, params, WINDOWS[params.interval]?.[1] ?? 0, 'gemini'), params, 'gemini'), params, now)
          },
          supports: ({ interval, limit = DEFAULT_CANDLES }) => limit <= (WINDOWS[interval]?.[1] ?? 0),
        },
        volume: {
          request: ({ symbol }, { native }) => ({ path: `v1/pubticker/${nameOf(symbol, native)}` }),
          parse: (body, { symbol }, { native }) => volumeOf(body, symbol, native),
        },
        orderBook: {
          request: ({ symbol, depth = DEFAULT_DEPTH }, { native }) => ({
            path: `v1/book/${nameOf(symbol, native)}`,
            query: { limit_bids: depth, limit_asks: depth },
          }),
          parse: (body, { symbol, depth = DEFAULT_DEPTH }) => ({ ...pairOf(symbol), ...levelsOf(read.object(body, 'book'), depth, levelOf) }),
        },
        trades: {
          request: ({ symbol, limit = DEFAULT_TRADES }, { native }) => ({ path: `v1/trades/${nameOf(symbol, native)}`, query: { limit_trades: limit } }),
          parse: (body, params) => tradesOf(tradesIn(body), params),
          supports: ({ limit = DEFAULT_TRADES }) => limit <= MAX_TRADES,
        },
        assets: {
          request: () => ({ path: 'v1/symbols' }),
          parse: (body, params) => assetsOf(basesOf(body), params),
        },
      },
      failure({ status, body }, asked) {
        const none = Array.isArray(body) && body.length === 0
        if (none && (asked.capability === 'candles' || asked.capability === 'trades')) return { reason: 'not-found' }
        const { result, reason: word, message } = membersOf(body)
        if (result !== 'error' || typeof word !== 'string') return status === 404 ? { reason: 'bad-response', message: 'no such path' } : undefined
        // what follows the first sentence is the list of all symbols
        return failureFor(REASONS.get(word), typeof message === 'string' ? `${word}: ${message.slice(0, 80)}` : word, status, asked)
      },
    },
    options,
  )
}

// https://developer.gemini.com/rest-api/error-codes, read November 2026. A bad request can only have a bad symbol: a bad time
// frame is an `InvalidParameterValue`.
const REASONS: ReadonlyMap<string, FailureReason> = new Map([
  ['Bad Request', 'not-found'],
  ['InvalidSymbol', 'not-found'],
  ['EndpointNotFound', 'bad-response'],
  ['RateLimit', 'rate-limited'],
  ['Maintenance', 'unavailable'],
  ['System', 'unavailable'],
])

const nameOf = (symbol: string, native: NativeIds): string => encodeURIComponent(marketOf(symbol, native, '').toLowerCase())

/** Open, high and low are of the last 24 hours, `close` is the last price. */
function tickerOf(body: unknown, symbol: string, native: NativeIds): Ticker {
  const row = read.object(body, 'ticker')
  if (read.string(row.symbol, 'symbol').toLowerCase() !== nameOf(symbol, native)) throw new BadResponseError('symbol: the asked one expected, got another')
  return asTicker({ price: row.close, bid: row.bid, ask: row.ask, open24h: row.open, low24h: row.low, high24h: row.high }, pairOf(symbol))
}

/** `percentChange24h` is a fraction, 0.015 for 1.5 %. */
const pricedOf = (row: Row, symbol: string): Ticker =>
  asTicker({ price: row.price, changePercent: percentOf(row.percentChange24h, 'percentChange24h') }, pairOf(symbol))

/** Each volume stands under its currency. */
function volumeOf(body: unknown, symbol: string, native: NativeIds): Volume {
  const pair = pairOf(symbol)
  const volumes = read.object(read.object(body, 'pubticker').volume, 'volume')
  return known<Volume>({
    ...pair,
    volume24h: read.amount(volumes[native[pair.base] ?? pair.base], 'base volume'),
    quoteVolume24h: read.optional(read.amount, volumes[pair.quote], 'quote volume'),
    asOf: read.optional(read.millis, volumes.timestamp, 'timestamp'),
  })
}

function candleRow(row: unknown): CandleRow {
  const [time, open, high, low, close, volume] = read.array(row, 'candle')
  return { openTime: read.millis(time, 'time'), open, high, low, close, volume: read.amount(volume, 'volume') }
}

function levelOf(row: unknown): readonly unknown[] {
  const { price, amount } = read.object(row, 'level')
  return [price, amount]
}

/** `type` is the taker's side, or `auction` and the like. */
const tradeRow = ({ tid: id, price, amount, type, timestampms }: Row): TradeRow => ({
  id,
  price,
  amount,
  side: type,
  at: read.millis(timestampms, 'timestampms'),
})

/** They come newest first; broken ones were taken back. */
function tradesIn(body: unknown): TradeRow[] {
  return rowsOf(body, 'trades')
    .filter(({ broken }) => broken !== true)
    .map(tradeRow)
    .toReversed()
}

// btcusd, ethbtc, solusdc; perpetuals are called btcgusdperp. The dollars that end in usd come off afterwards.
const MARKET = /^(.+?)(?:usd[tc]?|dai|eur|gbp|sgd|btc|eth|bch|ltc|fil|sol)$/
const DOLLAR = /^(.+)(?:g|rl|py)$/

/** Names come without a separator: btcgusd is BTC in GUSD since there is a BTC, paxgusd is PAXG in USD since there is no PAX. */
function basesOf(body: unknown): string[] {
  const bases = read.array(body, 'symbols').flatMap((name) => MARKET.exec(read.string(name, 'symbol').toLowerCase())?.[1] ?? [])
  const listed = new Set(bases)
  return bases.map((base) => {
    const stem = DOLLAR.exec(base)?.[1]
    return (stem !== undefined && listed.has(stem) ? stem : base).toUpperCase()
  })
}
