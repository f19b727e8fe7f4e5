import { whyAbsent } from '../provider/retired.js'
import { poolId } from '../router/pool-options.js'
import { isObject, type Json, listOf } from './clean.js'
import { defaultPools } from './default-pools.js'
import { newId } from './ids.js'
import { figureOf, LEGACY_DEFAULTS, legacyCategory, legacyPriority } from './legacy-format.js'
import { factories } from './registry.js'
import { didYouMean, type Findings } from './report.js'
import type { PoolEntry, ProviderEntry } from './schema.js'
import { ABSENT_SERVICES } from './services.js'
import { strategyName, STRATEGY_NAMES } from './strategies.js'

type Member = Exclude<PoolEntry['members'][number], string>

const KEYS = ['pool_name', 'category', 'rotation_strategy', 'providers', 'description', 'enabled']
const MEMBER_KEYS = ['id', 'provider_id', 'name', 'priority', 'weight', 'enabled']

/** `pool_configurations`, as a list or by name. Who stands in for a member that is gone joins the providers in `kept`. */
export function legacyPools(told: Json | undefined, kept: Map<string, ProviderEntry>, findings: Findings): PoolEntry[] {
  const list = listOf(told)
  if (told !== undefined && !list && !isObject(told)) findings.skip('pool_configurations', 'a list expected')
  const entries = list?.map((pool, i): [string, Json] => [`pool_configurations[${i}]`, pool]) ?? (isObject(told) ? named(told) : [])
  return entries.flatMap(([path, pool]) => poolOf(pool, path, kept, findings) ?? [])
}

const named = (pools: { readonly [name: string]: Json }): [string, Json][] =>
  Object.entries(pools).map(([name, pool]) => [`pool_configurations.${name}`, isObject(pool) ? { pool_name: name, ...pool } : pool])

function poolOf(pool: Json, path: string, kept: Map<string, ProviderEntry>, findings: Findings): PoolEntry | undefined {
  const told = isObject(pool) ? pool : {}
  const { pool_name: name, category, rotation_strategy: strategy, providers, description, enabled } = told
  const members = listOf(providers)
  if (typeof name !== 'string' || poolId(name) === '' || !members) {
    findings.skip(path, 'pool_name and providers expected')
    return undefined
  }
  for (const key of Object.keys(told))
    if (!KEYS.includes(key)) findings.wrong(`${path}.${key}`, `unknown key '${key}', it has no effect`, didYouMean(key, KEYS))
  const chosen = typeof strategy === 'string' ? strategyName(strategy) : undefined
  if (chosen === undefined) {
    findings.skip(`${path}.rotation_strategy`, 'unknown strategy', didYouMean(typeof strategy === 'string' ? strategy : '', STRATEGY_NAMES))
    return undefined
  }
  findings.places.set(`pool ${poolId(name)}`, path)
  const taken = new Map<string, PoolEntry['members'][number]>()
  for (const [j, member] of members.entries()) {
    const one = memberOf(member, poolId(name), `${path}.providers[${j}]`, kept, findings)
    if (one && !taken.has(one.id)) taken.set(one.id, Object.keys(one).length === 1 ? one.id : one)
  }
  const group = typeof category === 'string' ? (legacyCategory(category) ?? category) : undefined
  return {
    id: poolId(name),
    name,
    strategy: chosen,
    members: [...taken.values()],
    ...(group !== undefined && { category: group }),
    ...(typeof description === 'string' && { description }),
    ...(typeof enabled === 'boolean' && { enabled }),
  }
}

/** A member as it is called here; in place of a service that is gone, who stands in for it, who then joins the providers. */
function memberOf(told: Json, pool: string, path: string, kept: Map<string, ProviderEntry>, findings: Findings): Member | undefined {
  const entry = isObject(told) ? told : { id: told }
  const name = [entry['id'], entry['provider_id'], entry['name']].find((one): one is string => typeof one === 'string' && one !== '')
  if (name === undefined) {
    findings.wrong(path, 'the id of a provider, or an object with one, expected: left out of the pool')
    return undefined
  }
  const id = newId(name)
  const own = ownOf(entry, path, findings)
  if (kept.has(id)) return { id, ...own }
  const stand = standInOf(id, pool)
  if (stand === undefined) {
    const why = whyAbsent(id)
    findings.wrong(path, `no provider '${id}'${why}, left out of the pool`, why === '' ? didYouMean(id, kept.keys()) : undefined)
    return undefined
  }
  findings.decide(path, `'${id}' is left out${whyAbsent(id)}: '${stand}' takes its place`)
  if (!kept.has(stand)) {
    const preset = defaultPools.find((one) => one.id === pool)?.members.find((one) => one.id === stand)
    kept.set(stand, { id: stand, priority: preset?.priority ?? 6, weight: preset?.weight ?? LEGACY_DEFAULTS.weight })
    findings.decide(path, `'${stand}' joins the providers`)
  }
  return { id: stand, ...own }
}

/** What the pool says of a member itself. */
function ownOf(entry: { readonly [name: string]: Json }, path: string, findings: Findings): Omit<Member, 'id'> {
  for (const key of Object.keys(entry))
    if (!MEMBER_KEYS.includes(key)) findings.wrong(`${path}.${key}`, `unknown key '${key}', it has no effect`, didYouMean(key, MEMBER_KEYS))
  const { priority: told, weight: share, enabled } = entry
  const priority = legacyPriority(told)
  const weight = figureOf(share)
  if (told !== undefined && !priority) findings.wrong(`${path}.priority`, 'a number in 1…10 or 60…100 expected, it has no effect')
  if (share !== undefined && !(weight !== undefined && weight >= 0)) findings.wrong(`${path}.weight`, 'a number ≥ 0 expected, it has no effect')
  if (priority) findings.decide(`${path}.priority`, `${JSON.stringify(told)} (${priority.scale}) is ${priority.priority} in this pool`)
  return {
    ...(priority && { priority: priority.priority }),
    ...(weight !== undefined && weight >= 0 && { weight }),
    ...(typeof enabled === 'boolean' && { enabled }),
  }
}

/** Who takes the place of a service that has no provider: as in the preset of this pool, else the first that needs no key. */
function standInOf(id: string, pool: string): string | undefined {
  const preset = defaultPools.find((one) => one.id === pool)?.members.find(({ replaces }) => replaces?.includes(id))
  const others = Object.hasOwn(ABSENT_SERVICES, id) ? (ABSENT_SERVICES[id]?.instead ?? []) : []
  const able = [preset?.id, ...others].filter((one): one is string => one !== undefined && factories.has(one))
  return able.find((one) => factories.get(one)?.().key?.required !== true) ?? able[0]
}
