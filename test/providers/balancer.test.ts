import { describe, expect, it } from 'vitest'
import { balancer } from '../../src/providers/balancer.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

const item = (type: string, apr: unknown) => ({ type, apr })
const pool = (id: string, totalLiquidity: unknown, aprItems: unknown, more: object = {}) => ({
  id,
  chain: 'MAINNET',
  symbol: '80Aaa-20wEth',
  protocolVersion: 2,
  dynamicData: { totalLiquidity, aprItems },
  ...more,
})
const of = (...poolGetPools: readonly object[]) => ({ data: { poolGetPools } })
const items = [item('SWAP_FEE_24H', 0.03125), item('SWAP_FEE_7D', 9), item('SWAP_FEE', 9), item('STAKING', 0.5), item('STAKING_BOOST', 9), item('VOTING', 9)]
const first = { id: 'eip155:1:0xp1', project: 'balancer-v2', chain: 'eip155:1', symbol: '80AAA-20WETH', tvlUsd: 2_500_000.5, apyPercent: 53.125 }
const second = { id: 'eip155:8453:0xp2', project: 'balancer-v3', chain: 'eip155:8453', symbol: '80AAA-20WETH', tvlUsd: 20_000, apyPercent: 0 }
const body = of(
  pool('0xp2', '20000', [], { chain: 'BASE', protocolVersion: 3 }),
  pool('0xp0', '9e12', items, { chain: 'FANTOM' }),
  pool('0xp1', '2500000.5', items),
)

describeProvider(
  balancer,
  {
    answers: [
      {
        capability: 'yields',
        params: { limit: 10 },
        url: 'https://api-v3.balancer.fi/graphql',
        body,
        data: [first, second],
        drifted: of({ ...pool('0xp1', '1', items), dynamicData: { totalLiquidity: '1', apr: items } }),
      },
    ],
    errors: [
      { says: 'input that it does not take', body: { errors: [{ message: 'Bad chain', extensions: { code: 'BAD_USER_INPUT' } }] }, reason: 'bad-request' },
      { says: 'an error of its server within a 200', body: { errors: [{ message: 'oops' }], data: null }, reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('balancer', () => {
  const { yields } = balancer().endpoints
  const asked = (params: { chain?: string; limit?: number }): unknown =>
    'request' in yields ? (yields.request(params, { native: {}, now: 0 }) as { body: { variables: unknown } }).body.variables : undefined

  it('asks for its chains, or for the asked one, and for no more than it gives', () => {
    expect(asked({ chain: 'eip155:42161', limit: 5_000 })).toEqual({ first: 1_000, chains: ['ARBITRUM'] })
    expect(asked({})).toMatchObject({ first: 100, chains: expect.arrayContaining(['MAINNET', 'BASE', 'GNOSIS']) })
    expect(['eip155:1', 'eip155:250', 'MAINNET'].map((chain) => yields.supports?.({ chain }))).toEqual([true, false, false])
  })

  it('leaves out a pool of which a part of the yield is unknown', () => {
    const partly = of(pool('0xp3', '9e9', [item('STAKING', null), item('IB_YIELD', 0.5)]), pool('0xp1', '2500000.5', items))
    expect(ask(balancer(), 'yields', {}, { body: partly })).toEqual([first])
  })
})
