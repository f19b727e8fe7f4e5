import { describe, expect, it } from 'vitest'
import { roundRobin } from '../../src/strategies/round-robin.js'
import { ask, askTimes, NOW, type TickerRouter, world } from './world.js'

const options = { cache: false, retries: 0 } as const
const inPool = { pool: 'p' } as const

const changes = (router: TickerRouter): string[] =>
  router
    .pool('p')
    .history()
    .map(({ from, to, reason }) => `${from} → ${to}: ${reason}`)

describe("a pool's history", () => {
  it('says why the answering member changed, newest first', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a'), provider('b', { priority: 2 })]
    const one = router([a, b], { ...options, pools: { p: { members: ['a', 'b'] } } })
    await ask(one, 'BTC/USD', inPool)
    expect(changes(one)).toEqual([])
    a.mood = 'rate-limited'
    await ask(one, 'BTC/USD', inPool)
    expect(changes(one)).toEqual(['a → b: failover'])
    a.mood = 'ok'
    await clock.advance(120_000)
    await ask(one, 'BTC/USD', inPool)
    expect(changes(one)).toEqual(['b → a: recovery', 'a → b: failover'])
    expect(one.pool('p').history(1)).toEqual([{ pool: 'p', from: 'b', to: 'a', reason: 'recovery', at: NOW + 120_000, request: 3 }])
  })

  it('tells a cooldown and a breaker that began elsewhere from a failover', async () => {
    const { provider, router } = world()
    const [a, b, c] = [provider('a'), provider('b', { priority: 2 }), provider('c', { priority: 3 })]
    const one = router([a, b, c], { ...options, pools: { p: { members: ['a', 'b', 'c'] } } })
    await ask(one, 'BTC/USD', inPool)
    a.mood = 'rate-limited'
    await ask(one)
    await ask(one, 'BTC/USD', inPool)
    b.mood = 'network'
    await askTimes(one, 5)
    await ask(one, 'BTC/USD', inPool)
    expect(changes(one)).toEqual(['b → c: breaker', 'a → b: rate-limit'])
  })

  it('takes nobody for recovered who was only not wanted', async () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('b')], { ...options, strategy: roundRobin(), pools: { p: { members: ['a', 'b'] } } })
    await askTimes(one, 2, 'BTC/USD', inPool)
    await ask(one, 'BTC/USD', { ...inPool, only: ['b'] })
    await ask(one, 'BTC/USD', inPool)
    expect(changes(one)).toEqual(['b → a: strategy', 'a → b: strategy'])
  })

  it('is bounded, and its count goes on', async () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('b')], { ...options, strategy: roundRobin(), pools: { p: { members: ['a', 'b'] } } })
    await askTimes(one, 1_001, 'BTC/USD', inPool)
    expect([one.pool('p').history().length, one.pool('p').rotations]).toEqual([200, 1_000])
  })

  it('is not made by reading', async () => {
    const { provider, router } = world()
    const one = router(
      ['a', 'b', 'c'].map((id) => provider(id)),
      { ...options, strategy: roundRobin(), pools: { p: { members: ['a', 'b', 'c'] } } },
    )
    await ask(one, 'BTC/USD', inPool)
    for (let i = 0; i < 10; i++) {
      one.pool('p').status()
      one.pool('p').history()
      one.status()
      one.plan('ticker', { symbol: 'BTC/USD' }, inPool)
      one.snapshot()
    }
    expect(one.pool('p').rotations).toBe(0)
    expect(await askTimes(one, 3, 'BTC/USD', inPool)).toEqual(['b', 'c', 'a'])
  })
})
