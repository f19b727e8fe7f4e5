/** One route as it was used. */
export interface RouteCount {
  readonly path: string
  readonly method: string
  readonly requests: number
  /** Answered with a status below 500. */
  readonly successes: number
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

/** Counts from now on. */
export function routeCounts(): RouteCounts {
  const counts = new Map<string, { path: string; method: string; requests: number; successes: number; totalMs: number; lastStatus: number }>()
  return {
    add(method, path, status, ms) {
      const key = `${method} ${path}`
      const count = counts.get(key) ?? { path, method, requests: 0, successes: 0, totalMs: 0, lastStatus: status }
      counts.set(key, count)
      count.requests++
      if (status < 500) count.successes++
      count.totalMs += ms
      count.lastStatus = status
    },
    list: () => [...counts.values()].map(({ totalMs, ...count }) => ({ ...count, averageMs: totalMs / count.requests })),
  }
}
