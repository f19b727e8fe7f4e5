import type { Pair } from '../../model/symbol.js'
import { read } from '../read.js'

// CAIP-19 of a token.
const TOKEN = /^(.+)\/(?:erc20|token):(.+)$/

/** Wrapped ether: a token that every index of tokens has. */
export const WRAPPED_ETHER = 'eip155:1/erc20:0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'

/** A token out of its CAIP-19 id: its address, and its chain by the name that `chains` has for the chain's CAIP-2 id. */
export function tokenOf(asset: string, chains: ReadonlyMap<string, string>): { readonly chain: string | undefined; readonly address: string } {
  const [, chain = '', address = ''] = TOKEN.exec(asset) ?? []
  return { chain: chains.get(chain), address }
}

/** A token in dollars. Its symbol is whatever its maker wrote, a slash too; where there is none, its address stands for it. */
export function tokenPair(symbol: unknown, address: string): Pair {
  const base = read.optional(read.string, symbol, 'symbol')?.toUpperCase() ?? address
  return { symbol: `${base}/USD`, base, quote: 'USD' }
}
