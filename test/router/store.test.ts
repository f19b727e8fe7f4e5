import { describe, expect, it, vi } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import type { RouterOptions } from '../../src/router/options.js'
import { memoryStore } from '../../src/stores/memory.js'
import type { Store } from '../../src/stores/store.js'
import { ask, askTimes, listener, NOW, statusOf, world } from './world.js'

/** Lets what runs in the background come to its end. */
const settled = async (): Promise<void> => {
  // a digest is made on another thread, and a machine under load takes its time
  for (let i = 0; i < 6; i++) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A world with a store, and what passes through it. */
function shared(options: Partial<Store> = {}) {
  const { clock, provider, router } = world()
  const inner = memoryStore({ clock })
  const spies = {
    get: vi.fn<Store['get']>((key) => inner.get(key)),
    set: vi.fn<Store['set']>((key, envelope) => inner.set(key, envelope)),
    take: vi.fn<NonNullable<Store['take']>>(async (...asked) => (await inner.take?.(...asked)) ?? 0),
    publish: vi.fn<Store['publish']>((channel, message) => inner.publish(channel, message)),
  }
  const store: Store = {
    ...spies,
    delete: (key) => inner.delete(key),
    reserve: (...asked) => inner.reserve(...asked),
    subscribe: (channel, hear) => inner.subscribe(channel, hear),
    ...options,
  }
  const one = (id: string, own: Partial<RouterOptions> = {}, facts = {}) => {
    const its = provider(id, facts)
    return { its, router: router([its], { store, ...own }) }
  }
  return { clock, provider, router, store, spies, one }
}

describe('answers in a store', () => {
  it('are given to other routers without asking anybody, and say how old they are', async () => {
    const { clock, one } = shared()
    const [a, b] = [one('p'), one('p')]
    await ask(a.router)
    await settled()
    await clock.advance(3_000)
    expect(await ask(b.router)).toMatchObject({ source: 'cache', provider: 'p', fetchedAt: NOW, ageMs: 3_000, data: { last: 100 } })
    expect([a.its.asked.length, b.its.asked.length]).toEqual([1, 0])
    expect(b.router.status().store).toMatchObject({ state: 'connected', answers: { found: 1 } })
  })

  it('are fresh no longer than in memory, and serve when nobody answers', async () => {
    const { clock, one } = shared()
    const [a, b] = [one('p'), one('p', { retries: 0 })]
    await ask(a.router)
    await settled()
    await clock.advance(20_000)
    b.its.mood = 'unavailable'
    expect(await ask(b.router)).toMatchObject({ source: 'stale', staleReason: 'unavailable', ageMs: 20_000 })
    expect(b.its.asked.length).toBeGreaterThan(0)
    b.its.mood = 'ok'
    expect(await ask(one('p').router)).toMatchObject({ source: 'network' })
  })

  it('are looked for once by all who ask the same, and not at all while memory is fresh', async () => {
    const { one, spies } = shared()
    const { router } = one('p', { providers: [] })
    await Promise.all(Array.from({ length: 20 }, () => ask(router)))
    const looks = spies.get.mock.calls.filter(([key]) => key.startsWith('answer:')).length
    await askTimes(router, 5)
    expect(looks).toBe(1)
    expect(spies.get.mock.calls.filter(([key]) => key.startsWith('answer:'))).toHaveLength(1)
  })

  it('are not used of a provider that a router does not have, that the caller excludes, or that is set up otherwise', async () => {
    const { one, provider, router, store } = shared()
    await ask(one('p').router)
    await settled()
    expect(await ask(one('p').router)).toMatchObject({ source: 'cache' })
    const excluding = router([provider('p'), provider('q', { priority: 2 })], { store })
    expect(await ask(excluding, 'BTC/USD', { except: ['p'] })).toMatchObject({ provider: 'q', source: 'network' })
    expect(await ask(one('q').router)).toMatchObject({ provider: 'q', source: 'network' })
    expect(await ask(one('p', {}, { hosts: ['https://other.example'] }).router)).toMatchObject({ source: 'network' })
    expect(await ask(one('p', { dollarQuotes: 'strict' }).router)).toMatchObject({ source: 'network' })
    expect(await ask(one('p', { assets: { BTC: { p: 'another' } } }).router)).toMatchObject({ source: 'network' })
  })

  it('are not believed to be fresh for longer than this router keeps them, nor to come from the future', async () => {
    const { clock, one } = shared()
    await ask(one('p', { cache: { ttlMs: 3_600_000 } }).router)
    await settled()
    await clock.advance(15_000)
    expect(await ask(one('p').router)).toMatchObject({ source: 'network' })
  })

  it('are asked afresh for those who want that, and not kept where nothing is to be remembered', async () => {
    const { one, spies } = shared()
    await ask(one('p', { cache: false }).router)
    await settled()
    expect(spies.set).not.toHaveBeenCalled()
    await ask(one('p').router)
    await settled()
    expect(await ask(one('p').router, 'BTC/USD', { maxAgeMs: 0 })).toMatchObject({ source: 'network' })
  })

  it('are written in the background, which keeps a serverless function alive', async () => {
    const { one } = shared({ set: () => new Promise(() => undefined) })
    const waitUntil = vi.fn<(work: Promise<unknown>) => void>()
    expect(await ask(one('p', { waitUntil }).router)).toMatchObject({ source: 'network' })
    await vi.waitFor(() => expect(waitUntil).toHaveBeenCalledTimes(1))
  })

  it('that were changed by another program are nobody’s', async () => {
    const { one, spies, clock } = shared()
    const odd = [{ parts: 5 }, { parts: [null] }, { sources: 'none' }, { sources: [{}] }].map((also) => ({
      answer: { provider: 'p', data: {}, fetchedAt: clock.now() - 1, ...also },
      freshUntil: clock.now() + 1_000,
      staleUntil: clock.now() + 1_000,
      marks: {},
    }))
    const foreign: readonly unknown[] = [null, 1, 'x', {}, { answer: {} }, { answer: { provider: 'p', data: {}, fetchedAt: 'now' }, marks: {} }, ...odd]
    for (const [i, value] of foreign.entries()) {
      spies.get.mockResolvedValue({ value, expiresAt: clock.now() + 1_000 })
      expect(await ask(one('p').router, `A${i}/USD`)).toMatchObject({ source: 'network' })
    }
  })
})

describe('an older answer in a store', () => {
  it('takes the place of no newer one, be that of no use to who asks now', async () => {
    const { clock, provider, router, store, spies } = shared()
    const both = () => router([provider('p'), provider('q', { priority: 2 })], { store, cache: { ttlMs: 60_000 } })
    const [other, own] = [both(), both()]
    await ask(other, 'BTC/USD', { except: ['p'] }) // q's, to the store
    await settled()
    spies.set.mockResolvedValue(undefined) // what is newer does not get there
    await clock.advance(5_000)
    expect(await ask(own, 'BTC/USD', { maxAgeMs: 1_000 })).toMatchObject({ provider: 'p', fetchedAt: NOW + 5_000 })
    expect(await ask(own, 'BTC/USD', { except: ['p'] })).toMatchObject({ provider: 'q' })
    expect(await ask(own)).toMatchObject({ source: 'cache', fetchedAt: NOW + 5_000 })
  })

  it('without an end to its life is found, too', async () => {
    const { one, spies } = shared()
    spies.set.mockImplementation(async (key, envelope) => void written.set(key, JSON.stringify(envelope)))
    spies.get.mockImplementation(async (key) => (written.has(key) ? (JSON.parse(written.get(key) ?? '') as never) : undefined))
    const written = new Map<string, string>()
    await ask(one('p', { cache: { ttlMs: Infinity } }).router)
    await vi.waitFor(() => expect(written.size).toBe(1), 5_000)
    expect(await ask(one('p', { cache: { ttlMs: Infinity } }).router)).toMatchObject({ source: 'cache' })
  })
})

describe('quotas in a store', () => {
  const limits = (requests: number, perMs: number) => ({ limits: [{ requests, perMs, scope: 'ip' as const }] })

  it('are kept by all routers together', async () => {
    const { one } = shared()
    const routers = Array.from({ length: 5 }, () => one('p', { cache: false }, limits(10, 60_000)))
    const asked = await Promise.all(routers.flatMap(({ router }) => Array.from({ length: 4 }, (_, i) => ask(router, `A${i}/USD`, { totalTimeoutMs: 500 }))))
    expect(routers.reduce((sum, { its }) => sum + its.asked.length, 0)).toBe(9)
    expect(asked.filter((result) => !(result instanceof Error))).toHaveLength(9)
  })

  it('send a request to another provider, and plan() shows why', async () => {
    const { provider, router, store } = shared()
    const make = () => {
      const [first, second] = [provider('first', limits(1, 60_000)), provider('second', { priority: 2 })]
      return router([first, second], { store, cache: false })
    }
    const [a, b] = [make(), make()]
    expect(await askTimes(a, 1)).toEqual(['first'])
    expect(await askTimes(b, 2)).toEqual(['second', 'second'])
    expect(b.plan('ticker', { symbol: 'BTC/USD' }).excluded).toMatchObject([{ provider: 'first', reason: 'rate-limited' }])
    expect(b.status().store?.refusals).toBe(1)
  })

  it('are waited for where nobody else can be asked and it fits the time', async () => {
    const { clock, one } = shared()
    const [a, b] = [one('p', { cache: false }, limits(1, 2_000)), one('p', { cache: false }, limits(1, 2_000))]
    await ask(a.router)
    const waiting = ask(b.router)
    await settled()
    await clock.advance(4_500)
    expect(await waiting).toMatchObject({ source: 'network', provider: 'p' })
  })

  it('of a key belong to those who have that key, those of an address to all behind it', async () => {
    const { one, spies } = shared()
    const facts = { limits: [{ requests: 1, perMs: 60_000, scope: 'key' as const }], key: { required: false, in: 'header' as const, name: 'x-key' } }
    const own = { cache: false, totalTimeoutMs: 300 } as const
    const names = async (apiKey?: string): Promise<string[]> => askTimes(one('p', own, { ...facts, ...(apiKey && { apiKey }) }).router, 1)
    expect(await names('planted-key-one')).toEqual(['p'])
    expect(await names('planted-key-two')).toEqual(['p'])
    expect(await names('planted-key-one')).toEqual(['AllProvidersFailedError'])
    expect(await names()).toEqual(['p'])
    expect(await names()).toEqual(['AllProvidersFailedError'])
    expect(JSON.stringify(spies.take.mock.calls)).not.toContain('planted')
  })

  it('of a large limit are leased for many calls at a time', async () => {
    const { one, spies } = shared()
    const { its, router } = one('p', { cache: false }, limits(6_000, 60_000))
    for (let i = 0; i < 400; i++) await ask(router, 'BTC/USD')
    expect(its.asked.length).toBe(400)
    const takes = spies.take.mock.calls
    expect(takes.length).toBeLessThan(20)
    expect(takes.reduce((sum, [, , , requests = 1]) => sum + requests, 0)).toBeGreaterThanOrEqual(400)
  })

  it('are used up to the last call of an odd number, and then waited for as long as it takes', async () => {
    const { one, spies } = shared()
    const { its, router } = one('p', { cache: false, totalTimeoutMs: 400 }, limits(50, 60_000)) // 45 of them, in leases of 2
    for (let i = 0; i < 46; i++) await ask(router)
    expect(its.asked.length).toBe(45)
    const before = spies.take.mock.calls.length
    await askTimes(router, 10)
    expect(spies.take.mock.calls.length - before).toBeLessThanOrEqual(1)
  })

  it('that a store gives no sense of are kept alone', async () => {
    const { one } = shared({ take: async () => undefined as never })
    const { router } = one('p', { cache: false }, limits(100, 60_000))
    expect(await askTimes(router, 2)).toEqual(['p', 'p'])
    expect(router.status().store).toMatchObject({ state: 'unavailable', why: 'TypeError' })
  })

  it('are asked for again after a minute where the store names a far moment', async () => {
    let isFull = true
    const { clock, one } = shared({ take: async () => (isFull ? 30 * 86_400_000 : 0) })
    const { router } = one('p', { cache: false, totalTimeoutMs: 100 }, limits(100, 60_000))
    expect(await askTimes(router, 1)).toEqual(['AllProvidersFailedError'])
    isFull = false
    await clock.advance(60_001)
    expect(await askTimes(router, 1)).toEqual(['p'])
  })

  it('are not used later than they were leased for', async () => {
    const { clock, one, spies } = shared()
    const { router } = one('p', { cache: false }, limits(6_000, 60_000))
    await askTimes(router, 3) // leases of 2 and 4
    const before = spies.take.mock.calls.length
    await clock.advance(1_001)
    await askTimes(router, 1)
    expect(spies.take.mock.calls.length).toBe(before + 1)
  })

  it('hold spacing between the calls of all', async () => {
    const { clock, one } = shared()
    const [a, b] = [one('p', { cache: false }, { minSpacingMs: 10_000 }), one('p', { cache: false }, { minSpacingMs: 10_000 })]
    expect(await askTimes(a.router, 1)).toEqual(['p'])
    expect(await askTimes(b.router, 1, 'BTC/USD', { totalTimeoutMs: 5_000 })).toEqual(['AllProvidersFailedError'])
    await clock.advance(12_000)
    expect(await askTimes(b.router, 1)).toEqual(['p'])
  })

  it('are kept with a store that has no more than reserve()', async () => {
    const { one, store, clock } = shared()
    delete (store as { take?: unknown }).take
    const [a, b] = [one('p', { cache: false }, limits(1, 60_000)), one('p', { cache: false }, limits(1, 60_000))]
    expect(await askTimes(a.router, 1)).toEqual(['p'])
    expect(await askTimes(b.router, 1, 'BTC/USD', { totalTimeoutMs: 100 })).toEqual(['AllProvidersFailedError'])
    await clock.advance(70_000)
    expect(await askTimes(b.router, 1)).toEqual(['p'])
  })

  it('are taken by health checks too', async () => {
    const { one } = shared()
    const [a, b] = [one('p', {}, limits(1, 60_000)), one('p', {}, limits(1, 60_000))]
    expect(await a.router.checkHealth()).toMatchObject([{ healthy: true }])
    expect(await b.router.checkHealth()).toMatchObject([{ reason: 'rate-limited' }])
  })
})

describe('rests in a store', () => {
  const limited = { reason: 'rate-limited', status: 429, retryAfterMs: 90_000 } as const

  it('are told to the others at once, and not told again by them', async () => {
    const { one, spies } = shared()
    const [a, b] = [one('p'), one('p')]
    const heard = listener()
    b.router.on('cooldown-started', heard)
    await ask(b.router)
    a.its.mood = limited
    await ask(a.router, 'ETH/USD')
    await settled()
    expect(statusOf(b.router, 'p')).toMatchObject({ health: 'rate-limited', cooldown: { until: NOW + 90_000, reason: 'rate-limited' } })
    expect(heard).toHaveBeenCalledExactlyOnceWith({ provider: 'p', reason: 'rate-limited', at: NOW, until: NOW + 90_000 })
    expect(spies.publish).toHaveBeenCalledTimes(1)
  })

  it('are known to a router that begins later', async () => {
    const { one, clock } = shared()
    const a = one('p')
    a.its.mood = limited
    await ask(a.router)
    await settled()
    await clock.advance(30_000)
    const b = one('p')
    await ask(b.router, 'ETH/USD')
    await settled()
    expect(statusOf(b.router, 'p').cooldown).toMatchObject({ until: NOW + 90_000 })
  })

  it('for a bad key rest nobody who has another', async () => {
    const { one } = shared()
    const facts = { key: { required: true, in: 'header' as const, name: 'x-key' } }
    const [a, same, other] = ['one-key', 'one-key', 'two-key'].map((apiKey) => one('p', {}, { ...facts, apiKey }))
    for (const router of [same, other]) await ask(router!.router)
    a!.its.mood = 'unauthorized'
    await ask(a!.router, 'ETH/USD')
    await settled()
    expect([same, other].map((router) => statusOf(router!.router, 'p').cooldown?.reason)).toEqual(['unauthorized', undefined])
  })

  it('of those without a key are about the address that they leave by', async () => {
    const { store, one } = shared()
    const facts = { key: { required: false, in: 'header' as const, name: 'x-key' }, apiKey: () => '' }
    const [a, near, far] = ['one', 'one', 'two'].map((egress) => one('p', { store: { ...store, egress } }, facts))
    for (const router of [near, far]) await ask(router!.router)
    a!.its.mood = limited
    await ask(a!.router, 'ETH/USD')
    await settled()
    expect([near, far].map((router) => statusOf(router!.router, 'p').cooldown?.reason)).toEqual(['rate-limited', undefined])
  })

  it('are known to who begins later by the longest, not by the last', async () => {
    const { one, store } = shared()
    const [a, deaf] = [one('p'), one('p', { store: { ...store, subscribe: async () => () => undefined } })]
    await ask(deaf.router)
    a.its.mood = { ...limited, retryAfterMs: 600_000 }
    await ask(a.router, 'ETH/USD')
    await settled()
    deaf.its.mood = limited
    await ask(deaf.router, 'LTC/USD')
    await settled()
    const late = one('p')
    await ask(late.router, 'SOL/USD')
    await settled()
    expect(statusOf(late.router, 'p').cooldown?.until).toBe(NOW + 600_000)
  })

  it('never shorten a longer one', async () => {
    const { one } = shared()
    const [a, b] = [one('p'), one('p')]
    await ask(b.router)
    b.its.mood = { ...limited, retryAfterMs: 600_000 }
    await ask(b.router, 'ETH/USD')
    a.its.mood = limited
    await ask(a.router, 'LTC/USD')
    await settled()
    expect(statusOf(b.router, 'p').cooldown?.until).toBe(NOW + 600_000)
  })

  it('of an open breaker count for those who have not just had an answer themselves', async () => {
    const { clock, one } = shared()
    const [a, idle, busy] = [one('p', { cache: false, retries: 0 }), one('p', { cache: false }), one('p', { cache: false })]
    await ask(idle.router)
    await clock.advance(20_000)
    await ask(busy.router)
    a.its.mood = 'unavailable'
    await askTimes(a.router, 5)
    await settled()
    expect(statusOf(a.router, 'p').breaker.state).toBe('open')
    expect(statusOf(idle.router, 'p').cooldown).toMatchObject({ reason: 'unavailable', until: NOW + 80_000 })
    expect(statusOf(busy.router, 'p').cooldown).toBeUndefined()
  })

  it('that make no sense are not heard', async () => {
    const { one, store } = shared()
    const { router } = one('p')
    await ask(router)
    const sound = { from: -1, provider: 'p', of: 'ip:', reason: 'rate-limited', forMs: 1_000 }
    for (const wrong of [
      { provider: 'q' },
      { of: 'ip:elsewhere' },
      { reason: 'sulking' },
      { reason: 'toString' },
      { forMs: -1 },
      { forMs: Infinity },
      { forMs: '9' },
    ])
      await store.publish('rests', { ...sound, ...wrong })
    for (const wrong of [null, 1, 'x', [], {}]) await store.publish('rests', wrong)
    await settled()
    expect(statusOf(router, 'p').cooldown).toBeUndefined()
    await store.publish('rests', sound)
    await settled()
    expect(statusOf(router, 'p').cooldown).toBeDefined()
  })
})

describe('a store that fails', () => {
  it('costs its patience once: the router works alone, says so, and comes back to it by itself', async () => {
    let isUp = false
    const hangs = async (): Promise<undefined> => (isUp ? undefined : new Promise<undefined>(() => undefined))
    const { clock, one } = shared({ get: vi.fn<Store['get']>(hangs), take: async () => (await hangs(), 0), patienceMs: 80 })
    const { router } = one('p', {}, { limits: [{ requests: 100, perMs: 60_000, scope: 'ip' }] })
    const [unavailable, restored] = [listener(), listener()]
    router.on('store-unavailable', unavailable).on('store-restored', restored)
    expect(router.status().store).toEqual({ state: 'unknown' })

    const first = ask(router)
    await settled()
    await clock.advance(80)
    await first.then((result) => expect(result).toMatchObject({ source: 'network', latencyMs: 80 }))
    expect(unavailable).toHaveBeenCalledExactlyOnceWith({ at: NOW + 80, why: 'timeout' })
    expect(router.status().store).toMatchObject({ state: 'unavailable', since: NOW + 80, why: 'timeout' })
    expect(await ask(router, 'ETH/USD')).toMatchObject({ source: 'network', latencyMs: 0 })

    isUp = true
    await clock.advance(250)
    expect(await ask(router, 'LTC/USD')).toMatchObject({ latencyMs: 0 })
    await settled()
    expect(restored).toHaveBeenCalledTimes(1)
    expect(router.status().store).toMatchObject({ state: 'connected' })
  })

  it('and one that refuses every call keeps nobody from an answer', async () => {
    const fails = vi.fn<() => Promise<never>>().mockRejectedValue(Object.assign(new Error('connect at secret.example'), { code: 'ECONNREFUSED' }))
    const { one } = shared({ get: fails, set: fails, take: fails, publish: fails, subscribe: fails })
    const { router } = one('p', {}, { limits: [{ requests: 100, perMs: 60_000, scope: 'ip' }] })
    expect(await askTimes(router, 3)).toEqual(['p', 'p', 'p'])
    expect(router.status().store).toMatchObject({ state: 'unavailable', why: 'ECONNREFUSED' })
    expect(JSON.stringify(router.status())).not.toContain('secret.example')
  })

  it('that reads and cannot write is tried less and less often', async () => {
    const { clock, one } = shared({ set: () => Promise.reject(new Error('out of memory')) })
    const { router } = one('p', { cache: { ttlMs: 1 } })
    const unavailable = listener()
    router.on('store-unavailable', unavailable)
    for (let i = 0; i < 100; i++) {
      await ask(router)
      await settled()
      await clock.advance(100)
    }
    expect(unavailable.mock.calls.length).toBeGreaterThanOrEqual(3)
    expect(unavailable.mock.calls.length).toBeLessThanOrEqual(8)
  }, 20_000)

  it('takes no more than a quarter of the time of a caller who has little', async () => {
    const { clock, one } = shared({ get: () => new Promise(() => undefined) })
    const result = ask(one('p').router, 'BTC/USD', { totalTimeoutMs: 40 })
    await settled()
    await clock.advance(10)
    expect(await result).toMatchObject({ source: 'network', latencyMs: 10 })
  })

  it('does not hold a caller who leaves', async () => {
    const { one } = shared({ get: () => new Promise(() => undefined), patienceMs: 60_000 })
    const { its, router } = one('p')
    const reason = new Error('gone')
    const control = new AbortController()
    const result = ask(router, 'BTC/USD', { signal: control.signal })
    await settled()
    control.abort(reason)
    expect(await result).toBe(reason)
    expect(its.asked).toHaveLength(0)
  })
})

describe('a router with a store', () => {
  it('reads and writes nothing when it is built', async () => {
    const { one, spies } = shared()
    one('p')
    await settled()
    expect(spies.get).not.toHaveBeenCalled()
  })

  it('leaves the store when it is closed', async () => {
    const end = vi.fn<() => void>()
    const { one } = shared({ subscribe: async () => end })
    const { router } = one('p')
    await ask(router)
    await settled()
    await router.close()
    expect(end).toHaveBeenCalledTimes(1)
  })

  it('says so where it was given a client in the place of a store', () => {
    const { router, provider } = world()
    expect(() => router([provider('p')], { store: { get: async () => undefined } as unknown as Store })).toThrow(ConfigError)
  })

  it('shows nothing of a store where it has none', () => {
    const { router, provider } = world()
    expect(router([provider('p')]).status()).not.toHaveProperty('store')
  })
})
