import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { measure } from '../../scripts/size.mjs'
import { figure, type Row } from './report.ts'

/** P13: what the package adds to a bundle, minified and compressed. A provider's table of ids counts apart. */
export async function size(): Promise<Row[]> {
  const { core, providers } = await measure()
  const sizes = await Promise.all(Object.entries(providers).map(async ([id, bytes]) => ({ id, ids: await tableBytes(id), bytes })))
  const [largest] = sizes.map(({ id, bytes, ids }) => ({ id, code: bytes - ids })).toSorted((a, b) => b.code - a.code)
  const each = sizes.map(({ id, bytes, ids }) => `${id} ${figure((bytes - ids) / 1_000)}${ids > 0 ? ` + ${figure(ids / 1_000)} ids` : ''}`).join(', ')
  return [
    { id: 'P13', what: 'the core with its six packages', value: core / 1_000, unit: 'KB', target: 30, detail: '' },
    { id: 'P13', what: `one provider more, the largest: ${largest?.id ?? ''}`, value: (largest?.code ?? 0) / 1_000, unit: 'KB', target: 2, detail: each },
  ]
}

async function tableBytes(id: string): Promise<number> {
  const path = fileURLToPath(new URL(`../../src/providers/${id}.assets.ts`, import.meta.url))
  if (!existsSync(path)) return 0
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, minify: true, format: 'esm', write: false, logLevel: 'error' })
  return outputFiles.reduce((sum, { contents }) => sum + brotliCompressSync(contents).length, 0)
}
