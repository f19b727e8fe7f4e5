import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'
import { largestPools, type PoolRow } from '../provider/chain/yields.js'

const ETHEREUM = 'eip155:1'

// The chains whose base yields it has (getVolumes), by CAIP-2; it knows pools on more.
const CHAINS = new Map([
  [ETHEREUM, 'ethereum'],
  ['eip155:10', 'optimism'],
  ['eip155:56', 'bsc'],
  ['eip155:100', 'xdai'],
  ['eip155:137', 'polygon'],
  ['eip155:146', 'sonic'],
  ['eip155:250', 'fantom'],
  ['eip155:252', 'fraxtal'],
  ['eip155:999', 'hyperliquid'],
  ['eip155:8453', 'base'],
  ['eip155:42161', 'arbitrum'],
])

/**
 * Pools of Curve that hold $10,000 or more, on one chain; on Ethereum, where most of it is, when none is asked for: base yields come chain by chain. No key.
 * `apyPercent` is the base yield of the last day (trading fees and what staked tokens in the pool earn) and the least that the gauge pays in CRV, which
 * is what it pays without a boost; rewards in other tokens are not counted.
 */
export function curve(options: ProviderOptions = {}): Provider<'yields'> {
  return defineProvider<'yields'>(
    {
      id: 'curve',
      name: 'Curve',
      homepage: 'https://www.curve.finance',
      docs: 'https://api.curve.finance/v1/documentation/',
      hosts: ['https://api.curve.finance'],
      // No limit is published.
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }],
      probe: { capability: 'yields', params: { chain: ETHEREUM, limit: 1 } },
      endpoints: {
        yields: {
          calls: 2,
          supports: ({ chain = ETHEREUM }) => CHAINS.has(chain),
          // The longer list, getPools/all, has the tiny pools too, which have the absurd yields.
          request: ({ chain = ETHEREUM }) => ['getPools/big', 'getVolumes'].map((list) => ({ path: `v1/${list}/${CHAINS.get(chain)}` })),
          parse: (bodies, { chain = ETHEREUM, limit }) => {
            const [pools, volumes] = read.array(bodies, 'answers').map((body) => read.object(read.object(body, 'answer').data, 'data'))
            const base = baseOf(volumes)
            return largestPools(rowsOf(pools?.poolData, 'poolData'), (pool) => poolOf(pool, chain, base), limit)
          },
        },
      },
      failure: ({ status, body }) => (status === 200 ? failureOf(body) : undefined),
    },
    options,
  )
}

/** Base yields by address. */
const baseOf = (volumes: Row | undefined): ReadonlyMap<string, unknown> =>
  new Map(rowsOf(volumes?.pools, 'volumes').map(({ address, latestDailyApyPcent }) => [read.string(address, 'address').toLowerCase(), latestDailyApyPcent]))

/** A pool; nothing where it says itself that it is broken: what it holds cannot be had. */
function poolOf(pool: Row, chain: string, base: ReadonlyMap<string, unknown>): PoolRow | undefined {
  if (pool.isBroken === true) return undefined
  const place = read.string(pool.address, 'address')
  const daily = read.optional(read.number, base.get(place.toLowerCase()), 'latestDailyApyPcent')
  return {
    project: 'curve-dex',
    chain,
    place,
    symbol: symbolOf(pool),
    tvlUsd: pool.usdTotal,
    apyPercent: daily === undefined ? undefined : daily + rewardOf(pool),
  }
}

/** The tokens of a pool; where they are not told, its name. */
function symbolOf({ coins, name }: Row): string {
  const symbols = rowsOf(coins, 'coins').flatMap(({ symbol }) => read.optional(read.string, symbol, 'symbol') ?? [])
  return symbols.join('-') || read.string(name, 'name')
}

/** The first of two: least and most by the boost of who stakes. Pools without a gauge have null, or none. */
function rewardOf({ gaugeCrvApy }: Row): number {
  const [least] = read.optional(read.array, gaugeCrvApy, 'gaugeCrvApy') ?? []
  return read.optional(read.number, least, 'gaugeCrvApy') ?? 0
}

/** It tells within a 200 what it could not do; the question is always the same, so the fault is on its side. */
function failureOf(body: unknown): ProviderFailure | undefined {
  const { success, err } = membersOf(body)
  return success === false ? { reason: 'unavailable', message: typeof err === 'string' ? err : 'success is false' } : undefined
}
