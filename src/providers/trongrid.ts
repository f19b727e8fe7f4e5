import { accountOf, TRON } from '../provider/chain/accounts.js'
import { defineProvider } from '../provider/define-provider.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { balanceOf, failureOf, transactionOf } from './trongrid.rows.js'

type Capabilities = 'balance' | 'transaction'

/** TronGrid, the node service of Tron's makers. A key is free and not needed, but without one it answers little. */
export function trongrid(options: ProviderOptions = {}): Provider<Capabilities> {
  const keyed = options.apiKey !== undefined && options.apiKey.length !== 0
  return defineProvider<Capabilities>(
    {
      id: 'trongrid',
      name: 'TronGrid',
      homepage: 'https://www.trongrid.io',
      docs: 'https://developers.tron.network/reference/background',
      hosts: ['https://api.trongrid.io'],
      key: { required: false, in: 'header', name: 'TRON-PRO-API-KEY' },
      // Unverified: 15 in a second is what its error text tells of a key, without one nothing is published.
      limits: keyed
        ? [
            { requests: 15, perMs: 1_000, scope: 'key' },
            { requests: 100_000, perMs: 86_400_000, scope: 'key', resets: 'utc-day' },
          ]
        : [{ requests: 60, perMs: 60_000, scope: 'ip' }],
      probe: { capability: 'balance', params: { account: `${TRON}:T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb` } },
      endpoints: {
        balance: {
          supports: ({ account }) => accountOf(account).chain === TRON && /^T[1-9A-HJ-NP-Za-km-z]{33}$/.test(accountOf(account).address),
          request: ({ account }) => ({ path: `v1/accounts/${accountOf(account).address}` }),
          parse: balanceOf,
        },
        transaction: {
          calls: 2,
          supports: ({ chain }) => chain === TRON,
          // `visible`: addresses as they are written, not in hexadecimal.
          request: ({ hash }) => [
            { path: 'wallet/gettransactionbyid', method: 'POST', body: { value: hash, visible: true } },
            { path: 'wallet/gettransactioninfobyid', method: 'POST', body: { value: hash }, optional: true },
          ],
          parse: transactionOf,
        },
      },
      failure: failureOf,
    },
    options,
  )
}
