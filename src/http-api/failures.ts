import { AllProvidersFailedError, AmbiguousAssetError, ConfigError, NoProviderError, ProviderError } from '../errors.js'
import type { Attempt } from '../model/result.js'
import { Reply } from './reply.js'

/** Status codes of errors that the API answers with. */
export type FailureStatus = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 414 | 415 | 429 | 500 | 502 | 503 | 504

const CATEGORIES: { readonly [S in FailureStatus]: string } = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'timeout',
  413: 'too_large',
  414: 'too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  500: 'internal',
  502: 'upstream_failed',
  503: 'unavailable',
  504: 'timeout',
}

/** Something that the caller should hear: the message names the value and the remedy, and holds no secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: FailureStatus
  readonly headers: Readonly<Record<string, string>>
  readonly extra: object

  constructor(status: FailureStatus, message: string, { headers = {}, extra = {} }: { headers?: Record<string, string>; extra?: object } = {}) {
    super(message)
    this.status = status
    this.headers = headers
    this.extra = extra
  }
}

/** 400 for a value that is wrong. */
export const badRequest = (message: string): ApiError => new ApiError(400, message)

/** 404 for something that there is not. */
export const notFound = (message: string): ApiError => new ApiError(404, message)

/** 503 for what nobody offers, or what was not configured. */
export const unavailable = (message: string): ApiError => new ApiError(503, message)

/** The error envelope. */
export function envelope(error: ApiError, now: number): Reply {
  const { status, message, headers, extra } = error
  const category = CATEGORIES[status]
  const body = { success: false, error: message, code: status, category, timestamp: new Date(now).toISOString(), data: null, ...extra }
  return new Reply(body, { status, headers })
}

/** Whatever was thrown, as the caller should hear it. What is none of our own errors stays inside: its text may hold anything. */
export function failureOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (AllProvidersFailedError.is(error)) return allFailed(error)
  if (NoProviderError.is(error)) return nobody(error)
  if (AmbiguousAssetError.is(error)) return new ApiError(400, error.message, { extra: { candidates: error.candidates } })
  if (ConfigError.is(error)) return badRequest(error.message)
  if (ProviderError.is(error)) return new ApiError(502, error.message)
  return new ApiError(500, 'something went wrong here; the log has more')
}

function allFailed({ failures, attempts, message }: AllProvidersFailedError): ApiError {
  const asked = failures.map(({ reason }) => reason)
  // one that rests may know what the others don't
  const resting = attempts.flatMap(({ outcome, reason = '' }) => (outcome === 'skipped' && !NEVER.has(reason) ? [reason] : []))
  const only = (...wanted: readonly string[]): boolean => asked.length > 0 && [...asked, ...resting].every((reason) => wanted.includes(reason))
  const [first = 'no provider answered'] = message.split('\n', 1)
  const extra = { attempts: attempts.map(attemptRow) }
  if (only('bad-request')) return new ApiError(400, first.replace(/:$/, ': not understood'), { extra })
  if (only('not-found', 'bad-request')) return new ApiError(404, first.replace(/:$/, ': nobody knows it'), { extra })
  if (only('timeout', 'aborted')) return new ApiError(504, first.replace(/:$/, ' in time'), { extra })
  return new ApiError(502, first.replace(/:$/, ''), { extra })
}

const attemptRow = ({ provider, host, outcome, reason, status, latencyMs, hedged, retryAfterMs }: Attempt) => ({
  provider,
  host: host ?? null,
  outcome,
  reason: reason ?? null,
  status: status ?? null,
  latency_ms: outcome === 'skipped' ? null : Math.round(latencyMs),
  hedged: hedged === true,
  retry_after_ms: retryAfterMs ?? null,
})

/** Exclusions of what nobody has, and those of who would not have been asked anyway. */
const UNKNOWN: ReadonlySet<string> = new Set(['unknown-asset', 'not-found'])
const NEVER: ReadonlySet<string> = new Set(['unsupported', 'no-dollars', 'disabled', 'retired', 'key-missing', 'not-wanted', 'unauthorized', 'geo-blocked'])

/** A rest without a known end is looked at again after this, in s. */
const RETRY_AFTER_S = 60

function nobody({ excluded, retryAfterMs, message }: NoProviderError): ApiError {
  const [first = 'no provider can be asked'] = message.split('\n', 1)
  const retryAfter = retryAfterMs === undefined ? RETRY_AFTER_S : Math.max(1, Math.ceil(retryAfterMs / 1_000))
  const reasons = excluded.map(({ reason }) => reason)
  const isUnknown = reasons.some((reason) => UNKNOWN.has(reason)) && reasons.every((reason) => UNKNOWN.has(reason) || NEVER.has(reason))
  if (isUnknown) return notFound(first.replace(/:$/, ': nobody knows it'))
  const lines = excluded.map(({ provider, reason, until }) => ({ provider, reason, until: until === undefined ? null : new Date(until).toISOString() }))
  return new ApiError(503, first.replace(/:$/, ''), { headers: { 'retry-after': String(retryAfter) }, extra: { excluded: lines } })
}
