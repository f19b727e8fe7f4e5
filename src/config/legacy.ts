import { whyAbsent } from '../provider/retired.js'
import { poolId } from '../router/pool-options.js'
import { isObject, type Json, listOf } from './clean.js'
import { defaultPools } from './default-pools.js'
import { knownIds, newId } from './ids.js'
import { LEGACY_CATEGORIES, LEGACY_DEFAULTS, LEGACY_KEYS, LEGACY_LIMITS, legacyCategory, legacyPriority } from './legacy-format.js'
import { fallbackOf, type LegacyExtras, modelsOf } from './legacy-extras.js'
import { factories } from './registry.js'
import { didYouMean, type Findings } from './report.js'
import type { PoolEntry, ProviderEntry } from './schema.js'
import { ABSENT_SERVICES } from './services.js'
import { strategyName, STRATEGY_NAMES } from './strategies.js'

type Members = { readonly [name: string]: Json }

/** A file of another system in our format; what stood in it beside providers and pools comes along. */
export interface Imported extends LegacyExtras {
  readonly providers: readonly ProviderEntry[]
  readonly pools: readonly PoolEntry[]
}

/** Brings either shape of the legacy format into ours, and says each decision. */
export function importLegacy(file: Members, findings: Findings): Imported {
  findings.format = 'legacy'
  const told = entriesOf(file['providers'], findings)
  if (typeof file['total_providers'] === 'number' && file['total_providers'] !== told.length)
    findings.decide('total_providers', `the file says ${file['total_providers']} providers and holds ${told.length}`)
  const kept = new Map<string, ProviderEntry>()
  for (const [id, entry, path] of told) {
    const read = providerOf(id, entry, path, findings)
    if (read === undefined) continue
    if (!kept.has(read.id)) findings.places.set(read.id, path)
    keep(kept, read, id, path, findings)
  }
  const pools = poolsOf(file['pool_configurations'], kept, findings)
  return { providers: [...kept.values()], pools, ...fallbackOf(file['fallback_strategy'], findings), ...modelsOf(file['huggingface_models'], findings) }
}

/** Entries by id, or in a list. */
function entriesOf(providers: Json | undefined, findings: Findings): [id: string, entry: Members, path: string][] {
  const list = listOf(providers)?.map((entry, i): [string, Json, string] => [
    isObject(entry) && typeof entry['id'] === 'string' ? entry['id'] : '',
    entry,
    `providers[${i}]`,
  ])
  const named = isObject(providers) ? Object.entries(providers).map(([id, entry]): [string, Json, string] => [id, entry, `providers.${id}`]) : []
  return (list ?? named).flatMap(([id, entry, path]): [string, Members, string][] => {
    if (isObject(entry) && id !== '') return [[id, entry, path]]
    findings.skip(path, isObject(entry) ? 'an id expected' : 'an object expected')
    return []
  })
}

/** One entry; nothing where it is bad, or its service has no provider here. */
function providerOf(id: string, entry: Members, path: string, findings: Findings): ProviderEntry | undefined {
  checkKeys(entry, path, findings)
  const missing = ['name', 'category', 'base_url'].filter((key) => typeof entry[key] !== 'string' || entry[key] === '')
  if (missing.length > 0) {
    findings.skip(path, `${missing.join(', ')} expected`)
    return undefined
  }
  const { priority, weight, requires_auth: withKey, enabled } = entry
  const [name, category, address] = [textOf(entry['name']), textOf(entry['category']), textOf(entry['base_url'])]
  if (!/^https?:\/\/[^\s@]+$/.test(address)) {
    findings.skip(`${path}.base_url`, 'an http(s) address expected')
    return undefined
  }
  const group = legacyCategory(category)
  if (group === undefined) findings.wrong(`${path}.category`, 'unknown category', didYouMean(category, LEGACY_CATEGORIES))
  else if (group !== category) findings.decide(`${path}.category`, `'${category}' is '${group}'`)
  const now = newId(id)
  const factory = factories.get(now)
  if (factory === undefined) {
    sayAbsent(now, name, path, findings)
    return undefined
  }
  if (now !== id) findings.decide(path, `'${id}' is '${now}'`)
  const { key, hosts = [] } = factory()
  if (withKey === false && key?.required) findings.decide(`${path}.requires_auth`, `'${now}' wants a key: hand it to loadConfig, keys: { '${now}': … }`)
  if (!hosts.some((host) => hostOf(host) === hostOf(address)))
    findings.decide(`${path}.base_url`, `${hostOf(address)} is not used: '${now}' asks ${hosts.map(hostOf).join(', ') || 'a host of your own'}`)
  if (isObject(entry['rate_limit']) && Object.keys(entry['rate_limit']).length > 0)
    findings.decide(`${path}.rate_limit`, `the published limits of '${now}' are used`)
  return {
    id: now,
    ...prioritised(priority, `${path}.priority`, findings),
    weight: weightOf(weight, `${path}.weight`, findings),
    ...(typeof enabled === 'boolean' && { enabled }),
  }
}

function checkKeys(entry: Members, path: string, findings: Findings): void {
  for (const key of Object.keys(entry))
    if (!LEGACY_KEYS.includes(key)) findings.wrong(`${path}.${key}`, `unknown key '${key}', it has no effect`, didYouMean(key, LEGACY_KEYS))
  const limits = entry['rate_limit']
  for (const key of isObject(limits) ? Object.keys(limits) : [])
    if (!LEGACY_LIMITS.includes(key)) findings.wrong(`${path}.rate_limit.${key}`, `unknown key '${key}', it has no effect`, didYouMean(key, LEGACY_LIMITS))
}

