// esbuild makes a chunk for each set of entries that share a module: `import 'feedmux'` opened 26 files, and each costs more to find and open than to
// compile. Here Rollup writes the ES modules of dist/ again, with the chunks of the main entry in two files: what other entries use, too, and the rest.
import { globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { rollup } from 'rollup'
import { entries } from './entries.mjs'

const DIST = resolve('dist')
const fileOf = (entry) => resolve(DIST, `${entry}.js`)
// these bring a router of their own: what only they share with the main entry is the router
const WITH_ROUTER = new Set(['index', 'config/index', 'testing/index', 'providers/index'])

const found = new Map()
/** The files that one brings with it when it loads, itself among them. */
function closureOf(file) {
  const closure = new Set([file])
  for (const one of closure) for (const imported of importsOf(one)) closure.add(imported)
  return closure
}

function importsOf(file) {
  const paths =
    found.get(file) ??
    [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^'"]*['"](\.[^'"]+)['"]/gm)].map(([, path]) => resolve(dirname(file), path))
  found.set(file, paths)
  return paths
}

const main = closureOf(fileOf('index'))
const elsewhere = new Set(entries.filter((entry) => !WITH_ROUTER.has(entry)).flatMap((entry) => [...closureOf(fileOf(entry))]))

const bundle = await rollup({
  input: Object.fromEntries(entries.map((entry) => [entry, fileOf(entry)])),
  external: (id) => !/^[./]/.test(id),
  treeshake: false,
  onwarn: (warning) => {
    throw new Error(warning.message)
  },
  plugins: [{ name: 'with-maps', load: (id) => ({ code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') }) }],
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
const command = globSync('dist/cli/index.js').flatMap((file) => [...closureOf(resolve(file))])
const kept = new Set([...output.map(({ fileName }) => resolve(DIST, fileName)), ...command])
for (const file of bundle.watchFiles) {
  if (!kept.has(file)) [file, `${file}.map`].forEach((one) => rmSync(one))
}
