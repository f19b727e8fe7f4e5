import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Provider } from '../provider/provider.js'

// Names from what clients use; all but the first unverified.
const CHAINS = new Map([
  ['eip155:1', 'https://ethereum-rpc.publicnode.com'], // Ethereum
  ['eip155:56', 'https://bsc-rpc.publicnode.com'], // BNB Smart Chain
  ['eip155:137', 'https://polygon-bor-rpc.publicnode.com'], // Polygon
  ['eip155:42161', 'https://arbitrum-one-rpc.publicnode.com'], // Arbitrum One
  ['eip155:10', 'https://optimism-rpc.publicnode.com'], // OP Mainnet
  ['eip155:8453', 'https://base-rpc.publicnode.com'], // Base
  ['eip155:43114', 'https://avalanche-c-chain-rpc.publicnode.com'], // Avalanche C-Chain
  ['eip155:100', 'https://gnosis-rpc.publicnode.com'], // Gnosis
  ['eip155:59144', 'https://linea-rpc.publicnode.com'], // Linea
  ['eip155:534352', 'https://scroll-rpc.publicnode.com'], // Scroll
  ['eip155:81457', 'https://blast-rpc.publicnode.com'], // Blast
  ['eip155:42220', 'https://celo-rpc.publicnode.com'], // Celo
  ['eip155:130', 'https://unichain-rpc.publicnode.com'], // Unichain
  ['eip155:146', 'https://sonic-rpc.publicnode.com'], // Sonic
])

/** PublicNode of Allnodes: free nodes of many chains, run for their privacy. No key. */
export function publicnode(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'publicnode',
      name: 'PublicNode',
      homepage: 'https://publicnode.com',
      docs: 'https://ethereum-rpc.publicnode.com',
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }], // none is published: a polite one
      chains: CHAINS,
    },
    options,
  )
}
