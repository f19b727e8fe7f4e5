import { describe, expect, it } from 'vitest'
import { aave } from '../../src/providers/aave.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

const reserve = (symbol: string, apy: unknown, usd: unknown) => ({
  underlyingToken: { address: `0x${symbol}`, symbol },
  supplyInfo: { apy: { value: apy } },
  size: { usd },
})
const market = (chainId: number, address: string, ...supplyReserves: readonly object[]) => ({ chain: { chainId }, address, supplyReserves })
const of = (...value: readonly object[]) => ({ data: { value } })
const body = of(
  market(1, '0xA1', reserve('USDx', '0.03125', '2500000.5'), reserve('wEth', '0', '9000000')),
  market(42_161, '0xA2', reserve('USDx', '0.5', '3000000')),
  market(99_999_999, '0xA3', reserve('USDx', '0.5', '9e12')),
)
const usd = { id: 'eip155:1:0xA1-0xUSDx', project: 'aave-v3', chain: 'eip155:1', symbol: 'USDX', tvlUsd: 2_500_000.5, apyPercent: 3.125 }
const weth = { id: 'eip155:1:0xA1-0xwEth', project: 'aave-v3', chain: 'eip155:1', symbol: 'WETH', tvlUsd: 9_000_000, apyPercent: 0 }
const arbitrum = { id: 'eip155:42161:0xA2-0xUSDx', project: 'aave-v3', chain: 'eip155:42161', symbol: 'USDX', tvlUsd: 3_000_000, apyPercent: 50 }

describeProvider(
  aave,
  {
    answers: [
      {
        capability: 'yields',
        params: { chain: 'eip155:1' },
        url: 'https://api.v3.aave.com/graphql',
        body,
        data: [weth, usd],
        drifted: of({ ...market(1, '0xA1'), supplyReserves: undefined, reserves: [] }),
      },
      {
        capability: 'yields',
        params: { limit: 2 },
        body,
        data: [weth, arbitrum],
        drifted: of(market(1, '0xA1', { ...reserve('USDx', '0.5', '1'), size: { total: '1' } })),
      },
    ],
    errors: [
      { says: 'an error within a 200', body: { errors: [{ message: 'Internal error' }], data: null }, reason: 'unavailable' },
      {
        says: 'a question that it no longer takes',
        body: { errors: [{ message: 'Unknown field', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
        reason: 'bad-response',
      },
      { says: 'no data and no error', body: { data: null }, reason: 'bad-response' },
      { says: 'a gateway that fails', status: 502, body: 'Bad Gateway', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('aave', () => {
  const { yields } = aave().endpoints
  const chainsAsked = (chain?: string): unknown => {
    const request = 'request' in yields ? yields.request({ chain }, { native: {}, now: 0 }) : []
    return Array.isArray(request) ? [] : (request as { body: { variables: { request: { chainIds: unknown } } } }).body.variables.request.chainIds
  }

  it('asks for the main networks that it has, or for the asked one', () => {
    expect(chainsAsked('eip155:8453')).toEqual([8_453])
    expect(chainsAsked()).toEqual(expect.arrayContaining([1, 10, 137, 8_453, 42_161, 43_114]))
    expect(chainsAsked()).not.toContain(99_999_999)
    expect(['eip155:1', 'eip155:99999999', 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp', undefined].map((chain) => yields.supports?.({ chain }))).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  it('has nothing to say of a chain without a market', () => {
    expect(ask(aave(), 'yields', { chain: 'eip155:1' }, { body: of() })).toEqual([])
  })

  it('leaves out a reserve whose yield is not told', () => {
    const one = of(market(1, '0xA1', { ...reserve('AAA', '1', '9'), supplyInfo: { apy: null } }, reserve('USDx', '0.03125', '2500000.5')))
    expect(ask(aave(), 'yields', {}, { body: one })).toEqual([usd])
  })
})
