import * as z from 'zod'
import type { FailureReason } from '../../model/result.js'
import type { RecentError } from '../../pipeline/recent-errors.js'

/** Errors of this long ago and younger are recent, in ms. */
const RECENT_MS = 300_000

/** Failures of one provider and kind. */
export const errorField = z.object({
  provider: z.string(),
  count: z.int(),
  type: z.string().describe('rate limit (429), blocked (451), DNS, timeout …'),
  message: z.string().describe('of the newest'),
  action: z.string().describe('what the router did after the newest; empty where nothing was left to do'),
  last_at: z.int().describe('epoch s'),
})

const TYPES = {
  network: 'network',
  timeout: 'timeout',
  unavailable: 'unavailable',
  'rate-limited': 'rate limit',
  'quota-exhausted': 'quota exhausted',
  unauthorized: 'unauthorized',
  'geo-blocked': 'blocked',
  'not-found': 'not found',
  'bad-request': 'bad request',
  'bad-response': 'bad response',
  'cold-start': 'cold start',
  'circuit-open': 'circuit open',
  aborted: 'aborted',
} as const satisfies Record<FailureReason, string>

// the words of Node, undici and this library for a name that does not resolve
const UNRESOLVED = /ENOTFOUND|EAI_AGAIN|does not resolve/

/** Errors of the last five minutes by provider and kind, the latest first. */
export function recentErrors(errors: readonly RecentError[], now: number): z.output<typeof errorField>[] {
  const groups = new Map<string, z.output<typeof errorField>>()
  for (const error of errors.filter(({ at }) => at > now - RECENT_MS)) {
    const type = typeOf(error)
    const key = `${error.provider} ${type}`
    const known = groups.get(key)
    // they come newest first
    groups.set(key, known ? { ...known, count: known.count + 1 } : rowOf(error, type))
  }
  return [...groups.values()]
}

const rowOf = ({ provider, message, action, at }: RecentError, type: string) => ({ provider, count: 1, type, message, action, last_at: Math.floor(at / 1_000) })

function typeOf({ reason, status, message }: RecentError): string {
  if (reason === 'network' && UNRESOLVED.test(message)) return 'DNS'
  // a refusal inside a 200 is none of that status
  return status === undefined || status < 400 ? TYPES[reason] : `${TYPES[reason]} (${status})`
}
