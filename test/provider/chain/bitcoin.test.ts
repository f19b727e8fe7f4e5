import { describe, expect, it } from 'vitest'
import { BITCOIN } from '../../../src/provider/chain/accounts.js'
import { isBitcoinAccount, isBitcoinTransaction, satoshiBalance, transferOf } from '../../../src/provider/chain/bitcoin.js'

const asked = { chain: BITCOIN, hash: 'AB' }
const spending = { hash: 'ab', inputs: [{ address: 'alice' }, { address: 'bob' }], outputs: [{ address: 'carol', satoshi: 5n }], fee: 2n }
const transfer = (more: object) => transferOf({ ...spending, ...more }, asked)

describe('transferOf', () => {
  it('tells the first sender and what the first receiver got, never the whole with its change', () => {
    const outputs = [{ address: 'bob', satoshi: 900n }, { satoshi: 0n }, { address: 'carol', satoshi: 5n }, { address: 'dave', satoshi: 7n }]
    expect(transfer({ outputs, blockNumber: 9, at: 1_700_000_000_000 })).toEqual({
      chain: BITCOIN,
      hash: 'ab',
      from: 'alice',
      to: 'carol',
      amount: '5',
      decimals: 8,
      blockNumber: 9,
      at: 1_700_000_000_000,
      status: 'success',
      fee: '2',
    })
  })

  it('tells of coins that all go back what the first of them is', () => {
    expect(transfer({ outputs: [{ address: 'bob', satoshi: 900n }] })).toMatchObject({ to: 'bob', amount: '900' })
  })

  it('has no receiver where no output has an address', () => {
    const { to, amount } = transfer({ outputs: [{ satoshi: 3n }] })
    expect([to, amount]).toEqual([undefined, '3'])
  })

  it('says of new coins that they come from no address', () => {
    expect(transfer({ inputs: [{}] }).from).toBe('coinbase')
  })

  it('is pending without a block', () => {
    const data = transfer({})
    expect(data.status).toBe('pending')
    expect(Object.keys(data)).not.toContain('blockNumber')
  })

  it.each([{ inputs: [] }, { outputs: [] }, { hash: 'cd' }])('refuses %j', (more) => {
    expect(() => transfer(more)).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})

describe('an account', () => {
  it('is one of Bitcoin where its chain is, and its address cannot leave its place in a path', () => {
    const accounts = [`${BITCOIN}:1wiz`, 'eip155:1:0xab', `${BITCOIN}:..`, `${BITCOIN}:%2e`, '1wiz']
    expect(accounts.map((account) => isBitcoinAccount({ account }))).toEqual([true, false, false, false, false])
  })

  it('is asked for with the hash of a transaction, which cannot leave its place either', () => {
    const hashes = ['1f'.repeat(32), '..', '1f', `0x${'1f'.repeat(32)}`]
    expect(hashes.map((hash) => isBitcoinTransaction({ chain: BITCOIN, hash }))).toEqual([true, false, false, false])
    expect(isBitcoinTransaction({ chain: 'eip155:1', hash: '1f'.repeat(32) })).toBe(false)
  })

  it('never holds less than nothing', () => {
    expect(() => satoshiBalance(-1n, `${BITCOIN}:1wiz`)).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })
})
