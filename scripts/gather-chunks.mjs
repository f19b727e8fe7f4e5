// esbuild makes a chunk for each set of entries that share a module: `import 'feedmux'` opened dozens of files, and each costs more to find and open than to
// compile. Here Rollup writes the ES modules of dist/ again, with the chunks of the main entry in two files: what other entries use, too, and the rest.
import { globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { rollup } from 'rollup'
import { entries } from './entries.mjs'

const DIST = resolve('dist')
const fileOf = (entry) => resolve(DIST, `${entry}.js`)
// these bring a router of their own: what only they share with the main entry is the router
const WITH_ROUTER = new Set(['index', 'config/index', 'testing/index'])

/** What stands in front of a path: at once, and late, too. */
const AT_ONCE = /^(?:import|export)\b[^'"]*['"](\.[^'"]+)['"]/gm
const EVER = /(?:^(?:import|export)\b[^'"]*|\bimport\()['"](\.[^'"]+)['"]/gm

/** The files that one brings with it when it loads, or ever, itself among them. */
function closureOf(file, imports = AT_ONCE) {
  const closure = new Set([file])
  for (const one of closure) for (const [, path] of readFileSync(one, 'utf8').matchAll(imports)) closure.add(resolve(dirname(one), path))
  return closure
}

const main = closureOf(fileOf('index'))
const elsewhere = new Set(entries.filter((entry) => !WITH_ROUTER.has(entry)).flatMap((entry) => [...closureOf(fileOf(entry))]))

const gathered = new Set()
const load = (id) => {
  gathered.add(id)
  return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') }
}

const bundle = await rollup({
  input: Object.fromEntries(entries.map((entry) => [entry, fileOf(entry)])),
  external: (id) => !/^[./]/.test(id),
  treeshake: false,
  onwarn: (warning) => {
    throw new Error(warning.message)
  },
  plugins: [{ name: 'with-maps', load }],
})
const { output } = await bundle.write({
  dir: DIST,
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: ({ name }) => `${name.replace(/-[A-Z\d]{8}$/, '')}-[hash].js`,
  hashCharacters: 'base36',
  hoistTransitiveImports: false,
  manualChunks: (id) => (main.has(id) ? (elsewhere.has(id) ? 'base' : 'router') : undefined),
})

// the chunks that were gathered, but for those of the command, which stays as it is
const command = globSync('dist/cli/index.js').flatMap((file) => [...closureOf(resolve(file), EVER)])
const kept = new Set([...output.map(({ fileName }) => resolve(DIST, fileName)), ...command])
for (const file of gathered) {
  if (!kept.has(file)) [file, `${file}.map`].forEach((one) => rmSync(one))
}
