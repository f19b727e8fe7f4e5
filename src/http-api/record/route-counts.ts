/** One route as it was used. */
export interface RouteCount {
  readonly path: string
  readonly method: string
  readonly requests: number
  /** Answered with a status below 500. */
  readonly successes: number
  /** The same of the last 20 alone, 0…1: an outage that is over does not count for ever. */
  readonly recentShare: number
  /** Mean of all, in ms. */
  readonly averageMs: number
  /** Status of the last answer. */
  readonly lastStatus: number
}

/** How often each route was asked, and how it went. */
export interface RouteCounts {
  add(method: string, path: string, status: number, ms: number): void
  list(): RouteCount[]
}

const RECENT = 20

interface Count {
  readonly path: string
  readonly method: string
  requests: number
  successes: number
  totalMs: number
  lastStatus: number
  /** Whether each of the last ones went well, newest first. */
  recent: readonly boolean[]
}

/** Counts from now on. */
export function routeCounts(): RouteCounts {
  const counts = new Map<string, Count>()
  return {
    add(method, path, status, ms) {
      const key = `${method} ${path}`
      const count = counts.get(key) ?? { path, method, requests: 0, successes: 0, totalMs: 0, lastStatus: status, recent: [] }
      counts.set(key, count)
      const isWell = status < 500
      count.requests++
      if (isWell) count.successes++
      count.totalMs += ms
      count.lastStatus = status
      count.recent = [isWell, ...count.recent.slice(0, RECENT - 1)]
    },
    list: () =>
      [...counts.values()].map(({ totalMs, recent, ...count }) => ({
        ...count,
        recentShare: recent.filter(Boolean).length / recent.length,
        averageMs: totalMs / count.requests,
      })),
  }
}
