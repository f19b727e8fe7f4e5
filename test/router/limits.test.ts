import { afterEach, describe, expect, it, vi } from 'vitest'
import { type FakeAnswer, type FakeClock, fakeClock, type FakeOptions, fakeProvider, type FakeProvider } from '../../src/testing/index.js'
import { pairOf } from '../../src/model/symbol.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import type { Limit } from '../../src/provider/provider.js'
import type { Strategy } from '../../src/strategies/strategy.js'
import { seeded } from '../support/seeded.js'
import { StrictLimits } from '../support/strict-limits.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Published by the upstream of most of these tests. */
const HARD_LIMITS: readonly Limit[] = [
  { requests: 60, perMs: MINUTE, scope: 'ip' },
  { requests: 10, perMs: SECOND, scope: 'ip' },
]

const tickerOf = ({ symbol }: { symbol: string }) => ({ ...pairOf(symbol), last: 100 })

/** A provider in front of a strict server, `delayMs` of network before and after. */
function strict(
  id: string,
  clock: FakeClock,
  {
    delayMs = () => 20,
    server = new StrictLimits(HARD_LIMITS),
    ...facts
  }: Partial<FakeOptions<'ticker'>> & { delayMs?: () => number; server?: StrictLimits } = {},
) {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, ms))
  const ticker: FakeAnswer<'ticker'> = async (params) => {
    await pause(delayMs())
    const served = server.arrive(clock.now())
    await pause(delayMs())
    return served ? tickerOf(params) : 'rate-limited'
  }
  return { server, provider: fakeProvider(id, { limits: server.limits, answers: { ticker }, ...facts }) }
}

/** Another symbol each time, so that neither cache nor coalescing answers. */
let question = 0
const next = () => ({ symbol: `A${question++}/USD` })

interface Settled {
  readonly waitedMs: number
  readonly answeredBy?: string
}

/** Asks and notes how long the caller waited, whatever came of it. */
async function timed(clock: FakeClock, asking: () => Promise<{ provider: string }>): Promise<Settled> {
  const startedAt = clock.now()
  try {
    const { provider } = await asking()
    return { waitedMs: clock.now() - startedAt, answeredBy: provider }
  } catch {
    return { waitedMs: clock.now() - startedAt }
  }
}

/** Ten times what the strict server allows a minute, in bursts, for a while of virtual time. */
async function load(clock: FakeClock, forMs: number, ask: () => Promise<{ provider: string }>): Promise<Settled[]> {
  const random = seeded(7)
  const settled: Promise<Settled>[] = []
  const until = clock.now() + forMs
  while (clock.now() < until) {
    for (let burst = Math.floor(random() * 21); burst > 0; burst--) settled.push(timed(clock, ask))
    await clock.advance(Math.ceil(random() * 2 * SECOND))
  }
  await clock.advance(MINUTE)
  return Promise.all(settled)
}

const longest = (settled: readonly Settled[]): number => settled.reduce((most, { waitedMs }) => Math.max(most, waitedMs), 0)

describe('a provider of 60 calls a minute and 10 a second, under ten times that load for two hours', { timeout: 60_000 }, () => {
  const forMs = 2 * HOUR

  it('gets not one call over its limits, at least 85 % of what they allow, and no caller waits beyond its deadline', async () => {
    const clock = fakeClock()
    const random = seeded(1)
    const { provider, server } = strict('strict', clock, { delayMs: () => random() * 25 })
    const router = new ProviderRouter({ providers: [provider], clock, random: seeded(2), cache: false })
    const settled = await load(clock, forMs, () => router.request('ticker', next()))
    expect(settled.length).toBeGreaterThan((forMs / MINUTE) * 550)
    expect(server.violations).toBe(0)
    expect(server.arrived).toBeGreaterThanOrEqual(0.85 * 60 * (forMs / MINUTE))
    expect(settled.filter(({ answeredBy }) => answeredBy).length).toBeGreaterThanOrEqual(0.85 * 60 * (forMs / MINUTE))
    expect(longest(settled)).toBeLessThanOrEqual(10 * SECOND)
    expect(router.status().providers[0]).toMatchObject({ rateLimitHits: 0, inFlight: 0 })
  })

  it('passes the overflow to a second provider at once', async () => {
    const clock = fakeClock()
    const { provider, server } = strict('strict', clock)
    const roomy = fakeProvider('roomy', { priority: 2 })
    const router = new ProviderRouter({ providers: [provider, roomy], clock, random: seeded(3), cache: false })
    const settled = await load(clock, forMs, () => router.request('ticker', next()))
    expect(settled.every(({ answeredBy }) => answeredBy !== undefined)).toBe(true)
    expect(longest(settled)).toBe(40)
    expect(longest(settled.filter(({ answeredBy }) => answeredBy === 'roomy'))).toBe(0)
    expect(server.violations).toBe(0)
    expect(server.arrived).toBeGreaterThanOrEqual(0.85 * 60 * (forMs / MINUTE))
  })
})

