import { describe, expect, it } from 'vitest'
import { AllProvidersFailedError, ConfigError, NoProviderError } from '../../src/errors.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import type { RouterOptions } from '../../src/router/options.js'
import { fakeClock, type FakeOptions, type FakeProvider, fakeProvider } from '../../src/testing/index.js'
import { NOW, price } from './world.js'

const BTC = { symbol: 'BTC/USD' } as const

interface Source extends FakeOptions<'ticker'> {
  /** What it says of BTC; a function may change its mind. */
  readonly last: number | (() => number | 'timeout' | 'unavailable')
  readonly asOf?: number
  /** Price of one of its dollars in USD, at those that have that pair. */
  readonly usdt?: number
}

function source(id: string, { last, asOf, usdt, ...facts }: Source): FakeProvider<'ticker'> {
  return fakeProvider(id, {
    ...facts,
    answers: {
      ticker: ({ symbol }) => {
        if (symbol === 'USDT/USD') return usdt === undefined ? 'not-found' : price(symbol, usdt)
        const said = typeof last === 'number' ? last : last()
        return typeof said === 'string' ? said : { ...price(symbol, said), ...(asOf !== undefined && { asOf }) }
      },
    },
  })
}

function routing(sources: Readonly<Record<string, Source>>, options: Partial<RouterOptions> = {}) {
  const providers = Object.entries(sources).map(([id, one], i) => source(id, { priority: i + 1, ...one }))
  const clock = fakeClock(NOW)
  const router = new ProviderRouter({ clock, random: () => 0.5, retries: 0, ...options, providers })
  const countOf = (id: string) => providers.find((provider) => provider.id === id)?.asked.length
  return { router, clock, countOf, providers }
}

