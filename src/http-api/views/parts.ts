import * as z from 'zod'
import type { PoolStatus, Status } from '../../router/status.js'
import { figure, rounded } from '../fields.js'
import type { RouteCount } from '../record/route-counts.js'
import type { Api } from '../route.js'
import { epoch, newest, percent } from './figures.js'
import { overallHealth } from './health.js'
import { averageMs } from './measured.js'
import type { Told } from './ports.js'
import { lastCheckOf } from './provider-rows.js'
import { seen } from './seen.js'

const partStatusField = z.enum(['online', 'degraded', 'offline', 'unknown', 'disabled', 'not configured'])

/** How a part is. */
type PartStatus = z.output<typeof partStatusField>

/** A part of the server. Times in epoch s. */
export const partField = z.object({ name: z.string(), status: partStatusField, last_check: figure, response_time_ms: figure })

type Part = z.output<typeof partField>

/** A route as it was used. */
export const routeUseField = z.object({
  path: z.string(),
  method: z.string(),
  status: z.enum(['online', 'degraded', 'offline']).describe('by the last 20 answers: from 90 % below 500 online, from 50 % degraded'),
  requests: z.int(),
  success_rate: z.number().describe('of all answers so far, those below 500'),
  avg_response_ms: figure,
})

/** The parts of this server, each pool among them. What is not configured says so. */
export function partsOf(api: Api, status: Status, { database, worker }: Told): Part[] {
  const { hits, misses, stale } = status.cache
  const isAsked = status.providers.some(({ requests }) => requests > 0)
  const lastCheck = newest(...status.providers.map(lastCheckOf))
  const own = (name: string, is: PartStatus): Part => ({
    name,
    status: is,
    last_check: is === 'not configured' ? null : epoch(status.at),
    response_time_ms: null,
  })
  return [
    {
      name: 'router',
      status: isAsked ? ROUTER_WORDS[overallHealth(status)] : 'unknown',
      last_check: epoch(lastCheck),
      response_time_ms: rounded(averageMs(seen(api, status)), 1),
    },
    own('cache', hits + misses + stale > 0 ? 'online' : 'unknown'),
    own('database', api.options.database ? (database?.connected ? 'online' : 'offline') : 'not configured'),
    own('worker', api.options.worker ? (worker?.running ? 'online' : 'offline') : 'not configured'),
    own('live stream', api.options.sessions ? 'online' : 'not configured'),
    ...status.pools.map((pool) => poolPart(pool, status)),
  ]
}

const ROUTER_WORDS = { healthy: 'online', degraded: 'degraded', unhealthy: 'offline' } as const

function poolPart({ id, members, enabled, current }: PoolStatus, { providers }: Status): Part {
  const own = providers.filter((provider) => members.some((member) => member.provider === provider.id))
  const lastCheck = newest(...own.map(lastCheckOf))
  return {
    name: `pool ${id}`,
    status: enabled ? poolStatus(members, lastCheck !== undefined) : 'disabled',
    last_check: epoch(lastCheck),
    response_time_ms: rounded(own.find((provider) => provider.id === current)?.latencyMs, 1),
  }
}

/** Members that are switched off or have no key are nothing that fails. */
function poolStatus(members: PoolStatus['members'], isAsked: boolean): PartStatus {
  const wanted = members.filter(({ enabled, health }) => enabled && health !== 'disabled')
  const available = wanted.filter((member) => member.available).length
  if (available === 0) return 'offline'
  if (!isAsked) return 'unknown'
  return available * 2 < wanted.length ? 'degraded' : 'online'
}

/** Routes as they were used so far. */
export const routeUses = (api: Api): z.output<typeof routeUseField>[] => api.record.routes.list().map(routeUse)

function routeUse({ path, method, requests, successes, recentShare, averageMs: ms }: RouteCount): z.output<typeof routeUseField> {
  const status = recentShare >= 0.9 ? 'online' : recentShare >= 0.5 ? 'degraded' : 'offline'
  return { path, method, status, requests, success_rate: percent(successes / requests) ?? 0, avg_response_ms: rounded(ms, 1) }
}

/** How all of it is. */
export const overallField = z.enum(['online', 'degraded', 'partial', 'offline'])

/**
 * Parts and routes are well to so many percent: from 90 `online`, if the machine is less than 90 % busy, from 70 `degraded`, from 50 `partial`, else
 * `offline`. What is unknown or not configured does not count; but a router that was never asked is not `online`.
 */
export function overallOf(
  parts: readonly Part[],
  routes: readonly { readonly status: string }[],
  loads: readonly (number | undefined)[],
): z.output<typeof overallField> {
  const counted = parts.filter(({ status }) => COUNTED.has(status))
  const share = Math.min(shareOnline(counted), shareOnline(routes))
  if (share < 0.5) return 'offline'
  if (share < 0.7) return 'partial'
  const isBusy = loads.some((percentage) => percentage !== undefined && percentage >= 90)
  const isTried = parts.some(({ name, status }) => name === 'router' && status !== 'unknown')
  return share >= 0.9 && !isBusy && isTried ? 'online' : 'degraded'
}

const COUNTED: ReadonlySet<string> = new Set(['online', 'degraded', 'offline'])

const shareOnline = (all: readonly { readonly status: string }[]): number =>
  all.length === 0 ? 1 : all.filter(({ status }) => status === 'online').length / all.length
