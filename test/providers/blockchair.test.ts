import { describe, expect, it } from 'vitest'
import { blockchair } from '../../src/providers/blockchair.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, asking, sent } from '../support/ask.js'
import { ACCOUNT, ALICE, ASKED, BOB, HASH, STAMP, TRANSFER } from '../support/bitcoin.js'

const HOST = 'https://api.blockchair.com'
const KEY = 'made-up-key-0123456789abcdef'
const ok = (data: unknown, more: object = {}) => ({ data, context: { code: 200, source: 'D', results: 1, state: 921_001, ...more } })
const refused = (code: number | string, error: string) => ({ data: null, context: { code, error } })
const stamp = new Date(STAMP * 1_000).toISOString().slice(0, 19).replace('T', ' ')
const stats = (more: object = {}) =>
  ok({
    blocks: 921_002,
    transactions: 1_200_000_000,
    blocks_24h: 144,
    transactions_24h: 400_123,
    difficulty: 155_000_000_000_000,
    mempool_transactions: 0,
    best_block_height: 921_001,
    best_block_time: stamp,
    hashrate_24h: '1100000000000000000000',
    ...more,
  })
const dashboard = (tx: object = {}) =>
  ok({
    [HASH]: {
      transaction: { block_id: 921_000, hash: HASH, time: stamp, is_coinbase: false, input_total: 200_400, output_total: 200_000, fee: 400, ...tx },
      inputs: [{ recipient: ALICE, value: 200_400, is_spent: true }],
      outputs: [
        { recipient: 'd-0123', value: 0 },
        { recipient: BOB, value: 150_000 },
        { recipient: ALICE, value: 50_000 },
      ],
    },
  })
const metrics = {
  asset: 'BTC',
  at: STAMP * 1_000,
  hashRate: 1.1e21,
  difficulty: 155_000_000_000_000,
  transactions24h: 400_123,
  blockHeight: 921_001,
  mempoolTransactions: 0,
}

describeProvider(
  blockchair,
  {
    options: { apiKey: KEY },
    answers: [
      {
        capability: 'networkMetrics',
        params: { asset: 'BTC' },
        url: `${HOST}/bitcoin/stats?key={key}`,
        body: stats(),
        data: metrics,
        drifted: stats({ best_block_time: undefined }),
      },
      {
        capability: 'balance',
        params: ACCOUNT,
        url: `${HOST}/bitcoin/dashboards/address/${ALICE}?limit=0&state=latest&key={key}`,
        body: ok({
          [ALICE]: { address: { type: 'witness_v0_keyhash', balance: 499_600, balance_usd: 450, received: 700_000, spent: 200_400 }, transactions: [] },
        }),
        data: { ...ACCOUNT, amount: '499600', decimals: 8, symbol: 'BTC' },
        drifted: ok({ [BOB]: { address: { balance: 1 } } }),
      },
      {
        capability: 'transaction',
        params: ASKED,
        url: `${HOST}/bitcoin/dashboards/transaction/${HASH}?key={key}`,
        body: dashboard(),
        data: TRANSFER,
        drifted: dashboard({ block_id: undefined }),
      },
    ],
    unknown: [
      { capability: 'networkMetrics', status: 404, body: refused(404, 'Not found') },
      { capability: 'transaction', body: ok([], { results: 0 }) },
      { capability: 'transaction', body: ok(null, { results: 0 }) },
    ],
    errors: [
      { says: 'the free plan is used up', status: 402, body: refused(402, 'Limit reached'), reason: 'quota-exhausted' },
      { says: 'more than 30 in a minute', status: 429, body: refused(429, 'Too many'), reason: 'rate-limited' },
      { says: 'more than 5 in a second, with a 200', body: refused(435, 'Too fast'), reason: 'rate-limited' },
      { says: 'a status of its own without a body', status: 436, body: 'no', reason: 'rate-limited' },
      { says: 'an address that is blocked', status: 430, body: refused(430, 'Your IP is blocked'), reason: 'rate-limited' },
      { says: 'a fault of its own behind a 200', body: refused(503, 'Try later'), reason: 'unavailable' },
      { says: 'a code that is a word of the language', status: 400, body: refused('constructor', 'what?'), reason: 'bad-request' },
      { says: 'a question that makes no sense', status: 400, body: refused(400, 'Bad'), reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('blockchair', () => {
  it('gives balances and transactions only with a key, and the state of networks without one', () => {
    const [open, keyed] = [blockchair(), blockchair({ apiKey: KEY })].map(({ endpoints }) => [
      endpoints.networkMetrics.supports?.({ asset: 'BTC' }),
      endpoints.balance.supports?.(ACCOUNT),
      endpoints.transaction.supports?.(ASKED),
    ])
    expect(open).toEqual([true, false, false])
    expect(keyed).toEqual([true, true, true])
  })

  it('knows the networks that it has by the symbol of their coin', () => {
    const { networkMetrics } = blockchair().endpoints
    expect(['LTC', 'DASH', 'SOL', 'toString'].map((asset) => networkMetrics.supports?.({ asset }))).toEqual([true, true, false, false])
  })

  it('asks for litecoin where that is what an account is of', () => {
    const account = `bip122:12a765e31ffd4059bada1e25190f6e98:${ALICE}`
    const provider = blockchair({ apiKey: KEY })
    expect(sent(provider, 'balance', { account })).toBe(`${HOST}/litecoin/dashboards/address/${ALICE}?limit=0&state=latest`)
    expect(ask(provider, 'balance', { account }, { body: ok({ [ALICE]: { address: { balance: 0 } } }) })).toMatchObject({ amount: '0', symbol: 'LTC' })
  })

  it('leaves out what a network does not have', () => {
    const data = ask(blockchair(), 'networkMetrics', { asset: 'ETH' }, { body: stats({ hashrate_24h: '0', difficulty: 0, mempool_transactions: null }) })
    expect(data).toEqual({ asset: 'ETH', at: STAMP * 1_000, transactions24h: 400_123, blockHeight: 921_001 })
  })

  it('tells new coins and what waits in the mempool', () => {
    const { asked } = asking(blockchair({ apiKey: KEY }))
    expect(asked('transaction', ASKED, { body: dashboard({ is_coinbase: true }) })).toMatchObject({ from: 'coinbase', status: 'success' })
    const waiting = asked('transaction', ASKED, { body: dashboard({ block_id: -1 }) })
    expect(waiting).toMatchObject({ status: 'pending' })
    expect(waiting).not.toHaveProperty('at')
  })
})