describe('no caller waits beyond its deadline', () => {
  const limits: readonly Limit[] = [{ requests: 1, perMs: MINUTE, scope: 'key' }]

  it('when a hundred ask at once and the key has to be fetched first', async () => {
    const clock = fakeClock()
    const provider = fakeProvider('keyed', { limits: [{ requests: 2, perMs: SECOND, scope: 'key' }], apiKey: async () => 'secret-key' })
    const router = new ProviderRouter({ providers: [provider], clock, random: () => 0.5, totalTimeoutMs: 3 * SECOND })
    const asked = Promise.all(Array.from({ length: 100 }, () => timed(clock, () => router.request('ticker', next()))))
    await clock.advance(10 * MINUTE)
    expect(longest(await asked)).toBeLessThanOrEqual(3 * SECOND)
    expect(provider.asked.length).toBeGreaterThanOrEqual(2)
  })

  it('when a repeat at the only provider would have to wait for its limit', async () => {
    const clock = fakeClock()
    const provider = fakeProvider('rare', { limits, answers: { ticker: () => 'unavailable' } })
    const router = new ProviderRouter({ providers: [provider], clock, random: () => 0.5 })
    const asked = timed(clock, () => router.request('ticker', next()))
    await clock.advance(HOUR)
    expect((await asked).waitedMs).toBeLessThanOrEqual(10 * SECOND)
  })

  it.each([
    ['hangs', () => new Promise<string>(() => undefined), 6_500],
    ['fails', () => Promise.reject(new Error('vault says: secret-key')), 0],
  ])('when a key store %s: the next provider answers', async (_how, apiKey, afterMs) => {
    const clock = fakeClock()
    const keyed = fakeProvider('keyed', { apiKey })
    const router = new ProviderRouter({ providers: [keyed, fakeProvider('open', { priority: 2 })], clock, random: () => 0.5 })
    const asked = timed(clock, () => router.request('ticker', next()))
    await clock.advance(MINUTE)
    const { waitedMs, answeredBy } = await asked
    expect(answeredBy).toBe('open')
    expect(waitedMs).toBeLessThanOrEqual(afterMs)
    expect(keyed.asked).toEqual([])
    expect(JSON.stringify(router.status())).not.toContain('secret-key')
  })

  it('and the limit is left as it was by a call that could not be made', async () => {
    const clock = fakeClock()
    let healthy = false
    const provider = fakeProvider('rare', { limits, answers: { ticker: (params) => (healthy ? tickerOf(params) : 'unavailable') } })
    const router = new ProviderRouter({ providers: [provider], clock, random: () => 0.5 })
    const failed = timed(clock, () => router.request('ticker', next()))
    await clock.advance(70 * SECOND)
    await failed
    healthy = true
    expect(await timed(clock, () => router.request('ticker', next()))).toEqual({ waitedMs: 0, answeredBy: 'rare' })
  })
})

