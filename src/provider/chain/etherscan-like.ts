import type { GasPrice } from '../../model/chain.js'
import type { FailureReason } from '../../model/result.js'
import { accountOf, evmChainOf } from './accounts.js'
import { baseUnits } from './base-units.js'
import { quantity, smallQuantity, transactionOf, weiBalance } from './evm-rows.js'
import { membersOf } from '../failure.js'
import { unknown } from '../ids.js'
import type { HttpEndpoint, HttpRequest, ProviderFailure, ProviderResponse } from '../provider.js'
import { known, read } from '../read.js'

/** A service that speaks Etherscan's language. */
export interface EtherscanLike {
  readonly id: string
  /** Whether it has an EVM chain, by its number. */
  readonly has: (chain: number) => boolean
  /** Where the questions about a chain go. */
  readonly at: (chain: number, query: Readonly<Record<string, string>>) => HttpRequest
}

interface Endpoints {
  readonly balance: HttpEndpoint<'balance'>
  readonly transaction: HttpEndpoint<'transaction'>
  readonly blockNumber: HttpEndpoint<'blockNumber'>
  readonly gasPrice: HttpEndpoint<'gasPrice'>
}

/** An address of an EVM chain. */
const isEvmAddress = (address: string): boolean => /^0x[0-9a-f]{40}$/i.test(address)

/** The number of a chain that it has; `supports()` sees to that. */
const numberOf = (chain: string): number => evmChainOf(chain) ?? 0

/** What all of them answer alike; the gas price is that of the node, without slow and fast. */
export function etherscanLike({ id, has, at }: EtherscanLike): Endpoints {
  const supports = ({ chain }: { readonly chain: string }): boolean => has(numberOf(chain))
  const proxy = (chain: string, action: string, more = {}): HttpRequest => at(numberOf(chain), { module: 'proxy', action, ...more })
  return {
    balance: {
      supports: ({ account }) => supports(accountOf(account)) && isEvmAddress(accountOf(account).address),
      request: ({ account }) => {
        const { chain, address } = accountOf(account)
        return at(numberOf(chain), { module: 'account', action: 'balance', address, tag: 'latest' })
      },
      parse: (body, { account }) => weiBalance(baseUnits(resultOf(body), 'result'), account),
    },
    transaction: {
      calls: 2,
      supports,
      request: ({ chain, hash }) => [
        proxy(chain, 'eth_getTransactionByHash', { txhash: hash }),
        { ...proxy(chain, 'eth_getTransactionReceipt', { txhash: hash }), optional: true },
      ],
      parse: (body, asked) => {
        const [transaction, receipt] = read.array(body, 'answers')
        const found = resultOf(transaction)
        if (found === null) throw unknown(id, asked.hash)
        return transactionOf(found, receipt === undefined ? undefined : resultOf(receipt), asked)
      },
    },
    blockNumber: {
      supports,
      request: ({ chain }) => proxy(chain, 'eth_blockNumber'),
      parse: (body) => ({ number: smallQuantity(resultOf(body), 'result') }),
    },
    gasPrice: {
      supports,
      request: ({ chain }) => proxy(chain, 'eth_gasPrice'),
      parse: (body, { chain }) => nodeGasOf(body, chain),
    },
  }
}

/** What an answer holds. */
export const resultOf = (body: unknown): unknown => read.object(body, 'answer').result

/** What a node asks for gas. */
export const nodeGasOf = (body: unknown, chain: string): GasPrice => ({ chain, standard: Number(quantity(resultOf(body), 'result')) / 1e9 })

/** Three gas prices and the base fee where one is told, in gwei; one that does not lie where its name says is left out. */
export function gasOf(chain: string, prices: Readonly<Record<'slow' | 'standard' | 'fast' | 'baseFee', unknown>>, asOf?: number): GasPrice {
  const standard = read.amount(prices.standard, 'standard')
  const slow = read.optional(read.amount, prices.slow, 'slow')
  const fast = read.optional(read.amount, prices.fast, 'fast')
  return known<GasPrice>({
    chain,
    slow: slow !== undefined && slow <= standard ? slow : undefined,
    standard,
    fast: fast !== undefined && fast >= standard ? fast : undefined,
    baseFee: read.optional(read.amount, prices.baseFee, 'baseFee'),
    asOf,
  })
}

// Errors come with 200 and without a code. The first that fits counts. Texts: docs.etherscan.io/resources/common-error-messages, and what Routescan and
// Blockscout say instead.
const TEXTS: readonly (readonly [RegExp, FailureReason])[] = [
  [/daily .*limit|credits/i, 'quota-exhausted'],
  [/rate limit|calls per sec/i, 'rate-limited'], // «… please use API Key for higher rate limit» is no word about the key
  [/api key|api pro\b|free api access is not supported/i, 'unauthorized'], // the latter: this chain is not in the plan
  [/too many/i, 'rate-limited'],
  [/timeout|timed out/i, 'timeout'],
  [/temporarily|unavailable|too busy|try again|unexpected err/i, 'unavailable'],
  [/transaction not found|not verified/i, 'not-found'],
]
const EMPTY = /^no .*found/i

/** What went wrong inside a 200; nothing where it is only that there is nothing. A text that is not known is about what was asked. */
export function etherscanFailure({ status, body }: ProviderResponse): ProviderFailure | undefined {
  const { status: flag, message: says, result, error } = membersOf(body)
  const isError = error !== undefined && error !== null
  if (!isError && ((flag !== '0' && flag !== 0) || (isText(says) && EMPTY.test(says)))) return undefined
  // A JSON-RPC error is an object or, of Blockscout, a text.
  const message = (isError ? [error, membersOf(error).message] : [result, says]).find(isText)
  const reason = message === undefined || message === 'NOTOK' ? 'unavailable' : TEXTS.find(([text]) => text.test(message))?.[1]
  // A failing status knows better than a text that nobody knows.
  return reason === undefined && status >= 400 ? undefined : { reason: reason ?? 'bad-request', message }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
