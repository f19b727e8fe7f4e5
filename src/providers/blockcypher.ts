import { baseUnits, heightOf } from '../provider/chain/base-units.js'
import { addressOf, isBitcoinAccount, isBitcoinTransaction, isOnBitcoin, satoshiBalance } from '../provider/chain/bitcoin.js'
import { defineProvider } from '../provider/define-provider.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { transactionOf } from './blockcypher.rows.js'

type Capabilities = 'balance' | 'transaction' | 'blockNumber'

/** BlockCypher: balances (confirmed only), transactions and blocks of Bitcoin. A token is not needed. */
export function blockcypher(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: 'blockcypher',
      name: 'BlockCypher',
      homepage: 'https://www.blockcypher.com',
      docs: 'https://www.blockcypher.com/dev/bitcoin/',
      hosts: ['https://api.blockcypher.com/v1/btc'],
      key: { required: false, in: 'query', name: 'token' },
      // Those without a token: unverified. Give `limits` for a token's.
      limits: [
        { requests: 3, perMs: 1_000, scope: 'ip' },
        { requests: 100, perMs: 3_600_000, scope: 'ip' },
      ],
      probe: { capability: 'blockNumber', params: { chain: 'bip122:000000000019d6689c085ae165831e93' } },
      endpoints: {
        balance: {
          supports: (params) => isBitcoinAccount(params),
          request: ({ account }) => ({ path: `main/addrs/${addressOf(account)}/balance` }),
          parse: (body, { account }) => satoshiBalance(baseUnits(read.object(body, 'balance').balance, 'balance'), account),
        },
        transaction: {
          supports: (params) => isBitcoinTransaction(params),
          request: ({ hash }) => ({ path: `main/txs/${hash}` }),
          parse: transactionOf,
        },
        blockNumber: {
          supports: isOnBitcoin,
          request: () => ({ path: 'main' }),
          parse: (body) => ({ number: heightOf(read.object(body, 'chain').height, 'height') }),
        },
      },
    },
    options,
  )
}
