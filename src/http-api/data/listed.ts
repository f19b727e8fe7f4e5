import { NoProviderError } from '../../errors.js'
import { AMBIGUOUS_ASSETS } from '../../model/ambiguous-assets.js'
import { ASSETS } from '../../model/assets.js'
import type { Asset } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { type Asker, isUnanswered, providersWith } from './preferring.js'
import { type Missing, reasonOf } from './together.js'

/** Lists are asked in these lengths, so that routes share what is in memory; the shortest is what every provider with a list has. */
const LENGTHS = [100, 250, 1_000, 5_000] as const

/** So many are looked through where somebody searches. */
export const SEARCHED = 1_000

/**
 * Assets as a provider lists them: of those first who know the whole market, so that the largest come first; exchanges list what they trade. A shorter list
 * where nobody has one so long.
 */
export async function listed(call: Asker, most: number): Promise<RouterResult<Asset[]>> {
  const only = ranking(call)
  if (only.length === 0) return listOf(call, most)
  return listOf(call, most, { only }).catch((error: unknown) => {
    if (!isUnanswered(error)) throw error
    return listOf(call, most)
  })
}

/** Those who know the whole market and list it. */
const ranking = (call: Asker): string[] => providersWith(call, 'assets', 'globalMarket')

async function listOf(call: Asker, most: number, options: { readonly only?: readonly string[] } = {}): Promise<RouterResult<Asset[]>> {
  const lengths = LENGTHS.filter((length, index) => length <= most || (LENGTHS[index - 1] ?? 0) < most).toReversed()
  for (const [index, limit] of lengths.entries()) {
    try {
      return await call.ask('assets', { limit }, options)
    } catch (error) {
      if (!NoProviderError.is(error) || index === lengths.length - 1) throw error
    }
  }
  throw new NoProviderError('assets', [])
}

// where nobody tells which are the largest: the best known by name, without a rank
const WELL_KNOWN = ['BTC', 'ETH', 'BNB', 'SOL', 'XRP', 'DOGE', 'ADA', 'TRX', 'LINK', 'LTC'] as const

/** Assets, and whose list it is; nothing of the latter where it is our own. */
interface Largest {
  readonly assets: readonly Asset[]
  readonly result: RouterResult<Asset[]> | undefined
  readonly missing: readonly Missing[]
}

/** The largest assets; the best known ones where nobody tells which those are. */
export async function largest(call: Asker, count: number): Promise<Largest> {
  try {
    const result = await listed(call, count)
    if (ranking(call).includes(result.provider) || result.data.some(({ rank }) => rank !== undefined))
      return { assets: inOrder(result.data).slice(0, count), result, missing: [] }
    return wellKnown(count, `${result.provider} lists assets without a rank`)
  } catch (error) {
    if (!isUnanswered(error)) throw error
    return wellKnown(count, reasonOf(error))
  }
}

function wellKnown(count: number, reason: string): Largest {
  const assets = WELL_KNOWN.slice(0, count).map((symbol): Asset => ({ id: symbol, symbol, name: ASSETS[symbol]?.name ?? symbol }))
  return { assets, result: undefined, missing: [{ part: 'rank', reason }] }
}

/** By rank where there are ranks, else as they came. */
export const inOrder = (assets: readonly Asset[]): readonly Asset[] => assets.toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || 0)

const SYMBOL = /^[^\s/]{1,40}$/

/**
 * The price to ask for, of each asset that has one of its own: several assets share a symbol, and the price is that of the largest. Nothing for the others.
 */
export function symbolsOf(assets: readonly Asset[]): (string | undefined)[] {
  const taken = new Set(['USD'])
  return assets.map(({ symbol }) => {
    if (taken.has(symbol) || !SYMBOL.test(symbol) || symbol !== symbol.toUpperCase() || Object.hasOwn(AMBIGUOUS_ASSETS, symbol)) return undefined
    taken.add(symbol)
    return `${symbol}/USD`
  })
}
