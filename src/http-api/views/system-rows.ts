import * as z from 'zod'
import type { ProviderHealth } from '../../router/status.js'
import { byCategory } from './categories.js'
import { restingOf } from './provider-rows.js'
import type { Seen } from './seen.js'

/** Four words for six states: a provider that rests is degraded, one that is switched off is asked nothing. */
export const HEALTH_WORDS = {
  healthy: 'healthy',
  degraded: 'degraded',
  'rate-limited': 'degraded',
  down: 'down',
  unknown: 'unknown',
  disabled: 'unknown',
} as const satisfies Record<ProviderHealth, string>

/** The same, as it stands in answers. */
export const healthField = z.enum(['healthy', 'degraded', 'down', 'unknown'])

/** What a provider serves. */
export const capabilitiesOf = ({ status }: Seen): readonly string[] => status.capabilities

/** Rows by category: who serves several stands in each. */
export const grouped = <T>(all: readonly Seen[], row: (one: Seen) => T): Record<string, T[]> =>
  Object.fromEntries(byCategory(all, capabilitiesOf).map(([category, members]) => [category, members.map(row)]))

/** How many breakers of single capabilities are not closed. */
export function capabilityCounts(all: readonly Seen[]) {
  const states = all.flatMap((one) => restingOf(one)).map(({ state }) => state)
  return {
    capability_breakers_open: states.filter((state) => state === 'open').length,
    capability_breakers_half_open: states.filter((state) => state === 'half-open').length,
  }
}
