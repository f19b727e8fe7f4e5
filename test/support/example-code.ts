import { cp } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { build, type BuildOptions, type Metafile } from 'esbuild'

/** An example in one file. */
export interface BundledExample {
  readonly code: string
  readonly metafile: Metafile
}

/** Copies an example into a project that has nothing but the packed library, as the README says, and bundles it there. */
export async function bundleExample(consumer: string, folder: string, entry: string, options: BuildOptions): Promise<BundledExample> {
  const copy = join(consumer, basename(folder))
  await cp(folder, copy, { recursive: true })
  const { outputFiles, metafile } = await build({ entryPoints: [join(copy, entry)], bundle: true, ...options, write: false, metafile: true })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`${folder} gave no bundle`)
  return { code: file.text, metafile }
}

/** How Wrangler bundles, as far as it matters: for the web, by the exports for workerd. */
export const AS_WRANGLER = {
  format: 'esm',
  platform: 'browser',
  conditions: ['workerd', 'worker', 'browser'],
  external: ['cloudflare:*'],
  minify: true,
} satisfies BuildOptions

/** How the README of the Lambda example bundles. */
export const AS_LAMBDA = { format: 'cjs', platform: 'node', target: 'node22', minify: true } satisfies BuildOptions
