import type { ResolvedHandlerOptions } from '../options.js'
import type { ApiRouter } from '../router.js'
import { logBook, type LogBook } from './log-book.js'
import { minutes, type Minutes } from './minutes.js'
import { routeCounts, type RouteCounts } from './route-counts.js'

/** What the API notes while it runs, out of the router's events and its own requests. All of it is bounded and in memory. */
export interface Recorder {
  readonly routes: RouteCounts
  readonly log: LogBook
  readonly minutes: Minutes
  /** An error that is none of ours: its text goes to the log, and to nobody else. */
  failed(error: unknown, path: string | undefined): void
  close(): void
}

/** Begins to listen. */
export function recorder(router: ApiRouter, options: ResolvedHandlerOptions): Recorder {
  const log = logBook(router, options)
  const ring = minutes(router, options)
  return {
    routes: routeCounts(),
    log,
    minutes: ring,
    failed: (error, path) =>
      log.add({
        level: 'error',
        category: 'api',
        message: `${path ?? 'a request'} failed`,
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      }),
    close() {
      log.close()
      ring.close()
    },
  }
}
