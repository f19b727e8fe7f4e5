import type { FailureReason } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { ProviderFailure } from './provider.js'
import type { Row } from './rows.js'

interface Question {
  readonly capability: Capability
  readonly params: object
}

/** Members of an answer; none where it is no object. */
export const membersOf = (body: unknown): Row => (typeof body === 'object' && body !== null ? (body as Row) : {})

/** A vendor's code, a text or a number, as a text (`''`: none), and its words with the code in front. */
export function toldIn(code: unknown, text: unknown): { readonly code: string; readonly message: string } {
  const told = typeof code === 'number' || typeof code === 'string' ? String(code) : ''
  return { code: told, message: typeof text === 'string' ? `${told} ${text}`.trim() : told }
}

/** Whether it is one market that is asked for, not a list. */
export const isOfOne = ({ capability }: Question): boolean => capability !== 'tickers' && capability !== 'assets' && capability !== 'movers'

/** A question for the prices of a single market, where a provider then asks for that one alone, is one for its ticker. */
export const asOne = (asked: Question): Question =>
  asked.capability === 'tickers' && 'symbols' in asked.params && Array.isArray(asked.params.symbols) && asked.params.symbols.length === 1
    ? { ...asked, capability: 'ticker' }
    : asked

/** Whether an answer without rows means that there is no such market: candles may be missing, but only since a time. */
export const isNothing = (rows: unknown, asked: Question): boolean =>
  Array.isArray(rows) && rows.length === 0 && isOfOne(asked) && !('since' in asked.params && asked.params.since !== undefined)

/**
 * What a vendor's error means. Lists are asked for without a symbol, which then cannot be unknown; a code that is in no table leaves
 * a failing status to itself, and is otherwise a bad request.
 */
export function failureFor(reason: FailureReason | undefined, message: string | undefined, status: number, asked: Question): ProviderFailure | undefined {
  if (reason === undefined && status >= 400) return undefined
  return { reason: reason === undefined || (reason === 'not-found' && !isOfOne(asked)) ? 'bad-request' : reason, message }
}
