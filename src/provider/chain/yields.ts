import { BadResponseError } from '../../errors.js'
import type { YieldPool } from '../../model/chain.js'
import { read } from '../read.js'

/** Rows that are given where no limit is asked: the lists are long. */
export const DEFAULT_POOLS = 100

/** One pool as a protocol tells it; `tvlUsd` as it came. */
export interface PoolRow {
  readonly project: string
  /** CAIP-2. */
  readonly chain: string
  /** What tells it from the other pools of the chain, its contract mostly. */
  readonly place: string
  readonly symbol: string
  readonly tvlUsd: unknown
  /** 5 means 5 % a year; nothing where it is not known. */
  readonly apyPercent: number | undefined
}

/**
 * Pools, the largest first; their ids are chain and place (`eip155:1:0x…`), as the same address is taken on several chains. Whoever lacks its size or
 * its yield is left out, and so is a row that cannot be read (spam tokens have no symbol); where all are, the answer is not what it should be.
 * `poolOf` gives nothing for a row that was not asked for.
 */
export function largestPools<T>(rows: readonly T[], poolOf: (row: T) => PoolRow | undefined, limit = DEFAULT_POOLS): YieldPool[] {
  let refused: BadResponseError | undefined
  const pools = rows.flatMap((row) => {
    try {
      const told = poolOf(row)
      return told === undefined ? [] : [yieldOf(told)]
    } catch (error) {
      if (!(error instanceof BadResponseError)) throw error
      refused ??= error
      return []
    }
  })
  if (refused !== undefined && pools.length === 0) throw refused
  return pools.toSorted((a, b) => b.tvlUsd - a.tvlUsd).slice(0, limit)
}

function yieldOf({ project, chain, place, symbol, apyPercent, ...row }: PoolRow): YieldPool {
  const tvlUsd = read.amount(row.tvlUsd, 'size in dollars')
  if (apyPercent === undefined) throw new BadResponseError('yield: a number expected, got nothing')
  return { id: `${chain}:${place}`, project, chain, symbol: symbol.toUpperCase(), tvlUsd, apyPercent }
}
