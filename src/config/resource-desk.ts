import { ConfigError } from '../errors.js'
import { hostName } from '../http/redact.js'
import { CAPABILITIES, type Category } from '../model/capabilities.js'
import type { AnyProvider } from '../provider/provider.js'
import { catalogue } from './catalogue.js'
import { toCsv } from './csv.js'
import { newId } from './ids.js'
import { sifted } from './incoming.js'
import { loadConfig, type LoadedConfig, type LoadOptions } from './load-config.js'
import { type ResourceStatistics, resources } from './resources.js'
import type { ConfigFile } from './schema.js'
import { shownEntry } from './shown.js'

/** One provider of a configuration, without any key and without the path of an address. */
export interface ResourceRow {
  readonly id: string
  readonly name: string
  /** The group of the catalogue; `own` for sources that the configuration describes itself. */
  readonly category: string
  readonly capabilities: readonly string[]
  /** Names of its hosts. */
  readonly hosts: readonly string[]
  readonly requiresAuth: boolean
  readonly free: boolean
  readonly enabled: boolean
  readonly priority?: number
  readonly weight?: number
  readonly homepage: string
  readonly docs: string
}

/** What came of an import. */
export interface ResourceImport {
  /** Entries that are there now. */
  readonly imported: number
  readonly rejected: readonly { readonly id: string; readonly error: string }[]
}

/** A configuration that is edited while it is used: for the option `resources` of `feedmux/http-api`. What is wrong rejects with a `ConfigError`. */
export interface ResourceDesk {
  /** As it is now. */
  readonly loaded: LoadedConfig
  list(category?: string): readonly ResourceRow[]
  /** Categories that `list` knows. */
  categories(): readonly string[]
  statistics(): ResourceStatistics
  /** In any of the formats that `loadConfig` reads. Gives the id under which it is there now. */
  add(entry: unknown): Promise<string>
  /** Gives the id that it had; nothing where none of that id is there. */
  remove(id: string): Promise<string | undefined>
  /** `merge`: laid over what is there; else it replaces all. Nothing changes where every entry is rejected. */
  import(catalogue: unknown, merge: boolean): Promise<ResourceImport>
  /** The whole, as it can be imported again; `shown`: without queries and parts of addresses that may hold a key. */
  export(shown: boolean): ConfigFile
  csv(): Promise<string>
}

/** What a desk may use. */
export interface ResourceDeskOptions extends Pick<LoadOptions, 'keys' | 'env'> {
  /** Puts a change to use: `(next, previous) => applyConfig(router, next, previous)`. Where it throws, nothing has changed. */
  readonly onChange?: ((next: LoadedConfig, previous: LoadedConfig) => void | Promise<void>) | undefined
  /**
   * Lets what is imported stand at addresses inside a network, without https. A name that resolves to such an address is not recognised: where that
   * matters, give the router a `fetch` that refuses those. @default false
   */
  readonly allowPrivate?: boolean | undefined
}

type Entry = ConfigFile['providers'][number]

/** Lets a loaded configuration be seen and edited, one change after the other. What comes in gets no key for an address that it brings itself. */
export function resourceDesk(initial: LoadedConfig, options: ResourceDeskOptions = {}): ResourceDesk {
  const editor = new Editor(initial, options)
  return {
    get loaded() {
      return editor.loaded
    },
    categories: () => CATEGORIES,
    list: (category) => listed(editor.loaded, category),
    statistics: () => resources(editor.loaded.config).statistics(),
    import: (json, merge) => editor.inTurn(() => editor.take(json, merge)),
    add: (entry) => editor.inTurn(() => added(entry, editor)),
    remove: (id) => editor.inTurn(() => editor.remove(newId(id))),
    export: (shown) => (shown ? { ...editor.loaded.config, providers: editor.loaded.config.providers.map(shownEntry) } : editor.loaded.config),
    csv: () => toCsv(editor.loaded.config.providers.map(shownEntry)),
  }
}

/** The configuration, and the changes that wait for each other. */
class Editor {
  loaded: LoadedConfig
  readonly #options: ResourceDeskOptions
  #last: Promise<unknown> = Promise.resolve()

  constructor(loaded: LoadedConfig, options: ResourceDeskOptions) {
    this.loaded = loaded
    this.#options = options
  }

  /** After all that came before. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change)
    this.#last = done.catch(() => undefined)
    return done
  }

  async take(json: unknown, merge: boolean): Promise<ResourceImport> {
    const { file, refused, outcome } = sifted(json, this.loaded.config, this.#options)
    const next = await this.#load(file, merge)
    const { imported, rejected } = outcome(next)
    if (imported > 0) await this.#adopt(next)
    return { imported, rejected: [...refused, ...rejected] }
  }

  async remove(id: string): Promise<string | undefined> {
    const { config } = this.loaded
    if (!config.providers.some((entry) => entry.id === id)) return undefined
    await this.#adopt(await this.#load(resources(config).remove(id).config, false))
    return id
  }

  #load(json: unknown, merge: boolean): Promise<LoadedConfig> {
    const { keys, env } = this.#options
    return loadConfig(json, { keys, env, base: this.loaded.config, merge, previous: this.loaded })
  }

  async #adopt(next: LoadedConfig): Promise<void> {
    if (next.providers.length === 0) throw new ConfigError('no provider would be left: nothing was changed')
    await this.#options.onChange?.(next, this.loaded)
    this.loaded = next
  }
}

async function added(entry: unknown, editor: Editor): Promise<string> {
  const { id, name } = (typeof entry === 'object' && entry !== null ? entry : {}) as { readonly id?: unknown; readonly name?: unknown }
  const own = newId(typeof id === 'string' && id !== '' ? id : typeof name === 'string' ? name : '')
  if (own === '') throw new ConfigError('an entry with an id expected')
  if (editor.loaded.config.providers.some((one) => one.id === own))
    throw new ConfigError(`'${own.slice(0, 64)}' is in the configuration already: remove it first`)
  const { rejected } = await editor.take({ providers: [entry] }, true)
  if (rejected[0]) throw new ConfigError(`'${rejected[0].id}': ${rejected[0].error}`)
  return own
}

const CATEGORIES: readonly string[] = [...new Set([...Object.values(CAPABILITIES).map(({ category }) => category), 'own'])]

function listed({ config, providers }: LoadedConfig, category: string | undefined): ResourceRow[] {
  const entries = category === 'own' ? config.providers.filter((entry) => 'endpoints' in entry) : resources(config).list(category as Category | undefined)
  return entries.flatMap((entry) => {
    const provider = providers.find(({ id }) => id === entry.id)
    return provider ? [rowOf(entry, provider)] : []
  })
}

function rowOf(entry: Entry, { name, homepage, docs, endpoints, hosts, enabled, priority, weight, key, retired }: AnyProvider): ResourceRow {
  const facts = 'endpoints' in entry ? undefined : (catalogue.get(entry.id) ?? catalogue.get(entry.factory ?? ''))
  return {
    id: entry.id,
    name,
    category: facts?.category ?? 'own',
    capabilities: Object.keys(endpoints),
    hosts: [...new Set((hosts ?? []).map(hostName))],
    requiresAuth: 'endpoints' in entry ? key !== undefined && key.required : facts?.key === 'required',
    free: facts?.free ?? true,
    enabled: enabled !== false && retired === undefined,
    ...(priority !== undefined && { priority }),
    ...(weight !== undefined && { weight }),
    homepage: shownAddressOf(homepage),
    docs: shownAddressOf(docs),
  }
}

const shownAddressOf = (address: string): string => address.split(/[?#]/, 1)[0] ?? ''
