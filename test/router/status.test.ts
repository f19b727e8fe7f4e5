import { describe, expect, it } from 'vitest'
import { ask, askTimes, NOW, statusOf, world } from './world.js'

const options = { cache: false, retries: 0 } as const

describe('a provider that was never asked', () => {
  it('shows nothing that is not known: no rate, no latency, no zero in its place', () => {
    const { provider, router } = world()
    const one = router([provider('a', { weight: 3, priority: 2 })], { ...options, pools: { p: { members: ['a'] } } })
    expect(statusOf(one, 'a')).toEqual({
      id: 'a',
      name: 'a',
      health: 'unknown',
      capabilities: ['ticker'],
      priority: 2,
      weight: 3,
      role: 'regular',
      isolated: false,
      missesKey: false,
      breaker: { state: 'closed' },
      capabilityBreakers: {},
      quota: [],
      nextAvailableAt: NOW,
      inFlight: 0,
      share: {},
      requests: 0,
      successes: 0,
      failures: 0,
      rateLimitHits: 0,
      driftedAnswers: 0,
      consecutiveFailures: 0,
    })
    expect(one.pool('p').status()).toEqual({
      id: 'p',
      name: 'p',
      strategy: 'priority',
      enabled: true,
      rotations: 0,
      members: [{ provider: 'a', priority: 2, weight: 3, enabled: true, health: 'unknown', available: true, picks: 0, share: {} }],
    })
    expect(one.status().cache).not.toHaveProperty('hitRate')
  })
})

describe('a provider that was asked', () => {
  it('shows counts, success rate, latency and percentiles of its calls', async () => {
    const { clock, provider, router } = world()
    const a = provider('a', { limits: [{ requests: 100, perMs: 60_000, scope: 'ip' }] })
    const one = router([a], options)
    for (let i = 1; i <= 30; i++) {
      a.mood = { takesMs: i === 10 ? 1_000 : 100 }
      const answer = ask(one, `C${i}/USD`)
      await clock.advance(1_000)
      await answer
    }
    a.mood = 'unavailable'
    await ask(one)
    const { p50Ms = 0, p95Ms = 0, p99Ms = 0, ...status } = statusOf(one, 'a')
    expect(status).toMatchObject({
      health: 'degraded',
      requests: 31,
      successes: 30,
      failures: 1,
      consecutiveFailures: 1,
      successRate: 30 / 31,
      lastError: 'a: unavailable',
      lastFailureAt: NOW + 30_000,
    })
    expect(status.quota).toMatchObject([{ kind: 'requests', perMs: 60_000, limit: 90, used: 31, remaining: 59 }])
    expect([p50Ms / 100, p95Ms / 100, p99Ms / 1_000].every((ratio) => ratio >= 1 && ratio <= 1.19)).toBe(true)
    expect(() => JSON.stringify(one.status())).not.toThrow()
    expect(JSON.parse(JSON.stringify(one.status()))).toEqual(one.status())
  })

  it('shows calls that run now, and when the next fits', async () => {
    const { clock, provider, router } = world()
    const a = provider('a', { minSpacingMs: 10_000 })
    a.mood = { takesMs: 100 }
    const one = router([a], options)
    const answer = ask(one)
    expect(statusOf(one, 'a')).toMatchObject({ inFlight: 1, nextAvailableAt: NOW + 10_000 })
    expect(one.status().inFlight).toBe(1)
    await clock.advance(100)
    await answer
    expect(statusOf(one, 'a').inFlight).toBe(0)
  })

  it('is healthy, degraded, limited, down, unknown or disabled', async () => {
    const { provider, router } = world()
    const ids = ['healthy', 'failing', 'limited', 'banned', 'open', 'alone', 'empty', 'off', 'keyless', 'new']
    const all = Object.fromEntries(
      ids.map((id) => [
        id,
        provider(id, {
          ...(id === 'empty' && { limits: [{ requests: 1, perMs: 86_400_000, scope: 'ip' }] }),
          enabled: id !== 'off',
          ...(id === 'keyless' && { key: { required: true, in: 'query', name: 'k' } }),
        }),
      ]),
    )
    const one = router(Object.values(all), options)
    const moods = { failing: 'network', limited: 'rate-limited', banned: 'geo-blocked', open: 'timeout' } as const
    for (const [id, mood] of Object.entries(moods)) Object.assign(all[id] ?? {}, { mood })
    for (const id of ['healthy', 'failing', 'limited', 'banned', 'empty']) await ask(one, 'BTC/USD', { only: [id] })
    await askTimes(one, 5, 'BTC/USD', { only: ['open'] })
    one.isolate('alone')
    expect(Object.fromEntries(one.status().providers.map(({ id, health }) => [id, health]))).toEqual({
      healthy: 'healthy',
      failing: 'degraded',
      limited: 'rate-limited',
      banned: 'down',
      open: 'down',
      alone: 'down',
      empty: 'rate-limited',
      off: 'disabled',
      keyless: 'disabled',
      new: 'unknown',
    })
  })

  it('that is tried again after its breaker opened is degraded until it answers', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    a.mood = 'network'
    const one = router([a], options)
    await askTimes(one, 5)
    await clock.advance(60_000)
    expect(statusOf(one, 'a')).toMatchObject({ health: 'degraded', breaker: { state: 'half-open' } })
    a.mood = 'ok'
    await ask(one)
    expect(statusOf(one, 'a').health).toBe('healthy')
  })
})

describe('recent errors', () => {
  it('say what the router really did', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b', { priority: 2 })]
    const one = router([a, b], { retries: 0 })
    await ask(one)
    a.mood = { reason: 'rate-limited', status: 429 }
    await clock.advance(20_000)
    await ask(one)
    await clock.advance(20_000)
    b.mood = 'network'
    await ask(one)
    await ask(one, 'ETH/USD')
    expect(one.status().recentErrors).toEqual([
      { at: NOW + 40_000, provider: 'b', capability: 'ticker', reason: 'network', message: 'b: network', action: 'gave up' },
      { at: NOW + 40_000, provider: 'b', capability: 'ticker', reason: 'network', message: 'b: network', action: 'served stale' },
      {
        at: NOW + 20_000,
        provider: 'a',
        capability: 'ticker',
        reason: 'rate-limited',
        status: 429,
        message: 'a: rate-limited (HTTP 429)',
        action: 'cooldown 120 s, failover → b',
      },
    ])
  })

  it('name a repeat at the same provider', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    a.mood = 'network'
    const one = router([a], { cache: false })
    const answer = ask(one)
    await clock.advance(1_000)
    await answer
    expect(one.status().recentErrors.map(({ action }) => action)).toEqual(['gave up', 'retry after 100 ms'])
  })

  it('are bounded, newest first, and copies', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    a.mood = 'bad-request'
    const one = router([a], options)
    for (let i = 0; i < 130; i++) {
      await ask(one)
      await clock.advance(1)
    }
    const { recentErrors } = one.status()
    expect([recentErrors.length, recentErrors[0]?.at, recentErrors.at(-1)?.at]).toEqual([100, NOW + 129, NOW + 30])
    Object.assign(recentErrors[0] ?? {}, { action: 'nothing' })
    expect(one.status().recentErrors[0]?.action).toBe('gave up')
  })
})
