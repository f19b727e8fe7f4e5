import * as z from 'zod'
import type { Capability } from '../../model/capabilities.js'
import type { ProviderHealth, Status } from '../../router/status.js'
import { figure, iso, isoField, known, rounded, words } from '../fields.js'
import { attachment, Reply } from '../reply.js'
import { type Api, route } from '../route.js'
import { countsField, countsOf, overallHealth } from '../views/health.js'
import { averageMs } from '../views/measured.js'
import { sessionsTold } from '../views/ports.js'
import { poolField, poolView } from '../views/pool-rows.js'
import { providerRow, providerRowField } from '../views/provider-rows.js'
import { seen } from '../views/seen.js'

const tag = 'Monitoring'

const health = route({
  method: 'GET',
  path: '/health',
  tag,
  kind: 'state',
  summary: 'How the service is; a container asks here',
  answer: z.object({
    status: z.enum(['healthy', 'degraded', 'unhealthy']),
    timestamp: isoField,
    providers_count: z.int(),
    online_count: z.int(),
    connected_clients: z.int().nullable(),
    total_sessions: z.int().nullable(),
  }),
  run({ api }) {
    const status = api.router.status()
    const sessions = sessionsTold(api, '/health')
    return {
      status: overallHealth(status),
      timestamp: iso(status.at),
      providers_count: status.providers.length,
      online_count: countsOf(status).online,
      connected_clients: sessions?.activeConnections ?? null,
      total_sessions: sessions?.totalSessions ?? null,
    }
  },
})

const ready = route({
  method: 'GET',
  path: '/ready',
  tag,
  kind: 'state',
  summary: 'Whether every required capability has a provider that can be asked',
  errors: [503],
  answer: z.object({ ready: z.boolean(), required: z.array(z.object({ capability: z.string(), eligible: z.int() })), timestamp: isoField }),
  run({ api }) {
    const now = api.router.status()
    const required = api.options.required.map((capability) => ({ capability, eligible: eligible(now, capability) }))
    const isReady = required.every((one) => one.eligible > 0)
    return new Reply({ ready: isReady, required, timestamp: iso(now.at) }, { status: isReady ? 200 : 503 })
  },
})

/** Providers of a capability that could be asked now. */
const eligible = ({ providers }: Status, capability: Capability): number =>
  providers.filter(
    ({ capabilities, capabilityBreakers, health: is }) => capabilities.includes(capability) && capabilityBreakers[capability] !== 'open' && !OUT.has(is),
  ).length

const OUT: ReadonlySet<ProviderHealth> = new Set(['down', 'disabled', 'rate-limited'])

const status = route({
  method: 'GET',
  path: '/api/status',
  tag,
  kind: 'state',
  summary: 'The service in ten figures',
  answer: z.object({
    status: z.enum(['operational', 'degraded']),
    timestamp: isoField,
    total_providers: z.int(),
    online: z.int(),
    offline: z.int(),
    degraded: z.int(),
    avg_response_time_ms: figure,
    total_requests: z.int(),
    successful_requests: z.int(),
    success_rate: figure,
  }),
  run({ api }) {
    const now = api.router.status()
    const { total_providers, online, offline, degraded, total_requests, successful_requests, overall_success_rate } = countsOf(now)
    return {
      status: online > offline ? 'operational' : 'degraded',
      timestamp: iso(now.at),
      total_providers,
      online,
      offline,
      degraded,
      avg_response_time_ms: rounded(averageMs(seen(api, now)), 1),
      total_requests,
      successful_requests,
      success_rate: overall_success_rate,
    }
  },
})

const apiHealth = route({
  method: 'GET',
  path: '/api/health',
  tag,
  kind: 'state',
  summary: 'How the service is, and which one it is',
  answer: z.object({ status: z.enum(['healthy', 'degraded', 'unhealthy']), timestamp: isoField, service: words, version: words }),
  run({ api }) {
    const now = api.router.status()
    const { name, version } = api.options.service ?? {}
    return { status: overallHealth(now), timestamp: iso(now.at), service: known(name), version: known(version) }
  },
})

const statsField = z.object({
  summary: countsField,
  providers: z.record(z.string(), providerRowField),
  pools: z.record(z.string(), poolField),
})

/** All counters of providers and pools, by id. */
function statsOf(api: Api): z.output<typeof statsField> {
  const now = api.router.status()
  const all = seen(api, now)
  return {
    summary: countsOf(now),
    providers: Object.fromEntries(all.map((one) => [one.status.id, providerRow(one)])),
    pools: Object.fromEntries(now.pools.map((pool) => [pool.id, poolView(pool, all)])),
  }
}

const stats = route({
  method: 'GET',
  path: '/api/stats',
  tag,
  kind: 'state',
  summary: 'All counters of providers and pools',
  answer: statsField,
  run: ({ api }) => statsOf(api),
})

const statsExport = route({
  method: 'GET',
  path: '/api/stats/export',
  tag,
  kind: 'state',
  summary: 'The same as a file',
  answer: statsField,
  run: ({ api }) => attachment('provider_stats.json', 'application/json', JSON.stringify(statsOf(api), undefined, 2)),
})

/** How the service is, at a glance. */
export const monitoringRoutes = [health, ready, status, apiHealth, stats, statsExport]
