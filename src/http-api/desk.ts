/** One provider of a configuration, as it may be shown: no key, no path of an address. */
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
  readonly priority?: number | undefined
  readonly weight?: number | undefined
  readonly homepage?: string | undefined
  readonly docs?: string | undefined
}

/** Counts over the providers of a configuration. */
export interface ResourceCounts {
  readonly total: number
  readonly byCategory: Readonly<Record<string, number>>
  readonly byAuth: { readonly requiresAuth: number; readonly noAuth: number }
  readonly byFree: { readonly free: number; readonly paid: number }
}

/** What came of an import. */
export interface ResourceImport {
  /** Entries that are there now. */
  readonly imported: number
  readonly rejected: readonly { readonly id: string; readonly error: string }[]
}

/** A configuration that can be seen and edited while it is used. What is wrong rejects with a `ConfigError`. */
export interface ResourceDesk {
  /** Of one category, or all. */
  list(category?: string): readonly ResourceRow[]
  /** Categories that `list` knows. */
  categories(): readonly string[]
  statistics(): ResourceCounts
  /** Gives the id under which it is there now. */
  add(entry: unknown): Promise<string>
  /** Gives the id that it had; nothing where none of that id is there. */
  remove(id: string): Promise<string | undefined>
  /** `merge`: laid over what is there; else it replaces all. Nothing changes where every entry is rejected. */
  import(catalogue: unknown, merge: boolean): Promise<ResourceImport>
  /** The whole, as it can be imported again; `shown`: without paths of addresses that may hold a key. */
  export(shown: boolean): object
  /** The same as CSV, without such paths. */
  csv(): Promise<string>
}

/** One run of a search for sources. Times in Unix ms. */
export interface DiscoveryRun {
  readonly startedAt: number
  readonly finishedAt: number
  readonly candidatesSeen: number
  readonly suggested: number
  readonly persisted: number
  readonly persistedIds?: readonly string[] | undefined
}

/** A search for new sources, asked by `run()` only. */
export interface Discovery {
  run(): Promise<DiscoveryRun>
  status(): { readonly enabled: boolean; readonly running: boolean; readonly pending: number; readonly lastRun?: DiscoveryRun | undefined }
  /** What writes the descriptions, where that is a model. */
  readonly model?: string | undefined
  /** How often your own timer runs it, in ms. */
  readonly everyMs?: number | undefined
}

/** How a text model is. What is not known is left out. */
export interface ModelReadings {
  readonly id: string
  readonly status: 'available' | 'unavailable' | 'error'
  readonly downloads?: number | undefined
  readonly likes?: number | undefined
  /** `text-classification` */
  readonly pipelineTag?: string | undefined
  /** Unix ms. */
  readonly lastUpdatedAt?: number | undefined
}
