import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { INTERVAL_MS } from '../model/interval.js'
import type { Candle } from '../model/market.js'
import { type Pair, pairOf } from '../model/symbol.js'
import { askedCandles } from '../provider/market/candles.js'
import { coinAssets, coinMovers, coinsListed, coinVolume } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { idOf } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import type { HttpEndpoint, HttpRequest, NativeIds, ParseContext, Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { COINPAPRIKA_IDS } from './coinpaprika.assets.js'
import { coinOf, dayOf, exchangesOf, failureOf, globalOf, nameOf, parseBatch, rankedOf } from './coinpaprika.rows.js'

const ID = 'coinpaprika'
const DOCS = 'https://docs.coinpaprika.com'
const VERIFIED = '2026-11-21'
const TOP = 250 // assets that movers are looked for among
const BATCH = 1_000 // tickers has no filter by id: the largest thousand hold what people ask for, in one call
const MOST_CANDLES = 366

const LIMITS = [
  { requests: 20_000, perMs: INTERVAL_MS['1M'], scope: 'ip', resets: 'utc-month' },
  { requests: 10, perMs: 1_000, scope: 'ip' },
] as const

// tickers?quotes=; dollars are real ones. Candles know USD and BTC only.
const QUOTES = new Set(
  (
    'BTC ETH USD EUR PLN KRW GBP CAD JPY RUB TRY NZD AUD CHF UAH HKD SGD NGN PHP MXN BRL THB CLP CNY CZK DKK HUF IDR ILS INR MYR NOK PKR SEK TWD ZAR VND ' +
    'BOB COP PEN ARS ISK'
  ).split(' '),
)

type Capabilities = 'ticker' | 'tickers' | 'candles' | 'volume' | 'assets' | 'exchanges' | 'globalMarket' | 'movers'

/**
 * CoinPaprika: prices of the 2 000 largest assets, averaged over exchanges, in real dollars, renewed about every ten minutes. Free without a key
 * for personal use; `plan: 'pro'` needs one, and has daily candles of a year instead of today's alone.
 */
export function coinpaprika(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: ID,
      name: 'CoinPaprika',
      homepage: 'https://coinpaprika.com',
      docs: DOCS,
      hosts: ['https://api.coinpaprika.com'],
      priority: 2,
      limits: LIMITS,
      plans: {
        free: { limits: LIMITS, verifiedOn: VERIFIED, source: DOCS },
        pro: {
          host: 'https://api-pro.coinpaprika.com',
          // The month's calls hang on the contract: give `limits` to have them counted.
          limits: [{ requests: 10, perMs: 1_000, scope: 'key' }],
          key: { required: true, in: 'header', name: 'Authorization' },
          verifiedOn: VERIFIED,
          source: DOCS,
        },
      },
      assets: COINPAPRIKA_IDS,
      lookup: {
        request: { path: 'v1/tickers', query: { quotes: 'USD', limit: BATCH } },
        parse: (body) => coinsListed(rankedOf(body).map(nameOf)),
      },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => QUOTES.has(pairOf(symbol).quote),
          request: ({ symbol }, { native }) => single(pairOf(symbol), native),
          parse: (body, { symbol }) => asTicker(coinOf(read.object(body, 'ticker'), pairOf(symbol).quote), pairOf(symbol)),
        },
        tickers: {
          maxBatch: BATCH,
          // Three quotes a call at most: unverified.
          supports: ({ symbols }) => {
            const { length } = quotesOf(symbols)
            return length > 0 && length <= 3
          },
          request: ({ symbols }) => ({ path: 'v1/tickers', query: { quotes: quotesOf(symbols).join(), limit: BATCH } }),
          parse: (body, { symbols }, { native }) =>
            parseBatch(
              body,
              symbols.map(pairOf).filter(({ quote }) => QUOTES.has(quote)),
              native,
            ),
        },
        candles: options.plan === 'pro' ? dailyCandles : todaysCandle,
        volume: {
          supports: ({ symbol }) => QUOTES.has(pairOf(symbol).quote),
          request: ({ symbol }, { native }) => single(pairOf(symbol), native),
          parse: (body, { symbol }) => coinVolume(coinOf(read.object(body, 'ticker'), pairOf(symbol).quote), pairOf(symbol)),
        },
        // tickers rather than coins: that one cannot be cut short, and holds tens of thousands of dead ones.
        assets: {
          request: ({ limit = 100 }) => ({ path: 'v1/tickers', query: { quotes: 'USD', limit } }),
          parse: (body, { limit = 100 }) => coinAssets(rankedOf(body).map(nameOf), limit),
        },
        exchanges: {
          request: () => ({ path: 'v1/exchanges', query: { quotes: 'USD' } }),
          parse: (body, { limit }) => exchangesOf(body).slice(0, limit),
        },
        globalMarket: {
          request: () => ({ path: 'v1/global' }),
          parse: globalOf,
        },
        // Of the 250 assets with the largest market value (smaller ones move by chance); those that did not rise, or fall, are left out.
        movers: {
          request: () => ({ path: 'v1/tickers', query: { quotes: 'USD', limit: TOP } }),
          parse: (body, params) =>
            coinMovers(
              rankedOf(body)
                .slice(0, TOP)
                .map((row) => coinOf(row, 'USD')),
              params,
            ),
        },
      },
      failure: ({ status, body }) => failureOf(status, body),
    },
    options,
  )
}

const quotesOf = (symbols: readonly string[]) => [...new Set(symbols.map((symbol) => pairOf(symbol).quote))].filter((quote) => QUOTES.has(quote))

const single = ({ base, quote }: Pair, native: NativeIds) => ({ path: `v1/tickers/${idOf(ID, base, native)}`, query: { quotes: quote } })

const isDaily = ({ symbol, interval }: ParamsOf<'candles'>) => interval === '1d' && /\/(USD|BTC)$/.test(symbol)

function ohlcv({ symbol }: ParamsOf<'candles'>, native: NativeIds, which: string, query: HttpRequest['query']): HttpRequest {
  const { base, quote } = pairOf(symbol)
  return { path: `v1/coins/${idOf(ID, base, native)}/ohlcv/${which}`, query: { quote: quote.toLowerCase(), ...query } }
}

/** The free plan reaches 24 hours back: of the daily candles it has the running one. */
const todaysCandle: HttpEndpoint<'candles'> = {
  supports: (params) => isDaily(params) && params.limit === 1 && params.since === undefined,
  request: (params, { native }) => ohlcv(params, native, 'today', {}),
  parse: daysOf,
}

const dailyCandles: HttpEndpoint<'candles'> = {
  supports: (params) => isDaily(params) && (params.limit ?? DEFAULT_CANDLES) <= MOST_CANDLES,
  request: (params, { native, now }) => {
    const { limit = DEFAULT_CANDLES, since = now - limit * INTERVAL_MS['1d'] } = params
    return ohlcv(params, native, 'historical', { interval: '24h', start: Math.floor(since / 1_000), limit })
  },
  parse: daysOf,
}

function daysOf(body: unknown, params: ParamsOf<'candles'>, { now }: ParseContext): Candle[] {
  const days = read.array(body, 'ohlcv').map((row) => dayOf(row, now))
  return askedCandles(days, params)
}
