import { describe, expect, it } from 'vitest'
import { read } from '../../../src/provider/read.js'
import { largestPools as largest, type PoolRow } from '../../../src/provider/chain/yields.js'

const largestPools = (rows: readonly PoolRow[], limit?: number) => largest(rows, (row) => row, limit)

const row = (place: string, tvlUsd: unknown, apyPercent: number | undefined = 1) => ({
  project: 'p',
  chain: 'eip155:1',
  place,
  symbol: 'aUsd',
  tvlUsd,
  apyPercent,
})

describe('the largest pools', () => {
  it('come first, at most a hundred where no limit is asked', () => {
    const sizes = Array.from({ length: 130 }, (_, i) => (i * 37) % 130)
    const pools = largestPools(sizes.map((tvlUsd) => row(`0x${tvlUsd}`, tvlUsd)))
    expect(pools.map(({ tvlUsd }) => tvlUsd)).toEqual(Array.from({ length: 100 }, (_, i) => 129 - i))
    expect(largestPools([row('0x1', 1), row('0x2', 2)], 1)).toEqual([
      { id: 'eip155:1:0x2', project: 'p', chain: 'eip155:1', symbol: 'AUSD', tvlUsd: 2, apyPercent: 1 },
    ])
  })

  it('leave out whoever lacks its size or its yield, but not one that holds or pays nothing', () => {
    const rows = [row('0x1', null), row('0x2', -1), { ...row('0x3', 5), apyPercent: undefined }, row('0x4', '0', 0), row('0x5', '7.5')]
    expect(largestPools(rows).map(({ id, tvlUsd, apyPercent }) => [id, tvlUsd, apyPercent])).toEqual([
      ['eip155:1:0x5', 7.5, 1],
      ['eip155:1:0x4', 0, 0],
    ])
  })

  it('leave out a row that cannot be read, and one that was not asked for', () => {
    const symbols = ['', 'aUsd', 'other']
    const poolOf = (symbol: string) => (symbol === 'other' ? undefined : { ...row('0x1', 1), symbol: read.string(symbol, 'symbol') })
    expect(largest(symbols, poolOf).map(({ symbol }) => symbol)).toEqual(['AUSD'])
    expect(largest(['other'], poolOf)).toEqual([])
    expect(() => largest(['', 'other'], poolOf)).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('may be none, but not where all lack something', () => {
    expect(largestPools([])).toEqual([])
    expect(() => largestPools([row('0x1', null)])).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
