import type { ParamsOf } from '../../model/capabilities.js'
import type { Balance, NetworkMetrics, Transaction } from '../../model/chain.js'
import { baseUnits, heightOf } from './base-units.js'
import { addressOf, isBitcoinAccount, isBitcoinTransaction, isOnBitcoin, satoshiBalance, type Spending, transferOf } from './bitcoin.js'
import type { HttpEndpoint, HttpRequest, ProviderFailure, ProviderResponse } from '../provider.js'
import { read } from '../read.js'
import { type Row, rowsOf, some } from '../rows.js'

/**
 * What servers of Blockstream's Esplora have in common, Bitcoin only. Balances are those of confirmed transactions, as on chains that have no other: what is
 * in the mempool may never come.
 */
export const ESPLORA = {
  balance: {
    supports: (params) => isBitcoinAccount(params),
    request: ({ account }) => ({ path: `address/${addressOf(account)}` }),
    parse: balanceOf,
  },
  transaction: {
    supports: (params) => isBitcoinTransaction(params),
    request: ({ hash }) => ({ path: `tx/${hash}` }),
    parse: transactionOf,
  },
  blockNumber: {
    supports: isOnBitcoin,
    // A bare number.
    request: () => ({ path: 'blocks/tip/height', as: 'text' }),
    parse: (body) => ({ number: heightOf(typeof body === 'string' ? body.trim() : body, 'height') }),
  },
} satisfies {
  readonly balance: HttpEndpoint<'balance'>
  readonly transaction: HttpEndpoint<'transaction'>
  readonly blockNumber: HttpEndpoint<'blockNumber'>
}

/** The newest blocks, newest first. */
export const TIP: HttpRequest = { path: 'blocks' }

/** What the newest block says of the network: when it was found, its height and the difficulty. */
export function tipOf(body: unknown): Pick<NetworkMetrics, 'at'> & Partial<NetworkMetrics> {
  const [tip = {}] = some(rowsOf(body, 'blocks'), 'blocks')
  return { at: read.seconds(tip.timestamp, 'timestamp'), blockHeight: heightOf(tip.height, 'height'), difficulty: read.positive(tip.difficulty, 'difficulty') }
}

/** What waits for a block. */
export const MEMPOOL: HttpRequest = { path: 'mempool', optional: true }

/** Transactions in the mempool; nothing where it did not come. */
export const waitingIn = (body: unknown): number | undefined =>
  body === undefined ? undefined : read.optional(read.amount, read.object(body, 'mempool').count, 'count')

/** Errors are plain texts, and the one about unknown transactions comes with 404. */
export const esploraFailure = ({ status, body }: ProviderResponse): ProviderFailure | undefined =>
  status === 404 && typeof body === 'string' && /^(transaction|block) not found/i.test(body.trim()) ? { reason: 'not-found', message: body.trim() } : undefined

function balanceOf(body: unknown, { account }: ParamsOf<'balance'>): Balance {
  const stats = read.object(read.object(body, 'address').chain_stats, 'chain_stats')
  return satoshiBalance(baseUnits(stats.funded_txo_sum, 'funded_txo_sum') - baseUnits(stats.spent_txo_sum, 'spent_txo_sum'), account)
}

function transactionOf(body: unknown, asked: ParamsOf<'transaction'>): Transaction {
  const tx = read.object(body, 'tx')
  const { confirmed, block_height, block_time } = read.object(tx.status, 'status')
  const spending: Spending = {
    hash: read.string(tx.txid, 'txid'),
    inputs: rowsOf(tx.vin, 'vin').map(({ is_coinbase, prevout }) => ({ address: is_coinbase === true ? undefined : placeOf(read.object(prevout, 'prevout')) })),
    outputs: rowsOf(tx.vout, 'vout').map((out) => ({
      address: read.optional(read.string, out.scriptpubkey_address, 'address'),
      satoshi: baseUnits(out.value, 'value'),
    })),
    fee: read.optional(baseUnits, tx.fee, 'fee'),
    ...(confirmed === true && { blockNumber: heightOf(block_height, 'block_height'), at: read.optional(read.seconds, block_time, 'block_time') }),
  }
  return transferOf(spending, asked)
}

/** Where an output lies: the oldest have no address but a key, and are known by their script. */
const placeOf = ({ scriptpubkey_address, scriptpubkey }: Row): string =>
  read.optional(read.string, scriptpubkey_address, 'scriptpubkey_address') ?? read.string(scriptpubkey, 'scriptpubkey')
