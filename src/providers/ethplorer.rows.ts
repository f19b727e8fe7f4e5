import { BadResponseError, ProviderError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { Balance, Transaction } from '../model/chain.js'
import type { FailureReason } from '../model/result.js'
import { baseUnits, heightOf } from '../provider/chain/base-units.js'
import { weiBalance } from '../provider/chain/evm-rows.js'
import { membersOf, toldIn } from '../provider/failure.js'
import type { ProviderFailure, ProviderResponse } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import type { Row } from '../provider/rows.js'

/** What an address holds; `balance` beside it is a fraction that has lost its last digits. */
export const balanceOf = (body: unknown, { account }: ParamsOf<'balance'>): Balance =>
  weiBalance(baseUnits(read.object(read.object(body, 'address').ETH, 'ETH').rawBalance, 'rawBalance'), account)

/** A transaction in a block. It does not tell the price of gas, so there is no fee. */
export function transactionOf(body: unknown, { chain, hash }: ParamsOf<'transaction'>): Transaction {
  const tx = read.object(body, 'transaction')
  if (read.string(tx.hash, 'hash').toLowerCase() !== hash.toLowerCase()) throw new BadResponseError('hash: the asked one expected, got another')
  const blockNumber = read.optional(heightOf, tx.blockNumber, 'blockNumber')
  return known<Transaction>({
    chain,
    hash: read.string(tx.hash, 'hash'),
    from: read.string(tx.from, 'from'),
    to: read.optional(read.string, tx.to, 'to'),
    amount: weiOf(tx).toString(),
    decimals: 18,
    blockNumber,
    at: blockNumber === undefined ? undefined : read.optional(read.seconds, tx.timestamp, 'timestamp'),
    status: blockNumber === undefined ? 'pending' : tx.success === true ? 'success' : tx.success === false ? 'failed' : undefined,
  })
}

// Digits that every number of JSON keeps.
const DIGITS = 15

/** The value, in ether, to the last wei. One that shows more digits than a number keeps is not told: another provider knows it. */
function weiOf({ value, rawValue }: Row): bigint {
  if (rawValue !== undefined && rawValue !== null) return baseUnits(rawValue, 'rawValue')
  const ether = read.amount(value, 'value')
  const [digits = '', power = ''] = ether.toExponential(DIGITS - 1).split('e')
  const shift = 18 + Number(power) - (DIGITS - 1)
  const whole = BigInt(digits.replace('.', ''))
  const part = 10n ** BigInt(Math.max(0, -shift))
  if (Number(ether.toPrecision(DIGITS)) !== ether || whole % part !== 0n)
    throw new ProviderError({ provider: 'ethplorer', reason: 'bad-request', message: 'does not tell this amount to the last wei' })
  return shift < 0 ? whole / part : whole * 10n ** BigInt(shift)
}

// Unverified: from memory of its answers.
const REASONS: Readonly<Record<string, FailureReason>> = { 1: 'unauthorized', 104: 'bad-request', 105: 'bad-request', 404: 'not-found' }

/** `{ error: { code, message } }`, with a failing status or a 200. */
export function failureOf({ status, body }: ProviderResponse): ProviderFailure | undefined {
  const { error } = membersOf(body)
  if (typeof error !== 'object' || error === null) return undefined
  const { code, message } = toldIn(membersOf(error).code, membersOf(error).message)
  if (/not found/i.test(message)) return { reason: 'not-found', message }
  if (/limit|too many/i.test(message)) return { reason: 'rate-limited', message }
  const reason = (Object.hasOwn(REASONS, code) ? REASONS[code] : undefined) ?? (status === 200 || status === 406 ? 'bad-request' : undefined)
  return reason && { reason, message }
}
