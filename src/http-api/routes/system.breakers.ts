import * as z from 'zod'
import { iso, isoField, maybeIso } from '../fields.js'
import { route } from '../route.js'
import { breakerOf, restingField, restingOf, isAvailable } from '../views/provider-rows.js'
import { type Seen, seen } from '../views/seen.js'
import { capabilityCounts, grouped, HEALTH_WORDS, healthField } from '../views/system-rows.js'

const breakerRowField = z.object({
  provider: z.string(),
  name: z.string(),
  circuit_open: z.boolean(),
  state: z.enum(['closed', 'open', 'half-open']),
  opened_at: maybeIso,
  next_attempt_at: maybeIso,
  consecutive_failures: z.int(),
  status: healthField,
  available: z.boolean(),
  priority: z.number(),
  capabilities_resting: restingField,
})

const breakerRow = (one: Seen): z.output<typeof breakerRowField> => ({
  provider: one.status.id,
  name: one.status.name,
  circuit_open: one.status.breaker.state === 'open',
  ...breakerOf(one),
  consecutive_failures: one.status.consecutiveFailures,
  status: HEALTH_WORDS[one.status.health],
  available: isAvailable(one),
  priority: one.status.priority,
  capabilities_resting: restingOf(one),
})

/** Breakers. */
export const breakers = route({
  method: 'GET',
  path: '/api/system/circuit-breakers',
  tag: 'System',
  kind: 'state',
  summary: 'Breakers of all providers by category, and of single capabilities of theirs',
  answer: z.object({
    success: z.literal(true),
    timestamp: isoField,
    circuit_breakers: z.record(z.string(), z.array(breakerRowField)),
    summary: z.object({
      total_providers: z.int(),
      circuit_breakers_open: z.int(),
      circuit_breakers_half_open: z.int(),
      circuit_breakers_closed: z.int(),
      capability_breakers_open: z.int().describe('of single capabilities, beside those of providers'),
      capability_breakers_half_open: z.int(),
    }),
  }),
  run({ api }) {
    const all = seen(api)
    const count = (wanted: string): number => all.filter(({ status }) => status.breaker.state === wanted).length
    const summary = {
      total_providers: all.length,
      circuit_breakers_open: count('open'),
      circuit_breakers_half_open: count('half-open'),
      circuit_breakers_closed: count('closed'),
      ...capabilityCounts(all),
    }
    return { success: true, timestamp: iso(api.now()), circuit_breakers: grouped(all, breakerRow), summary }
  },
})
