/** Made up: what the tests of explorers of EVM chains ask for. */
export const HASH = `0x${'1f'.repeat(32)}`
/** Addresses without owners. */
export const [ALICE, BOB] = [`0x${'a1'.repeat(20)}`, `0x${'b0'.repeat(20)}`] as const
/** Ethereum and that hash. */
export const ASKED = { chain: 'eip155:1', hash: HASH }
/** An account on Ethereum. */
export const ACCOUNT = { account: `eip155:1:${ALICE}` }
/** More than any number keeps, in wei. */
export const WEI = '123456789012345678901'
/** What it is read as. */
export const BALANCE = { ...ACCOUNT, amount: WEI, decimals: 18, symbol: 'ETH' }
/** Unix seconds of a block. */
export const STAMP = 1_793_530_000
/** What a transfer of 1.5 ether from Alice to Bob is read as: 21,000 gas at 2 gwei. */
export const TRANSFER = {
  ...ASKED,
  from: ALICE,
  to: BOB,
  amount: '1500000000000000000',
  decimals: 18,
  blockNumber: 24_000_000,
  at: STAMP * 1_000,
  status: 'success',
  fee: '42000000000000',
}

const hex = (value: bigint | number): string => `0x${value.toString(16)}`

/** An answer of a node. */
export const rpc = (result: unknown, id = 1) => ({ jsonrpc: '2.0', id, result })

/** That transfer as a node tells it. */
export const tx = (more: object = {}) => ({
  blockHash: `0x${'cc'.repeat(32)}`,
  blockNumber: hex(24_000_000),
  blockTimestamp: hex(STAMP),
  from: ALICE,
  gas: '0x5208',
  gasPrice: hex(2_000_000_000),
  hash: HASH,
  input: '0x',
  nonce: '0x1',
  to: BOB,
  value: hex(1_500_000_000_000_000_000n),
  type: '0x2',
  chainId: '0x1',
  ...more,
})

/** What became of it, as a node tells it. */
export const receipt = (more: object = {}) => ({
  blockNumber: hex(24_000_000),
  transactionHash: HASH,
  from: ALICE,
  to: BOB,
  contractAddress: null,
  effectiveGasPrice: hex(2_000_000_000),
  gasUsed: '0x5208',
  logs: [],
  status: '0x1',
  ...more,
})

/** The envelope of Etherscan's own answers. */
export const good = (result: unknown) => ({ status: '1', message: 'OK', result })
/** The same with an error in it. */
export const bad = (result: unknown, message = 'NOTOK') => ({ status: '0', message, result })
