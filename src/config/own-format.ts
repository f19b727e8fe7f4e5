import { whyAbsent } from '../provider/retired.js'
import { isObject, type Json, listOf } from './clean.js'
import { knownIds, newId, poolIdOf } from './ids.js'
import type { LegacyExtras } from './legacy-extras.js'
import { factories } from './registry.js'
import { didYouMean, type Findings } from './report.js'
import {
  type ConfigFile,
  configSchema,
  httpDefinition,
  type HttpDefinition,
  type PoolEntry,
  poolEntry,
  providerEntry,
  type ProviderEntry,
  routerEntry,
} from './schema.js'
import { keysOf, validated } from './validate.js'

/** What a file holds. */
export interface OwnFile extends LegacyExtras {
  readonly providers: readonly (ProviderEntry | HttpDefinition)[]
  /** `default`: the preset. */
  readonly pools?: readonly PoolEntry[] | 'default'
}

const changedDefinition = httpDefinition.partial().required({ id: true })
const KEYS = ['$schema', 'version', 'providers', 'pools', 'router']
const fileKeys = keysOf(configSchema)

/** Reads our own format, entry by entry. `base` is what it will be put on top of: an id that stands there needs no more than what changes. */
export function readOwn(file: { readonly [name: string]: Json }, findings: Findings, base?: ConfigFile): OwnFile {
  const there = new Set(base?.providers.map(({ id }) => id))
  for (const key of Object.keys(file)) if (!KEYS.includes(key)) findings.wrong(key, `unknown key '${key}', it has no effect`, didYouMean(key, KEYS))
  if (file['version'] !== undefined && file['version'] !== 1) findings.wrong('version', 'version 1 expected: read as that')
  const router =
    file['router'] === undefined ? undefined : validated(routerEntry, file['router'], 'router', findings, (place) => fileKeys(['router', ...place]))
  return { providers: providersOf(file['providers'], there, findings), pools: poolsOf(file['pools'], findings), ...(router && { router }) }
}

function providersOf(providers: Json | undefined, there: ReadonlySet<string>, findings: Findings): (ProviderEntry | HttpDefinition)[] {
  const list = listOf(providers)
  if (!list) findings.skip('providers', 'a list expected')
  const seen = new Set<string>()
  return (list ?? []).flatMap((entry, i) => {
    const read = entryOf(entry, `providers[${i}]`, findings, there)
    if (read === undefined) return []
    if (seen.has(read.id)) {
      findings.skip(`providers[${i}].id`, `'${read.id}' stands there twice: the first one holds`)
      return []
    }
    seen.add(read.id)
    findings.places.set(read.id, `providers[${i}]`)
    return [read]
  })
}

const known = (place: readonly PropertyKey[]): readonly string[] => fileKeys(['providers', 0, ...place])

const NOBODY: ReadonlySet<string> = new Set()

/** One entry: a source of its own where it has endpoints or an address, else one of the registry, or a change of one that is `there`. */
export function entryOf(entry: Json, path: string, findings: Findings, there = NOBODY): ProviderEntry | HttpDefinition | undefined {
  if (!isObject(entry)) {
    findings.skip(path, 'an object expected')
    return undefined
  }
  if ('endpoints' in entry || 'baseUrl' in entry) {
    const isChange = typeof entry['id'] === 'string' && there.has(newId(entry['id']))
    const read = validated(isChange ? changedDefinition : httpDefinition, entry, path, findings, known) as HttpDefinition | undefined
    if (read === undefined) return undefined
    const id = newId(read.id)
    if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) && !factories.has(id)) return { ...read, id }
    findings.skip(`${path}.id`, factories.has(id) ? `'${id}' is a built-in provider: choose another id` : 'an id in kebab-case expected')
    return undefined
  }
  const read = validated(providerEntry, entry, path, findings, known)
  if (read === undefined) return undefined
  const id = newId(read.id)
  const { factory = id } = read
  if (read.factory === undefined && there.has(id)) return { ...read, id }
  if (factories.has(newId(factory))) return { ...read, id, ...(read.factory !== undefined && { factory: newId(factory) }) }
  if (read.factory !== undefined) {
    findings.skip(`${path}.factory`, `no provider '${factory}'`, didYouMean(factory, factories.keys()))
    return undefined
  }
  const why = whyAbsent(id)
  findings.skip(`${path}.id`, `no provider '${id.slice(0, 64)}'${why}`, why === '' ? didYouMean(id, knownIds()) : undefined)
  return undefined
}

function poolsOf(pools: Json | undefined, findings: Findings): readonly PoolEntry[] | 'default' {
  if (pools === 'default') return pools
  const list = listOf(pools)
  if (!list && pools !== undefined) findings.skip('pools', "a list, or 'default', expected")
  return (list ?? []).flatMap((pool, i) => {
    const read = validated(poolEntry, pool, `pools[${i}]`, findings, (place) => fileKeys(['pools', 0, ...place]))
    if (read !== undefined) findings.places.set(`pool ${poolIdOf(read)}`, `pools[${i}]`)
    return read === undefined ? [] : [read]
  })
}
