import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Provider } from '../provider/provider.js'

// The host is that of August 2026 (1rpc.io before). Names from what clients use; all but the first unverified.
const CHAINS = new Map([
  ['eip155:1', 'https://public.1rpc.io/eth'], // Ethereum
  ['eip155:56', 'https://public.1rpc.io/bnb'], // BNB Smart Chain
  ['eip155:137', 'https://public.1rpc.io/matic'], // Polygon
  ['eip155:42161', 'https://public.1rpc.io/arb'], // Arbitrum One
  ['eip155:10', 'https://public.1rpc.io/op'], // OP Mainnet
  ['eip155:8453', 'https://public.1rpc.io/base'], // Base
  ['eip155:43114', 'https://public.1rpc.io/avax/c'], // Avalanche C-Chain
  ['eip155:100', 'https://public.1rpc.io/gnosis'], // Gnosis
  ['eip155:59144', 'https://public.1rpc.io/linea'], // Linea
  ['eip155:534352', 'https://public.1rpc.io/scroll'], // Scroll
])

/** 1RPC of Automata: a relay that keeps its callers private from the nodes behind it. No key. */
export function oneRpc(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'one-rpc',
      name: '1RPC',
      homepage: 'https://www.1rpc.io',
      docs: 'https://docs.1rpc.io',
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }], // none is published: a polite one
      chains: CHAINS,
    },
    options,
  )
}
