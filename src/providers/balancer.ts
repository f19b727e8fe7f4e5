import { defineProvider } from '../provider/define-provider.js'
import { graphqlData, graphqlFailure } from '../provider/graphql.js'
import { percentOf } from '../provider/market/market.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'
import { DEFAULT_POOLS, largestPools, type PoolRow } from '../provider/chain/yields.js'

// Its names of chains, by CAIP-2. Not Fantom, whose old pools claim billions.
const CHAINS = new Map([
  ['eip155:1', 'MAINNET'],
  ['eip155:10', 'OPTIMISM'],
  ['eip155:100', 'GNOSIS'],
  ['eip155:137', 'POLYGON'],
  ['eip155:143', 'MONAD'],
  ['eip155:146', 'SONIC'],
  ['eip155:196', 'XLAYER'],
  ['eip155:252', 'FRAXTAL'],
  ['eip155:999', 'HYPEREVM'],
  ['eip155:1101', 'ZKEVM'],
  ['eip155:8453', 'BASE'],
  ['eip155:9745', 'PLASMA'],
  ['eip155:34443', 'MODE'],
  ['eip155:42161', 'ARBITRUM'],
  ['eip155:43114', 'AVALANCHE'],
])

// What everybody in a pool gets, as its own pages add it up. Not boosts and votes, nor fees and surplus over other spans: they would count twice.
const COUNTED = new Set(['SWAP_FEE_24H', 'IB_YIELD', 'STAKING', 'MERKL', 'SURPLUS_24H', 'VEBAL_EMISSIONS', 'MABEETS_EMISSIONS'])

const QUERY = `query Pools($first: Int!, $chains: [GqlChain!]!) {
  poolGetPools(first: $first, orderBy: totalLiquidity, orderDirection: desc, where: { chainIn: $chains, minTvl: 10000 }) {
    id chain symbol protocolVersion
    dynamicData { totalLiquidity aprItems { type apr } }
  }
}`

const asked = (chain: string | undefined): string[] => [...CHAINS].flatMap(([caip2, name]) => (chain === undefined || chain === caip2 ? [name] : []))

/**
 * Pools of Balancer that hold $10,000 or more. No key. `apyPercent` is the fees of the last day, the yield of the tokens in it and the rewards without
 * a boost, as a rate without compounding.
 */
export function balancer(options: ProviderOptions = {}): Provider<'yields'> {
  return defineProvider<'yields'>(
    {
      id: 'balancer',
      name: 'Balancer',
      homepage: 'https://balancer.fi',
      docs: 'https://docs.balancer.fi',
      hosts: ['https://api-v3.balancer.fi'],
      // No limit is published.
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }],
      probe: { capability: 'yields', params: { chain: 'eip155:1', limit: 1 } },
      endpoints: {
        yields: {
          supports: ({ chain }) => asked(chain).length > 0,
          request: ({ chain, limit = DEFAULT_POOLS }) => ({
            path: 'graphql',
            method: 'POST',
            body: { query: QUERY, variables: { first: Math.min(limit, 1_000), chains: asked(chain) } },
          }),
          parse: (body, { limit }) => largestPools(rowsOf(graphqlData(body).poolGetPools, 'poolGetPools'), poolOf, limit),
        },
      },
      failure: ({ status, body }) => graphqlFailure(body, status),
    },
    options,
  )
}

/** A pool; nothing where its chain is none that was asked for. */
function poolOf(pool: Row): PoolRow | undefined {
  const name = read.string(pool.chain, 'chain')
  const [chain] = [...CHAINS].find(([, own]) => own === name) ?? []
  if (chain === undefined) return undefined
  const { totalLiquidity, aprItems } = read.object(pool.dynamicData, 'dynamicData')
  const version = read.optional(read.number, pool.protocolVersion, 'protocolVersion')
  return {
    project: version === 2 || version === 3 ? `balancer-v${version}` : 'balancer',
    chain,
    place: read.string(pool.id, 'id'),
    symbol: read.string(pool.symbol, 'symbol'),
    tvlUsd: totalLiquidity,
    apyPercent: rateOf(aprItems),
  }
}

/** Fractions, although the schema speaks of percent: 0.02 is 2 %. Nothing where a part of it is unknown. */
function rateOf(items: unknown): number | undefined {
  const parts = read.optional(rowsOf, items, 'aprItems')?.filter(({ type }) => COUNTED.has(read.string(type, 'aprItems.type')))
  const rates = parts?.map(({ apr }) => read.optional(read.number, apr, 'aprItems.apr'))
  if (rates === undefined || rates.includes(undefined)) return undefined
  return percentOf(
    rates.reduce<number>((sum, rate = 0) => sum + rate, 0),
    'aprItems',
  )
}
