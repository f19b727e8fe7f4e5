import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import type { AnyProvider } from '../../src/provider/provider.js'
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

  it('ends it not with another definition that has the same key', async () => {
    const key = { required: true, in: 'header', name: 'x-key' } as const
    const keyed = () => fakeProvider('k', { key, apiKey: 'same', answers: { ticker: () => 'unauthorized' } })
    const router: ProviderRouter = new ProviderRouter({ providers: [keyed()], cache: false, clock: fakeClock(Date.UTC(2026, 10, 1)) })
    await expect(router.request('ticker', { symbol })).rejects.toThrow('unauthorized')
    router.setProviders([keyed()])
    expect(of(router, 'k')).toMatchObject({ cooldown: { reason: 'unauthorized' } })
  })

  it('keeps a capability resting that answered otherwise than documented', async () => {
    const lying = (): AnyProvider => fakeProvider('a', { answers: { ticker: () => ({ symbol, base: 'BTC', quote: 'USD', last: -1 }) } })
    const router: ProviderRouter = new ProviderRouter({ providers: [lying(), good('b')], cache: false, clock: fakeClock(Date.UTC(2026, 10, 1)), retries: 0 })
    for (let i = 0; i < 5; i++) await router.request('ticker', { symbol }, { only: ['a'] }).catch(() => undefined)
    expect(of(router, 'a')).toMatchObject({ capabilityBreakers: { ticker: 'open' }, driftedAnswers: 5 })
    router.setProviders([lying(), good('b')])
    expect(of(router, 'a')).toMatchObject({ capabilityBreakers: { ticker: 'open' }, driftedAnswers: 5 })
    expect(router.plan('ticker', { symbol }).candidates.map(({ provider }) => provider)).toEqual(['b'])
  })

  it('keeps place, picks and turn of each in its pools', async () => {
    const router: ProviderRouter = new ProviderRouter({
      providers: [good('a'), good('b'), good('c')],
      pools: { p: { members: ['a', 'b', 'c'] } },
      cache: false,
      clock: fakeClock(Date.UTC(2026, 10, 1)),
    })
    for (let i = 0; i < 4; i++) await router.request('ticker', { symbol }, { pool: 'p' })
    const rotated: unknown[] = []
    router.on('pool-rotated', (event) => rotated.push(event))
    const before = router.pool('p').status()
    const history = router.pool('p').history()
    router.setProviders([good('a'), good('b'), good('c')])
    expect(router.pool('p').status()).toEqual(before)
    expect(router.pool('p').history()).toEqual(history)
    expect((await router.request('ticker', { symbol }, { pool: 'p' })).provider).toBe('b')
    expect(rotated).toMatchObject([{ from: 'a', to: 'b' }])
  })

  it('lets a provider join and leave a pool for what its new definition can be asked', async () => {
    const more = () => fakeProvider('a', { answers: { ticker: () => 'not-found', blockNumber: () => ({ number: 7 }) } })
    const router: ProviderRouter = new ProviderRouter({
      providers: [good('a'), fakeProvider('b', { answers: { blockNumber: () => ({ number: 1 }) } })],
      cache: false,
    })
    await router.request('blockNumber', { chain: 'eip155:1' })
    await router.request('ticker', { symbol })
    router.setProviders([more()])
    expect((await router.request('blockNumber', { chain: 'eip155:1' })).data).toEqual({ number: 7 })
    router.setProviders([fakeProvider('a', { answers: { blockNumber: () => ({ number: 8 }) } })])
    await expect(router.request('ticker', { symbol })).rejects.toThrow('no provider is configured for ticker')
  })

  it('asks no provider that left, though it was the one to be kept', async () => {
    const [a, b] = [good('a'), good('b')]
    const router: ProviderRouter = new ProviderRouter({ providers: [a, b], cache: false, keepIncumbent: true, clock: fakeClock(Date.UTC(2026, 10, 1)) })
    expect((await router.request('ticker', { symbol })).provider).toBe('a')
    router.setProviders([b])
    expect((await router.request('ticker', { symbol })).provider).toBe('b')
    const changed = good('b', { weight: 3 })
    router.setProviders([good('c', { priority: 1 }), changed])
    expect((await router.request('ticker', { symbol })).provider).toBe('b')
    expect(changed.asked).toHaveLength(1)
  })

  it('gives no kept answer of a provider that left, not even a stale one', async () => {
    const clock = fakeClock(Date.UTC(2026, 10, 1))
    const router: ProviderRouter = new ProviderRouter({ providers: [good('a')], clock, retries: 0 })
    await router.request('ticker', { symbol })
    router.setProviders([bad('b')])
    await expect(router.request('ticker', { symbol })).rejects.toThrow('unavailable')
  })

  it("lets what is under way come to its end, a breaker's trial too", async () => {
    const clock = fakeClock(Date.UTC(2026, 10, 1))
    const answers: ((reason: 'unavailable' | undefined) => void)[] = []
    const slow = () =>
      fakeProvider('a', {
        answers: { ticker: () => new Promise((resolve) => answers.push((reason) => resolve(reason ?? { symbol, base: 'BTC', quote: 'USD', last: 1 }))) },
      })
    const router: ProviderRouter = new ProviderRouter({ providers: [slow()], cache: false, clock, retries: 0, breaker: { failures: 1 } })
    const ask = () =>
      router.request('ticker', { symbol }).then(
        (result) => result.data,
        () => 'failed',
      )
    const first = ask()
    await clock.advance(0)
    answers[0]?.('unavailable')
    await first
    await clock.advance(60_001)
    const trial = ask()
    await clock.advance(0)
    router.setProviders([slow()])
    expect(of(router, 'a')?.breaker.state).toBe('half-open')
    answers[1]?.(undefined)
    expect(await trial).toMatchObject({ last: 1 })
    expect(of(router, 'a')).toMatchObject({ breaker: { state: 'closed' }, successes: 1, failures: 1 })
  })

  it('hears what a call under way is told, also for the new definition', async () => {
    const clock = fakeClock(Date.UTC(2026, 10, 1))
    const told: ((reason: 'rate-limited') => void)[] = []
    const slow = (weight: number) =>
      fakeProvider('a', { limits, weight, answers: { ticker: () => new Promise<'rate-limited'>((resolve) => told.push(resolve)) } })
    const router: ProviderRouter = new ProviderRouter({ providers: [slow(1)], cache: false, clock, retries: 0 })
    const asked = router.request('ticker', { symbol }).catch(() => 'failed')
    await clock.advance(0)
    router.setProviders([slow(2)])
    told[0]?.('rate-limited')
    expect(await asked).toBe('failed')
    expect(of(router, 'a')).toMatchObject({ cooldown: { reason: 'rate-limited' }, rateLimitHits: 1, weight: 2 })
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
    const router: ProviderRouter = new ProviderRouter({ providers: [good('a'), good('b')], clock: fakeClock(Date.UTC(2026, 10, 1)) })
    const before = JSON.stringify(router.status())
    expect(() => router.setProviders([])).toThrow(ConfigError)
    expect(() => router.setProviders([good('x'), good('x')])).toThrow("two have the id 'x'")
    expect(() => router.setProviders([good('new'), good('b', { weight: 9 }), good('x', { limits: [{ requests: 0, perMs: 1, scope: 'ip' }] })])).toThrow(
      ConfigError,
    )
    expect(() => router.setProviders([good('b', { weight: 9 }), { ...good('x'), weight: -1 }])).toThrow("weight of 'x'")
    expect(JSON.stringify(router.status())).toBe(before)
    expect((await router.request('ticker', { symbol })).provider).toBe('a')
  })
})
