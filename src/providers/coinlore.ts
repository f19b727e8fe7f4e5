import { type Pair, pairOf } from '../model/symbol.js'
import { coinAsked, coinAssets, coinMovers, coinsListed, coinTickersById, coinVolume } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { dollarPairs, idsOf, isInDollars } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { COINLORE_IDS } from './coinlore.assets.js'
import { coinsOf, exchangesOf, globalOf, listedOf } from './coinlore.rows.js'

const ID = 'coinlore'
const PAGE = 100 // most rows of one tickers page

type Capabilities = 'ticker' | 'tickers' | 'volume' | 'assets' | 'exchanges' | 'globalMarket' | 'movers'

/** CoinLore: prices of some thousand assets, averaged over exchanges, in dollars. No key; it asks for about one call a second. */
export function coinlore(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: ID,
      name: 'CoinLore',
      homepage: 'https://www.coinlore.com',
      docs: 'https://www.coinlore.com/cryptocurrency-data-api',
      hosts: ['https://api.coinlore.net'],
      limits: [{ requests: 1, perMs: 1_000, scope: 'ip' }], // recommended, not enforced
      cors: true,
      assets: COINLORE_IDS,
      // The hundred largest: among all that it lists, the symbols of these stand for several assets.
      lookup: { request: top(PAGE), parse: (body) => coinsListed(listedOf(body)) },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: ({ symbol }, { native }) => tickersOf([pairOf(symbol)], native),
          parse: (body, { symbol }, { native }) => asTicker(coinAsked(coinsOf(body), pairOf(symbol), native, ID), pairOf(symbol)),
        },
        // By id rather than a page of tickers, which holds the hundred largest.
        tickers: {
          maxBatch: PAGE,
          supports: ({ symbols }) => symbols.some(isInDollars),
          request: ({ symbols }, { native }) => tickersOf(dollarPairs(symbols), native),
          parse: (body, { symbols }, { native }) => coinTickersById(coinsOf(body), dollarPairs(symbols), native),
        },
        volume: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: ({ symbol }, { native }) => tickersOf([pairOf(symbol)], native),
          parse: (body, { symbol }, { native }) => coinVolume(coinAsked(coinsOf(body), pairOf(symbol), native, ID), pairOf(symbol)),
        },
        // The largest by market value.
        assets: {
          supports: ({ limit = PAGE }) => limit <= PAGE,
          request: ({ limit = PAGE }) => top(limit),
          parse: (body, { limit = PAGE }) => coinAssets(listedOf(body), limit),
        },
        exchanges: {
          request: () => ({ path: 'api/exchanges/' }),
          parse: (body, { limit }) => exchangesOf(body).slice(0, limit),
        },
        globalMarket: {
          request: () => ({ path: 'api/global/' }),
          parse: globalOf,
        },
        // Of the hundred assets with the largest market value (smaller ones move by chance); those that did not rise, or fall, are left out.
        movers: {
          request: () => top(PAGE),
          parse: (body, params) => coinMovers(listedOf(body), params),
        },
      },
    },
    options,
  )
}

function top(limit: number): HttpRequest {
  return { path: 'api/tickers/', query: { start: 0, limit } }
}

const tickersOf = (pairs: readonly Pair[], native: NativeIds): HttpRequest => ({ path: 'api/ticker/', query: { id: idsOf(ID, pairs, native).join() } })
