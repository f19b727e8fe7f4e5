import { poolId } from '../router/pool-options.js'
import type { OwnFile } from './own-format.js'
import type { ConfigFile, PoolEntry } from './schema.js'

/** One file on top of another: entries of the same id are laid over each other, settings that are not said stay. Pools are replaced as a whole. */
export function merged(base: ConfigFile, file: OwnFile): OwnFile {
  const providers = new Map<string, OwnFile['providers'][number]>(base.providers.map((entry) => [entry.id, entry]))
  for (const entry of file.providers) providers.set(entry.id, { ...providers.get(entry.id), ...entry })
  return { ...file, providers: [...providers.values()], pools: mergedPools(base.pools, file.pools), router: { ...base.router, ...file.router } }
}

function mergedPools(base: ConfigFile['pools'] = [], own: OwnFile['pools'] = []): NonNullable<OwnFile['pools']> {
  if (own === 'default' || base === 'default') return own.length === 0 ? base : own
  const pools = new Map([...base, ...own].map((pool) => [idOf(pool), pool]))
  return [...pools.values()]
}

/** Id of a pool: its own, or made from its name. */
export const idOf = ({ id, name = '' }: PoolEntry): string => poolId(id ?? name)
