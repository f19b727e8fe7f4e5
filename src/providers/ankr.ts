import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Provider } from '../provider/provider.js'

// All but the first unverified.
const CHAINS = new Map([
  ['eip155:1', 'https://rpc.ankr.com/eth'], // Ethereum
  ['eip155:56', 'https://rpc.ankr.com/bsc'], // BNB Smart Chain
  ['eip155:137', 'https://rpc.ankr.com/polygon'], // Polygon
  ['eip155:42161', 'https://rpc.ankr.com/arbitrum'], // Arbitrum One
  ['eip155:10', 'https://rpc.ankr.com/optimism'], // OP Mainnet
  ['eip155:8453', 'https://rpc.ankr.com/base'], // Base
  ['eip155:43114', 'https://rpc.ankr.com/avalanche'], // Avalanche C-Chain
  ['eip155:100', 'https://rpc.ankr.com/gnosis'], // Gnosis
  ['eip155:59144', 'https://rpc.ankr.com/linea'], // Linea
  ['eip155:534352', 'https://rpc.ankr.com/scroll'], // Scroll
  ['eip155:81457', 'https://rpc.ankr.com/blast'], // Blast
  ['eip155:42220', 'https://rpc.ankr.com/celo'], // Celo
])

const CALL = 200 // API credits, whatever an EVM chain is asked

/** Ankr: nodes of many chains. Needs a key, which is part of the address (without one it answers no longer); each call costs credits. */
export function ankr(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'ankr',
      name: 'Ankr',
      homepage: 'https://www.ankr.com/rpc/',
      docs: 'https://www.ankr.com/docs/rpc-service/charging-policy/',
      verifiedOn: '2026-11-21',
      key: { required: true, in: 'path', name: 'key' },
      metered: true,
      // The free tier.
      limits: [
        { requests: 30, perMs: 1_000, scope: 'key' },
        { cost: 200_000_000, perMs: 30 * 86_400_000, scope: 'key', resets: 'utc-month' },
      ],
      costs: { gasPrice: 2 * CALL, balance: CALL, transaction: 2 * CALL, blockNumber: CALL },
      chains: CHAINS,
      path: '{key}',
    },
    options,
  )
}
