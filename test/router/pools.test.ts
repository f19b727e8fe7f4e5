import { describe, expect, it } from 'vitest'
import { ConfigError, NoProviderError } from '../../src/errors.js'
import type { RequestOptions } from '../../src/router/options.js'
import { poolId } from '../../src/router/pool-options.js'
import { priority } from '../../src/strategies/priority.js'
import { roundRobin } from '../../src/strategies/round-robin.js'
import { weighted } from '../../src/strategies/weighted.js'
import { ask, askTimes, listener, NOW, statusOf, world } from './world.js'

const options = { cache: false, retries: 0 } as const
const inPool: RequestOptions = { pool: 'p' }

describe('a pool', () => {
  it('is one of eight that configuration makes, each with strategy and members of its own', async () => {
    const { provider, router } = world()
    const names = ['market', 'news', 'sentiment', 'onchain', 'defi', 'nft', 'social', 'analytics']
    const pools = Object.fromEntries(
      names.map((name, index) => [name, { members: ['a', { id: 'b', priority: index % 2 === 0 ? 0 : 9 }], strategy: priority(), category: name }]),
    )
    const one = router([provider('a'), provider('b')], { ...options, pools })
    expect(one.pools.list().map(({ id }) => id)).toEqual(['default', ...names])
    const who = await Promise.all(names.map(async (pool) => (await askTimes(one, 1, 'BTC/USD', { pool }))[0]))
    expect(who).toEqual(['b', 'a', 'b', 'a', 'b', 'a', 'b', 'a'])
    expect(one.pool('news').status()).toMatchObject({ id: 'news', name: 'news', category: 'news', enabled: true, current: 'a' })
  })

  it('can be created with a name, and deleted; requests without a pool go on', async () => {
    const { provider, router } = world()
    const one = router([provider('a')], options)
    const pool = one.pools.create('Primary Market Data Pool', { members: ['a'], description: 'prices first' })
    expect([pool.id, pool.name, pool.description]).toEqual(['primary_market_data_pool', 'Primary Market Data Pool', 'prices first'])
    expect(poolId('  Äpfel & Birnen! ')).toBe('pfel_birnen')
    expect(() => one.pools.create('Primary Market Data Pool', { members: [] })).toThrow("pool 'primary_market_data_pool' exists already")
    one.pools.delete(pool.id)
    expect(() => one.pool(pool.id)).toThrow(ConfigError)
    expect(() => one.pools.delete('nope')).toThrow("no pool 'nope'")
    expect(() => one.pools.delete('default')).toThrow(ConfigError)
    expect(await ask(one)).toMatchObject({ provider: 'a' })
  })

  it('has priority, weight and switch per member; no other pool sees them', async () => {
    const { provider, router } = world()
    const members = [
      { id: 'a', weight: 1 },
      { id: 'b', weight: 3 },
      { id: 'c', enabled: false },
    ]
    const one = router(
      ['a', 'b', 'c'].map((id) => provider(id)),
      { ...options, pools: { p: { members, strategy: weighted() }, q: { members: ['a', 'b', 'c'], strategy: weighted() } } },
    )
    const count = (who: string[], id: string): number => who.filter((each) => each === id).length
    const first = await askTimes(one, 40, 'BTC/USD', inPool)
    expect([count(first, 'a'), count(first, 'b'), count(first, 'c')]).toEqual([10, 30, 0])
    const other = await askTimes(one, 30, 'BTC/USD', { pool: 'q' })
    expect([count(other, 'a'), count(other, 'b'), count(other, 'c')]).toEqual([10, 10, 10])
    expect(
      one
        .pool('p')
        .status()
        .members.map(({ share }) => share),
    ).toEqual([
      { target: 0.25, actual: 0.25 },
      { target: 0.75, actual: 0.75 },
      { target: 0, actual: 0 },
    ])
    one.pool('p').update('b', { weight: 1 })
    const later = await askTimes(one, 40, 'BTC/USD', inPool)
    expect(Math.abs(count(later, 'a') - 20)).toBeLessThanOrEqual(1)
  })

  it('lets members join and leave, and refuses what makes no sense', async () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('b')], { ...options, pools: { p: { members: ['a'] } } })
    const pool = one.pool('p')
    expect(await askTimes(one, 2, 'BTC/USD', inPool)).toEqual(['a', 'a'])
    pool.add({ id: 'b', priority: 0 })
    expect(await askTimes(one, 1, 'BTC/USD', inPool)).toEqual(['b'])
    pool.remove('b')
    expect(await askTimes(one, 1, 'BTC/USD', inPool)).toEqual(['a'])
    expect(() => pool.remove('b')).toThrow("pool 'p': 'b' is no member, it has a")
    expect(() => pool.update('b', {})).toThrow(ConfigError)
    expect(() => pool.add('a')).toThrow('is a member already, use update()')
    expect(() => pool.add('x')).toThrow("no provider 'x', the router has a, b")
    expect(() => pool.update('a', { weight: -1 })).toThrow("weight of 'a' must be a number ≥ 0, got -1")
    expect(() => pool.update('a', { priority: Number.NaN })).toThrow('must be a finite number, got NaN')
    expect(() => router([provider('a')], { pools: { bad: { members: ['x'] } } })).toThrow("pool 'bad': no provider 'x'")
  })

  it('can be switched off and on, and change its strategy', async () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('b', { priority: 2 })], { ...options, pools: { p: { members: ['a', 'b'] } } })
    one.pool('p').update({ enabled: false })
    expect(await ask(one, 'BTC/USD', inPool)).toMatchObject({ name: 'NoProviderError', message: expect.stringContaining("pool 'p' is disabled") })
    expect(await ask(one)).toMatchObject({ provider: 'a' })
    one.pool('p').update({ enabled: true, strategy: roundRobin() })
    expect(await askTimes(one, 3, 'BTC/USD', inPool)).toEqual(['a', 'b', 'a'])
  })

  it('shares health, limits and breakers of a provider with all others', async () => {
    const { provider, router } = world()
    const [a, b] = [provider('a'), provider('b', { priority: 2 })]
    const pools = { p: { members: ['a', 'b'] }, q: { members: ['a', 'b'] } }
    const one = router([a, b], { ...options, pools })
    a.mood = 'rate-limited'
    await ask(one, 'BTC/USD', inPool)
    expect(await askTimes(one, 2, 'BTC/USD', { pool: 'q' })).toEqual(['b', 'b'])
    expect(a.asked).toHaveLength(1)
    expect(one.pool('q').status().members).toMatchObject([
      { provider: 'a', health: 'rate-limited', available: false },
      { provider: 'b', available: true },
    ])
  })

  it('says at once who can be asked, own quotas included', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a', { limits: [{ requests: 2, perMs: 60_000, scope: 'ip' }] }), provider('b', { priority: 2 })], {
      ...options,
      pools: { p: { members: ['a', 'b'] } },
    })
    const available = (): boolean[] =>
      one
        .pool('p')
        .status()
        .members.map((member) => member.available)
    expect(available()).toEqual([true, true])
    await ask(one, 'BTC/USD', inPool)
    expect(available()).toEqual([false, true])
    await clock.advance(61_000)
    expect(available()).toEqual([true, true])
    one.isolate('b')
    expect(available()).toEqual([true, false])
  })
})

