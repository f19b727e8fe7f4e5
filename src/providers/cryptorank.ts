import { baseOf, pairOf } from '../model/symbol.js'
import { coinAssets, coinMovers, coinsListed, coinTickersById, coinVolume } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { dollarPairs, idOf, isInDollars } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import type { HttpEndpoint, HttpRequest, Provider, ProviderOptions } from '../provider/provider.js'
import { CRYPTORANK_IDS } from './cryptorank.assets.js'
import { coinsOf, globalOf, oneOf } from './cryptorank.rows.js'

const ID = 'cryptorank'
const MOST = 1_000 // rows of one list, and the number that holds what people ask for

type Capabilities = 'ticker' | 'tickers' | 'volume' | 'assets' | 'globalMarket' | 'movers'

/**
 * CryptoRank, v2 of its API: prices of some ten thousand assets, averaged over exchanges, in dollars. Needs a key, which is free; it is the same
 * for v3, which the vendor documents now. A key of v1 is refused.
 */
export function cryptorank(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: ID,
      name: 'CryptoRank',
      homepage: 'https://cryptorank.io',
      docs: 'https://api.cryptorank.io/docs',
      hosts: ['https://api.cryptorank.io'],
      key: { required: true, in: 'header', name: 'X-Api-Key' },
      // Each plan has its own, 60 to 200 a minute in the vendor's examples; those of the free one, and its credits, are unverified.
      limits: [{ requests: 30, perMs: 60_000, scope: 'key' }],
      metered: true,
      assets: CRYPTORANK_IDS,
      lookup: { request: currencies(MOST), parse: (body) => coinsListed(coinsOf(body)) },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: single,
          parse: (body, { symbol }, { native }) => asTicker(oneOf(body, native[baseOf(symbol)]), pairOf(symbol)),
        },
        // The list cannot be asked for certain ids: the largest thousand hold most of what is asked, in one call.
        tickers: {
          maxBatch: MOST,
          supports: ({ symbols }) => symbols.some(isInDollars),
          request: () => currencies(MOST),
          parse: (body, { symbols }, { native }) => coinTickersById(coinsOf(body), dollarPairs(symbols), native),
        },
        volume: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: single,
          parse: (body, { symbol }, { native }) => coinVolume(oneOf(body, native[baseOf(symbol)]), pairOf(symbol)),
        },
        assets: {
          supports: ({ limit = 100 }) => limit <= MOST,
          request: ({ limit = 100 }) => currencies(limit),
          parse: (body, { limit = 100 }) => coinAssets(coinsOf(body), limit),
        },
        globalMarket: {
          request: () => ({ path: 'v2/global' }),
          parse: globalOf,
        },
        // Of the 100 largest (smaller ones move by chance); those that did not rise, or fall, are left out.
        movers: {
          request: () => currencies(100),
          parse: (body, params) => coinMovers(coinsOf(body), params),
        },
      },
    },
    options,
  )
}

/** The largest, by rank: lists are 100, 500 or 1000 long, and have no changes unless asked for. */
function currencies(limit: number): HttpRequest {
  const size = [100, 500].find((one) => one >= limit) ?? MOST
  return { path: 'v2/currencies', query: { limit: size, sortBy: 'rank', sortDirection: 'ASC', include: 'percentChange' } }
}

const single: HttpEndpoint<'ticker'>['request'] = ({ symbol }, { native }) => ({ path: `v2/currencies/${idOf(ID, baseOf(symbol), native)}` })
