import type { Json } from './clean.js'
import { poolIdOf } from './ids.js'
import { entryOf, type OwnFile } from './own-format.js'
import type { Findings } from './report.js'
import type { ConfigFile, RouterEntry } from './schema.js'

type Entry = OwnFile['providers'][number]

/** One file on top of another: entries of the same id are laid over each other, settings that are not said stay. Pools are replaced as a whole. */
export function merged(base: ConfigFile, file: OwnFile, findings: Findings): OwnFile {
  const providers = new Map<string, Entry>(base.providers.map((entry) => [entry.id, entry]))
  for (const entry of file.providers) providers.set(entry.id, laidOver(providers.get(entry.id), entry, findings))
  const router = mergedRouter(base.router, file.router)
  return { ...file, providers: [...providers.values()], pools: mergedPools(base.pools, file.pools), ...(router && { router }) }
}

/** Both together must be an entry, too: a plan is nothing to a described source. The former one stays where they are not. */
function laidOver(former: Entry | undefined, entry: Entry, findings: Findings): Entry {
  if (former === undefined) return entry
  const endpoints = 'endpoints' in former && 'endpoints' in entry && { endpoints: { ...former.endpoints, ...entry.endpoints } }
  return entryOf({ ...former, ...entry, ...endpoints } as unknown as Json, findings.places.get(entry.id) ?? 'providers', findings) ?? former
}

function mergedRouter(base: RouterEntry | undefined, own: RouterEntry | undefined): RouterEntry | undefined {
  if (base === undefined || own === undefined) return own ?? base
  const cache = base.cache && own.cache ? { ...base.cache, ...own.cache } : (own.cache ?? base.cache)
  return {
    ...base,
    ...own,
    ...(base.breaker && own.breaker && { breaker: { ...base.breaker, ...own.breaker } }),
    ...(cache !== undefined && { cache }),
  }
}

function mergedPools(base: ConfigFile['pools'] = [], own: OwnFile['pools'] = []): NonNullable<OwnFile['pools']> {
  if (own === 'default' || base === 'default') return own.length === 0 ? base : own
  const pools = new Map([...base, ...own].map((pool) => [poolIdOf(pool), pool]))
  return [...pools.values()]
}
