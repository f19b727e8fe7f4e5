import { redact } from '../../http/redact.js'
import type { RouterEvents } from '../../model/events.js'
import type { ResolvedHandlerOptions } from '../options.js'
import type { ApiRouter } from '../router.js'
import { inOurForm } from '../views/seen.js'
import { LOGGED } from './logged.js'
import { ring, type Ring } from './ring.js'

/** How bad it is, the least first. */
export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const
/** What an entry can be about. */
export const LOG_CATEGORIES = ['provider', 'pool', 'api', 'system', 'health_check', 'rotation', 'request', 'error'] as const

/** How bad it is. */
type LogLevel = (typeof LOG_LEVELS)[number]
/** What it is about. */
type LogCategory = (typeof LOG_CATEGORIES)[number]

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
  /** This one and all that are worse. */
  readonly atLeast?: LogLevel | undefined
  readonly category?: LogCategory | undefined
  /** Its id, or the form with underscores. */
  readonly provider?: string | undefined
  readonly pool?: string | undefined
  /** Part of the message, the error or an id, in any case. */
  readonly search?: string | undefined
}

/** What happened, the last `logEntries` of it. */
export interface LogBook {
  /** Keys of providers and queries of addresses are taken out of its texts. */
  add(entry: Omit<LogEntry, 'at'>): void
  /** Newest first. */
  list(filter?: LogFilter, limit?: number): LogEntry[]
  clear(): void
  close(): void
}

/** Notes what the router tells. */
export function logBook(router: ApiRouter, { logEntries, clock }: ResolvedHandlerOptions): LogBook {
  const empty = (): Ring<LogEntry> => ring(Math.max(1, Math.floor(logEntries)))
  let kept = empty()
  const stops = Object.entries(LOGGED).map(([name, entryOf]) => {
    const listener = (event: RouterEvents[keyof RouterEvents]): void => {
      const entry = (entryOf as (event: unknown) => Omit<LogEntry, 'at'> | undefined)(event)
      if (entry) kept.add({ at: event.at, ...entry })
    }
    router.on(name as keyof RouterEvents, listener)
    return () => router.off(name as keyof RouterEvents, listener)
  })
  return {
    add: ({ message, error, ...entry }) =>
      kept.add({ at: clock.now(), ...entry, message: clean(router, message), ...(error !== undefined && { error: clean(router, error) }) }),
    list: (filter = {}, limit = Infinity) =>
      kept
        .list()
        .filter((entry) => fits(entry, filter))
        .slice(0, limit),
    clear: () => void (kept = empty()),
    close: () => stops.forEach((stop) => stop()),
  }
}

/** What comes from outside the router may hold anything; its own events are clean. */
const clean = (router: ApiRouter, text: string): string =>
  router.providers.reduce((inner, { apiKey }) => apiKey?.redact(inner) ?? inner, redact(text, undefined))

function fits({ level, category, message, error = '', provider, pool }: LogEntry, filter: LogFilter): boolean {
  if (filter.level !== undefined && level !== filter.level) return false
  if (filter.atLeast !== undefined && LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(filter.atLeast)) return false
  if (filter.category !== undefined && category !== filter.category) return false
  if (filter.provider !== undefined && provider !== filter.provider && provider !== inOurForm(filter.provider)) return false
  if (filter.pool !== undefined && pool !== filter.pool) return false
  if (filter.search === undefined) return true
  const wanted = filter.search.toLowerCase()
  return [message, error, provider ?? '', pool ?? ''].some((text) => text.toLowerCase().includes(wanted))
}
