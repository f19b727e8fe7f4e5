import * as z from 'zod'
import type { Status } from '../../router/status.js'
import { figure, known, maybe, rounded, seconds, words } from '../fields.js'
import type { RecentError } from '../../pipeline/recent-errors.js'
import { type Api, type Call, route } from '../route.js'
import { epoch, percent } from '../views/figures.js'
import { STATUS_WORDS } from '../views/health.js'
import { averageMs, measured } from '../views/measured.js'
import { overallField, overallOf, partField, partsOf, routeUseField, routeUses } from '../views/parts.js'
import { portsTold, type Told } from '../views/ports.js'
import { isAvailable, lastCheckOf, statusField } from '../views/provider-rows.js'
import { errorField, recentErrors } from '../views/recent-errors.js'
import { breakdownField, resourceBreakdown } from '../views/resources.js'
import { seen, type Seen } from '../views/seen.js'

const PATH = '/api/system/status'

const COINS = ['BTC', 'ETH', 'BNB', 'SOL', 'ADA']

const coinField = z.object({
  symbol: z.string(),
  status: z.enum(['online', 'degraded', 'unknown']).describe('degraded: the price in memory is no longer fresh; unknown: there is none'),
  last_update: figure,
  price: figure,
})

/** Prices that are in memory: nobody is asked for one. */
function coinOf(call: Pick<Call<never, never, never>, 'api' | 'peek'>, symbol: string): z.output<typeof coinField> {
  const found = call.peek('ticker', { symbol: `${symbol}/USD` })
  if (found === undefined) return { symbol, status: 'unknown', last_update: null, price: null }
  return { symbol, status: found.freshUntil > call.api.now() ? 'online' : 'degraded', last_update: epoch(found.fetchedAt), price: found.data.last }
}

const machineField = z.object({
  cpu_percent: figure,
  memory_percent: figure,
  memory_used_mb: figure,
  memory_total_mb: figure,
  uptime_seconds: figure,
  load_avg: maybe(z.array(z.number())),
})

const detailField = z.object({
  provider_id: z.string(),
  name: z.string(),
  status: statusField,
  response_time_ms: figure,
  success_rate: figure,
  last_check: figure,
  last_success: figure,
  error: words.describe('the last one, while it is not online'),
  status_code: figure,
  resource_count: z.int().describe('capabilities that it serves'),
  cached_until: figure.describe('end of its rest: until then others and answers in memory stand in for it'),
})

/** The row of a provider in the drawer. Times in epoch s. */
function detailOf({ status }: Seen, errors: ReadonlyMap<string, RecentError>): z.output<typeof detailField> {
  const isWell = status.health === 'healthy'
  return {
    provider_id: status.id,
    name: status.name,
    status: STATUS_WORDS[status.health],
    response_time_ms: rounded(status.latencyMs, 1),
    success_rate: percent(status.successRate),
    last_check: epoch(lastCheckOf(status)),
    last_success: epoch(status.lastSuccessAt),
    error: isWell ? null : known(status.lastError),
    status_code: isWell ? null : known(errors.get(status.id)?.status),
    resource_count: status.capabilities.length,
    cached_until: epoch(status.cooldown?.until),
  }
}

const modelsField = z.object({
  transformers_loaded: maybe(z.boolean()).describe('whether a model on this machine answered; null where none is set up'),
  sentiment_models: z.int().describe('providers of text sentiment that can be asked'),
  hf_api_active: maybe(z.boolean()).describe('whether Hugging Face answers; null where it is not set up or was not asked yet'),
  engine: words.describe('which of them answered last'),
  last_call: figure,
})

function modelsOf(all: readonly Seen[]): z.output<typeof modelsField> {
  const able = all.filter(({ status }) => status.capabilities.includes('textSentiment'))
  const engines = able.map(({ status }) => status)
  const local = engines.find(({ id }) => id === 'transformers-js')
  const remote = engines.find(({ id }) => id === 'hugging-face')
  const [latest] = engines.filter(({ lastSuccessAt }) => lastSuccessAt !== undefined).toSorted((a, b) => (b.lastSuccessAt ?? 0) - (a.lastSuccessAt ?? 0))
  return {
    transformers_loaded: local ? local.successes > 0 : null,
    sentiment_models: able.filter(isAvailable).length,
    hf_api_active: remote === undefined || remote.health === 'unknown' ? null : remote.health === 'healthy',
    engine: known(latest?.id),
    last_call: epoch(latest?.lastSuccessAt),
  }
}

