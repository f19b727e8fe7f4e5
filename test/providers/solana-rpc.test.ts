import { describe, expect, it } from 'vitest'
import { solanaRpc } from '../../src/providers/solana-rpc.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'
import { error, result, rpc } from '../support/evm-answers.js'

const CHAIN = 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp'
const URL = 'https://api.mainnet-beta.solana.com/'
const PAYER = 'GsbwXfJraMomNxBcjYLcG3mxkBUiyWXAB32fGbSMQRdW'
const SHOP = '4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA'
const SIGNATURE = '5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW'

const transfer = (source: string, destination: string, lamports: number, type = 'transfer') => ({
  program: 'system',
  programId: '11111111111111111111111111111111',
  parsed: { type, info: { source, destination, lamports } },
})
const memo = { program: 'spl-memo', programId: 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr', parsed: 'thanks' }
const unparsed = { programId: 'ComputeBudget111111111111111111111111111111', accounts: [], data: '3u4FK4kmjJHb' }

function paid(...instructions: object[]) {
  return {
    slot: 412_345_678,
    blockTime: 1_761_925_312,
    version: 0,
    transaction: {
      signatures: [SIGNATURE],
      message: {
        accountKeys: [
          { pubkey: PAYER, signer: true, writable: true, source: 'transaction' },
          { pubkey: SHOP, signer: false, writable: true, source: 'transaction' },
        ],
        instructions,
        recentBlockhash: SHOP,
      },
    },
    meta: { err: null, fee: 5_000, preBalances: [3_000_000_000, 1], postBalances: [1_499_995_000, 1_500_000_001], innerInstructions: [] },
  }
}
const params = { chain: CHAIN, hash: SIGNATURE }
const read = (value: unknown) => ask(solanaRpc(), 'transaction', params, { body: result(value) })

describeProvider(
  solanaRpc,
  {
    answers: [
      {
        capability: 'balance',
        params: { account: `${CHAIN}:${PAYER}` },
        url: URL,
        sent: rpc('getBalance', [PAYER, { commitment: 'confirmed' }]),
        body: result({ context: { apiVersion: '3.0.6', slot: 412_345_678 }, value: 1_499_995_000 }),
        data: { account: `${CHAIN}:${PAYER}`, amount: '1499995000', decimals: 9, symbol: 'SOL' },
        drifted: result({ context: { slot: 412_345_678 }, value: 1.5 }),
      },
      {
        capability: 'transaction',
        params,
        url: URL,
        sent: rpc('getTransaction', [SIGNATURE, { encoding: 'jsonParsed', maxSupportedTransactionVersion: 0, commitment: 'confirmed' }]),
        body: result(paid(unparsed, transfer(PAYER, SHOP, 1_500_000_000), memo)),
        data: {
          chain: CHAIN,
          hash: SIGNATURE,
          from: PAYER,
          to: SHOP,
          amount: '1500000000',
          decimals: 9,
          blockNumber: 412_345_678,
          at: 1_761_925_312_000,
          status: 'success',
          fee: '5000',
        },
        drifted: result({ ...paid(memo), transaction: ['AQ==', 'base64'] }),
      },
      {
        capability: 'blockNumber',
        params: { chain: CHAIN },
        url: URL,
        sent: rpc('getSlot', [{ commitment: 'confirmed' }]),
        body: result(412_345_678),
        data: { number: 412_345_678 },
        drifted: result('soon'),
      },
    ],
    unknown: [{ capability: 'transaction', body: result(null) }],
    errors: [
      { says: 'its limit', status: 429, body: error(429, 'Too many requests for a specific RPC call'), reason: 'rate-limited' },
      { says: 'an address that is blocked', status: 403, body: error(403, 'Access forbidden'), reason: 'unauthorized' },
      { says: 'no address', body: error(-32_602, 'Invalid param: WrongSize'), reason: 'bad-request' },
      { says: 'that it is behind', body: error(-32_005, 'Node is behind by 42 slots'), reason: 'unavailable' },
      { says: 'that it keeps no history', body: error(-32_011, 'Transaction history is not available from this node'), reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('a transaction on Solana', () => {
  it('that moves no SOL by itself has the payer of its fee as sender and an amount of 0', () => {
    expect(read(paid(memo))).toMatchObject({ from: PAYER, amount: '0' })
    expect(read(paid(memo))).not.toHaveProperty('to')
  })

  it('with several transfers of one sender moves their sum, to nobody in particular', () => {
    const both = read(paid(transfer(SHOP, PAYER, 7), transfer(SHOP, SIGNATURE, 5)))
    expect(both).toMatchObject({ from: SHOP, amount: '12' })
    expect(both).not.toHaveProperty('to')
    expect(read(paid(transfer(PAYER, SHOP, 7), transfer(PAYER, SHOP, 5, 'transferWithSeed')))).toMatchObject({ to: SHOP, amount: '12' })
  })

  it('with several senders moves what the payer of its fee gives', () => {
    expect(read(paid(transfer(PAYER, SHOP, 7), transfer(SHOP, SIGNATURE, 5)))).toMatchObject({ from: PAYER, to: SHOP, amount: '7' })
  })

  it('is not taken for one that moves what tokens or new accounts do', () => {
    const token = { ...transfer(PAYER, SHOP, 9), program: 'spl-token' }
    expect(read(paid(token, transfer(PAYER, SHOP, 9, 'createAccount')))).toMatchObject({ amount: '0' })
  })

  it('that failed says so, and one whose outcome was not kept leaves it out', () => {
    const sent = paid(transfer(PAYER, SHOP, 7))
    expect(read({ ...sent, meta: { ...sent.meta, err: { InstructionError: [0, { Custom: 1 }] } } })).toMatchObject({ status: 'failed', fee: '5000' })
    const bare = read({ ...sent, meta: null, blockTime: null })
    for (const unknown of ['status', 'fee', 'at']) expect(bare).not.toHaveProperty(unknown)
  })

  it('of another signature is a bad response', () => {
    const other = paid(memo)
    other.transaction.signatures = [PAYER]
    expect(() => read(other)).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})

describe('a balance on Solana', () => {
  it('beyond what JSON numbers hold exactly is refused, not rounded', () => {
    const account = `${CHAIN}:${PAYER}`
    expect(() => ask(solanaRpc(), 'balance', { account }, { body: result({ value: 2 ** 53 }) })).toThrow(expect.objectContaining({ reason: 'bad-request' }))
  })

  it('of 0 is known', () => {
    expect(ask(solanaRpc(), 'balance', { account: `${CHAIN}:${PAYER}` }, { body: result({ value: 0 }) })).toMatchObject({ amount: '0' })
  })
})
