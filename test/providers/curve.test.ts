import { describe, expect, it } from 'vitest'
import { curve } from '../../src/providers/curve.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

const pool = (address: string, usdTotal: unknown, more: object = {}) => ({
  address,
  name: `Pool ${address}`,
  usdTotal,
  coins: [{ symbol: 'USDx' }, { symbol: 'wEth' }],
  gaugeCrvApy: null,
  ...more,
})
const pools = (...poolData: readonly object[]) => ({ success: true, data: { poolData, tvl: 1 }, generatedTimeMs: 1 })
const volume = (address: string, latestDailyApyPcent: unknown) => ({ address, type: 'main', volumeUSD: 5, latestDailyApyPcent, latestWeeklyApyPcent: 9 })
const volumes = (...rows: readonly object[]) => ({ success: true, data: { pools: rows, totalVolumes: {} } })
const small = pool('0xAa', 20_000)
const large = pool('0xBb', 3e6, { gaugeCrvApy: [1.25, 3.125] })
const unknownBase = pool('0xCc', 9e6, { gaugeCrvApy: [1, 2.5] })
const base = volumes(volume('0xaa', 0.5), volume('0xBB', 2.5), volume('0xcc', null))
const dataOf = (chain: string) => [
  { id: `${chain}:0xBb`, project: 'curve-dex', chain, symbol: 'USDX-WETH', tvlUsd: 3e6, apyPercent: 3.75 },
  { id: `${chain}:0xAa`, project: 'curve-dex', chain, symbol: 'USDX-WETH', tvlUsd: 20_000, apyPercent: 0.5 },
]
const HOST = 'https://api.curve.finance/v1'

describeProvider(
  curve,
  {
    answers: [
      {
        capability: 'yields',
        params: { chain: 'eip155:42161' },
        url: [`${HOST}/getPools/big/arbitrum`, `${HOST}/getVolumes/arbitrum`],
        body: several(pools(small, unknownBase, large), base),
        data: dataOf('eip155:42161'),
        drifted: several(pools({ ...large, usdTotal: undefined, tvl: 3e6 }), base),
      },
      {
        capability: 'yields',
        params: { limit: 1 },
        url: [`${HOST}/getPools/big/ethereum`, `${HOST}/getVolumes/ethereum`],
        body: several(pools(small, large), base),
        data: dataOf('eip155:1').slice(0, 1),
        drifted: several(pools(small, large), volumes({ ...volume('0xBb', undefined), apy: 2.5 })),
      },
    ],
    errors: [
      { says: 'an error within a 200', body: { success: false, err: 'Error: timeout' }, reason: 'unavailable' },
      { says: 'a gateway that fails', status: 504, body: 'Gateway Timeout', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('curve', () => {
  it('is not asked for chains whose base yields it lacks', () => {
    expect(['eip155:1', 'eip155:8453', 'eip155:1284', 'ethereum'].map((chain) => curve().endpoints.yields.supports?.({ chain }))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('leaves out a pool that is broken, or that cannot be read', () => {
    const odd = [pool('0xBb', 9e6, { isBroken: true }), pool('', 9e6), pool('0xBb', 'much'), { ...pool('0xBb', 9e6), coins: null }]
    expect(ask(curve(), 'yields', { chain: 'eip155:42161' }, { body: [pools(small, ...odd), base] })).toEqual(dataOf('eip155:42161').slice(1))
  })

  it('calls a pool by its name where its tokens are not told', () => {
    const body = [pools(pool('0xAa', 20_000, { coins: [{ symbol: null }], name: 'Pool a' })), base]
    expect(ask(curve(), 'yields', {}, { body })[0]?.symbol).toBe('POOL A')
  })
})
