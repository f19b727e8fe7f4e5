import { describe, expect, it } from 'vitest'
import { type AllProvidersFailedError, ConfigError } from '../../src/errors.js'
import type { Ticker } from '../../src/model/market.js'
import { agreementOf } from '../../src/pipeline/agreement.js'
import { defineProvider } from '../../src/provider/define-provider.js'
import type { Provider } from '../../src/provider/provider.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { weighted } from '../../src/strategies/weighted.js'
import { fakeClock, type FakeOptions, type FakeProvider, fakeProvider } from '../../src/testing/index.js'
import { NOW, price } from './world.js'

const BTC = { symbol: 'BTC/USD' } as const
const hang = (): Promise<Ticker> => new Promise(() => undefined)

type Answer = () => Ticker | 'unavailable' | Promise<Ticker>
const source = (id: string, priority: number, answer: Answer = () => price('BTC/USD'), facts: FakeOptions<'ticker'> = {}): FakeProvider<'ticker'> =>
  fakeProvider(id, { priority, ...facts, answers: { ticker: answer } })

describe('sources that are compared', () => {
  it('are asked nothing after the deadline: nobody is blamed for it', async () => {
    const clock = fakeClock(NOW)
    const late = ['d', 'e', 'f', 'g'].map((id, i) => source(id, 4 + i))
    const router = new ProviderRouter({ providers: [source('a', 1, hang), source('b', 2, hang), source('c', 3, hang), ...late], clock, random: () => 0.5 })
    const asked = router.request('ticker', BTC, { agree: { of: 3 }, totalTimeoutMs: 1_000, timeoutMs: 1_000 }).catch(() => undefined)
    await clock.advance(20_000)
    await asked
    for (const { asked: calls } of late) for (const { at } of calls) expect(at - NOW).toBeLessThan(1_000)
    expect(router.status().providers.filter(({ id, failures }) => !['a', 'b', 'c'].includes(id) && failures > 0)).toEqual([])
  })

  it('have time kept for those that replace them', async () => {
    const clock = fakeClock(NOW)
    const router = new ProviderRouter({ providers: [source('a', 1, hang), source('b', 2), source('c', 3)], clock, random: () => 0.5 })
    const asked = router.request('ticker', BTC, { agree: { of: 2 }, totalTimeoutMs: 1_000 })
    await clock.advance(2_000)
    expect((await asked).agreement?.members.map(({ provider }) => provider).toSorted()).toEqual(['b', 'c'])
  })

  it('take as many attempts as the request has, and one more for each source beyond the first', async () => {
    const failing = Array.from({ length: 12 }, (_, i) => source(`p${i}`, i, () => 'unavailable'))
    const router = new ProviderRouter({ providers: failing, clock: fakeClock(NOW), random: () => 0.5 })
    const callsOf = async (options: object) => {
      const before = failing.reduce((sum, { asked }) => sum + asked.length, 0)
      await router.request('ticker', BTC, options).catch(() => undefined)
      return failing.reduce((sum, { asked }) => sum + asked.length, 0) - before
    }
    expect(await callsOf({ agree: { of: 2 }, maxAttempts: 2 })).toBe(3)
    expect(await callsOf({ race: 3, maxAttempts: 1 })).toBe(3)
    expect(await callsOf({ race: 2, maxAttempts: 2 })).toBe(3)
  })

  it('leave the shares of the others as they are', async () => {
    const weights = { a: 6, b: 3, c: 1 }
    const providers = Object.entries(weights).map(([id, weight]) => source(id, 1, undefined, { weight }))
    const router = new ProviderRouter({ providers, strategy: weighted(), clock: fakeClock(NOW), random: () => 0.5, cache: false })
    for (let i = 0; i < 500; i++) await router.request('ticker', BTC, i % 2 === 0 ? {} : { agree: { of: 2 } })
    expect(providers.map(({ asked }) => asked.length)).toEqual([450, 225, 75])
    expect(router.pool().status().rotations).toBeLessThanOrEqual(250)
  })

  it('are replaced by another of their family when they fail', async () => {
    const router = new ProviderRouter({
      providers: [
        source('gecko', 1, () => 'unavailable', { family: 'gecko' }),
        source('copy', 2, undefined, { family: 'gecko' }),
        source('b', 3),
        source('c', 4),
      ],
      clock: fakeClock(NOW),
      retries: 0,
    })
    const { agreement } = await router.request('ticker', BTC, { agree: { of: 3 } })
    expect(agreement?.members.map(({ provider }) => provider).toSorted()).toEqual(['b', 'c', 'copy'])
  })

  it('are kept as one answer also where the winner’s own was used again, and by another strategy only for the same providers', async () => {
    const clock = fakeClock(NOW)
    const providers = [
      source('kept', 1, () => price('BTC/USD', 100), { reuseMs: 300_000 }),
      source('b', 2, () => price('BTC/USD', 99.9)),
      source('c', 3, () => price('BTC/USD', 100.1)),
    ]
    const router = new ProviderRouter({ providers, clock, random: () => 0.5 })
    const ask = (options: object = {}) => router.request('ticker', BTC, { agree: { of: 3 }, ...options })
    await ask()
    await clock.advance(12_000)
    expect((await ask()).source).toBe('network')
    expect((await ask()).source).toBe('cache')
    expect(providers.map(({ asked }) => asked.length)).toEqual([1, 2, 2])
    const first = await ask({ agree: { of: 2 }, strategy: weighted(), only: ['b', 'c'] })
    const other = await ask({ agree: { of: 2 }, strategy: weighted(), only: ['kept', 'b'] })
    expect([first, other].map(({ agreement }) => agreement?.members.map(({ provider }) => provider).toSorted())).toEqual([
      ['b', 'c'],
      ['b', 'kept'],
    ])
    expect(Object.isFrozen(first.agreement?.dissent)).toBe(true)
  })

  it('have no vote without a figure, and nothing is the middle of nothing', async () => {
    expect(
      agreementOf(
        [0, 0, 1].map((value, i) => ({ provider: `p${i}`, value })),
        0.005,
      ),
    ).toMatchObject({ median: 0, spread: 1, dissent: ['p2'] })
    const broken = source('broken', 1, () => ({ ...price('BTC/USD'), quote: 'USD' }))
    const router = new ProviderRouter({
      providers: [broken, source('b', 2)],
      clock: fakeClock(NOW),
      capabilities: {
        ticker: {
          category: 'market_price',
          ttlMs: 1_000,
          staleMs: 0,
          value: () => {
            throw new TypeError('slip')
          },
        },
      },
    })
    const error = await router.request('ticker', BTC, { agree: { of: 2 } }).catch((reason: unknown) => reason)
    expect((error as Error).message).toContain('0 of 2 sources could be compared')
  })

  it('are converted only by those that may answer, and a rate that nobody has is asked for once', async () => {
    const usdt = (id: string, priority: number) => source(id, priority, () => price('BTC/USDT'), { dollarQuote: 'USDT' })
    const bank = source('bank', 9, () => 'unavailable')
    const router = new ProviderRouter({
      providers: [usdt('a', 1), usdt('b', 2), source('c', 3, () => price('BTC/USD')), bank],
      clock: fakeClock(NOW),
      random: () => 0.5,
      retries: 0,
    })
    await router.request('ticker', BTC, { agree: { of: 3 }, except: ['bank'] }).catch(() => undefined)
    expect(bank.asked).toEqual([])
  })

  it('say who is missing and when it is back, where there are too few', async () => {
    const limits = [{ requests: 2, perMs: 1_000, scope: 'ip' }] as const
    const router = new ProviderRouter({ providers: [source('a', 1, undefined, { limits }), source('b', 2)], clock: fakeClock(NOW), cache: false })
    await router.request('ticker', BTC)
    const error = (await router.request('ticker', BTC, { agree: { of: 2 } }).catch((reason: unknown) => reason)) as {
      excluded: unknown[]
      retryAfterMs?: number
    }
    expect(error.excluded).toMatchObject([{ provider: 'a', reason: 'rate-limited' }])
    expect(error.retryAfterMs).toBeGreaterThan(0)
  })
})

