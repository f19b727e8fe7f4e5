import { globSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'
import { entries } from './scripts/entries.mjs'

const entry = Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`]))
const command = globSync('src/cli/index.ts')

// splitting keeps one copy of every class across the entries; treeshake makes tsup emit CJS through Rollup
// (clean interop for default imports) instead of Sucrase. Declarations come from scripts/declarations.mjs.
const shared: Options = { target: 'es2022', splitting: true, treeshake: true, sourcemap: true, dts: false }
const library: Options = { ...shared, entry, platform: 'neutral' }

/** In CJS a chunk loaded late comes by require: import() would wrap its default export once more, and Jest cannot do it. */
const requireChunks: NonNullable<Options['plugins']>[number] = {
  name: 'require-chunks',
  renderChunk: (code) => ({ code: code.replace(/\bimport\((['"]\.{1,2}\/[^'"]+\.cjs['"])\)/g, 'Promise.resolve().then(() => require($1))') }),
}

export default defineConfig([
  { ...library, format: 'esm' },
  // ESM-only dependencies are bundled into the CJS files, and those that are loaded late: require(esm) is off on AWS Lambda's Node 22, import() in Jest.
  {
    ...library,
    format: 'cjs',
    noExternal: ['ky', 'p-retry', 'is-network-error', 'p-throttle', 'quick-lru', 'feedsmith', 'htmlparser2', 'trading-signals'],
    plugins: [requireChunks],
  },
  ...(command.length === 0 ? [] : [commandLine()]),
])

/** The command: its libraries are bundled, so that they are no dependencies of those who only use the library. */
function commandLine(): Options {
  return {
    ...shared,
    entry: { 'cli/index': 'src/cli/index.ts' },
    platform: 'node',
    format: 'esm',
    treeshake: false,
    noExternal: ['commander', 'picocolors', 'cli-table3', 'yocto-spinner', 'asciichart'],
    // the CommonJS ones among them ask for Node's own modules by require
    banner: { js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  }
}
