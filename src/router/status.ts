import type { BreakerState } from '../pipeline/breaker.js'
import type { Candidate } from '../pipeline/candidate.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import type { RecentError } from '../pipeline/recent-errors.js'
import type { StoreStatus } from '../pipeline/sharing.js'
import type { WindowUsage } from '../quota/ledger.js'
import type { HostHealth } from '../http/hosts.js'
import { hostName } from '../http/redact.js'
import { scoreOf } from '../strategies/score.js'
import type { HealthReport } from './probes.js'
import type { Pool } from './pools.js'

/** `rate-limited`: resting or out of quota. `down`: breaker open, parked or isolated. `degraded`: half-open or failing. `unknown`: nothing was asked yet. */
export type ProviderHealth = 'healthy' | 'degraded' | 'rate-limited' | 'down' | 'unknown' | 'disabled'

/** One provider as `status()` shows it. What is not known is left out. Times in Unix ms. */
export interface ProviderStatus {
  readonly id: string
  readonly name: string
  readonly health: ProviderHealth
  readonly capabilities: readonly string[]
  readonly priority: number
  readonly weight: number
  readonly role: 'regular' | 'last-resort'
  readonly isolated: boolean
  readonly missesKey: boolean
  readonly breaker: { readonly state: BreakerState; readonly openUntil?: number }
  /** Breakers of single capabilities, after drifted answers. */
  readonly capabilityBreakers: Readonly<Record<string, BreakerState>>
  readonly cooldown?: { readonly until: number; readonly reason: string; readonly hits: number }
  readonly quota: readonly WindowUsage[]
  /** When a call of cost 1 fits, Unix ms. */
  readonly nextAvailableAt: number
  readonly inFlight: number
  /** Share of the traffic: `actual` over all pools, `target` in the pool of all providers where weights decide. */
  readonly share: { readonly target?: number; readonly actual?: number }
  readonly requests: number
  readonly successes: number
  readonly failures: number
  readonly rateLimitHits: number
  readonly driftedAnswers: number
  /** Comparisons that it took part in, those in which it dissented, and whether that costs it its place now; left out before the first. */
  /** What its own id for seems to be another asset's: its price was more than 20 % from all others. */
  readonly suspects?: readonly string[]
  readonly votes?: { readonly count: number; readonly dissents: number; readonly isHeldBack: boolean }
  readonly consecutiveFailures: number
  /** 0…1 of all requests. */
  readonly successRate?: number
  readonly latencyMs?: number
  readonly p50Ms?: number
  readonly p95Ms?: number
  readonly p99Ms?: number
  readonly lastSuccessAt?: number
  readonly lastFailureAt?: number
  readonly lastError?: string
  readonly probe?: HealthReport
  /** `url` is the bare name here: a base URL can hold a key. */
  readonly hosts?: readonly HostHealth[]
}

/** One member of a pool as `status()` shows it. */
export interface PoolMemberStatus {
  readonly provider: string
  readonly priority: number
  readonly weight: number
  readonly enabled: boolean
  readonly health: ProviderHealth
  readonly available: boolean
  readonly picks: number
  /** Share of the pool's traffic: `target` by weight among the available, `actual` since the pool was made. */
  readonly share: { readonly target?: number; readonly actual?: number }
  /** 0…100, see `scoreOf`; left out before its first pick. */
  readonly score?: number
}

/** One pool as `status()` shows it. */
export interface PoolStatus {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly category?: string
  /** The name of its strategy; left out where your own has none. */
  readonly strategy?: string
  readonly enabled: boolean
  readonly current?: string
  readonly rotations: number
  readonly members: readonly PoolMemberStatus[]
}

/** Everything about a router, as plain JSON. Reading changes nothing. */
export interface Status {
  readonly version: 1
  readonly at: number
  readonly providers: readonly ProviderStatus[]
  readonly pools: readonly PoolStatus[]
  readonly cache: {
    readonly entries: number
    readonly hits: number
    readonly misses: number
    readonly stale: number
    readonly hitRate?: number
    readonly byCapability: Readonly<Record<string, { hits: number; misses: number; stale: number }>>
  }
  readonly inFlight: number
  /** Left out where there is none. */
  readonly store?: StoreStatus
  /** Newest first. */
  readonly recentErrors: readonly RecentError[]
  /** Event listeners that threw. */
  readonly listenerFailures: number
}

/** One word for how a provider is. */
function healthOf(state: ProviderState, now: number): ProviderHealth {
  const { provider, breaker, rest, health, ledger } = state
  if (provider.enabled === false || provider.retired || state.missesKey) return 'disabled'
  if (state.isolated || breaker.state(now) === 'open') return 'down'
  if (rest.until > now) return rest.reason === 'rate-limited' || rest.reason === 'quota-exhausted' || rest.reason === 'unavailable' ? 'rate-limited' : 'down'
  if (ledger && ledger.isQuota(1, now)) return 'rate-limited'
  if (breaker.state(now) === 'half-open' || health.consecutiveFailures > 0) return 'degraded'
  return health.successes > 0 || state.probed ? 'healthy' : 'unknown'
}

