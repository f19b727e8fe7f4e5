import type { NetworkMetrics } from '../model/chain.js'
import { defineProvider } from '../provider/define-provider.js'
import { ESPLORA, esploraFailure, MEMPOOL, TIP, tipOf, waitingIn } from '../provider/chain/esplora.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'

type Capabilities = 'balance' | 'transaction' | 'blockNumber' | 'networkMetrics'

/** Blockstream's explorer: balances (confirmed only), transactions and blocks of Bitcoin. No key. */
export function blockstream(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: 'blockstream',
      name: 'Blockstream Explorer',
      homepage: 'https://blockstream.info',
      docs: 'https://github.com/Blockstream/esplora/blob/master/API.md',
      hosts: ['https://blockstream.info/api'],
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }], // not published: unverified
      probe: { capability: 'blockNumber', params: { chain: 'bip122:000000000019d6689c085ae165831e93' } },
      endpoints: {
        ...ESPLORA,
        // It has no hash rate.
        networkMetrics: {
          calls: 2,
          supports: ({ asset }) => asset === 'BTC',
          request: () => [TIP, MEMPOOL],
          parse: (body, { asset }) => {
            const [blocks, mempool] = read.array(body, 'answers')
            return known<NetworkMetrics>({ asset, ...tipOf(blocks), mempoolTransactions: waitingIn(mempool) })
          },
        },
      },
      failure: esploraFailure,
    },
    options,
  )
}
