import { describe, expect, it } from 'vitest'
import { resolveHandlerOptions } from '../../src/http-api/options.js'
import { latencies } from '../../src/http-api/record/latencies.js'
import { minutes, MOST_MINUTES } from '../../src/http-api/record/minutes.js'
import { openings } from '../../src/http-api/record/openings.js'
import { routeCounts } from '../../src/http-api/record/route-counts.js'
import type { ApiRouter } from '../../src/http-api/router.js'
import { EventBus } from '../../src/router/events.js'
import { fakeClock } from '../../src/testing/index.js'
import { ask, askTimes, NOW, world } from '../router/world.js'

const MINUTE = 60_000

/** Minutes fed by hand: events of providers that a router would have. */
function fed(ids: string[] = ['a', 'b']) {
  const clock = fakeClock(NOW)
  const bus = new EventBus()
  const router = {
    get providers() {
      return ids.map((id) => ({ id }))
    },
    on(name: 'attempt-failed', listener: () => void) {
      bus.on(name, listener)
      return this
    },
    off(name: 'attempt-failed', listener: () => void) {
      bus.off(name, listener)
      return this
    },
  } as unknown as ApiRouter
  const ring = minutes(router, resolveHandlerOptions({ clock }))
  const tell = (provider: string, latencyMs?: number): void => {
    const at = clock.now()
    if (latencyMs === undefined)
      bus.emit('attempt-failed', {
        capability: 'ticker',
        at,
        request: 1,
        provider,
        outcome: 'failed',
        reason: 'timeout',
        latencyMs: 9,
        message: 'late',
        action: '',
      })
    else bus.emit('attempt-succeeded', { capability: 'ticker', at, request: 1, provider, outcome: 'succeeded', latencyMs })
  }
  return { ring, router, bus, ids, tell, clock }
}

describe('the minutes of a provider', () => {
  it('count what was asked of it, what failed, and how long it took', async () => {
    const { ring, tell, clock } = fed()
    tell('a', 100)
    tell('a')
    await clock.advance(MINUTE)
    tell('a', 40)
    expect(ring.list('a', 60)).toEqual([
      { at: NOW, requests: 2, failures: 1, faults: 1, p95Ms: 100 },
      { at: NOW + MINUTE, requests: 1, failures: 0, faults: 0, p95Ms: 40 },
    ])
    expect(ring.list('b', 60)).toEqual([
      { at: NOW, requests: 0, failures: 0, faults: 0 },
      { at: NOW + MINUTE, requests: 0, failures: 0, faults: 0 },
    ])
  })

  it('hold it against nobody that it does not know a coin, or not understand a question', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    const one = router([a], { retries: 0 })
    const ring = minutes(one, resolveHandlerOptions({ clock }))
    a.mood = 'not-found'
    await ask(one, 'NOSUCH/USD')
    a.mood = 'bad-request'
    await ask(one, 'SOL/USD')
    expect(ring.list('a', 1)).toEqual([{ at: NOW, requests: 2, failures: 2, faults: 0 }])
    a.mood = 'rate-limited'
    await ask(one, 'BTC/USD')
    expect(ring.list('a', 1)).toEqual([{ at: NOW, requests: 3, failures: 3, faults: 1 }])
  })

  it('begin when the API begins: nothing is said of earlier ones', async () => {
    const { ring, clock } = fed()
    expect(ring.list('a', 60)).toHaveLength(1)
    await clock.advance(3 * MINUTE)
    expect(ring.list('a', 60).map(({ at }) => (at - NOW) / MINUTE)).toEqual([0, 1, 2, 3])
    expect(ring.list('a', 2).map(({ at }) => (at - NOW) / MINUTE)).toEqual([2, 3])
  })

  it('are kept for a day and no longer, quiet minutes between them included', async () => {
    const { ring, tell, clock } = fed()
    tell('a', 10)
    await clock.advance(10 * MINUTE)
    tell('a', 20)
    await clock.advance((MOST_MINUTES - 10) * MINUTE)
    const day = ring.list('a', 5_000)
    expect(day).toHaveLength(MOST_MINUTES)
    expect(day.filter(({ requests }) => requests > 0)).toEqual([{ at: NOW + 10 * MINUTE, requests: 1, failures: 0, faults: 0, p95Ms: 20 }])
    await clock.advance(11 * MINUTE)
    tell('a', 30)
    expect(ring.list('a', MOST_MINUTES).filter(({ requests }) => requests > 0)).toEqual([
      { at: NOW + (MOST_MINUTES + 11) * MINUTE, requests: 1, failures: 0, faults: 0, p95Ms: 30 },
    ])
  })

  it('are forgotten when a provider has left and another one comes', () => {
    const { ring, tell, ids } = fed(['a', 'b'])
    tell('a', 10)
    ids.splice(0, 2, 'b', 'c')
    tell('c', 10)
    expect(ring.list('a', 1)).toEqual([{ at: NOW, requests: 0, failures: 0, faults: 0 }])
    expect(ring.list('c', 1)).toEqual([{ at: NOW, requests: 1, failures: 0, faults: 0, p95Ms: 10 }])
  })

  it('go on in the newest minute when the clock is set back', async () => {
    const { ring, tell, clock } = fed()
    tell('a', 10)
    await clock.advance(MINUTE)
    tell('a', 10)
    await clock.advance(-MINUTE)
    tell('a', 10)
    await clock.advance(MINUTE)
    expect(ring.list('a', 5).map(({ requests }) => requests)).toEqual([1, 2])
  })

  it('end with the API: no listener stays at the router', () => {
    const { ring, bus } = fed()
    expect(bus.listens('attempt-succeeded')).toBe(true)
    ring.close()
    expect(['attempt-succeeded', 'attempt-failed', 'request-settled'].map((name) => bus.listens(name as 'attempt-failed'))).toEqual([false, false, false])
  })
})

