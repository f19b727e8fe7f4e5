import { BadResponseError, ProviderError } from '../errors.js'
import type { Ticker, TrendingAsset } from '../model/market.js'
import { tokenOf, tokenPair, WRAPPED_ETHER } from '../provider/chain/chains.js'
import { defineProvider } from '../provider/define-provider.js'
import { asTicker } from '../provider/market/market.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import type { Row } from '../provider/rows.js'

const ID = 'geckoterminal'
const PAGE = 20 // pools of one page
const headers = { accept: 'application/json;version=20230302' } // pins the version of the API

// Its names of chains, by CAIP-2.
const NETWORKS = new Map([
  ['eip155:1', 'eth'],
  ['eip155:10', 'optimism'],
  ['eip155:56', 'bsc'],
  ['eip155:100', 'xdai'],
  ['eip155:130', 'unichain'],
  ['eip155:137', 'polygon_pos'],
  ['eip155:146', 'sonic'],
  ['eip155:250', 'ftm'],
  ['eip155:324', 'zksync'],
  ['eip155:999', 'hyperevm'],
  ['eip155:5000', 'mantle'],
  ['eip155:8453', 'base'],
  ['eip155:42161', 'arbitrum'],
  ['eip155:42220', 'celo'],
  ['eip155:43114', 'avax'],
  ['eip155:59144', 'linea'],
  ['eip155:80094', 'berachain'],
  ['eip155:81457', 'blast'],
  ['eip155:534352', 'scroll'],
  ['solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', 'solana'],
])

/** GeckoTerminal, CoinGecko's view of decentralised exchanges: tokens by address, in dollars, and those whose pools people look at. No key needed. */
export function geckoterminal(options: ProviderOptions = {}): Provider<'tokenTicker' | 'trending'> {
  return defineProvider<'tokenTicker' | 'trending'>(
    {
      id: ID,
      name: 'GeckoTerminal',
      homepage: 'https://www.geckoterminal.com',
      docs: 'https://apiguide.geckoterminal.com/faq',
      verifiedOn: '2026-11-21',
      hosts: ['https://api.geckoterminal.com'],
      limits: [{ requests: 30, perMs: 60_000, scope: 'ip' }],
      attribution: { text: 'On-chain data provided by GeckoTerminal', url: 'https://www.geckoterminal.com', required: false },
      family: 'coingecko',
      probe: { capability: 'tokenTicker', params: { asset: WRAPPED_ETHER } },
      endpoints: {
        // Unknown ones get a 404 with JSON. simple/…/token_price would have the change of 24 h, but not the symbol.
        tokenTicker: {
          supports: ({ asset }) => tokenOf(asset, NETWORKS).chain !== undefined,
          request: ({ asset }) => {
            const { chain, address } = tokenOf(asset, NETWORKS)
            return { path: `api/v2/networks/${chain}/tokens/${encodeURIComponent(address)}`, headers }
          },
          parse: (body, { asset }) => {
            const token = inner(body, 'data', 'attributes')
            if (token.price_usd === null) throw new ProviderError({ provider: ID, reason: 'not-found', message: `has no price of ${asset}` })
            return tickerOf(token, tokenOf(asset, NETWORKS).address)
          },
        },
        trending: {
          supports: ({ limit = PAGE }) => limit <= PAGE,
          request: () => ({ path: 'api/v2/networks/trending_pools', query: { include: 'base_token' }, headers }),
          parse: (body, { limit }) => trendingOf(read.object(body, 'pools')).slice(0, limit),
        },
      },
    },
    options,
  )
}

const inner = (value: unknown, ...names: readonly string[]): Row => names.reduce((row, name) => read.object(row[name], name), read.object(value, 'body'))

/** A token over all its pools. */
function tickerOf(token: Row, address: string): Ticker {
  const turnover = read.optional(read.object, token.volume_usd, 'volume_usd')?.h24
  return asTicker({ price: token.price_usd, turnover, marketCap: token.market_cap_usd }, tokenPair(token.symbol, address))
}

/** Of the pools that trend, each base token once, as its first pool trades it; those without symbol or name are left out. */
function trendingOf({ data, included }: Row): TrendingAsset[] {
  const tokens = new Map(read.array(included, 'included').map((token) => [inner(token).id, inner(token, 'attributes')]))
  const assets = new Map<string, TrendingAsset>()
  for (const pool of read.array(data, 'data')) {
    const id = read.string(inner(pool, 'relationships', 'base_token', 'data').id, 'id')
    const symbol = read.optional(read.string, tokens.get(id)?.symbol, 'symbol')?.toUpperCase()
    const name = read.optional(read.string, tokens.get(id)?.name, 'name')
    if (assets.has(id) || symbol === undefined || name === undefined) continue
    const { base_token_price_usd: price, price_change_percentage: changes } = inner(pool, 'attributes')
    const change24hPercent = read.optional(read.number, read.optional(read.object, changes, 'price_change_percentage')?.h24, 'price_change_percentage.h24')
    assets.set(id, known<TrendingAsset>({ id, symbol, name, priceUsd: read.positiveOrNone(price, 'base_token_price_usd'), change24hPercent }))
  }
  if (assets.size === 0) throw new BadResponseError('pools with a named base token expected, got none')
  return [...assets.values()]
}
