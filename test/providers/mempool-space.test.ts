import { describe, expect, it } from 'vitest'
import { mempoolSpace } from '../../src/providers/mempool-space.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'
import { ACCOUNT, ASKED, STAMP } from '../support/bitcoin.js'
import { blocks, mempool, rowsAt, tx } from '../support/esplora.js'

const HOST = 'https://mempool.space/api'
const mining = {
  hashrates: [
    { timestamp: STAMP - 90_000, avgHashrate: 1.1e21 },
    { timestamp: STAMP - 3_600, avgHashrate: 1.2e21 },
  ],
  difficulty: [{ time: STAMP, height: 920_000, difficulty: 1.5e14, adjustment: 1.02 }],
  currentHashrate: 1.234e21,
  currentDifficulty: 155_000_000_000_000.5,
}
const figures = { asset: 'BTC', hashRate: 1.234e21, difficulty: 155_000_000_000_000.5 }
const { answers, errors } = rowsAt(HOST)

describeProvider(
  mempoolSpace,
  {
    answers: [
      ...answers,
      {
        capability: 'networkMetrics',
        params: { asset: 'BTC' },
        url: [`${HOST}/v1/mining/hashrate/3d`, `${HOST}/mempool`, `${HOST}/blocks`],
        body: several(mining, mempool, blocks),
        data: { ...figures, at: (STAMP + 600) * 1_000, blockHeight: 921_001, mempoolTransactions: 4_321 },
        drifted: several({ ...mining, currentHashrate: undefined }, mempool, blocks),
      },
      {
        capability: 'networkMetrics',
        params: { asset: 'BTC' },
        body: several(mining, undefined, undefined),
        data: { ...figures, at: (STAMP - 3_600) * 1_000 },
        drifted: several({ ...mining, hashrates: [] }, undefined, undefined),
      },
    ],
    unknown: [{ capability: 'networkMetrics', status: 404, body: { error: 'not found' } }],
    errors,
  },
  { describe, it },
)

describe('mempool.space', () => {
  const provider = mempoolSpace()
  const transaction = (more: object) => ask(provider, 'transaction', ASKED, { body: tx(more) })

  it('serves Bitcoin and nothing else', () => {
    const { balance, transaction: tell, blockNumber, networkMetrics } = provider.endpoints
    expect([balance.supports?.(ACCOUNT), balance.supports?.({ account: 'eip155:1:0xab' })]).toEqual([true, false])
    expect([tell.supports?.(ASKED), tell.supports?.({ ...ASKED, chain: 'eip155:1' }), blockNumber.supports?.({ chain: 'eip155:1' })]).toEqual([
      true,
      false,
      false,
    ])
    expect(['BTC', 'ETH'].map((asset) => networkMetrics.supports?.({ asset }))).toEqual([true, false])
  })

  it('says of new coins that they come from no address', () => {
    expect(transaction({ vin: [{ is_coinbase: true, prevout: null }], fee: 0 })).toMatchObject({ from: 'coinbase', fee: '0', status: 'success' })
  })

  it('names an output that has no address by its script', () => {
    expect(transaction({ vin: [{ is_coinbase: false, prevout: { scriptpubkey: '4104ab', scriptpubkey_type: 'p2pk', value: 5 } }] }).from).toBe('4104ab')
  })

  it('calls a transaction without a block pending', () => {
    const data = transaction({ status: { confirmed: false } })
    expect(data).toMatchObject({ status: 'pending' })
    expect(Object.keys(data)).not.toContain('at')
  })

  it('refuses another transaction than the asked one', () => {
    expect(() => transaction({ txid: '00'.repeat(32) })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('refuses sums that lost digits on the way', () => {
    const body = { chain_stats: { funded_txo_sum: 2 ** 53, spent_txo_sum: 0 } }
    expect(() => ask(provider, 'balance', ACCOUNT, { body })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
