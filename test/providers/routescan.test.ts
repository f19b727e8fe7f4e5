import { describe, expect, it } from 'vitest'
import { routescan } from '../../src/providers/routescan.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'
import { ACCOUNT, ALICE, ASKED, BALANCE, bad, good, HASH, receipt, rpc, TRANSFER, tx, WEI } from '../support/ethereum.js'

const at = (query: string) => `https://api.routescan.io/v2/network/mainnet/evm/1/etherscan/api?module=${query}&apikey={key}`
const proxy = (action: string) => at(`proxy&action=${action}&txhash=${HASH}`)

describeProvider(
  routescan,
  {
    answers: [
      {
        capability: 'balance',
        params: ACCOUNT,
        url: at(`account&action=balance&address=${ALICE}&tag=latest`),
        body: good(WEI),
        data: BALANCE,
        drifted: good(null),
      },
      {
        capability: 'transaction',
        params: ASKED,
        url: [proxy('eth_getTransactionByHash'), proxy('eth_getTransactionReceipt')],
        body: several(rpc(tx()), rpc(receipt())),
        data: TRANSFER,
        drifted: several(rpc({ ...tx(), from: undefined, sender: ALICE }), rpc(receipt())),
      },
      {
        capability: 'blockNumber',
        params: { chain: 'eip155:1' },
        url: at('proxy&action=eth_blockNumber'),
        body: rpc('0x16e3600'),
        data: { number: 24_000_000 },
        drifted: rpc('24000000'),
      },
    ],
    unknown: [{ capability: 'transaction', body: several(rpc(null), rpc(null)) }],
    errors: [
      { says: 'a chain that it no longer has', body: bad(null, 'chain not supported'), reason: 'bad-request' },
      { says: 'too many requests', body: bad('Max rate limit reached'), reason: 'rate-limited' },
      { says: 'a call that failed', status: 500, body: { jsonrpc: '2.0', error: { code: 3, message: 'RPC Request failed.' } }, reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('routescan', () => {
  it('has Ethereum, Avalanche and Plasma, and counts in their coins', () => {
    const { balance } = routescan().endpoints
    expect([1, 43_114, 9_745, 8_453, 56].map((chain) => balance.supports?.({ account: `eip155:${chain}:${ALICE}` }))).toEqual([true, true, true, false, false])
    expect(ask(routescan(), 'balance', { account: `eip155:43114:${ALICE}` }, { body: good('5') })).toMatchObject({ amount: '5', symbol: 'AVAX' })
  })
})
