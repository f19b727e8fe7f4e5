import { describe, expect, it } from 'vitest'
import { applyConfig, loadConfig } from '../../src/config/index.js'
import { ProviderRouter } from '../../src/router/provider-router.js'

const NOW = Date.UTC(2026, 10, 20)
const clock = { now: () => NOW }
const source = (id: string) => ({ id, name: id, baseUrl: `https://${id}.test`, endpoints: { ticker: { path: '{base}', map: { last: 'p' } } } })

const answer: typeof globalThis.fetch = (input) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input)
  return Promise.resolve(
    hostname === 'down.test' ? new Response('gone', { status: 503 }) : new Response('{"p":5}', { headers: { 'content-type': 'application/json' } }),
  )
}

async function routerOf(file: object) {
  const loaded = await loadConfig(file)
  const router = new ProviderRouter({
    ...loaded.routerOptions,
    providers: loaded.providers,
    pools: loaded.pools,
    fetch: answer,
    clock,
    cache: false,
    retries: 0,
  })
  return { loaded, router }
}
const ask = (router: ProviderRouter, pool?: string) => router.request('ticker', { symbol: 'BTC/USD' }, { pool })
const requestsOf = (router: ProviderRouter, id: string): number | undefined => router.status().providers.find((one) => one.id === id)?.requests

const file = {
  providers: [{ ...source('down'), priority: 1 }, { ...source('up'), priority: 2 }, source('spare')],
  pools: [
    { id: 'main', name: 'Main', strategy: 'priority', members: ['down', 'up'] },
    { id: 'old', members: ['spare'] },
  ],
}

describe('applyConfig', () => {
  it('keeps counters and breakers of providers that stay, changed or not', async () => {
    const { loaded, router } = await routerOf(file)
    for (let i = 0; i < 5; i++) await ask(router, 'main')
    const health = (): string | undefined => router.status().providers.find(({ id }) => id === 'down')?.health
    const broken = health()
    expect([requestsOf(router, 'down'), requestsOf(router, 'up')]).toEqual([5, 5])
    const next = await loadConfig(
      { ...file, providers: [{ ...source('down'), priority: 1, weight: 2 }, { ...source('up'), priority: 2 }, source('fresh')] },
      { previous: loaded },
    )
    applyConfig(router, next, loaded)
    expect([requestsOf(router, 'down'), requestsOf(router, 'up'), requestsOf(router, 'fresh'), requestsOf(router, 'spare')]).toEqual([5, 5, 0, undefined])
    expect(health()).toBe(broken)
    await ask(router, 'main')
    expect([requestsOf(router, 'down'), requestsOf(router, 'up')]).toEqual([5, 6])
  })

  it('brings pools to what is wanted, keeps their history, and leaves those of others alone', async () => {
    const { loaded, router } = await routerOf(file)
    await ask(router, 'main')
    router.pools.create('by hand', { members: ['up'] })
    const rotation = router.pool('main').rotate()
    const next = await loadConfig(
      {
        providers: file.providers,
        pools: [
          { id: 'main', name: 'Main', strategy: 'weighted', members: [{ id: 'up', weight: 7 }, 'spare'] },
          { id: 'new', members: ['up'] },
        ],
      },
      { previous: loaded },
    )
    applyConfig(router, next, loaded)
    expect(router.pools.list().map(({ id }) => id)).toEqual(['default', 'main', 'by_hand', 'new'])
    expect(router.pool('main').members).toMatchObject([{ id: 'up', weight: 7 }, { id: 'spare' }])
    expect(router.pool('main').history()).toContainEqual(rotation)
    expect(router.pool('main').strategy).toBe(next.pools['main']?.strategy)
  })

  it('gives members back what they have from their providers, in their order, and the pool its router’s strategy', async () => {
    const pool = { id: 'main', name: 'Main', strategy: 'weighted', members: [{ id: 'down', priority: 7, weight: 9, enabled: false }, 'up'] }
    const { loaded, router } = await routerOf({ ...file, pools: [pool] })
    const next = await loadConfig({
      ...file,
      providers: [
        { ...source('down'), priority: 3 },
        { ...source('up'), weight: 4 },
      ],
      pools: [{ ...pool, members: ['down', 'up'] }],
    })
    applyConfig(router, next, loaded)
    expect(router.pool('main').members).toEqual([
      { id: 'down', priority: 3, weight: 1, enabled: true },
      { id: 'up', priority: 1, weight: 4, enabled: true },
    ])
    const plain = await loadConfig({ ...file, pools: [{ id: 'main', name: 'Main', members: ['down', 'up'] }] })
    applyConfig(router, plain, next)
    expect(router.pool('main').strategy).toBe(router.pool('default').strategy)
  })

  it('gives a pool with another name or category again', async () => {
    const { loaded, router } = await routerOf(file)
    const next = await loadConfig({ ...file, pools: [{ id: 'main', name: 'First', category: 'prices', members: ['up'] }] })
    applyConfig(router, next, loaded)
    expect(router.pool('main')).toMatchObject({ name: 'First', category: 'prices' })
  })

  it('changes nothing where no provider is left', async () => {
    const { loaded, router } = await routerOf(file)
    const empty = await loadConfig({ providers: [{ id: 'nobody' }] })
    expect(() => applyConfig(router, empty, loaded)).toThrow('goes on as it is')
    expect(router.status().providers.map(({ id }) => id)).toEqual(['down', 'up', 'spare'])
    expect(router.pools.list().map(({ id }) => id)).toEqual(['default', 'main', 'old'])
  })
})