describe('the limit holds', { timeout: 30_000 }, () => {
  it('for failing calls as for good ones', async () => {
    const clock = fakeClock()
    const server = new StrictLimits(HARD_LIMITS)
    const failing = fakeProvider('failing', { limits: HARD_LIMITS, answers: { ticker: () => (server.arrive(clock.now()), 'bad-request') } })
    const router = new ProviderRouter({ providers: [failing], clock, random: () => 0.5, cache: false })
    await load(clock, 10 * MINUTE, () => router.request('ticker', next()))
    expect(server.violations).toBe(0)
    expect(server.arrived).toBeGreaterThan(500)
  })

  it('when a slow key store hands out a key seconds after the request began', async () => {
    const clock = fakeClock()
    const random = seeded(5)
    const apiKey = (): Promise<string> => new Promise((resolve) => void clock.setTimeout(() => resolve('secret-key'), random() < 0.2 ? 4 * SECOND : 1))
    const { provider, server } = strict('keyed', clock, { apiKey })
    const router = new ProviderRouter({ providers: [provider], clock, random: seeded(6), cache: false })
    const settled = await load(clock, 30 * MINUTE, () => router.request('ticker', next()))
    expect(server.violations).toBe(0)
    expect(server.arrived).toBeGreaterThan(0.8 * 60 * 30)
    expect(longest(settled)).toBeLessThanOrEqual(10 * SECOND)
  })

  it('in units of cost, dear and cheap calls mixed', async () => {
    const clock = fakeClock()
    const server = new StrictLimits([{ cost: 600, perMs: MINUTE, scope: 'ip' }])
    const costOf = ({ symbol }: { symbol: string }): number => (Number(symbol.slice(1, -4)) % 3 === 0 ? 40 : 2)
    const call = async (params: { symbol: string }) => (server.arrive(clock.now(), costOf(params)) ? tickerOf(params) : Promise.reject(new Error('over')))
    const plain = fakeProvider('weighty', { limits: server.limits })
    const provider = { ...plain, endpoints: { ticker: { call, cost: costOf } } } as FakeProvider<'ticker'>
    const router = new ProviderRouter({ providers: [provider], clock, random: () => 0.5, cache: false })
    await load(clock, 30 * MINUTE, () => router.request('ticker', next()))
    expect(server.violations).toBe(0)
    expect(server.units).toBeGreaterThan(0.8 * 600 * 30)
  })

  it('for health checks too, at what they really cost', async () => {
    const clock = fakeClock()
    const dear = fakeProvider('dear', { limits: [{ cost: 100, perMs: MINUTE, scope: 'ip' }], cost: 40 })
    const router = new ProviderRouter({ providers: [dear], clock, random: () => 0.5 })
    for (let i = 0; i < 6; i++) {
      await router.checkHealth()
      await clock.advance(SECOND)
    }
    expect(dear.asked.length).toBe(2)
    await clock.advance(2 * MINUTE)
    expect(router.plan('ticker', { symbol: 'BTC/USD' }).candidates).toHaveLength(1)
  })

  it('over a restart from a snapshot, in the middle of a minute and with callers in the queue', async () => {
    const clock = fakeClock()
    const { provider, server } = strict('strict', clock)
    const first = new ProviderRouter({ providers: [provider], clock, random: () => 0.5, cache: false })
    const before = load(clock, 40 * SECOND, () => first.request('ticker', next()))
    await before
    const again = load(clock, 5 * SECOND, () => first.request('ticker', next()))
    await again
    const snapshot = JSON.parse(JSON.stringify(first.snapshot()))
    const second = new ProviderRouter({ providers: [provider], clock, random: () => 0.5, cache: false, snapshot })
    await load(clock, 5 * MINUTE, () => second.request('ticker', next()))
    expect(server.violations).toBe(0)
  })

  it('of a day, and at midnight UTC the provider is asked again', async () => {
    const clock = fakeClock(Date.UTC(2026, 4, 1, 23))
    const daily = fakeProvider('daily', { limits: [{ requests: 20, perMs: 24 * HOUR, scope: 'key', resets: 'utc-day' }] })
    const router = new ProviderRouter({ providers: [daily], clock, random: () => 0.5, cache: false })
    for (let i = 0; i < 18; i++) await router.request('ticker', next())
    await expect(router.request('ticker', next())).rejects.toMatchObject({ failureReason: 'quota-exhausted', retryAfterMs: HOUR })
    await clock.advance(HOUR)
    await expect(router.request('ticker', next())).resolves.toMatchObject({ provider: 'daily' })
    expect(daily.asked).toHaveLength(19)
  })
})

