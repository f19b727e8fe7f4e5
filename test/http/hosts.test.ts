import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOST_BACKOFF_MAX_MS, hostRing } from '../../src/http/hosts.js'

const NOW = 1_750_000_000_000
const urls = ['https://a.test', 'https://b.test', 'https://c.test'] as const
const [a, b, c] = urls
const longest = (): number => 1
const latency = (url: string): number => ({ [a]: 90, [b]: 30, [c]: 150 })[url] ?? 0
const half = (): number => 0.5

/** What a caller does with a host that answers. */
function ask(ring: ReturnType<typeof hostRing>, latencyOf: (url: string) => number, now: number): string | undefined {
  const url = ring.next(now)
  if (url === undefined) return undefined
  ring.started(url)
  ring.succeeded(url, latencyOf(url), now)
  return url
}

describe('round-robin', () => {
  it('visits all hosts in turn', () => {
    const ring = hostRing(urls)
    expect(Array.from({ length: 6 }, () => ask(ring, () => 50, NOW))).toEqual([a, b, c, a, b, c])
  })

  it('does not rotate by reading', () => {
    const ring = hostRing(urls)
    expect([ring.next(NOW), ring.next(NOW), ring.next(NOW)]).toEqual([a, a, a])
  })

  it('passes over tried and resting hosts, and ends with undefined', () => {
    const ring = hostRing(urls)
    expect(ring.next(NOW, new Set([a]))).toBe(b)
    ring.rest(b, NOW + 1_000)
    expect(ring.next(NOW, new Set([a]))).toBe(c)
    expect(ring.next(NOW, new Set([a, c]))).toBeUndefined()
    expect(ring.next(NOW + 1_000, new Set([a, c]))).toBe(b)
  })

  it('gives a host that was away its turn back without a burst', () => {
    const ring = hostRing(urls)
    ring.rest(a, NOW + 1_000)
    for (let i = 0; i < 10; i++) ask(ring, () => 50, NOW)
    const later = Array.from({ length: 6 }, () => ask(ring, () => 50, NOW + 1_000))
    expect(later.filter((url) => url === a)).toHaveLength(2)
  })
})

describe('in-order', () => {
  it('stays at the first that can be asked', () => {
    const ring = hostRing(urls, { order: 'in-order' })
    expect([ask(ring, () => 50, NOW), ask(ring, () => 50, NOW)]).toEqual([a, a])
    ring.failed(a, NOW, longest)
    expect(ask(ring, () => 50, NOW)).toBe(b)
    expect(ask(ring, () => 50, NOW + 1_000)).toBe(a)
  })
})

describe('fastest', () => {
  it('measures every host first, then stays with the fastest', () => {
    const ring = hostRing(urls, { order: 'fastest' })
    expect(Array.from({ length: 6 }, () => ask(ring, latency, NOW))).toEqual([a, b, c, b, b, b])
  })

  it('spreads calls over hosts that are not measured yet instead of flooding one', () => {
    const ring = hostRing(urls, { order: 'fastest' })
    for (let i = 0; i < 9; i++) ring.started(ring.next(NOW) ?? '')
    expect(ring.health(NOW).map(({ total }) => total)).toEqual([3, 3, 3])
  })

  it('gives a slow host another chance after some minutes, because estimates decay', () => {
    const ring = hostRing(urls, { order: 'fastest' })
    const asked = Array.from({ length: 300 }, (_, second) => ask(ring, latency, NOW + second * 1_000))
    expect(asked.slice(3, 60)).not.toContain(c)
    expect(asked.slice(3)).toContain(c)
    expect(asked.filter((url) => url === b).length).toBeGreaterThan(280)
  })

  it('also comes back to a host that failed before it was ever measured', () => {
    const ring = hostRing(urls, { order: 'fastest' })
    ring.started(a)
    ring.failed(a, NOW, longest)
    const asked = Array.from({ length: 300 }, (_, second) => ask(ring, latency, NOW + (second + 2) * 1_000))
    expect(asked).toContain(a)
  })

  it('leans to the newest measurements', () => {
    const ring = hostRing([a, b], { order: 'fastest' })
    ring.succeeded(a, 20, NOW)
    ring.succeeded(b, 60, NOW)
    expect(ring.next(NOW)).toBe(a)
    for (let i = 0; i < 5; i++) ring.succeeded(a, 500, NOW)
    expect(ring.next(NOW)).toBe(b)
  })

  it('ignores a latency that is none', () => {
    const ring = hostRing([a], { order: 'fastest' })
    for (const latencyMs of [Number.NaN, -1, Infinity]) ring.succeeded(a, latencyMs, NOW)
    expect(ring.health(NOW)[0]).not.toHaveProperty('latencyMs')
    expect(ring.health(NOW)[0]).toHaveProperty('successful', 3)
  })
})

