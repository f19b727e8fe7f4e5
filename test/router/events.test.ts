import { describe, expect, it } from 'vitest'
import type { RouterEvents } from '../../src/model/events.js'
import { ask, askTimes, listener, NOW, world } from './world.js'

const options = { retries: 0 } as const

describe('events', () => {
  it('tell the story of a request', async () => {
    const { clock, provider, router } = world()
    const [a, b, c] = [provider('a'), provider('b', { priority: 2 }), provider('c', { priority: 3 })]
    a.mood = 'rate-limited'
    b.mood = 'network'
    const one = router([a, b, c], options)
    const told: [string, unknown][] = []
    const names: (keyof RouterEvents)[] = [
      'request-settled',
      'attempt-succeeded',
      'attempt-failed',
      'attempt-skipped',
      'cooldown-started',
      'cache-missed',
      'cache-hit',
      'provider-isolated',
      'provider-restored',
    ]
    for (const name of names) one.on(name, (payload) => told.push([name, payload]))
    await ask(one)
    expect(told).toEqual([
      ['cache-missed', { capability: 'ticker', at: NOW, request: 1 }],
      ['cooldown-started', { provider: 'a', reason: 'rate-limited', at: NOW, until: NOW + 120_000 }],
      [
        'attempt-failed',
        {
          capability: 'ticker',
          at: NOW,
          request: 1,
          provider: 'a',
          outcome: 'failed',
          reason: 'rate-limited',
          latencyMs: 0,
          message: 'a: rate-limited',
          action: 'cooldown 120 s',
        },
      ],
      [
        'attempt-failed',
        { capability: 'ticker', at: NOW, request: 1, provider: 'b', outcome: 'failed', reason: 'network', latencyMs: 0, message: 'b: network', action: '' },
      ],
      ['attempt-succeeded', { capability: 'ticker', at: NOW, request: 1, provider: 'c', outcome: 'succeeded', latencyMs: 0 }],
      ['request-settled', { capability: 'ticker', at: NOW, request: 1, latencyMs: 0, provider: 'c', source: 'network', attempts: 3 }],
    ])
    told.length = 0
    await clock.advance(20_000)
    await ask(one)
    expect(told).toContainEqual(['attempt-skipped', { capability: 'ticker', at: NOW + 20_000, request: 2, provider: 'a', reason: 'rate-limited' }])
    told.length = 0
    one.isolate('c')
    one.restore('c')
    expect(told.map(([name]) => name)).toEqual(['provider-isolated', 'provider-restored'])
  })

  it('tell the class of the error of a request that failed', async () => {
    const { provider, router } = world()
    const a = provider('a')
    a.mood = 'network'
    const one = router([a], options)
    const settled = listener()
    one.on('request-settled', settled)
    await ask(one)
    expect(settled.mock.calls).toEqual([[{ capability: 'ticker', at: NOW, request: 1, latencyMs: 0, error: 'AllProvidersFailedError', attempts: 1 }]])
  })

  it('have the number of their request, and say whose work another waited for', async () => {
    const { provider, router } = world()
    const a = provider('a')
    const one = router([a], { cache: false })
    const [settled, tried] = [listener(), listener()]
    one.on('request-settled', settled).on('attempt-succeeded', tried)
    await Promise.all([ask(one), ask(one), ask(one, 'ETH/USD')])
    await ask(one)
    expect(tried.mock.calls).toMatchObject([[{ request: 1 }], [{ request: 3 }], [{ request: 4 }]])
    const byNumber = settled.mock.calls.map(([told]) => told as RouterEvents['request-settled']).toSorted((x, y) => x.request - y.request)
    expect(byNumber.map(({ request, joined, source }) => [request, joined, source])).toEqual([
      [1, undefined, 'network'],
      [2, 1, 'shared'],
      [3, undefined, 'network'],
      [4, undefined, 'network'],
    ])
  })

  it('say it of prices that are asked for alone after all, too', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a')], { cache: false, merge: true })
    const settled = listener()
    one.on('request-settled', settled)
    const answers = Promise.all([ask(one), ask(one, 'ETH/USD'), ask(one, 'ETH/USD')])
    await clock.advance(15)
    await answers
    const byNumber = settled.mock.calls.map(([told]) => told as RouterEvents['request-settled']).toSorted((x, y) => x.request - y.request)
    expect(byNumber.map(({ request, joined, source }) => [request, joined, source])).toEqual([
      [1, undefined, 'network'],
      [2, 1, 'network'],
      [3, 2, 'shared'],
    ])
  })

  it('leave the reason of a caller who left as it is, also null', async () => {
    const { provider, router } = world()
    const a = provider('a')
    a.mood = 'network'
    const one = router([a], options)
    const [settled, leaving] = [listener(), new AbortController()]
    one.on('request-settled', settled)
    const answer = one.request('ticker', { symbol: 'BTC/USD' }, { signal: leaving.signal })
    leaving.abort(null)
    await expect(answer).rejects.toBeNull()
    expect(settled.mock.calls).toMatchObject([[{ error: 'unknown', attempts: 0 }]])
  })

  it('come once to who asked for one, and no more to who left', async () => {
    const { provider, router } = world()
    const one = router([provider('a')], { cache: false })
    const [once, left, stays] = [listener(), listener(), listener()]
    one.once('attempt-succeeded', once).on('attempt-succeeded', left).on('attempt-succeeded', stays).off('attempt-succeeded', left)
    await askTimes(one, 3)
    expect([once.mock.calls.length, left.mock.calls.length, stays.mock.calls.length]).toEqual([1, 0, 3])
  })
})

describe('a listener that throws', () => {
  it('fails no request and keeps no other from hearing; it is counted', async () => {
    const { provider, router } = world()
    const one = router([provider('a')], { cache: false })
    const heard = listener()
    const names: (keyof RouterEvents)[] = ['attempt-succeeded', 'request-settled', 'provider-isolated']
    for (const name of names) {
      one.on(name, () => {
        throw new Error('listener')
      })
      one.on(name, heard)
    }
    expect(await ask(one)).toMatchObject({ provider: 'a' })
    one.isolate('a')
    expect([heard.mock.calls.length, one.status().listenerFailures]).toEqual([3, 3])
  })

  it('late, in a promise, is counted as well and reaches no one', async () => {
    const { clock, provider, router } = world()
    const one = router([provider('a')], { cache: false })
    const unhandled = listener()
    process.on('unhandledRejection', unhandled)
    const rejecting: (payload: RouterEvents['attempt-succeeded']) => unknown = async () => {
      throw new Error('late')
    }
    one.on('attempt-succeeded', rejecting)
    expect(await ask(one)).toMatchObject({ provider: 'a' })
    await clock.advance(0)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
    expect(one.status().listenerFailures).toBe(1)
  })
})
