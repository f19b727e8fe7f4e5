import { meanOf } from './figures.js'
import type { Seen } from './seen.js'

/** Providers whose calls were measured. What is worked out here is no answer that anybody waited for, where others were measured. */
export function measured(all: readonly Seen[]): Seen[] {
  const known = all.filter(({ status }) => status.latencyMs !== undefined)
  const remote = known.filter(({ provider }) => provider.hosts !== undefined)
  return remote.length > 0 ? remote : known
}

/** Mean latency of providers in ms, each counting once; nothing before the first measured call. */
export const averageMs = (all: readonly Seen[]): number | undefined => meanOf(measured(all).map(({ status }) => status.latencyMs))
