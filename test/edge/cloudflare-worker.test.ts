import { readFile } from 'node:fs/promises'
import { Miniflare, type Request as WorkerRequest, Response as WorkerResponse } from 'miniflare'
import ts from 'typescript'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { startWorld, type World } from '../../examples/demo/world.ts'
import type { Snapshot } from '../../src/router/snapshot.js'
import { AS_WRANGLER, type BundledExample, bundleExample } from '../support/example-code.js'
import { redirected, redirectsOf } from '../support/redirect.js'

const FOLDER = 'examples/cloudflare-worker'
const TOKEN = '0123456789abcdef0123456789abcdef'
const KEY = 'CG-planted-key-0123456789'
const CONFIG = ts.parseConfigFileTextToJson('wrangler.jsonc', await readFile(`${FOLDER}/wrangler.jsonc`, 'utf8')).config as {
  main: string
  compatibility_date: string
  compatibility_flags?: string[]
  kv_namespaces: { binding: string }[]
}

let world: World
let bundle: BundledExample
/** For those that mind no other's state. */
let worker: Miniflare
const asked: string[] = []
const running: Miniflare[] = []

beforeAll(async () => {
  world = await startWorld(7)
  bundle = await bundleExample(inject('consumer'), FOLDER, CONFIG.main, AS_WRANGLER)
  worker = await start()
})

beforeEach(() => {
  asked.length = 0
})

afterAll(async () => {
  await Promise.all(running.map((one) => one.dispose()))
  await world?.close()
})

/** What the Worker asks of the internet goes to the simulated world. */
async function outbound(request: WorkerRequest): Promise<WorkerResponse> {
  asked.push(new URL(request.url).host)
  const answer = await fetch(redirected(request.url, redirectsOf(world)))
  return new WorkerResponse(await answer.text(), { status: answer.status, headers: Object.fromEntries(answer.headers) })
}

/** The example in workerd, as wrangler.jsonc says; `kept` is what KV holds. */
async function start(kept?: string): Promise<Miniflare> {
  const started = new Miniflare({
    modules: true,
    script: bundle.code,
    compatibilityDate: CONFIG.compatibility_date,
    // nothing of Node is there, whatever the date turns on
    compatibilityFlags: ['no_nodejs_compat', ...(CONFIG.compatibility_flags ?? [])],
    kvNamespaces: CONFIG.kv_namespaces.map(({ binding }) => binding),
    bindings: { FEEDMUX_API_TOKEN: TOKEN, COINGECKO_KEY: KEY },
    outboundService: outbound,
  })
  running.push(started)
  await started.ready
  if (kept !== undefined) await (await storeOf(started)).put('router', kept)
  return started
}

// its types are those of a package that is not needed otherwise
const storeOf = async (of: Miniflare): Promise<{ get(key: string): Promise<string | null>; put(key: string, value: string): Promise<void> }> =>
  (await of.getKVNamespace('STATE')) as never

