import { ProviderError } from '../errors.js'
import { type Pair, pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import type { HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { COINLORE_IDS } from './coinlore.assets.js'
import { assetOf, exchangesOf, globalOf, idOf, listedMoversOf, listedOf, parseBatch, rowsOf, tickerOf } from './coinlore.rows.js'

const PAGE = 100 // most rows of one tickers page

type Capabilities = 'ticker' | 'tickers' | 'volume' | 'assets' | 'exchanges' | 'globalMarket' | 'movers'

/** CoinLore: prices of some thousand assets, averaged over exchanges, in dollars. No key; it asks for about one call a second. */
export function coinlore(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: 'coinlore',
      name: 'CoinLore',
      homepage: 'https://www.coinlore.com',
      docs: 'https://www.coinlore.com/cryptocurrency-data-api',
      hosts: ['https://api.coinlore.net'],
      limits: [{ requests: 1, perMs: 1_000, scope: 'ip' }], // recommended, not enforced
      cors: true,
      assets: COINLORE_IDS,
      // The hundred largest: among all that it lists, the symbols of these stand for several assets.
      lookup: { request: top(PAGE), parse: (body) => listedOf(body).map((row) => ({ symbol: read.string(row.symbol, 'symbol'), id: idOf(row) })) },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => isDollar(pairOf(symbol)),
          request: ({ symbol }, { native }) => tickersOf([pairOf(symbol)], native),
          parse: (body, { symbol }, { native }) => oneOf(body, pairOf(symbol), native),
        },
        // By id rather than a page of tickers, which holds the hundred largest.
        tickers: {
          maxBatch: PAGE,
          supports: ({ symbols }) => dollarsOf(symbols).length > 0,
          request: ({ symbols }, { native }) => tickersOf(dollarsOf(symbols), native),
          parse: (body, { symbols }, { native }) => parseBatch(body, dollarsOf(symbols), native),
        },
        volume: {
          supports: ({ symbol }) => isDollar(pairOf(symbol)),
          request: ({ symbol }, { native }) => tickersOf([pairOf(symbol)], native),
          parse: (body, { symbol }, { native }) => {
            const { base, quote, volume24h, quoteVolume24h } = oneOf(body, pairOf(symbol), native)
            return known({ symbol, base, quote, volume24h, quoteVolume24h: read.amount(quoteVolume24h, 'volume24') })
          },
        },
        // The largest by market value.
        assets: {
          supports: ({ limit = PAGE }) => limit <= PAGE,
          request: ({ limit = PAGE }) => top(limit),
          parse: (body, { limit = PAGE }) => listedOf(body).slice(0, limit).map(assetOf),
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
          parse: (body, { direction, limit }) => listedMoversOf(listedOf(body), direction).slice(0, limit),
        },
      },
    },
    options,
  )
}

const isDollar = ({ quote }: Pair): boolean => quote === 'USD'
const dollarsOf = (symbols: readonly string[]): Pair[] => symbols.map(pairOf).filter(isDollar)

const unknown = (what: string): ProviderError => new ProviderError({ provider: 'coinlore', reason: 'not-found', message: `does not know ${what}` })

function top(limit: number): HttpRequest {
  return { path: 'api/tickers/', query: { start: 0, limit } }
}

function tickersOf(pairs: readonly Pair[], native: NativeIds): HttpRequest {
  const ids = pairs.flatMap(({ base }) => native[base] ?? [])
  if (ids.length === 0) throw unknown(pairs.map(({ base }) => base).join())
  return { path: 'api/ticker/', query: { id: [...new Set(ids)].join() } }
}

/** An unknown id gets an empty list. */
function oneOf(body: unknown, pair: Pair, native: NativeIds) {
  const row = rowsOf(body).find((one) => idOf(one) === native[pair.base])
  if (!row) throw unknown(pair.symbol)
  return tickerOf(row, pair)
}
