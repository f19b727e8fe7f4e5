import type { NetworkMetrics } from '../model/chain.js'
import { accountOf } from '../provider/chain/accounts.js'
import { baseUnits } from '../provider/chain/base-units.js'
import { addressOf, isBitcoinAccount, isBitcoinTransaction, satoshiBalance } from '../provider/chain/bitcoin.js'
import { defineProvider } from '../provider/define-provider.js'
import type { Provider, ProviderFailure, ProviderOptions, ProviderResponse } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { transactionOf } from './blockchain-info.rows.js'

type Capabilities = 'balance' | 'transaction' | 'networkMetrics'

/**
 * Blockchain.com's explorer of Bitcoin. No key. Whether a balance counts unconfirmed transactions is not documented. Its good answers carry a `Retry-After`
 * that asks for nothing.
 */
export function blockchainInfo(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: 'blockchain-info',
      name: 'Blockchain.com Explorer',
      homepage: 'https://www.blockchain.com/explorer',
      docs: 'https://www.blockchain.com/explorer/api/blockchain_api',
      hosts: ['https://blockchain.info'],
      limits: [{ requests: 6, perMs: 60_000, scope: 'ip' }], // one call in 10 s is what the page of its simple API asks for: unverified today
      probe: { capability: 'networkMetrics', params: { asset: 'BTC' } },
      endpoints: {
        balance: {
          supports: (params) => isBitcoinAccount(params),
          request: ({ account }) => ({ path: 'balance', query: { active: addressOf(account) } }),
          parse: (body, { account }) => {
            const row = read.object(read.object(body, 'balance')[accountOf(account).address], 'address')
            return satoshiBalance(baseUnits(row.final_balance, 'final_balance'), account)
          },
        },
        transaction: {
          supports: (params) => isBitcoinTransaction(params),
          request: ({ hash }) => ({ path: `rawtx/${hash}` }),
          parse: transactionOf,
        },
        networkMetrics: {
          supports: ({ asset }) => asset === 'BTC',
          request: () => ({ path: 'stats', query: { format: 'json' } }),
          parse: metricsOf,
        },
      },
      failure: failureOf,
    },
    options,
  )
}

/** The sum of fees is left out: it has been below 0. So is `n_blocks_total`: whether it counts the first block is not said. */
function metricsOf(body: unknown, { asset }: { readonly asset: string }): NetworkMetrics {
  const stats = read.object(body, 'stats')
  return known<NetworkMetrics>({
    asset,
    at: read.millis(stats.timestamp, 'timestamp'),
    hashRate: read.positive(read.positive(stats.hash_rate, 'hash_rate') * 1e9, 'hash_rate'), // it comes in GH/s
    difficulty: read.positive(stats.difficulty, 'difficulty'),
    transactions24h: read.positiveOrNone(stats.n_tx, 'n_tx'),
  })
}

/** Older answers are plain texts behind a 500. */
const failureOf = ({ status, body }: ProviderResponse): ProviderFailure | undefined =>
  status >= 400 && typeof body === 'string' && /^transaction not found/i.test(body.trim()) ? { reason: 'not-found', message: body.trim() } : undefined
