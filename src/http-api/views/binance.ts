import * as z from 'zod'
import type { HostHealth } from '../../http/hosts.js'
import { figure, maybeIso, rounded } from '../fields.js'
import { moment, percent } from './figures.js'
import { restingField, restingOf, isAvailable } from './provider-rows.js'
import type { Seen } from './seen.js'

/** The hosts of one Binance provider. What was not asked yet has null for its figures, not 0. */
export const hostsField = z.object({
  connector_type: z.string().describe('Binance Global or Binance US'),
  provider_id: z.string(),
  total_endpoints: z.int(),
  endpoints: z.array(
    z.object({
      url: z.string(),
      available: z.boolean(),
      consecutive_failures: z.int(),
      success_rate: figure.describe('0 to 100; null where nothing was asked of it'),
      total_requests: z.int(),
      avg_response_time_ms: figure,
      last_success: maybeIso,
      last_failure: maybeIso,
      backoff_until: maybeIso,
    }),
  ),
  capabilities_resting: restingField,
})

/** The hosts of each Binance provider, the global exchange first. */
export const binanceHosts = (all: readonly Seen[]): z.output<typeof hostsField>[] =>
  all
    .filter(({ status: { id }, provider }) => id.startsWith('binance') && provider.hosts !== undefined)
    .toSorted((a, b) => Number(isUs(a)) - Number(isUs(b)))
    .map(hostsOf)

const isUs = ({ status: { id } }: Seen): boolean => id === 'binance-us'

function hostsOf(one: Seen): z.output<typeof hostsField> {
  const { status, provider } = one
  const urls = (provider.hosts ?? []).map((host) => new URL(host).origin)
  const hosts = status.hosts ?? [alone(one)]
  return {
    connector_type: isUs(one) ? 'Binance US' : 'Binance Global',
    provider_id: status.id,
    total_endpoints: hosts.length,
    endpoints: hosts.map((host, index) => ({
      url: urls[index] ?? host.url,
      available: host.available,
      consecutive_failures: host.consecutiveFailures,
      success_rate: percent(host.successful / (host.successful + host.failed)), // of none: null
      total_requests: host.total,
      avg_response_time_ms: rounded(host.latencyMs, 1),
      last_success: moment(host.lastSuccess),
      last_failure: moment(host.lastFailure),
      backoff_until: moment(host.backoffUntil),
    })),
    capabilities_resting: restingOf(one),
  }
}

/** Of a lone host no counts of its own are kept: its provider's are the same. */
function alone(one: Seen): HostHealth {
  const { id, consecutiveFailures, requests, successes, failures, latencyMs, lastSuccessAt, lastFailureAt, cooldown } = one.status
  return {
    url: id,
    available: isAvailable(one),
    consecutiveFailures,
    total: requests,
    successful: successes,
    failed: failures,
    ...(latencyMs !== undefined && { latencyMs }),
    ...(lastSuccessAt !== undefined && { lastSuccess: lastSuccessAt }),
    ...(lastFailureAt !== undefined && { lastFailure: lastFailureAt }),
    ...(cooldown && { backoffUntil: cooldown.until }),
  }
}