it('keeps its distance from a call that was given up: it may still arrive', async () => {
  const clock = fakeClock()
  const delays = [400, 0]
  const { server, provider } = strict('a', clock, {
    delayMs: () => delays.shift() ?? 0,
    server: new StrictLimits([{ requests: 1, perMs: SECOND, scope: 'ip' }]),
  })
  const router = new ProviderRouter({ providers: [provider], clock, random: () => 0.5, cache: false })
  const leaving = new AbortController()
  const givenUp = router.request('ticker', next(), { signal: leaving.signal })
  givenUp.catch(() => undefined)
  await clock.advance(100)
  leaving.abort()
  await clock.advance(1)
  const asked = router.request('ticker', next())
  await clock.advance(4 * SECOND)
  await expect(asked).resolves.toMatchObject({ provider: 'a' })
  expect([server.arrived, server.violations]).toEqual([2, 0])
})

const candle = { openTime: Date.UTC(2026, 0, 1), open: 1, high: 2, low: 1, close: 2 }

/** As CoinGecko is used: one call every ten seconds, own answers used again for five minutes. */
function spaced(id: string, clock: FakeClock) {
  const begun: number[] = []
  const begin = <T>(data: T): T => (begun.push(clock.now()), data)
  const provider = fakeProvider<'ticker' | 'candles' | 'globalMarket'>(id, {
    minSpacingMs: 10 * SECOND,
    limits: [{ requests: 30, perMs: MINUTE, scope: 'key' }],
    reuseMs: 5 * MINUTE,
    answers: {
      ticker: (params) => begin(tickerOf(params)),
      candles: () => begin([candle]),
      globalMarket: () => begin({ marketCapUsd: 1, volume24hUsd: 1, dominancePercent: {} }),
    },
  })
  return { provider, begun }
}

const gaps = (moments: readonly number[]): number[] => moments.slice(1).map((moment, i) => moment - (moments[i] ?? 0))

/** The runtime's own timers and clocks, faked: what a router without `options.clock` reads. */
function ownTime(): FakeClock {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: Date.UTC(2026, 0, 1) })
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimeout: (callback, ms) => {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    advance: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
    get pending() {
      return vi.getTimerCount()
    },
  }
}

