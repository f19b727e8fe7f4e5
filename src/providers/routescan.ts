import { defineProvider } from '../provider/define-provider.js'
import { etherscanFailure, etherscanLike } from '../provider/chain/etherscan-like.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'

// Ethereum, Avalanche and Plasma. It had more, and says «chain not supported» of those it drops.
const CHAINS = new Set([1, 43_114, 9_745])

type Capabilities = 'balance' | 'transaction' | 'blockNumber'

/** Routescan: Ethereum, Avalanche and Plasma, without a key; one is free and raises the limits (give them as `limits`). */
export function routescan(options: ProviderOptions = {}): Provider<Capabilities> {
  const { gasPrice: _, ...endpoints } = etherscanLike({
    id: 'routescan',
    has: (chain) => CHAINS.has(chain),
    at: (chain, query) => ({ path: `v2/network/mainnet/evm/${chain}/etherscan/api`, query }),
  })
  return defineProvider<Capabilities>(
    {
      id: 'routescan',
      name: 'Routescan',
      homepage: 'https://routescan.io',
      docs: 'https://routescan.io/documentation',
      hosts: ['https://api.routescan.io'],
      key: { required: false, in: 'query', name: 'apikey' },
      // What the headers of each answer said in 2026 (300 and 100,000 before May); they are read.
      limits: [
        { requests: 2, perMs: 1_000, scope: 'ip' },
        { requests: 120, perMs: 60_000, scope: 'ip' },
        { requests: 10_000, perMs: 86_400_000, scope: 'ip' },
      ],
      probe: { capability: 'blockNumber', params: { chain: 'eip155:1' } },
      endpoints,
      failure: etherscanFailure,
    },
    options,
  )
}
