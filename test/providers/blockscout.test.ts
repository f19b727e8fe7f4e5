import { describe, expect, it } from 'vitest'
import { blockscout } from '../../src/providers/blockscout.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, asking } from '../support/ask.js'
import { ACCOUNT, ALICE, ASKED, BALANCE, bad, BOB, good, HASH, rpc, STAMP, TRANSFER, WEI } from '../support/ethereum.js'

const HOST = 'https://api.blockscout.com'
const sentHeaders = { authorization: 'Bearer {key}' }
const stamp = '2026-10-31T12:00:00.000000Z'
const stats = (gas_prices: unknown) => ({
  average_block_time: 12_000,
  coin_price: '3800.1',
  gas_prices,
  gas_prices_update_in: 10_000,
  gas_price_updated_at: stamp,
  total_blocks: '24000000',
})
const tx = (more: object = {}) => ({
  hash: HASH,
  status: 'ok',
  result: 'success',
  method: null,
  block_number: 24_000_000,
  timestamp: new Date(STAMP * 1_000).toISOString().replace('Z', '000Z'),
  confirmations: 12,
  from: { hash: ALICE, is_contract: false },
  to: { hash: BOB, is_contract: false },
  created_contract: null,
  value: '1500000000000000000',
  fee: { type: 'actual', value: '42000000000000' },
  gas_used: '21000',
  gas_price: '2000000000',
  revert_reason: null,
  ...more,
})
const call = (method: string) => ({ jsonrpc: '2.0', id: 1, method, params: [] })

describeProvider(
  blockscout,
  {
    answers: [
      {
        capability: 'gasPrice',
        params: { chain: 'eip155:1' },
        url: `${HOST}/1/api/v2/stats`,
        sentHeaders: { ...sentHeaders, 'updated-gas-oracle': 'true' },
        body: stats({ slow: 0.35, average: 0.5, fast: 0.75 }),
        data: { chain: 'eip155:1', slow: 0.35, standard: 0.5, fast: 0.75, asOf: Date.parse('2026-10-31T12:00:00Z') },
        drifted: stats(null),
      },
      {
        capability: 'gasPrice',
        params: { chain: 'eip155:8453' },
        url: `${HOST}/8453/json-rpc`,
        sent: call('eth_gasPrice'),
        body: rpc('0x4c4b40'),
        data: { chain: 'eip155:8453', standard: 0.005 },
        drifted: rpc(0.005),
      },
      {
        capability: 'balance',
        params: ACCOUNT,
        url: `${HOST}/v2/api?chain_id=1&module=account&action=balance&address=${ALICE}&tag=latest`,
        sentHeaders,
        body: good(WEI),
        data: BALANCE,
        drifted: good({ balance: WEI }),
      },
      { capability: 'transaction', params: ASKED, url: `${HOST}/1/api/v2/transactions/${HASH}`, body: tx(), data: TRANSFER, drifted: tx({ from: ALICE }) },
      {
        capability: 'blockNumber',
        params: { chain: 'eip155:10' },
        url: `${HOST}/10/json-rpc`,
        sent: call('eth_blockNumber'),
        body: rpc('0x16e3600'),
        data: { number: 24_000_000 },
        drifted: { height: 24_000_000 },
      },
    ],
    unknown: [{ capability: 'transaction', status: 404, body: { message: 'Not found' } }],
    errors: [
      { says: 'no key', status: 402, body: { error: 'Proceed with API key or make a X402 payment to continue' }, reason: 'unauthorized' },
      { says: 'a key that is none', status: 401, body: { error: 'Unauthorized' }, reason: 'unauthorized' },
      {
        says: 'a limit whose end it tells in ms',
        status: 429,
        headers: { 'x-ratelimit-reset': '800' },
        body: { error: 'Too many requests' },
        reason: 'rate-limited',
        retryAfterMs: 800,
      },
      { says: 'a question that makes no sense', status: 422, body: { errors: [{ title: 'Invalid value' }] }, reason: 'bad-request' },
      { says: 'an error that is a text', body: { jsonrpc: '2.0', error: 'Missed `to` address', id: 0 }, reason: 'bad-request' },
      { says: 'an address that is none', capability: 'balance', body: bad(null, 'Invalid address hash'), reason: 'bad-request' },
      { says: 'a chain that it does not have', body: { error: 'Network not supported' }, reason: 'bad-request' },
    ],
  },
  { describe, it },
)

