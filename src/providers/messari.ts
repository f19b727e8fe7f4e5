import { ProviderError } from '../errors.js'
import type { Asset, Ticker } from '../model/market.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import type { NativeIds, Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { MESSARI_IDS } from './messari.assets.js'

const ID = 'messari'
const PAGE = 500 // most assets of one page: unverified

/**
 * Messari: prices averaged over exchanges, in real dollars. Needs a key, and calls cost money or credits, so it is off unless `enabled: true`.
 * Its gainers and losers are those of attention, not of price, so they are no `movers`.
 */
export function messari(options: ProviderOptions = {}): Provider<'ticker' | 'assets'> {
  return defineProvider<'ticker' | 'assets'>(
    {
      id: ID,
      name: 'Messari',
      homepage: 'https://messari.io',
      docs: 'https://docs.messari.io/api-reference/endpoints/metrics/metrics-api',
      hosts: ['https://api.messari.io'],
      // Those of the smallest plan, unverified: give `limits` for others.
      limits: [
        { requests: 20, perMs: 60_000, scope: 'key' },
        { requests: 1_000, perMs: 86_400_000, scope: 'key' },
      ],
      key: { required: true, in: 'header', name: 'x-messari-api-key' },
      enabled: false,
      metered: true,
      assets: MESSARI_IDS,
      probe: { capability: 'assets', params: { limit: 1 } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => pairOf(symbol).quote === 'USD',
          request: ({ symbol }, { native }) => ({ path: 'metrics/v2/assets/details', query: { slugs: slugOf(symbol, native) } }),
          // What it does not know, or the plan does not have, is silently left out.
          parse: (body, { symbol }, { native }) => {
            const slug = slugOf(symbol, native)
            const row = rowsOf(body).find((asset) => read.string(asset.slug, 'slug') === slug)
            return row ? tickerOf(row, symbol) : unknown(symbol)
          },
        },
        assets: {
          supports: ({ limit = 100 }) => limit <= PAGE,
          request: ({ limit = 100 }) => ({ path: 'metrics/v2/assets', query: { limit, page: 1 } }),
          parse: (body, { limit = 100 }) => rowsOf(body).slice(0, limit).map(assetOf),
        },
      },
      failure: ({ status, body }) => (status === 200 ? failureOf(body) : undefined),
    },
    options,
  )
}

type Row = Record<string, unknown>

function unknown(what: string): never {
  throw new ProviderError({ provider: ID, reason: 'not-found', message: `does not know ${what}` })
}

const slugOf = (symbol: string, native: NativeIds): string => native[pairOf(symbol).base] ?? unknown(symbol)

const rowsOf = (body: unknown): Row[] => read.array(read.object(body, 'body').data, 'data').map((row) => read.object(row, 'asset'))

/** The day's candle in the answer is left alone: in the documentation's own example it opens at the current price. */
function tickerOf(row: Row, symbol: string): Ticker {
  const market = read.object(row.marketData, 'marketData')
  return known<Ticker>({
    ...pairOf(symbol),
    last: read.positive(market.priceUsd, 'priceUsd'),
    change24hPercent: read.optional(read.number, part(row, 'returnOnInvestment').priceChange24h, 'priceChange24h'),
    quoteVolume24h: read.optional(read.amount, market.volume24Hour, 'volume24Hour'),
    marketCap: read.positiveOrNone(part(market, 'marketcap').circulatingUsd, 'circulatingUsd'),
  })
}

const part = (row: Row, name: string): Row => read.optional(read.object, row[name], name) ?? {}

const assetOf = (row: Row): Asset =>
  known<Asset>({
    id: read.string(row.slug, 'slug'),
    symbol: read.string(row.symbol, 'symbol').toUpperCase(),
    name: read.optional(read.string, row.name, 'name'),
    rank: read.positiveOrNone(row.rank, 'rank'),
  })

/** Every answer has an `error`, empty or null where there is none. */
function failureOf(body: unknown): ProviderFailure | undefined {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined
  return typeof error === 'string' && error !== '' ? { reason: 'bad-request', message: error } : undefined
}
