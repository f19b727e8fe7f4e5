import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeProvider } from '../../src/testing/index.js'
import { ask, NOW, statusOf, world } from './world.js'

const options = { cache: false, retries: 0 } as const

afterEach(() => {
  vi.useRealTimers()
})

describe('checkHealth()', () => {
  it("gives this probe's own latency and error, apart from the statistics of traffic", async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b')]
    const one = router([a, b], options)
    a.mood = { takesMs: 70 }
    b.mood = 'unavailable'
    const before = one.status().providers
    const check = one.checkHealth()
    await clock.advance(70)
    expect(await check).toEqual([
      { provider: 'a', healthy: true, latencyMs: 70, at: NOW },
      { provider: 'b', healthy: false, latencyMs: 0, reason: 'unavailable', at: NOW },
    ])
    const after = one.status()
    const untold = { probe: undefined, nextAvailableAt: undefined, health: undefined }
    expect(after.providers.map((status) => ({ ...status, ...untold }))).toEqual(before.map((status) => ({ ...status, ...untold })))
    expect([before, after.providers].map((providers) => providers.map(({ health }) => health))).toEqual([
      ['unknown', 'unknown'],
      ['healthy', 'unknown'],
    ])
    expect(after.providers[0]?.probe).toEqual({ provider: 'a', healthy: true, latencyMs: 70, at: NOW })
    expect(after.recentErrors).toEqual([])
  })

  it('opens no breaker and starts no cooldown, however often it fails', async () => {
    const { provider, router } = world()
    const a = provider('a')
    const one = router([a], options)
    a.mood = 'network'
    for (let i = 0; i < 10; i++) await one.checkHealth('a')
    a.mood = 'rate-limited'
    await one.checkHealth('a')
    expect(statusOf(one, 'a')).toMatchObject({ breaker: { state: 'closed' }, requests: 0, consecutiveFailures: 0 })
    expect(statusOf(one, 'a')).not.toHaveProperty('cooldown')
  })

  it('asks what the provider names, costs quota, and says where it could not ask', async () => {
    const { clock } = world()
    const news = Object.assign(
      fakeProvider('news', {
        answers: { news: () => [] },
        limits: [{ requests: 2, perMs: 60_000, scope: 'ip' }],
      }),
      { probe: { capability: 'news' as const, params: { limit: 1 } } },
    )
    const keyless = fakeProvider('keyless', { key: { required: true, in: 'header', name: 'k' } })
    const posts = fakeProvider('posts', { answers: { posts: () => [] } })
    const one = new ProviderRouter({ providers: [news, keyless, posts], ...options, clock })
    expect(await one.checkHealth()).toEqual([
      { provider: 'news', healthy: true, latencyMs: 0, at: NOW },
      { provider: 'keyless', reason: 'key-missing', at: NOW },
      { provider: 'posts', reason: 'nothing-to-ask', at: NOW },
    ])
    expect(news.asked.map(({ params }) => params)).toEqual([{ limit: 1 }])
    expect(await one.checkHealth('news')).toEqual([{ provider: 'news', reason: 'rate-limited', at: NOW }])
    expect(() => one.checkHealth('x')).toThrow(ConfigError)
  })

  it('leaves a provider alone that asked to be left alone', async () => {
    const { provider, router } = world()
    const a = provider('a')
    const one = router([a], options)
    a.mood = { reason: 'rate-limited', status: 418, retryAfterMs: 86_400_000 }
    await ask(one)
    expect(await one.checkHealth('a')).toEqual([{ provider: 'a', reason: 'rate-limited', at: NOW }])
    expect(a.asked).toHaveLength(1)
  })

  it('ends at the time of one attempt', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    a.mood = 'hang'
    const one = router([a], options)
    const check = one.checkHealth('a')
    await clock.advance(5_000)
    expect(await check).toEqual([{ provider: 'a', healthy: false, latencyMs: 5_000, reason: 'timeout', at: NOW }])
  })
})

describe('probes', () => {
  it('are made by nobody until they are started', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    router([a], options)
    await clock.advance(86_400_000)
    expect([a.asked.length, clock.pending]).toEqual([0, 0])
  })

  it('run every five minutes, give or take a tenth, until they are stopped', async () => {
    for (const [random, gap] of [
      [0, 270_000],
      [0.5, 300_000],
      [1, 330_000],
    ] as const) {
      const { clock, provider, router } = world()
      const a = provider('a')
      const one = router([a], { ...options, random: () => random })
      one.startProbes()
      await clock.advance(2 * gap)
      expect(a.asked.map(({ at }) => at - NOW)).toEqual([0, gap, 2 * gap])
      one.stopProbes()
      await clock.advance(10 * gap)
      expect([a.asked.length, clock.pending]).toEqual([3, 0])
    }
  })

  it('are at most four at once', async () => {
    const { clock, provider, router } = world()
    const all = Array.from({ length: 10 }, (_, index) => provider(`p${index}`))
    for (const one of all) one.mood = { takesMs: 100 }
    const one = router(all, options)
    one.startProbes()
    const asked = (): number => all.reduce((sum, each) => sum + each.asked.length, 0)
    const seen: number[] = []
    for (let i = 0; i < 4; i++) {
      await clock.advance(i === 0 ? 0 : 100)
      seen.push(asked())
    }
    await one.close()
    expect(seen).toEqual([4, 8, 10, 10])
    expect(clock.pending).toBe(0)
  })

  it('skip who answered meanwhile, and who is switched off', async () => {
    const { clock, provider, router } = world()
    const [busy, quiet, off] = [provider('busy'), provider('quiet', { priority: 2 }), provider('off', { enabled: false })]
    const one = router([busy, quiet, off], options)
    await ask(one)
    one.startProbes({ everyMs: 60_000 })
    await clock.advance(30_000)
    await ask(one)
    await clock.advance(30_000)
    one.stopProbes()
    expect([busy.asked.length, quiet.asked.length, off.asked.length]).toEqual([2, 2, 0])
  })

  it('leave a key that cannot be fetched to its provider: nothing is thrown at the process', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a', { apiKey: () => Promise.reject(new Error('vault')) })], options)
    one.startProbes()
    await clock.advance(1)
    one.stopProbes()
    expect(statusOf(one, 'a').probe).toMatchObject({ healthy: false, reason: 'unavailable' })
  })

  it('do not keep a process alive', () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const one = new ProviderRouter({ providers: [fakeProvider('a')] })
    one.startProbes()
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')).toHaveLength(before)
    one.stopProbes()
  })
})
