import type { Capability } from '../../src/model/capabilities.js'
import { several } from '../../src/testing/index.js'

/** Answers of a node, made up after the specification of Ethereum's JSON-RPC. */
const HASH = `0x${'ab'.repeat(32)}`
const FROM = `0x${'1c'.repeat(20)}`
const TO = '0xDe0B295669a9FD93d5F28D9Ec85E40f4cb697BAe'
const HOLDER = '0x742d35Cc6634C0532925a3b844Bc454e4438f44e'

export const result = (value: unknown, id = 1): object => ({ jsonrpc: '2.0', id, result: value })
export const error = (code: number, message: string, more: object = {}): object => ({ jsonrpc: '2.0', id: 1, error: { code, message, ...more } })
export const rpc = (method: string, params: readonly unknown[] = [], id = 1): object => ({ jsonrpc: '2.0', id, method, params })

/** Five blocks, the third of them empty: tips of 0.1, 1 and 2 gwei, and once of 0.3, 3 and 9. */
export const history = {
  oldestBlock: '0x15a7380',
  baseFeePerGas: ['0x3b9aca00', '0x3b9aca00', '0x3b9aca00', '0x3b9aca00', '0x3b9aca00', '0x77359400'],
  gasUsedRatio: [0.4, 0.51, 0, 0.9, 0.2],
  reward: [
    ['0x5f5e100', '0x3b9aca00', '0x77359400'],
    ['0x11e1a300', '0xb2d05e00', '0x218711a00'],
    ['0x0', '0x0', '0x0'],
    ['0x5f5e100', '0x3b9aca00', '0x77359400'],
    ['0x5f5e100', '0x3b9aca00', '0x77359400'],
  ],
}

export const transaction = {
  type: '0x2',
  nonce: '0x2a',
  gas: '0x5208',
  gasPrice: '0x77359400',
  maxFeePerGas: '0xb2d05e00',
  maxPriorityFeePerGas: '0x3b9aca00',
  hash: HASH,
  blockHash: `0x${'cd'.repeat(32)}`,
  blockNumber: '0x15a7384',
  blockTimestamp: '0x6904d8c0',
  transactionIndex: '0x0',
  from: FROM,
  to: TO,
  value: '0x8ac7230489e80001',
  input: '0x',
  accessList: [],
}

export const receipt = {
  transactionHash: HASH,
  blockNumber: '0x15a7384',
  status: '0x1',
  gasUsed: '0x5208',
  cumulativeGasUsed: '0xa410',
  effectiveGasPrice: '0x77359400',
  contractAddress: null,
  logs: [],
}

/** What a transaction is asked by. */
export const HASH_ASKED = HASH

interface Documented<C extends Capability> {
  readonly capability: C
  readonly params: object
  readonly url: string | readonly string[]
  readonly sent: unknown
  readonly body: unknown
  readonly data: unknown
  readonly drifted: unknown
}

/** What a provider of EVM nodes is held against: where the node of a chain is, and what its coin is called. */
export function evmAnswers(chain: string, url: string, symbol = 'ETH'): Documented<'gasPrice' | 'balance' | 'transaction' | 'blockNumber'>[] {
  return [
    {
      capability: 'gasPrice',
      params: { chain },
      url: [url, url],
      sent: [rpc('eth_feeHistory', ['0x5', 'latest', [10, 50, 90]]), rpc('eth_gasPrice', [], 2)],
      body: several(result(history), result('0xb2d05e00', 2)),
      data: { chain, slow: 2.1, standard: 3, fast: 4, baseFee: 2 },
      drifted: several(result({ ...history, baseFeePerGas: ['1000000000'] }), result('0xb2d05e00', 2)),
    },
    {
      capability: 'balance',
      params: { account: `${chain}:${HOLDER}` },
      url,
      sent: rpc('eth_getBalance', [HOLDER, 'latest']),
      body: result('0x1bc16d674ec80001'),
      data: { account: `${chain}:${HOLDER}`, amount: '2000000000000000001', decimals: 18, symbol },
      drifted: result('2000000000000000001'),
    },
    {
      capability: 'transaction',
      params: { chain, hash: HASH },
      url: [url, url],
      sent: [rpc('eth_getTransactionByHash', [HASH]), rpc('eth_getTransactionReceipt', [HASH], 2)],
      body: several(result(transaction), result(receipt, 2)),
      data: {
        chain,
        hash: HASH,
        from: FROM,
        to: TO,
        amount: '10000000000000000001',
        decimals: 18,
        blockNumber: 22_705_028,
        at: 1_761_925_312_000,
        status: 'success',
        fee: '42000000000000',
      },
      drifted: several(result({ ...transaction, value: 1e19 }), result(receipt, 2)),
    },
    {
      capability: 'blockNumber',
      params: { chain },
      url,
      sent: rpc('eth_blockNumber'),
      body: result('0x15a7384'),
      data: { number: 22_705_028 },
      drifted: result({ number: '0x15a7384' }),
    },
  ]
}

/** A node that knows no such transaction. */
export const unknownTransaction = [{ capability: 'transaction', body: several(result(null), result(null, 2)) }] as const

/** What all nodes may say. */
export const evmErrors = [
  { says: 'too many requests', status: 429, body: error(429, 'Too Many Requests'), reason: 'rate-limited' },
  { says: 'a limit inside a 200', body: error(-32_005, 'limit exceeded'), reason: 'rate-limited' },
  { says: 'a method that it does not have', body: error(-32_601, 'the method does not exist/is not available'), reason: 'bad-request' },
  { says: 'state that it lacks', body: error(-32_000, 'missing trie node 8f1a (path ) state is not available'), reason: 'unavailable' },
  { says: 'a gateway that failed', status: 502, body: '<html>Bad Gateway</html>', reason: 'unavailable' },
  { says: 'a firewall', status: 403, body: '<html>Attention Required!</html>', reason: 'unavailable' },
  { says: 'nothing at this address', status: 404, body: { message: 'no Route matched' }, reason: 'bad-response' },
] as const
