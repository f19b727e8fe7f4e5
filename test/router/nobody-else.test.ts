import { describe, expect, it } from 'vitest'
import { NoProviderError } from '../../src/errors.js'
import { ask, NOW, type TickerRouter, world } from './world.js'

const failure = (router: TickerRouter, pool?: string): NoProviderError => {
  try {
    router.pool(pool).rotate()
  } catch (error) {
    if (NoProviderError.is(error)) return error
  }
  throw new Error('it rotated')
}

describe('a rotation for which there is nobody', () => {
  it('says why and until when each other member is out, and when the first comes back', async () => {
    const { provider, router } = world()
    const [limited, full] = [provider('limited'), provider('full', { limits: [{ requests: 1, perMs: 10_000, scope: 'ip' }] })]
    const keyless = provider('keyless', { key: { required: true, in: 'header', name: 'x-key' } })
    const all = [provider('a'), limited, full, provider('isolated'), keyless, provider('off', { enabled: false }), provider('b')]
    const one = router(all, { retries: 0, pools: { p: { members: ['a', 'limited', 'full', 'isolated', 'keyless', 'off', { id: 'b', enabled: false }] } } })
    limited.mood = { reason: 'rate-limited', status: 429 }
    for (const id of ['limited', 'full']) await ask(one, 'BTC/USD', { only: [id], maxAgeMs: 0 })
    one.isolate('isolated')
    await ask(one, 'BTC/USD', { pool: 'p', only: ['a'], maxAgeMs: 0 })
    const error = failure(one, 'p')
    const full_ = error.excluded.find((line) => line.provider === 'full')
    expect(error.excluded).toEqual([
      { provider: 'limited', reason: 'rate-limited', until: NOW + 120_000 },
      { provider: 'full', reason: 'rate-limited', until: expect.any(Number) },
      { provider: 'isolated', reason: 'isolated' },
      { provider: 'keyless', reason: 'key-missing' },
      { provider: 'off', reason: 'disabled' },
      { provider: 'b', reason: 'disabled' },
    ])
    expect(error.retryAfterMs).toBe((full_?.until ?? 0) - NOW)
    expect(error.retryAfterMs).toBeGreaterThan(0)
    expect(error.message).toMatch(/^no provider can be asked for another member of pool 'p':\n {2}limited: rate-limited until 2026/)
  })

  it('is one of a pool that is switched off, whoever is in it', () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('b')], { pools: { p: { members: ['a', 'b'], enabled: false } } })
    expect(failure(one, 'p').excluded).toEqual([
      { provider: 'a', reason: 'disabled' },
      { provider: 'b', reason: 'disabled' },
    ])
    expect(one.pool('p').rotations).toBe(0)
  })
})

describe('who answers in the pool of all providers', () => {
  it('is who was picked last, and after a rotation who comes next', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a', { priority: 1 }), provider('b', { priority: 2 })], { cache: false })
    expect(one.pool().current).toBeUndefined()
    await ask(one)
    expect(one.pool().current).toBe('a')
    await clock.advance(1)
    expect(one.pool().rotate()).toMatchObject({ from: 'a', to: 'b' })
    expect([one.pool().current, one.status().pools[0]?.current]).toEqual(['b', 'b'])
    await clock.advance(1)
    await ask(one, 'BTC/USD', { only: ['a'] })
    expect(one.pool().current).toBe('a')
  })
})

describe('the history of a pool', () => {
  it('gives as many as are wanted, and never more than it keeps', async () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('b')], { pools: { p: { members: ['a', 'b'] } } })
    for (let i = 0; i < 350; i++) one.pool('p').rotate()
    expect([0, 1, 200, 1_000].map((limit) => one.pool('p').history(limit).length)).toEqual([0, 1, 200, 200])
    expect(one.pool('p').history()).toHaveLength(200)
  })
})
