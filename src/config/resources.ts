import { ConfigError } from '../errors.js'
import type { Category } from '../model/capabilities.js'
import { catalogue, type CatalogueEntry } from './catalogue.js'
import { newId } from './ids.js'
import type { ConfigFile } from './schema.js'

type Entry = ConfigFile['providers'][number]

/** Counts over the providers of a configuration. */
export interface ResourceStatistics {
  readonly total: number
  /** Sources that the file describes itself are counted under `own`. */
  readonly byCategory: Readonly<Record<string, number>>
  readonly byAuth: { readonly requiresAuth: number; readonly noAuth: number }
  readonly byFree: { readonly free: number; readonly paid: number }
}

/** A configuration to be edited. Each change gives a new one: what was loaded from the old one stays as it is. */
export interface Resources {
  readonly config: ConfigFile
  list(category?: Category): readonly Entry[]
  /** Throws `ConfigError` where one of that id is there. */
  add(entry: Entry): Resources
  /** Throws `ConfigError` where none of that id is there. */
  update(id: string, change: Partial<Entry>): Resources
  remove(id: string): Resources
  statistics(): ResourceStatistics
}

/** Edits the providers of a configuration. `config` is what is to be loaded or stored then. */
export function resources(config: ConfigFile): Resources {
  const { providers } = config
  const withProviders = (next: readonly Entry[]): Resources => resources({ ...config, providers: [...next] })
  const placeOf = (id: string): number => {
    const place = providers.findIndex((entry) => entry.id === newId(id))
    if (place < 0) throw new ConfigError(`no provider '${id}' in the configuration, there are ${providers.map((entry) => entry.id).join(', ') || 'none'}`)
    return place
  }
  return {
    config,
    list: (category) => (category === undefined ? providers : providers.filter((entry) => factsOf(entry)?.categories.includes(category))),
    add: (entry) => {
      const id = newId(entry.id)
      if (providers.some((one) => one.id === id)) throw new ConfigError(`provider '${id}' is in the configuration already, use update()`)
      return withProviders([...providers, { ...entry, id }])
    },
    update: (id, change) => withProviders(providers.with(placeOf(id), { ...providers[placeOf(id)], ...change, id: newId(id) })),
    remove: (id) => withProviders(providers.toSpliced(placeOf(id), 1)),
    statistics: () => statisticsOf(providers),
  }
}

function statisticsOf(providers: readonly Entry[]): ResourceStatistics {
  const known = providers.map((entry) => ({ entry, facts: factsOf(entry) }))
  const requiresAuth = known.filter(({ entry, facts }) => needsKey(entry, facts)).length
  const paid = known.filter(({ facts }) => facts?.free === false).length
  const byCategory: Record<string, number> = {}
  for (const { facts } of known) byCategory[facts?.category ?? 'own'] = (byCategory[facts?.category ?? 'own'] ?? 0) + 1
  return {
    total: providers.length,
    byCategory,
    byAuth: { requiresAuth, noAuth: providers.length - requiresAuth },
    byFree: { free: providers.length - paid, paid },
  }
}

/** What is known of it, or of what it is made by. */
const factsOf = (entry: Entry): CatalogueEntry | undefined => {
  if ('endpoints' in entry) return undefined
  return catalogue.get(entry.id) ?? (entry.factory === undefined ? undefined : catalogue.get(entry.factory))
}

const needsKey = (entry: Entry, facts: CatalogueEntry | undefined): boolean =>
  'endpoints' in entry ? entry.key !== undefined && entry.key.required !== false : facts?.key === 'required'
