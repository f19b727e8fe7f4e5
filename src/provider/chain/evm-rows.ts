import { BadResponseError } from '../../errors.js'
import type { Balance, Transaction } from '../../model/chain.js'
import { accountOf, evmChainOf, evmCoinOf } from './accounts.js'
import { known, read } from '../read.js'
import type { Row } from '../rows.js'

// Up to 256 bits; some nodes put zeros in front.
const QUANTITY = /^0x[0-9a-f]{1,64}$/i
const HASH = /^0x[0-9a-f]{64}$/i
const ADDRESS = /^0x[0-9a-f]{40}$/i
const DECIMALS = 18

/** A whole number as Ethereum's nodes write it: `'0x1b4'`. */
export function quantity(value: unknown, at: string): bigint {
  const text = read.string(value, at)
  if (!QUANTITY.test(text)) throw new BadResponseError(`${at}: a hexadecimal quantity expected, got another text`)
  return BigInt(text)
}

/** A quantity that stays exact as a number: block heights, times. */
export function smallQuantity(value: unknown, at: string): number {
  const number = Number(quantity(value, at))
  if (!Number.isSafeInteger(number)) throw new BadResponseError(`${at}: a quantity below 2^53 expected, got ${number}`)
  return number
}

/** What an account holds, in wei, of its chain's own coin. */
export function weiBalance(wei: bigint, account: string): Balance {
  const symbol = evmCoinOf(evmChainOf(accountOf(account).chain) ?? 1)
  return { account, amount: wei.toString(), decimals: DECIMALS, symbol }
}

/**
 * A transaction out of `eth_getTransactionByHash`, with what `eth_getTransactionReceipt` adds where it is there. Its time is known where the node
 * gives that of the block along. Without a block it is pending; a failed one moved nothing but its fee, `amount` is what it wanted to move.
 */
export function transactionOf(transaction: unknown, receipt: unknown, asked: { readonly chain: string; readonly hash: string }): Transaction {
  const tx = read.object(transaction, 'transaction')
  checkAsked(tx, asked)
  const mined = receiptOf(receipt, asked.hash)
  const blockNumber = read.optional(smallQuantity, tx.blockNumber ?? mined?.blockNumber, 'blockNumber')
  return known<Transaction>({
    chain: asked.chain,
    hash: read.string(tx.hash, 'hash'),
    from: address(tx.from, 'from'),
    to: read.optional(address, tx.to, 'to'), // a contract's making has none
    amount: quantity(tx.value, 'value').toString(),
    decimals: DECIMALS,
    blockNumber,
    at: blockNumber === undefined ? undefined : read.optional(stampOf, tx.blockTimestamp, 'blockTimestamp'),
    status: blockNumber === undefined ? 'pending' : mined && statusOf(mined),
    fee: blockNumber === undefined || mined === undefined ? undefined : feeOf(tx, mined, asked.chain)?.toString(),
  })
}

function checkAsked({ hash, chainId }: Row, asked: { readonly chain: string; readonly hash: string }): void {
  if (!HASH.test(read.string(hash, 'hash')) || !isSame(hash, asked.hash)) throw new BadResponseError('hash: the asked one expected, got another')
  // Old ones are bound to no chain, and some rollups write 0 into their own.
  const id = read.optional(quantity, chainId, 'chainId')
  if (id && id !== BigInt(evmChainOf(asked.chain) ?? 0)) throw new BadResponseError('chainId: the asked chain expected, got another')
}

const isSame = (hash: unknown, asked: string): boolean => typeof hash === 'string' && hash.toLowerCase() === asked.toLowerCase()

/** Nothing where there is none yet. */
function receiptOf(receipt: unknown, hash: string): Row | undefined {
  const row = read.optional(read.object, receipt, 'receipt')
  if (row && !isSame(row.transactionHash, hash)) throw new BadResponseError('transactionHash: the asked one expected, got another')
  return row
}

/** Before Byzantium (2017) receipts told no status. */
function statusOf({ status }: Row): 'success' | 'failed' | undefined {
  const flag = read.optional(quantity, status, 'status')
  return flag === undefined ? undefined : flag === 0n ? 'failed' : 'success'
}

// Its rollup counts `l1Fee` in ether, while its coin is MNT, or within the gas: unverified which.
const MANTLE = 'eip155:5000'

/** Gas, blobs, and what an OP or Scroll rollup takes for the chain below it. Nothing where a part of it is not told, or in units that are not. */
function feeOf(tx: Row, receipt: Row, chain: string): bigint | undefined {
  const part = (name: string): bigint => read.optional(quantity, receipt[name], name) ?? 0n
  // A Celo fee may be paid in a token; an OP rollup's operator fee has a formula that changes with its forks.
  if (read.optional(read.string, tx.feeCurrency, 'feeCurrency') !== undefined) return undefined
  if (part('operatorFeeScalar') > 0n || part('operatorFeeConstant') > 0n) return undefined
  if (chain === MANTLE && part('l1Fee') > 0n) return undefined
  const price = read.optional(quantity, receipt.effectiveGasPrice ?? tx.gasPrice, 'effectiveGasPrice')
  const blobPrice = hasBlobs(tx, receipt) ? read.optional(quantity, receipt.blobGasPrice, 'blobGasPrice') : 0n
  if (price === undefined || blobPrice === undefined) return undefined
  return quantity(receipt.gasUsed, 'gasUsed') * price + part('l1Fee') + part('blobGasUsed') * blobPrice
}

/** Of type 3 only: OP rollups write how much room it takes below into `blobGasUsed` of any transaction. */
function hasBlobs(tx: Row, receipt: Row): boolean {
  const type = receipt.type ?? tx.type
  return typeof type === 'string' && Number(type) === 3
}

/** Unix seconds in hexadecimal. */
const stampOf = (value: unknown, at: string): number => read.seconds(smallQuantity(value, at), at)

function address(value: unknown, at: string): string {
  const text = read.string(value, at)
  if (!ADDRESS.test(text)) throw new BadResponseError(`${at}: an address expected, got another text`)
  return text
}
