import * as z from 'zod'
import type { PoolMemberStatus, PoolStatus } from '../../router/status.js'
import { fastest } from '../../strategies/fastest.js'
import { leastUsed } from '../../strategies/least-used.js'
import { priority } from '../../strategies/priority.js'
import { roundRobin } from '../../strategies/round-robin.js'
import { score } from '../../strategies/score.js'
import type { Strategy } from '../../strategies/strategy.js'
import { weighted } from '../../strategies/weighted.js'
import { weightedRandom } from '../../strategies/weighted-random.js'
import { figure, known, maybe, rounded, words } from '../fields.js'
import type { NotedRotation } from '../record/rotations.js'
import { percent } from './figures.js'
import { STATUS_WORDS } from './health.js'
import { rateLimitField, rateLimitOf, shareField, statusField } from './provider-rows.js'
import type { Seen } from './seen.js'

/** Strategies by their names in the API. */
export const STRATEGIES = {
  round_robin: roundRobin,
  weighted,
  priority,
  least_used: leastUsed,
  fastest_response: fastest,
  weighted_random: weightedRandom,
  score,
} as const satisfies Record<string, () => Strategy>

/** Name of a strategy that can be chosen. */
export const strategyField = z.enum(Object.keys(STRATEGIES) as [keyof typeof STRATEGIES])

/** The API's name of a strategy; your own keeps the label that you gave it, and is `custom` without one. */
const strategyName = (label: string | undefined): string => (label === 'fastest' ? 'fastest_response' : (label?.replaceAll('-', '_') ?? 'custom'))

/** Id of a pool in a path: pools of the router's options have whatever ids they were given. */
export const poolIdField = z.string().min(1).max(200)

const heading = {
  pool_id: z.string(),
  pool_name: z.string(),
  description: words,
  category: words,
  rotation_strategy: z.string(),
  enabled: z.boolean(),
  total_rotations: z.int(),
  total_providers: z.int(),
  available_providers: z.int(),
}

/** A pool with figures of its members. */
export const poolField = z.object({
  ...heading,
  providers: z.array(
    z.object({
      provider_id: z.string(),
      name: z.string(),
      status: statusField,
      success_rate: figure,
      total_requests: z.int(),
      avg_response_time: figure,
      is_available: z.boolean(),
    }),
  ),
})

/** A pool in the listing, with what the pool itself says of its members. */
export const poolRowField = z.object({
  ...heading,
  current_provider: maybe(z.object({ provider_id: z.string(), name: z.string(), status: statusField })),
  members: z.array(
    z.object({
      provider_id: z.string(),
      provider_name: z.string(),
      status: statusField,
      is_available: z.boolean(),
      enabled: z.boolean(),
      success_rate: figure,
      use_count: z.int(),
      share: shareField,
      score: figure,
      priority: z.number(),
      weight: z.number(),
      rate_limit: maybe(rateLimitField),
    }),
  ),
})

const headingOf = ({ id, name, description, category, strategy, enabled, rotations, members }: PoolStatus) => ({
  pool_id: id,
  pool_name: name,
  description: known(description),
  category: known(category),
  rotation_strategy: strategyName(strategy),
  enabled,
  total_rotations: rotations,
  total_providers: members.length,
  available_providers: members.filter(({ available }) => available).length,
})

/** Members of whom something is known, with it. */
const withProvider = ({ members }: PoolStatus, all: readonly Seen[]): [PoolMemberStatus, Seen][] =>
  members.flatMap((member) => all.filter(({ status }) => status.id === member.provider).map((one): [PoolMemberStatus, Seen] => [member, one]))

/** A pool with figures of its members. */
export function poolView(pool: PoolStatus, all: readonly Seen[]): z.output<typeof poolField> {
  const providers = withProvider(pool, all).map(([{ available }, { status }]) => ({
    provider_id: status.id,
    name: status.name,
    status: STATUS_WORDS[status.health],
    success_rate: percent(status.successRate),
    total_requests: status.requests,
    avg_response_time: rounded(status.latencyMs, 1),
    is_available: available,
  }))
  return { ...headingOf(pool), providers }
}

/** A pool in the listing. */
export function poolRow(pool: PoolStatus, all: readonly Seen[]): z.output<typeof poolRowField> {
  const current = all.find(({ status }) => status.id === pool.current)?.status
  const members = withProvider(pool, all).map(([member, { status }]) => ({
    provider_id: status.id,
    provider_name: status.name,
    status: STATUS_WORDS[status.health],
    is_available: member.available,
    enabled: member.enabled,
    success_rate: percent(status.successRate),
    use_count: member.picks,
    share: { target: percent(member.share.target), actual: percent(member.share.actual) },
    score: known(member.score),
    priority: member.priority,
    weight: member.weight,
    rate_limit: rateLimitOf(status),
  }))
  const current_provider = current ? { provider_id: current.id, name: current.name, status: STATUS_WORDS[current.health] } : null
  return { ...headingOf(pool), current_provider, members }
}

/** One change of the answering member. */
export const rotationField = z.object({
  pool_id: z.string(),
  pool_name: z.string(),
  from: words,
  to: z.string(),
  provider_name: words.describe('of who answers since; null where it left the router'),
  total_rotations: z.int().describe('of the pool up to this one'),
  timestamp: z.iso.datetime(),
  reason: z.string(),
  success: maybe(z.boolean()).describe('whether who answers since answered the request that brought it about; null where none did, or that is not known'),
  notes: z.string(),
})

/** One change; `names`: of the router's providers. */
export const rotationRow = ({ pool, poolName, from, to, reason, at, total, success }: NotedRotation, names: ReadonlyMap<string, string>) => ({
  pool_id: pool,
  pool_name: poolName,
  from: known(from),
  to,
  provider_name: known(names.get(to)),
  total_rotations: total,
  timestamp: new Date(at).toISOString(),
  reason,
  success: known(success),
  notes: notesOf(reason, from ?? 'the one before', to),
})

function notesOf(reason: string, from: string, to: string): string {
  switch (reason) {
    case 'strategy':
      return `the strategy chose ${to} in the place of ${from}`
    case 'failover':
      return `${from} failed the request, so ${to} was asked`
    case 'rate-limit':
      return `${from} rested, so ${to} was asked`
    case 'breaker':
      return `the breaker of ${from} was open, so ${to} was asked`
    case 'recovery':
      return `${to} could be asked again, and came back in the place of ${from}`
    case 'manual':
      return `moved on from ${from} to ${to} by hand`
    default:
      return `moved on from ${from} to ${to} by hand: ${reason}`
  }
}
