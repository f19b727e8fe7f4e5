import type { ProviderState } from '../pipeline/provider-state.js'
import type { AnyProvider } from '../provider/provider.js'
import type { Pool } from './pools.js'

/**
 * Puts another list of providers into a router under way. One that is the same object goes on untouched; one with the id of an earlier one goes on with
 * its counters, breaker, rests and quota; the others leave or join. Pools keep the members that are still there; all are in the first.
 */
export function replaceProviders(
  providers: readonly AnyProvider[],
  states: Map<string, ProviderState>,
  pools: readonly Pool[],
  stateOf: (provider: AnyProvider) => ProviderState,
  now: number,
): void {
  const next = new Map(providers.map((provider) => [provider.id, provider]))
  for (const [id, state] of [...states]) {
    if (next.has(id)) continue
    for (const pool of pools) if (pool.has(id)) pool.remove(id)
    states.delete(id)
    state.shutdown()
  }
  for (const [id, provider] of next) {
    const former = states.get(id)
    if (former?.provider === provider) continue
    const state = stateOf(provider)
    if (former) state.continues(former, now)
    states.set(id, state)
    pools.forEach((pool, i) => joins(pool, id, former, i === 0))
  }
}

/** A member keeps what the pool says of it; in the pool of all it has its provider's own priority and weight. */
function joins(pool: Pool, id: string, former: ProviderState | undefined, isOfAll: boolean): void {
  const member = pool.members.find((one) => one.id === id)
  if (member) pool.remove(id)
  if (isOfAll) pool.add({ id, ...(member && { enabled: member.enabled }) })
  else if (member && former) pool.add(member)
}
