import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Provider } from '../provider/provider.js'

// Address unverified.
const CHAINS = new Map([['eip155:42161', 'https://arb1.arbitrum.io/rpc']])

/** The public node of the Arbitrum team, for Arbitrum One alone. No key. */
export function arbitrumRpc(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'arbitrum-rpc',
      name: 'Arbitrum public RPC',
      homepage: 'https://arbitrum.io',
      docs: 'https://docs.arbitrum.io/build-decentralized-apps/reference/node-providers',
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }], // none is published: a polite one
      chains: CHAINS,
    },
    options,
  )
}
