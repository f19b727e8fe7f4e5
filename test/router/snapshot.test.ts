import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import type { Snapshot } from '../../src/router/snapshot.js'
import { roundRobin } from '../../src/strategies/round-robin.js'
import { weighted } from '../../src/strategies/weighted.js'
import { ask, askTimes, NOW, order, reasons, statusOf, type TickerRouter, world } from './world.js'

const options = { cache: false, retries: 0 } as const

const json = (router: TickerRouter): Snapshot => JSON.parse(JSON.stringify(router.snapshot())) as Snapshot

describe('a router made from the snapshot of another', () => {
  it('keeps cooldowns and goes on with the ladder', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    a.mood = 'rate-limited'
    const first = router([a], options)
    await ask(first)
    await clock.advance(30_000)
    const second = router([a], { ...options, snapshot: json(first) })
    expect(statusOf(second, 'a').cooldown).toEqual({ until: NOW + 120_000, reason: 'rate-limited', hits: 1 })
    await clock.advance(90_000)
    await ask(second)
    expect(statusOf(second, 'a').cooldown).toEqual({ until: NOW + 120_000 + 240_000, reason: 'rate-limited', hits: 2 })
    await clock.advance(240_000)
    const third = router([a], { ...options, snapshot: json(second) })
    expect(reasons(third)).toEqual({})
    await ask(third)
    expect(statusOf(third, 'a').cooldown).toMatchObject({ until: NOW + 120_000 + 240_000 + 600_000 })
  })

  it('keeps breakers open as long as they would have been', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    a.mood = 'network'
    const first = router([a], options)
    await askTimes(first, 5)
    const second = router([a], { ...options, snapshot: json(first) })
    expect(statusOf(second, 'a').breaker).toEqual({ state: 'open', openUntil: NOW + 60_000 })
    await clock.advance(60_000)
    await ask(second)
    expect(statusOf(second, 'a').breaker).toEqual({ state: 'open', openUntil: NOW + 180_000 })
    const third = router([a], { ...options, snapshot: json(second) })
    await clock.advance(120_000)
    a.mood = 'ok'
    expect(await ask(third)).toMatchObject({ provider: 'a' })
    expect(statusOf(third, 'a').breaker).toEqual({ state: 'closed' })
  })

  it('keeps what was used of quotas', async () => {
    const { provider, router } = world()
    const a = provider('a', {
      limits: [
        { requests: 10, perMs: 60_000, scope: 'ip' },
        { requests: 20, perMs: 86_400_000, scope: 'key', resets: 'utc-day' },
      ],
    })
    const first = router([a], options)
    await askTimes(first, 9)
    const second = router([a], { ...options, snapshot: json(first) })
    expect(statusOf(second, 'a').quota.map(({ used }) => used)).toEqual([9, 9])
    expect(reasons(second)).toEqual({ a: 'rate-limited' })
  })

  it('goes on picking where the other was', async () => {
    const { provider, router } = world()
    const all = ['a', 'b', 'c'].map((id) => provider(id))
    const first = router(all, { ...options, strategy: roundRobin() })
    await askTimes(first, 4)
    const second = router(all, { ...options, strategy: roundRobin(), snapshot: json(first) })
    expect(order(second)).toEqual(order(first))
    expect(await askTimes(second, 3)).toEqual(['b', 'c', 'a'])
    const members = [
      { id: 'a', weight: 1 },
      { id: 'b', weight: 4 },
    ]
    const pools = { p: { members, strategy: weighted() } }
    const third = router(all, { ...options, pools })
    const begun = await askTimes(third, 3, 'BTC/USD', { pool: 'p' })
    const fourth = router(all, { ...options, pools, snapshot: json(third) })
    const whole = [...begun, ...(await askTimes(fourth, 7, 'BTC/USD', { pool: 'p' }))]
    expect(whole.filter((id) => id === 'a')).toHaveLength(2)
  })

  it('keeps who was taken out by hand, and passes over providers that it does not have', async () => {
    const { provider, router } = world()
    const [a, b] = [provider('a'), provider('b')]
    const first = router([a, b], options)
    first.isolate('a')
    await ask(first)
    expect(reasons(router([a, b], { ...options, snapshot: json(first) }))).toEqual({ a: 'isolated' })
    expect(order(router([b], { ...options, snapshot: json(first) }))).toEqual(['b'])
    expect(order(router([a, b, provider('new')], { ...options, snapshot: json(first) }))).toEqual(['new', 'b'])
  })

  it('is refused a snapshot of another version', () => {
    const { provider, router } = world()
    expect(() => router([provider('a')], { snapshot: { version: 2 } as never })).toThrow(ConfigError)
  })
})

describe('a snapshot', () => {
  it('is plain JSON without answers, keys and infinities', async () => {
    const { provider, router } = world()
    const one = router([provider('a', { apiKey: 'secret-key-123', limits: [{ requests: 10, perMs: 1_000, scope: 'ip' }] }), provider('b')], { retries: 0 })
    await ask(one)
    expect(json(one)).toEqual(one.snapshot())
    expect(JSON.stringify(one.snapshot())).not.toMatch(/secret-key-123|"last":|null/)
  })

  it('of a router that did nothing is empty', () => {
    const { provider, router } = world()
    expect(router([provider('a')]).snapshot()).toEqual({ version: 1, at: NOW, providers: { a: {} }, picks: { default: {} } })
  })
})
