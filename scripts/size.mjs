// What the library weighs in a bundle: minified, brotli, with its dependencies. Why so: docs/decisions/0003-what-a-provider-may-weigh.md
// and docs/decisions/0011-what-each-provider-adds.md
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'
import { build } from 'esbuild'
import { entries } from './entries.mjs'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))

/**
 * Most bytes that the core may weigh, what it loads late (`router.diagnose()`, `rollUp`, the option `store`), what providers share, each provider on top of both,
 * and the table of ids of one that has such a table.
 */
export const budget = { core: 60_000, diagnosis: 2_500, rollUp: 1_200, sharing: 6_500, provider: 2_000, ids: 3_400 }

/** The same of what providers share: all of them, and those of a kind. */
export const sharedBudget = { common: 1_200, market: 2_600, chain: 5_500, news: 5_500, derived: 1_300 }

/** Libraries that load with the first answer that needs them: weighed alone. */
const LATE = ['feedsmith', 'htmlparser2', 'trading-signals']

/** Providers that may weigh more than the others, and why. */
export const exceptions = {
  coingecko: { bytes: 2_700, why: 'eleven capabilities, three plans, 62 quotes, errors in three forms' },
}

/** Most bytes that this provider's own code may add. */
export const budgetOf = (id) => exceptions[id]?.bytes ?? budget.provider

const names = entries.filter((entry) => entry.startsWith('providers/') && entry !== 'providers/index').map((entry) => entry.slice('providers/'.length))

/** Bytes of each runtime dependency alone, whole: a bundle takes what it needs of one that can be shaken. */
const packages = async () => Object.fromEntries(await Promise.all(Object.keys(manifest.dependencies).map(async (name) => [name, await weighWhole(name)])))

async function weighWhole(name) {
  const { outputFiles } = await bundleOf(`import * as all from '${name}'; export { all }`, [], [], 'browser')
  return sumOf(outputFiles)
}

/** Those of them that the core imports. */
const ofCore = async () => {
  const { metafile } = await bundle(['./src/index.ts'])
  return Object.keys(manifest.dependencies).filter((name) => Object.keys(metafile.inputs).some((path) => path.includes(`node_modules/${name}/`)))
}

/**
 * Bytes of the core (out of dist/, which must be built), of what providers share beyond it, and of each provider: all that it adds to
 * the core where there is no other provider, its own code beyond what is shared, and its table of ids. `isWanted` picks providers.
 */
export async function measure(isWanted = () => true) {
  const kinds = await sharedModules()
  const shared = Object.values(kinds).flat()
  const [core, late, bare, base] = await Promise.all([
    weigh(['./dist/index.js'], [withoutLate]),
    weighLate(),
    weigh(['./src/index.ts']),
    weigh(['./src/index.ts', ...shared]),
  ])
  const common = await weigh(['./src/index.ts', ...kinds.common])
  const ofKind = async ([kind, modules]) => [kind, kind === 'common' ? common - bare : (await weigh(['./src/index.ts', ...kinds.common, ...modules])) - common]
  const providers = names.filter(isWanted).map(async (id) => {
    const provider = sourceOf(id)
    const [code, whole, alone] = await Promise.all([
      weigh(['./src/index.ts', ...shared, provider], [withoutIds]),
      existsSync(`src/providers/${id}.assets.ts`) ? weigh(['./src/index.ts', ...shared, provider]) : undefined,
      weigh(['./src/index.ts', provider]),
    ])
    return { id, alone: alone - bare, own: code - base, table: whole === undefined ? 0 : whole - code }
  })
  const sizes = await Promise.all(providers)
  const each = (part) => Object.fromEntries(sizes.map((size) => [size.id, size[part]]))
  const weights = Object.fromEntries(await Promise.all(Object.entries(kinds).map(ofKind)))
  return {
    core,
    ...late,
    shared: weights,
    providers: each('alone'),
    own: each('own'),
    ids: each('table'),
  }
}

const sourceOf = (id) => `./src/providers/${id}.ts`

const kindOf = (path) => /^src\/provider\/(\w+)\//.exec(path)?.[1] ?? 'common'

/** Whatever providers import that is no part of one, by kind: the folder of `src/provider` that it stands in. */
async function sharedModules() {
  const { metafile } = await bundle(names.map(sourceOf))
  const paths = Object.keys(metafile.inputs).filter((path) => path.startsWith('src/') && !path.startsWith('src/providers/'))
  const kinds = { common: [] }
  for (const path of paths) (kinds[kindOf(path)] ??= []).push(`./${path}`)
  return kinds
}

/** What loads late: for `router.diagnose()`, for `rollUp`, and for a router with a store. */
const ON_DEMAND = { diagnosis: ['diagnose'], rollUp: ['rolled-up'], sharing: ['share-state', 'memory-state'] }

/** Leaves out what loads late. */
const withoutLate = {
  name: 'without-late',
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`/(${Object.values(ON_DEMAND).flat().join('|')})-\\w+\\.js$`) }, ({ path }) => ({ path, external: true })),
}

