import { describe, expect, it } from 'vitest'
import { quantity, smallQuantity, transactionOf, weiBalance } from '../../../src/provider/chain/evm-rows.js'
import { HASH_ASKED, receipt, transaction } from '../../support/evm-answers.js'

const asked = { chain: 'eip155:1', hash: HASH_ASKED }
const read = (tx: object = {}, paid?: object) => transactionOf({ ...transaction, ...tx }, paid && { ...receipt, ...paid }, asked)
const bad = expect.objectContaining({ name: 'BadResponseError' })

describe('a quantity', () => {
  it('is exact up to 256 bits', () => {
    expect(quantity(`0x${'f'.repeat(64)}`, 'value')).toBe(2n ** 256n - 1n)
    expect(quantity('0x0', 'value')).toBe(0n)
  })

  it.each(['0x', '12', '', 'latest', '-0x1', `0x1${'0'.repeat(64)}`, 12, null, undefined])('is not %j', (value) => {
    expect(() => quantity(value, 'value')).toThrow(bad)
  })

  it('is a number only where that is exact', () => {
    expect(smallQuantity('0x1fffffffffffff', 'value')).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => smallQuantity('0x20000000000000', 'value')).toThrow(bad)
  })
})

describe('a balance in wei', () => {
  it("is one of the chain's own coin", () => {
    const account = 'eip155:56:0x742d35Cc6634C0532925a3b844Bc454e4438f44e'
    expect(weiBalance(0n, account)).toEqual({ account, amount: '0', decimals: 18, symbol: 'BNB' })
    expect(['8453', '61', '369', '43113'].map((chain) => weiBalance(0n, `eip155:${chain}:0xab`).symbol)).toEqual(['ETH', 'ETC', 'PLS', 'AVAX'])
  })
})

describe('a transaction', () => {
  it('without a block is pending, and costs nothing yet', () => {
    const pending = read({ blockNumber: null, blockHash: null, blockTimestamp: null })
    expect(pending).toMatchObject({ status: 'pending' })
    for (const unknown of ['blockNumber', 'at', 'fee']) expect(pending).not.toHaveProperty(unknown)
  })

  it('that was mined between both answers is in its block', () => {
    expect(read({ blockNumber: null }, {})).toMatchObject({ blockNumber: 22_705_028, status: 'success' })
  })

  it('without its receipt tells neither its outcome nor its fee', () => {
    const mined = read()
    expect(mined).toMatchObject({ blockNumber: 22_705_028 })
    for (const unknown of ['status', 'fee']) expect(mined).not.toHaveProperty(unknown)
  })

  it('that failed still costs its fee', () => {
    expect(read({}, { status: '0x0' })).toMatchObject({ status: 'failed', fee: '42000000000000' })
  })

  it('from before 2017 has no outcome', () => {
    expect(read({}, { status: undefined, root: `0x${'ee'.repeat(32)}` })).not.toHaveProperty('status')
  })

  it('pays for the chain below and for blobs, where it has to', () => {
    expect(read({}, { l1Fee: '0x3e8' })).toMatchObject({ fee: '42000000001000' })
    expect(read({ type: '0x3' }, { blobGasUsed: '0x20000', blobGasPrice: '0x2' })).toMatchObject({ fee: '42000000262144' })
  })

  it('pays for blobs only where it carries them: rollups write how much room it takes in the same place', () => {
    expect(read({}, { blobGasUsed: '0x9c40', blobGasPrice: '0x1', daFootprintGasScalar: '0x190', l1Fee: '0x3e8' })).toMatchObject({ fee: '42000000001000' })
    expect(read({ type: '0x3' }, { blobGasUsed: '0x20000' })).not.toHaveProperty('fee')
  })

  it('is asked its own price where the receipt of an old node has none', () => {
    expect(read({}, { effectiveGasPrice: undefined })).toMatchObject({ fee: '42000000000000' })
    expect(read({ gasPrice: undefined }, { effectiveGasPrice: undefined })).not.toHaveProperty('fee')
  })

  it('leaves out a fee that is paid in a token, or partly by a formula of its chain', () => {
    expect(read({ feeCurrency: `0x${'cc'.repeat(20)}` }, {})).not.toHaveProperty('fee')
    expect(read({}, { operatorFeeScalar: '0x1', operatorFeeConstant: '0x0' })).not.toHaveProperty('fee')
    expect(read({}, { operatorFeeScalar: '0x0', operatorFeeConstant: '0x0' })).toHaveProperty('fee')
    const onMantle = { chain: 'eip155:5000', hash: HASH_ASKED }
    expect(transactionOf(transaction, { ...receipt, l1Fee: '0x3e8' }, onMantle)).not.toHaveProperty('fee')
    expect(transactionOf(transaction, { ...receipt, l1Fee: '0x0' }, onMantle)).toHaveProperty('fee')
  })

  it('that makes a contract goes to nobody', () => {
    expect(read({ to: null })).not.toHaveProperty('to')
  })

  it('has the time of its block where the node gives that along', () => {
    expect(read({ blockTimestamp: '0x6904d8c0' })).toMatchObject({ at: 1_761_925_312_000 })
    expect(read({ blockTimestamp: undefined })).not.toHaveProperty('at')
  })

  it('is found in either case of its hash, and given as the node writes it', () => {
    expect(transactionOf(transaction, undefined, { ...asked, hash: HASH_ASKED.toUpperCase().replace('0X', '0x') })).toMatchObject({
      hash: HASH_ASKED,
    })
  })

  it.each([
    ['another hash', { hash: `0x${'99'.repeat(32)}` }, undefined],
    ['another chain', { chainId: '0x38' }, undefined],
    ['the receipt of another', {}, { transactionHash: `0x${'99'.repeat(32)}` }],
    ['a sender that is no address', { from: '0x12' }, undefined],
    ['no value', { value: null }, undefined],
    ['a receipt without gas', {}, { gasUsed: null }],
  ])('with %s is a bad response', (_, tx, paid) => {
    expect(() => read(tx, paid)).toThrow(bad)
  })

  it('of an old form, or of a rollup itself, is bound to no chain', () => {
    expect(read({ chainId: null })).toHaveProperty('hash')
    expect(read({ chainId: '0x0' })).toHaveProperty('hash')
    expect(read({ chainId: '0x1' })).toHaveProperty('hash')
  })
})