describe('agree', () => {
  it('asks several at once and gives the one in the middle, with how all agree', async () => {
    const { router, countOf } = routing({ a: { last: 100 }, b: { last: 100.3 }, c: { last: 100.2 }, d: { last: 1 } })
    const { data, provider, agreement } = await router.request('ticker', BTC, { agree: { of: 3 } })
    expect([data.last, provider]).toEqual([100.2, 'c'])
    expect(agreement).toMatchObject({ n: 3, median: 100.2, dissent: [] })
    expect(agreement?.members.map((member) => member.provider)).toEqual(['a', 'b', 'c'])
    expect(['a', 'b', 'c', 'd'].map(countOf)).toEqual([1, 1, 1, 0])
  })

  it('asks another for one that fails, and says what was tried', async () => {
    const { router } = routing({ a: { last: () => 'unavailable' }, b: { last: 100 }, c: { last: 100 }, d: { last: 100 } })
    const { agreement, attempts } = await router.request('ticker', BTC, { agree: { of: 3 } })
    expect(agreement?.members.map(({ provider }) => provider).toSorted()).toEqual(['b', 'c', 'd'])
    expect(attempts).toContainEqual(expect.objectContaining({ provider: 'a', reason: 'unavailable' }))
  })

  it('is an error that says so where fewer answered, and where there are fewer', async () => {
    const { router } = routing({ a: { last: () => 'unavailable' }, b: { last: 100 }, c: { last: 100 } })
    const error = await router.request('ticker', BTC, { agree: { of: 3 } }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AllProvidersFailedError)
    expect((error as Error).message).toContain('2 of 3 sources could be compared')
    const few = routing({ a: { last: 100 }, b: { last: 100 } })
    const lacking = await few.router.request('ticker', BTC, { agree: { of: 3 } }).catch((reason: unknown) => reason)
    expect(lacking).toBeInstanceOf(NoProviderError)
    expect((lacking as Error).message).toContain('there are 2')
    expect(few.countOf('a')).toBe(0)
  })

  it('counts a family once', async () => {
    const { router, countOf } = routing({
      gecko: { last: 100, family: 'gecko' },
      copy: { last: 100, family: 'gecko' },
      b: { last: 100 },
      c: { last: 100 },
    })
    const { agreement } = await router.request('ticker', BTC, { agree: { of: 3 } })
    expect(agreement?.members.map(({ provider }) => provider)).toEqual(['gecko', 'b', 'c'])
    expect(countOf('copy')).toBe(0)
  })

  it('lets nobody vote whose figure is too old', async () => {
    const { router } = routing({ old: { last: 100, asOf: NOW - 121_000 }, a: { last: 100, asOf: NOW - 1_000 }, b: { last: 101 }, c: { last: 102 } })
    const { agreement } = await router.request('ticker', BTC, { agree: { of: 3 } })
    expect(agreement).toMatchObject({ n: 3, late: ['old'] })
    const strict = await router.request('ticker', BTC, { agree: { of: 3, maxAgeMs: 500 } }).catch((error: unknown) => error)
    expect((strict as Error).message).toContain('too old: old,a')
  })

  it('converts other dollars by a live price, and shows how', async () => {
    const { router } = routing({
      tether: { last: 100.1, dollarQuote: 'USDT' },
      a: { last: 100, usdt: 0.999 },
      b: { last: 100.2 },
    })
    const { agreement, data } = await router.request('ticker', BTC, { agree: { of: 3 } })
    const member = agreement?.members.find(({ provider }) => provider === 'tether')
    expect(member?.value).toBeCloseTo(100.1 * 0.999)
    expect(member?.via).toEqual({ symbol: 'USDT/USD', price: 0.999, provider: 'a' })
    expect(data.quote).toBe('USD')
  })

  it('lets a dollar that lost its peg not vote', async () => {
    const { router } = routing({ tether: { last: 103, dollarQuote: 'USDT' }, a: { last: 100, usdt: 0.97 }, b: { last: 100.2 }, c: { last: 100.1 } })
    const { agreement } = await router.request('ticker', BTC, { agree: { of: 3 } })
    expect(agreement?.members.map(({ provider }) => provider)).toEqual(['a', 'b', 'c'])
  })

  it('compares among themselves those that all have the same dollar', async () => {
    const { router } = routing({ a: { last: 100, dollarQuote: 'USDT' }, b: { last: 101, dollarQuote: 'USDT' }, c: { last: 102, dollarQuote: 'USDT' } })
    const { agreement, data } = await router.request('ticker', BTC, { agree: { of: 3 } })
    expect([agreement?.n, data.symbol, data.last]).toEqual([3, 'BTC/USDT', 101])
  })

  it('is kept like any answer, apart from those that nobody compared', async () => {
    const { router, countOf } = routing({ a: { last: 100 }, b: { last: 100.1 }, c: { last: 100.2 } })
    await router.request('ticker', BTC, { agree: { of: 3 } })
    const again = await router.request('ticker', BTC, { agree: { of: 3 } })
    expect([again.source, again.agreement?.n, countOf('b')]).toEqual(['cache', 3, 1])
    const plain = await router.request('ticker', BTC)
    expect([plain.source, plain.agreement, countOf('a')]).toEqual(['network', undefined, 2])
  })

  it('costs whoever keeps dissenting its place, for a while, and status shows it', async () => {
    const { router, clock } = routing({ odd: { last: 120 }, a: { last: 100 }, b: { last: 100.1 } }, { cache: false })
    const first = async () => (await router.request('ticker', BTC)).provider
    expect(await first()).toBe('odd')
    for (let i = 0; i < 3; i++) expect((await router.request('ticker', BTC, { agree: { of: 3 } })).agreement?.dissent).toEqual(['odd'])
    expect(await first()).toBe('a')
    expect(router.status().providers[0]?.votes).toEqual({ count: 3, dissents: 3, isHeldBack: true })
    await clock.advance(600_001)
    expect(await first()).toBe('odd')
  })

  it('takes an id for another asset’s whose price is far from all others, and asks it for that one no more', async () => {
    const { router, countOf } = routing({ wrong: { last: 3, assets: { BTC: 'bitcoin-cash' } }, a: { last: 100 }, b: { last: 100.1 } }, { cache: false })
    expect((await router.request('ticker', BTC, { agree: { of: 3 } })).agreement?.dissent).toEqual(['wrong'])
    expect(router.status().providers[0]?.suspects).toEqual(['BTC'])
    expect((await router.request('ticker', BTC)).provider).toBe('a')
    expect(countOf('wrong')).toBe(1)
    router.restore('wrong')
    expect((await router.request('ticker', BTC)).provider).toBe('wrong')
  })

  it('says what it cannot compare', () => {
    const { router } = routing({ a: { last: 100 } })
    const wrong = async (options: object) => expect(router.request('ticker', BTC, options)).rejects.toThrow(ConfigError)
    return Promise.all([wrong({ agree: { of: 1 } }), wrong({ agree: { of: 2, within: 0 } }), wrong({ race: 1.5 }), wrong({ agree: { of: 2 }, race: 2 })])
  })
})