describe('the minutes of all', () => {
  it('count questions, not attempts: one that a second provider answered went well', async () => {
    const { clock, provider, router } = world()
    const [a, b] = [provider('a', { priority: 1 }), provider('b', { priority: 2 })]
    a.mood = 'timeout'
    b.mood = { takesMs: 50 }
    const one = router([a, b], { retries: 0 })
    const ring = minutes(one, resolveHandlerOptions({ clock }))
    const first = ask(one)
    await clock.advance(50)
    expect(await first).toMatchObject({ provider: 'b' })
    await askTimes(one, 30) // out of the cache: no latency of anybody
    expect(ring.list(undefined, 1)).toEqual([{ at: NOW, requests: 31, failures: 0, faults: 0, p95Ms: 50 }])
    expect(ring.list('a', 1)).toEqual([{ at: NOW, requests: 1, failures: 1, faults: 1 }])
    b.mood = 'timeout'
    await ask(one, 'ETH/USD')
    const gone = new AbortController()
    b.mood = 'hang'
    const left = ask(one, 'SOL/USD', { signal: gone.signal })
    gone.abort()
    await left
    expect(ring.list(undefined, 1)).toMatchObject([{ requests: 32, failures: 1 }])
  })
})

describe('latencies', () => {
  it('give a percentile within 9 % of the true one, and one value as it is', () => {
    const histogram = latencies()
    expect(histogram.at(0.95)).toBeUndefined()
    histogram.add(123.4)
    expect(histogram.at(0.95)).toBe(123.4)
    histogram.clear()
    expect(histogram.at(0.95)).toBeUndefined()
    for (let ms = 1; ms <= 1_000; ms++) histogram.add(ms)
    const [median = 0, p95 = 0] = [histogram.at(0.5), histogram.at(0.95)]
    expect(median / 500).toBeGreaterThanOrEqual(1)
    expect(median / 500).toBeLessThan(1.1)
    expect(p95 / 950).toBeGreaterThanOrEqual(1)
    expect(p95 / 950).toBeLessThan(1.1)
  })

  it('take what is below or above all buckets', () => {
    const histogram = latencies()
    histogram.add(0)
    expect(histogram.at(0.5)).toBe(0)
    histogram.add(1e9)
    expect(histogram.at(1)).toBeGreaterThanOrEqual(100_000)
  })
})

describe('the openings of breakers', () => {
  const changed = (bus: EventBus, provider: string, state: 'open' | 'half-open' | 'closed', at: number, capability?: 'ticker'): void =>
    bus.emit('breaker-changed', { provider, state, at, ...(capability && { capability }) })

  it('are remembered until the breaker closes, those of single capabilities apart', () => {
    const { router, bus } = fed()
    const opened = openings(router)
    changed(bus, 'b', 'open', NOW, 'ticker')
    expect(opened.of('b')).toBeUndefined()
    expect(opened.of('b', 'ticker')).toEqual({ at: NOW })
    changed(bus, 'b', 'closed', NOW + 1, 'ticker')
    expect(opened.of('b', 'ticker')).toBeUndefined()
    changed(bus, 'a', 'open', NOW)
    changed(bus, 'a', 'half-open', NOW + 60_000)
    changed(bus, 'a', 'closed', NOW + 60_000, 'ticker')
    expect(opened.of('a')).toEqual({ at: NOW })
    bus.emit('breaker-changed', { provider: 'a', state: 'open', at: NOW + 61_000, openUntil: NOW + 121_000 })
    expect(opened.of('a')).toEqual({ at: NOW + 61_000, until: NOW + 121_000 })
    changed(bus, 'a', 'closed', NOW + 120_000)
    expect(opened.of('a')).toBeUndefined()
  })

  it('are forgotten of providers that left, and end with the API', () => {
    const { router, bus, ids } = fed()
    const opened = openings(router)
    changed(bus, 'a', 'open', NOW)
    changed(bus, 'a', 'open', NOW, 'ticker')
    ids.splice(0, 1)
    changed(bus, 'b', 'open', NOW)
    expect([opened.of('a'), opened.of('a', 'ticker'), opened.of('b')]).toEqual([undefined, undefined, { at: NOW }])
    opened.close()
    expect(bus.listens('breaker-changed')).toBe(false)
  })
})

describe('the counts of routes', () => {
  it('hold how often, how well and how long each was asked', () => {
    const counts = routeCounts()
    counts.add('GET', '/a', 200, 10)
    counts.add('GET', '/a', 503, 20)
    counts.add('POST', '/a', 404, 5)
    expect(counts.list()).toEqual([
      { path: '/a', method: 'GET', requests: 2, successes: 1, recentShare: 0.5, averageMs: 15, lastStatus: 503 },
      { path: '/a', method: 'POST', requests: 1, successes: 1, recentShare: 1, averageMs: 5, lastStatus: 404 },
    ])
  })

  it('forget an outage after twenty answers', () => {
    const counts = routeCounts()
    for (let i = 0; i < 50; i++) counts.add('GET', '/a', 502, 1)
    for (let i = 0; i < 19; i++) counts.add('GET', '/a', 200, 1)
    expect(counts.list()).toMatchObject([{ requests: 69, successes: 19, recentShare: 0.95 }])
    counts.add('GET', '/a', 200, 1)
    expect(counts.list()).toMatchObject([{ requests: 70, successes: 20, recentShare: 1 }])
  })
})
