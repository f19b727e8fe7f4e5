import { INTERVAL_MS } from '../model/interval.js'
import { baseOf, pairOf } from '../model/symbol.js'
import { coinAssets, coinsListed, coinTickersById, coinVolume } from '../provider/market/coins.js'
import { combineNews } from '../provider/news/combine-news.js'
import { defineProvider } from '../provider/define-provider.js'
import { dollarPairs, idOf, idsOf, isInDollars } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import { DEFAULT_NEWS } from '../provider/news/news.js'
import type { HttpEndpoint, HttpRequest, Provider, ProviderOptions } from '../provider/provider.js'
import { COINSTATS_IDS } from './coinstats.assets.js'
import { articlesOf, coinsOf, failureOf, globalOf, indexOf, oneOf } from './coinstats.rows.js'

const ID = 'coinstats'
const MOST = 1_000 // rows of one list
const BATCH = 100 // ids of one call, for the sake of the address's length
const ARTICLES = 100 // of one call: unverified

type Capabilities = 'ticker' | 'tickers' | 'volume' | 'assets' | 'globalMarket' | 'fearGreed' | 'news'

/**
 * CoinStats: prices of some ten thousand assets in dollars, news, and a fear-and-greed index. Needs a key; each call costs credits, a mood fifty times
 * what a price does. The service is moving: `hosts: ['https://api.coinstats.app/v1']` is the address to come.
 */
export function coinstats(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: ID,
      name: 'CoinStats',
      homepage: 'https://coinstats.app',
      docs: 'https://coinstats.app/docs/openapi/get-coins',
      hosts: ['https://openapiv1.coinstats.app'],
      key: { required: true, in: 'header', name: 'X-API-KEY' },
      // Those of the free plan, unverified. Credits are counted per paid month.
      limits: [
        { cost: 20_000, perMs: INTERVAL_MS['1M'], scope: 'key' },
        { requests: 2, perMs: 1_000, scope: 'key' },
      ],
      metered: true,
      assets: COINSTATS_IDS,
      lookup: { request: coins({ limit: MOST }), cost: 2, parse: (body) => coinsListed(coinsOf(body)) },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      // Costs: what the page of each endpoint says, read November 2026.
      endpoints: {
        ticker: {
          cost: 1,
          supports: ({ symbol }) => isInDollars(symbol),
          request: single,
          parse: (body, { symbol }, { native }) => asTicker(oneOf(body, native[baseOf(symbol)]), pairOf(symbol)),
        },
        // Unknown ids are not in the list.
        tickers: {
          cost: 2,
          maxBatch: BATCH,
          supports: ({ symbols }) => symbols.some(isInDollars),
          request: ({ symbols }, { native }) => {
            const ids = idsOf(ID, dollarPairs(symbols), native)
            return coins({ coinIds: ids.join(), limit: ids.length })
          },
          parse: (body, { symbols }, { native }) => coinTickersById(coinsOf(body), dollarPairs(symbols), native),
        },
        volume: {
          cost: 1,
          supports: ({ symbol }) => isInDollars(symbol),
          request: single,
          parse: (body, { symbol }, { native }) => coinVolume(oneOf(body, native[baseOf(symbol)]), pairOf(symbol)),
        },
        assets: {
          cost: 2,
          supports: ({ limit = 100 }) => limit <= MOST,
          request: ({ limit = 100 }) => coins({ limit }),
          parse: (body, { limit = 100 }) => coinAssets(coinsOf(body), limit),
        },
        globalMarket: {
          cost: 1,
          request: () => ({ path: 'markets' }),
          parse: globalOf,
        },
        // By its words and values CoinMarketCap's index rather than a third one: unverified.
        fearGreed: {
          cost: 50,
          request: ({ limit = 1 }) => ({ path: limit > 1 ? 'insights/fear-and-greed/chart' : 'insights/fear-and-greed' }),
          parse: indexOf,
        },
        // It knows news by kind, not by asset.
        news: {
          cost: 5,
          supports: ({ symbols = [], limit = 0 }) => symbols.length === 0 && limit <= ARTICLES,
          request: ({ limit = DEFAULT_NEWS }) => ({ path: 'news', query: { page: 1, limit } }),
          parse: (body, params, { now }) => articlesOf(body, params, now),
          combine: combineNews,
        },
      },
      failure: ({ status, body }) => failureOf(status, body),
    },
    options,
  )
}

function coins(query: { readonly limit: number; readonly coinIds?: string }): HttpRequest {
  return { path: 'coins', query: { ...query, currency: 'USD', sortBy: 'rank', sortDir: 'asc' } }
}

const single: HttpEndpoint<'ticker'>['request'] = ({ symbol }, { native }) => ({
  path: `coins/${idOf(ID, baseOf(symbol), native)}`,
  query: { currency: 'USD' },
})
