import { type ExclusionLine, NoProviderError } from '../errors.js'
import type { Member } from '../pipeline/candidate.js'
import type { ProviderState } from '../pipeline/provider-state.js'

interface Members {
  readonly id: string
  readonly enabled: boolean
  readonly members: readonly Readonly<Member>[]
}

/** The error where nobody but `from` can answer in a pool, with why and until when each other is out. */
export function nobodyElse(pool: Members, from: string | undefined, states: ReadonlyMap<string, ProviderState>, now: number): NoProviderError {
  const lines = pool.members.flatMap(({ id, enabled }) => {
    const state = id === from ? undefined : states.get(id)
    return state ? [{ provider: id, ...why(state, pool.enabled && enabled, now) }] : []
  })
  const ends = lines.flatMap(({ until }) => until ?? [])
  return new NoProviderError(`another member of pool '${pool.id}'`, lines, ends.length === 0 ? undefined : Math.max(0, Math.min(...ends) - now))
}

function why(state: ProviderState, isEnabled: boolean, now: number): Omit<ExclusionLine, 'provider'> {
  const { provider, isolated, missesKey, ledger } = state
  if (!isEnabled || provider.enabled === false) return { reason: 'disabled' }
  if (isolated) return { reason: 'isolated' }
  if (provider.retired) return { reason: 'retired' }
  if (missesKey) return { reason: 'key-missing' }
  const rest = state.restingUntil(now)
  const { reason, until } = rest ?? { reason: ledger?.isQuota(1, now) ? 'quota-exhausted' : 'rate-limited', until: ledger?.nextAvailableAt(1, now) ?? now }
  return { reason, ...(Number.isFinite(until) && { until }) }
}
