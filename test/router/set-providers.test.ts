import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'

const symbol = 'BTC/USD'
const limits = [{ requests: 10, perMs: 3_600_000, scope: 'ip' }] as const
const good = (id: string, more: object = {}) => fakeProvider(id, { limits, ...more })
const bad = (id: string, more: object = {}) => fakeProvider(id, { limits, answers: { ticker: () => 'unavailable' }, ...more })
const limited = (id: string) => fakeProvider(id, { limits, answers: { ticker: () => 'rate-limited' } })

const of = (router: ProviderRouter, id: string) => router.status().providers.find((one) => one.id === id)

describe('a router whose providers are replaced', () => {
  it('asks the new ones, and no longer those that left', async () => {
    const [a, b] = [good('a'), good('b')]
    const router = new ProviderRouter({ providers: [a], cache: false, clock: fakeClock(Date.UTC(2026, 10, 1)) })
    await router.request('ticker', { symbol })
    router.setProviders([b])
    expect((await router.request('ticker', { symbol })).provider).toBe('b')
    expect(router.status().providers.map(({ id }) => id)).toEqual(['b'])
    expect(a.asked).toHaveLength(1)
  })

  it('keeps counters, open breakers, cooldowns and what was used of quotas, also where a definition changed', async () => {
    const clock = fakeClock(Date.UTC(2026, 10, 1))
    const router: ProviderRouter = new ProviderRouter({ providers: [bad('a'), limited('b'), good('c')], cache: false, clock, retries: 0 })
    for (let i = 0; i < 5; i++) await router.request('ticker', { symbol })
    const before = router.status()
    expect(before.providers.map(({ breaker, cooldown }) => [breaker.state, cooldown?.reason])).toEqual([
      ['open', undefined],
      ['closed', 'rate-limited'],
      ['closed', undefined],
    ])
    router.setProviders([good('a', { weight: 7 }), good('b', { weight: 7 }), good('c', { weight: 7 })])
    const after = router.status()
    for (const [i, one] of after.providers.entries()) {
      const { requests, failures, breaker, cooldown, quota } = before.providers[i] ?? {}
      expect(one).toMatchObject({ requests, failures, breaker, quota, ...(cooldown && { cooldown }), weight: 7 })
    }
    expect((await router.request('ticker', { symbol })).provider).toBe('c')
    await clock.advance(61_000)
    expect((await router.request('ticker', { symbol }, { only: ['a'] })).provider).toBe('a')
  })

  it('leaves those that are the same object as they are', async () => {
    const a = good('a')
    const router: ProviderRouter = new ProviderRouter({ providers: [a], cache: false, clock: fakeClock(Date.UTC(2026, 10, 1)) })
    await router.request('ticker', { symbol })
    router.setProviders([a, good('b')])
    expect(of(router, 'a')).toMatchObject({ requests: 1 })
    expect(of(router, 'b')).toMatchObject({ requests: 0, health: 'unknown' })
  })

  it('ends the rest after a refused key with another key', async () => {
    const key = { required: true, in: 'header', name: 'x-key' } as const
    const keyed = (apiKey: string, answer: 'unauthorized' | undefined) =>
      fakeProvider('k', { key, apiKey, ...(answer && { answers: { ticker: () => answer } }) })
    const router: ProviderRouter = new ProviderRouter({ providers: [keyed('old', 'unauthorized')], cache: false, clock: fakeClock(Date.UTC(2026, 10, 1)) })
    await expect(router.request('ticker', { symbol })).rejects.toThrow('unauthorized')
    router.setProviders([keyed('new', undefined)])
    expect((await router.request('ticker', { symbol })).provider).toBe('k')
  })

  it('keeps what pools say of those that stay', async () => {
    const router: ProviderRouter = new ProviderRouter({
      providers: [good('a'), good('b'), good('c')],
      pools: { p: { members: [{ id: 'b', priority: 3, weight: 9 }, 'c'] } },
      cache: false,
      clock: fakeClock(Date.UTC(2026, 10, 1)),
    })
    router.setProviders([good('b'), good('d')])
    expect(router.pool('p').members).toEqual([{ id: 'b', priority: 3, weight: 9, enabled: true }])
    expect(router.pool().members.map(({ id }) => id)).toEqual(['b', 'd'])
    expect((await router.request('ticker', { symbol }, { pool: 'p' })).provider).toBe('b')
  })

  it('refuses a wrong list and goes on with the old one', async () => {
    const router: ProviderRouter = new ProviderRouter({ providers: [good('a')], clock: fakeClock(Date.UTC(2026, 10, 1)) })
    expect(() => router.setProviders([])).toThrow(ConfigError)
    expect(() => router.setProviders([good('x'), good('x')])).toThrow("two have the id 'x'")
    expect((await router.request('ticker', { symbol })).provider).toBe('a')
  })
})
