// What the library weighs in a bundle: minified, brotli, with its dependencies. Why so: docs/decisions/0003-what-a-provider-may-weigh.md
import { existsSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { entries } from './entries.mjs'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))

/** Most bytes that the core may weigh, a provider on top of it, and the table of ids of one that has such a table. */
export const budget = { core: 49_000, provider: 3_000, ids: 3_000 }

/** Most bytes that this provider may add. */
export const budgetOf = (id) => budget.provider + (existsSync(`src/providers/${id}.assets.ts`) ? budget.ids : 0)

/** Bytes of each runtime dependency alone. */
const packages = async () => Object.fromEntries(await Promise.all(Object.keys(manifest.dependencies).map(async (name) => [name, await weighFrom([name])])))

/** Bytes of the core, and of each provider beyond it. Needs a built dist/. */
export async function measure() {
  const core = await weigh(['index'])
  const ids = entries.filter((entry) => entry.startsWith('providers/') && entry !== 'providers/index')
  const providers = Object.fromEntries(await Promise.all(ids.map(async (id) => [id.slice('providers/'.length), (await weigh(['index', id])) - core])))
  return { core, providers }
}

const weigh = (names) => weighFrom(names.map((name) => `./dist/${name}.js`))

// A file of ours has named exports only, some packages a default one only.
const exported = (name, at) =>
  name.startsWith('.') ? `export * from '${name}'` : `export * from '${name}'; import all${at} from '${name}'; export { all${at} }`

async function weighFrom(modules) {
  const { outputFiles } = await build({
    stdin: { contents: modules.map(exported).join('\n'), resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['node:*', 'undici'],
    outdir: 'out',
    write: false,
    logLevel: 'error',
  })
  return outputFiles.reduce((sum, { contents }) => sum + brotliCompressSync(contents).length, 0)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { core, providers } = await measure()
  const rows = [['core', core, budget.core], ...Object.entries(providers).map(([id, bytes]) => [`+ ${id}`, bytes, budgetOf(id)])]
  for (const [name, bytes, most] of rows)
    console.log(`${name.padEnd(24)}${(bytes / 1_000).toFixed(2).padStart(8)} KB of ${most / 1_000}${bytes > most ? '  over the budget' : ''}`)
  for (const [name, bytes] of Object.entries(await packages())) console.log(`  in the core: ${name.padEnd(16)}${(bytes / 1_000).toFixed(2).padStart(6)} KB`)
  process.exitCode = rows.some(([, bytes, most]) => bytes > most) ? 1 : 0
}
