import type { FailureReason } from '../model/result.js'
import { reasonOf } from './classify.js'
import type { Answer } from './client.js'

// https://developers.binance.com/docs/binance-spot-api-docs/errors, November 2026
const TOO_MANY_REQUESTS = -1003
const UNKNOWN_SYMBOL = -1121

/** Why an answer of Binance is none; nothing for a good one. A path that does not exist is the caller's error: all hosts serve the same. */
export function reasonAt({ status, json, body }: Answer): FailureReason | undefined {
  if (status >= 200 && status < 300) return json ? undefined : 'bad-response'
  const code = codeOf(body)
  if (code === TOO_MANY_REQUESTS) return 'rate-limited'
  if (code === UNKNOWN_SYMBOL) return 'not-found'
  // Binance says 403 only through its firewall (…/rest-api/http-return-codes, November 2026); CloudFront's page for a blocked country names it.
  if (status === 403) return namesRegion(body) ? 'geo-blocked' : 'unavailable'
  return status === 404 || status === 405 ? 'bad-request' : reasonOf(status, json)
}

/** Binance's own error code. */
export function codeOf(body: unknown): number | undefined {
  const code = fieldOf(body, 'code')
  return typeof code === 'number' ? code : undefined
}

/** The rest of a ban, in ms, from `IP banned until <Unix ms>` in a 418's text; for answers without Retry-After. */
export function bannedMs(body: unknown, now: number): number | undefined {
  const text = fieldOf(body, 'msg')
  const [, until] = (typeof text === 'string' && /banned until (\d{13})\b/.exec(text)) || []
  return until !== undefined && Number(until) > now ? Number(until) - now : undefined
}

function namesRegion(body: unknown): boolean {
  const text = typeof body === 'string' ? body : fieldOf(body, 'msg')
  return typeof text === 'string' && /\b(?:country|countries|region|restricted location)\b/i.test(text.slice(0, 20_000).replaceAll(/<[^>]*>/g, ' '))
}

const fieldOf = (body: unknown, name: string): unknown => (typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined)
