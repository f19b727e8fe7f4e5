import { describe, expect, it } from 'vitest'
import { NoProviderError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeProvider } from '../../src/testing/index.js'
import { ask, askTimes, listener, NOW, statusOf, world } from '../router/world.js'

const MINUTE = 60_000
const alone = { retries: 0 } as const

describe('an answer that is no longer fresh', () => {
  it('is served with its age and the reason when nobody answers', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b')]
    const one = router([a, b], alone)
    await ask(one)
    await clock.advance(MINUTE)
    a.mood = 'network'
    b.mood = 'unavailable'
    const served = listener()
    one.on('cache-served-stale', served)
    expect(await ask(one)).toMatchObject({
      source: 'stale',
      provider: 'a',
      ageMs: MINUTE,
      fetchedAt: NOW,
      degraded: true,
      staleReason: 'network',
      data: { last: 100 },
      attempts: [
        { provider: 'b', outcome: 'failed' },
        { provider: 'a', outcome: 'failed' },
      ],
    })
    expect(served.mock.calls).toEqual([[{ capability: 'ticker', request: 2, provider: 'a', at: NOW + MINUTE, ageMs: MINUTE, reason: 'network' }]])
    expect(one.status().cache).toMatchObject({ stale: 1 })
    expect(one.status().recentErrors[0]).toMatchObject({ action: 'served stale' })
  })

  it('is served with the reason when every provider is limited (AC-4)', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b')]
    const one = router([a, b], alone)
    await ask(one)
    a.mood = 'rate-limited'
    b.mood = 'rate-limited'
    await clock.advance(11_000)
    expect(await ask(one)).toMatchObject({ source: 'stale', staleReason: 'rate-limited' })
    await clock.advance(MINUTE)
    expect(await ask(one)).toMatchObject({ source: 'stale', staleReason: 'rate-limited', attempts: [] })
    expect([a.asked.length, b.asked.length]).toEqual([2, 1])
  })

  it('is served up to five minutes for a price, then no more', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a], alone)
    await ask(one)
    a.mood = 'geo-blocked'
    await clock.advance(5 * MINUTE - 1)
    expect(await ask(one)).toMatchObject({ source: 'stale' })
    await clock.advance(11_000)
    expect(await ask(one)).toBeInstanceOf(NoProviderError)
  })

  it('is never served of an order book', async () => {
    const { clock } = world()
    const book = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', bids: [], asks: [] }
    let down = false
    const a = fakeProvider('a', { answers: { orderBook: () => (down ? 'network' : structuredClone(book)) } })
    const one = new ProviderRouter({ providers: [a], ...alone, clock, random: () => 0.5 })
    await one.request('orderBook', { symbol: 'BTC/USD' })
    down = true
    await clock.advance(1_999)
    expect(await one.request('orderBook', { symbol: 'BTC/USD' })).toMatchObject({ source: 'cache' })
    await clock.advance(1)
    await expect(one.request('orderBook', { symbol: 'BTC/USD' })).rejects.toThrow('network')
  })

  it('is not served to who does not want it', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a, provider('b', { enabled: false })], alone)
    await ask(one)
    a.mood = 'network'
    await clock.advance(MINUTE)
    expect(await ask(one, 'BTC/USD', { stale: 'never' })).toMatchObject({ name: 'AllProvidersFailedError' })
    expect(await ask(one, 'BTC/USD', { only: ['b'] })).toMatchObject({ name: 'NoProviderError' })
    expect(await ask(one, 'BTC/USD', { maxAgeMs: 0 })).toMatchObject({ source: 'stale' })
  })

  it('does not become fresh by being served, and no failure takes its place', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a], alone)
    await ask(one)
    a.mood = 'bad-request'
    for (let minute = 1; minute <= 4; minute++) {
      await clock.advance(MINUTE)
      expect(await ask(one)).toMatchObject({ source: 'stale', fetchedAt: NOW, ageMs: minute * MINUTE })
    }
    expect(a.asked).toHaveLength(5)
    a.mood = 'ok'
    a.last = 101
    expect(await ask(one)).toMatchObject({ source: 'network', data: { last: 101 } })
  })

  it('is served at once instead of waiting for a provider that recovers soon', async () => {
    const { clock, provider, router } = world()
    const a = provider('a', { cooldownsMs: [3_000] })
    const one = router([a], alone)
    await ask(one)
    a.mood = 'rate-limited'
    await clock.advance(20_000)
    await ask(one)
    expect(await ask(one)).toMatchObject({ source: 'stale', latencyMs: 0 })
  })

  it('is given at once while it is refreshed, to who asks for that', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a], alone)
    await ask(one)
    await clock.advance(11_000)
    a.mood = { takesMs: 100 }
    a.last = 101
    const work: Promise<unknown>[] = []
    const options = { stale: 'while-revalidate', waitUntil: (promise: Promise<unknown>) => void work.push(promise) } as const
    expect(await ask(one, 'BTC/USD', options)).toMatchObject({ source: 'stale', data: { last: 100 }, latencyMs: 0 })
    expect(work).toHaveLength(1)
    await clock.advance(100)
    await work[0]
    expect(await ask(one, 'BTC/USD', options)).toMatchObject({ source: 'cache', data: { last: 101 } })
    expect(a.asked).toHaveLength(2)
  })

  it('is refreshed once however many ask meanwhile, and a failing refresh harms nobody', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a], alone)
    await ask(one)
    await clock.advance(11_000)
    a.mood = { takesMs: 100 }
    await askTimes(one, 5, 'BTC/USD', { stale: 'while-revalidate' })
    expect(a.asked).toHaveLength(2)
    await clock.advance(11_100)
    a.mood = 'network'
    expect(await askTimes(one, 2, 'BTC/USD', { stale: 'while-revalidate' })).toEqual(['a', 'a'])
    await clock.advance(1)
    expect(await ask(one, 'BTC/USD', { stale: 'while-revalidate' })).toMatchObject({ source: 'stale', data: { last: 100 } })
  })
})

