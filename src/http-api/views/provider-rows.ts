import * as z from 'zod'
import type { WindowUsage } from '../../quota/ledger.js'
import type { ProviderStatus } from '../../router/status.js'
import { figure, known, maybe, maybeIso, rounded, words } from '../fields.js'
import { categoriesOf } from './categories.js'
import { moment, newest, percent } from './figures.js'
import { STATUS_WORDS } from './health.js'
import type { Seen } from './seen.js'

/** Words for how a provider is. */
export const statusField = z.enum(['online', 'degraded', 'rate_limited', 'offline', 'unknown', 'disabled'])

const stateField = z.enum(['closed', 'open', 'half-open'])

/** How much of the tightest window is used: calls or the provider's own units, of what feedmux allows itself. */
export const rateLimitField = z.object({ usage: z.number(), limit: z.number(), percentage: figure })

const windowField = z.object({
  kind: z.enum(['requests', 'cost', 'spacing']),
  window_seconds: z.number(),
  limit: z.number(),
  used: z.number(),
  remaining: z.number(),
  percentage: figure,
  resets_at: maybeIso,
})

/** Of the traffic, in percent. */
export const shareField = z.object({ target: figure, actual: figure })

/** The breakers of single capabilities that are not closed: those rest, or are on trial, while the provider is asked for everything else. */
export const restingField = z
  .array(z.object({ capability: z.string(), state: z.enum(['open', 'half-open']), opened_at: maybeIso, next_attempt_at: maybeIso }))
  .describe(
    'of single capabilities, after answers that were not as documented: those that are not closed; the times are null where the API did not see it open',
  )

/** The row of a provider. Times in ISO 8601, latencies in ms, rates and shares in percent. */
export const providerRowField = z.object({
  provider_id: z.string(),
  name: z.string(),
  category: words.describe('of the first thing that it serves'),
  categories: z.array(z.string()),
  status: statusField,
  is_available: z.boolean(),
  success_rate: figure,
  total_requests: z.int(),
  successful_requests: z.int(),
  failed_requests: z.int(),
  consecutive_failures: z.int(),
  rate_limit_hits: z.int(),
  avg_response_time: figure,
  p50_ms: figure,
  p95_ms: figure,
  p99_ms: figure,
  in_flight: z.int(),
  share: shareField,
  priority: z.number(),
  weight: z.number(),
  role: z.enum(['regular', 'last-resort']),
  requires_auth: z.boolean(),
  last_check: maybeIso,
  last_success: maybeIso,
  last_failure: maybeIso,
  last_error: words,
  breaker: z.object({ state: stateField, opened_at: maybeIso, next_attempt_at: maybeIso }),
  capabilities_resting: restingField,
  cooldown: maybe(z.object({ reason: z.string(), until: maybeIso })),
  rate_limit: maybe(rateLimitField),
  quota: z.array(windowField),
})

/** Whether it can be asked now. */
export const isAvailable = ({ status: { health, nextAvailableAt }, at }: Seen): boolean =>
  health !== 'down' && health !== 'disabled' && health !== 'rate-limited' && nextAvailableAt <= at

/** When it was heard of last: by traffic or by a probe. Unix ms. */
export const lastCheckOf = ({ lastSuccessAt, lastFailureAt, probe }: ProviderStatus): number | undefined => newest(lastSuccessAt, lastFailureAt, probe?.at)

/** The breaker of a provider. */
export const breakerOf = ({ status: { breaker }, opening }: Seen) => ({
  state: breaker.state,
  opened_at: breaker.state === 'closed' ? null : moment(opening()?.at), // one that left open and came back has a new breaker
  next_attempt_at: moment(breaker.openUntil),
})

/** The breakers of a provider's capabilities that are not closed. */
export const restingOf = ({ status: { capabilityBreakers }, opening }: Seen): z.output<typeof restingField> =>
  Object.entries(capabilityBreakers).flatMap(([capability, state]) => {
    if (state === 'closed') return []
    const seenOpen = opening(capability)
    return [{ capability, state, opened_at: moment(seenOpen?.at), next_attempt_at: state === 'open' ? moment(seenOpen?.until) : null }]
  })

/** The window of which the most is used; null where nothing is limited. */
export function rateLimitOf({ quota }: ProviderStatus): z.output<typeof rateLimitField> | null {
  const [tightest] = quota.filter(({ kind }) => kind !== 'spacing').toSorted((a, b) => b.used / b.limit - a.used / a.limit)
  return tightest === undefined ? null : { usage: tightest.used, limit: tightest.limit, percentage: percent(tightest.used / tightest.limit) }
}

const windowOf = ({ kind, perMs, limit, used, remaining, resetsAt }: WindowUsage): z.output<typeof windowField> => ({
  kind,
  window_seconds: perMs / 1_000,
  limit,
  used,
  remaining,
  percentage: percent(used / limit),
  resets_at: moment(resetsAt),
})

/** One provider as a row. */
export function providerRow(one: Seen): z.output<typeof providerRowField> {
  const { status, provider } = one
  const { cooldown, share } = status
  const [category, ...others] = categoriesOf(status.capabilities)
  return {
    provider_id: status.id,
    name: status.name,
    category: known(category),
    categories: category === undefined ? [] : [category, ...others],
    status: STATUS_WORDS[status.health],
    is_available: isAvailable(one),
    ...countsOf(status),
    avg_response_time: rounded(status.latencyMs, 1),
    p50_ms: rounded(status.p50Ms, 1),
    p95_ms: rounded(status.p95Ms, 1),
    p99_ms: rounded(status.p99Ms, 1),
    in_flight: status.inFlight,
    share: { target: percent(share.target), actual: percent(share.actual) },
    priority: status.priority,
    weight: status.weight,
    role: status.role,
    requires_auth: provider.key?.required === true,
    last_check: moment(lastCheckOf(status)),
    last_success: moment(status.lastSuccessAt),
    last_failure: moment(status.lastFailureAt),
    last_error: known(status.lastError),
    breaker: breakerOf(one),
    capabilities_resting: restingOf(one),
    cooldown: cooldown ? { reason: cooldown.reason, until: moment(cooldown.until) } : null,
    rate_limit: rateLimitOf(status),
    quota: status.quota.map(windowOf),
  }
}

const countsOf = ({ successRate, requests, successes, failures, consecutiveFailures, rateLimitHits }: ProviderStatus) => ({
  success_rate: percent(successRate),
  total_requests: requests,
  successful_requests: successes,
  failed_requests: failures,
  consecutive_failures: consecutiveFailures,
  rate_limit_hits: rateLimitHits,
})
