import { evmChainOf } from '../provider/chain/accounts.js'
import { defineProvider } from '../provider/define-provider.js'
import { etherscanFailure, etherscanLike, gasOf, resultOf } from '../provider/chain/etherscan-like.js'
import type { HttpRequest, Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'

const DOCS = 'https://docs.etherscan.io/resources/rate-limits'
const VERIFIED = '2026-11-21'
const KEY = { required: true, in: 'query', name: 'apikey' } as const
const FREE = [
  { requests: 3, perMs: 1_000, scope: 'key' },
  { requests: 100_000, perMs: 86_400_000, scope: 'key', resets: 'utc-day' },
] as const

// Chains of a free key, by the list in Etherscan's own CLI (github.com/etherscan/etherscan-cli, internal/chains), read 2026-11-21: those whose coin is known here.
const OF_FREE = new Set([
  1, 50, 100, 130, 137, 143, 146, 199, 204, 252, 480, 999, 1_329, 2_741, 4_326, 5_000, 9_745, 33_139, 42_161, 42_220, 59_144, 80_094, 81_457, 167_000, 747_474,
  11_155_111, 560_048,
])
// BNB Smart Chain, Base, Optimism, Avalanche, and testnets of Base and Optimism: only with a paid plan.
const OF_PAID = new Set([56, 8_453, 84_532, 10, 11_155_420, 43_114])
// The gas oracle knows Ethereum, BNB Smart Chain, Gnosis, Polygon, Celo and Linea.
const OF_ORACLE = new Set([1, 56, 100, 137, 42_220, 59_144])

type Capabilities = 'gasPrice' | 'balance' | 'transaction' | 'blockNumber'

/** Etherscan (V2): one key for some sixty EVM chains. A free key has neither BNB Smart Chain nor Base, Optimism and Avalanche: `plan: 'paid'` has. */
export function etherscan(options: ProviderOptions = {}): Provider<Capabilities> {
  const has = (chain: number): boolean => OF_FREE.has(chain) || (options.plan === 'paid' && OF_PAID.has(chain))
  const { gasPrice, ...endpoints } = etherscanLike({ id: 'etherscan', has, at })
  return defineProvider<Capabilities>(
    {
      id: 'etherscan',
      name: 'Etherscan',
      homepage: 'https://etherscan.io/apis',
      docs: DOCS,
      verifiedOn: VERIFIED,
      hosts: ['https://api.etherscan.io'],
      key: KEY,
      // Counted over all keys of an account.
      limits: FREE,
      plans: {
        free: { limits: FREE, key: KEY, verifiedOn: VERIFIED, source: DOCS },
        // The smallest of them: unverified. Give `limits` for others.
        paid: { limits: [{ requests: 10, perMs: 1_000, scope: 'key' }, FREE[1]], key: KEY, verifiedOn: VERIFIED, source: DOCS },
      },
      // Of a free key: unverified.
      attribution: { text: 'Powered by Etherscan.io APIs', url: 'https://etherscan.io', required: true },
      probe: { capability: 'blockNumber', params: { chain: 'eip155:1' } },
      endpoints: {
        ...endpoints,
        gasPrice: {
          ...gasPrice,
          request: (params, context) => {
            const chain = evmChainOf(params.chain) ?? 0
            return OF_ORACLE.has(chain) ? at(chain, { module: 'gastracker', action: 'gasoracle' }) : gasPrice.request(params, context)
          },
          parse: (body, params, context) => {
            if (!OF_ORACLE.has(evmChainOf(params.chain) ?? 0)) return gasPrice.parse(body, params, context)
            const { SafeGasPrice: slow, ProposeGasPrice: standard, FastGasPrice: fast, suggestBaseFee: baseFee } = read.object(resultOf(body), 'result')
            return gasOf(params.chain, { slow, standard, fast, baseFee })
          },
        },
      },
      failure: etherscanFailure,
    },
    options,
  )
}

const at = (chain: number, query: Readonly<Record<string, string>>): HttpRequest => ({ path: 'v2/api', query: { chainid: chain, ...query } })
