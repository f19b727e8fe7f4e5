import { CAPABILITIES, type Capability, type Category } from '../model/capabilities.js'
import type { Attribution } from '../model/result.js'
import { ABSENT_PROVIDERS, whyAbsent } from '../provider/retired.js'
import type { AnyProvider, KeyPlacement, Limit, Plan } from '../provider/provider.js'
import { newId, oldIdsOf } from './ids.js'
import { factories } from './registry.js'
import { ABSENT_SERVICES, ENGINES, MAIN_CATEGORIES, type ServiceFacts, TO_BE_SET_UP } from './services.js'

/**
 * `alive`: works without a key. `key-needed`: with a key of one's own, which is free. `paid`: the key costs money. `off`: not asked unless it is
 * switched on. `retired`: the service is gone. `absent`: it exists, and has no provider here.
 */
export type CatalogueStatus = 'alive' | 'key-needed' | 'paid' | 'off' | 'retired' | 'absent'

/** One service, as data. */
export interface CatalogueEntry {
  readonly id: string
  readonly name: string
  /** Ids that it has elsewhere. */
  readonly aliases: readonly string[]
  readonly status: CatalogueStatus
  /** Who answers: a provider of `feedmux/providers`, an engine of `feedmux/sentiment`, or nobody. */
  readonly source: 'provider' | 'engine' | 'none'
  /** The one it is counted under. */
  readonly category: Category
  readonly categories: readonly Category[]
  readonly capabilities: readonly Capability[]
  readonly key: 'none' | 'optional' | 'required'
  /** Where it goes, for whom takes one and says where. */
  readonly keyPlacement?: KeyPlacement
  readonly free: boolean
  readonly homepage: string
  readonly docs?: string
  readonly hosts?: readonly string[]
  readonly limits?: readonly Limit[]
  readonly plans?: Readonly<Record<string, Plan>>
  /** ISO date on which the limits were read. */
  readonly verifiedOn?: string
  readonly attribution?: Attribution
  readonly role?: 'regular' | 'last-resort'
  /** Since when it is gone, where it is. */
  readonly retired?: { readonly since?: string; readonly replacement?: string }
  /** Why nobody answers, in words. */
  readonly why?: string
  /** Ids that can stand in for it. */
  readonly instead?: readonly string[]
}

/** What entries are chosen by; all that is given must hold. */
export interface CatalogueFilter {
  readonly category?: Category | undefined
  readonly capability?: Capability | undefined
  readonly status?: CatalogueStatus | undefined
  readonly source?: CatalogueEntry['source'] | undefined
  readonly key?: CatalogueEntry['key'] | undefined
  /** Whether it answers without a key and without being switched on. */
  readonly keyless?: boolean | undefined
}

/** Counts over the catalogue. Each of the three tables adds up to `total`. */
export interface CatalogueSummary {
  readonly total: number
  readonly byStatus: Readonly<Partial<Record<CatalogueStatus, number>>>
  readonly byCategory: Readonly<Partial<Record<Category, number>>>
  readonly bySource: Readonly<Partial<Record<CatalogueEntry['source'], number>>>
  readonly byAuth: { readonly requiresAuth: number; readonly noAuth: number }
  readonly byFree: { readonly free: number; readonly paid: number }
  /** Those that answer without a key, and without being switched on: the status `alive`. */
  readonly keyless: number
}

let entries: ReadonlyMap<string, CatalogueEntry> | undefined

/** Every service that feedmux has a provider for, and those that one may come across elsewhere. */
export const catalogue = {
  /** All of them, by id. */
  list: (filter: CatalogueFilter = {}): CatalogueEntry[] => [...all().values()].filter((entry) => fits(entry, filter)),
  /** By its id here or elsewhere: `alternative_me` is `alternative-me`. */
  get: (id: string): CatalogueEntry | undefined => all().get(newId(id)),
  byCategory: (category: Category): CatalogueEntry[] => catalogue.list({ category }),
  byCapability: (capability: Capability): CatalogueEntry[] => catalogue.list({ capability }),
  summary: (filter: CatalogueFilter = {}): CatalogueSummary => summaryOf(catalogue.list(filter)),
} as const

