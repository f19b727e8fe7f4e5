import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { median } from './measure.ts'
import { figure, type Row } from './report.ts'

const ROUNDS = 21
const run = promisify(execFile)
const feedmux = import.meta.resolve('feedmux')

/** Prints how long the import of a module took. */
const importing = (url: string): string => `const start = performance.now(); await import(${JSON.stringify(url)}); console.log(performance.now() - start)`

/** Prints how long it took from the first line to the first answer. */
const answering = (lines: string): string => `const start = performance.now(); ${lines}; console.log(performance.now() - start); process.exit()`

const routed = (host: string): string =>
  answering(`const { ProviderRouter, defineProvider } = await import(${JSON.stringify(feedmux)})
const provider = defineProvider({ id: 'local', name: 'local', homepage: 'https://example.test', docs: 'https://example.test', hosts: [${JSON.stringify(host)}],
  endpoints: { ticker: { request: () => ({ path: 'ticker' }), parse: ({ last }) => ({ symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last }) } } })
const { data } = await new ProviderRouter({ providers: [provider] }).request('ticker', { symbol: 'BTC/USD' })
if (data.last !== 100) throw new Error('no answer')`)

const fetched = (host: string): string =>
  answering(`const { last } = await (await fetch(${JSON.stringify(`${host}/ticker`)})).json(); if (last !== 100) throw new Error('no answer')`)

/** P12: what the package costs before anything is asked, and until the first answer over loopback. */
export async function start(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'feedmux-start-'))
  const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end('{"last":100}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeFileSync(join(folder, 'empty.mjs'), 'export {}')
  try {
    const scripts = { import: importing(feedmux), empty: importing(`file://${folder}/empty.mjs`), routed: routed(host), fetched: fetched(host) }
    const ms = await inTurn(folder, scripts)
    return [
      {
        id: 'P12',
        what: 'import of the package over an empty module',
        value: ms.import - ms.empty,
        unit: 'ms',
        target: 10,
        detail: `${figure(ms.import)} ms, ${figure(ms.empty)} ms`,
      },
      {
        id: 'P12',
        what: 'start to first answer against a bare first fetch',
        value: ms.routed / ms.fetched,
        target: 1.7,
        detail: `${figure(ms.routed)} ms, ${figure(ms.fetched)} ms`,
      },
    ]
  } finally {
    server.close()
    server.closeAllConnections()
    rmSync(folder, { recursive: true })
  }
}

/** Median of what each script prints, a new process each time. */
async function inTurn<N extends string>(folder: string, scripts: Readonly<Record<N, string>>): Promise<Record<N, number>> {
  const entries = Object.entries<string>(scripts).map(([name, code]) => ({ name, path: join(folder, `${name}-main.mjs`), code, samples: [] as number[] }))
  for (const { path, code } of entries) writeFileSync(path, code)
  for (let round = 0; round < ROUNDS; round++) {
    for (const { path, samples } of entries) samples.push(Number((await run(process.execPath, [path])).stdout))
  }
  return Object.fromEntries(entries.map(({ name, samples }) => [name, median(samples)])) as Record<N, number>
}
