import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Provider } from '../provider/provider.js'

// Names from what clients use; all but the first unverified.
const CHAINS = new Map([
  ['eip155:1', 'https://eth.drpc.org'], // Ethereum
  ['eip155:56', 'https://bsc.drpc.org'], // BNB Smart Chain
  ['eip155:137', 'https://polygon.drpc.org'], // Polygon
  ['eip155:42161', 'https://arbitrum.drpc.org'], // Arbitrum One
  ['eip155:10', 'https://optimism.drpc.org'], // OP Mainnet
  ['eip155:8453', 'https://base.drpc.org'], // Base
  ['eip155:43114', 'https://avalanche.drpc.org'], // Avalanche C-Chain
  ['eip155:100', 'https://gnosis.drpc.org'], // Gnosis
  ['eip155:59144', 'https://linea.drpc.org'], // Linea
  ['eip155:534352', 'https://scroll.drpc.org'], // Scroll
  ['eip155:81457', 'https://blast.drpc.org'], // Blast
  ['eip155:42220', 'https://celo.drpc.org'], // Celo
  ['eip155:130', 'https://unichain.drpc.org'], // Unichain
  ['eip155:146', 'https://sonic.drpc.org'], // Sonic
])

/** dRPC: one front to the nodes of many operators; slow at times on the free tier, which ends each call after two seconds. No key. */
export function drpc(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'drpc',
      name: 'dRPC',
      homepage: 'https://drpc.org',
      docs: 'https://drpc.org/docs/howitworks/ratelimiting',
      verifiedOn: '2026-11-21',
      // Per address 120,000 units a minute, some 100 calls a second; in demand no less than 50,400, some 40.
      limits: [{ requests: 40, perMs: 1_000, scope: 'ip' }],
      chains: CHAINS,
    },
    options,
  )
}
