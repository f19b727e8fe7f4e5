import { describe, expect, it } from 'vitest'
import { blockstream } from '../../src/providers/blockstream.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { STAMP } from '../support/bitcoin.js'
import { blocks, mempool, rowsAt } from '../support/esplora.js'

const HOST = 'https://blockstream.info/api'
const tip = { asset: 'BTC', at: (STAMP + 600) * 1_000, blockHeight: 921_001, difficulty: 155_000_000_000_000.5 }
const { answers, errors } = rowsAt(HOST)

describeProvider(
  blockstream,
  {
    answers: [
      ...answers,
      {
        capability: 'networkMetrics',
        params: { asset: 'BTC' },
        url: [`${HOST}/blocks`, `${HOST}/mempool`],
        body: several(blocks, mempool),
        data: { ...tip, mempoolTransactions: 4_321 },
        drifted: several([], mempool),
      },
      {
        capability: 'networkMetrics',
        params: { asset: 'BTC' },
        body: several(blocks, undefined),
        data: tip,
        drifted: several([{ ...blocks[0], timestamp: undefined }], undefined),
      },
    ],
    unknown: [{ capability: 'networkMetrics', status: 404, body: { error: 'not found' } }],
    errors,
  },
  { describe, it },
)

describe('blockstream', () => {
  it('knows the network of Bitcoin only', () => {
    expect(['BTC', 'LTC'].map((asset) => blockstream().endpoints.networkMetrics.supports?.({ asset }))).toEqual([true, false])
  })
})
