import { describe, expect, it } from 'vitest'
import { blockcypher } from '../../src/providers/blockcypher.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'
import { ACCOUNT, ALICE, ASKED, BOB, HASH, STAMP, TRANSFER } from '../support/bitcoin.js'

const HOST = 'https://api.blockcypher.com/v1/btc/main'
const confirmed = new Date(STAMP * 1_000).toISOString()
const tx = (more: object = {}) => ({
  block_hash: '00ab',
  block_height: 921_000,
  hash: HASH,
  addresses: [ALICE, BOB],
  total: 200_000,
  fees: 400,
  size: 222,
  confirmed,
  received: confirmed,
  double_spend: false,
  confirmations: 3,
  inputs: [{ prev_hash: '2e', output_index: 1, output_value: 200_400, addresses: [ALICE], script_type: 'pay-to-witness-pubkey-hash' }],
  outputs: [
    { value: 0, script: '6a04', addresses: null, script_type: 'null-data', data_hex: 'ab' },
    { value: 150_000, script: 'a914bb', addresses: [BOB], script_type: 'pay-to-script-hash' },
    { value: 50_000, script: '0014aa', addresses: [ALICE], script_type: 'pay-to-witness-pubkey-hash' },
  ],
  ...more,
})

describeProvider(
  blockcypher,
  {
    answers: [
      {
        capability: 'balance',
        params: ACCOUNT,
        url: `${HOST}/addrs/${ALICE}/balance?token={key}`,
        body: { address: ALICE, total_received: 700_000, total_sent: 200_400, balance: 499_600, unconfirmed_balance: 5, final_balance: 499_605, n_tx: 4 },
        data: { ...ACCOUNT, amount: '499600', decimals: 8, symbol: 'BTC' },
        drifted: { address: ALICE, final_balance: 499_605 },
      },
      { capability: 'transaction', params: ASKED, url: `${HOST}/txs/${HASH}`, body: tx(), data: TRANSFER, drifted: tx({ outputs: undefined }) },
      {
        capability: 'blockNumber',
        params: { chain: ASKED.chain },
        url: HOST,
        body: { name: 'BTC.main', height: 921_001, hash: '00ab', time: confirmed, unconfirmed_count: 4_321 },
        data: { number: 921_001 },
        drifted: { name: 'BTC.main', hash: '00ab' },
      },
    ],
    unknown: [{ capability: 'transaction', status: 404, body: { error: `Transaction ${HASH} not found.` } }],
    errors: [
      { says: 'too many requests', status: 429, body: { error: 'Limits reached.' }, reason: 'rate-limited' },
      { says: 'an address that is none', capability: 'balance', status: 400, body: { error: 'Address is invalid' }, reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('blockcypher', () => {
  const transaction = (more: object) => ask(blockcypher(), 'transaction', ASKED, { body: tx(more) })

  it('says of new coins that they come from no address', () => {
    expect(transaction({ inputs: [{ output_index: -1, script: '03ab', script_type: 'empty' }] }).from).toBe('coinbase')
  })

  it('does not know whose coins are spent where the first script has no address', () => {
    expect(() => transaction({ inputs: [{ output_index: 0, addresses: null, script_type: 'unknown' }] })).toThrow(
      expect.objectContaining({ reason: 'bad-request' }),
    )
    const { inputs } = tx()
    expect(transaction({ inputs: [...inputs, { output_index: 0, addresses: null, script_type: 'unknown' }] })).toEqual(TRANSFER)
  })

  it('calls a transaction at height -1 pending', () => {
    const { confirmed: _, ...pending } = tx({ block_height: -1 })
    expect(ask(blockcypher(), 'transaction', ASKED, { body: pending })).toMatchObject({ status: 'pending' })
  })
})