const infrastructureField = z.object({
  database_status: z.string().describe('SQLite, SQLite disconnected, not configured'),
  database_connected: maybe(z.boolean()),
  database_entries: figure,
  background_worker: z.enum(['running', 'stopped', 'not configured']),
  worker_next_run: figure,
  websocket_active: z.boolean(),
  websocket_clients: figure,
})

function infrastructureOf({ options }: Api, { database, worker, sessions }: Told): z.output<typeof infrastructureField> {
  const next = worker?.running ? worker.jobs.flatMap(({ nextRunAt }) => nextRunAt ?? []) : []
  return {
    database_status: options.database === undefined ? 'not configured' : database?.connected ? database.name : `${database?.name ?? 'database'} disconnected`,
    database_connected: options.database === undefined ? null : database?.connected === true,
    database_entries: known(database?.entries),
    background_worker: options.worker === undefined ? 'not configured' : worker?.running ? 'running' : 'stopped',
    worker_next_run: next.length === 0 ? null : seconds(Math.min(...next)),
    websocket_active: options.sessions !== undefined,
    websocket_clients: known(sessions?.activeConnections),
  }
}

const performanceField = z.object({ avg_response_ms: figure, fastest_provider: words, fastest_time_ms: figure, cache_hit_rate: figure })

/** Out of measured calls. */
function performanceOf(all: readonly Seen[], { cache }: Status): z.output<typeof performanceField> {
  const [fastest] = measured(all).toSorted((a, b) => (a.status.latencyMs ?? 0) - (b.status.latencyMs ?? 0))
  return {
    avg_response_ms: rounded(averageMs(all), 1),
    fastest_provider: known(fastest?.status.name),
    fastest_time_ms: rounded(fastest?.status.latencyMs, 1),
    cache_hit_rate: percent(cache.hitRate),
  }
}

/** Everything that the drawer shows, out of what is in memory. */
export const systemStatus = route({
  method: 'GET',
  path: PATH,
  tag: 'System',
  kind: 'state',
  summary: 'Everything at once, for a status page; all times in seconds since the epoch',
  answer: z.object({
    overall_health: overallField,
    services: z.array(partField),
    endpoints: z.array(routeUseField),
    coins: z.array(coinField),
    resources: machineField,
    providers_detailed: z.array(detailField),
    ai_models: modelsField,
    infrastructure: infrastructureField,
    resource_breakdown: breakdownField,
    error_details: z.array(errorField),
    performance: performanceField,
    timestamp: z.int(),
  }),
  run(call) {
    const { api } = call
    const status = api.router.status()
    const all = seen(api, status)
    const ports = portsTold(api, PATH)
    const { machine } = ports
    const errors = api.record.failures.list(status)
    const lastErrors = new Map(errors.toReversed().map((error) => [error.provider, error]))
    const services = partsOf(api, status, ports)
    const endpoints = routeUses(api)
    return {
      overall_health: overallOf(services, endpoints, [machine?.cpuPercent, machine?.memoryPercent]),
      services,
      endpoints,
      coins: COINS.map((symbol) => coinOf(call, symbol)),
      resources: machineRow(machine),
      providers_detailed: all.map((one) => detailOf(one, lastErrors)),
      ai_models: modelsOf(all),
      infrastructure: infrastructureOf(api, ports),
      resource_breakdown: resourceBreakdown(all),
      error_details: recentErrors(errors, status.at),
      performance: performanceOf(all, status),
      timestamp: seconds(status.at),
    }
  },
})

const machineRow = (told: Told['machine']): z.output<typeof machineField> => ({
  cpu_percent: rounded(told?.cpuPercent, 1),
  memory_percent: rounded(told?.memoryPercent, 1),
  memory_used_mb: rounded(told?.memoryUsedMb, 1),
  memory_total_mb: rounded(told?.memoryTotalMb, 1),
  uptime_seconds: rounded(told?.uptimeSeconds, 0),
  load_avg: told?.loadAverage?.every(Number.isFinite) ? told.loadAverage.map((load) => rounded(load) ?? 0) : null,
})
