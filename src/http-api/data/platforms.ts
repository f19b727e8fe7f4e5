import { ASSETS } from '../../model/assets.js'
import type { Asset } from '../../model/market.js'

/** Names of the chains that the table of assets speaks of, by CAIP-2 id. */
const CHAIN_NAMES: Readonly<Record<string, string>> = {
  'bip122:000000000019d6689c085ae165831e93': 'bitcoin',
  'bip122:12a765e31ffd4059bada1e25190f6e98': 'litecoin',
  'bip122:1a91e3dace36e2be3bf030a65679fe82': 'dogecoin',
  'cosmos:cosmoshub-4': 'cosmos',
  'eip155:1': 'ethereum',
  'eip155:61': 'ethereum-classic',
  'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp': 'solana',
}

/** Where an asset lives. */
export interface Home {
  /** Name of the chain, or its CAIP-2 id. */
  readonly chain: string
  /** CAIP-2. */
  readonly chainId: string
  /** Address of its contract; nothing for the chain's own coin. */
  readonly contract?: string
}

/** Its CAIP-19 id: the provider's, else that of our own table where symbol and name are the same. */
export function caip19Of({ symbol, name, caip19 }: Asset): string | undefined {
  const own = Object.hasOwn(ASSETS, symbol) ? ASSETS[symbol] : undefined
  return caip19 ?? (own?.name.toLowerCase() === name?.toLowerCase() ? own?.caip19 : undefined)
}

/** Where it lives, out of its CAIP-19 id. */
export function homeOf(asset: Asset): Home | undefined {
  const [, chainId, kind, reference] = /^([^/]+)\/([^:]+):(.+)$/.exec(caip19Of(asset) ?? '') ?? []
  if (chainId === undefined || reference === undefined) return undefined
  return { chain: CHAIN_NAMES[chainId] ?? chainId, chainId, ...(kind !== 'slip44' && { contract: reference }) }
}

/** Whether a chain is meant by this word: its name or its CAIP-2 id. */
export const isAt = (home: Home | undefined, platform: string): boolean =>
  home !== undefined && [home.chain, home.chainId].some((one) => one.toLowerCase() === platform.toLowerCase())
