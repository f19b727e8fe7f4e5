import type { ApiRouter } from '../router.js'
import type { ResolvedHandlerOptions } from '../options.js'

/** How bad it is. */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'critical'
/** What it is about. */
export type LogCategory = 'provider' | 'pool' | 'api' | 'system' | 'health_check' | 'rotation' | 'request' | 'error'

/** One entry. What does not belong to it is left out. */
export interface LogEntry {
  /** Unix ms. */
  readonly at: number
  readonly level: LogLevel
  readonly category: LogCategory
  readonly message: string
  readonly provider?: string | undefined
  readonly pool?: string | undefined
  readonly statusCode?: number | undefined
  /** In ms. */
  readonly responseTime?: number | undefined
  readonly error?: string | undefined
  readonly extra?: Readonly<Record<string, string | number | boolean>> | undefined
}

/** Which entries are wanted; what is left out does not matter. */
export interface LogFilter {
  readonly level?: LogLevel | undefined
  readonly category?: LogCategory | undefined
  readonly provider?: string | undefined
  readonly pool?: string | undefined
  readonly search?: string | undefined
}

/** What happened, the last `logEntries` of it. */
export interface LogBook {
  add(entry: Omit<LogEntry, 'at'>): void
  /** Newest first. */
  list(filter?: LogFilter, limit?: number): LogEntry[]
  clear(): void
  close(): void
}

/** Notes what the router tells. */
export function logBook(router: ApiRouter, options: ResolvedHandlerOptions): LogBook {
  void router
  void options
  return { add: () => undefined, list: () => [], clear: () => undefined, close: () => undefined }
}
