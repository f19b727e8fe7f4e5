import { z } from 'zod'
import type { Status } from '../../router/status.js'
import { figure, known, maybe, rounded, seconds, words } from '../fields.js'
import { type Api, type Call, route } from '../route.js'
import { epoch, meanOf, percent } from '../views/figures.js'
import { STATUS_WORDS } from '../views/health.js'
import { overallField, overallOf, partField, partsOf, routeUseField, routeUses } from '../views/parts.js'
import { lastCheckOf, statusField } from '../views/provider-rows.js'
import { errorField, recentErrors } from '../views/recent-errors.js'
import { breakdownField, resourceBreakdown } from '../views/resources.js'
import { seen, type Seen } from '../views/seen.js'

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
function detailOf({ status }: Seen, { recentErrors: errors }: Status): z.output<typeof detailField> {
  const isWell = status.health === 'healthy'
  const last = errors.find(({ provider }) => provider === status.id)
  return {
    provider_id: status.id,
    name: status.name,
    status: STATUS_WORDS[status.health],
    response_time_ms: rounded(status.latencyMs, 1),
    success_rate: percent(status.successRate),
    last_check: epoch(lastCheckOf(status)),
    last_success: epoch(status.lastSuccessAt),
    error: isWell ? null : known(status.lastError),
    status_code: isWell ? null : known(last?.status),
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
  const engines = all.map(({ status }) => status).filter(({ capabilities }) => capabilities.includes('textSentiment'))
  const local = engines.find(({ id }) => id === 'transformers-js')
  const remote = engines.find(({ id }) => id === 'hugging-face')
  const [latest] = engines.filter(({ lastSuccessAt }) => lastSuccessAt !== undefined).toSorted((a, b) => (b.lastSuccessAt ?? 0) - (a.lastSuccessAt ?? 0))
  return {
    transformers_loaded: local ? local.successes > 0 : null,
    sentiment_models: engines.filter(({ health }) => health !== 'disabled').length,
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

/** What the server's own parts say; a part that fails to say it is taken for absent, and the log has why. */
function portsOf({ options, record }: Api) {
  const told = <T>(ask: (() => T) | undefined): T | undefined => {
    try {
      return ask?.()
    } catch (error) {
      record.failed(error, '/api/system/status')
      return undefined
    }
  }
  return { machine: told(options.system), database: told(options.database), worker: told(() => options.worker?.status()) }
}

function infrastructureOf({ options }: Api, { database, worker }: ReturnType<typeof portsOf>): z.output<typeof infrastructureField> {
  const next = worker?.running ? worker.jobs.flatMap(({ nextRunAt }) => nextRunAt ?? []) : []
  return {
    database_status: options.database === undefined ? 'not configured' : database?.connected ? database.name : `${database?.name ?? 'database'} disconnected`,
    database_connected: options.database === undefined ? null : database?.connected === true,
    database_entries: known(database?.entries),
    background_worker: options.worker === undefined ? 'not configured' : worker?.running ? 'running' : 'stopped',
    worker_next_run: next.length === 0 ? null : seconds(Math.min(...next)),
    websocket_active: options.sessions !== undefined,
    websocket_clients: known(options.sessions?.statistics().activeConnections),
  }
}

const performanceField = z.object({ avg_response_ms: figure, fastest_provider: words, fastest_time_ms: figure, cache_hit_rate: figure })

/** Out of measured calls. What is worked out here is no answer that anybody waited for, where others were measured. */
function performanceOf(all: readonly Seen[], { cache }: Status): z.output<typeof performanceField> {
  const measured = all.filter(({ status }) => status.latencyMs !== undefined)
  const remote = measured.filter(({ provider }) => provider.hosts !== undefined)
  const of = remote.length > 0 ? remote : measured
  const [fastest] = of.toSorted((a, b) => (a.status.latencyMs ?? 0) - (b.status.latencyMs ?? 0))
  return {
    avg_response_ms: rounded(meanOf(of.map(({ status }) => status.latencyMs)), 1),
    fastest_provider: known(fastest?.status.name),
    fastest_time_ms: rounded(fastest?.status.latencyMs, 1),
    cache_hit_rate: percent(cache.hitRate),
  }
}

/** Everything that the drawer shows, out of what is in memory. */
export const systemStatus = route({
  method: 'GET',
  path: '/api/system/status',
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
    const ports = portsOf(api)
    const { machine } = ports
    const services = partsOf(api, status, ports)
    const endpoints = routeUses(api)
    return {
      overall_health: overallOf(services, endpoints, [machine?.cpuPercent, machine?.memoryPercent]),
      services,
      endpoints,
      coins: COINS.map((symbol) => coinOf(call, symbol)),
      resources: machineRow(machine),
      providers_detailed: all.map((one) => detailOf(one, status)),
      ai_models: modelsOf(all),
      infrastructure: infrastructureOf(api, ports),
      resource_breakdown: resourceBreakdown(all),
      error_details: recentErrors(status),
      performance: performanceOf(all, status),
      timestamp: seconds(status.at),
    }
  },
})

const machineRow = (told: ReturnType<typeof portsOf>['machine']): z.output<typeof machineField> => ({
  cpu_percent: rounded(told?.cpuPercent, 1),
  memory_percent: rounded(told?.memoryPercent, 1),
  memory_used_mb: rounded(told?.memoryUsedMb, 1),
  memory_total_mb: rounded(told?.memoryTotalMb, 1),
  uptime_seconds: rounded(told?.uptimeSeconds, 0),
  load_avg: told?.loadAverage ? [...told.loadAverage] : null,
})
