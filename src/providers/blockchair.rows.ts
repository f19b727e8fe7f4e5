import type { ParamsOf } from '../model/capabilities.js'
import type { Balance, NetworkMetrics, Transaction } from '../model/chain.js'
import type { FailureReason } from '../model/result.js'
import { accountOf } from '../provider/chain/accounts.js'
import { baseUnits, heightOf } from '../provider/chain/base-units.js'
import { type Coin, satoshiBalance, transferOf } from '../provider/chain/bitcoin.js'
import { membersOf, toldIn } from '../provider/failure.js'
import { unknown } from '../provider/ids.js'
import type { ProviderFailure, ProviderResponse } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

/** The state of a network, dated by its newest block. 0 stands for what a network does not have: Ethereum is not mined. */
export function metricsOf(body: unknown, { asset }: ParamsOf<'networkMetrics'>): NetworkMetrics {
  const stats = read.object(read.object(body, 'stats').data, 'data')
  return known<NetworkMetrics>({
    asset,
    at: read.isoTime(stats.best_block_time, 'best_block_time'), // UTC, without saying so
    hashRate: read.positiveOrNone(stats.hashrate_24h, 'hashrate_24h'),
    difficulty: read.positiveOrNone(stats.difficulty, 'difficulty'),
    transactions24h: read.positiveOrNone(stats.transactions_24h, 'transactions_24h'),
    blockHeight: read.optional(heightOf, stats.best_block_height, 'best_block_height'),
    mempoolTransactions: read.optional(read.amount, stats.mempool_transactions, 'mempool_transactions'),
  })
}

/** What an address holds. */
export function balanceOf(body: unknown, account: string, symbol: string | undefined): Balance {
  const { address } = found(body, accountOf(account).address)
  return satoshiBalance(baseUnits(read.object(address, 'address').balance, 'balance'), account, symbol)
}

/** A transaction; the time of one without a block is when it was first seen. */
export function transactionOf(body: unknown, asked: ParamsOf<'transaction'>): Transaction {
  const { transaction, inputs, outputs } = found(body, asked.hash)
  const tx = read.object(transaction, 'transaction')
  const inBlock = read.number(tx.block_id, 'block_id') > 0 // -1 in the mempool
  const isNew = tx.is_coinbase === true
  return transferOf(
    {
      hash: read.string(tx.hash, 'hash'),
      inputs: isNew ? [{}] : coins(inputs, 'inputs').map(({ address }) => ({ address: read.string(address, 'recipient') })),
      outputs: coins(outputs, 'outputs'),
      fee: read.optional(baseUnits, tx.fee, 'fee'),
      ...(inBlock && { blockNumber: heightOf(tx.block_id, 'block_id'), at: read.optional(read.isoTime, tx.time, 'time') }),
    },
    asked,
  )
}

const coins = (rows: unknown, at: string): Coin[] =>
  rowsOf(rows, at).map(({ recipient, value }) => ({ address: read.optional(read.string, recipient, 'recipient'), satoshi: baseUnits(value, 'value') }))

/** What stands under the name that was asked; what is not known comes as null or as an empty list. */
function found(body: unknown, name: string): Row {
  const { data } = read.object(body, 'dashboard')
  if (data === null || (Array.isArray(data) && data.length === 0)) throw unknown('blockchair', name)
  const entries = Object.entries(read.object(data, 'data'))
  const row = entries.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
  return read.object(row, 'data')
}

// The code counts, not the status: https://github.com/Blockchair/Blockchair.Support/blob/master/API_DOCUMENTATION_EN.md (M04, M05)
const REASONS: Readonly<Record<string, FailureReason>> = {
  400: 'bad-request',
  401: 'unauthorized',
  402: 'quota-exhausted', // of the day, or of a key
  404: 'not-found',
  429: 'rate-limited',
  430: 'rate-limited', // blocked for a while
  434: 'rate-limited',
  435: 'rate-limited', // more than 5 in a second, while it is busy
  436: 'rate-limited',
  437: 'rate-limited',
  500: 'unavailable',
  503: 'unavailable', // or blocked
}

/** The code in the answer, which may come with another status. */
export function failureOf({ status, body }: ProviderResponse): ProviderFailure | undefined {
  const context = membersOf(membersOf(body).context)
  const { code, message } = toldIn(context.code, context.error)
  if (code === '' || code === '200') return isBlock(status) ? { reason: 'rate-limited' } : undefined
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined
  return reason && { reason, message }
}

/** Statuses of its own that mean a limit. */
const isBlock = (status: number): boolean => status === 430 || (status >= 434 && status <= 437)
