import { ACCOUNT, ALICE, ASKED, BOB, HASH, STAMP, TRANSFER } from './bitcoin.js'

/** A transaction as Esplora tells it. */
export const tx = (more: object = {}) => ({
  txid: HASH,
  version: 2,
  locktime: 0,
  vin: [
    {
      txid: '2e'.repeat(32),
      vout: 1,
      prevout: { scriptpubkey: '0014aa', scriptpubkey_type: 'v0_p2wpkh', scriptpubkey_address: ALICE, value: 200_400 },
      is_coinbase: false,
    },
  ],
  vout: [
    { scriptpubkey: '0014aa', scriptpubkey_address: ALICE, value: 50_000 },
    { scriptpubkey: '6a04', scriptpubkey_type: 'op_return', value: 0 },
    { scriptpubkey: 'a914bb', scriptpubkey_address: BOB, value: 150_000 },
  ],
  size: 222,
  weight: 561,
  fee: 400,
  status: { confirmed: true, block_height: 921_000, block_hash: '00ab', block_time: STAMP },
  ...more,
})

/** Blocks as Esplora tells them, newest first. */
export const blocks = [
  { id: '00ab', height: 921_001, version: 1, timestamp: STAMP + 600, tx_count: 3_000, difficulty: 155_000_000_000_000.5, previousblockhash: '00aa' },
  { id: '00aa', height: 921_000, version: 1, timestamp: STAMP, tx_count: 2_000, difficulty: 155_000_000_000_000.5, previousblockhash: '00a9' },
]

/** What waits, as Esplora tells it. */
export const mempool = { count: 4_321, vsize: 1_000_000, total_fee: 2_000_000, fee_histogram: [] }

const stats = (funded: unknown, spent: unknown) => ({ funded_txo_count: 3, funded_txo_sum: funded, spent_txo_count: 1, spent_txo_sum: spent, tx_count: 4 })

/** The rows that every server of Esplora is proven by. */
export const rowsAt = (host: string) => ({
  answers: [
    {
      capability: 'balance' as const,
      params: ACCOUNT,
      url: `${host}/address/${ALICE}`,
      body: { address: ALICE, chain_stats: stats(700_000, 200_400), mempool_stats: stats(9_999, 0) },
      data: { ...ACCOUNT, amount: '499600', decimals: 8, symbol: 'BTC' },
      drifted: { address: ALICE, chain_stats: stats(undefined, 200_400) },
    },
    {
      capability: 'transaction' as const,
      params: ASKED,
      url: `${host}/tx/${HASH}`,
      body: tx(),
      data: TRANSFER,
      drifted: tx({ vout: [{ address: BOB, sats: 150_000 }] }),
    },
    {
      capability: 'blockNumber' as const,
      params: { chain: ASKED.chain },
      url: `${host}/blocks/tip/height`,
      body: '921001',
      data: { number: 921_001 },
      drifted: 'not yet',
    },
  ],
  errors: [
    { says: 'a transaction that nobody knows', capability: 'transaction' as const, status: 404, body: 'Transaction not found', reason: 'not-found' as const },
    { says: 'a text that is no hash', status: 400, body: 'Invalid hex string', reason: 'bad-request' as const },
    { says: 'too many requests', status: 429, body: 'Too Many Requests', reason: 'rate-limited' as const },
    { says: 'a gateway that fails', status: 502, body: '<html></html>', reason: 'unavailable' as const },
  ],
})
