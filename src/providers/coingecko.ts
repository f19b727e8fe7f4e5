import { ProviderError } from '../errors.js'
import { DEFAULT_CANDLES } from '../model/capabilities.js'
import { INTERVAL_MS, type Interval } from '../model/interval.js'
import { type Pair, pairOf } from '../model/symbol.js'
import { askedCandles } from '../provider/market/candles.js'
import { type Coin, coinAsked, coinAssets, coinMovers, coinTickersById, coinVolume } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { idOf, idsOf, unknown } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import type { HttpRequest, KeyPlacement, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { COINGECKO_IDS } from './coingecko.assets.js'
import { coinsOf, exchangeOf, failureOf, globalOf, nftOf, ohlcOf, parseSimple, trendingOf } from './coingecko.rows.js'

const ID = 'coingecko'
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const PAGE = 250 // most rows of one coins/markets or exchanges page
const LIMITS_PAGE = 'https://docs.coingecko.com/docs/errors-and-rate-limits'
const VERIFIED = '2026-11-21'

const demoKey: KeyPlacement = { required: false, in: 'header', name: 'x-cg-demo-api-key' }
const proKey: KeyPlacement = { required: true, in: 'header', name: 'x-cg-pro-api-key' }

// simple/supported_vs_currencies: dollars are real ones, so USDT and USDC are not among them.
const QUOTES = new Set(
  (
    'btc eth ltc bch bnb eos xrp xlm link dot yfi usd aed ars aud bdt bhd bmd brl cad chf clp cny czk dkk eur gbp gel hkd huf idr ils inr jpy krw kwd lkr ' +
    'mmk mxn myr ngn nok nzd php pkr pln rub sar sek sgd thb try twd uah vef vnd zar xdr xag xau bits sats'
  ).split(' '),
)
// coins/{id}/ohlc chooses the interval by the days asked: 1 → 30 min, 7…30 → 4 h; more gives 4 days, which nobody asks for.
const OHLC_DAYS: { readonly [I in Interval]?: readonly number[] } = { '30m': [1], '4h': [7, 14, 30] }
const NFT_PLATFORMS = new Map([
  ['eip155:1', 'ethereum'],
  ['eip155:137', 'polygon-pos'],
  ['eip155:42161', 'arbitrum-one'],
  ['eip155:8453', 'base'],
])

type Capabilities = 'ticker' | 'tickers' | 'candles' | 'volume' | 'assets' | 'exchanges' | 'globalMarket' | 'trending' | 'movers' | 'social' | 'nftCollection'

/**
 * CoinGecko: prices of nearly everything, averaged over exchanges, in real dollars. Keyless by default, with the strictest limits;
 * `plan: 'demo'` and `plan: 'pro'` need a key (a key alone is sent as a Demo key). It comes last, and its answers are kept for five minutes.
 */
export function coingecko(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: ID,
      name: 'CoinGecko',
      homepage: 'https://www.coingecko.com',
      docs: LIMITS_PAGE,
      hosts: ['https://api.coingecko.com'],
      role: 'last-resort',
      priority: 3,
      reuseMs: 5 * MINUTE,
      minSpacingMs: 10_000,
      // 5…15 a minute for all who share an address: seen by users, not published.
      limits: [{ requests: 5, perMs: MINUTE, scope: 'ip' }],
      key: demoKey,
      plans: {
        keyless: { limits: [{ requests: 5, perMs: MINUTE, scope: 'ip' }], minSpacingMs: 10_000, verifiedOn: VERIFIED, source: LIMITS_PAGE },
        demo: {
          // The month's credits are unverified.
          limits: [
            { requests: 100, perMs: MINUTE, scope: 'key' },
            { requests: 10_000, perMs: INTERVAL_MS['1M'], scope: 'key', resets: 'utc-month' },
          ],
          key: { ...demoKey, required: true },
          minSpacingMs: 10_000,
          verifiedOn: VERIFIED,
          source: LIMITS_PAGE,
        },
        pro: {
          host: 'https://pro-api.coingecko.com',
          // Those of the smallest paid plan, unverified: give `limits` for others.
          limits: [
            { requests: 500, perMs: MINUTE, scope: 'key' },
            { requests: 500_000, perMs: INTERVAL_MS['1M'], scope: 'key', resets: 'utc-month' },
          ],
          key: proKey,
          minSpacingMs: 0,
          verifiedOn: VERIFIED,
          source: 'https://www.coingecko.com/en/api/pricing',
        },
      },
      attribution: { text: 'Data provided by CoinGecko', url: 'https://www.coingecko.com', required: true },
      assets: COINGECKO_IDS,
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        // coins/markets rather than simple/price: one credit either way, the same cache of a minute, and it has the day's range too.
        ticker: {
          supports: ({ symbol }) => hasQuote(pairOf(symbol)),
          request: ({ symbol }, { native }) => marketsOf(pairOf(symbol), native),
          parse: (body, { symbol }, { native }) => asTicker(oneOf(body, symbol, native), pairOf(symbol)),
        },
        // One quote: coins/markets. Several: simple/price, which takes a list of them.
        tickers: {
          maxBatch: PAGE,
          supports: ({ symbols }) => symbols.some((symbol) => hasQuote(pairOf(symbol))),
          request: ({ symbols }, { native }) => batchOf(askable(symbols, native), native),
          parse: (body, { symbols }, { native }) => {
            const pairs = askable(symbols, native)
            return quotesOf(pairs).length > 1 ? parseSimple(body, pairs, native) : coinTickersById(coinsOf(body), pairs, native)
          },
        },
        candles: {
          supports: ({ symbol, interval }) => hasQuote(pairOf(symbol)) && OHLC_DAYS[interval] !== undefined,
          request: ({ symbol, interval, limit = DEFAULT_CANDLES, since }, { native, now }) => {
            const { base, quote } = pairOf(symbol)
            const days = daysFor(interval, since === undefined ? limit * INTERVAL_MS[interval] : now - since, since !== undefined)
            return { path: `api/v3/coins/${idOf(ID, base, native)}/ohlc`, query: { vs_currency: quote.toLowerCase(), days } }
          },
          // The running one can come twice, the later with the newer prices.
          parse: (body, params, { now }) => {
            const candles = read.array(body, 'ohlc').map((row) => ohlcOf(row, params.interval, now))
            if (candles.length === 0) throw unknown(ID, params.symbol)
            return askedCandles([...new Map(candles.map((candle) => [candle.openTime, candle])).values()], params)
          },
        },
        volume: {
          supports: ({ symbol }) => hasQuote(pairOf(symbol)),
          request: ({ symbol }, { native }) => marketsOf(pairOf(symbol), native),
          parse: (body, { symbol }, { native }) => coinVolume(oneOf(body, symbol, native), pairOf(symbol)),
        },
        // The largest by market value, at most 250.
        assets: {
          request: ({ limit = 100 }) => topMarkets(limit),
          parse: (body, { limit = 100 }) => coinAssets(coinsOf(body), limit),
        },
        exchanges: {
          request: ({ limit = 100 }) => ({ path: 'api/v3/exchanges', query: { per_page: Math.min(limit, PAGE), page: 1 } }),
          parse: (body, { limit = 100 }) => read.array(body, 'exchanges').slice(0, limit).map(exchangeOf),
        },
        globalMarket: {
          request: () => ({ path: 'api/v3/global' }),
          parse: globalOf,
        },
        trending: {
          request: () => ({ path: 'api/v3/search/trending' }),
          parse: (body, { limit }) => read.array(read.object(body, 'trending').coins, 'coins').slice(0, limit).map(trendingOf),
        },
        // Of the 250 assets with the largest market value (smaller ones move by chance); those that did not rise, or fall, are left out.
        movers: {
          request: () => topMarkets(PAGE),
          parse: (body, params) => coinMovers(coinsOf(body), params),
        },
        social: {
          request: ({ asset }, { native }) => ({
            path: `api/v3/coins/${idOf(ID, asset, native)}`,
            query: { localization: false, tickers: false, market_data: false, community_data: false, developer_data: false, sparkline: false },
          }),
          parse: (body, { asset }) => {
            const coin = read.object(body, 'coin')
            if (coin.sentiment_votes_up_percentage === null) throw unknown(ID, `votes for ${asset}`)
            const sentimentPercent = read.amount(coin.sentiment_votes_up_percentage, 'sentiment_votes_up_percentage')
            return known({ asset, sentimentPercent, asOf: read.optional(read.isoTime, coin.last_updated, 'last_updated') })
          },
        },
        nftCollection: {
          // dots alone would lead to another path
          supports: (params) => ('slug' in params ? /[^.]/.test(params.slug) : NFT_PLATFORMS.has(params.chain) && /[^.]/.test(params.contract)),
          request: (params) => {
            if ('slug' in params) return { path: `api/v3/nfts/${encodeURIComponent(params.slug)}` }
            return { path: `api/v3/nfts/${NFT_PLATFORMS.get(params.chain)}/contract/${encodeURIComponent(params.contract)}` }
          },
          parse: nftOf,
        },
      },
      failure: ({ status, body }) => failureOf(status, body),
    },
    options,
  )
}