async function get(from: Miniflare, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await from.dispatchFetch(`http://worker.test${path}`)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

/** What is in KV, once the writing in the background is over. */
async function keptState(of: Miniflare): Promise<Snapshot> {
  const store = await storeOf(of)
  for (let tries = 0; tries < 100; tries++) {
    const text = await store.get('router')
    if (text !== null) return JSON.parse(text) as Snapshot
    await new Promise((done) => void setTimeout(done, 50))
  }
  throw new Error('nothing was written to KV')
}

describe('examples/cloudflare-worker in workerd without Node compatibility', () => {
  it('is bundled from the packed library, and asks for nothing but the runtime’s own module', () => {
    expect(Object.keys(bundle.metafile.inputs).some((input) => input.includes('node_modules/feedmux/dist'))).toBe(true)
    const outside = Object.values(bundle.metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))
    expect([...new Set(outside)]).toEqual(['cloudflare:workers'])
  })

  it('asks through the router, answers again from memory, and serves the HTTP API', async () => {
    expect(await get(worker, '/health')).toMatchObject({ status: 200, body: { providers_count: 6 } })
    expect(asked).toEqual([])
    const first = await get(worker, '/price/btc/usd')
    expect(first).toMatchObject({ status: 200, body: { source: 'network', last: expect.any(Number) } })
    expect(asked).toHaveLength(1)
    expect(await get(worker, '/price/BTC/USD')).toEqual({ status: 200, body: { ...first.body, source: 'cache' } })
    expect(await get(worker, '/health?nonsense=1')).toMatchObject({
      status: 400,
      body: { category: 'bad_request', error: expect.stringContaining('nonsense') },
    })
    expect(await get(worker, '/no-such-path')).toMatchObject({ status: 404, body: { category: 'not_found' } })
  })

  it('lets only the token change anything, though the token is read at global scope', async () => {
    const create = async (token?: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) }
      const body = JSON.stringify({ name: 'Mine', category: 'market_price', rotation_strategy: 'round_robin' })
      return (await worker.dispatchFetch('http://worker.test/api/pools', { method: 'POST', headers, body })).status
    }
    expect([await create(), await create(`${TOKEN}x`), await create(TOKEN)]).toEqual([401, 401, 201])
  })

  it('limits each client by the address that Cloudflare tells', async () => {
    const from = async (address: string): Promise<number> => {
      const answer = await worker.dispatchFetch('http://worker.test/health', { headers: { 'cf-connecting-ip': address } })
      await answer.arrayBuffer()
      return answer.status
    }
    const all = await Promise.all(Array.from({ length: 610 }, () => from('203.0.113.7')))
    expect(all.filter((status) => status === 429).length).toBeGreaterThan(0)
    expect(await from('203.0.113.8')).toBe(200)
  })

  it('keeps the state in KV once somebody was asked, and not with every request', async () => {
    const fresh = await start()
    await get(fresh, '/health')
    expect(await (await storeOf(fresh)).get('router')).toBeNull()
    const { body } = await get(fresh, '/price/BTC/USD')
    const kept = await keptState(fresh)
    expect(kept.picks['default']?.['ticker']).toMatchObject({ [String(body['provider'])]: [1, 0] })
    const text = JSON.stringify(kept)
    for (const secret of [KEY, TOKEN]) expect(text).not.toContain(secret)
    await get(fresh, '/price/ETH/USD')
    expect((await keptState(fresh)).at).toBe(kept.at)
  })

  it('takes up the state that another instance left', async () => {
    const { body } = await get(worker, '/price/BTC/USD')
    const kept = await keptState(worker)
    const isolated = { ...kept, providers: { ...kept.providers, [String(body['provider'])]: { isolated: true } } }
    const second = await start(JSON.stringify(isolated))
    const others = await Promise.all(['BTC', 'ETH', 'SOL'].map((asset) => get(second, `/price/${asset}/USD`)))
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(others.map((one) => one.body['provider'])).not.toContain(body['provider'])
  })

  it('begins afresh where KV holds a state of another version', async () => {
    const fresh = await start(JSON.stringify({ version: 99 }))
    expect(await get(fresh, '/price/BTC/USD')).toMatchObject({ status: 200, body: { source: 'network' } })
  })

  it('fails over, and tells so when nobody answers', async () => {
    const ids = ['coinbase', 'kraken', 'okx', 'coinpaprika', 'coingecko']
    await world.setFault('coinbase', { kind: 'lie' })
    await world.setFault('kraken', { kind: 'lie' })
    const { status, body } = await get(worker, '/price/ETH/USD')
    expect([status, ['okx', 'coinpaprika'].includes(String(body['provider']))]).toEqual([200, true])
    for (const id of ids) await world.setFault(id, { kind: 'lie' })
    expect(await get(worker, '/price/SOL/USD')).toMatchObject({ status: 503, body: { error: expect.stringContaining('no provider answered ticker SOL/USD') } })
    for (const id of ids) await world.setFault(id, undefined)
  })
})
