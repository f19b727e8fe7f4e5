import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Provider } from '../provider/provider.js'

// Address unverified.
const CHAINS = new Map([['eip155:10', 'https://mainnet.optimism.io']])

/** The public node of the Optimism team, for OP Mainnet alone. No key. */
export function optimismRpc(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'optimism-rpc',
      name: 'Optimism public RPC',
      homepage: 'https://www.optimism.io',
      docs: 'https://docs.optimism.io/app-developers/tools/infrastructure/node-providers',
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }], // none is published: a polite one
      chains: CHAINS,
    },
    options,
  )
}
