import { BadResponseError } from '../../errors.js'
import type { GasPrice } from '../../model/chain.js'
import { quantity } from './evm-rows.js'
import { known, read } from '../read.js'

/** Percentiles of the tips in a block that slow, standard and fast stand for. */
export const TIP_PERCENTILES = [10, 50, 90] as const

const WEI_PER_GWEI = 1e9
const gwei = (wei: bigint): number => Number(wei) / WEI_PER_GWEI

/**
 * Gas price out of `eth_feeHistory` (blocks, `latest`, {@link TIP_PERCENTILES}) and `eth_gasPrice`, of which one may be missing. With tips in
 * the history: the next block's base fee and the median over the blocks of each percentile. Without, the node's own price, as standard.
 */
export function gasPriceOf(history: unknown, price: unknown, chain: string): GasPrice {
  const fees = read.optional(read.object, history, 'feeHistory')
  const bases = read.optional(read.array, fees?.baseFeePerGas, 'baseFeePerGas')
  const base = bases?.length ? quantity(bases.at(-1), 'baseFeePerGas') : undefined
  const tips = base === undefined ? undefined : tipsOf(read.optional(read.array, fees?.reward, 'reward') ?? [], fees?.gasUsedRatio)
  const baseFee = base === undefined ? undefined : gwei(base)
  if (base !== undefined && tips !== undefined && base + tips[1] > 0n) {
    const [slow, standard, fast] = tips
    if (slow > standard || standard > fast) throw new BadResponseError('reward: rising tips expected')
    return known<GasPrice>({ chain, slow: gwei(base + slow), standard: gwei(base + standard), fast: gwei(base + fast), baseFee })
  }
  const own = read.optional(quantity, price, 'gasPrice')
  if (own === undefined) throw new BadResponseError('gasPrice: a price or tips expected, got neither')
  return known<GasPrice>({ chain, standard: gwei(own), baseFee })
}

/** Median over the blocks of each percentile; nothing where no block holds a transaction: the tips of an empty one are written as 0. */
function tipsOf(rewards: readonly unknown[], ratios: unknown): [bigint, bigint, bigint] | undefined {
  const used = read.optional(read.array, ratios, 'gasUsedRatio')
  const blocks = rewards
    .filter((_, block) => used?.[block] !== 0)
    .map((reward) => {
      const [slow, standard, fast] = read.array(reward, 'reward').map((tip) => quantity(tip, 'reward'))
      if (slow === undefined || standard === undefined || fast === undefined) throw new BadResponseError('reward: a tip for each percentile expected')
      return [slow, standard, fast] as const
    })
  const [slow, standard, fast] = [0, 1, 2].map((percentile) => medianOf(blocks.map((tips) => tips[percentile] ?? 0n)))
  return slow === undefined || standard === undefined || fast === undefined ? undefined : [slow, standard, fast]
}

/** Of an even number the lower of both in the middle. */
const medianOf = (values: readonly bigint[]): bigint | undefined => [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[(values.length - 1) >> 1]
