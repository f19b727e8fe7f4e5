import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Provider } from '../provider/provider.js'

// All but the first unverified.
const CHAINS = new Map([
  ['eip155:1', 'https://eth-mainnet.g.alchemy.com'], // Ethereum
  ['eip155:56', 'https://bnb-mainnet.g.alchemy.com'], // BNB Smart Chain
  ['eip155:137', 'https://polygon-mainnet.g.alchemy.com'], // Polygon
  ['eip155:42161', 'https://arb-mainnet.g.alchemy.com'], // Arbitrum One
  ['eip155:10', 'https://opt-mainnet.g.alchemy.com'], // OP Mainnet
  ['eip155:8453', 'https://base-mainnet.g.alchemy.com'], // Base
  ['eip155:43114', 'https://avax-mainnet.g.alchemy.com'], // Avalanche C-Chain
  ['eip155:100', 'https://gnosis-mainnet.g.alchemy.com'], // Gnosis
  ['eip155:59144', 'https://linea-mainnet.g.alchemy.com'], // Linea
  ['eip155:534352', 'https://scroll-mainnet.g.alchemy.com'], // Scroll
  ['eip155:81457', 'https://blast-mainnet.g.alchemy.com'], // Blast
  ['eip155:42220', 'https://celo-mainnet.g.alchemy.com'], // Celo
  ['eip155:130', 'https://unichain-mainnet.g.alchemy.com'], // Unichain
])

/** Alchemy: nodes of many chains. Needs a key, which is part of the address; each call costs compute units. */
export function alchemy(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'alchemy',
      name: 'Alchemy',
      homepage: 'https://www.alchemy.com',
      docs: 'https://www.alchemy.com/docs/reference/throughput',
      key: { required: true, in: 'path', name: 'key' },
      metered: true,
      // The free tier: 500 units a second over ten seconds; 30 million a month, unverified.
      limits: [
        { cost: 5_000, perMs: 10_000, scope: 'key' },
        { cost: 30_000_000, perMs: 30 * 86_400_000, scope: 'key', resets: 'utc-month' },
      ],
      // https://www.alchemy.com/docs/reference/compute-unit-costs, read November 2026
      costs: { gasPrice: 30, balance: 20, transaction: 40, blockNumber: 10 },
      chains: CHAINS,
      path: 'v2/{key}',
    },
    options,
  )
}