const hasQuote = ({ quote }: Pair) => QUOTES.has(quote.toLowerCase())
const quotesOf = (pairs: readonly Pair[]) => [...new Set(pairs.map(({ quote }) => quote.toLowerCase()))]
const askable = (symbols: readonly string[], native: NativeIds) => symbols.map(pairOf).filter((pair) => hasQuote(pair) && native[pair.base] !== undefined)

const oneOf = (body: unknown, symbol: string, native: NativeIds): Coin => coinAsked(coinsOf(body), pairOf(symbol), native, ID)

const topMarkets = (limit: number): HttpRequest => ({
  path: 'api/v3/coins/markets',
  query: { vs_currency: 'usd', order: 'market_cap_desc', per_page: Math.min(limit, PAGE), page: 1 },
})

const marketsOf = (pair: Pair, native: NativeIds): HttpRequest => ({
  path: 'api/v3/coins/markets',
  query: { vs_currency: pair.quote.toLowerCase(), ids: idsOf(ID, [pair], native).join() },
})

function batchOf(pairs: readonly Pair[], native: NativeIds): HttpRequest {
  const ids = idsOf(ID, pairs, native).join()
  const quotes = quotesOf(pairs)
  if (quotes.length === 1) return { path: 'api/v3/coins/markets', query: { vs_currency: quotes[0], ids, per_page: PAGE } }
  const also = { include_market_cap: true, include_24hr_vol: true, include_24hr_change: true, include_last_updated_at: true, precision: 'full' }
  return { path: 'api/v3/simple/price', query: { ids, vs_currencies: quotes.join(), ...also } }
}

function daysFor(interval: Interval, spanMs: number, mustReach: boolean): number {
  const choices = OHLC_DAYS[interval] ?? []
  const days = choices.find((choice) => choice * DAY >= spanMs)
  if (days !== undefined) return days
  if (mustReach) throw new ProviderError({ provider: ID, reason: 'bad-request', message: `has no ${interval} candles of so long ago` })
  return choices.at(-1) ?? 1
}