describe('a race', () => {
  it('is not for batches, and asks no last resort while others are there', async () => {
    const last = source('last', 1, undefined, { role: 'last-resort' })
    const router = new ProviderRouter({ providers: [last, source('a', 2)], clock: fakeClock(NOW) })
    expect((await router.request('ticker', BTC, { race: 2 })).provider).toBe('a')
    expect(last.asked).toEqual([])
    const batch = new ProviderRouter({ providers: [fakeProvider('b', { answers: { tickers: () => [price('BTC/USD')] } })], clock: fakeClock(NOW) })
    await expect(batch.request('tickers', { symbols: ['BTC/USD'] }, { race: 2 })).rejects.toThrow(ConfigError)
  })

  it('does not wait for an equal question under way', async () => {
    const clock = fakeClock(NOW)
    let first = true
    const slow = source('slow', 1, () => {
      if (!first) return price('BTC/USD')
      first = false
      return hang()
    })
    const router = new ProviderRouter({ providers: [slow, source('quick', 2)], clock, random: () => 0.5 })
    void router.request('ticker', BTC).catch(() => undefined)
    expect((await router.request('ticker', BTC, { race: 2 })).latencyMs).toBe(0)
    await clock.advance(20_000)
  })
})

describe('merged prices', () => {
  const both = (tickers: () => Ticker[] | 'unavailable' | Promise<Ticker[]>) => fakeProvider('both', { answers: { tickers, ticker: hang } })

  it('end like any request when the router is closed meanwhile, and when the caller leaves after the window', async () => {
    const clock = fakeClock(NOW)
    const router = new ProviderRouter({ providers: [both(() => new Promise(() => undefined))], clock, merge: true, random: () => 0.5 })
    const leaver = new AbortController()
    const left = router.request('ticker', BTC, { signal: leaver.signal })
    const stays = router.request('ticker', { symbol: 'ETH/USD' }).catch((error: unknown) => (error as Error).name)
    await clock.advance(100)
    leaver.abort(new Error('left'))
    await expect(left).rejects.toThrow('left')
    await clock.advance(30_000)
    expect(await stays).toBe('AllProvidersFailedError')
    const later = Promise.allSettled([router.request('ticker', BTC), router.request('ticker', { symbol: 'ETH/USD' })])
    await router.close()
    await clock.advance(20)
    expect((await later).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  it('take no longer than a request may', async () => {
    const clock = fakeClock(NOW)
    const router = new ProviderRouter({ providers: [both(() => new Promise(() => undefined))], clock, merge: true, random: () => 0.5 })
    let endedAt = 0
    const all = Promise.allSettled(['BTC/USD', 'ETH/USD'].map((symbol) => router.request('ticker', { symbol }))).then(() => (endedAt = clock.now()))
    await clock.advance(40_000)
    await all
    expect(endedAt - NOW).toBeLessThanOrEqual(10_100)
  })

  it('give each one its very pair, and nobody something stale while another provider has it fresh', async () => {
    const clock = fakeClock(NOW)
    let isDown = false
    const batch = both(() => (isDown ? 'unavailable' : [price('BTC/USDT', 2), price('BTC/USD', 1)]))
    const single = source('single', 2, () => price('BTC/USD', 3))
    const router = new ProviderRouter({ providers: [batch, single], clock, merge: true, random: () => 0.5, retries: 0 })
    const ask = async () => {
      const two = Promise.all(['BTC/USD', 'BTC/USDT'].map((symbol) => router.request('ticker', { symbol }).catch(() => undefined)))
      await clock.advance(20_000)
      return two
    }
    expect((await ask()).map((result) => result?.data.symbol)).toEqual(['BTC/USD', 'BTC/USDT'])
    await clock.advance(60_000)
    isDown = true
    const [btc] = await ask()
    expect([btc?.provider, btc?.source]).toEqual(['single', 'network'])
  })

  it('exclude the jump guard', () => {
    expect(() => new ProviderRouter({ providers: [source('a', 1)], merge: true, jumpGuard: { percent: 5 } })).toThrow(ConfigError)
  })
})

/** What a real `Response` takes to be read. */
const answered = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10))

describe('a list of assets that cannot be had', () => {
  const listing = (asked: string[], list: () => Response | Promise<Response>) => {
    const provider: Provider<'ticker'> = defineProvider({
      id: 'aggregator',
      name: 'Aggregator',
      homepage: 'https://example.test',
      docs: 'https://example.test/docs',
      hosts: ['https://aggregator.test'],
      assets: { BTC: 'bitcoin' },
      lookup: { request: { path: 'list' }, parse: (body) => body as never },
      endpoints: {
        ticker: { request: ({ symbol }, { native }) => ({ path: `price/${native[symbol.split('/')[0] ?? '']}` }), parse: (_, { symbol }) => price(symbol) },
      },
    })
    const fetch = async (input: RequestInfo | URL): Promise<Response> => {
      const { pathname } = new URL(input instanceof Request ? input.url : input)
      asked.push(pathname)
      return pathname === '/list' ? list() : Response.json({})
    }
    const clock = fakeClock(NOW)
    return { router: new ProviderRouter({ providers: [provider], fetch, clock, random: () => 0.5, cache: false }), clock }
  }

  it('counts once against its provider, however many wait for it', async () => {
    const asked: string[] = []
    const { router, clock } = listing(asked, () => new Response('', { status: 503 }))
    const all = Promise.allSettled(['A', 'B', 'C', 'D', 'E', 'F'].map((base) => router.request('ticker', { symbol: `${base}/USD` })))
    await answered()
    await clock.advance(30_000)
    expect((await all).every(({ status }) => status === 'rejected')).toBe(true)
    expect(router.status().providers[0]?.consecutiveFailures).toBeLessThanOrEqual(2)
    expect((await router.request('ticker', BTC)).data.last).toBe(100)
  })

  it('never makes an unknown asset be asked for by no id, and is tried again after ten minutes', async () => {
    const asked: string[] = []
    let isDown = true
    const { router, clock } = listing(asked, () => (isDown ? new Response('', { status: 503 }) : Response.json([{ symbol: 'eth', id: 'ether' }])))
    const ask = async () => {
      const done = router.request('ticker', { symbol: 'ETH/USD' }).then(
        ({ data }) => data.last,
        () => 'failed',
      )
      await answered()
      await clock.advance(20_000)
      await answered()
      return done
    }
    expect(await ask()).toBe('failed')
    isDown = false
    await clock.advance(600_000)
    expect(await ask()).toBe(100)
    expect(asked.filter((path) => path.includes('undefined'))).toEqual([])
  })

  it('may hold anything', async () => {
    const { router } = listing([], () => Response.json([{ symbol: 5, id: 'x' }, null]))
    const error = await router.request('ticker', { symbol: 'ETH/USD' }).catch((reason: unknown) => reason)
    expect((error as AllProvidersFailedError).failures[0]?.message).toContain('could not be had (bad-response)')
    expect((await router.request('ticker', BTC)).data.last).toBe(100)
  })

  it('is waited for by each as long as it may, and the impatient decide for nobody', async () => {
    let answer: (response: Response) => void = () => undefined
    const { router, clock } = listing([], () => new Promise((resolve) => (answer = resolve)))
    const hurried = router.request('ticker', { symbol: 'ETH/USD' }, { timeoutMs: 50, totalTimeoutMs: 60 }).catch(() => 'too late')
    const patient = router.request('ticker', { symbol: 'RARE/USD' })
    await clock.advance(200)
    expect(await hurried).toBe('too late')
    answer(Response.json([{ symbol: 'rare', id: 'rare-coin' }]))
    await answered()
    await clock.advance(1)
    expect((await patient).data.last).toBe(100)
  })
})
