import { BadResponseError, ProviderError } from '../errors.js'
import type { Balance, Transaction } from '../model/chain.js'
import { membersOf } from '../provider/failure.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

const DECIMALS = 9

/** A whole number ≥ 0 that came as it was written. Lamports are JSON numbers: what is beyond 2^53 has lost its last digits. */
export function wholeOf(value: unknown, at: string): number {
  const number = read.amount(value, at)
  if (Number.isSafeInteger(number)) return number
  if (!Number.isInteger(number)) throw new BadResponseError(`${at}: a whole number expected, got ${number}`)
  throw new ProviderError({ provider: 'solana-rpc', reason: 'bad-request', message: `${at}: more than 2^53 lamports can't be read exactly` })
}

/** `value` of `getBalance`. */
export const balanceOf = (result: unknown, account: string): Balance => ({
  account,
  amount: String(wholeOf(read.object(result, 'result').value, 'value')),
  decimals: DECIMALS,
  symbol: 'SOL',
})

/**
 * A transaction of `getTransaction` as `jsonParsed`. What it moves is what its own instructions to the system program transfer, as a transaction on
 * an EVM chain moves its value and not what contracts pass on: of several, what their one sender gives in all, or else what the payer of the fee gives;
 * 0 where there are none. `to` only where all go to one place.
 */
export function transferOf(result: unknown, { chain, hash }: { readonly chain: string; readonly hash: string }): Transaction {
  const row = read.object(result, 'result')
  const { signatures, message } = read.object(row.transaction, 'transaction')
  if (!read.array(signatures, 'signatures').includes(hash)) throw new BadResponseError('signatures: the asked one expected, got others')
  const { accountKeys, instructions } = read.object(message, 'message')
  const meta = read.optional(read.object, row.meta, 'meta')
  return known<Transaction>({
    chain,
    hash,
    ...movedBy(rowsOf(instructions, 'instructions'), payerOf(accountKeys)),
    decimals: DECIMALS,
    blockNumber: read.optional(wholeOf, row.slot, 'slot'),
    at: read.optional(read.seconds, row.blockTime, 'blockTime'),
    status: meta && statusOf(meta),
    fee: read.optional((fee, at) => String(wholeOf(fee, at)), meta?.fee, 'fee'),
  })
}

/** The first of its accounts. */
function payerOf(accountKeys: unknown): string {
  const [payer] = rowsOf(accountKeys, 'accountKeys')
  return read.string(payer?.pubkey, 'pubkey')
}

/** `err` is null where nothing went wrong. */
function statusOf(meta: Row): Transaction['status'] {
  if (!Object.hasOwn(meta, 'err') || meta.err === undefined) return undefined
  return meta.err === null ? 'success' : 'failed'
}

function movedBy(instructions: readonly Row[], payer: string): Pick<Transaction, 'from' | 'amount'> & { to: string | undefined } {
  const transfers = instructions.flatMap(({ program, parsed }) => (program === 'system' ? transferIn(parsed) : []))
  const senders = new Set(transfers.map(({ source }) => source))
  const from = senders.size === 1 ? [...senders].join() : payer
  const own = transfers.filter(({ source }) => source === from)
  const targets = [...new Set(own.map(({ destination }) => destination))]
  return {
    from,
    to: targets.length === 1 ? targets[0] : undefined,
    amount: String(own.reduce((sum, { lamports }) => sum + BigInt(lamports), 0n)),
  }
}

function transferIn(parsed: unknown): { source: string; destination: string; lamports: number }[] {
  const { type, info } = membersOf(parsed)
  if (type !== 'transfer' && type !== 'transferWithSeed') return []
  const { source, destination, lamports } = read.object(info, 'info')
  return [{ source: read.string(source, 'source'), destination: read.string(destination, 'destination'), lamports: wholeOf(lamports, 'lamports') }]
}
