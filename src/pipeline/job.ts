import type { ProviderError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { HttpEndpoint, HttpRequest } from '../provider/provider.js'
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
  /** What is sent, at the same time; nothing for an endpoint that calls by itself. */
  readonly requests: readonly HttpRequest[] | undefined
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
  const params = ask.paramsFor(candidate)
  try {
    const whole = wholeOf(candidate, ask)
    const made = whole?.request ?? ('request' in endpoint ? endpoint.request(params as never, { native: state.native, key, now: ask.now }) : undefined)
    const requests = made === undefined || isList(made) ? made : [made]
    const cost = whole === undefined ? ask.costOf(candidate) : (whole.cost ?? 1)
    return { candidate, ask, params, requests, cost, sliceMs: Infinity, signal }
  } catch (error) {
    return asFailure(error, state.provider)
  }
}

const isList = (made: HttpRequest | readonly HttpRequest[]): made is readonly HttpRequest[] => Array.isArray(made)

/** A batch larger than one call takes is asked as a whole, where the endpoint has such a request. */
function wholeOf(candidate: Candidate, ask: Ask): HttpEndpoint<Capability>['whole'] {
  const { maxBatch = Infinity, whole } = candidate.endpoint as Partial<HttpEndpoint<Capability>>
  return (ask.share(candidate)?.length ?? 0) > maxBatch ? whole : undefined
}
