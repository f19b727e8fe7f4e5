import { describe, expect, it } from 'vitest'
import { failures, MOST_FAILURES } from '../../../src/http-api/record/failures.js'
import { ask, world } from '../../router/world.js'

function failing() {
  const { clock, provider, router } = world()
  const [a, b] = [provider('a', { priority: 1 }), provider('b', { priority: 2 })]
  const one = router([a, b], { cache: false, retries: 0 })
  const fail = async (count: number): Promise<void> => {
    a.mood = 'bad-request' // rests nobody
    for (let i = 0; i < count; i++) {
      await ask(one, `C${i}/USD`)
      await clock.advance(1)
    }
  }
  return { router: one, fail, begun: () => failures(one) }
}

describe('the noted failures', () => {
  it('go on where the memory of the router ends, each once', async () => {
    const { router, fail, begun } = failing()
    const all = begun()
    await fail(250)
    const list = all.list(router.status())
    expect(router.status().recentErrors).toHaveLength(100)
    expect(list).toHaveLength(250)
    expect(new Set(list.map(({ at }) => at)).size).toBe(250)
    expect(list.map(({ at }) => at)).toEqual(list.map(({ at }) => at).toSorted((x, y) => y - x))
    expect(list[0]).toMatchObject({ provider: 'a', reason: 'bad-request', action: 'failover → b' })
  })

  it('are no more than the router has seen, where the API began later', async () => {
    const { router, fail, begun } = failing()
    await fail(30)
    const all = begun()
    await fail(20)
    expect(all.list(router.status())).toHaveLength(50)
  })

  it('are bounded, and end with the API', async () => {
    const { router, fail, begun } = failing()
    const all = begun()
    await fail(120)
    all.close()
    await fail(20)
    expect(all.list(router.status())).toHaveLength(120)
    expect(MOST_FAILURES).toBeLessThanOrEqual(10_000)
  })
})
