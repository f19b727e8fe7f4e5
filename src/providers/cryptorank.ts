import { ProviderError } from '../errors.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import type { HttpEndpoint, HttpRequest, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { CRYPTORANK_IDS } from './cryptorank.assets.js'
import { assetOf, batchOf, currencyMoversOf, globalOf, listedOf, rowOf, rowsOf, tickerOf } from './cryptorank.rows.js'

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
      lookup: { request: currencies(MOST), parse: listedOf },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => inDollars(symbol),
          request: single,
          parse: (body, { symbol }, { native }) => tickerOf(rowOf(body, native[pairOf(symbol).base]), pairOf(symbol)),
        },
        // The list cannot be asked for certain ids: the largest thousand hold most of what is asked, in one call.
        tickers: {
          maxBatch: MOST,
          supports: ({ symbols }) => symbols.some(inDollars),
          request: () => currencies(MOST),
          parse: (body, { symbols }, { native }) => batchOf(rowsOf(body), symbols.filter(inDollars).map(pairOf), native),
        },
        volume: {
          supports: ({ symbol }) => inDollars(symbol),
          request: single,
          parse: (body, { symbol }, { native }) => {
            const row = rowOf(body, native[pairOf(symbol).base])
            return known({ ...pairOf(symbol), quoteVolume24h: read.amount(row.volume24h, 'volume24h') })
          },
        },
        assets: {
          supports: ({ limit = 100 }) => limit <= MOST,
          request: ({ limit = 100 }) => currencies(limit),
          parse: (body, { limit = 100 }) => rowsOf(body).slice(0, limit).map(assetOf),
        },
        globalMarket: {
          request: () => ({ path: 'v2/global' }),
          parse: globalOf,
        },
        // Of the 100 largest (smaller ones move by chance); those that did not rise, or fall, are left out.
        movers: {
          request: () => currencies(100),
          parse: (body, { direction, limit }) => currencyMoversOf(rowsOf(body), direction).slice(0, limit),
        },
      },
    },
    options,
  )
}

const inDollars = (symbol: string): boolean => pairOf(symbol).quote === 'USD'

/** The largest, by rank: lists are 100, 500 or 1000 long, and have no changes unless asked for. */
function currencies(limit: number): HttpRequest {
  const size = [100, 500].find((one) => one >= limit) ?? MOST
  return { path: 'v2/currencies', query: { limit: size, sortBy: 'rank', sortDirection: 'ASC', include: 'percentChange' } }
}

const single: HttpEndpoint<'ticker'>['request'] = ({ symbol }, { native }) => {
  const { base } = pairOf(symbol)
  const id = native[base]
  if (id === undefined) throw new ProviderError({ provider: ID, reason: 'not-found', message: `does not know ${base}` })
  return { path: `v2/currencies/${encodeURIComponent(id)}` }
}
