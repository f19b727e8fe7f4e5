import { describe, expect, it } from 'vitest'
import type { Strategy } from '../../src/strategies/strategy.js'
import { ask, askTimes, listener, NOW, order, world } from '../router/world.js'

describe("a user's own strategy", () => {
  it('is one line', async () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('bb'), provider('ccc')], { strategy: (candidate) => -candidate.id.length, cache: false })
    expect(order(one)).toEqual(['ccc', 'bb', 'a'])
    expect(await ask(one)).toMatchObject({ provider: 'ccc' })
  })

  it('leaves ties to `then`, and then to who was picked longest ago, at first in list order', async () => {
    const { provider, router } = world()
    const then: Strategy = ({ id }) => (id === 'c' ? 1 : 0)
    const tied = Object.assign(() => 7, { then })
    const one = router([provider('c'), provider('b'), provider('a')], { strategy: tied, cache: false })
    expect(await askTimes(one, 4)).toEqual(['b', 'a', 'b', 'a'])
    expect(order(one)).toEqual(['b', 'a', 'c'])
  })

  it('can be given with one request', async () => {
    const { provider, router } = world()
    const one = router([provider('a'), provider('b', { priority: 2 })], { cache: false })
    expect(await ask(one, 'BTC/USD', { strategy: ({ priority }) => -priority })).toMatchObject({ provider: 'b' })
    expect(await ask(one)).toMatchObject({ provider: 'a' })
  })

  it('sees the question, and a draw that reading does not advance', async () => {
    const { provider, router } = world()
    const draws: number[] = []
    const strategy: Strategy = (candidate, question) => {
      expect([question.capability, question.params, question.now]).toEqual(['ticker', { symbol: 'BTC/USD' }, NOW])
      draws.push(question.draw(candidate.id))
      return 0
    }
    const one = router([provider('a')], { strategy, cache: false })
    order(one)
    order(one)
    await ask(one)
    const advanced = draws.length
    order(one)
    expect(new Set(draws.slice(0, advanced)).size).toBe(1)
    expect(draws[advanced]).not.toBe(draws[0])
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true)
  })
})

describe('a strategy that gives NaN or throws for a candidate', () => {
  it.each<[string, () => number]>([
    ['NaN', () => Number.NaN],
    [
      'a throw',
      () => {
        throw new Error('no figure')
      },
    ],
  ])('puts it last, tells so, and fails no request: %s', async (_, wrong) => {
    const { provider, router } = world()
    const [bad, good] = [provider('bad'), provider('good')]
    const one = router([bad, good], { strategy: ({ id }) => (id === 'bad' ? wrong() : 5), cache: false, retries: 0 })
    const failed = listener()
    one.on('strategy-failed', failed)
    expect(order(one)).toEqual(['good', 'bad'])
    expect(failed).not.toHaveBeenCalled()
    expect(await ask(one)).toMatchObject({ provider: 'good' })
    expect(failed.mock.calls[0]).toEqual([{ provider: 'bad', capability: 'ticker', at: NOW }])
    good.mood = 'network'
    expect(await ask(one)).toMatchObject({ provider: 'bad' })
  })
})
