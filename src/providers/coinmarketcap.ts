import { INTERVAL_MS } from '../model/interval.js'
import { type Pair, pairOf } from '../model/symbol.js'
import { type Coin, coinAsked, coinAssets, coinMovers, coinsListed, coinTickersById, coinVolume } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { idsOf } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import type { HttpRequest, KeyPlacement, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { COINMARKETCAP_IDS } from './coinmarketcap.assets.js'
import { coinsOf, failureOf, globalOf, indexOf, namesOf } from './coinmarketcap.rows.js'

const ID = 'coinmarketcap'
const DOCS = 'https://pro.coinmarketcap.com/api/documentation/guides/errors-and-rate-limits'
const KEYLESS = 'https://coinmarketcap.com/api/documentation/pro-api-reference/keyless-public-api'
const VERIFIED = '2026-11-21'
const MINUTE = 60_000

const BATCH = 100 // ids a credit pays for
const PAGE = 200 // rows of listings a credit pays for; movers are looked for among so many
const MOST_LISTED = 5_000
const MOST_MOODS = 500
const LOOKED_UP = 2_000 // by rank: further down, symbols stand for several assets

const key: KeyPlacement = { required: false, in: 'header', name: 'X-CMC_PRO_API_KEY' }

// convert=: dollars are real ones, so stablecoins are not among them.
const QUOTES = new Set(
  (
    'USD EUR GBP JPY CNY AUD CAD CHF KRW INR BRL MXN RUB TRY ZAR SEK NOK DKK PLN CZK HUF RON BGN ILS AED SAR KWD BHD QAR HKD SGD TWD THB IDR MYR PHP VND ' +
    'PKR BDT LKR NZD ARS CLP COP PEN NGN KES EGP MAD UAH KZT GEL BTC ETH'
  ).split(' '),
)

type Capabilities = 'ticker' | 'tickers' | 'volume' | 'assets' | 'globalMarket' | 'movers' | 'fearGreed'

/**
 * CoinMarketCap: prices of nearly everything, averaged over exchanges, in real dollars, renewed every minute, and a fear and greed index
 * of its own. Keyless without `apiKey` (or with `plan: 'keyless'`), with the strictest limits; a key is sent as that of a Basic plan: give
 * `limits` for a larger one.
 */
export function coinmarketcap(options: ProviderOptions = {}): Provider<Capabilities> {
  const { plan = isKey(options.apiKey) ? 'basic' : 'keyless' } = options
  // The keyless path answers a request that holds a key with 1002.
  const isKeyless = plan === 'keyless'
  const at = isKeyless ? 'public-api/' : ''
  const listings = (limit: number): HttpRequest => ({ path: `${at}v1/cryptocurrency/listings/latest`, query: { limit, convert: 'USD' } })
  // v3: quotes of v1 and v2 are deprecated, and not to be had without a key.
  const quotes = (pairs: readonly Pair[], native: NativeIds): HttpRequest => ({
    path: `${at}v3/cryptocurrency/quotes/latest`,
    query: { id: idsOf(ID, pairs, native).join(), convert: pairs[0]?.quote, skip_invalid: true },
  })
  return defineProvider<Capabilities>(
    {
      id: ID,
      name: 'CoinMarketCap',
      homepage: 'https://coinmarketcap.com',
      docs: DOCS,
      hosts: ['https://pro-api.coinmarketcap.com'],
      reuseMs: MINUTE,
      ...(options.plan !== 'keyless' && { key }),
      plans: {
        // "Aggressively limited", unpublished: ours.
        keyless: { limits: [{ requests: 10, perMs: MINUTE, scope: 'ip' }], verifiedOn: VERIFIED, source: KEYLESS },
        basic: {
          // 30 or 50 a minute, by the page that is read.
          limits: [
            { requests: 30, perMs: MINUTE, scope: 'key' },
            { cost: 15_000, perMs: INTERVAL_MS['1M'], scope: 'key', resets: 'utc-month' },
          ],
          key: { ...key, required: true },
          verifiedOn: VERIFIED,
          source: 'https://coinmarketcap.com/api/pricing/',
        },
      },
      cors: false,
      assets: COINMARKETCAP_IDS,
      lookup: {
        request: { path: `${at}v1/cryptocurrency/map`, query: { sort: 'cmc_rank', limit: LOOKED_UP } },
        parse: (body) => coinsListed(namesOf(body)),
      },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => QUOTES.has(pairOf(symbol).quote),
          request: ({ symbol }, { native }) => quotes([pairOf(symbol)], native),
          parse: (body, { symbol }, { native }) => asTicker(oneOf(body, pairOf(symbol), native), pairOf(symbol)),
        },
        // One quote a call: without a paid plan there are no more.
        tickers: {
          maxBatch: BATCH,
          supports: ({ symbols }) => new Set(askable(symbols).map(({ quote }) => quote)).size === 1,
          request: ({ symbols }, { native }) => quotes(askable(symbols), native),
          parse: (body, { symbols }, { native }) => {
            const pairs = askable(symbols)
            return coinTickersById(coinsOf(body, pairs[0]?.quote ?? ''), pairs, native)
          },
        },
        volume: {
          supports: ({ symbol }) => QUOTES.has(pairOf(symbol).quote),
          request: ({ symbol }, { native }) => quotes([pairOf(symbol)], native),
          parse: (body, { symbol }, { native }) => coinVolume(oneOf(body, pairOf(symbol), native), pairOf(symbol)),
        },
        // The largest by market value.
        assets: {
          cost: ({ limit = PAGE }) => Math.ceil(limit / PAGE),
          supports: ({ limit = PAGE }) => limit <= MOST_LISTED,
          request: ({ limit = PAGE }) => listings(limit),
          parse: (body, { limit = PAGE }) => coinAssets(namesOf(body), limit),
        },
        globalMarket: {
          request: () => ({ path: `${at}v1/global-metrics/quotes/latest`, query: { convert: 'USD' } }),
          parse: globalOf,
        },
        // Of the 200 assets with the largest market value (smaller ones move by chance); those that did not rise, or fall, are left out.
        movers: {
          request: () => listings(PAGE),
          parse: (body, params) => coinMovers(coinsOf(body, 'USD'), params),
        },
        // An index of its own: its values are not those of alternative.me.
        fearGreed: {
          cost: ({ limit = 1 }) => Math.ceil(limit / BATCH),
          supports: ({ limit = 1 }) => limit <= MOST_MOODS,
          request: ({ limit = 1 }) =>
            limit === 1 ? { path: `${at}v3/fear-and-greed/latest` } : { path: `${at}v3/fear-and-greed/historical`, query: { start: 1, limit } },
          parse: indexOf,
        },
      },
      failure: (response, { capability }) => failureOf(response, capability),
    },
    { ...options, plan },
  )
}

const isKey = (apiKey: ProviderOptions['apiKey']): boolean => apiKey !== undefined && (typeof apiKey === 'function' || apiKey.length > 0)

const oneOf = (body: unknown, pair: Pair, native: NativeIds): Coin => coinAsked(coinsOf(body, pair.quote), pair, native, ID)

const askable = (symbols: readonly string[]): Pair[] => symbols.map(pairOf).filter(({ quote }) => QUOTES.has(quote))
