import { evmChainOf } from '../provider/chain/accounts.js'
import { defineProvider } from '../provider/define-provider.js'
import { etherscanFailure, etherscanLike, nodeGasOf, resultOf } from '../provider/chain/etherscan-like.js'
import { smallQuantity } from '../provider/chain/evm-rows.js'
import type { HttpRequest, Limit, Provider, ProviderOptions } from '../provider/provider.js'
import { gasPriceOf, limitedOf, quotasOf, transactionOf } from './blockscout.rows.js'

const DOCS = 'https://docs.blockscout.com/rate-limits'
const VERIFIED = '2026-11-21'
const DAY_MS = 86_400_000
const COST = 20 // credits of a call that is not in the list of dear ones

// Those of its hundred chains whose coin is known here. Named in the docs: 1, 10, 8453, 42161, 42170, 42220, 534352; the others unverified. BNB Smart
// Chain is not among them.
const CHAINS = new Set([1, 10, 30, 100, 130, 137, 324, 480, 1_135, 1_868, 8_453, 34_443, 42_161, 42_170, 42_220, 57_073, 534_352, 7_777_777])
// Gas prices are rounded to 0.01 gwei unless a header asks for all of them, which not every release knows: elsewhere nothing would be left of them.
const WITH_DEAR_GAS = new Set([1, 100, 137, 42_220])
const TO_THE_WEI = { 'updated-gas-oracle': 'true' }

const of = (requests: number, cost: number): readonly Limit[] => [
  { requests, perMs: 1_000, scope: 'key' },
  { cost, perMs: 30 * DAY_MS, scope: 'key' },
]
const FREE = [
  { requests: 5, perMs: 1_000, scope: 'key' },
  { cost: 100_000, perMs: DAY_MS, scope: 'key', resets: 'utc-day' },
] as const

type Capabilities = 'gasPrice' | 'balance' | 'transaction' | 'blockNumber'

/** Blockscout's API over its chains, Base and Optimism with a free key too. Each call costs 20 credits of 100,000 a day. */
export function blockscout(options: ProviderOptions = {}): Provider<Capabilities> {
  const { balance } = etherscanLike({
    id: 'blockscout',
    has: (chain) => CHAINS.has(chain),
    at: (chain, query) => ({ path: 'v2/api', query: { chain_id: chain, ...query } }),
  })
  return defineProvider<Capabilities>(
    {
      id: 'blockscout',
      name: 'Blockscout',
      homepage: 'https://www.blockscout.com',
      docs: DOCS,
      verifiedOn: VERIFIED,
      hosts: ['https://api.blockscout.com'],
      key: { required: true, in: 'header', name: 'Authorization', prefix: 'Bearer ' },
      limits: FREE,
      plans: {
        free: { limits: FREE, verifiedOn: VERIFIED, source: DOCS },
        builder: { limits: of(15, 100_000_000), verifiedOn: VERIFIED, source: DOCS },
        pro: { limits: of(30, 500_000_000), verifiedOn: VERIFIED, source: DOCS },
        business: { limits: of(50, 3_000_000_000), verifiedOn: VERIFIED, source: DOCS },
      },
      metered: true,
      probe: { capability: 'blockNumber', params: { chain: 'eip155:1' } },
      endpoints: {
        gasPrice: {
          cost: COST,
          supports,
          request: ({ chain }) => (isDear(chain) ? { path: `${evmChainOf(chain)}/api/v2/stats`, headers: TO_THE_WEI } : rpc(chain, 'eth_gasPrice')),
          parse: (body, { chain }) => (isDear(chain) ? gasPriceOf(body, chain) : nodeGasOf(body, chain)),
        },
        balance: { ...balance, cost: COST },
        transaction: {
          cost: COST,
          supports: (params) => supports(params) && /^0x[0-9a-f]{64}$/i.test(params.hash),
          request: ({ chain, hash }) => ({ path: `${evmChainOf(chain)}/api/v2/transactions/${hash}` }),
          parse: transactionOf,
        },
        blockNumber: {
          cost: COST,
          supports,
          request: ({ chain }) => rpc(chain, 'eth_blockNumber'),
          parse: (body) => ({ number: smallQuantity(resultOf(body), 'result') }),
        },
      },
      failure: (response) => limitedOf(response) ?? etherscanFailure(response),
      usage: (headers) => quotasOf(headers, options.plan === undefined || options.plan === 'free' ? DAY_MS : 30 * DAY_MS),
    },
    options,
  )
}

const supports = ({ chain }: { readonly chain: string }): boolean => CHAINS.has(evmChainOf(chain) ?? 0)

const isDear = (chain: string): boolean => WITH_DEAR_GAS.has(evmChainOf(chain) ?? 0)

const rpc = (chain: string, method: string): HttpRequest => ({
  path: `${evmChainOf(chain)}/json-rpc`,
  method: 'POST',
  body: { jsonrpc: '2.0', id: 1, method, params: [] },
})