function sayAbsent(id: string, name: string, path: string, findings: Findings): void {
  const why = whyAbsent(id)
  if (Object.hasOwn(ABSENT_SERVICES, id)) findings.decide(path, `${name} is left out${why}`)
  else if (id === 'hugging-face') findings.decide(path, `${name} is an engine of feedmux/sentiment: huggingFace({ token, model })`)
  else
    findings.skip(path, `no provider '${id}'; describe it as a source of your own, with endpoints that say where each field stands`, didYouMean(id, knownIds()))
}

function prioritised(told: Json | undefined, path: string, findings: Findings): Pick<ProviderEntry, 'priority' | 'role'> {
  const read = legacyPriority(told ?? LEGACY_DEFAULTS.priority)
  if (read === undefined) findings.wrong(path, `a number in 1…10 or 60…100 expected, taken for ${LEGACY_DEFAULTS.priority}`)
  const { scale, ...ours } = read ?? legacyPriority(LEGACY_DEFAULTS.priority) ?? { priority: 6, scale: '' }
  if (told !== undefined && read)
    findings.decide(path, `${JSON.stringify(told)} (${scale}) is ${ours.role ?? ours.priority} here, where a lower number is tried first`)
  return ours
}

function weightOf(told: Json | undefined, path: string, findings: Findings): number {
  if (typeof told === 'number' && told >= 0) return told
  if (told !== undefined) findings.wrong(path, `a number ≥ 0 expected, taken for ${LEGACY_DEFAULTS.weight}`)
  return LEGACY_DEFAULTS.weight
}

/** Keeps the first of several for one service, with the best place and the greatest weight among them. */
function keep(kept: Map<string, ProviderEntry>, entry: ProviderEntry, id: string, path: string, findings: Findings): void {
  const former = kept.get(entry.id)
  if (former === undefined) {
    kept.set(entry.id, entry)
    return
  }
  findings.decide(path, `'${id}' is '${entry.id}' once more: merged, give several keys to one provider`)
  const priority = Math.min(former.priority ?? Infinity, entry.priority ?? Infinity)
  kept.set(entry.id, { ...former, priority, weight: Math.max(former.weight ?? 0, entry.weight ?? 0) })
}

function poolsOf(pools: Json | undefined, kept: Map<string, ProviderEntry>, findings: Findings): PoolEntry[] {
  return (listOf(pools) ?? []).flatMap((pool, i) => poolOf(pool, `pool_configurations[${i}]`, kept, findings) ?? [])
}

function poolOf(pool: Json, path: string, kept: Map<string, ProviderEntry>, findings: Findings): PoolEntry | undefined {
  const { pool_name: name, category, rotation_strategy: strategy, providers, description, enabled } = isObject(pool) ? pool : ({} as Members)
  const members = listOf(providers)
  if (typeof name !== 'string' || poolId(name) === '' || !members) {
    findings.skip(path, 'pool_name and providers expected')
    return undefined
  }
  const named = typeof strategy === 'string' ? strategyName(strategy) : undefined
  if (named === undefined) {
    findings.skip(`${path}.rotation_strategy`, 'unknown strategy', didYouMean(textOf(strategy), STRATEGY_NAMES))
    return undefined
  }
  const ids = new Set(members.flatMap((member, j) => memberOf(member, poolId(name), `${path}.providers[${j}]`, kept, findings)))
  const group = typeof category === 'string' ? (legacyCategory(category) ?? category) : undefined
  return {
    id: poolId(name),
    name,
    strategy: named,
    members: [...ids],
    ...(group !== undefined && { category: group }),
    ...(typeof description === 'string' && { description }),
    ...(typeof enabled === 'boolean' && { enabled }),
  }
}

/** A member as it is called here; in place of a service that is gone, who stands in for it, who then joins the providers. */
function memberOf(member: Json, pool: string, path: string, kept: Map<string, ProviderEntry>, findings: Findings): string[] {
  const id = newId(typeof member === 'string' ? member : '')
  if (kept.has(id)) return [id]
  const stand = standInOf(id, pool)
  if (stand === undefined) {
    findings.wrong(path, `no provider '${id}'${whyAbsent(id)}, left out of the pool`)
    return []
  }
  findings.decide(path, `'${id}' is left out${whyAbsent(id)}: '${stand}' takes its place`)
  if (!kept.has(stand)) {
    const preset = defaultPools.find((one) => one.id === pool)?.members.find((one) => one.id === stand)
    kept.set(stand, { id: stand, priority: preset?.priority ?? 6, weight: preset?.weight ?? LEGACY_DEFAULTS.weight })
    findings.decide(path, `'${stand}' joins the providers`)
  }
  return [stand]
}

/** Who takes the place of a service that has no provider: as in the preset of this pool, else the first that needs no key. */
function standInOf(id: string, pool: string): string | undefined {
  const preset = defaultPools.find((one) => one.id === pool)?.members.find(({ replaces }) => replaces?.includes(id))
  const others = Object.hasOwn(ABSENT_SERVICES, id) ? (ABSENT_SERVICES[id]?.instead ?? []) : []
  const able = [preset?.id, ...others].filter((one): one is string => one !== undefined && factories.has(one))
  return able.find((one) => factories.get(one)?.().key?.required !== true) ?? able[0]
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : 'its address')
