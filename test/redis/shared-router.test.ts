import { Redis } from 'ioredis'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Provider } from '../../src/provider/provider.js'
import { redisStore, type RedisStoreOptions } from '../../src/redis/index.js'
import type { RouterOptions } from '../../src/router/options.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { type OwnRedis, ownRedis, type Wire, wireTo } from '../support/redis.js'
import { endUpstreams, json, shop, upstream } from '../support/upstreams.js'

const PATIENCE_MS = 150
/** What a busy machine may add. */
const NOISE_MS = 2_000
const BTC = { symbol: 'BTC/USD' }

let redis: OwnRedis
const clients: Redis[] = []
const wires: Wire[] = []
const routers: ProviderRouter<readonly Provider<'ticker' | 'orderBook'>[]>[] = []
let space = 0

beforeAll(async () => {
  redis = await ownRedis()
})
afterEach(async () => {
  for (const router of routers.splice(0)) await router.close()
  for (const client of clients.splice(0)) client.disconnect()
  for (const wire of wires.splice(0)) await wire.close()
  await endUpstreams()
  space++
})
afterAll(() => redis.stop())

/** A router with a connection of its own; those of one test share one prefix. */
function routed(provider: Provider<'ticker' | 'orderBook'>, options: Partial<RouterOptions> = {}, own: RedisStoreOptions = {}, url = redis.url) {
  const client = new Redis(url).on('error', () => undefined)
  clients.push(client)
  const store = redisStore(client, { prefix: `test${space}`, timeoutMs: 5_000, ...own })
  const router = new ProviderRouter({ providers: [provider], store, retries: 0, ...options })
  routers.push(router)
  return router
}

type Routed = ReturnType<typeof routed>

const connected = async (...all: readonly Routed[]): Promise<void> => {
  let asked = 0
  for (const router of all)
    await vi.waitFor(
      async () => {
        await router.request('ticker', { symbol: `WARM${asked++}/USD` }).catch(() => undefined)
        expect(router.status().store?.state).toBe('connected')
      },
      { timeout: 10_000, interval: 50 },
    )
}

describe('two routers with one Redis', () => {
  it('share an answer', async () => {
    const at = await json(200, { last: 100 })
    const [a, b] = [routed(shop('p', at.url)), routed(shop('p', at.url))]
    await connected(a, b)
    const first = await a.request('ticker', BTC)
    await vi.waitFor(() => expect(a.status().store?.answers?.written).toBeGreaterThanOrEqual(2), 10_000)
    const second = await b.request('ticker', BTC)
    expect([first.source, second.source]).toEqual(['network', 'cache'])
    expect(second).toMatchObject({ data: first.data, fetchedAt: first.fetchedAt, provider: 'p' })
  })

  it('share a quota, and use it up together', async () => {
    const at = await json(200, { last: 100 })
    const limits = [{ requests: 10, perMs: 3_600_000, scope: 'ip' as const }]
    const [a, b] = [routed(shop('p', at.url, { limits }), { cache: false }), routed(shop('p', at.url, { limits }), { cache: false })]
    const asked = await Promise.allSettled(Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? a : b).request('ticker', BTC, { totalTimeoutMs: 3_000 + i })))
    // what a slow machine is told too late is lost: test/router/store.test.ts counts exactly
    expect(at.asked.length).toBeGreaterThan(3)
    expect(at.asked.length).toBeLessThanOrEqual(9)
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(at.asked.length)
  })

  it('share a cooldown, with a router that begins later too', async () => {
    const [strict, good] = [await upstream((_, response) => void response.writeHead(429, { 'retry-after': '300' }).end('{}')), await json(200, { last: 100 })]
    const listening = routed(shop('p', good.url))
    await connected(listening)
    const a = routed(shop('p', strict.url))
    await a.request('ticker', BTC).catch(() => undefined)
    const cooldown = (router: Routed) => router.status().providers[0]?.cooldown
    await vi.waitFor(() => expect(cooldown(listening)?.reason).toBe('rate-limited'), 5_000)
    const late = routed(shop('p', good.url))
    await late.request('ticker', { symbol: 'ETH/USD' }).catch(() => undefined)
    await vi.waitFor(() => expect(cooldown(late)?.until).toBeGreaterThan(Date.now() + 200_000), 5_000)
  })

  it('write no key there, nor anything that it can be read from', async () => {
    const key = 'planted-Key_0123456789'
    const at = await upstream((request, response) => {
      const status = request.url?.includes('BAD') ? 429 : 200
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '60' }).end('{"last":100}')
    })
    const facts = {
      limits: [{ requests: 1_000, perMs: 60_000, scope: 'key' as const }],
      key: { required: true, in: 'query' as const, name: 'key' },
    }
    const hosts = `${at.url}/${key}`
    const watcher = new Redis(redis.url)
    clients.push(watcher)
    const heard: string[] = []
    await watcher.psubscribe('*')
    watcher.on('pmessage', (_, channel: string, text: string) => heard.push(channel, text))
    const router = routed(shop('p', hosts, { apiKey: key }, facts))
    await connected(router)
    await router.request('ticker', BTC)
    await router.request('ticker', { symbol: 'BAD/USD' }).catch(() => undefined)
    const reader = new Redis(redis.url)
    clients.push(reader)
    await vi.waitFor(async () => expect(await reader.keys(`test${space}:rest:*`)).toHaveLength(1), 5_000)
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), 5_000)

    const names = await reader.keys('*')
    const dump = await Promise.all(names.map(async (name) => ((await reader.type(name)) === 'hash' ? reader.hgetall(name) : reader.get(name))))
    const all = JSON.stringify([names, dump, heard])
    expect(names.join()).toMatch(/answer:.*quota:p:key:[0-9a-f]{16}|quota:p:key:[0-9a-f]{16}.*answer:/)
    for (const form of [key, btoa(key), encodeURIComponent(key), key.toLowerCase(), key.slice(8, 18)]) expect(all).not.toContain(form)
    expect(at.asked.join()).toContain(key)
  })
})

