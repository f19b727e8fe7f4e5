import type { ResolvedHandlerOptions } from '../options.js'
import type { ApiRouter } from '../router.js'
import { failures, type Failures } from './failures.js'
import { logBook, type LogBook } from './log-book.js'
import { minutes, type Minutes } from './minutes.js'
import { openings, type Openings } from './openings.js'
import { rotations, type Rotations } from './rotations.js'
import { routeCounts, type RouteCounts } from './route-counts.js'

/** What the API notes while it runs, out of the router's events and its own requests. All of it is bounded and in memory. */
export interface Recorder {
  readonly routes: RouteCounts
  readonly log: LogBook
  readonly minutes: Minutes
  readonly openings: Openings
  readonly rotations: Rotations
  readonly failures: Failures
  /** An error that is none of ours: the log gets its kind, `onError` the whole. The log can be read by anybody. */
  failed(error: unknown, path: string | undefined): void
  close(): void
}

/** Begins to listen. */
export function recorder(router: ApiRouter, options: ResolvedHandlerOptions): Recorder {
  const log = logBook(router, options)
  const listening = { minutes: minutes(router, options), openings: openings(router), rotations: rotations(router), failures: failures(router) }
  return {
    routes: routeCounts(),
    log,
    ...listening,
    failed(error, path) {
      const kind = error instanceof Error ? error.name : typeof error
      log.add({ level: 'error', category: 'api', message: `${path ?? 'a request'} failed`, statusCode: 500, error: kind })
      try {
        options.onError?.(error, path)
      } catch {
        // somebody's own log must not fail the answer
      }
    },
    close() {
      for (const one of [log, ...Object.values(listening)]) one.close()
    },
  }
}
