import * as z from 'zod'
import { figure, idField, iso, isoField, known, maybe, maybeIso, rounded, words } from '../fields.js'
import { notFound } from '../failures.js'
import { MOST_MINUTES } from '../record/minutes.js'
import { route } from '../route.js'
import { binanceHosts, hostsField } from '../views/binance.js'
import { byCategory } from '../views/categories.js'
import { meanOf, moment, percent } from '../views/figures.js'
import { countsField, countsOf } from '../views/health.js'
import { restingField, restingOf, isAvailable, lastCheckOf, providerRow, providerRowField } from '../views/provider-rows.js'
import { seen, type Seen, seenOne } from '../views/seen.js'
import { capabilitiesOf, capabilityCounts, grouped, HEALTH_WORDS, healthField } from '../views/system-rows.js'
import { breakers } from './system.breakers.js'
import { systemStatus } from './system.status.js'

const tag = 'System'

const healthRowField = z.object({
  provider_id: z.string(),
  name: z.string(),
  priority: z.number(),
  status: healthField,
  available: z.boolean(),
  success_rate: figure,
  consecutive_failures: z.int(),
  response_time_ms: figure,
  last_check: maybeIso,
  capabilities_resting: restingField,
})

const healthRow = (one: Seen): z.output<typeof healthRowField> => ({
  provider_id: one.status.id,
  name: one.status.name,
  priority: one.status.priority,
  status: HEALTH_WORDS[one.status.health],
  available: isAvailable(one),
  success_rate: percent(one.status.successRate),
  consecutive_failures: one.status.consecutiveFailures,
  response_time_ms: rounded(one.status.latencyMs, 1),
  last_check: moment(lastCheckOf(one.status)),
  capabilities_resting: restingOf(one),
})

const providersHealth = route({
  method: 'GET',
  path: '/api/system/providers/health',
  tag,
  kind: 'state',
  summary: 'Health of all providers by category, and of the hosts of Binance',
  answer: z.object({
    success: z.literal(true),
    timestamp: isoField,
    providers: z
      .object({ binance_dns: maybe(hostsField) })
      .catchall(z.array(healthRowField))
      .describe('lists by category; binance_dns is none of them'),
    summary: z.object({
      total_categories: z.int(),
      total_providers: z.int(),
      healthy_providers: z.int(),
      degraded_providers: z.int(),
      down_providers: z.int(),
      unknown_providers: z.int(),
      resting_capabilities: z.int().describe('whose own breaker is open'),
    }),
  }),
  run({ api }) {
    const all = seen(api)
    const groups = grouped(all, healthRow)
    const count = (word: string): number => all.filter(({ status }) => HEALTH_WORDS[status.health] === word).length
    const summary = {
      total_categories: Object.keys(groups).length,
      total_providers: all.length,
      healthy_providers: count('healthy'),
      degraded_providers: count('degraded'),
      down_providers: count('down'),
      unknown_providers: count('unknown'),
      resting_capabilities: capabilityCounts(all).capability_breakers_open,
    }
    return { success: true, timestamp: iso(api.now()), providers: { ...groups, binance_dns: known(binanceHosts(all)[0]) }, summary }
  },
})

const binanceHealth = route({
  method: 'GET',
  path: '/api/system/binance/health',
  tag,
  kind: 'state',
  summary: 'The hosts of Binance',
  errors: [404],
  answer: z.object({
    success: z.literal(true),
    timestamp: isoField,
    binance_health: hostsField,
    connectors: z.array(hostsField).describe('all of them, where there is Binance.US, too'),
    summary: z.object({ total_endpoints: z.int(), available_endpoints: z.int(), in_backoff: z.int() }),
  }),
  run({ api }) {
    const connectors = binanceHosts(seen(api))
    const [binance_health] = connectors
    if (binance_health === undefined) throw notFound('no provider of this router asks Binance: /api/providers lists those there are')
    const hosts = connectors.flatMap(({ endpoints }) => endpoints)
    const summary = {
      total_endpoints: hosts.length,
      available_endpoints: hosts.filter(({ available }) => available).length,
      in_backoff: hosts.filter(({ backoff_until }) => backoff_until !== null).length,
    }
    return { success: true, timestamp: iso(api.now()), binance_health, connectors, summary }
  },
})

// the detailed list has its own words for three of them
const statisticsRowField = providerRowField.extend({ response_time_ms: figure, failure_count: z.int(), cooldown_until: maybeIso })

const statisticsRow = (one: Seen): z.output<typeof statisticsRowField> => {
  const row = providerRow(one)
  return { ...row, response_time_ms: row.avg_response_time, failure_count: row.failed_requests, cooldown_until: row.cooldown?.until ?? null }
}

/** Last-resort providers come after all others, whatever their priority. */
const inOrder = ({ status: a }: Seen, { status: b }: Seen): number =>
  Number(a.role === 'last-resort') - Number(b.role === 'last-resort') || a.priority - b.priority

const statistics = route({
  method: 'GET',
  path: '/api/system/providers/stats',
  tag,
  kind: 'state',
  summary: 'Counters, latencies and shares of all providers by category, the first in order first',
  answer: z.object({
    success: z.literal(true),
    timestamp: isoField,
    statistics: z.record(z.string(), z.object({ providers: z.array(statisticsRowField), total_providers: z.int(), avg_success_rate: figure })),
    totals: countsField,
  }),
  run({ api }) {
    const status = api.router.status()
    const all = seen(api, status).toSorted(inOrder)
    const groups = byCategory(all, capabilitiesOf).map(([category, members]) => [
      category,
      {
        providers: members.map(statisticsRow),
        total_providers: members.length,
        avg_success_rate: percent(meanOf(members.map((one) => one.status.successRate))),
      },
    ])
    return { success: true, timestamp: iso(status.at), statistics: Object.fromEntries(groups), totals: countsOf(status) }
  },
})

const history = route({
  method: 'GET',
  path: '/api/system/history',
  tag,
  kind: 'state',
  summary: 'Traffic minute by minute, of one provider or of all, since the API began to count',
  errors: [404],
  query: z.object({ provider: idField.optional(), minutes: z.int().min(1).max(MOST_MINUTES).default(60) }),
  answer: z.object({
    provider: words,
    points: z.array(
      z.object({ at: isoField, requests: z.int(), failures: z.int(), p95_ms: figure, status: z.enum(['online', 'degraded', 'offline', 'unknown']) }),
    ),
  }),
  run({ api, query: { provider, minutes } }) {
    const id = provider === undefined ? undefined : seenOne(api, provider).status.id
    const points = api.record.minutes.list(id, minutes).map(({ at, requests, failures, faults, p95Ms }) => ({
      at: iso(at),
      requests,
      failures,
      p95_ms: rounded(p95Ms, 1),
      status: requests === 0 ? 'unknown' : faults === 0 ? 'online' : faults < requests ? 'degraded' : 'offline',
    }))
    return { provider: known(id), points }
  },
})

/** What dashboards show. */
export const systemRoutes = [systemStatus, providersHealth, binanceHealth, breakers, statistics, history]
