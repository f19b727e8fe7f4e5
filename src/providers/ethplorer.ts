import { accountOf } from '../provider/chain/accounts.js'
import { defineProvider } from '../provider/define-provider.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { balanceOf, failureOf, transactionOf } from './ethplorer.rows.js'

const DOCS = 'https://github.com/EverexIO/Ethplorer/wiki/Ethplorer-API'
const VERIFIED = '2026-11-21'
const ETHEREUM = 'eip155:1'
// The key that everybody may use to try it out: no secret.
const FREEKEY = 'freekey'
const OF_FREEKEY = [
  { requests: 2, perMs: 1_000, scope: 'ip' },
  { requests: 20, perMs: 60_000, scope: 'ip' },
  { requests: 100, perMs: 3_600_000, scope: 'ip' },
  { requests: 1_000, perMs: 86_400_000, scope: 'ip' },
  { requests: 3_000, perMs: 7 * 86_400_000, scope: 'ip' },
] as const

type Capabilities = 'balance' | 'transaction'

/** Ethplorer: accounts and transactions of Ethereum. Without a key of your own it is asked with its public `freekey`; with one, `plan: 'personal'`. */
export function ethplorer(options: ProviderOptions = {}): Provider<Capabilities> {
  const keyed = options.apiKey !== undefined && options.apiKey.length !== 0
  const query = { apiKey: keyed ? undefined : FREEKEY }
  return defineProvider<Capabilities>(
    {
      id: 'ethplorer',
      name: 'Ethplorer',
      homepage: 'https://ethplorer.io',
      docs: DOCS,
      verifiedOn: VERIFIED,
      hosts: ['https://api.ethplorer.io'],
      key: { required: false, in: 'query', name: 'apiKey' },
      limits: OF_FREEKEY,
      plans: {
        free: { limits: OF_FREEKEY, verifiedOn: VERIFIED, source: DOCS },
        personal: { limits: [{ requests: 10, perMs: 1_000, scope: 'key' }], verifiedOn: VERIFIED, source: DOCS },
      },
      attribution: { text: 'Powered by Ethplorer.io', url: 'https://ethplorer.io', required: true },
      probe: { capability: 'balance', params: { account: `${ETHEREUM}:0x0000000000000000000000000000000000000000` } },
      endpoints: {
        balance: {
          supports: ({ account }) => accountOf(account).chain === ETHEREUM && /^0x[0-9a-f]{40}$/i.test(accountOf(account).address),
          request: ({ account }) => ({ path: `getAddressInfo/${accountOf(account).address}`, query }),
          parse: balanceOf,
        },
        transaction: {
          supports: ({ chain, hash }) => chain === ETHEREUM && /^0x[0-9a-f]{64}$/i.test(hash),
          request: ({ hash }) => ({ path: `getTxInfo/${hash}`, query }),
          parse: transactionOf,
        },
      },
      failure: failureOf,
    },
    options,
  )
}
