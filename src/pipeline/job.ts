import type { ProviderError } from '../errors.js'
import type { HttpRequest } from '../provider/provider.js'
import type { Ask } from './ask.js'
import type { Candidate } from './candidate.js'
import { asFailure } from './failure.js'
import type { Signal } from './stop.js'

/** One try at one provider, ready to be made. */
export interface Job {
  readonly candidate: Candidate
  readonly ask: Ask
  /** Parameters as this provider gets them. */
  readonly params: unknown
  /** What is sent; nothing for an endpoint that calls by itself. */
  readonly request: HttpRequest | undefined
  /** Quota units. */
  readonly cost: number
  /** How long it may take. */
  sliceMs: number
  /** Ends it from outside. */
  readonly signal: Signal | undefined
}

/** Prepares a try, or says why it cannot be: nothing is sent and no quota is used yet. */
export function prepare(candidate: Candidate, ask: Ask, signal: Signal | undefined, key: string | undefined): Job | ProviderError {
  const { state, endpoint } = candidate
  const params = ask.paramsFor(state.provider)
  try {
    const request = 'request' in endpoint ? endpoint.request(params as never, { native: state.native, key, now: ask.now }) : undefined
    return { candidate, ask, params, request, cost: ask.costOf(endpoint, state.provider), sliceMs: Infinity, signal }
  } catch (error) {
    return asFailure(error, state.provider)
  }
}
