import { describe, expect, it } from 'vitest'
import { blockchainInfo } from '../../src/providers/blockchain-info.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'
import { ACCOUNT, ALICE, ASKED, BOB, HASH, STAMP, TRANSFER } from '../support/bitcoin.js'

const HOST = 'https://blockchain.info'
const rawtx = (more: object = {}) => ({
  hash: HASH,
  ver: 2,
  vin_sz: 1,
  vout_sz: 2,
  fee: 400,
  double_spend: false,
  time: STAMP,
  block_index: 921_000,
  block_height: 921_000,
  inputs: [{ sequence: 1, prev_out: { addr: ALICE, script: '0014aa', value: 200_400, n: 1, spent: true } }],
  out: [
    { addr: ALICE, script: '0014aa', value: 50_000, n: 0 },
    { addr: BOB, script: 'a914bb', value: 150_000, n: 1 },
  ],
  ...more,
})
const stats = {
  timestamp: STAMP * 1_000,
  market_price_usd: 91_000.5,
  hash_rate: 1.2345e12,
  difficulty: 155_000_000_000_000.5,
  n_tx: 400_123,
  total_fees_btc: -1_666,
  n_blocks_total: 921_001,
}

describeProvider(
  blockchainInfo,
  {
    answers: [
      {
        capability: 'balance',
        params: ACCOUNT,
        url: `${HOST}/balance?active=${ALICE}`,
        headers: { 'retry-after': '60' },
        body: { [ALICE]: { final_balance: 499_600, n_tx: 4, total_received: 700_000 } },
        data: { ...ACCOUNT, amount: '499600', decimals: 8, symbol: 'BTC' },
        drifted: { [BOB]: { final_balance: 1 } },
      },
      {
        capability: 'transaction',
        params: ASKED,
        url: `${HOST}/rawtx/${HASH}`,
        body: rawtx(),
        data: TRANSFER,
        drifted: rawtx({ out: undefined, outputs: [] }),
      },
      {
        capability: 'networkMetrics',
        params: { asset: 'BTC' },
        url: `${HOST}/stats?format=json`,
        body: stats,
        data: { asset: 'BTC', at: STAMP * 1_000, hashRate: 1.2345e21, difficulty: 155_000_000_000_000.5, transactions24h: 400_123 },
        drifted: { ...stats, timestamp: STAMP },
      },
    ],
    unknown: [
      { capability: 'networkMetrics', status: 404, body: { error: 'not-found-or-invalid-arg' } },
      { capability: 'transaction', status: 404, body: { error: 'not-found-or-invalid-arg', message: 'Item not found or argument invalid' } },
      { capability: 'transaction', status: 500, body: 'Transaction not found' },
    ],
    errors: [
      { says: 'too many requests', status: 429, headers: { 'retry-after': '60' }, body: 'Too Many Requests', reason: 'rate-limited', retryAfterMs: 60_000 },
      { says: 'a gateway that fails', status: 502, body: 'Bad Gateway', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('blockchain.info', () => {
  const transaction = (more: object) => ask(blockchainInfo(), 'transaction', ASKED, { body: rawtx(more) })

  it.each([[{ sequence: 1, prev_out: null }], [{ sequence: 1 }], [{ prev_out: { n: 4_294_967_295, value: 0, script: '' } }]])(
    'says of new coins (%j) that they come from no address',
    (input) => {
      expect(transaction({ inputs: [input] }).from).toBe('coinbase')
    },
  )

  it('calls a transaction without a block pending, whenever it was seen', () => {
    const data = transaction({ block_height: null, block_index: null })
    expect(data.status).toBe('pending')
    expect(Object.keys(data)).not.toContain('at')
  })
})