describe('rotate()', () => {
  it.each([
    ['priority', priority()],
    ['round-robin', roundRobin()],
    ['weighted', weighted()],
  ])('moves a pool on to another member and records it: %s', async (_, strategy) => {
    const { provider, router } = world()
    const one = router(
      ['a', 'b', 'c'].map((id) => provider(id)),
      { ...options, pools: { p: { members: ['a', 'b', 'c'], strategy } } },
    )
    await ask(one, 'BTC/USD', inPool)
    expect(one.pool('p').rotate('maintenance')).toEqual({ pool: 'p', from: 'a', to: 'b', reason: 'maintenance', at: NOW })
    expect(one.pool('p').status()).toMatchObject({ current: 'b', rotations: 1 })
    expect(await ask(one, 'BTC/USD', inPool)).toMatchObject({ provider: 'b' })
    expect(one.pool('p').rotate()).toMatchObject({ from: 'b', to: 'c', reason: 'manual' })
    expect(await ask(one, 'BTC/USD', inPool)).toMatchObject({ provider: 'c' })
  })

  it('holds before the first request, too', async () => {
    const { provider, router } = world()
    const one = router(
      ['a', 'b'].map((id, index) => provider(id, { priority: index })),
      { ...options, pools: { p: { members: ['a', 'b'] } } },
    )
    expect(one.pool('p').rotate()).toMatchObject({ from: 'a', to: 'b' })
    expect(await askTimes(one, 2, 'BTC/USD', inPool)).toEqual(['b', 'a'])
  })

  it('passes over who cannot be asked, and fails where nobody else can', async () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('off', { enabled: false }), provider('out'), provider('c')], {
      ...options,
      pools: { p: { members: ['a', 'off', 'out', 'c'] }, alone: { members: ['a'] } },
    })
    one.isolate('out')
    await ask(one, 'BTC/USD', inPool)
    expect(one.pool('p').rotate()).toMatchObject({ to: 'c' })
    expect(() => one.pool('alone').rotate()).toThrow(NoProviderError)
    expect(one.pool('alone').history()).toEqual([])
  })

  it('never makes a request fail: the one that was left is asked when nobody else can', async () => {
    const { provider, router } = world()
    const [a, b] = [provider('a'), provider('b')]
    const one = router([a, b], { ...options, pools: { p: { members: ['a', 'b'] } } })
    await ask(one, 'BTC/USD', inPool)
    one.pool('p').rotate()
    b.mood = 'network'
    expect(await ask(one, 'BTC/USD', inPool)).toMatchObject({ provider: 'a' })
    expect(statusOf(one, 'b').failures).toBe(1)
  })
})

it('a rotation is an event', async () => {
  const { provider, router } = world()
  const one = router([provider('a'), provider('b')], { ...options, strategy: roundRobin(), pools: { p: { members: ['a', 'b'] } } })
  const rotated = listener()
  one.on('pool-rotated', rotated)
  await askTimes(one, 2, 'BTC/USD', inPool)
  expect(rotated.mock.calls).toEqual([[{ pool: 'p', from: 'a', to: 'b', reason: 'strategy', at: NOW, request: 2 }]])
})
