import type { RouterEvents } from '../../model/events.js'
import type { RecentError } from '../../pipeline/recent-errors.js'
import type { Status } from '../../router/status.js'
import type { ApiRouter } from '../router.js'
import { ring } from './ring.js'

/** Failures of providers beyond the last hundred, which are what the router itself remembers: an outage brings more in a minute. */
export interface Failures {
  /** Newest first. The router's own come with what it did last. */
  list(status: Status): RecentError[]
  close(): void
}

/** Failures that are kept. */
export const MOST_FAILURES = 5_000

/** Notes failures from now on. */
export function failures(router: ApiRouter): Failures {
  const kept = ring<RecentError>(MOST_FAILURES)
  const failed = (event: RouterEvents['attempt-failed']): void => {
    const { at, provider, capability, reason, status, message, action } = event
    if (reason !== undefined) kept.add({ at, provider, capability, reason, ...(status !== undefined && { status }), message, action })
  }
  router.on('attempt-failed', failed)
  return {
    // both tell of the same failures in the same order
    list: ({ recentErrors }) => [...recentErrors, ...kept.list().slice(recentErrors.length)],
    close: () => void router.off('attempt-failed', failed),
  }
}
