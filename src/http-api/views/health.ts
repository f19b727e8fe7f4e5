import * as z from 'zod'
import type { ProviderHealth, Status } from '../../router/status.js'
import { figure } from '../fields.js'

/** Words of the API for how a provider is: `healthy` is `online`, `down` is `offline`. */
export const STATUS_WORDS = {
  healthy: 'online',
  degraded: 'degraded',
  'rate-limited': 'rate_limited',
  down: 'offline',
  unknown: 'unknown',
  disabled: 'disabled',
} as const satisfies Record<ProviderHealth, string>

/** How many providers are how. */
export const countsField = z.object({
  total_providers: z.int(),
  online: z.int(),
  offline: z.int(),
  degraded: z.int(),
  rate_limited: z.int(),
  unknown: z.int(),
  disabled: z.int(),
  total_requests: z.int(),
  successful_requests: z.int(),
  overall_success_rate: figure,
})

/** How many providers are how: each counts once. */
export function countsOf({ providers }: Status) {
  const count = (wanted: ProviderHealth): number => providers.filter(({ health }) => health === wanted).length
  const total_requests = providers.reduce((sum, { requests }) => sum + requests, 0)
  const successful_requests = providers.reduce((sum, { successes }) => sum + successes, 0)
  return {
    total_providers: providers.length,
    online: count('healthy'),
    offline: count('down'),
    degraded: count('degraded'),
    rate_limited: count('rate-limited'),
    unknown: count('unknown'),
    disabled: count('disabled'),
    total_requests,
    successful_requests,
    overall_success_rate: total_requests === 0 ? null : Math.round((10_000 * successful_requests) / total_requests) / 100,
  }
}

/** `healthy`: most of those that were asked are well. `unhealthy`: nobody can be asked. A router that was never asked is not `healthy` yet. */
export function overallHealth(status: Status): 'healthy' | 'degraded' | 'unhealthy' {
  const { total_providers, online, offline, degraded, rate_limited, disabled } = countsOf(status)
  const usable = total_providers - offline - disabled - rate_limited
  if (usable === 0) return 'unhealthy'
  return online > 0 && online > offline + degraded + rate_limited ? 'healthy' : 'degraded'
}
