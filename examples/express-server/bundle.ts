import { copyFile, cp, mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'

const ROOT = resolve(import.meta.dirname, '../..')
const HERE = 'examples/express-server'
const CHARTS = 'node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.mjs'

/** Express and ws are CommonJS and ask for Node's modules by `require`. */
const REQUIRE = "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);"

/** Puts a file of this folder and all that it needs into one file. */
export async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, HERE, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // by its tsconfig the names `feedmux/…` are the sources, so that nothing has to be built first
    tsconfig: join(ROOT, 'tsconfig.json'),
    banner: { js: REQUIRE },
    // a model on this machine is of no use without its weights
    external: ['@huggingface/transformers'],
    legalComments: 'linked',
    logLevel: 'warning',
  })
}

/** Everything that a container needs besides Node, laid out as it is here. */
export async function assemble(folder: string): Promise<void> {
  const at = (path: string): string => join(folder, path)
  await bundle('server.ts', at(`${HERE}/server.mjs`))
  await mkdir(at(dirname(CHARTS)), { recursive: true })
  await Promise.all([
    copyFile(join(ROOT, HERE, 'health-check.mjs'), at(`${HERE}/health-check.mjs`)),
    cp(join(ROOT, 'examples/status-widget'), at('examples/status-widget'), { recursive: true }),
    copyFile(join(ROOT, 'package.json'), at('package.json')),
    copyFile(join(ROOT, CHARTS), at(CHARTS)),
  ])
}

if (import.meta.main) await assemble(resolve(process.argv[2] ?? 'out'))
