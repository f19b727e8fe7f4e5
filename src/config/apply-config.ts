import { ConfigError } from '../errors.js'
import type { AnyProvider } from '../provider/provider.js'
import type { MemberOptions, PoolOptions } from '../router/pool-options.js'
import type { Pool } from '../router/pools.js'
import type { LoadedConfig } from './load-config.js'

/** A router, as far as its configuration goes. */
export interface Configurable {
  setProviders(providers: readonly AnyProvider[]): void
  readonly pools: {
    list(): Pool[]
    create(name: string, options: PoolOptions): Pool
    delete(id: string): void
  }
}

/**
 * Puts a configuration into a router under way. Providers that stay keep counters, breakers, rests and quotas; those loaded with `previous` of which nothing
 * changed are not touched at all. Pools that stay keep their history; those of `previous` that the configuration no longer has go, others are left alone.
 * Throws `ConfigError` before anything changed where no provider is left.
 */
export function applyConfig(router: Configurable, loaded: LoadedConfig, previous?: LoadedConfig): void {
  if (loaded.providers.length === 0) throw new ConfigError('the configuration has no provider: the router goes on as it is')
  router.setProviders(loaded.providers)
  const pools = new Map(router.pools.list().map((pool) => [pool.id, pool]))
  for (const id of Object.keys(previous?.pools ?? {})) if (!Object.hasOwn(loaded.pools, id) && pools.has(id)) router.pools.delete(id)
  for (const [id, options] of Object.entries(loaded.pools)) {
    const pool = pools.get(id)
    if (pool && isNamed(pool, id, options)) follow(pool, options)
    else {
      if (pool) router.pools.delete(id)
      router.pools.create(id, { ...options, name: options.name ?? id })
    }
  }
}

/** Whether it still says the same of itself: that cannot be changed in place. */
const isNamed = (pool: Pool, id: string, { name = id, category, description }: PoolOptions): boolean =>
  pool.name === name && pool.category === category && pool.description === description

/** Brings the members of a pool to what is wanted. A pool of which nothing changed is not touched. */
function follow(pool: Pool, { members, strategy, enabled = true }: PoolOptions): void {
  const wanted = new Map(members.map((member) => [typeof member === 'string' ? member : member.id, member]))
  for (const { id } of pool.members) if (!wanted.has(id)) pool.remove(id)
  for (const [id, member] of wanted) {
    const former = pool.members.find((one) => one.id === id)
    if (former === undefined) pool.add(member)
    else if (changed(former, member)) {
      pool.remove(id)
      pool.add(member)
    }
  }
  pool.update({ ...(strategy && { strategy }), enabled })
}

const changed = (former: Pool['members'][number], member: MemberOptions): boolean => {
  const { priority, weight, enabled = true } = typeof member === 'string' ? ({} as Exclude<MemberOptions, string>) : member
  return (priority !== undefined && priority !== former.priority) || (weight !== undefined && weight !== former.weight) || enabled !== former.enabled
}
