import type { Capability } from '../../model/capabilities.js'
import { CAPABILITIES } from '../../model/capabilities.js'
import type { RouterResult } from '../../model/result.js'
import type { ProviderStatus } from '../../router/status.js'
import { iso, known, rounded } from '../fields.js'
import type { Api } from '../route.js'
import { countsOf, STATUS_WORDS } from '../views/health.js'

/** How many providers could answer one of these, switched off ones aside. */
export const sourcesOf = (api: Api, ...wanted: readonly Capability[]): number =>
  api.router.status().providers.filter(({ capabilities, health }) => health !== 'disabled' && wanted.some((one) => capabilities.includes(one))).length

/** So many calls were made for an answer. */
export const callsOf = (results: readonly (RouterResult<unknown> | undefined)[]): number =>
  results.flatMap((result) => result?.attempts ?? []).filter(({ outcome }) => outcome !== 'skipped').length

/** Providers of each category, by number. */
export function sourcesByType(providers: readonly ProviderStatus[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { capabilities } of providers) {
    const categories = new Set(capabilities.flatMap((name) => (Object.hasOwn(CAPABILITIES, name) ? CAPABILITIES[name as Capability].category : [])))
    for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1)
  }
  return Object.fromEntries(counts)
}

/** What was asked since the start, and how it went. */
export function monitoringOf(api: Api) {
  const status = api.router.status()
  const { total_requests, successful_requests, overall_success_rate } = countsOf(status)
  return {
    total_requests,
    successful_requests,
    failed_requests: total_requests - successful_requests,
    success_rate: overall_success_rate,
    in_flight: status.inFlight,
    cache: { entries: status.cache.entries, hits: status.cache.hits, misses: status.cache.misses, stale: status.cache.stale },
  }
}

/** One source as it stands. */
export const sourceRow = (one: ProviderStatus) => ({
  provider_id: one.id,
  name: one.name,
  status: STATUS_WORDS[one.health],
  requests: one.requests,
  successes: one.successes,
  failures: one.failures,
  success_rate: one.successRate === undefined ? null : rounded(100 * one.successRate),
  avg_response_ms: known(one.latencyMs),
  last_success: iso(one.lastSuccessAt),
  last_failure: iso(one.lastFailureAt),
})
