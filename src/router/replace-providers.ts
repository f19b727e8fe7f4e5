import type { Member } from '../pipeline/candidate.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import type { AnyProvider } from '../provider/provider.js'
import { checkMember } from './pool-options.js'
import type { Pool } from './pools.js'

/**
 * Puts another list of providers into a router under way. One that is the same object goes on untouched; one with the id of an earlier one goes on with
 * its counters, breaker, rests and quota; the others leave or join. Pools keep the members that are still there; all are in the first. Throws
 * `ConfigError` for a provider that cannot be, before anything is changed.
 */
export function replaceProviders(
  providers: readonly AnyProvider[],
  states: Map<string, ProviderState>,
  pools: readonly Pool[],
  stateOf: (provider: AnyProvider) => ProviderState,
  now: number,
): void {
  const changed = providers.filter((provider) => states.get(provider.id)?.provider !== provider)
  const made = changed.map((provider) => ({ state: stateOf(provider), member: memberOf(provider) }))
  const staying = new Set(providers.map(({ id }) => id))
  for (const [id, state] of states) {
    if (staying.has(id)) continue
    for (const pool of pools) if (pool.has(id)) pool.remove(id)
    states.delete(id)
    state.shutdown()
  }
  for (const { state, member } of made) {
    const former = states.get(state.id)
    if (former) state.continues(former, now)
    states.set(state.id, state)
    pools.forEach((pool, i) => takes(pool, member, i === 0))
  }
}

function memberOf({ id, priority = 1, weight = 1 }: AnyProvider): Member {
  const member = { id, priority, weight, enabled: true }
  checkMember('default', member)
  return member
}

/** A member keeps what the pool says of it; in the pool of all it has its provider's own priority and weight. */
function takes(pool: Pool, member: Member, isOfAll: boolean): void {
  const { id, priority, weight } = member
  if (!pool.has(id)) {
    if (isOfAll) pool.add(member)
    return
  }
  if (isOfAll) pool.update(id, { priority, weight })
  pool.renew(id)
}
