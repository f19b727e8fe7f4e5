import { AllProvidersFailedError, AmbiguousAssetError, FeedmuxError, NoProviderError } from '../errors.js'
import type { FailureReason } from '../model/result.js'
import { duration } from './format.js'
import { keyName } from './keys.js'
import { printable } from './printable.js'

// What helps when everybody failed for this reason; the first that fits is said.
const REMEDIES: readonly (readonly [readonly FailureReason[], string])[] = [
  [['not-found'], 'check the symbol'],
  [['timeout'], 'allow more time with --timeout, or check the network'],
  [['network', 'timeout'], 'check the network'],
  [['rate-limited', 'quota-exhausted'], 'wait, or ask others with --provider'],
  [['geo-blocked'], 'they refuse this region: ask others with --provider'],
]

// These say nothing by themselves: a wrong question, and what was to be computed from data that nobody gave.
const IN_WORDS: ReadonlySet<FailureReason> = new Set(['bad-request', 'circuit-open'])

/** One line for people: what was wrong, and what to do. Never a stack. */
export const explain = (error: unknown): string => printable(said(error))

function said(error: unknown): string {
  if (AllProvidersFailedError.is(error)) return allFailed(error)
  if (NoProviderError.is(error)) return nobody(error)
  if (AmbiguousAssetError.is(error))
    return `${error.symbol} can mean ${error.candidates.map(({ name }) => name).join(' or ')}: ask a provider that knows it with --provider`
  const text = error instanceof Error || FeedmuxError.is(error) ? error.message : String(error)
  return firstLine(text) || 'something went wrong, and no reason was given'
}

function allFailed({ message, failures }: AllProvidersFailedError): string {
  const head = firstLine(message).replace(/:$/, '')
  const each = failures.map(({ provider, reason, status, retryAfterMs }) => {
    const extra = [status === undefined ? '' : `HTTP ${status}`, retryAfterMs === undefined ? '' : `again in ${duration(retryAfterMs)}`].filter(Boolean)
    return `${provider} ${reason}${extra.length > 0 ? ` (${extra.join(', ')})` : ''}`
  })
  const reasons = failures.map(({ reason }) => reason)
  const wrong = reasons.length > 0 && reasons.every((reason) => IN_WORDS.has(reason)) ? failures[0] : undefined
  const refused = failures.find(({ reason }) => reason === 'unauthorized')
  const remedy =
    REMEDIES.find(([fits]) => reasons.length > 0 && reasons.every((reason) => fits.includes(reason)))?.[1] ??
    (wrong ? firstLine(wrong.message) : refused ? `set ${keyName(refused.provider)} to a valid key` : 'try again, or others with --provider')
  return `${[head, each.join(', ')].filter(Boolean).join(': ')}; ${remedy}`
}

function nobody({ message, excluded, retryAfterMs }: NoProviderError): string {
  const head = firstLine(message).replace(/:$/, '')
  if (excluded.length === 0) return `${head}; see 'feedmux providers'`
  const each = excluded.map(({ provider, reason }) => `${provider} ${reason.replace(/:$/, '')}`).join(', ')
  return `${head}: ${each}; ${remedyFor(excluded, retryAfterMs)}`
}

function remedyFor(excluded: NoProviderError['excluded'], retryAfterMs: number | undefined): string {
  if (retryAfterMs !== undefined) return `try again in ${duration(retryAfterMs)}`
  if (excluded.every(({ reason }) => reason === 'unknown-asset')) return 'check the symbol'
  const keyless = excluded.find(({ reason }) => reason === 'key-missing')
  return keyless ? `set ${keyName(keyless.provider)}` : "see 'feedmux providers' for who offers what"
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trim()
}