/** Made when it is first asked for: it calls every factory. */
function all(): ReadonlyMap<string, CatalogueEntry> {
  entries ??= new Map(
    [
      ...[...factories.values()].map((factory) => ofProvider(factory())),
      ...Object.entries(ENGINES).map(([id, facts]) => ofEngine(id, facts)),
      ...Object.entries(ABSENT_SERVICES).map(([id, facts]) => ofAbsent(id, facts)),
    ]
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((entry) => [entry.id, Object.freeze(entry)]),
  )
  return entries
}

function fits({ categories, capabilities, status, source, key }: CatalogueEntry, filter: CatalogueFilter): boolean {
  if (filter.category !== undefined && !categories.includes(filter.category)) return false
  if (filter.capability !== undefined && !capabilities.includes(filter.capability)) return false
  if (filter.status !== undefined && status !== filter.status) return false
  if (filter.source !== undefined && source !== filter.source) return false
  if (filter.key !== undefined && key !== filter.key) return false
  return filter.keyless === undefined || (status === 'alive') === filter.keyless
}

function ofProvider(provider: AnyProvider): CatalogueEntry {
  const { id, name, homepage, docs, hosts, limits, plans, verifiedOn, attribution, role, retired } = provider
  const capabilities = Object.keys(provider.endpoints) as Capability[]
  const categories = [...new Set(capabilities.flatMap((capability) => CAPABILITIES[capability]?.category ?? []))] as Category[]
  const key = keyOf(provider)
  const status = statusOf(provider, key)
  return {
    id,
    name,
    aliases: oldIdsOf(id),
    status,
    source: 'provider',
    category: MAIN_CATEGORIES[id] ?? categories[0] ?? 'market_metadata',
    categories,
    capabilities,
    key,
    ...(provider.key && { keyPlacement: provider.key }),
    free: status !== 'paid',
    homepage,
    docs,
    ...(hosts && { hosts }),
    ...(limits && { limits }),
    ...(plans && { plans }),
    ...(verifiedOn !== undefined && { verifiedOn }),
    ...(attribution && { attribution }),
    ...(role && { role }),
    ...(retired && { retired }),
  }
}

function keyOf({ key, plans = {} }: AnyProvider): CatalogueEntry['key'] {
  if (key?.required) return 'required'
  return key || Object.values(plans).some((plan) => plan.key) ? 'optional' : 'none'
}

function statusOf({ id, enabled, retired }: AnyProvider, key: CatalogueEntry['key']): CatalogueStatus {
  if (retired) return 'retired'
  if (enabled === false && !TO_BE_SET_UP.has(id)) return key === 'required' ? 'paid' : 'off'
  return key === 'required' ? 'key-needed' : 'alive'
}

function ofEngine(id: string, facts: ServiceFacts): CatalogueEntry {
  const { key, ...rest } = commonOf(id, facts)
  return { ...rest, source: 'engine', capabilities: ['textSentiment'], key, status: key === 'required' ? 'key-needed' : 'alive' }
}

function ofAbsent(id: string, facts: ServiceFacts): CatalogueEntry {
  const { retired } = ABSENT_PROVIDERS[id] ?? {}
  const why = facts.why ?? whyAbsent(id).replaceAll(/^ \(|\)$/g, '')
  return { ...commonOf(id, facts), source: 'none', capabilities: [], status: retired ? 'retired' : 'absent', why, ...(retired && { retired }) }
}

function commonOf(id: string, { name, category, homepage, instead, paid, key = 'required' }: ServiceFacts) {
  return { id, name, aliases: oldIdsOf(id), category, categories: [category], key, free: paid !== true, homepage, ...(instead && { instead }) }
}

/** Counts over any entries. */
function summaryOf(list: readonly CatalogueEntry[]): CatalogueSummary {
  const requiresAuth = list.filter(({ key }) => key === 'required').length
  const free = list.filter((entry) => entry.free).length
  return {
    total: list.length,
    byStatus: countBy(list, ({ status }) => status),
    byCategory: countBy(list, ({ category }) => category),
    bySource: countBy(list, ({ source }) => source),
    byAuth: { requiresAuth, noAuth: list.length - requiresAuth },
    byFree: { free, paid: list.length - free },
    keyless: list.filter((entry) => fits(entry, { keyless: true })).length,
  }
}

function countBy<K extends string>(list: readonly CatalogueEntry[], keyOfEntry: (entry: CatalogueEntry) => K): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {}
  for (const entry of list) counts[keyOfEntry(entry)] = (counts[keyOfEntry(entry)] ?? 0) + 1
  return counts
}
