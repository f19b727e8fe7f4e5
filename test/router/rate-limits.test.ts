import { describe, expect, it } from 'vitest'
import { ask, askTimes, listener, NOW, order, statusOf, world } from './world.js'

const options = { cache: false, retries: 0 } as const

describe('three 429s in a row (AC-3)', () => {
  it('rest a provider 120, 240 and 600 s, each to the second and without a probe; a success begins anew', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b', { priority: 2 })]
    const one = router([a, b], options)
    a.mood = 'rate-limited'
    for (const seconds of [120, 240, 600, 600]) {
      expect(await ask(one)).toMatchObject({ provider: 'b' })
      const calls = a.asked.length
      await clock.advance(seconds * 1_000 - 1)
      await askTimes(one, 5)
      expect(a.asked).toHaveLength(calls)
      await clock.advance(1)
      expect(order(one)).toEqual(['a', 'b'])
    }
    a.mood = 'ok'
    await ask(one)
    a.mood = 'rate-limited'
    await ask(one)
    expect(statusOf(one, 'a')).toMatchObject({ rateLimitHits: 5, cooldown: { hits: 1, reason: 'rate-limited' }, breaker: { state: 'closed' } })
    await clock.advance(120_000)
    expect(order(one)).toEqual(['a', 'b'])
  })

  it('that were under way together are one', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a, provider('b', { priority: 2 })], options)
    a.mood = { takesMs: 100 }
    const endpoint = a.endpoints.ticker as { call: (params: never, context: never) => Promise<unknown> }
    const { call } = endpoint
    endpoint.call = async (params, context) => {
      await call(params, context)
      a.mood = { reason: 'rate-limited', status: 429 }
      return call(params, context)
    }
    const together = ['A/USD', 'B/USD', 'C/USD'].map((symbol) => ask(one, symbol))
    await clock.advance(100)
    expect(await Promise.all(together)).toMatchObject([{ provider: 'b' }, { provider: 'b' }, { provider: 'b' }])
    expect(statusOf(one, 'a')).toMatchObject({ rateLimitHits: 3, cooldown: { hits: 1, until: NOW + 100 + 120_000 } })
  })
})

describe('Retry-After', () => {
  it('is how long a provider rests, told in events as it begins and ends', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a, provider('b', { priority: 2 })], options)
    const [started, ended] = [listener(), listener()]
    one.on('cooldown-started', started).on('cooldown-ended', ended)
    a.mood = { reason: 'rate-limited', status: 429, retryAfterMs: 7_000 }
    expect(await ask(one)).toMatchObject({
      attempts: [{ provider: 'a', outcome: 'failed', reason: 'rate-limited', status: 429, retryAfterMs: 7_000 }, { provider: 'b' }],
    })
    expect(started.mock.calls).toEqual([[{ provider: 'a', reason: 'rate-limited', at: NOW, until: NOW + 7_000 }]])
    await clock.advance(6_999)
    await ask(one)
    expect([a.asked.length, ended.mock.calls.length]).toEqual([1, 0])
    await clock.advance(1)
    a.mood = 'ok'
    await askTimes(one, 2)
    expect(ended.mock.calls).toEqual([[{ provider: 'a', reason: 'rate-limited', at: NOW + 7_000 }]])
  })

  it('of an hour is 15 minutes, of a ban (418) all of it', async () => {
    const { provider, router } = world()
    const [a, b] = [provider('a'), provider('b')]
    const one = router([a, b, provider('c', { priority: 2 })], options)
    a.mood = { reason: 'rate-limited', status: 429, retryAfterMs: 3_600_000 }
    b.mood = { reason: 'rate-limited', status: 418, retryAfterMs: 3 * 86_400_000 }
    await ask(one)
    expect([statusOf(one, 'a').cooldown?.until, statusOf(one, 'b').cooldown?.until]).toEqual([NOW + 900_000, NOW + 3 * 86_400_000])
  })

  it('that fits into two seconds and the time of the request is waited for, where nobody else is left', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a], { cache: false })
    a.mood = { reason: 'rate-limited', retryAfterMs: 1_500 }
    const answer = ask(one)
    await clock.advance(1)
    a.mood = 'ok'
    await clock.advance(1_498)
    expect(a.asked).toHaveLength(1)
    await clock.advance(1)
    expect(await answer).toMatchObject({ provider: 'a', attempts: [{ outcome: 'failed' }, { outcome: 'succeeded' }] })
  })
})

describe('a key that its own function cannot fetch', () => {
  it.each<[string, () => string | Promise<string>]>([
    ['rejects', () => Promise.reject(new Error('vault says: k-12345'))],
    [
      'throws',
      () => {
        throw new Error('vault says: k-12345')
      },
    ],
  ])('is a failure of that provider alone, and what was thrown is not told: %s', async (_, apiKey) => {
    const { provider, router } = world()
    const one = router([provider('a', { apiKey }), provider('b', { priority: 2 })], options)
    expect(await ask(one)).toMatchObject({ provider: 'b', attempts: [{ provider: 'a', outcome: 'failed' }, { provider: 'b' }] })
    expect(statusOf(one, 'a').inFlight).toBe(0)
    expect(JSON.stringify(one.status())).not.toContain('k-12345')
  })

  it('holds no request longer than it may take', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a', { apiKey: () => new Promise(() => undefined) }), provider('b', { priority: 2 })], options)
    const answer = ask(one)
    await clock.advance(5_000)
    expect(await answer).toMatchObject({ provider: 'b' })
    expect(clock.pending).toBe(0)
  })
})
