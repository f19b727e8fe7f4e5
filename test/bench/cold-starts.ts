import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, type BuildOptions } from 'esbuild'
import { Miniflare, Response as WorkerResponse } from 'miniflare'
import { startWorld } from '../../examples/demo/world.ts'
import { functionUrlEvent } from '../lambda/events.ts'
import { AS_LAMBDA, AS_WRANGLER } from '../support/example-code.ts'
import { invoke } from '../support/lambda-runtime.ts'
import { redirected, type Redirects, redirectsOf } from '../support/redirect.ts'
import { median } from './measure.ts'
import { figure, type Row } from './report.ts'

const ROUNDS = 9
const PATH = '/price/BTC/USD'
const ASKED = 'https://api.exchange.coinbase.com/products/BTC-USD/ticker'
// what a function would be that asks by itself: the same runtime, the same question, one fetch
const BARE_LAMBDA = `exports.handler = async () => ({ statusCode: 200, body: await (await fetch('${ASKED}')).text() })`
const BARE_WORKER = `export default { fetch: async () => new Response(await (await fetch('${ASKED}')).text()) }`

/** P12 where it is paid: the examples for AWS Lambda and Cloudflare Workers, from the start of the runtime to the first answer. */
export async function coldStarts(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'feedmux-cold-'))
  const world = await startWorld(1)
  try {
    const redirects = redirectsOf(world)
    const lambda = await inTurn(await bundled('examples/aws-lambda/handler.ts', AS_LAMBDA), BARE_LAMBDA, (code) => lambdaMs(folder, code, redirects))
    const worker = await inTurn(await bundled('examples/cloudflare-worker/worker.ts', AS_WRANGLER), BARE_WORKER, (code) => workerMs(code, redirects))
    return [rowOf('Lambda example', lambda), rowOf('Worker example', worker)]
  } finally {
    await world.close()
    rmSync(folder, { recursive: true })
  }
}

interface Times {
  readonly example: number
  readonly bare: number
}

const rowOf = (name: string, { example, bare }: Times): Row => ({
  id: 'P12',
  what: `${name}: cold start to first answer against one bare fetch`,
  value: example / bare,
  target: 1.7,
  detail: `${figure(example)} ms, ${figure(bare)} ms`,
})

/** Out of dist/, not of the sources that tsconfig.json names. */
async function bundled(entry: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, tsconfigRaw: '{}', logLevel: 'error', ...options, write: false })
  return outputFiles[0]?.text ?? ''
}

/** Medians; the two take turns. */
async function inTurn(example: string, bare: string, measure: (code: string) => Promise<number>): Promise<Times> {
  const samples = { example: [] as number[], bare: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    samples.example.push(await measure(example))
    samples.bare.push(await measure(bare))
  }
  return { example: median(samples.example), bare: median(samples.bare) }
}

async function lambdaMs(root: string, code: string, redirects: Redirects): Promise<number> {
  writeFileSync(join(root, 'cold.cjs'), code)
  const env = { FEEDMUX_TEST_REDIRECTS: JSON.stringify(redirects) }
  const preload = [resolve('test/support/redirect-fetch.cjs')]
  const [invocation] = await invoke({ root, handler: 'cold.handler', env, preload }, [functionUrlEvent(PATH)])
  checkAnswered(JSON.stringify(invocation?.result))
  return invocation?.ms ?? NaN
}

async function workerMs(script: string, redirects: Redirects): Promise<number> {
  const start = performance.now()
  const worker = new Miniflare({
    // named, so that Miniflare does not parse the script by itself to look for others: no deployment does
    modules: [{ type: 'ESModule', path: 'worker.js', contents: script }],
    compatibilityDate: '2026-07-01',
    compatibilityFlags: ['no_nodejs_compat'],
    kvNamespaces: ['STATE'],
    outboundService: async ({ url }: { url: string }) => {
      const answer = await fetch(redirected(url, redirects))
      return new WorkerResponse(await answer.text(), { status: answer.status, headers: Object.fromEntries(answer.headers) })
    },
  })
  try {
    checkAnswered(await (await worker.dispatchFetch(`http://worker.test${PATH}`)).text())
    return performance.now() - start
  } finally {
    await worker.dispose()
  }
}

function checkAnswered(text: string | undefined): void {
  if (!/"(last|price)"/.test(text?.replaceAll('\\', '') ?? '')) throw new Error(`no answer: ${text}`)
}
