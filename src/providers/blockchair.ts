import { accountOf } from '../provider/chain/accounts.js'
import { addressOf, isBitcoinAccount, isBitcoinTransaction } from '../provider/chain/bitcoin.js'
import { defineProvider } from '../provider/define-provider.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { balanceOf, failureOf, metricsOf, transactionOf } from './blockchair.rows.js'

const DOCS = 'https://github.com/Blockchair/Blockchair.Support/blob/master/API_DOCUMENTATION_EN.md'

// Its names of chains, by their coin.
const NETWORKS = new Map([
  ['BTC', 'bitcoin'],
  ['BCH', 'bitcoin-cash'],
  ['LTC', 'litecoin'],
  ['DOGE', 'dogecoin'],
  ['DASH', 'dash'],
  ['ZEC', 'zcash'],
  ['BSV', 'bitcoin-sv'],
  ['GRS', 'groestlcoin'],
  ['ETH', 'ethereum'],
])

// Those that accounts and transactions are asked of, by CAIP-2, with their coin; all have 8 decimals.
const CHAINS = new Map([
  ['bip122:000000000019d6689c085ae165831e93', { path: 'bitcoin', symbol: 'BTC' }],
  ['bip122:12a765e31ffd4059bada1e25190f6e98', { path: 'litecoin', symbol: 'LTC' }],
  ['bip122:1a91e3dace36e2be3bf030a65679fe82', { path: 'dogecoin', symbol: 'DOGE' }],
])

type Capabilities = 'networkMetrics' | 'balance' | 'transaction'

/**
 * Blockchair: the state of several networks. Without a key it is a trial for personal use, and addresses it has seen too much of are blocked without
 * notice; balances (confirmed only) and transactions it gives only with a key.
 */
export function blockchair(options: ProviderOptions = {}): Provider<Capabilities> {
  const keyed = options.apiKey !== undefined && options.apiKey.length !== 0
  return defineProvider<Capabilities>(
    {
      id: 'blockchair',
      name: 'Blockchair',
      homepage: 'https://blockchair.com',
      docs: DOCS,
      verifiedOn: '2026-11-21',
      hosts: ['https://api.blockchair.com'],
      key: { required: false, in: 'query', name: 'key' },
      limits: [
        { requests: 30, perMs: 60_000, scope: 'ip' },
        { requests: 1_440, perMs: 86_400_000, scope: 'ip', resets: 'utc-day' },
      ],
      cors: true,
      metered: keyed,
      probe: { capability: 'networkMetrics', params: { asset: 'BTC' } },
      endpoints: {
        networkMetrics: {
          supports: ({ asset }) => NETWORKS.has(asset),
          request: ({ asset }) => ({ path: `${NETWORKS.get(asset)}/stats` }),
          parse: metricsOf,
        },
        balance: {
          supports: ({ account }) => keyed && CHAINS.has(accountOf(account).chain) && isBitcoinAccount({ account }, accountOf(account).chain),
          // `state`: the newest block, without the mempool. `limit`: no transactions.
          request: ({ account }) => ({ path: `${at(accountOf(account).chain)}/address/${addressOf(account)}`, query: { limit: 0, state: 'latest' } }),
          parse: (body, { account }) => balanceOf(body, account, CHAINS.get(accountOf(account).chain)?.symbol),
        },
        transaction: {
          supports: (params) => keyed && CHAINS.has(params.chain) && isBitcoinTransaction(params, params.chain),
          request: ({ chain, hash }) => ({ path: `${at(chain)}/transaction/${hash}` }),
          parse: transactionOf,
        },
      },
      failure: failureOf,
    },
    options,
  )
}

const at = (chain: string): string => `${CHAINS.get(chain)?.path}/dashboards`
