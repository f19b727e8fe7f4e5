import { describe, expect, it } from 'vitest'
import { gasPriceOf } from '../../../src/provider/chain/evm-gas.js'
import { history } from '../../support/evm-answers.js'

const CHAIN = 'eip155:1'

describe('a gas price', () => {
  it("is the next block's base fee and the median of each tip, empty blocks left out", () => {
    expect(gasPriceOf(history, '0xb2d05e00', CHAIN)).toEqual({ chain: CHAIN, slow: 2.1, standard: 3, fast: 4, baseFee: 2 })
    const even = { ...history, gasUsedRatio: [0.4, 0.5, 0, 0, 0] }
    expect(gasPriceOf(even, undefined, CHAIN)).toMatchObject({ slow: 2.1, standard: 3, fast: 4 })
  })

  it("is the node's own where there is no history, none of the tips, or no block that holds anything", () => {
    expect(gasPriceOf(undefined, '0xb2d05e00', CHAIN)).toEqual({ chain: CHAIN, standard: 3 })
    expect(gasPriceOf({ ...history, reward: null }, '0xb2d05e00', CHAIN)).toEqual({ chain: CHAIN, standard: 3, baseFee: 2 })
    expect(gasPriceOf({ ...history, gasUsedRatio: [0, 0, 0, 0, 0] }, '0xb2d05e00', CHAIN)).toEqual({ chain: CHAIN, standard: 3, baseFee: 2 })
  })

  it('of a chain without a base fee is its tips, and of one where all is free what the node says', () => {
    const free = history.baseFeePerGas.map(() => '0x0')
    expect(gasPriceOf({ ...history, baseFeePerGas: free }, undefined, CHAIN)).toEqual({ chain: CHAIN, slow: 0.1, standard: 1, fast: 2, baseFee: 0 })
    const nothing = history.reward.map(() => ['0x0', '0x0', '0x0'])
    expect(gasPriceOf({ ...history, baseFeePerGas: free, reward: nothing }, '0x1', CHAIN)).toEqual({ chain: CHAIN, standard: 1e-9, baseFee: 0 })
  })

  it('keeps fractions of a gwei', () => {
    expect(gasPriceOf(undefined, '0x5c27a9', CHAIN)).toEqual({ chain: CHAIN, standard: 0.006039465 })
  })

  it.each([
    ['neither history nor price', undefined, undefined],
    ['a price that is no quantity', undefined, '3.5'],
    ['a tip too few', { ...history, reward: [['0x1', '0x2']] }, '0x1'],
    ['tips that fall', { ...history, reward: [['0x3', '0x2', '0x1']] }, '0x1'],
    ['a base fee in decimal', { ...history, baseFeePerGas: ['12'] }, '0x1'],
  ])('out of %s is a bad response', (_, given, price) => {
    expect(() => gasPriceOf(given, price, CHAIN)).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
