import type { FailureReason } from '../model/result.js'

const BY_STATUS: Readonly<Record<number, FailureReason>> = {
  400: 'bad-request',
  401: 'unauthorized',
  402: 'quota-exhausted',
  408: 'unavailable',
  410: 'bad-response',
  413: 'bad-request',
  414: 'bad-request',
  418: 'rate-limited',
  422: 'bad-request',
  425: 'unavailable',
  429: 'rate-limited',
  451: 'geo-blocked',
}

/**
 * What a status alone says; nothing for a 2xx. A page (no JSON) behind 403 is a firewall, behind 404 a path that is gone;
 * which of them name a region, only the provider's `failure()` can tell.
 */
export function reasonOf(status: number, json: boolean): FailureReason | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status === 403) return json ? 'unauthorized' : 'unavailable'
  if (status === 404) return json ? 'not-found' : 'bad-response'
  return BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'bad-response')
}