/** Bytes of the files that load for each of it, beyond those that were loaded at once. */
async function weighLate() {
  const { outputFiles, metafile } = await bundle(['./dist/index.js'])
  const paths = Object.keys(metafile.outputs)
  const closureOf = (some) => {
    const closure = new Set(some)
    for (const path of closure) for (const one of metafile.outputs[path]?.imports ?? []) if (one.kind === 'import-statement') closure.add(one.path)
    return closure
  }
  const atOnce = closureOf(paths.filter((path) => metafile.outputs[path].entryPoint === '<stdin>'))
  const weights = Object.entries(ON_DEMAND).map(async ([name, files]) => {
    const own = [...closureOf(paths.filter((path) => files.some((file) => path.startsWith(`out/${file}-`))))].filter((path) => !atOnce.has(path))
    if (own.length < files.length) throw new Error(`dist/ has no ${files.join(' or ')} that loads late`)
    const contents = outputFiles.filter(({ path }) => own.includes(relative(process.cwd(), path)))
    return [name, await sumOf(contents)]
  })
  return Object.fromEntries(await Promise.all(weights))
}

/** Empties the tables of ids. */
const withoutIds = {
  name: 'without-ids',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.assets\.ts$/ }, ({ path }) => {
      const [, name] = /export const (\w+)/.exec(readFileSync(path, 'utf8'))
      return { contents: `export const ${name} = {}` }
    }),
}

const exported = (name) => `export * from '${name}'`

const bundle = (modules, plugins = []) => bundleOf(modules.map(exported).join('\n'), plugins)

/** A bundle of this code as a user's bundler makes it. The package's own name means what is published. */
const bundleOf = (contents, plugins = [], external = LATE, platform = 'neutral') =>
  built({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform,
    target: 'es2022',
    mainFields: platform === 'neutral' ? ['module', 'main'] : ['browser', 'module', 'main'],
    external: ['node:*', 'undici', ...external],
    tsconfigRaw: {},
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins,
  })

/** Without the files that nobody in the bundle loads: one for each `import()` that was seen, also where what holds it was shaken out. */
async function built(options) {
  const { outputFiles, metafile } = await build(options)
  const reached = new Set(Object.keys(metafile.outputs).filter((path) => metafile.outputs[path].entryPoint === '<stdin>'))
  for (const path of reached) for (const one of metafile.outputs[path].imports) if (!one.external) reached.add(one.path)
  return { metafile, outputFiles: outputFiles.filter(({ path }) => reached.has(relative(process.cwd(), path))) }
}

/** The text of such a bundle. */
export const textOf = async (contents) => (await bundleOf(contents)).outputFiles.map(({ text }) => text).join('\n')

const compress = promisify(brotliCompress)

async function weigh(modules, plugins) {
  const { outputFiles } = await bundle(modules, plugins)
  return sumOf(outputFiles)
}

const sumOf = async (files) => (await Promise.all(files.map(async ({ contents }) => (await compress(contents)).length))).reduce((sum, bytes) => sum + bytes, 0)

const kilobytes = (bytes) => (bytes / 1_000).toFixed(2).padStart(6)

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { core, diagnosis, rollUp, sharing, shared, providers, own, ids } = await measure()
  const rows = [
    { name: 'core', bytes: core, most: budget.core },
    { name: '+ router.diagnose()', bytes: diagnosis, most: budget.diagnosis },
    { name: '+ rollUp', bytes: rollUp, most: budget.rollUp },
    { name: '+ options.store', bytes: sharing, most: budget.sharing },
    ...Object.entries(shared).map(([kind, bytes]) => ({ name: `+ shared, ${kind}`, bytes, most: sharedBudget[kind] ?? 0 })),
    ...Object.entries(providers).map(([id, alone]) => ({
      name: `+ ${id}`,
      bytes: own[id],
      most: budgetOf(id),
      table: ids[id],
      note: `${kilobytes(alone)} alone${exceptions[id] ? `  (${exceptions[id].why})` : ''}`,
    })),
  ]
  const isOver = ({ bytes, most, table = 0 }) => bytes > most || table > budget.ids
  for (const row of rows) {
    const { name, bytes, most, table = 0, note = '' } = row
    const ofIds = table > 0 ? `+${kilobytes(table)} of ${budget.ids / 1_000} ids` : ''
    console.log(`${name.padEnd(24)}${kilobytes(bytes)} KB of ${`${most / 1_000}`.padEnd(4)}${ofIds.padEnd(21)}${note}${isOver(row) ? '  over the budget' : ''}`)
  }
  const inCore = new Set(await ofCore())
  for (const [name, bytes] of Object.entries(await packages()))
    console.log(`  ${inCore.has(name) ? 'in the core' : 'loaded late or by its own entry'}: ${name.padEnd(16)}${kilobytes(bytes)} KB`)
  process.exitCode = rows.some(isOver) ? 1 : 0
}
