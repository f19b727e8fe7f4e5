import { evmNode, type NodeCapability, type NodeOptions } from '../provider/chain/evm-node.js'
import type { Limit, Provider } from '../provider/provider.js'

// All but the first unverified.
const CHAINS = new Map([
  ['eip155:1', 'https://mainnet.infura.io'], // Ethereum
  ['eip155:56', 'https://bsc-mainnet.infura.io'], // BNB Smart Chain
  ['eip155:137', 'https://polygon-mainnet.infura.io'], // Polygon
  ['eip155:42161', 'https://arbitrum-mainnet.infura.io'], // Arbitrum One
  ['eip155:10', 'https://optimism-mainnet.infura.io'], // OP Mainnet
  ['eip155:8453', 'https://base-mainnet.infura.io'], // Base
  ['eip155:43114', 'https://avalanche-mainnet.infura.io'], // Avalanche C-Chain
  ['eip155:59144', 'https://linea-mainnet.infura.io'], // Linea
  ['eip155:534352', 'https://scroll-mainnet.infura.io'], // Scroll
  ['eip155:81457', 'https://blast-mainnet.infura.io'], // Blast
  ['eip155:42220', 'https://celo-mainnet.infura.io'], // Celo
  ['eip155:130', 'https://unichain-mainnet.infura.io'], // Unichain
])

const PRICING = 'https://docs.metamask.io/services/get-started/pricing'
const VERIFIED = '2026-11-21'

// The documented price of a call; that none of ours costs another is unverified.
const CALL = 80

/** Infura of MetaMask: nodes of many chains. Needs a key, which is part of the address; each call costs credits. */
export function infura(options: NodeOptions = {}): Provider<NodeCapability> {
  return evmNode(
    {
      id: 'infura',
      name: 'Infura',
      homepage: 'https://www.infura.io',
      docs: PRICING,
      verifiedOn: VERIFIED,
      key: { required: true, in: 'path', name: 'key' },
      metered: true,
      limits: credits(3_000_000, 500),
      plans: {
        free: { limits: credits(3_000_000, 500), verifiedOn: VERIFIED, source: PRICING },
        developer: { limits: credits(15_000_000, 4_000), verifiedOn: VERIFIED, source: PRICING },
      },
      costs: { gasPrice: 2 * CALL, balance: CALL, transaction: 2 * CALL, blockNumber: CALL },
      chains: CHAINS,
      path: 'v3/{key}',
    },
    options,
  )
}

/** Counted anew at 00:00 UTC. */
const credits = (perDay: number, perSecond: number): readonly Limit[] => [
  { cost: perSecond, perMs: 1_000, scope: 'key' },
  { cost: perDay, perMs: 86_400_000, scope: 'key', resets: 'utc-day' },
]
