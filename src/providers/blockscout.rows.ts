import { BadResponseError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { GasPrice, Transaction } from '../model/chain.js'
import { baseUnits, heightOf } from '../provider/chain/base-units.js'
import { gasOf } from '../provider/chain/etherscan-like.js'
import { membersOf } from '../provider/failure.js'
import type { ProviderFailure, ProviderResponse, QuotaReading } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import type { Row } from '../provider/rows.js'

/** Gas prices in gwei. Each is a number or, where that is asked for and understood, an object. */
export function gasPriceOf(body: unknown, chain: string): GasPrice {
  const { gas_prices, gas_price_updated_at } = read.object(body, 'stats')
  const { slow, average, fast } = read.object(gas_prices, 'gas_prices')
  const prices = { slow: priceIn(slow), standard: priceIn(average), fast: priceIn(fast), baseFee: undefined }
  return gasOf(chain, prices, read.optional(read.isoTime, gas_price_updated_at, 'gas_price_updated_at'))
}

/** To the wei where it is told. Otherwise it is rounded to 0.01, and 0 stands for what is too little to be told. */
function priceIn(value: unknown): number | undefined {
  const { wei, price = value } = membersOf(value)
  const exact = read.optional(baseUnits, wei, 'wei')
  return exact === undefined ? read.positiveOrNone(price, 'price') : Number(exact) / 1e9
}

/** A transaction of the REST API. What is pending has no block, and its fee is only the most that it may be. */
export function transactionOf(body: unknown, { chain, hash }: ParamsOf<'transaction'>): Transaction {
  const tx = read.object(body, 'transaction')
  if (read.string(tx.hash, 'hash').toLowerCase() !== hash.toLowerCase()) throw new BadResponseError('hash: the asked one expected, got another')
  const blockNumber = read.optional(heightOf, tx.block_number ?? tx.block, 'block_number')
  return known<Transaction>({
    chain,
    hash: read.string(tx.hash, 'hash'),
    from: read.string(read.object(tx.from, 'from').hash, 'from'),
    to: read.optional(partyOf, tx.to, 'to'), // a contract's making has none
    amount: baseUnits(tx.value, 'value').toString(),
    decimals: 18,
    blockNumber,
    at: blockNumber === undefined ? undefined : read.optional(read.isoTime, tx.timestamp, 'timestamp'),
    status: statusOf(tx, blockNumber !== undefined),
    fee: blockNumber === undefined ? undefined : feeOf(tx)?.toString(),
  })
}

/** What has no block and yet an error was dropped, or replaced by another: neither pending nor failed. */
function statusOf({ status }: Row, isInBlock: boolean): Transaction['status'] {
  if (!isInBlock) return status === 'error' ? undefined : 'pending'
  return status === 'ok' ? 'success' : status === 'error' ? 'failed' : undefined
}

/** With that for the chain below a rollup; what blobs cost stands beside it. Nothing for what is brought in from there (null), or is paid in a token of Celo. */
function feeOf(tx: Row): bigint | undefined {
  const { type, value } = membersOf(tx.fee)
  const { gas_token = null } = membersOf(tx.celo)
  if (type !== 'actual' || gas_token !== null) return undefined
  const gas = read.optional(baseUnits, value, 'fee')
  const blobs = tx.type === 3 ? read.optional(baseUnits, tx.burnt_blob_fee, 'burnt_blob_fee') : 0n
  return gas === undefined || blobs === undefined ? undefined : gas + blobs
}

const partyOf = (value: unknown, at: string): string => read.string(read.object(value, at).hash, at)

/** Its `x-ratelimit-reset` is in milliseconds from now, −1 where it does not know: others mean seconds. */
export function limitedOf({ status, headers }: ProviderResponse): ProviderFailure | undefined {
  if (status !== 429 || headers.has('retry-after')) return undefined
  return { reason: 'rate-limited', retryAfterMs: numberIn(headers, 'x-ratelimit-reset') }
}

/** Credits of the day (of a paid plan: of the month) and calls of the second. */
export function quotasOf(headers: Headers, creditsMs: number): QuotaReading[] {
  const credits = numberIn(headers, 'x-credits-remaining')
  const [limit, remaining] = [numberIn(headers, 'x-ratelimit-limit'), numberIn(headers, 'x-ratelimit-remaining')]
  return [
    ...(credits === undefined ? [] : [{ perMs: creditsMs, kind: 'cost', remaining: credits } as const]),
    ...(remaining === undefined ? [] : [known<QuotaReading>({ perMs: 1_000, kind: 'requests', limit, remaining })]),
  ]
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
