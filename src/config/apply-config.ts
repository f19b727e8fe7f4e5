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
  const own = new Map(loaded.providers.map(({ id, priority = 1, weight = 1 }) => [id, { priority, weight }]))
  for (const id of Object.keys(previous?.pools ?? {})) if (!Object.hasOwn(loaded.pools, id) && pools.has(id)) router.pools.delete(id)
  for (const [id, options] of Object.entries(loaded.pools)) {
    const pool = pools.get(id)
    const former = previous && Object.hasOwn(previous.pools, id) ? previous.pools[id] : undefined
    if (pool && isNamed(pool, id, options) && (options.strategy !== undefined || former?.strategy === undefined)) follow(pool, options, own)
    else {
      if (pool) router.pools.delete(id)
      router.pools.create(id, { ...options, name: options.name ?? id })
    }
  }
}

/** Whether it still says the same of itself: that cannot be changed in place, and neither can a strategy be taken away. */
const isNamed = (pool: Pool, id: string, { name = id, category, description }: PoolOptions): boolean =>
  pool.name === name && pool.category === category && pool.description === description

/** Brings the members of a pool to what is wanted; what a member does not say of itself it has from its provider, in `own`. */
function follow(pool: Pool, { members, strategy, enabled = true }: PoolOptions, own: ReadonlyMap<string, { priority: number; weight: number }>): void {
  const wanted = new Map(members.map((member): [string, Wanted] => (typeof member === 'string' ? [member, { id: member }] : [member.id, member])))
  const former = new Set(pool.members.map(({ id }) => id))
  for (const id of former) if (!wanted.has(id)) pool.remove(id)
  for (const [id, member] of wanted) {
    const { priority = own.get(id)?.priority, weight = own.get(id)?.weight, enabled: isOn = true } = member
    if (former.has(id)) pool.update(id, { priority, weight, enabled: isOn })
    else pool.add(member)
  }
  pool.update({ ...(strategy && { strategy }), enabled })
}

type Wanted = Exclude<MemberOptions, string>
