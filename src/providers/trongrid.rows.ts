import { BadResponseError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { Balance, Transaction } from '../model/chain.js'
import { baseUnits, heightOf } from '../provider/chain/base-units.js'
import { membersOf } from '../provider/failure.js'
import { unknown } from '../provider/ids.js'
import type { ProviderFailure, ProviderResponse } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

const DECIMALS = 6 // a TRX is a million sun

/**
 * What an address holds, without what it has staked. Its JSON leaves zeros out: an account without `balance` has none, and an address that was never
 * used is no account at all.
 */
export function balanceOf(body: unknown, { account }: ParamsOf<'balance'>): Balance {
  const [row] = rowsOf(read.object(body, 'accounts').data, 'data')
  if (row) read.string(row.address, 'address')
  return { account, amount: sun(row?.balance, 'balance').toString(), decimals: DECIMALS, symbol: 'TRX' }
}

/** A transaction and what came of it; the second is empty until it is in a block. */
export function transactionOf(body: unknown, { chain, hash }: ParamsOf<'transaction'>): Transaction {
  const [transaction, outcome = {}] = read.array(body, 'answers')
  const tx = read.object(transaction, 'transaction')
  if (Object.keys(tx).length === 0) throw unknown('trongrid', hash)
  if (read.string(tx.txID, 'txID').toLowerCase() !== hash.toLowerCase()) throw new BadResponseError('txID: the asked one expected, got another')
  const info = read.object(outcome, 'info')
  const blockNumber = read.optional(heightOf, info.blockNumber, 'blockNumber')
  return known<Transaction>({
    chain,
    hash: read.string(tx.txID, 'txID'),
    ...transferIn(tx),
    decimals: DECIMALS,
    blockNumber,
    at: blockNumber === undefined ? undefined : read.optional(read.millis, info.blockTimeStamp, 'blockTimeStamp'),
    status: statusOf(tx, blockNumber),
    fee: blockNumber === undefined ? undefined : sun(info.fee, 'fee').toString(),
  })
}

/** Of a transfer what it moves, of a contract's call or making what is sent along; anything else (stakes, votes, other tokens) moves no TRX to anybody. */
function transferIn(tx: Row): Pick<Transaction, 'from' | 'to' | 'amount'> {
  const [contract = {}] = rowsOf(read.object(tx.raw_data, 'raw_data').contract, 'contract')
  const value = read.object(read.object(contract.parameter, 'parameter').value, 'value')
  const type = read.string(contract.type, 'type')
  return known<Pick<Transaction, 'from' | 'to' | 'amount'>>({
    from: read.string(value.owner_address, 'owner_address'),
    to: read.optional(read.string, value.to_address ?? value.contract_address ?? value.receiver_address, 'to_address'),
    amount: (type === 'TransferContract'
      ? baseUnits(value.amount, 'amount')
      : type === 'TriggerSmartContract'
        ? sun(value.call_value, 'call_value')
        : type === 'CreateSmartContract'
          ? sun(membersOf(value.new_contract).call_value, 'call_value')
          : 0n
    ).toString(),
  })
}

/** Nothing of old ones in a block: their results were not kept. */
function statusOf({ ret }: Row, blockNumber: number | undefined): Transaction['status'] {
  const [first] = read.optional(rowsOf, ret, 'ret') ?? []
  const result = read.optional(read.string, first?.contractRet, 'contractRet')
  if (result === undefined) return blockNumber === undefined ? 'pending' : undefined
  return result === 'SUCCESS' ? 'success' : 'failed'
}

/** Zeros are left out. */
const sun = (value: unknown, at: string): bigint => (value === undefined ? 0n : baseUnits(value, at))

/** `{ success: false, error }` from its own API, `{ Error }` from the node behind it; the latter with a 200. */
export function failureOf({ status, body }: ProviderResponse): ProviderFailure | undefined {
  const { success, error, Error: fault } = membersOf(body)
  const told = typeof fault === 'string' ? fault : success === false && typeof error === 'string' ? error : undefined
  if (told === undefined) return undefined
  if (/frequency limit|rate limit|suspended/i.test(told)) {
    const [, seconds] = /suspended for (\d{1,6}) ?s/i.exec(told) ?? []
    return { reason: 'rate-limited', message: told, retryAfterMs: seconds === undefined ? undefined : Number(seconds) * 1_000 }
  }
  if (/api ?key/i.test(told)) return { reason: 'unauthorized', message: told }
  return status < 400 ? { reason: 'bad-request', message: told } : undefined
}
