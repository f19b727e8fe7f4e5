import { whyAbsent } from '../provider/retired.js'
import type { AnyProvider } from '../provider/provider.js'
import type { PoolOptions } from '../router/pool-options.js'
import { defaultPools } from './default-pools.js'
import { newId, poolIdOf } from './ids.js'
import { didYouMean, type Findings } from './report.js'
import type { PoolEntry } from './schema.js'
import { strategyOf } from './strategies.js'

type Member = PoolEntry['members'][number]

/** Pools for the router, and the same as entries with ids. Members without a provider are said and left out, and so are pools without any. */
export function poolsFrom(
  told: readonly PoolEntry[] | 'default',
  providers: readonly AnyProvider[],
  findings: Findings,
): { readonly pools: Record<string, PoolOptions>; readonly members: PoolEntry[] } {
  const ids = new Set(providers.map(({ id }) => id))
  const entries = told === 'default' ? presetFor(ids) : told
  const pools = new Map<string, PoolEntry>()
  for (const [i, entry] of entries.entries()) {
    const id = poolIdOf(entry)
    const path = findings.places.get(`pool ${id}`) ?? `pools[${i}]`
    if (id === '' || id === 'default' || pools.has(id)) {
      findings.skip(path, id === '' ? 'an id or a name with a letter or a digit expected' : `a pool '${id}' is there already`)
      continue
    }
    const members = membersOf(entry, path, ids, findings)
    if (members.length > 0) pools.set(id, { ...entry, id, members })
    else findings.skip(`${path}.members`, `no member of '${id}' is among the providers`)
  }
  return { pools: Object.fromEntries([...pools].map(([id, entry]) => [id, optionsOf(entry)])), members: [...pools.values()] }
}

/** The preset's pools as entries, with the members that are there. */
const presetFor = (ids: ReadonlySet<string>): PoolEntry[] =>
  defaultPools.flatMap(({ id: own, name, category, strategy, members }) => {
    const present = members
      .filter(({ id }) => ids.has(id))
      .map(({ id, priority, weight }) => ({ id, ...(priority !== undefined && { priority }), ...(weight !== undefined && { weight }) }))
    return present.length === 0 ? [] : [{ id: own, name, category, strategy, members: present }]
  })

function membersOf({ members }: PoolEntry, path: string, ids: ReadonlySet<string>, findings: Findings): Member[] {
  const seen = new Set<string>()
  return members.flatMap((member, j): Member[] => {
    const id = newId(typeof member === 'string' ? member : member.id)
    const why = whyAbsent(id)
    if (ids.has(id) && !seen.has(id)) {
      seen.add(id)
      return [typeof member === 'string' ? id : { ...member, id }]
    }
    const message = ids.has(id) ? `'${id}' is a member already` : `'${id}' is not among the providers${why}`
    findings.wrong(`${path}.members[${j}]`, message, ids.has(id) || why !== '' ? undefined : didYouMean(id, ids))
    return []
  })
}

function optionsOf({ name, category, description, strategy, enabled, members }: PoolEntry): PoolOptions {
  return {
    members,
    ...(name !== undefined && { name }),
    ...(category !== undefined && { category }),
    ...(description !== undefined && { description }),
    ...(strategy && { strategy: strategyOf(strategy) }),
    ...(enabled !== undefined && { enabled }),
  }
}
