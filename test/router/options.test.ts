import { describe, expect, it, vi } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeProvider } from '../../src/testing/index.js'
import { ask, listener, world } from './world.js'

const made = (options: object): ProviderRouter => new ProviderRouter({ providers: [fakeProvider('a')], ...options })

describe('an option that makes no sense', () => {
  it.each<[object, string]>([
    [{ providers: [] }, 'providers is empty: give at least one, like [binance(), kraken()]'],
    [{ providers: [() => undefined] }, 'providers: an object made by defineProvider() is expected, got function. Call the factory: binance()'],
    [{ providers: [fakeProvider('a'), fakeProvider('a')] }, "providers: two have the id 'a'; give several keys or hosts to one"],
    [{ timeoutMs: 0 }, 'timeoutMs must be > 0, got 0'],
    [{ timeoutMs: -5 }, 'timeoutMs must be > 0, got -5'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs must be > 0, got NaN'],
    [{ totalTimeoutMs: -1 }, 'totalTimeoutMs must be > 0, got -1'],
    [{ maxAttempts: 0 }, 'maxAttempts must be ≥ 1, got 0'],
    [{ retries: -1 }, 'retries must be a whole number ≥ 0, got -1'],
    [{ retries: 1.5 }, 'retries must be a whole number ≥ 0, got 1.5'],
    [{ strategy: 'priority' }, 'strategy must be a function like priority(), got "priority"'],
    [{ breaker: { failures: 0 } }, 'breaker.failures must be > 0, got 0'],
    [{ breaker: { rate: 1.5 } }, 'breaker.rate must be a share in 0…1, got 1.5'],
    [{ breaker: { cooldownMs: Number.NaN } }, 'breaker.cooldownMs must be > 0, got NaN'],
    [{ cache: { maxEntries: 0 } }, 'cache.maxEntries must be a whole number ≥ 1, got 0; cache: false turns it off'],
    [{ cache: { maxEntries: -5 } }, 'cache.maxEntries must be a whole number ≥ 1, got -5; cache: false turns it off'],
    [{ hedge: { afterMs: -1 } }, "hedge.afterMs must be 'p95' or a number ≥ 0, got -1"],
    [{ hedge: { afterMs: Number.NaN } }, "hedge.afterMs must be 'p95' or a number ≥ 0, got NaN"],
    [{ skipSlowerThanMs: Number.NaN }, 'skipSlowerThanMs must be > 0, got NaN'],
    [{ ejectSlowerThan: 0 }, 'ejectSlowerThan must be ≥ 1 or false, got 0'],
    [{ dollarQuotes: 'sometimes' }, "dollarQuotes must be 'accept' or 'strict', got \"sometimes\""],
    [{ providers: [fakeProvider('a', { limits: [{ perMs: 1_000, scope: 'ip' }] })] }, 'a: a limit has either requests or cost'],
  ])('is refused with its name, its value and what to do: %o', (options, message) => {
    expect(() => made(options)).toThrow(ConfigError)
    expect(() => made(options)).toThrow(message)
  })

  it('undefined is none', () => {
    expect(() =>
      made({
        timeoutMs: undefined,
        retries: undefined,
        breaker: { failures: undefined },
        cache: { ttlMs: undefined },
        hedge: undefined,
        strategy: undefined,
        pools: undefined,
        snapshot: undefined,
      }),
    ).not.toThrow()
  })

  it('of a request is refused before anybody is asked', async () => {
    const { provider, router } = world()
    const a = provider('a')
    const one = router([a])
    for (const [options, message] of [
      [{ timeoutMs: 0 }, 'timeoutMs must be > 0, got 0'],
      [{ maxAttempts: 0 }, 'maxAttempts must be ≥ 1, got 0'],
      [{ pool: 'x' }, "no pool 'x', there are default"],
      [{ only: ['x'] }, "no provider 'x', the router has a"],
      [{ except: ['x'] }, "no provider 'x', the router has a"],
    ] as const) {
      expect(await ask(one, 'BTC/USD', options)).toMatchObject({ name: 'ConfigError', message })
    }
    await expect(one.request('weather' as never, {} as never)).rejects.toThrow("no capability 'weather'")
    expect(a.asked).toEqual([])
  })
})

describe('building a router', () => {
  it('starts no timer, sends nothing, and reads neither clock nor chance', () => {
    vi.useFakeTimers()
    const spies = [
      vi.spyOn(Date, 'now'),
      vi.spyOn(performance, 'now'),
      vi.spyOn(Math, 'random'),
      vi.spyOn(globalThis, 'fetch'),
      vi.spyOn(globalThis, 'setTimeout'),
      vi.spyOn(globalThis, 'setInterval'),
    ]
    made({
      providers: Array.from({ length: 50 }, (_, index) =>
        fakeProvider(`p${index}`, { limits: [{ requests: 10, perMs: 1_000, scope: 'ip' }], minSpacingMs: 100 }),
      ),
      hedge: { afterMs: 'p95' },
    })
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })
})

describe('closing a router', () => {
  it('refuses new questions and drops listeners', async () => {
    const { clock, provider, router } = world()
    const a = provider('a')
    a.mood = { takesMs: 100 }
    const one = router([a])
    const heard = listener()
    one.on('attempt-succeeded', heard)
    const running = ask(one)
    await one.close()
    await clock.advance(100)
    expect(await running).toMatchObject({ provider: 'a' })
    expect(heard).not.toHaveBeenCalled()
    expect(await ask(one)).toMatchObject({ name: 'ConfigError', message: 'this router is closed: make a new one' })
    await one[Symbol.asyncDispose]()
  })
})

it("a user's own capability needs its category and lifetimes, and a key only where order matters", async () => {
  const { clock } = world()
  const endpoint = { call: async ({ city }: { city: string }) => ({ city, degrees: 21 }) }
  const provider = { ...fakeProvider('sky'), endpoints: { weather: endpoint } }
  const one = new ProviderRouter({
    providers: [provider as never],
    clock,
    random: () => 0.5,
    capabilities: { weather: { category: 'nature', ttlMs: 1_000, staleMs: 0 } },
  })
  const weather = (params: object): Promise<unknown> => one.request('weather' as never, params as never)
  expect(await weather({ city: 'Rome', unit: 'C' })).toMatchObject({ data: { city: 'Rome' }, source: 'network' })
  expect(await weather({ unit: 'C', city: 'Rome' })).toMatchObject({ source: 'cache' })
  await clock.advance(1_000)
  expect(await weather({ city: 'Rome', unit: 'C' })).toMatchObject({ source: 'network' })
})