describe("a provider's own last answer", () => {
  it('is used again for as long as it says: a thousand questions in five minutes are one call (AC-1)', async () => {
    const { clock, provider, router } = world()
    const a = provider('a', { reuseMs: 300_000, minSpacingMs: 10_000 })
    const one = router([a])
    for (let i = 0; i < 1_000; i++) {
      expect(await ask(one)).toMatchObject({ provider: 'a' })
      await clock.advance(299)
    }
    expect(a.asked).toHaveLength(1)
    await clock.advance(1_000)
    expect(await ask(one)).toMatchObject({ source: 'network' })
    expect(a.asked).toHaveLength(2)
  })

  it('is told as cached, with its age, and does not get younger', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a', { reuseMs: 300_000 })])
    await ask(one)
    await clock.advance(200_000)
    expect(await ask(one)).toMatchObject({ source: 'cache', ageMs: 200_000 })
    await clock.advance(50_000)
    expect(await ask(one)).toMatchObject({ source: 'cache', ageMs: 250_000 })
  })

  it('gives way to another provider that is asked before it', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a', { reuseMs: 300_000, priority: 2 }), provider('b')]
    const one = router([a, b], alone)
    b.mood = 'network'
    await ask(one)
    b.mood = 'ok'
    await clock.advance(60_000)
    expect(await ask(one)).toMatchObject({ source: 'network', provider: 'b' })
  })

  it('asked afresh is asked, but never sooner than its spacing', async () => {
    const { clock, provider, router } = world()
    const a = provider('a', { reuseMs: 300_000, minSpacingMs: 10_000 })
    const one = router([a], { totalTimeoutMs: 60_000 })
    await ask(one)
    const afresh = ask(one, 'BTC/USD', { maxAgeMs: 0, stale: 'never' })
    await clock.advance(9_999)
    expect(a.asked).toHaveLength(1)
    await clock.advance(1)
    expect(await afresh).toMatchObject({ source: 'network' })
    expect(a.asked.map(({ at }) => at - NOW)).toEqual([0, 10_000])
  })

  it('resets no ladder: nothing was sent', async () => {
    const { clock, provider, router } = world()
    const a = provider('a', { reuseMs: 3_600_000 })
    const one = router([a], alone)
    await ask(one, 'BTC/USD')
    a.mood = 'rate-limited'
    await ask(one, 'ETH/USD')
    expect(await ask(one, 'BTC/USD', { stale: 'never', maxAgeMs: 60_000 })).toMatchObject({ source: 'cache' })
    await clock.advance(60_000)
    expect(await ask(one, 'BTC/USD')).toMatchObject({ source: 'cache', ageMs: 60_000 })
    await clock.advance(60_000)
    await ask(one, 'ETH/USD')
    expect(statusOf(one, 'a').cooldown).toMatchObject({ until: NOW + 120_000 + 240_000, hits: 2 })
  })
})
