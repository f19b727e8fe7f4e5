import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ticker } from '../../src/model/market.js'
import { pairOf } from '../../src/model/symbol.js'
import { defineProvider } from '../../src/provider/define-provider.js'
import type { HttpEndpoint, Provider, ProviderFacts } from '../../src/provider/provider.js'
import { read } from '../../src/provider/read.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { NOW, price } from './world.js'

const symbolsOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `C${i}/USD`)

interface Exchange extends Partial<ProviderFacts> {
  /** What is traded there. */
  readonly has: (symbol: string) => boolean
  /** One unknown symbol makes the whole batch fail. */
  readonly strict?: boolean
  readonly endpoint?: Partial<HttpEndpoint<'tickers'>>
}

/** Exchanges behind one fetch, and what each was asked. */
function exchanges(all: Readonly<Record<string, Exchange>>, options: object = {}) {
  const calls: { provider: string; symbols: readonly string[] | 'all' }[] = []
  const providers = Object.entries(all).map(([id, { has: _has, strict: _strict, endpoint, ...facts }]) => exchange(id, facts, endpoint))
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input)
    const id = url.hostname.split('.')[0] ?? ''
    const { has = () => false, strict = false } = all[id] ?? {}
    const asked = url.searchParams.get('symbols')?.split(',')
    calls.push({ provider: id, symbols: asked ?? 'all' })
    const listed = asked ?? symbolsOf(1_000)
    if (strict && asked?.some((symbol) => !has(symbol))) return Response.json({ error: 'unknown symbol' }, { status: 404 })
    return Response.json(listed.filter(has).map((symbol) => ({ symbol, price: 100 + Object.keys(all).indexOf(id) })))
  }
  const router = new ProviderRouter({ providers, fetch, clock: fakeClock(NOW), random: () => 0.5, ...options })
  return { router, calls, countOf: (id: string) => calls.filter(({ provider }) => provider === id).length }
}

function exchange(id: string, facts: Partial<ProviderFacts>, endpoint: Partial<HttpEndpoint<'tickers'>> = {}): Provider<'tickers'> {
  return defineProvider<'tickers'>({
    name: id,
    homepage: 'https://example.test',
    docs: 'https://example.test/docs',
    hosts: [`https://${id}.test`],
    ...facts,
    id,
    endpoints: {
      tickers: {
        request: ({ symbols }) => ({ path: 'tickers', query: { symbols: symbols.join() } }),
        parse: (body, { symbols }) =>
          read.array(body, 'tickers').flatMap((value): Ticker[] => {
            const row = read.object(value, 'row')
            const symbol = read.string(row.symbol, 'symbol')
            return symbols.includes(symbol) ? [{ ...pairOf(symbol), last: read.positive(row.price, 'price') }] : []
          }),
        ...endpoint,
      },
    },
  })
}

const number = (symbol: string): number => Number(/\d+/.exec(symbol)?.[0])
const whole = { request: { path: 'tickers' }, cost: 10 } as const

