import { BadResponseError } from '../../errors.js'
import type { Balance, Transaction } from '../../model/chain.js'
import { accountOf, BITCOIN } from './accounts.js'
import { known } from '../read.js'

const DECIMALS = 8

/** Sender of new coins, which come from no address. */
const COINBASE = 'coinbase'

/** Whether it is Bitcoin that is asked about. */
export const isOnBitcoin = ({ chain }: { readonly chain: string }): boolean => chain === BITCOIN

/** Whether an account is on Bitcoin (or the given chain of its kind) and may stand in a path. */
export function isBitcoinAccount({ account }: { readonly account: string }, on = BITCOIN): boolean {
  const { chain, address } = accountOf(account)
  return chain === on && /^\w+$/.test(address)
}

/** Whether it is a transaction of Bitcoin (or the given chain of its kind), and its hash may stand in a path. */
export const isBitcoinTransaction = ({ chain, hash }: { readonly chain: string; readonly hash: string }, on = BITCOIN): boolean =>
  chain === on && /^[0-9a-f]{64}$/i.test(hash)

/** The address of an account, as it stands in a path. */
export const addressOf = (account: string): string => encodeURIComponent(accountOf(account).address)

/** What an address holds, in satoshi. */
export function satoshiBalance(satoshi: bigint, account: string, symbol = 'BTC'): Balance {
  if (satoshi < 0n) throw new BadResponseError('balance: an amount ≥ 0 expected, got less')
  return { account, amount: satoshi.toString(), decimals: DECIMALS, symbol }
}

/** An input or output; `address` is the script where it has none. */
export interface Coin {
  readonly address?: string | undefined
  readonly satoshi: bigint
}

/** What a transaction of Bitcoin or its kind is made of. Inputs without an address are those of new coins. */
export interface Spending {
  readonly hash: string
  readonly inputs: readonly Pick<Coin, 'address'>[]
  readonly outputs: readonly Coin[]
  readonly fee?: bigint | undefined
  /** Left out while it is unconfirmed. */
  readonly blockNumber?: number | undefined
  /** Unix ms. */
  readonly at?: number | undefined
}

/**
 * One transfer out of a transaction that may have many inputs and outputs, and says of none whose they are: `from` is the first input's address (`coinbase`
 * for new coins), `to` and `amount` are those of the first output that does not go back to an address it came from. So `amount` is what `to` got, never
 * the whole with its change; further outputs are not told, and change to a fresh address cannot be told from a payment.
 */
export function transferOf({ hash, inputs, outputs, fee, blockNumber, at }: Spending, asked: { readonly chain: string; readonly hash: string }): Transaction {
  if (hash.toLowerCase() !== asked.hash.toLowerCase()) throw new BadResponseError('hash: the asked one expected, got another')
  if (inputs.length === 0) throw new BadResponseError('inputs: at least one expected, got none')
  const own = new Set(inputs.map(({ address }) => address))
  const payments = outputs.filter(({ address, satoshi }) => address !== undefined && satoshi > 0n)
  const paid = payments.find(({ address }) => !own.has(address)) ?? payments[0] ?? outputs[0]
  if (paid === undefined) throw new BadResponseError('outputs: at least one expected, got none')
  return known<Transaction>({
    chain: asked.chain,
    hash,
    from: inputs[0]?.address ?? COINBASE,
    to: paid.address,
    amount: paid.satoshi.toString(),
    decimals: DECIMALS,
    blockNumber,
    at,
    status: blockNumber === undefined ? 'pending' : 'success',
    fee: fee?.toString(),
  })
}
