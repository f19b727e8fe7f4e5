import { describe, expect, it } from 'vitest'
import { fastest, leastUsed, priority, roundRobin, score, type Strategy, weighted, weightedRandom } from '../../src/index.js'
import { ask, listener, NOW, world } from './world.js'

describe('router.peek()', () => {
  it('gives the answer in memory with its end, asks nobody and counts nothing', async () => {
    const { clock, provider, router } = world()
    const only = provider('a')
    const one = router([only], { random: () => 0.5 })
    expect(one.peek('ticker', { symbol: 'BTC/USD' })).toBeUndefined()
    await ask(one)
    await clock.advance(4_000)
    const before = one.status().cache
    expect(one.peek('ticker', { symbol: 'BTC/USD' })).toMatchObject({ provider: 'a', source: 'cache', ageMs: 4_000, freshUntil: NOW + 10_000 })
    expect(one.status().cache).toEqual(before)
    expect(only.asked).toHaveLength(1)
  })

  it('marks what is stale, tells no event, and gives nothing that may not be used any more', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a')], { random: () => 0.5 })
    await ask(one)
    const told = listener()
    one.on('cache-hit', told).on('cache-missed', told).on('cache-served-stale', told)
    await clock.advance(60_000)
    expect(one.peek('ticker', { symbol: 'BTC/USD' })).toMatchObject({ source: 'stale', degraded: true, ageMs: 60_000 })
    expect(one.peek('ticker', { symbol: 'BTC/USD' }, { stale: 'never' })).toBeUndefined()
    await clock.advance(300_000)
    expect(one.peek('ticker', { symbol: 'BTC/USD' })).toBeUndefined()
    expect(told).not.toHaveBeenCalled()
  })

  it('knows nothing where the cache is off', async () => {
    const { provider, router } = world()
    const one = router([provider('a')], { cache: false })
    await ask(one)
    expect(one.peek('ticker', { symbol: 'BTC/USD' })).toBeUndefined()
  })
})

describe('router.clearCache()', () => {
  it('makes the next request ask afresh', async () => {
    const { provider, router } = world()
    const only = provider('a')
    const one = router([only])
    await ask(one)
    one.clearCache()
    expect(await ask(one)).toMatchObject({ source: 'network' })
    expect(only.asked).toHaveLength(2)
  })
})

describe('the name of a strategy', () => {
  const named: readonly (readonly [Strategy, string])[] = [
    [fastest(), 'fastest'],
    [leastUsed(), 'least-used'],
    [priority(), 'priority'],
    [roundRobin(), 'round-robin'],
    [score(), 'score'],
    [weighted(), 'weighted'],
    [weightedRandom(), 'weighted-random'],
  ]

  it('stands in the status of its pool', () => {
    for (const [strategy, name] of named) {
      const { provider, router } = world()
      expect(
        router([provider('a')], { strategy })
          .pool()
          .status().strategy,
      ).toBe(name)
    }
  })

  it('is left out where your own has none', () => {
    const { provider, router } = world()
    expect(
      router([provider('a')], { strategy: () => 1 })
        .pool()
        .status(),
    ).not.toHaveProperty('strategy')
  })
})
