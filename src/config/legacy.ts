import type { AnyProvider } from '../provider/provider.js'
import { whyAbsent } from '../provider/retired.js'
import { isObject, type Json, listOf } from './clean.js'
import { knownIds, newId } from './ids.js'
import { figureOf, LEGACY_CATEGORIES, LEGACY_DEFAULTS, LEGACY_FILE_KEYS, LEGACY_KEYS, LEGACY_LIMITS, legacyCategory, legacyPriority } from './legacy-format.js'
import { fallbackOf, type LegacyExtras, modelsOf } from './legacy-extras.js'
import { legacyPools } from './legacy-pools.js'
import { factories } from './registry.js'
import { didYouMean, type Findings } from './report.js'
import type { PoolEntry, ProviderEntry } from './schema.js'
import { ABSENT_SERVICES } from './services.js'

type Members = { readonly [name: string]: Json }

/** A file of another system in our format; what stood in it beside providers and pools comes along. */
export interface Imported extends LegacyExtras {
  readonly providers: readonly ProviderEntry[]
  readonly pools: readonly PoolEntry[]
}

/** Brings either shape of the legacy format into ours, and says each decision. */
export function importLegacy(file: Members, findings: Findings): Imported {
  findings.format = 'legacy'
  for (const key of Object.keys(file))
    if (!LEGACY_FILE_KEYS.includes(key)) findings.wrong(key, `unknown key '${key}', it has no effect`, didYouMean(key, LEGACY_FILE_KEYS))
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
  const pools = legacyPools(file['pool_configurations'], kept, findings)
  return { providers: [...kept.values()], pools, ...fallbackOf(file['fallback_strategy'], findings), ...modelsOf(file['huggingface_models'], findings) }
}

/** Entries by id, or in a list; one in a list that has no id is known by its name. */
function entriesOf(providers: Json | undefined, findings: Findings): [id: string, entry: Members, path: string][] {
  const list = listOf(providers)?.map((entry, i): [string, Json, string] => [
    isObject(entry) ? textOf(entry['id']) || textOf(entry['name']) : '',
    entry,
    `providers[${i}]`,
  ])
  if (!list && !isObject(providers)) findings.skip('providers', 'entries by id, or a list of them, expected')
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
  const { priority, weight, enabled } = entry
  const [name, category, address] = [textOf(entry['name']), textOf(entry['category']), textOf(entry['base_url'])]
  if (!/^https?:\/\/[^\s@]+$/i.test(address)) {
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
  sayOther(factory(), now, entry, path, findings)
  return {
    id: now,
    ...prioritised(priority, `${path}.priority`, findings),
    weight: weightOf(weight, `${path}.weight`, findings),
    ...(typeof enabled === 'boolean' && { enabled }),
  }
}

/** What is not as the entry says. */
function sayOther({ key, hosts: own, role, enabled }: AnyProvider, id: string, entry: Members, path: string, findings: Findings): void {
  const address = hostOf(textOf(entry['base_url']))
  const hosts = (own ?? []).map(hostOf)
  if (entry['requires_auth'] !== true && key?.required)
    findings.decide(`${path}.requires_auth`, `'${id}' wants a key: hand it to loadConfig, keys: { '${id}': … }`)
  if (enabled === false && entry['enabled'] === undefined)
    findings.decide(
      path,
      key?.required ? `'${id}' is off until it has a key: it is paid for, or wants to be set up` : `'${id}' is off by itself: enabled: true brings it in`,
    )
  if (role === 'last-resort') findings.decide(path, `'${id}' is the last resort here, whatever its priority`)
  if (!hosts.includes(address))
    findings.decide(`${path}.base_url`, `${address} is not taken over: '${id}' has addresses of its own, ${hosts.join(', ') || 'which you give'}`)
  if (isObject(entry['rate_limit']) && Object.keys(entry['rate_limit']).length > 0)
    findings.decide(`${path}.rate_limit`, `the published limits of '${id}' are used`)
}

function checkKeys(entry: Members, path: string, findings: Findings): void {
  for (const key of Object.keys(entry))
    if (!LEGACY_KEYS.includes(key)) findings.wrong(`${path}.${key}`, `unknown key '${key}', it has no effect`, didYouMean(key, LEGACY_KEYS))
  const limits = entry['rate_limit']
  for (const key of isObject(limits) ? Object.keys(limits) : [])
    if (!LEGACY_LIMITS.includes(key)) findings.wrong(`${path}.rate_limit.${key}`, `unknown key '${key}', it has no effect`, didYouMean(key, LEGACY_LIMITS))
}

function sayAbsent(id: string, name: string, path: string, findings: Findings): void {
  const { why } = Object.hasOwn(ABSENT_SERVICES, id) ? (ABSENT_SERVICES[id] ?? {}) : {}
  if (Object.hasOwn(ABSENT_SERVICES, id)) findings.decide(path, `${name} is left out${why === undefined ? whyAbsent(id) : ` (${why})`}`)
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
  const figure = figureOf(told)
  if (figure !== undefined && figure >= 0) return figure
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
  const { role, enabled: _, ...rest } = former
  const switches = [former.enabled, entry.enabled]
  const enabled = switches.includes(true) ? true : switches.includes(undefined) ? undefined : false
  kept.set(entry.id, {
    ...rest,
    priority: Math.min(former.priority ?? Infinity, entry.priority ?? Infinity),
    weight: Math.max(former.weight ?? 0, entry.weight ?? 0),
    ...(role !== undefined && entry.role !== undefined && { role }),
    ...(enabled !== undefined && { enabled }),
  })
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : 'its address')