describe('backoff', () => {
  it('doubles from 1 s up to 300 s, and a success ends it', () => {
    const ring = hostRing(urls)
    let now = NOW
    const pauses = Array.from({ length: 11 }, () => {
      ring.failed(a, now, longest)
      const pause = (ring.health(now)[0]?.backoffUntil ?? now) - now
      now += pause
      return pause / 1_000
    })
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
    ring.succeeded(a, 50, now)
    expect(ring.health(now)[0]).toMatchObject({ available: true, consecutiveFailures: 0 })
    ring.failed(a, now, longest)
    expect(ring.health(now)[0]?.backoffUntil).toBe(now + 1_000)
  })

  it('is drawn between 0 and that', () => {
    const ring = hostRing(urls)
    ring.failed(a, NOW, half)
    expect(ring.health(NOW)[0]?.backoffUntil).toBe(NOW + 500)
    ring.failed(b, NOW, () => 0)
    expect(ring.health(NOW)[1]).toMatchObject({ available: true, consecutiveFailures: 1 })
  })

  it('is not prolonged by fifty calls that fail together: they are one outage', () => {
    const ring = hostRing(urls)
    for (let i = 0; i < 50; i++) ring.failed(a, NOW + i, longest)
    expect(ring.health(NOW + 50)[0]).toMatchObject({ consecutiveFailures: 50, backoffUntil: NOW + 1_000 })
  })

  it('does not touch a lone host, unless it is asked for', () => {
    const lone = hostRing([a])
    lone.failed(a, NOW, longest)
    expect(lone.next(NOW)).toBe(a)
    expect(lone.health(NOW)[0]).toMatchObject({ available: true, consecutiveFailures: 1, failed: 1 })
    const minded = hostRing([a], { backoff: true })
    minded.failed(a, NOW, longest)
    expect(minded.next(NOW)).toBeUndefined()
    expect(minded.availableAt(NOW)).toBe(NOW + 1_000)
  })
})

describe('rest and reset', () => {
  it('rests all hosts, and a shorter rest does not shorten a longer one', () => {
    const ring = hostRing(urls)
    ring.rest(undefined, NOW + 60_000)
    ring.rest(undefined, NOW + 1_000)
    expect(ring.next(NOW + 59_999)).toBeUndefined()
    expect(ring.availableAt(NOW)).toBe(NOW + 60_000)
    expect(ring.next(NOW + 60_000)).toBe(a)
    expect(ring.availableAt(NOW + 60_000)).toBe(-Infinity)
  })

  it('is not ended by a late success', () => {
    const ring = hostRing(urls)
    ring.rest(undefined, NOW + 60_000)
    ring.succeeded(a, 50, NOW + 1)
    expect(ring.next(NOW + 2)).toBeUndefined()
  })

  it('makes one host, or all, as new', () => {
    const ring = hostRing(urls)
    for (const url of urls) {
      ring.started(url)
      ring.failed(url, NOW, longest)
    }
    ring.rest(undefined, NOW + 60_000)
    ring.reset(b)
    expect(ring.next(NOW)).toBe(b)
    expect(ring.health(NOW)[1]).toEqual({ url: b, available: true, consecutiveFailures: 0, total: 0, successful: 0, failed: 0 })
    ring.reset()
    expect(ring.health(NOW).every(({ available, total }) => available && total === 0)).toBe(true)
  })

  it('counts a refusal as failed without backoff', () => {
    const ring = hostRing(urls)
    ring.refused(a, NOW)
    expect(ring.health(NOW)[0]).toEqual({ url: a, available: true, consecutiveFailures: 0, lastFailure: NOW, total: 0, successful: 0, failed: 1 })
  })
})

describe('health', () => {
  it('tells each host as plain data, unknown left out', () => {
    const ring = hostRing([a, b])
    ring.started(a)
    ring.succeeded(a, 80, NOW)
    ring.started(a)
    ring.failed(a, NOW + 5, half)
    expect(JSON.parse(JSON.stringify(ring.health(NOW + 10)))).toEqual([
      {
        url: a,
        available: false,
        consecutiveFailures: 1,
        lastSuccess: NOW,
        lastFailure: NOW + 5,
        total: 2,
        successful: 1,
        failed: 1,
        latencyMs: 80,
        backoffUntil: NOW + 505,
      },
      { url: b, available: true, consecutiveFailures: 0, total: 0, successful: 0, failed: 0 },
    ])
  })

  it('ignores hosts that it does not have', () => {
    const ring = hostRing([a])
    ring.started('https://other.test')
    ring.failed('https://other.test', NOW, longest)
    ring.succeeded('https://other.test', 1, NOW)
    expect(ring.health(NOW)).toEqual([{ url: a, available: true, consecutiveFailures: 0, total: 0, successful: 0, failed: 0 }])
  })
})

describe('whatever happens', () => {
  const event = fc.record({
    host: fc.constantFrom(...urls),
    what: fc.constantFrom('started', 'succeeded', 'failed', 'rest', 'reset'),
    waitMs: fc.nat(20_000),
    draw: fc.double({ min: 0, max: 1, noNaN: true }),
  })

  it('every host comes back within the longest backoff, each once per request, in every order', () => {
    fc.assert(
      fc.property(fc.constantFrom('round-robin' as const, 'fastest' as const, 'in-order' as const), fc.array(event, { maxLength: 40 }), (order, events) => {
        const ring = hostRing(urls, { order })
        let now = NOW
        for (const { host, what, waitMs, draw } of events) {
          now += waitMs
          if (what === 'started') ring.started(host)
          else if (what === 'succeeded') ring.succeeded(host, waitMs, now)
          else if (what === 'failed') ring.failed(host, now, () => draw)
          else if (what === 'rest') ring.rest(host, now + waitMs)
          else ring.reset(host)
        }
        const later = now + HOST_BACKOFF_MAX_MS
        const tried = new Set<string>()
        for (let url = ring.next(later, tried); url !== undefined; url = ring.next(later, tried)) {
          expect(tried.has(url)).toBe(false)
          tried.add(url)
        }
        expect(tried.size).toBe(3)
      }),
      { numRuns: 500 },
    )
  })
})
