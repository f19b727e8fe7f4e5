import type { PoolStatus, ProviderHealth, ProviderStatus, Status } from '../router/status.js'
import { exposition, type Family, type Sample } from './exposition.js'

/** A router, as far as its state goes. */
export interface Measured {
  status(): Status
}

/** The state of a router in Prometheus' text format 0.0.4. Only what was measured: what is not known has no line. Asks nobody and changes nothing. */
export const prometheusText = (router: Measured): string => exposition(familiesOf(router.status()))

type Part = (provider: ProviderStatus) => readonly Sample[]
type OfProvider = readonly [name: string, type: Family['type'], help: string, samples: Part]

const HEALTHS: readonly ProviderHealth[] = ['healthy', 'degraded', 'rate-limited', 'down', 'unknown', 'disabled']
const STATES = ['closed', 'open', 'half-open'] as const

/** One figure of a provider. */
const one =
  (valueOf: (provider: ProviderStatus) => number | undefined): Part =>
  (provider) => [{ labels: { provider: provider.id }, value: valueOf(provider) }]

/** One series for each state that it can be in, 1 for the one it is in. */
const states =
  <S extends string>(all: readonly S[], stateOf: (provider: ProviderStatus) => S): Part =>
  (provider) =>
    all.map((state) => ({ labels: { provider: provider.id, state }, value: state === stateOf(provider) ? 1 : 0 }))

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000)

const latencies: Part = ({ id, latencyMs, p50Ms, p95Ms, p99Ms }) =>
  Object.entries({ average: latencyMs, p50: p50Ms, p95: p95Ms, p99: p99Ms }).map(([stat, ms]) => ({ labels: { provider: id, stat }, value: seconds(ms) }))

const shares: Part = ({ id, share }) =>
  Object.entries({ target: share.target, actual: share.actual }).map(([kind, value]) => ({ labels: { provider: id, kind }, value }))

/** Of windows that look alike, one for the address and one for the key say, the one that is nearer its end. */
const quota =
  (valueOf: (window: ProviderStatus['quota'][number]) => number): Part =>
  ({ id, quota: windows }) =>
    windows
      .toSorted((a, b) => b.used / b.limit - a.used / a.limit)
      .map((window) => ({ labels: { provider: id, kind: window.kind, window_seconds: String(window.perMs / 1_000) }, value: valueOf(window) }))

type Host = NonNullable<ProviderStatus['hosts']>[number]

const hosts =
  (valueOf: (host: Host) => number | undefined): Part =>
  ({ id, hosts: all = [] }) =>
    all.map((host) => ({ labels: { provider: id, host: host.url }, value: valueOf(host) }))

const OF_PROVIDERS: readonly OfProvider[] = [
  ['feedmux_provider_requests_total', 'counter', 'Calls of a provider that ended.', one(({ requests }) => requests)],
  ['feedmux_provider_successes_total', 'counter', 'Calls of a provider that it answered.', one(({ successes }) => successes)],
  ['feedmux_provider_failures_total', 'counter', 'Calls of a provider that failed.', one(({ failures }) => failures)],
  ['feedmux_provider_rate_limit_hits_total', 'counter', 'Refusals for asking too often.', one(({ rateLimitHits }) => rateLimitHits)],
  ['feedmux_provider_drifted_answers_total', 'counter', 'Answers otherwise than documented.', one(({ driftedAnswers }) => driftedAnswers)],
  ['feedmux_provider_consecutive_failures', 'gauge', 'Failures since the last answer.', one(({ consecutiveFailures }) => consecutiveFailures)],
  ['feedmux_provider_in_flight', 'gauge', 'Calls under way.', one(({ inFlight }) => inFlight)],
  ['feedmux_provider_latency_seconds', 'gauge', 'Decaying average and percentiles of answers.', latencies],
  ['feedmux_provider_share_ratio', 'gauge', 'Share of the traffic.', shares],
  ['feedmux_provider_health', 'gauge', '1 for how a provider is.', states(HEALTHS, ({ health }) => health)],
  ['feedmux_provider_breaker_state', 'gauge', '1 for the state of the circuit breaker.', states(STATES, ({ breaker }) => breaker.state)],
  ['feedmux_provider_cooldown_end_timestamp_seconds', 'gauge', 'Until when a provider rests.', one(({ cooldown }) => seconds(cooldown?.until))],
  ['feedmux_provider_last_success_timestamp_seconds', 'gauge', 'When it answered last.', one(({ lastSuccessAt }) => seconds(lastSuccessAt))],
  ['feedmux_quota_used', 'gauge', 'Requests or units used of a window.', quota(({ used }) => used)],
  ['feedmux_quota_limit', 'gauge', 'Requests or units that a window allows.', quota(({ limit }) => limit)],
  ['feedmux_host_requests_total', 'counter', 'Requests sent to a host.', hosts(({ total }) => total)],
  ['feedmux_host_failures_total', 'counter', 'Requests to a host that failed.', hosts(({ failed }) => failed)],
  ['feedmux_host_available', 'gauge', '1 where a host may be asked.', hosts(({ available }) => (available ? 1 : 0))],
  ['feedmux_host_latency_seconds', 'gauge', 'Estimate of a host.', hosts(({ latencyMs }) => seconds(latencyMs))],
]

type OfCapability = readonly [name: string, help: string, count: 'hits' | 'misses' | 'stale']

const OF_CACHE: readonly OfCapability[] = [
  ['feedmux_cache_hits_total', 'Questions answered from memory.', 'hits'],
  ['feedmux_cache_misses_total', 'Questions that were not in memory.', 'misses'],
  ['feedmux_cache_stale_total', 'Questions answered with a stale value.', 'stale'],
]

type OfPool = readonly [name: string, type: Family['type'], help: string, valueOf: (pool: PoolStatus) => number]

const OF_POOLS: readonly OfPool[] = [
  ['feedmux_pool_rotations_total', 'counter', 'Changes of the answering member.', ({ rotations }) => rotations],
  ['feedmux_pool_members_available', 'gauge', 'Members that can be asked.', ({ members }) => members.filter(({ available }) => available).length],
  ['feedmux_pool_members', 'gauge', 'Members of a pool.', ({ members }) => members.length],
]

function familiesOf({ providers, pools, cache, inFlight, listenerFailures }: Status): Family[] {
  return [
    ...OF_PROVIDERS.map(([name, type, help, samples]): Family => ({ name, type, help, samples: providers.flatMap(samples) })),
    ...OF_POOLS.map(([name, type, help, valueOf]): Family => ({
      name,
      type,
      help,
      samples: pools.map((pool) => ({ labels: { pool: pool.id }, value: valueOf(pool) })),
    })),
    ...OF_CACHE.map(([name, help, count]): Family => ({
      name,
      type: 'counter',
      help,
      samples: Object.entries(cache.byCapability).map(([capability, counts]) => ({ labels: { capability }, value: counts[count] })),
    })),
    { name: 'feedmux_cache_entries', type: 'gauge', help: 'Answers in memory.', samples: [{ value: cache.entries }] },
    { name: 'feedmux_requests_in_flight', type: 'gauge', help: 'Questions under way.', samples: [{ value: inFlight }] },
    { name: 'feedmux_listener_failures_total', type: 'counter', help: 'Event listeners that threw.', samples: [{ value: listenerFailures }] },
  ]
}
