import type { NetworkMetrics } from '../model/chain.js'
import { defineProvider } from '../provider/define-provider.js'
import { ESPLORA, esploraFailure, MEMPOOL, TIP, tipOf, waitingIn } from '../provider/chain/esplora.js'
import type { Provider, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { rowsOf } from '../provider/rows.js'

type Capabilities = 'balance' | 'transaction' | 'blockNumber' | 'networkMetrics'

/** mempool.space: balances (confirmed only), transactions and the state of Bitcoin's network. No key; who asks too much again and again is banned. */
export function mempoolSpace(options: ProviderOptions = {}): Provider<Capabilities> {
  return defineProvider<Capabilities>(
    {
      id: 'mempool-space',
      name: 'mempool.space',
      homepage: 'https://mempool.space',
      docs: 'https://mempool.space/docs/api/rest',
      hosts: ['https://mempool.space/api'],
      limits: [{ requests: 60, perMs: 60_000, scope: 'ip' }], // not published: unverified
      cors: true,
      probe: { capability: 'blockNumber', params: { chain: 'bip122:000000000019d6689c085ae165831e93' } },
      endpoints: {
        ...ESPLORA,
        networkMetrics: {
          calls: 3,
          supports: ({ asset }) => asset === 'BTC',
          request: () => [{ path: 'v1/mining/hashrate/3d' }, MEMPOOL, { ...TIP, optional: true }],
          parse: metricsOf,
        },
      },
      failure: esploraFailure,
    },
    options,
  )
}

/** Hash rate and difficulty are those of the moment; it is dated by the newest block, without which the newest day of the hash rate's history must do. */
function metricsOf(body: unknown, { asset }: { readonly asset: string }): NetworkMetrics {
  const [mining, mempool, blocks] = read.array(body, 'answers')
  const { hashrates, currentHashrate, currentDifficulty } = read.object(mining, 'mining')
  const figures = {
    asset,
    hashRate: read.positive(currentHashrate, 'currentHashrate'),
    difficulty: read.positive(currentDifficulty, 'currentDifficulty'),
    mempoolTransactions: waitingIn(mempool),
  }
  if (blocks !== undefined) return known<NetworkMetrics>({ ...tipOf(blocks), ...figures })
  return known<NetworkMetrics>({ ...figures, at: read.seconds(rowsOf(hashrates, 'hashrates').at(-1)?.timestamp, 'timestamp') })
}