describe('a batch', () => {
  it('asks the next provider only for what the first one lacks', async () => {
    const { router, calls } = exchanges({ a: { has: (symbol) => number(symbol) < 43 }, b: { has: () => true } })
    const { data, provider, parts, missing } = await router.request('tickers', { symbols: symbolsOf(50) })
    expect(data.map(({ symbol }) => symbol)).toEqual(symbolsOf(50))
    expect(calls).toEqual([
      { provider: 'a', symbols: symbolsOf(50) },
      { provider: 'b', symbols: symbolsOf(50).slice(43) },
    ])
    expect([provider, missing]).toEqual(['a', undefined])
    expect(parts?.map((part) => [part.provider, part.symbols.length])).toEqual([
      ['a', 43],
      ['b', 7],
    ])
  })

  it('names what nobody knows, and remembers it for six hours', async () => {
    const clock = fakeClock(NOW)
    const { router, calls } = exchanges({ a: { has: (symbol) => number(symbol) < 2 }, b: { has: (symbol) => number(symbol) < 3 } }, { clock, cache: false })
    const ask = () => router.request('tickers', { symbols: symbolsOf(5) })
    expect((await ask()).missing).toEqual(['C3/USD', 'C4/USD'])
    expect(calls).toHaveLength(2)
    await clock.advance(5 * 60_000)
    expect((await ask()).missing).toEqual(['C3/USD', 'C4/USD'])
    expect(calls.slice(2)).toEqual([
      { provider: 'a', symbols: ['C0/USD', 'C1/USD'] },
      { provider: 'b', symbols: ['C2/USD'] },
    ])
    await clock.advance(6 * 3_600_000)
    await ask()
    expect(calls.slice(4).map(({ symbols }) => symbols.length)).toEqual([5, 3])
  })

  it('is cut where one call takes no more, and each part goes to whoever the strategy chooses', async () => {
    const { router, calls } = exchanges({ a: { has: () => true, endpoint: { maxBatch: 30 } } })
    const { data, parts } = await router.request('tickers', { symbols: symbolsOf(70) })
    expect(data).toHaveLength(70)
    expect(calls.map(({ symbols }) => symbols.length)).toEqual([30, 30, 10])
    expect(parts).toHaveLength(3)
  })

  it('is cut over several providers where the first has no room for more calls', async () => {
    const limits = [{ requests: 2, perMs: 60_000, scope: 'ip' }] as const // one call is what feedmux allows itself of two
    const { router, countOf } = exchanges({
      a: { has: () => true, limits, endpoint: { maxBatch: 30 } },
      b: { has: () => true, limits, endpoint: { maxBatch: 30 } },
      c: { has: () => true, endpoint: { maxBatch: 30 } },
    })
    const { data } = await router.request('tickers', { symbols: symbolsOf(100) })
    expect(data).toHaveLength(100)
    expect(['a', 'b', 'c'].map(countOf)).toEqual([1, 1, 2])
  })

  it('with one bad symbol that makes it fail is asked as a whole, once', async () => {
    const { router, calls } = exchanges({ a: { has: (symbol) => number(symbol) !== 7, strict: true, endpoint: { maxBatch: 50, whole } } }, { cache: false })
    const first = await router.request('tickers', { symbols: symbolsOf(20) })
    expect([first.data.length, first.missing]).toEqual([19, ['C7/USD']])
    expect(calls.map(({ symbols }) => symbols.length)).toEqual([20, 'all'.length])
    const second = await router.request('tickers', { symbols: symbolsOf(20) })
    expect([second.data.length, second.missing]).toEqual([19, ['C7/USD']])
    expect(calls.at(-1)?.symbols).toHaveLength(19)
  })

  it('of 200 symbols over six providers with limits, one bad symbol hidden among them, takes at most twelve calls', async () => {
    const limits = [{ requests: 10, perMs: 60_000, scope: 'ip' }] as const
    const bad = 'C111/USD'
    const { router, calls } = exchanges({
      a: { has: (symbol) => symbol !== bad && number(symbol) % 2 === 0, strict: true, limits, endpoint: { maxBatch: 100, whole } },
      b: { has: (symbol) => symbol !== bad && number(symbol) % 3 === 0, limits },
      c: { has: (symbol) => symbol !== bad && number(symbol) % 5 === 0, limits, endpoint: { maxBatch: 30 } },
      d: { has: (symbol) => symbol !== bad && number(symbol) % 7 === 0, strict: true, limits, endpoint: { maxBatch: 50, whole } },
      e: { has: (symbol) => symbol !== bad && number(symbol) < 150, limits, endpoint: { maxBatch: 50 } },
      f: { has: (symbol) => symbol !== bad, limits },
    })
    const { data, missing, attempts } = await router.request('tickers', { symbols: symbolsOf(200) })
    expect(data).toHaveLength(199)
    expect(missing).toEqual([bad])
    expect(calls.length).toBeLessThanOrEqual(12)
    expect(attempts.filter(({ outcome }) => outcome === 'succeeded').length).toBeLessThanOrEqual(12)
  })

  it('loses nothing when somebody fails in the middle', async () => {
    const { router } = exchanges({
      a: { has: (symbol) => number(symbol) < 3 },
      b: { has: () => true, hosts: ['https://nowhere.test'] },
      c: { has: () => true },
    })
    const { data, attempts } = await router.request('tickers', { symbols: symbolsOf(5) })
    expect(data).toHaveLength(5)
    expect(attempts.map(({ provider }) => provider)).toContain('c')
  })

  it('answers each known symbol once, in the asked order, whoever knows it', async () => {
    const subset = fc.array(fc.nat(19), { maxLength: 20 }).map((list) => new Set(list))
    await fc.assert(
      fc.asyncProperty(
        subset,
        subset,
        subset,
        fc.uniqueArray(fc.nat(19), { minLength: 1 }),
        fc.integer({ min: 1, max: 6 }),
        async (a, b, c, asked, maxBatch) => {
          const of = (known: ReadonlySet<number>): Exchange => ({ has: (symbol) => known.has(number(symbol)), endpoint: { maxBatch } })
          const { router } = exchanges({ a: of(a), b: of(b), c: of(c) }, { maxAttempts: 100 })
          const symbols = asked.map((n) => `C${n}/USD`)
          const known = symbols.filter((symbol) => [a, b, c].some((set) => set.has(number(symbol))))
          const got = await router.request('tickers', { symbols }).catch(() => undefined)
          expect(got?.data.map(({ symbol }) => symbol) ?? []).toEqual(known)
          expect(got?.missing ?? []).toEqual(got ? symbols.filter((symbol) => !known.includes(symbol)) : [])
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('a batch that is not whole', () => {
  it('asks nobody again who has failed, and is not kept in the place of one that was whole', async () => {
    const clock = fakeClock(NOW)
    let isDown = false
    const rows = (symbols: readonly string[], known: readonly string[]): Ticker[] =>
      symbols.filter((symbol) => known.includes(symbol)).map((symbol) => price(symbol))
    const a = fakeProvider('a', { answers: { tickers: ({ symbols }) => rows(symbols, ['BTC/USD']) } })
    const b = fakeProvider('b', { priority: 2, answers: { tickers: ({ symbols }) => (isDown ? 'unavailable' : rows(symbols, ['BTC/USD', 'ETH/USD'])) } })
    const router = new ProviderRouter({ providers: [a, b], clock, random: () => 0.5, retries: 0 })
    const ask = () => router.request('tickers', { symbols: ['BTC/USD', 'ETH/USD'] })
    expect((await ask()).missing).toBeUndefined()
    await clock.advance(12_000)
    isDown = true
    expect((await ask()).missing).toEqual(['ETH/USD'])
    isDown = false
    const after = await ask()
    expect([after.source, after.missing]).toEqual(['network', undefined])
  })

  it('sends nothing after its deadline or after the caller left', async () => {
    const clock = fakeClock(NOW)
    const hangs = (id: string, priority: number) => fakeProvider(id, { priority, answers: { tickers: () => new Promise<Ticker[]>(() => undefined) } })
    const a = fakeProvider('a', { answers: { tickers: ({ symbols }) => symbols.slice(0, 1).map((symbol) => price(symbol)) } })
    const slow = hangs('b', 2)
    const router = new ProviderRouter({ providers: [a, slow, hangs('c', 3)], clock, random: () => 0.5 })
    const asked = router.request('tickers', { symbols: symbolsOf(3) }, { totalTimeoutMs: 1_000 })
    await clock.advance(30_000)
    expect((await asked).data).toHaveLength(1)
    for (const { asked: calls } of [a, slow]) for (const { at } of calls) expect(at - NOW).toBeLessThan(1_000)
  })

  it('under strict dollars gives nobody’s USDT for dollars, and what the exchange has all the same', async () => {
    const usdt = fakeProvider('usdt', {
      dollarQuote: 'USDT',
      answers: { tickers: ({ symbols }) => symbols.filter((symbol) => symbol.endsWith('/USDT')).map((symbol) => price(symbol)) },
    })
    const router = new ProviderRouter({ providers: [usdt], clock: fakeClock(NOW), random: () => 0.5, dollarQuotes: 'strict' })
    const { data, missing } = await router.request('tickers', { symbols: ['BTC/USD', 'BTC/USDT'] })
    expect([data.map(({ symbol }) => symbol), missing]).toEqual([['BTC/USDT'], ['BTC/USD']])
  })

  it('finds what is known behind any number of symbols that are not', async () => {
    const { router } = exchanges({ a: { has: (symbol) => number(symbol) === 20, endpoint: { maxBatch: 2 } } })
    const { data, missing } = await router.request('tickers', { symbols: symbolsOf(21) })
    expect([data.map(({ symbol }) => symbol), missing?.length]).toEqual([['C20/USD'], 20])
  })

  it('gives up on an exchange that one bad symbol makes refuse all, without asking it for ever', async () => {
    const { router, calls } = exchanges({ a: { has: (symbol) => number(symbol) !== 0, strict: true, endpoint: { maxBatch: 5 } }, b: { has: () => true } })
    expect((await router.request('tickers', { symbols: symbolsOf(10) })).data).toHaveLength(10)
    expect(calls.length).toBeLessThanOrEqual(3)
  })
})

describe('what a provider does not know', () => {
  it('of a batch, which may hold only the largest, it may know alone; what it does not know alone it is not asked for in a batch', async () => {
    const alone: string[] = []
    const a = fakeProvider('a', {
      answers: {
        tickers: ({ symbols }) => symbols.filter((symbol) => symbol === 'BTC/USD').map((symbol) => price(symbol)),
        ticker: ({ symbol }) => (alone.push(symbol), symbol === 'NOPE/USD' ? 'not-found' : price(symbol)),
      },
    })
    const router = new ProviderRouter({ providers: [a], clock: fakeClock(NOW), random: () => 0.5, cache: false })
    expect((await router.request('tickers', { symbols: ['BTC/USD', 'SMALL/USD'] })).missing).toEqual(['SMALL/USD'])
    expect((await router.request('ticker', { symbol: 'SMALL/USD' })).data.last).toBe(100)
    await router.request('ticker', { symbol: 'NOPE/USD' }).catch(() => undefined)
    await router.request('tickers', { symbols: ['BTC/USD', 'NOPE/USD'] })
    expect(a.asked.at(-1)?.params).toEqual({ symbols: ['BTC/USD'] })
    expect(alone).toEqual(['SMALL/USD', 'NOPE/USD'])
  })
})
