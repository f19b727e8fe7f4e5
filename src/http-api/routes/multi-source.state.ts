import * as z from 'zod'
import { monitoringOf, sourceRow, sourcesByType } from '../data/sources.js'
import { figure, iso, isoField, maybeIso } from '../fields.js'
import { route } from '../route.js'
import { countsOf, overallHealth } from '../views/health.js'

const tag = 'Multi-source'

const monitoringField = z.object({
  total_requests: z.int(),
  successful_requests: z.int(),
  failed_requests: z.int(),
  success_rate: figure.describe('percent'),
  in_flight: z.int(),
  cache: z.object({ entries: z.int(), hits: z.int(), misses: z.int(), stale: z.int() }),
})

const sourceField = z.object({
  provider_id: z.string(),
  name: z.string(),
  status: z.string(),
  requests: z.int(),
  successes: z.int(),
  failures: z.int(),
  success_rate: figure.describe('percent'),
  avg_response_ms: figure,
  last_success: maybeIso,
  last_failure: maybeIso,
})

const byType = z.record(z.string(), z.int()).describe('category → providers')

const stats = route({
  method: 'GET',
  path: '/api/multi-source/monitoring/stats',
  tag,
  kind: 'state',
  summary: 'What was asked of each source since the start, and how it went',
  answer: z.object({ success: z.literal(true), total_sources: z.int(), monitoring: monitoringField, sources: z.array(sourceField), timestamp: isoField }),
  run({ api }) {
    const { providers, at } = api.router.status()
    return { success: true, total_sources: providers.length, monitoring: monitoringOf(api), sources: providers.map(sourceRow), timestamp: iso(at) }
  },
})

const sources = route({
  method: 'GET',
  path: '/api/multi-source/sources/status',
  tag,
  kind: 'state',
  summary: 'The sources by what they have, and how each is',
  answer: z.object({
    success: z.literal(true),
    total_sources: z.int(),
    sources_by_type: byType,
    sources: z.array(sourceField.pick({ provider_id: true, name: true, status: true })),
    monitoring: monitoringField,
    timestamp: isoField,
  }),
  run({ api }) {
    const { providers, at } = api.router.status()
    return {
      success: true,
      total_sources: providers.length,
      sources_by_type: sourcesByType(providers),
      sources: providers.map(sourceRow).map(({ provider_id, name, status }) => ({ provider_id, name, status })),
      monitoring: monitoringOf(api),
      timestamp: iso(at),
    }
  },
})

const health = route({
  method: 'GET',
  path: '/api/multi-source/health',
  tag,
  kind: 'state',
  summary: 'How the sources are, by number',
  answer: z.object({
    success: z.literal(true),
    status: z.enum(['healthy', 'degraded', 'unhealthy']),
    total_sources: z.int(),
    online: z.int(),
    degraded: z.int(),
    rate_limited: z.int(),
    offline: z.int(),
    unknown: z.int(),
    timestamp: isoField,
  }),
  run({ api }) {
    const status = api.router.status()
    const { total_providers: total_sources, online, degraded, rate_limited, offline, unknown } = countsOf(status)
    return { success: true, status: overallHealth(status), total_sources, online, degraded, rate_limited, offline, unknown, timestamp: iso(status.at) }
  },
})

const clear = route({
  method: 'POST',
  path: '/api/multi-source/cache/clear',
  tag,
  kind: 'state',
  guarded: true,
  summary: 'Forgets all answers: the next requests ask afresh',
  errors: [401, 403],
  answer: z.object({ success: z.literal(true), message: z.string(), cleared: z.int(), timestamp: isoField }),
  run({ api }) {
    const { entries } = api.router.status().cache
    api.router.clearCache()
    return { success: true, message: `${entries} ${entries === 1 ? 'answer is' : 'answers are'} forgotten`, cleared: entries, timestamp: iso(api.now()) }
  },
})

/** How the sources are. */
export const sourceStateRoutes = [stats, sources, health, clear]
