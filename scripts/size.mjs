// What the library weighs in a bundle: minified, brotli, with its dependencies. Why so: docs/decisions/0003-what-a-provider-may-weigh.md
// and docs/decisions/0011-what-each-provider-adds.md
import { existsSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'
import { build } from 'esbuild'
import { entries } from './entries.mjs'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))

/** Most bytes that the core may weigh, what providers share, each provider on top of both, and the table of ids of one that has such a table. */
export const budget = { core: 57_000, shared: 3_200, provider: 2_000, ids: 3_400 }

/** Providers that may weigh more than the others, and why. */
export const exceptions = {
  coingecko: { bytes: 2_700, why: 'eleven capabilities, three plans, 62 quotes, errors in three forms' },
}

/** Most bytes that this provider's own code may add. */
export const budgetOf = (id) => exceptions[id]?.bytes ?? budget.provider

const names = entries.filter((entry) => entry.startsWith('providers/') && entry !== 'providers/index').map((entry) => entry.slice('providers/'.length))

/** Bytes of each runtime dependency alone. */
const packages = async () => Object.fromEntries(await Promise.all(Object.keys(manifest.dependencies).map(async (name) => [name, await weigh([name])])))

/**
 * Bytes of the core (out of dist/, which must be built), of what providers share beyond it, and of each provider: all that it adds to
 * the core where there is no other provider, its own code beyond what is shared, and its table of ids.
 */
export async function measure() {
  const shared = await sharedModules()
  const [core, bare, base] = await Promise.all([weigh(['./dist/index.js']), weigh(['./src/index.ts']), weigh(['./src/index.ts', ...shared])])
  const providers = names.map(async (id) => {
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
  return { core, shared: base - bare, providers: each('alone'), own: each('own'), ids: each('table') }
}

const sourceOf = (id) => `./src/providers/${id}.ts`

/** Whatever providers import that is no part of one. */
async function sharedModules() {
  const { metafile } = await bundle(names.map(sourceOf))
  return Object.keys(metafile.inputs)
    .filter((path) => path.startsWith('src/') && !path.startsWith('src/providers/'))
    .map((path) => `./${path}`)
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

// A file of ours has named exports only, some packages a default one only.
const exported = (name, at) =>
  name.startsWith('.') ? `export * from '${name}'` : `export * from '${name}'; import all${at} from '${name}'; export { all${at} }`

const bundle = (modules, plugins = []) => bundleOf(modules.map(exported).join('\n'), plugins)

/** A bundle of this code as a user's bundler makes it. The package's own name means what is published. */
const bundleOf = (contents, plugins = []) =>
  build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    mainFields: ['module', 'main'],
    external: ['node:*', 'undici'],
    tsconfigRaw: {},
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins,
  })

/** The text of such a bundle. */
export const textOf = async (contents) => (await bundleOf(contents)).outputFiles.map(({ text }) => text).join('\n')

const compress = promisify(brotliCompress)

async function weigh(modules, plugins) {
  const { outputFiles } = await bundle(modules, plugins)
  const sizes = await Promise.all(outputFiles.map(async ({ contents }) => (await compress(contents)).length))
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}

const kilobytes = (bytes) => (bytes / 1_000).toFixed(2).padStart(6)

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { core, shared, providers, own, ids } = await measure()
  const rows = [
    { name: 'core', bytes: core, most: budget.core },
    { name: '+ what providers share', bytes: shared, most: budget.shared },
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
  for (const [name, bytes] of Object.entries(await packages())) console.log(`  in the core: ${name.padEnd(16)}${kilobytes(bytes)} KB`)
  process.exitCode = rows.some(isOver) ? 1 : 0
}
