// CAIP-19 of a token.
const TOKEN = /^(.+)\/(?:erc20|token):(.+)$/

/** Wrapped ether: a token that every index of tokens has. */
export const WRAPPED_ETHER = 'eip155:1/erc20:0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'

/** A token out of its CAIP-19 id: its address, and its chain by the name that `chains` has for the chain's CAIP-2 id. */
export function tokenOf(asset: string, chains: ReadonlyMap<string, string>): { readonly chain: string | undefined; readonly address: string } {
  const [, chain = '', address = ''] = TOKEN.exec(asset) ?? []
  return { chain: chains.get(chain), address }
}