describe('race', () => {
  it('takes the first good answer and ends the others', async () => {
    const clock = fakeClock(NOW)
    let ended = false
    const slow = fakeProvider('slow', {
      answers: {
        ticker: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => ((ended = true), reject(new Error('ended'))))),
      },
    })
    const bad = fakeProvider('bad', { answers: { ticker: () => 'unavailable' } })
    const router = new ProviderRouter({ providers: [slow, bad, source('quick', { last: 100 }), source('spare', { last: 1 })], clock, retries: 0 })
    const { provider, attempts } = await router.request('ticker', BTC, { race: 3 })
    expect([provider, ended]).toEqual(['quick', true])
    expect(Object.fromEntries(attempts.map((attempt) => [attempt.provider, attempt.outcome]))).toEqual({ slow: 'cancelled', bad: 'failed', quick: 'succeeded' })
  })

  it('goes on with the rest where all runners fail', async () => {
    const { router } = routing({ a: { last: () => 'unavailable' }, b: { last: () => 'timeout' }, c: { last: 100 } })
    expect((await router.request('ticker', BTC, { race: 2 })).provider).toBe('c')
  })

  it('rejects with the caller’s own reason', async () => {
    const hang = fakeProvider('hang', { answers: { ticker: () => new Promise(() => undefined) } })
    const router = new ProviderRouter({
      providers: [hang, fakeProvider('hang-too', { answers: { ticker: () => new Promise(() => undefined) } })],
      clock: fakeClock(NOW),
    })
    const controller = new AbortController()
    const asked = router.request('ticker', BTC, { race: 2, signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
  })
})

describe('the jump guard', () => {
  const guarded = (a: () => number, b: () => number | 'unavailable') =>
    routing({ a: { last: a }, b: { last: b } }, { cache: false, jumpGuard: { percent: 10 } })

  it('asks nobody else while values move little', async () => {
    let last = 100
    const { router, countOf } = guarded(
      () => (last += 5),
      () => 100,
    )
    for (let i = 0; i < 3; i++) expect((await router.request('ticker', BTC)).provider).toBe('a')
    expect(countOf('b')).toBe(0)
  })

  it('believes a jump that a second source confirms', async () => {
    let last = 100
    const { router } = guarded(
      () => last,
      () => last * 1.001,
    )
    await router.request('ticker', BTC)
    last = 150
    const { data, agreement } = await router.request('ticker', BTC)
    expect([data.last, agreement?.n, agreement?.dissent]).toEqual([150, 2, []])
    expect((await router.request('ticker', BTC)).agreement).toBeUndefined()
  })

  it('gives the second source where only the first one jumped', async () => {
    let last = 100
    const { router } = guarded(
      () => last,
      () => 101,
    )
    await router.request('ticker', BTC)
    last = 1_000
    const { data, provider, agreement } = await router.request('ticker', BTC)
    expect([data.last, provider, agreement?.dissent]).toEqual([101, 'b', ['a']])
    expect(router.status().providers[0]?.votes?.dissents).toBe(1)
  })

  it('tells that nobody could confirm it', async () => {
    let last = 100
    const { router } = guarded(
      () => last,
      () => 'unavailable',
    )
    await router.request('ticker', BTC)
    last = 200
    expect((await router.request('ticker', BTC)).agreement).toMatchObject({ n: 1, dissent: [] })
    last = 100
    expect((await router.request('ticker', BTC)).agreement).toBeUndefined() // 200 was never taken for good
  })
})
