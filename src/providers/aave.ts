import { defineProvider } from '../provider/define-provider.js'
import { graphqlData, graphqlFailure } from '../provider/graphql.js'
import { percentOf } from '../provider/market/market.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'
import { largestPools, type PoolRow } from '../provider/chain/yields.js'

// Numbers of the main networks that it has. It lists forks of its own too (99999999), which are never asked for.
const CHAINS: readonly number[] = [1, 10, 56, 100, 137, 146, 196, 324, 1_088, 1_868, 5_000, 8_453, 9_745, 42_161, 42_220, 43_114, 57_073, 59_144, 534_352]

const caip2 = (chainId: number): string => `eip155:${chainId}`
const asked = (chain: string | undefined): readonly number[] => CHAINS.filter((chainId) => chain === undefined || chain === caip2(chainId))

const QUERY = `query Markets($request: MarketsRequest!) {
  value: markets(request: $request) {
    chain { chainId }
    address
    supplyReserves: reserves(request: { reserveType: SUPPLY }) { underlyingToken { address symbol } supplyInfo { apy { value } } size { usd } }
  }
}`

/** What deposits earn in the markets of Aave v3, without its extra rewards, on all chains or one. No key. */
export function aave(options: ProviderOptions = {}): Provider<'yields'> {
  return defineProvider<'yields'>(
    {
      id: 'aave',
      name: 'Aave',
      homepage: 'https://aave.com',
      docs: 'https://aave.com/docs/aave-v3/markets/data',
      hosts: ['https://api.v3.aave.com'],
      // No limit is published.
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }],
      probe: { capability: 'yields', params: { chain: 'eip155:1', limit: 1 } },
      endpoints: {
        yields: {
          supports: ({ chain }) => asked(chain).length > 0,
          request: ({ chain }) => ({ path: 'graphql', method: 'POST', body: { query: QUERY, variables: { request: { chainIds: asked(chain) } } } }),
          parse: (body, { chain, limit }) => largestPools(reservesOf(body), (reserve) => poolOf(reserve, asked(chain)), limit),
        },
      },
      failure: ({ status, body }) => graphqlFailure(body, status),
    },
    options,
  )
}

interface Reserve {
  readonly market: Row
  readonly reserve: Row
}

/** The reserves of all markets. */
const reservesOf = (body: unknown): Reserve[] =>
  rowsOf(graphqlData(body).value, 'markets').flatMap((market) => rowsOf(market.supplyReserves, 'supplyReserves').map((reserve) => ({ market, reserve })))

/** Each reserve is a pool. All numbers are texts. Nothing where its chain is none that was asked for. */
function poolOf({ market, reserve }: Reserve, chainIds: readonly number[]): PoolRow | undefined {
  const chainId = read.number(read.object(market.chain, 'chain').chainId, 'chainId')
  if (!chainIds.includes(chainId)) return undefined
  const token = read.object(reserve.underlyingToken, 'underlyingToken')
  const apy = read.optional(read.object, read.object(reserve.supplyInfo, 'supplyInfo').apy, 'apy')
  return {
    project: 'aave-v3',
    chain: caip2(chainId),
    place: `${read.string(market.address, 'address')}-${read.string(token.address, 'underlyingToken.address')}`,
    symbol: read.string(token.symbol, 'symbol'),
    tvlUsd: read.optional(read.object, reserve.size, 'size')?.usd,
    // `value` is a fraction (1.0 = 100 %) by the schema's own words; `formatted` would be percent, rounded to two places.
    apyPercent: percentOf(apy?.value, 'apy'),
  }
}
