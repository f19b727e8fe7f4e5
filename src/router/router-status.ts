import type { Cache } from '../pipeline/cache.js'
import type { Stages } from '../pipeline/pipeline.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import type { Pool } from './pools.js'
import type { HealthReport } from './probes.js'
import { poolStatus, providerStatus, type Status } from './status.js'

/** A router as plain JSON, without any key. */
export function statusOf(
  { env, cache, flights }: Stages,
  states: ReadonlyMap<string, ProviderState>,
  pools: readonly Pool[],
  reports: ReadonlyMap<string, HealthReport>,
  listenerFailures: number,
): Status {
  const now = env.clock.now()
  const { sharing } = env
  const poolRows = pools.map((pool) => poolStatus(pool, states, now))
  return {
    version: 1,
    at: now,
    providers: [...states.values()].map((state) => providerStatus(state, reports.get(state.id), poolRows, now)),
    pools: poolRows,
    cache: cacheStatus(cache),
    inFlight: flights.size,
    ...(sharing && { store: sharing.shared?.status() ?? { state: 'unknown' } }),
    recentErrors: env.errors.list(),
    listenerFailures,
  }
}

/** The cache, for `status()`. */
function cacheStatus(cache: Cache): Status['cache'] {
  const sum = { hits: 0, misses: 0, stale: 0 }
  for (const { hits, misses, stale } of cache.counts.values()) {
    sum.hits += hits
    sum.misses += misses
    sum.stale += stale
  }
  const asked = sum.hits + sum.misses
  const byCapability = Object.fromEntries([...cache.counts].map(([capability, one]) => [capability, { ...one }]))
  return { entries: cache.size, ...sum, ...(asked > 0 && { hitRate: sum.hits / asked }), byCapability }
}
