import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Provider } from '../provider/provider.js'

const CHAINS = new Map([['eip155:8453', 'https://mainnet.base.org']])

/** The public node of the Base team, for Base alone. No key. */
export function baseRpc(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'base-rpc',
      name: 'Base public RPC',
      homepage: 'https://www.base.org',
      docs: 'https://docs.base.org/base-chain/quickstart/connecting-to-base',
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }], // none is published: a polite one
      chains: CHAINS,
    },
    options,
  )
}
