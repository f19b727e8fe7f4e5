import { describe, expect, it } from 'vitest'
import { evmCoinOf } from '../../src/provider/chain/accounts.js'
import { etherscan } from '../../src/providers/etherscan.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { ask, asking, sent } from '../support/ask.js'
import { ACCOUNT, ALICE, ASKED, BALANCE, bad, good, HASH, receipt, rpc, TRANSFER, tx, WEI } from '../support/ethereum.js'

const HOST = 'https://api.etherscan.io/v2/api'
const at = (query: string, chain = 1) => `${HOST}?chainid=${chain}&module=${query}&apikey={key}`
const proxy = (action: string) => at(`proxy&action=${action}&txhash=${HASH}`)
const oracle = (more: object = {}) =>
  good({
    LastBlock: '24000000',
    SafeGasPrice: '0.401',
    ProposeGasPrice: '0.496839934',
    FastGasPrice: '0.75',
    suggestBaseFee: '0.400000001',
    gasUsedRatio: '0.5,0.4',
    ...more,
  })
const transaction = (transactionBody: unknown, receiptBody: unknown) => ask(etherscan(), 'transaction', ASKED, { body: [transactionBody, receiptBody] })

describeProvider(
  etherscan,
  {
    answers: [
      {
        capability: 'gasPrice',
        params: { chain: 'eip155:1' },
        url: at('gastracker&action=gasoracle'),
        body: oracle(),
        data: { chain: 'eip155:1', slow: 0.401, standard: 0.496839934, fast: 0.75, baseFee: 0.400000001 },
        drifted: oracle({ ProposeGasPrice: undefined }),
      },
      {
        capability: 'gasPrice',
        params: { chain: 'eip155:42161' },
        url: at('proxy&action=eth_gasPrice', 42_161),
        body: rpc('0x5f5e100'),
        data: { chain: 'eip155:42161', standard: 0.1 },
        drifted: rpc('160.2 gwei'),
      },
      {
        capability: 'balance',
        params: ACCOUNT,
        url: at(`account&action=balance&address=${ALICE}&tag=latest`),
        body: good(WEI),
        data: BALANCE,
        drifted: good([WEI]),
      },
      {
        capability: 'transaction',
        params: ASKED,
        url: [proxy('eth_getTransactionByHash'), proxy('eth_getTransactionReceipt')],
        body: several(rpc(tx()), rpc(receipt())),
        data: TRANSFER,
        drifted: several(rpc({ ...tx(), value: undefined }), rpc(receipt())),
      },
      {
        capability: 'blockNumber',
        params: { chain: 'eip155:1' },
        url: at('proxy&action=eth_blockNumber'),
        body: rpc('0x16e3600', 83),
        data: { number: 24_000_000 },
        drifted: rpc(null),
      },
    ],
    unknown: [{ capability: 'transaction', body: several(rpc(null), rpc(null)) }],
    errors: [
      { says: 'Invalid API Key', body: bad('Invalid API Key (#err2)'), reason: 'unauthorized' },
      { says: 'Missing/Invalid API Key', body: bad('Missing/Invalid API Key'), reason: 'unauthorized' },
      { says: 'Too many invalid api key attempts', body: bad('Too many invalid api key attempts, please try again later'), reason: 'unauthorized' },
      {
        says: 'Free API access is not supported',
        body: bad('Free API access is not supported for this chain. Please upgrade your api plan for full chain coverage.'),
        reason: 'unauthorized',
      },
      { says: 'Max rate limit reached', body: bad('Max rate limit reached, please use API Key for higher rate limit'), reason: 'rate-limited' },
      { says: 'Max calls per sec rate limit reached', body: bad('Max calls per sec rate limit reached (3/sec)'), reason: 'rate-limited' },
      { says: 'Max daily rate limit reached', body: bad('Max daily rate limit reached. 110000 (100%) of 100000 day/limit'), reason: 'quota-exhausted' },
      {
        says: 'temporarily unavailable',
        body: bad('This endpoint has been temporarily unavailable due to unusually high network activity'),
        reason: 'unavailable',
      },
      { says: 'Query Timeout', body: bad('Query Timeout occured. Please select a smaller result dataset'), reason: 'timeout' },
      { says: 'an unsupported chain', body: bad('Missing or unsupported chainid parameter (required for v2 api)'), reason: 'bad-request' },
      { says: 'an endpoint of dearer plans', body: bad('Sorry, it looks like you are trying to access an API Pro endpoint.'), reason: 'unauthorized' },
      { says: 'nothing at all', body: bad(''), reason: 'unavailable' },
      { says: 'nothing but NOTOK, with a number for its status', body: { status: 0, message: 'NOTOK', result: null }, reason: 'unavailable' },
      {
        says: 'a fault of the node',
        body: { jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'invalid argument 0: hex string has length 6' } },
        reason: 'bad-request',
      },
      { says: 'a gateway that fails', status: 502, body: '<html></html>', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('etherscan', () => {
  const supported = (provider: ReturnType<typeof etherscan>, ...chains: number[]) =>
    chains.filter((chain) => provider.endpoints.blockNumber.supports?.({ chain: `eip155:${chain}` }))

  it('has BNB Smart Chain, Base, Optimism and Avalanche with a paid plan only', () => {
    const chains = [1, 137, 42_161, 56, 8_453, 10, 43_114, 424_242]
    expect(supported(etherscan(), ...chains)).toEqual([1, 137, 42_161])
    expect(supported(etherscan({ plan: 'free' }), ...chains)).toEqual([1, 137, 42_161])
    expect(supported(etherscan({ plan: 'paid' }), ...chains)).toEqual([1, 137, 42_161, 56, 8_453, 10, 43_114])
  })

  it('knows EVM chains and their addresses only', () => {
    const { balance, gasPrice } = etherscan().endpoints
    expect(
      [`eip155:1:${ALICE}`, 'eip155:1:alice', 'eip155:1:0xab', `bip122:000000000019d6689c085ae165831e93:${ALICE}`].map((account) =>
        balance.supports?.({ account }),
      ),
    ).toEqual([true, false, false, false])
    expect(gasPrice.supports?.({ chain: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp' })).toBe(false)
    expect(gasPrice.supports?.({ chain: 'eip155:01' })).toBe(false)
  })

  it('asks the chain that an account is on, and counts in its coin', () => {
    const account = `eip155:137:${ALICE}`
    expect(new URL(sent(etherscan(), 'balance', { account })).searchParams.get('chainid')).toBe('137')
    expect(ask(etherscan(), 'balance', { account }, { body: good('0') })).toEqual({ account, amount: '0', decimals: 18, symbol: evmCoinOf(137) })
  })

  it('leaves out a gas price that does not lie where its name says', () => {
    const data = ask(etherscan(), 'gasPrice', { chain: 'eip155:1' }, { body: oracle({ SafeGasPrice: '0.6', FastGasPrice: '0.1' }) })
    expect(data).toEqual({ chain: 'eip155:1', standard: 0.496839934, baseFee: 0.400000001 })
  })

  it('tells a transaction without its receipt, but not whether it succeeded', () => {
    const { status: _, fee: __, ...rest } = TRANSFER
    expect(transaction(rpc(tx()), undefined)).toEqual(rest)
  })

  it('calls a transaction without a block pending, and one that was undone failed', () => {
    expect(transaction(rpc(tx({ blockNumber: null, blockTimestamp: null })), rpc(null)).status).toBe('pending')
    expect(transaction(rpc(tx()), rpc(receipt({ status: '0x0' }))).status).toBe('failed')
  })

  it('takes an empty list for no error', () => {
    const { told } = asking(etherscan())
    expect(['No transactions found', 'No records found', 'No data found'].map((message) => told('balance', ACCOUNT, 200, bad([], message)))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
