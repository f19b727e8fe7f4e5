import { describe, expect, it } from 'vitest'
import { uniswapV3 } from '../../src/providers/uniswap-v3.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

// 2026-11-01T12:00Z is the time of the proof.
const today = Date.UTC(2026, 10, 1) / 1_000
const yesterday = today - 86_400
const subgraph = 'SubgraphOfTheUser1'
const day = (date: number, feesUSD: unknown) => ({ date, feesUSD })
const pool = (id: string, totalValueLockedUSD: unknown, ...poolDayData: readonly object[]) => ({
  id,
  feeTier: '500',
  totalValueLockedUSD,
  token0: { symbol: 'USDx' },
  token1: { symbol: 'wEth' },
  poolDayData,
})
const of = (...pools: readonly object[]) => ({ data: { pools } })
const traded = pool('0xp1', '3650000', day(today, '900000'), day(yesterday, '2500'))
const data = { id: 'eip155:1:0xp1', project: 'uniswap-v3', chain: 'eip155:1', symbol: 'USDX-WETH 0.05%', tvlUsd: 3_650_000, apyPercent: 25 }
const told = (message: string) => ({ errors: [{ message }] })

describeProvider(
  uniswapV3,
  {
    options: { subgraph },
    answers: [
      {
        capability: 'yields',
        params: { limit: 5 },
        url: `https://gateway.thegraph.com/api/subgraphs/id/${subgraph}`,
        sentHeaders: { authorization: 'Bearer {key}' },
        body: of(pool('0xp0', '9e15', day(yesterday - 86_400, '1')), pool('0xp2', '9e15'), pool('0xp3', '0', day(yesterday, '0')), traded),
        data: [data],
        drifted: of({ ...traded, totalValueLockedUSD: undefined, tvlUSD: '3650000' }),
      },
    ],
    errors: [
      { says: 'auth error: malformed API key', body: told('auth error: malformed API key'), reason: 'unauthorized' },
      {
        says: 'auth error: payment required …',
        body: told('auth error: payment required for subsequent requests for this API key'),
        reason: 'quota-exhausted',
      },
      { says: 'subgraph not found', body: told(`subgraph not found: ${subgraph}`), reason: 'bad-request' },
      { says: 'a subgraph of something else', body: told('Type `Query` has no field `pools`'), reason: 'bad-response' },
      { says: 'bad indexers', body: told('bad indexers: {}'), reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('uniswap-v3', () => {
  it('is off without a subgraph, and says what is missing where it is asked for all the same', () => {
    expect(uniswapV3()).toMatchObject({ id: 'uniswap-v3', enabled: false })
    expect(uniswapV3().endpoints.yields.supports?.({})).toBe(false)
    expect(uniswapV3({ subgraph }).enabled).toBeUndefined()
    for (const options of [{ apiKey: 'k' }, { enabled: true }, { subgraph: 'a/b' }, { subgraph, chain: 'ethereum' }])
      expect(() => uniswapV3(options)).toThrow(expect.objectContaining({ name: 'ConfigError' }))
  })

  it('speaks of the chain that its subgraph indexes', () => {
    const base = uniswapV3({ subgraph, chain: 'eip155:8453' })
    expect(['eip155:8453', 'eip155:1', undefined].map((chain) => base.endpoints.yields.supports?.({ chain }))).toEqual([true, false, true])
    expect(ask(base, 'yields', {}, { body: of(traded) })).toEqual([{ ...data, id: 'eip155:8453:0xp1', chain: 'eip155:8453' }])
  })

  it('leaves out a pool whose token has no symbol', () => {
    const spam = { ...traded, id: '0xp9', token0: { symbol: '' } }
    expect(ask(uniswapV3({ subgraph }), 'yields', {}, { body: of(spam, traded) })).toEqual([data])
  })

  it('refuses an answer in which nobody traded yesterday', () => {
    expect(() => ask(uniswapV3({ subgraph }), 'yields', {}, { body: of(pool('0xp2', '9e15')) })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
