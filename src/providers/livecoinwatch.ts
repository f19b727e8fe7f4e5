import { type Pair, pairOf } from '../model/symbol.js'
import { coinAssets, coinMovers, coinTickers, coinVolume } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { asTicker } from '../provider/market/market.js'
import type { HttpEndpoint, HttpRequest, NativeIds, Provider, ProviderOptions } from '../provider/provider.js'
import { coinsOf, failureOf, globalOf, oneOf } from './livecoinwatch.rows.js'

const SITE = 'https://www.livecoinwatch.com'
const DOCS = 'https://livecoinwatch.github.io/lcw-api-docs/'
const MOST = 100 // rows of one list

// One credit a request, anew at midnight UTC.
const LIMITS = [{ requests: 10_000, perMs: 86_400_000, scope: 'key', resets: 'utc-day' }] as const

type Capabilities = 'ticker' | 'tickers' | 'volume' | 'assets' | 'globalMarket' | 'movers'

/**
 * Live Coin Watch: prices of nearly everything, averaged over exchanges, in any currency asked for. Needs a key, which is free.
 * Assets are named by their symbols; of several with the same, the smaller ones have underscores before it.
 */
export function livecoinwatch(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: 'livecoinwatch',
      name: 'Live Coin Watch',
      homepage: SITE,
      docs: DOCS,
      hosts: ['https://api.livecoinwatch.com'],
      key: { required: true, in: 'header', name: 'x-api-key' },
      limits: LIMITS,
      plans: { free: { limits: LIMITS, verifiedOn: '2026-11-21', source: DOCS } },
      attribution: { text: 'Data provided by Live Coin Watch', url: SITE, required: true },
      probe: { capability: 'ticker', params: { symbol: 'BTC/USD' } },
      endpoints: {
        ticker: {
          request: single,
          parse: (body, { symbol }, { native }) => asTicker(oneOf(body, codeOf(pairOf(symbol), native)), pairOf(symbol)),
        },
        // One currency a call. What it does not know is not in the list: unverified.
        tickers: {
          maxBatch: MOST,
          supports: ({ symbols }) => new Set(symbols.map((symbol) => pairOf(symbol).quote)).size === 1,
          request: ({ symbols }, { native }) => {
            const pairs = symbols.map(pairOf)
            const codes = [...new Set(pairs.map((pair) => codeOf(pair, native)))]
            return post('coins/map', { ...ranked(codes.length), codes, currency: pairs[0]?.quote })
          },
          parse: (body, { symbols }, { native }) => {
            const byCode = new Map(coinsOf(body).map((coin) => [coin.id, coin]))
            return coinTickers(symbols.map(pairOf), (pair) => byCode.get(codeOf(pair, native)))
          },
        },
        volume: {
          request: single,
          parse: (body, { symbol }, { native }) => coinVolume(oneOf(body, codeOf(pairOf(symbol), native)), pairOf(symbol)),
        },
        assets: {
          supports: ({ limit = MOST }) => limit <= MOST,
          request: ({ limit = MOST }) => post('coins/list', { ...ranked(limit), currency: 'USD', meta: true }),
          parse: (body, { limit = MOST }) => coinAssets(coinsOf(body), limit),
        },
        globalMarket: {
          request: () => post('overview', { currency: 'USD' }),
          parse: globalOf,
        },
        // Of the 100 largest (smaller ones move by chance); those that did not rise, or fall, are left out.
        movers: {
          request: () => post('coins/list', { ...ranked(MOST), currency: 'USD', meta: true }),
          parse: (body, params) => coinMovers(coinsOf(body), params),
        },
      },
      failure: ({ body }, { capability }) => failureOf(body, capability),
    },
    options,
  )
}

const post = (path: string, body: Readonly<Record<string, unknown>>): HttpRequest => ({ path, method: 'POST', body })
const ranked = (limit: number) => ({ sort: 'rank', order: 'ascending', offset: 0, limit, meta: false })
const codeOf = ({ base }: Pair, native: NativeIds): string => native[base] ?? base

const single: HttpEndpoint<'ticker'>['request'] = ({ symbol }, { native }) => {
  const pair = pairOf(symbol)
  return post('coins/single', { currency: pair.quote, code: codeOf(pair, native), meta: true })
}