/** One provider, for `status()`. */
export function providerStatus(state: ProviderState, probe: HealthReport | undefined, pools: readonly PoolStatus[], now: number): ProviderStatus {
  const { provider, breaker, rest, health, ledger } = state
  const percentiles =
    health.latencies.count === 0 ? {} : rounded({ p50Ms: health.latencies.at(0.5), p95Ms: health.latencies.at(0.95), p99Ms: health.latencies.at(0.99) })
  return {
    id: state.id,
    name: provider.name,
    health: healthOf(state, now),
    capabilities: Object.keys(provider.endpoints),
    priority: provider.priority ?? 1,
    weight: provider.weight ?? 1,
    role: provider.role ?? 'regular',
    isolated: state.isolated,
    missesKey: state.missesKey,
    breaker: { state: breaker.state(now), ...(breaker.state(now) === 'open' && { openUntil: breaker.openUntil }) },
    capabilityBreakers: Object.fromEntries([...state.driftBreakers].map(([capability, one]) => [capability, one.state(now)])),
    ...(rest.until > now && { cooldown: { until: rest.until, reason: rest.reason, hits: rest.hits } }),
    quota: ledger?.usage(now) ?? [],
    nextAvailableAt: Math.max(rest.until, breaker.permitsAt(now), ledger?.nextAvailableAt(1, now) ?? now, now),
    inFlight: state.inFlight,
    share: shareOf(state.id, pools),
    ...counts(state),
    ...suspectsOf(state, now),
    ...(state.votes.count > 0 && { votes: { count: state.votes.count, dissents: state.votes.dissents, isHeldBack: state.votes.isOdd(now) } }),
    ...(health.latencyMs !== undefined && rounded({ latencyMs: health.latencyMs })),
    ...percentiles,
    ...(probe && { probe }),
    ...(state.hosts && { hosts: state.hosts.health(now).map((host) => ({ ...host, url: hostName(host.url) })) }),
  }
}

function suspectsOf({ suspects }: ProviderState, now: number): Pick<ProviderStatus, 'suspects'> {
  const live = [...suspects].flatMap(([asset, until]) => (until > now ? [asset] : []))
  return live.length > 0 ? { suspects: live } : {}
}

function shareOf(id: string, pools: readonly PoolStatus[]): ProviderStatus['share'] {
  const members = pools.flatMap((pool) => pool.members)
  const all = members.reduce((sum, { picks }) => sum + picks, 0)
  const own = members.reduce((sum, { provider, picks }) => sum + (provider === id ? picks : 0), 0)
  const target = pools[0]?.members.find(({ provider }) => provider === id)?.share.target
  return { ...(target !== undefined && { target }), ...(all > 0 && { actual: own / all }) }
}

function counts({ health, drift }: ProviderState) {
  const { requests, successes, failures, rateLimitHits, consecutiveFailures, lastSuccessAt, lastFailureAt, lastError } = health
  return {
    requests,
    successes,
    failures,
    rateLimitHits,
    driftedAnswers: drift,
    consecutiveFailures,
    ...(requests > 0 && { successRate: successes / requests }),
    ...(lastSuccessAt !== undefined && { lastSuccessAt }),
    ...(lastFailureAt !== undefined && { lastFailureAt }),
    ...(lastError !== undefined && { lastError }),
  }
}

/** One pool, for `status()`. */
export function poolStatus(pool: Pool, states: ReadonlyMap<string, ProviderState>, now: number): PoolStatus {
  const candidates = [...pool.groups.values()].flatMap((group) => {
    group.now = now
    return group.candidates
  })
  const total = candidates.reduce((sum, { dispatches }) => sum + dispatches, 0)
  const available = new Set(pool.members.filter(({ id, enabled }) => enabled && pool.enabled && isAvailable(states.get(id), now)).map(({ id }) => id))
  const weights = pool.members.reduce((sum, { id, weight }) => sum + (available.has(id) ? weight : 0), 0)
  const members = pool.members.map(({ id, priority, weight, enabled }): PoolMemberStatus => {
    const own = candidates.filter((candidate) => candidate.id === id)
    const picks = own.reduce((sum, { dispatches }) => sum + dispatches, 0)
    const target = pool.strategy.byWeight === true && weights > 0 ? { target: available.has(id) ? weight / weights : 0 } : {}
    return {
      provider: id,
      priority,
      weight,
      enabled,
      health: healthIn(states, id, now),
      available: available.has(id),
      picks,
      share: { ...target, ...(total > 0 && { actual: picks / total }) },
      ...(own[0] && picks > 0 && { score: Math.round(scoreOf(own[0] satisfies Candidate)) }),
    }
  })
  return {
    id: pool.id,
    name: pool.name,
    ...(pool.description !== undefined && { description: pool.description }),
    ...(pool.category !== undefined && { category: pool.category }),
    ...(pool.strategy.label !== undefined && { strategy: pool.strategy.label }),
    enabled: pool.enabled,
    ...(pool.current !== undefined && { current: pool.current }),
    rotations: pool.rotations,
    members,
  }
}

const isAvailable = (state: ProviderState | undefined, now: number): boolean => state !== undefined && state.isAble(now)

const healthIn = (states: ReadonlyMap<string, ProviderState>, id: string, now: number): ProviderHealth => {
  const state = states.get(id)
  return state ? healthOf(state, now) : 'unknown'
}

const rounded = <T extends Record<string, number | undefined>>(figures: T): { [K in keyof T]: number } =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round((value ?? 0) * 10) / 10])) as { [K in keyof T]: number }
