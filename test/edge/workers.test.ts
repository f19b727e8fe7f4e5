import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'

/** How the simulated exchange answers for now. */
let failing = false
let calls = 0
const upstream = createServer((_request, response) => {
  calls += 1
  response.writeHead(failing ? 500 : 200, { 'content-type': 'application/json' })
  response.end(
    JSON.stringify({ trade_id: 1, price: '60001.10', size: '0.1', bid: '60001.00', ask: '60001.20', volume: '900.5', time: new Date().toISOString() }),
  )
})

let worker: Miniflare
let metafile: Metafile

const source = (port: number): string => `
  import { ProviderRouter } from 'feedmux'
  import { coinbase } from 'feedmux/providers/coinbase'
  // at global scope, where a Worker may neither set a timer nor draw a random number nor ask anybody
  const router = new ProviderRouter({
    providers: [coinbase({ hosts: ['http://127.0.0.1:${port}'], limits: [{ requests: 1_000, perMs: 1_000, scope: 'ip' }] })],
    breaker: { failures: 3, cooldownMs: 100 }, cache: false, retries: 0,
  })
  export default { async fetch() {
    const breaker = () => router.status().providers.find(({ id }) => id === 'coinbase').breaker
    try {
      const { data, provider } = await router.request('ticker', { symbol: 'BTC/USD' })
      return Response.json({ last: data.last, provider, breaker: breaker() })
    } catch (error) {
      return Response.json({ error: error.name, reasons: error.attempts?.map(({ reason }) => reason), message: error.message, breaker: breaker() })
    }
  } }`

beforeAll(async () => {
  await new Promise<void>((done) => {
    upstream.listen(0, '127.0.0.1', done)
  })
  const { port } = upstream.address() as AddressInfo
  const bundle = await build({
    stdin: { contents: source(port), resolveDir: inject('consumer') },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    metafile: true,
    write: false,
  })
  metafile = bundle.metafile
  // no nodejs_compat: nothing of Node is there
  worker = new Miniflare({
    modules: true,
    script: bundle.outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-07-01',
    compatibilityFlags: ['no_nodejs_compat'],
  })
  await worker.ready
})

afterAll(async () => {
  await worker?.dispose()
  upstream.closeAllConnections()
  upstream.close()
})

beforeEach(() => {
  calls = 0
})

interface Said {
  readonly last?: number
  readonly error?: string
  readonly reasons?: readonly string[]
  readonly breaker?: unknown
}

const ask = async (): Promise<Said> => (await (await worker.dispatchFetch('http://worker.test/')).json()) as Said
const pause = async (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms))

describe('in workerd without Node compatibility', () => {
  it('opossum gets its events from the package of that name, and nothing asks for Node', () => {
    expect(Object.keys(metafile.inputs).filter((file) => /node_modules\/events\//.test(file))).not.toEqual([])
    const outside = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))
    expect(outside).toEqual([])
  })

  it('a router made at global scope answers', async () => {
    expect(await ask()).toMatchObject({ last: 60_001.1, provider: 'coinbase' })
    expect(calls).toBe(1)
  })

  it('its breaker opens over several requests and recovers, though timers die with the request that set them', async () => {
    failing = true
    for (let n = 0; n < 3; n++) expect(await ask()).toMatchObject({ error: 'AllProvidersFailedError', reasons: ['unavailable'] })
    expect(calls).toBe(3)
    expect(JSON.stringify((await ask()).breaker)).toContain('open')
    failing = false
    await pause(150)
    expect(await ask()).toMatchObject({ last: 60_001.1 })
    expect(await ask()).toMatchObject({ last: 60_001.1 })
    expect(JSON.stringify((await ask()).breaker)).toContain('closed')
  })
})

/** Everything that loads late, asked for in one Worker whose network is made up. */
const insights = `
  import { ProviderRouter } from 'feedmux'
  import { loadConfig } from 'feedmux/config'
  import { coindeskRss, computedIndicators, decryptRss, drift, kraken, publicnode } from 'feedmux/providers'
  import { lexicon, marketMood } from 'feedmux/sentiment'
  import { localFetch } from '${resolve('test/support/local-fetch.mjs')}'
  const providers = [coindeskRss(), decryptRss(), publicnode(), kraken(), lexicon(), computedIndicators(), drift()]
  const router = new ProviderRouter({ providers, fetch: localFetch })
  export default { async fetch() {
    const news = await router.request('news', { limit: 3 })
    const mood = await marketMood(router, { symbol: 'BTC' }).catch((error) => ({ error: error.message }))
    const gas = await router.request('gasPrice', { chain: 'eip155:1' })
    const indicators = await router.request('indicators', { symbol: 'BTC/USD', interval: '1d', names: ['rsi'] })
    const forecast = await router.request('forecast', { symbol: 'BTC/USD', days: 3 })
    const config = await loadConfig({ providers: [{ id: 'kraken' }, { id: 'nomics' }] })
    return Response.json({
      sources: news.sources.length, url: news.data[0].url, mood: mood.parts?.map(({ name }) => name), gas: gas.data.standard, rsi: indicators.data.values.rsi,
      points: forecast.data.points.length, loaded: config.providers.length, errors: config.report.errors.length,
    })
  } }`

describe('what loads late', () => {
  it('works in workerd as well: feeds, moods, gas, indicators, forecasts and configuration', async () => {
    const bundle = await build({
      stdin: { contents: insights, resolveDir: inject('consumer') },
      bundle: true,
      format: 'esm',
      platform: 'browser', // as Wrangler bundles
      conditions: ['workerd', 'worker', 'browser'],
      write: false,
    })
    const late = new Miniflare({
      modules: true,
      script: bundle.outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-07-01',
      compatibilityFlags: ['no_nodejs_compat'],
    })
    try {
      const said = (await (await late.dispatchFetch('http://worker.test/')).json()) as { rsi: number; url: string }
      expect(said).toMatchObject({ sources: 2, mood: ['news'], points: 3, loaded: 1, errors: 1 })
      expect(said.url).not.toContain('utm')
      expect(said.rsi).toBeGreaterThan(0)
    } finally {
      await late.dispose()
    }
  })
})
