import type { Ticker } from '../model/market.js'
import { baseOf, pairOf } from '../model/symbol.js'
import { coinAssets, type CoinName, coinsListed } from '../provider/market/coins.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import { idsOf, isInDollars, unknown } from '../provider/ids.js'
import { asTicker } from '../provider/market/market.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'
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
      lookup: { request: { path: 'metrics/v2/assets', query: { limit: PAGE, page: 1 } }, parse: (body) => coinsListed(dataOf(body).map(nameOf)) },
      probe: { capability: 'assets', params: { limit: 1 } },
      endpoints: {
        ticker: {
          supports: ({ symbol }) => isInDollars(symbol),
          request: ({ symbol }, { native }) => ({ path: 'metrics/v2/assets/details', query: { slugs: idsOf(ID, [pairOf(symbol)], native).join() } }),
          // What it does not know, or the plan does not have, is silently left out.
          parse: (body, { symbol }, { native }) => {
            const row = dataOf(body).find(({ slug }) => read.string(slug, 'slug') === native[baseOf(symbol)])
            if (!row) throw unknown(ID, symbol)
            return tickerOf(row, symbol)
          },
        },
        assets: {
          supports: ({ limit = 100 }) => limit <= PAGE,
          request: ({ limit = 100 }) => ({ path: 'metrics/v2/assets', query: { limit, page: 1 } }),
          parse: (body, { limit = 100 }) => coinAssets(dataOf(body).map(nameOf), limit),
        },
      },
      failure: ({ status, body }) => (status === 200 ? failureOf(body) : undefined),
    },
    options,
  )
}

const dataOf = (body: unknown): Row[] => rowsOf(read.object(body, 'body').data, 'data')

const nameOf = ({ slug, symbol, name, rank }: Row): CoinName => ({ id: read.string(slug, 'slug'), symbol, name, rank })

/** The day's candle in the answer is left alone: in the documentation's own example it opens at the current price. */
function tickerOf(row: Row, symbol: string): Ticker {
  const market = read.object(row.marketData, 'marketData')
  const price = {
    price: market.priceUsd,
    changePercent: part(row, 'returnOnInvestment').priceChange24h,
    turnover: market.volume24Hour,
    marketCap: part(market, 'marketcap').circulatingUsd,
  }
  return asTicker(price, pairOf(symbol))
}

const part = (row: Row, name: string): Row => read.optional(read.object, row[name], name) ?? {}

/** Every answer has an `error`, empty or null where there is none. */
function failureOf(body: unknown): ProviderFailure | undefined {
  const { error } = membersOf(body)
  return typeof error === 'string' && error !== '' ? { reason: 'bad-request', message: error } : undefined
}
