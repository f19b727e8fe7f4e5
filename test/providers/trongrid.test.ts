import { describe, expect, it } from 'vitest'
import { TRON } from '../../src/provider/chain/accounts.js'
import { trongrid } from '../../src/providers/trongrid.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { ask, asking } from '../support/ask.js'

const HOST = 'https://api.trongrid.io'
const [ALICE, BOB] = ['TA1iceA1iceA1iceA1iceA1iceA1iceA1i', 'TBobBobBobBobBobBobBobBobBobBobBob'] as const
const HASH = '1f'.repeat(32)
const ASKED = { chain: TRON, hash: HASH }
const ACCOUNT = { account: `${TRON}:${ALICE}` }
const NOW = 1_793_530_003_000
const sentHeaders = { 'tron-pro-api-key': '{key}' }

const accounts = (...data: object[]) => ({ data, success: true, meta: { at: NOW, page_size: data.length } })
const tx = (type = 'TransferContract', value: object = { amount: 1_500_000, owner_address: ALICE, to_address: BOB }, more: object = {}) => ({
  ret: [{ contractRet: 'SUCCESS' }],
  signature: ['ab'],
  txID: HASH,
  raw_data: { contract: [{ parameter: { value, type_url: `type.googleapis.com/protocol.${type}` }, type }], timestamp: NOW - 3_000 },
  raw_data_hex: '0a',
  ...more,
})
const info = (more: object = {}) => ({
  id: HASH,
  fee: 268_000,
  blockNumber: 77_000_000,
  blockTimeStamp: NOW,
  contractResult: [''],
  receipt: { net_fee: 268_000 },
  ...more,
})
const transfer = { ...ASKED, from: ALICE, to: BOB, amount: '1500000', decimals: 6, blockNumber: 77_000_000, at: NOW, status: 'success', fee: '268000' }

describeProvider(
  trongrid,
  {
    answers: [
      {
        capability: 'balance',
        params: ACCOUNT,
        url: `${HOST}/v1/accounts/${ALICE}`,
        sentHeaders,
        body: accounts({ address: '41aa', balance: 2_500_000, create_time: 1_600_000_000_000, frozenV2: [{ amount: 9 }] }),
        data: { ...ACCOUNT, amount: '2500000', decimals: 6, symbol: 'TRX' },
        drifted: { accounts: [] },
      },
      {
        capability: 'transaction',
        params: ASKED,
        url: [`${HOST}/wallet/gettransactionbyid`, `${HOST}/wallet/gettransactioninfobyid`],
        sentHeaders,
        sent: [{ value: HASH, visible: true }, { value: HASH }],
        body: several(tx(), info()),
        data: transfer,
        drifted: several(tx('TransferContract', { sun: 1_500_000, owner_address: ALICE, to_address: BOB }), info()),
      },
    ],
    unknown: [{ capability: 'transaction', body: several({}, {}) }],
    errors: [
      {
        says: 'a key that asks too much',
        status: 403,
        body: { success: false, error: 'The key exceeds the frequency limit(15), and the query server is suspended for 30s', statusCode: 403 },
        reason: 'rate-limited',
        retryAfterMs: 30_000,
      },
      {
        says: 'the same from a node',
        status: 403,
        body: { Error: 'The key exceeds the frequency limit(15), and the query server is suspended for 5 s' },
        reason: 'rate-limited',
        retryAfterMs: 5_000,
      },
      { says: 'a key that is none', status: 401, body: { Error: 'ApiKey not exists' }, reason: 'unauthorized' },
      {
        says: 'an address that is none',
        status: 400,
        body: { success: false, error: 'A valid account address is required', statusCode: 400 },
        reason: 'bad-request',
      },
      {
        says: 'a fault of a node, with a 200',
        body: { Error: 'class org.bouncycastle.util.encoders.DecoderException : exception decoding Hex string' },
        reason: 'bad-request',
      },
    ],
  },
  { describe, it },
)

describe('trongrid', () => {
  const provider = trongrid()
  const transaction = (one: object, outcome?: object) => ask(provider, 'transaction', ASKED, { body: [one, outcome] })

  it('knows Tron only', () => {
    const { balance, transaction: tell } = provider.endpoints
    expect([ACCOUNT.account, `${TRON}:../wallet`, `${TRON}:0xab`, `eip155:1:${ALICE}`].map((account) => balance.supports?.({ account }))).toEqual([
      true,
      false,
      false,
      false,
    ])
    expect(tell.supports?.({ ...ASKED, chain: 'eip155:1' })).toBe(false)
  })

  it('knows that an account without a balance, and an address that was never used, hold nothing', () => {
    const { asked } = asking(provider)
    expect(asked('balance', ACCOUNT, { body: accounts({ address: '41aa', create_time: 1 }) })).toMatchObject({ amount: '0' })
    expect(asked('balance', ACCOUNT, { body: accounts() })).toMatchObject({ amount: '0' })
  })

  it('tells of a call what was sent along, and of what moves other tokens no TRX', () => {
    const call = { owner_address: ALICE, contract_address: BOB, data: 'ab' }
    expect(transaction(tx('TriggerSmartContract', { ...call, call_value: 7 }), info())).toMatchObject({ to: BOB, amount: '7' })
    expect(transaction(tx('TriggerSmartContract', call), info())).toMatchObject({ to: BOB, amount: '0' })
    expect(transaction(tx('CreateSmartContract', { owner_address: ALICE, new_contract: { call_value: 8 } }), info())).toMatchObject({ amount: '8' })
    expect(transaction(tx('TransferAssetContract', { owner_address: ALICE, to_address: BOB, amount: 9, asset_name: '1' }), info())).toMatchObject({
      to: BOB,
      amount: '0',
    })
  })

  it('tells a failed transaction, and one that cost nothing', () => {
    expect(transaction(tx(undefined, undefined, { ret: [{ contractRet: 'OUT_OF_ENERGY' }] }), info())).toMatchObject({ status: 'failed' })
    expect(transaction(tx(), info({ fee: undefined }))).toMatchObject({ fee: '0' })
  })

  it('calls a transaction without a block pending, and says less where its outcome did not come', () => {
    expect(transaction(tx(undefined, undefined, { ret: undefined }), {})).toEqual({
      ...ASKED,
      from: ALICE,
      to: BOB,
      amount: '1500000',
      decimals: 6,
      status: 'pending',
    })
    expect(transaction(tx())).toEqual({ ...ASKED, from: ALICE, to: BOB, amount: '1500000', decimals: 6, status: 'success' })
  })
})
