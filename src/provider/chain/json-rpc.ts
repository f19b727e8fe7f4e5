import { BadResponseError, type FailureReason } from '../../errors.js'
import type { Capability } from '../../model/capabilities.js'
import { membersOf, toldIn } from '../failure.js'
import type { HttpRequest, ProviderFailure, ProviderResponse } from '../provider.js'
import { read } from '../read.js'

/** One call of a node: a method and its parameters; `optional` ones may fail. */
export interface RpcCall {
  readonly method: string
  readonly params?: readonly unknown[]
  readonly optional?: boolean
}

/** Calls as they are sent, each by itself: batches are refused or cut by many public nodes. */
export const rpcRequests = (calls: readonly RpcCall[], path = '', host?: string): HttpRequest[] =>
  calls.map(({ method, params = [], optional }, index) => ({
    path,
    ...(host !== undefined && { host }),
    method: 'POST',
    body: { jsonrpc: '2.0', id: index + 1, method, params },
    ...(optional && { optional }),
  }))

/** What a node answered to one call. Some do not echo the id: it is not looked at, each answer comes over its own connection. */
export function resultOf(body: unknown): unknown {
  const answer = read.object(body, 'answer')
  if (!Object.hasOwn(answer, 'result')) throw new BadResponseError('result: expected, got nothing')
  return answer.result
}

// Words of vendors that put several things behind one code. From what nodes and their proxies are known to say: Alchemy, Ankr, Base, dRPC, Infura, QuickNode.
const QUOTA = /daily (?:credit limit|request (?:count|limit))|monthly capacity limit|reached the free tier|limit for your current plan/i
const RATE =
  /too many requests|rate limit|rate exceeded|limit exceeded|request limit reached|(?:requests|credits) limited to|RequestRateLimitExceeded|(?:throughput|per[ -]second) (?:limit|capacity)|requests per second/i
const PLAN = /not included in your current plan|\bunauthorized:|authenticate your request/i
// Public nodes say so of old blocks, with a 403: it is no word about the key.
const ARCHIVE = /requires? an? personal token/i
const UPGRADE = /upgrade (?:your|to)/i
const QUESTION =
  /invalid (?:argument|address|hash|params?|request)|cannot unmarshal|block range|limited to a \d+ blocks? range|exceeds max results|not whitelisted|method .*(?:not available|not supported)/i

type Codes = Readonly<Record<string, FailureReason>>

/** By code, as a text. Those of JSON-RPC 2.0 and EIP-1474 first, then what vendors made up. */
const CODES: Codes = {
  '-32700': 'bad-request',
  '-32600': 'bad-request',
  '-32601': 'bad-request',
  '-32602': 'bad-request',
  '-32004': 'bad-request',
  '-32005': 'rate-limited',
  3: 'bad-request', // execution reverted
  401: 'unauthorized',
  402: 'quota-exhausted',
  403: 'unauthorized',
  429: 'rate-limited',
  '-32016': 'rate-limited', // Base
  '-32090': 'rate-limited', // Ankr
  // dRPC
  12: 'unavailable', // no node for it at the moment, with a 400
  14: 'unavailable', // given up inside
  15: 'rate-limited',
  19: 'unavailable', // «temporary internal error»
  30: 'timeout',
}

/** The node's own trouble: behind, without the state, pruned, down inside. Anything else in a 200 is taken for a question it does not take. */
const BROKEN = new Set(['-32000', '-32002', '-32603'])

/** Statuses that say more than the code beside them: Alchemy answers a 401 with -32600. */
const TELLING = new Set([401, 402, 403, 429])

/**
 * What an error of a node means, in whichever status it comes; `null` for a transaction is one that it does not know. `own`: codes that mean
 * something else there.
 */
export function rpcFailure({ status, body }: ProviderResponse, asked: { readonly capability: Capability }, own: Codes = {}): ProviderFailure | undefined {
  const { error, result } = membersOf(body)
  if (error === undefined || error === null || error === '') {
    if (result === null && asked.capability === 'transaction') return { reason: 'not-found', message: 'no transaction of this hash' }
    // never «unknown»: at a node's address there is a node, or nothing
    return status === 404 ? { reason: 'bad-response', message: 'nothing at this address' } : undefined
  }
  // Some write a text where the specification has an object.
  const { code, message, details } = membersOf(error)
  const told = toldIn(code, [error, message, details].filter((text) => typeof text === 'string').join(' '))
  const reason = reasonOf(status, told, { ...CODES, ...own })
  return reason && { reason, message: told.message }
}

/** Nothing: the status decides. */
function reasonOf(status: number, { code, message }: ReturnType<typeof toldIn>, codes: Codes): FailureReason | undefined {
  if (QUOTA.test(message)) return 'quota-exhausted'
  if (RATE.test(message)) return 'rate-limited'
  if (ARCHIVE.test(message)) return 'bad-request'
  if (TELLING.has(status)) return undefined
  if (PLAN.test(message)) return 'unauthorized'
  if (Object.hasOwn(codes, code)) return codes[code]
  if (UPGRADE.test(message)) return 'quota-exhausted'
  if (QUESTION.test(message)) return 'bad-request'
  if (status === 404) return 'bad-response'
  if (status >= 400) return undefined
  return BROKEN.has(code) ? 'unavailable' : 'bad-request'
}
