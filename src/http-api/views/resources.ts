import * as z from 'zod'
import { categoryOf } from './categories.js'
import type { Seen } from './seen.js'

/** What can be asked, counted: one resource is one capability of one provider. Sources add up to the total, and so do categories. */
export const breakdownField = z.object({
  total: z.int(),
  by_source: z.record(z.string(), z.int()),
  by_category: z.record(z.string(), z.object({ total: z.int(), online: z.int() })),
})

/** Counts what the providers serve. */
export function resourceBreakdown(all: readonly Seen[]): z.output<typeof breakdownField> {
  const bySource: Record<string, number> = {}
  const byCategory: Record<string, { total: number; online: number }> = {}
  for (const one of all) {
    for (const capability of one.status.capabilities) {
      const [source, category] = [sourceOf(one), categoryOf(capability)]
      bySource[source] = (bySource[source] ?? 0) + 1
      const counts = (byCategory[category] ??= { total: 0, online: 0 })
      counts.total++
      if (one.status.health === 'healthy' && one.status.capabilityBreakers[capability] !== 'open') counts.online++
    }
  }
  return { total: Object.values(bySource).reduce((sum, count) => sum + count, 0), by_source: bySource, by_category: byCategory }
}

/** Where the data comes from: worked out here, or fetched without or with a key. */
function sourceOf({ provider }: Seen): 'computed' | 'keyless' | 'keyed' {
  if (provider.hosts === undefined) return 'computed'
  return provider.key?.required === true ? 'keyed' : 'keyless'
}
