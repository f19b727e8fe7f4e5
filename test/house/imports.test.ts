import { describe, expect, it } from 'vitest'
import { type SourceFile, sources } from './source.js'

const core = ['model', 'errors', 'provider', 'strategies', 'http', 'quota', 'stores', 'pipeline', 'router']

/** Which parts of `src` each part may import, besides itself: the arrows of docs/architecture.md. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  model: [],
  errors: ['model'],
  provider: ['model', 'errors'],
  strategies: ['model', 'errors', 'provider'],
  providers: ['model', 'errors', 'provider'],
  http: ['model', 'errors', 'provider', 'strategies'],
  quota: ['model', 'errors', 'provider', 'strategies'],
  // the memory store counts as the ledger does
  stores: ['model', 'errors', 'provider', 'strategies', 'quota'],
  pipeline: ['model', 'errors', 'provider', 'strategies', 'http', 'quota', 'stores'],
  router: ['model', 'errors', 'provider', 'strategies', 'http', 'quota', 'stores', 'pipeline'],
  sentiment: ['model', 'errors', 'provider'],
  forecasting: ['model', 'errors', 'provider'],
  'http-api': [...core, 'telemetry', 'sentiment'],
  config: [...core, 'registry'],
  telemetry: core,
  redis: ['stores', 'model', 'errors', 'provider'],
  testing: core,
  cli: [...core, 'registry', 'sentiment'],
  index: core,
}

/** The one file that imports each given package; a trailing slash means any file of that folder. */
const importers: Readonly<Record<string, string | readonly string[]>> = {
  ky: 'http/client.ts',
  opossum: 'pipeline/breaker.ts',
  'p-retry': 'pipeline/retry.ts',
  'p-throttle': 'pipeline/limit.ts',
  'quick-lru': 'pipeline/cache.ts',
  eventemitter3: 'router/events.ts',
  feedsmith: 'provider/news/feeds.ts',
  htmlparser2: 'provider/news/plain-text.ts',
  'trading-signals': 'providers/computed-indicators.rows.ts',
  '@huggingface/inference': 'sentiment/hugging-face.ts',
  '@huggingface/transformers': 'sentiment/local-model.ts',
  zod: ['config/', 'http-api/'],
  papaparse: 'config/csv.ts',
  '@jmespath-community/jmespath': 'config/expression.ts',
}

/** `pipeline/cache.ts` → `pipeline`; the registry of providers is a part of its own. */
function partOf(path: string): string {
  if (path === 'providers/index.ts') return 'registry'
  return path.split('/', 1)[0]?.replace(/\.ts$/, '') ?? path
}

const offences = (check: (file: SourceFile) => readonly string[]): string[] =>
  sources.flatMap((file) => check(file).map((target) => `src/${file.path} imports ${target}`))

const ownTargets = (file: SourceFile): string[] => file.imports.filter(({ own }) => own).map(({ target }) => target)
const packageTargets = (file: SourceFile): string[] => file.imports.filter(({ own }) => !own).map(({ target }) => target)

describe('the arrows between the parts of src', () => {
  it('name every part there is', () => {
    const parts = new Set(sources.map(({ path }) => partOf(path)))
    expect([...parts].filter((part) => part !== 'registry' && !(part in arrows))).toEqual([])
  })

  it('point one way only', () => {
    const wrong = offences((file) => {
      const part = partOf(file.path)
      const allowed = part === 'registry' ? ['providers', 'provider', 'model'] : [part, ...(arrows[part] ?? [])]
      return ownTargets(file).filter((target) => !allowed.includes(partOf(target)))
    })
    expect(wrong).toEqual([])
  })

  it('keep providers apart: a provider imports no other, only the parts that begin with its own id', () => {
    const wrong = offences((file) => {
      if (partOf(file.path) !== 'providers') return []
      const id = file.path.slice('providers/'.length).split('.', 1)[0] ?? ''
      return ownTargets(file).filter((target) => target.startsWith('providers/') && !target.startsWith(`providers/${id}.`))
    })
    expect(wrong).toEqual([])
  })

  it('lead from the front door to nothing that is a door of its own', () => {
    const byPath = new Map(sources.map((file) => [file.path, file]))
    const reached = new Set(['index.ts'])
    for (const path of reached) for (const target of ownTargets(byPath.get(path) ?? ({ path, imports: [] } as unknown as SourceFile))) reached.add(target)
    expect(byPath.has('index.ts')).toBe(true)
    expect([...reached].filter((path) => /^(providers|sentiment|forecasting|http-api|cli|testing|config|telemetry|redis)\//.test(path))).toEqual([])
  })
})

describe('packages', () => {
  it('are imported by the file that docs/architecture.md names, and by no other', () => {
    const wrong = offences((file) =>
      packageTargets(file).filter((name) => {
        const allowed = [importers[name] ?? []].flat()
        return allowed.length > 0 && !allowed.some((importer) => (importer.endsWith('/') ? file.path.startsWith(importer) : file.path === importer))
      }),
    )
    expect(wrong).toEqual([])
  })

  it('each have one importer', () => {
    const files = new Map<string, Set<string>>()
    for (const file of sources)
      for (const name of packageTargets(file)) if (!name.startsWith('node:')) files.set(name, (files.get(name) ?? new Set()).add(file.path))
    const shared = [...files].filter(([name, paths]) => paths.size > 1 && name !== 'zod').map(([name, paths]) => `${name}: ${[...paths].join(', ')}`)
    expect(shared).toEqual([])
  })

  it('keep the texts of zod in all languages out of bundles: it is imported as a namespace, or for its types only', () => {
    const wrong = sources.filter(({ text }) => /^import \{[^}]*\} from 'zod'/m.test(text))
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  it('of Node itself stay out of what runs on every runtime', () => {
    const wrong = offences((file) => (partOf(file.path) === 'cli' ? [] : packageTargets(file).filter((name) => name.startsWith('node:'))))
    expect(wrong).toEqual([])
  })

  it('are found by name, never by a computed specifier', () => {
    expect(offences((file) => packageTargets(file).filter((name) => name.startsWith('computed:')))).toEqual([])
  })
})