describe('a Redis that goes away', () => {
  /** Asks again and again; gives the longest wait and who failed. */
  async function load(router: Routed, forMs: number): Promise<{ longestMs: number; failed: number; asked: number }> {
    let [longestMs, failed, asked] = [0, 0, 0]
    for (const until = performance.now() + forMs; performance.now() < until; await pause(20)) {
      const startedAt = performance.now()
      await router.request('ticker', { symbol: `A${asked++}/USD` }).catch(() => failed++)
      longestMs = Math.max(longestMs, performance.now() - startedAt)
    }
    return { longestMs, failed, asked }
  }

  const away = {
    'is killed and started again': { gone: () => redis.kill(), back: () => redis.start() },
    hangs: { gone: () => redis.hang(), back: () => redis.goOn() },
    'has its wire cut': { gone: (wire: Wire) => wire.cut(), back: (wire: Wire) => wire.mend() },
  }

  it.each(Object.entries(away))('%s: requests go on, the router says so, and comes back to it', async (_, { gone, back }) => {
    const at = await json(200, { last: 100 })
    const wire = await wireTo(redis.port)
    wires.push(wire)
    const limits = [{ requests: 6_000, perMs: 60_000, scope: 'ip' as const }]
    const router = routed(shop('p', at.url, { limits }), {}, { timeoutMs: PATIENCE_MS }, wire.url)
    const told: string[] = []
    router.on('store-unavailable', ({ why }) => told.push(`unavailable: ${why}`)).on('store-restored', () => told.push('restored'))
    await connected(router)
    told.length = 0

    await gone(wire)
    const without = await load(router, 700)
    expect(without.failed).toBe(0)
    expect(without.asked).toBeGreaterThan(2)
    expect(without.longestMs).toBeLessThan(2 * PATIENCE_MS + NOISE_MS)
    expect(told[0]).toMatch(/^unavailable: (timeout|\w+)$/)
    expect(router.status().store?.state).toBe('unavailable')

    await back(wire)
    const states: (string | undefined)[] = []
    await vi.waitFor(
      async () => {
        await router.request('ticker', { symbol: `B${states.length}/USD` })
        states.push(router.status().store?.state)
        expect(states.at(-1)).toBe('connected')
      },
      { timeout: 15_000, interval: 50 },
    )
    expect(told).toContain('restored')
  })

  it('is not what a process takes it for that was busy itself while the answer came', async () => {
    const at = await json(200, { last: 100 })
    const router = routed(shop('p', at.url), {}, { timeoutMs: 500 })
    await connected(router)
    const told: string[] = []
    router.on('store-unavailable', ({ why }) => told.push(why))
    const asked = router.request('ticker', BTC)
    for (let turn = 0; turn < 50; turn++) await Promise.resolve() // it is on its way now
    for (const until = performance.now() + 800; performance.now() < until;) Math.sqrt(until)
    expect(await asked).toMatchObject({ source: 'network' })
    expect([told, router.status().store?.state]).toEqual([[], 'connected'])
  })

  it('and was never there keeps nobody from an answer', async () => {
    const at = await json(200, { last: 100 })
    const router = routed(shop('p', at.url), {}, { timeoutMs: PATIENCE_MS }, 'redis://127.0.0.1:1')
    const { failed, longestMs } = await load(router, 300)
    expect(failed).toBe(0)
    expect(longestMs).toBeLessThan(PATIENCE_MS + NOISE_MS)
    expect(router.status().store?.state).toBe('unavailable')
  })
})
