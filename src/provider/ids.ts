import { ProviderError } from '../errors.js'
import { type Pair, pairOf } from '../model/symbol.js'
import type { NativeIds } from './provider.js'

/** The error of a provider that does not know what was asked for. */
export const unknown = (provider: string, what: string): ProviderError => new ProviderError({ provider, reason: 'not-found', message: `does not know ${what}` })

/** A provider's own id of an asset, as it stands in an address. */
export function idOf(provider: string, base: string, native: NativeIds): string {
  const id = native[base]
  if (id === undefined) throw unknown(provider, base)
  return encodeURIComponent(id)
}

/** A provider's own ids of the assets that it knows, each once. */
export function idsOf(provider: string, pairs: readonly Pair[], native: NativeIds): string[] {
  const ids = new Set(pairs.flatMap(({ base }) => native[base] ?? []))
  if (ids.size === 0) throw unknown(provider, pairs.length === 1 ? (pairs[0]?.base ?? '') : 'any of them')
  return [...ids]
}

/** Whether a pair is quoted in real dollars, the one currency of many aggregators. */
export const isInDollars = (symbol: string): boolean => pairOf(symbol).quote === 'USD'

/** The pairs among the asked that are. */
export const dollarPairs = (symbols: readonly string[]): Pair[] => symbols.filter(isInDollars).map(pairOf)
