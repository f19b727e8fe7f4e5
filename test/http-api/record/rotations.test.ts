import { describe, expect, it } from 'vitest'
import { MOST_ROTATIONS, rotations } from '../../../src/http-api/record/rotations.js'
import { roundRobin } from '../../../src/strategies/round-robin.js'
import { ask, askTimes, NOW, world } from '../../router/world.js'

function pooled() {
  const { clock, provider, router } = world()
  const providers = [provider('a'), provider('b'), provider('c')]
  const pools = { p: { name: 'Pool P', strategy: roundRobin(), members: ['a', 'b'] }, q: { strategy: roundRobin(), members: ['b', 'c'] } }
  const one = router(providers, { cache: false, retries: 0, pools })
  return { clock, providers, router: one, noted: () => rotations(one) }
}

describe('the noted rotations', () => {
  it('are those of all pools in the order in which they were, the newest first', async () => {
    const { router, noted, clock } = pooled()
    const all = noted()
    await askTimes(router, 2, 'BTC/USD', { pool: 'p' })
    await clock.advance(1_000)
    await askTimes(router, 2, 'BTC/USD', { pool: 'q' })
    router.pool('p').rotate('by hand')
    expect(all.list(10)).toEqual([
      { pool: 'p', poolName: 'Pool P', from: 'b', to: 'a', reason: 'by hand', at: NOW + 1_000, total: 2 },
      { pool: 'q', poolName: 'q', from: 'b', to: 'c', reason: 'strategy', at: NOW + 1_000, total: 1, request: 4, success: true },
      { pool: 'p', poolName: 'Pool P', from: 'a', to: 'b', reason: 'strategy', at: NOW, total: 1, request: 2, success: true },
    ])
    expect(all.list(1)).toMatchObject([{ reason: 'by hand' }])
  })

  it('include what the pools remember from before the API began', async () => {
    const { router, noted, clock } = pooled()
    await askTimes(router, 3, 'BTC/USD', { pool: 'p' })
    await clock.advance(1_000)
    await askTimes(router, 2, 'BTC/USD', { pool: 'q' })
    const all = noted()
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    expect(all.list(10).map(({ pool, total }) => [pool, total])).toEqual([
      ['p', 3],
      ['q', 1],
      ['p', 2],
      ['p', 1],
    ])
  })

  it('stay when their pool goes, with its name; one that a request under way still makes is counted on', async () => {
    const { router, noted } = pooled()
    const all = noted()
    await askTimes(router, 2, 'BTC/USD', { pool: 'p' })
    const asked = router.pool('p')
    router.pools.delete('p')
    asked.rotate('late')
    expect(all.list(10)).toMatchObject([
      { pool: 'p', poolName: 'Pool P', reason: 'late', total: 2 },
      { poolName: 'Pool P', total: 1 },
    ])
    router.pools.create('P', { name: 'Another P', members: ['b', 'c'] })
    router.pool('p').rotate()
    expect(all.list(1)).toMatchObject([{ poolName: 'Another P', total: 1 }])
  })

  it('say whether their request was answered, once that is known, and never of those by hand', async () => {
    const { router, noted, clock, providers } = pooled()
    const all = noted()
    const [, b] = providers
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    if (b) b.mood = { takesMs: 500 }
    const slow = ask(router, 'BTC/USD', { pool: 'p' })
    await clock.advance(100)
    expect(all.list(1)).toEqual([{ pool: 'p', poolName: 'Pool P', from: 'a', to: 'b', reason: 'strategy', at: NOW, total: 1, request: 2 }])
    await clock.advance(400)
    await slow
    expect(all.list(1)).toMatchObject([{ to: 'b', success: true }])
    router.pool('p').rotate()
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    expect(all.list(1)[0]).toMatchObject({ to: 'a', reason: 'manual' })
    expect(all.list(1)[0]).not.toHaveProperty('success')
    expect(all.of(router.pool('p'))).toEqual(all.list(10))
  })

  it('tell of a request that went on to another member that it was not answered by the first', async () => {
    const { router, noted, providers } = pooled()
    const all = noted()
    const [, b] = providers
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    if (b) b.mood = { reason: 'unavailable', status: 503 }
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    expect(all.list(2)).toMatchObject([
      { from: 'b', to: 'a', reason: 'failover', success: true },
      { from: 'a', to: 'b', reason: 'strategy', success: false },
    ])
  })

  it('heed their own request alone, whatever others get from the same member in the same moment', async () => {
    const { router, noted, clock, providers } = pooled()
    const all = noted()
    const [, b] = providers
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    if (b) b.mood = { takesMs: 500 }
    const first = ask(router, 'BTC/USD', { pool: 'p' })
    await clock.advance(0)
    if (b) b.mood = { reason: 'unavailable', status: 503 }
    await ask(router, 'ETH/USD', { only: ['b'] })
    expect(all.list(1)[0]).not.toHaveProperty('success')
    await clock.advance(500)
    await first
    expect(all.list(1)).toMatchObject([{ to: 'b', success: true }])
  })

  it('are kept up to a thousand', async () => {
    const { router, noted } = pooled()
    const all = noted()
    await ask(router, 'BTC/USD', { pool: 'p' })
    for (let i = 0; i < MOST_ROTATIONS + 5; i++) router.pool('p').rotate(`turn ${i}`)
    expect(all.size).toBe(MOST_ROTATIONS)
    const list = all.list(5_000)
    expect([list.length, list[0]?.reason, list.at(-1)?.reason]).toEqual([MOST_ROTATIONS, `turn ${MOST_ROTATIONS + 4}`, 'turn 5'])
    expect(list[0]?.total).toBe(MOST_ROTATIONS + 5)
  })

  it('end with the API', async () => {
    const { router, noted } = pooled()
    const all = noted()
    all.close()
    router.pool('p').rotate()
    expect(all.size).toBe(0)
  })
})
