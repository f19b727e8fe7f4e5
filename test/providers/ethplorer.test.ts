import { describe, expect, it } from 'vitest'
import { ethplorer } from '../../src/providers/ethplorer.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, sent } from '../support/ask.js'
import { ACCOUNT, ALICE, ASKED, BALANCE, BOB, HASH, STAMP, TRANSFER, WEI } from '../support/ethereum.js'

const HOST = 'https://api.ethplorer.io'
const info = (more: object = {}) => ({ address: ALICE, ETH: { price: false, balance: 123.45678901234568, rawBalance: WEI, ...more }, countTxs: 3, tokens: [] })
const tx = (more: object = {}) => ({
  hash: HASH,
  timestamp: STAMP,
  blockNumber: 24_000_000,
  confirmations: 12,
  success: true,
  from: ALICE,
  to: BOB,
  value: 1.5,
  input: '0x',
  gasLimit: 21_000,
  gasUsed: 21_000,
  logs: [],
  operations: [],
  ...more,
})
const { fee: _, ...transfer } = TRANSFER
const failed = (code: number | string, message: string) => ({ error: { code, message } })

describeProvider(
  ethplorer,
  {
    answers: [
      {
        capability: 'balance',
        params: ACCOUNT,
        url: `${HOST}/getAddressInfo/${ALICE}?apiKey={key}`,
        body: info(),
        data: BALANCE,
        drifted: info({ rawBalance: undefined }),
      },
      {
        capability: 'transaction',
        params: ASKED,
        url: `${HOST}/getTxInfo/${HASH}?apiKey={key}`,
        body: tx(),
        data: transfer,
        drifted: tx({ value: undefined, ether: 1.5 }),
      },
    ],
    unknown: [{ capability: 'transaction', status: 404, body: failed(404, 'Transaction not found') }],
    errors: [
      { says: 'a key that is none', status: 401, body: failed(1, 'Invalid API key'), reason: 'unauthorized' },
      { says: 'a key that is none, with a 200', body: failed(1, 'Invalid API key'), reason: 'unauthorized' },
      { says: 'too many requests', status: 403, body: failed(999, 'API key limit exceeded'), reason: 'rate-limited' },
      { says: 'an address that is none', status: 406, body: failed(104, 'Invalid address format'), reason: 'bad-request' },
      { says: 'a code that is a word of the language', body: failed('constructor', 'what?'), reason: 'bad-request' },
      { says: 'a gateway that fails', status: 502, body: '<html></html>', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('ethplorer', () => {
  const amountOf = (value: unknown, more: object = {}) => ask(ethplorer(), 'transaction', ASKED, { body: tx({ value, ...more }) }).amount

  it('is asked with the public key where there is no other', () => {
    expect(sent(ethplorer(), 'balance', ACCOUNT)).toBe(`${HOST}/getAddressInfo/${ALICE}?apiKey=freekey`)
    expect(sent(ethplorer({ apiKey: 'own' }), 'balance', ACCOUNT)).toBe(`${HOST}/getAddressInfo/${ALICE}`)
  })

  it('knows Ethereum only', () => {
    const { balance, transaction } = ethplorer().endpoints
    expect([balance.supports?.(ACCOUNT), balance.supports?.({ account: `eip155:10:${ALICE}` }), balance.supports?.({ account: 'eip155:1:../x' })]).toEqual([
      true,
      false,
      false,
    ])
    expect([transaction.supports?.(ASKED), transaction.supports?.({ ...ASKED, hash: '..' })]).toEqual([true, false])
  })

  it.each([
    [0, '0'],
    [12, '12000000000000000000'],
    [0.1, '100000000000000000'],
    [1e-18, '1'],
    [1.5e-9, '1500000000'],
    [1_234.567_890_12, '1234567890120000000000'],
  ])('tells %s ether to the last wei', (value, wei) => {
    expect(amountOf(value)).toBe(wei)
  })

  it('does not tell an amount whose last digits are lost, unless it has them elsewhere', () => {
    expect(() => amountOf(123.456_789_012_345_68)).toThrow(expect.objectContaining({ reason: 'bad-request' }))
    expect(() => amountOf(1.5e-18)).toThrow(expect.objectContaining({ reason: 'bad-request' }))
    expect(amountOf(123.456_789_012_345_68, { rawValue: WEI })).toBe(WEI)
  })

  it('tells a failed transaction', () => {
    expect(ask(ethplorer(), 'transaction', ASKED, { body: tx({ success: false }) }).status).toBe('failed')
  })
})