describe('blockscout', () => {
  const transaction = (more: object) => ask(blockscout(), 'transaction', ASKED, { body: tx(more) })

  it('has Base and Optimism, but not BNB Smart Chain', () => {
    const { blockNumber } = blockscout().endpoints
    expect([1, 8_453, 10, 56, 97].map((chain) => blockNumber.supports?.({ chain: `eip155:${chain}` }))).toEqual([true, true, true, false, false])
  })

  it('reads gas prices that are objects, and refuses to know one where there is none', () => {
    const price = (value: number) => ({ price: value, fiat_price: '0.01', base_fee: 0.3 })
    expect(ask(blockscout(), 'gasPrice', { chain: 'eip155:100' }, { body: stats({ slow: null, average: price(0.5), fast: price(0.75) }) })).toMatchObject({
      standard: 0.5,
      fast: 0.75,
    })
    expect(() => ask(blockscout(), 'gasPrice', { chain: 'eip155:100' }, { body: stats({ slow: null, average: null, fast: null }) })).toThrow('standard')
  })

  it('prefers gas prices to the wei, and does not take what was rounded to nothing for a price', () => {
    const price = (wei: string, value: number) => ({ price: value, base_fee: value, priority_fee_wei: '1', wei })
    const exact = stats({ slow: price('4100000', 0), average: price('59800001', 0.06), fast: price('72000000', 0.07) })
    expect(ask(blockscout(), 'gasPrice', { chain: 'eip155:1' }, { body: exact })).toMatchObject({ slow: 0.0041, standard: 0.059800001, fast: 0.072 })
    expect(ask(blockscout(), 'gasPrice', { chain: 'eip155:1' }, { body: stats({ slow: 0, average: 0.01, fast: 0.02 }) })).not.toHaveProperty('slow')
    expect(() => ask(blockscout(), 'gasPrice', { chain: 'eip155:1' }, { body: stats({ slow: 0, average: 0, fast: 0 }) })).toThrow('standard')
  })

  it('adds to the fee what blobs cost beside it, and leaves out one that is not told', () => {
    expect(transaction({ type: 3, burnt_blob_fee: '262144', blob_gas_used: '131072', blob_gas_price: '2' }).fee).toBe('42000000262144')
    expect(transaction({ type: 3 })).not.toHaveProperty('fee')
    expect(transaction({ type: 126, fee: { type: 'actual', value: null }, gas_price: null })).toMatchObject({ status: 'success', blockNumber: 24_000_000 })
  })

  it('leaves out a fee that is paid in a token', () => {
    expect(transaction({ celo: { gas_token: null } }).fee).toBe(TRANSFER.fee)
    expect(transaction({ celo: { gas_token: { address_hash: BOB, symbol: 'USDT' } } })).not.toHaveProperty('fee')
  })

  it('does not call a transaction pending that was dropped or replaced', () => {
    const dropped = transaction({ status: 'error', result: 'dropped/replaced', block_number: null, fee: { type: 'maximum', value: '99' } })
    expect(dropped).not.toHaveProperty('status')
  })

  it('tells a failed transaction, one that made a contract, and one of an older release', () => {
    expect(transaction({ status: 'error', result: 'out of gas' }).status).toBe('failed')
    expect(transaction({ to: null })).not.toHaveProperty('to')
    expect(transaction({ block_number: undefined, block: 24_000_000 })).toEqual(TRANSFER)
  })

  it('does not take the most that a pending transaction may cost for its fee', () => {
    const data = transaction({ status: null, result: 'pending', block_number: null, timestamp: null, fee: { type: 'maximum', value: '99' } })
    expect(data).toEqual({ ...ASKED, from: ALICE, to: BOB, amount: '1500000000000000000', decimals: 18, status: 'pending' })
  })

  it('reads its quotas: credits of the day, of a paid plan those of the month, and calls of the second', () => {
    const headers = new Headers({ 'x-credits-remaining': '99980', 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '4', 'x-ratelimit-reset': '700' })
    const second = { perMs: 1_000, kind: 'requests', limit: 5, remaining: 4 }
    expect(blockscout().usage?.(headers, {})).toEqual([{ perMs: 86_400_000, kind: 'cost', remaining: 99_980 }, second])
    expect(blockscout({ plan: 'pro' }).usage?.(headers, {})).toEqual([{ perMs: 30 * 86_400_000, kind: 'cost', remaining: 99_980 }, second])
    expect(blockscout().usage?.(new Headers({ 'x-credits-remaining': '-1', 'x-ratelimit-remaining': '-1' }), {})).toEqual([])
  })

  it('leaves a Retry-After to itself', () => {
    expect(asking(blockscout()).told('balance', ACCOUNT, 429, {}, { 'retry-after': '7', 'x-ratelimit-reset': '800' })).toBeUndefined()
  })
})
