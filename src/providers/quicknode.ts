import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Provider } from '../provider/provider.js'

/**
 * QuickNode: an endpoint of the user's own, for one chain. Off until `hosts` names it (`https://<name>.quiknode.pro`, without the token),
 * `chain` says which chain it is of (Ethereum otherwise), and `apiKey` holds the token, which is part of the address.
 */
export function quicknode(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'quicknode',
      name: 'QuickNode',
      homepage: 'https://www.quicknode.com',
      docs: 'https://www.quicknode.com/docs/ethereum/error-references',
      key: { required: true, in: 'path', name: 'key' },
      metered: true,
      limits: [{ requests: 15, perMs: 1_000, scope: 'key' }], // of the free plan, unverified
      chains: new Map(),
      path: '{key}',
    },
    options,
  )
}
