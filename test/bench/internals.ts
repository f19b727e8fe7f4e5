import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { Ask } from '../../src/pipeline/ask.js'
import type { BREAKER_DEFAULTS } from '../../src/pipeline/breaker.js'
import type { Candidate } from '../../src/pipeline/candidate.js'
import type { Group } from '../../src/pipeline/group.js'
import type { ProviderState } from '../../src/pipeline/provider-state.js'
import type { select } from '../../src/pipeline/select.js'

/** The parts of selection, which the package does not export. */
export interface Internals {
  readonly Ask: typeof Ask
  readonly BREAKER_DEFAULTS: typeof BREAKER_DEFAULTS
  readonly Candidate: typeof Candidate
  readonly Group: typeof Group
  readonly ProviderState: typeof ProviderState
  readonly select: typeof select
}

const pipeline = fileURLToPath(new URL('../../src/pipeline/', import.meta.url))
const contents = `
export { Ask } from './ask.js'
export { BREAKER_DEFAULTS } from './breaker.js'
export { Candidate } from './candidate.js'
export { Group } from './group.js'
export { ProviderState } from './provider-state.js'
export { select } from './select.js'`

/**
 * Bundles the selection out of `src` into a file for the time of `use`. Each `load()` is a module of its own: what one
 * strategy taught the compiler says nothing to the next, as in a program that uses one strategy.
 */
export async function withInternals<T>(use: (load: () => Promise<Internals>) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'feedmux-bench-'))
  try {
    const outfile = join(folder, 'internals.mjs')
    const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } // for opossum, which is CommonJS
    await build({
      stdin: { contents, resolveDir: pipeline },
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'es2022',
      banner,
      outfile,
      logLevel: 'error',
    })
    let copies = 0
    return await use(() => import(`${pathToFileURL(outfile).href}?copy=${copies++}`) as Promise<Internals>)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