describe('a provider that wants 10 s between two calls', { timeout: 30_000 }, () => {
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['an injected clock', (): FakeClock => fakeClock()],
    ["the runtime's own", ownTime],
  ])('gets them, whatever the load and the capability, by %s', async (_name, makeClock) => {
    const clock = makeClock()
    const { provider, begun } = spaced('gecko', clock)
    const other = fakeProvider('other', {
      priority: 0,
      answers: { ticker: (params) => (Number(params.symbol.slice(1, -4)) % 5 === 0 ? 'unavailable' : tickerOf(params)) },
    })
    const router = new ProviderRouter({ providers: [provider, other], clock: makeClock === ownTime ? undefined : clock, random: () => 0.5, cache: false })
    const settled = await load(clock, 20 * MINUTE, () => {
      const { symbol } = next()
      if (question % 3 === 0) return router.request('candles', { symbol, interval: '1h' })
      return question % 7 === 0 ? router.request('globalMarket', {}) : router.request('ticker', { symbol })
    })
    expect(begun.length).toBeGreaterThan(100)
    expect(Math.min(...gaps(begun))).toBeGreaterThanOrEqual(10 * SECOND)
    expect(longest(settled)).toBeLessThanOrEqual(10 * SECOND)
  })

  it.each([
    ['an injected clock', (): FakeClock => fakeClock()],
    ["the runtime's own", ownTime],
  ])('gets them after a health check and after a restart, by %s', async (_name, makeClock) => {
    const clock = makeClock()
    const { provider, begun } = spaced('gecko', clock)
    const options = { providers: [provider], clock: makeClock === ownTime ? undefined : clock, random: () => 0.5 }
    const first = new ProviderRouter(options)
    await first.request('ticker', next())
    await clock.advance(20 * SECOND)
    await first.checkHealth()
    const asked = first.request('ticker', next(), { totalTimeoutMs: MINUTE })
    await clock.advance(12 * SECOND)
    await asked
    const second = new ProviderRouter({ ...options, snapshot: first.snapshot() })
    const askedAgain = second.request('ticker', next(), { totalTimeoutMs: MINUTE })
    await clock.advance(12 * SECOND)
    await askedAgain
    expect(begun).toHaveLength(4)
    expect(Math.min(...gaps(begun))).toBeGreaterThanOrEqual(10 * SECOND)
  })

  it("keeps its other limits beside the spacing, by the runtime's own clock", async () => {
    const clock = ownTime()
    const server = new StrictLimits([{ requests: 5, perMs: 4 * SECOND, scope: 'ip' }])
    const provider = fakeProvider('both', {
      limits: server.limits,
      minSpacingMs: 100,
      answers: { ticker: (params) => (server.arrive(clock.now()) ? tickerOf(params) : 'rate-limited') },
    })
    const router = new ProviderRouter({ providers: [provider], random: () => 0.5, cache: false })
    await load(clock, 2 * MINUTE, () => router.request('ticker', next()))
    expect(server.violations).toBe(0)
    expect(server.arrived).toBeGreaterThan(100)
  })

  it('is called once for 1,000 equal requests within 5 minutes, and once more after them', async () => {
    const clock = fakeClock()
    const { provider, begun } = spaced('gecko', clock)
    const router = new ProviderRouter({ providers: [provider], clock, random: () => 0.5 })
    for (let i = 0; i < 1_000; i++) {
      const asked = router.request('ticker', { symbol: 'BTC/USD' })
      if (i % 10 === 9) await clock.advance(2_990)
      await expect(asked).resolves.toMatchObject({ provider: 'gecko' })
    }
    expect(begun).toHaveLength(1)
    await clock.advance(MINUTE)
    await router.request('ticker', { symbol: 'BTC/USD' })
    expect(begun).toHaveLength(2)
  })

  it('is called once for equal requests that wait in its line together', async () => {
    const clock = fakeClock()
    const { provider, begun } = spaced('gecko', clock)
    const own: Strategy = ({ priority }) => priority
    const router = new ProviderRouter({ providers: [provider], clock, random: () => 0.5, totalTimeoutMs: 50 * SECOND })
    const asked = [undefined, own, own, own].map((strategy) => router.request('ticker', { symbol: 'BTC/USD' }, { strategy }))
    await clock.advance(MINUTE)
    expect((await Promise.all(asked)).map(({ data }) => data.last)).toEqual([100, 100, 100, 100])
    expect(begun).toHaveLength(1)
  })
})

describe('429s in a row', () => {
  it('rest a provider 120, 240 and 600 s, to the second and without a probe, and a success starts anew', async () => {
    const clock = fakeClock()
    let limited = true
    const provider = fakeProvider('limited', { answers: { ticker: (params) => (limited ? 'rate-limited' : tickerOf(params)) } })
    const router = new ProviderRouter({ providers: [provider], clock, random: () => 0.5, cache: false })
    const isAskable = (): boolean => router.plan('ticker', { symbol: 'BTC/USD' }).candidates.length === 1
    const restsFor = async (seconds: number): Promise<void> => {
      const callsBefore = provider.asked.length
      await expect(router.request('ticker', next())).rejects.toThrow('rate-limited')
      await clock.advance(seconds * SECOND - 1)
      expect(isAskable()).toBe(false)
      await clock.advance(1)
      expect(isAskable()).toBe(true)
      expect(provider.asked).toHaveLength(callsBefore + 1)
    }
    for (const seconds of [120, 240, 600, 600]) await restsFor(seconds)
    limited = false
    await router.request('ticker', next())
    limited = true
    await restsFor(120)
  })
})
