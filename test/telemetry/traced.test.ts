import { context } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pairOf } from '../../src/model/symbol.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { instrument } from '../../src/telemetry/index.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { LocalContext, spans, tracer, tree } from './spans.js'

beforeEach(() => void context.setGlobalContextManager(new LocalContext()))
afterEach(() => {
  spans.reset()
  context.disable()
})

const BTC = { symbol: 'BTC/USD' } as const
const clock = fakeClock()

/** A provider that answers after so long. */
const slow = (id: string, ms: number) =>
  fakeProvider(id, {
    answers: {
      ticker: async ({ symbol }) => {
        await new Promise<void>((resolve) => clock.setTimeout(() => resolve(), ms))
        return { ...pairOf(symbol), last: 100 }
      },
    },
  })

const failing = (id: string) => fakeProvider(id, { answers: { ticker: () => 'unavailable' } })

function instrumented(options: ConstructorParameters<typeof ProviderRouter>[0]) {
  const router = new ProviderRouter({ retries: 0, clock, ...options })
  return { router, stop: instrument(router, { tracer }) }
}

/** What `work` does, in a span of the application. */
const inSpan = <T>(name: string, work: () => Promise<T>): Promise<T> =>
  tracer.startActiveSpan(name, async (span) => {
    const done = await work().finally(() => span.end())
    return done
  })

describe('an attempt stands under its request', () => {
  it('that succeeds, and the request under the span that was active where it was asked', async () => {
    const { router } = instrumented({ providers: [fakeProvider('a')] })
    await inSpan('page', () => router.request('ticker', BTC))
    expect(tree()).toEqual([{ name: 'attempt a', under: 'request ticker' }, { name: 'request ticker', under: 'page' }, { name: 'page' }])
  })

  it('over three providers', async () => {
    const { router } = instrumented({ providers: [failing('a'), failing('b'), fakeProvider('c')] })
    await inSpan('page', () => router.request('ticker', BTC))
    expect(tree().slice(0, 4)).toEqual([
      { name: 'attempt a', under: 'request ticker' },
      { name: 'attempt b', under: 'request ticker' },
      { name: 'attempt c', under: 'request ticker' },
      { name: 'request ticker', under: 'page' },
    ])
  })

  it('where all fail', async () => {
    const { router } = instrumented({ providers: [failing('a'), failing('b')] })
    await expect(router.request('ticker', BTC)).rejects.toThrow()
    expect(tree()).toEqual([{ name: 'attempt a', under: 'request ticker' }, { name: 'attempt b', under: 'request ticker' }, { name: 'request ticker' }])
  })

  it('where a hedge was quicker, which the attempt says', async () => {
    const { router } = instrumented({ providers: [slow('late', 5_000), fakeProvider('quick')], hedge: { afterMs: 100 } })
    const answer = router.request('ticker', BTC)
    await clock.advance(100)
    await answer
    expect(tree()).toEqual([{ name: 'attempt quick', under: 'request ticker' }, { name: 'request ticker' }])
    expect(spans.getFinishedSpans()[0]?.attributes['feedmux.hedged']).toBe(true)
  })

  it('of several requests at once, each under its own', async () => {
    const { router } = instrumented({ providers: [slow('a', 100)] })
    const answers = [router.request('ticker', BTC), inSpan('page', () => router.request('ticker', { symbol: 'BTC/EUR' }))]
    await clock.advance(100)
    await Promise.all(answers)
    const [first, second, ...others] = spans.getFinishedSpans().filter(({ name }) => name === 'attempt a')
    expect(others).toEqual([])
    expect(new Set([first, second].map((span) => span?.parentSpanContext?.spanId)).size).toBe(2)
    expect(tree().filter(({ under }) => under === 'request ticker')).toHaveLength(2)
  })

  it('of a router that puts prices together, under the first; the others are linked to it', async () => {
    const batch = fakeProvider('a', {
      answers: { tickers: ({ symbols }) => symbols.map((symbol) => ({ symbol, base: symbol.slice(0, 3), quote: 'USD', last: 100 })) },
    })
    const { router } = instrumented({ providers: [batch], merge: true })
    const answers = [router.request('ticker' as never, BTC as never), router.request('ticker' as never, { symbol: 'ETH/USD' } as never)]
    await clock.advance(15)
    await Promise.all(answers)
    expect(tree()).toEqual([{ name: 'attempt a', under: 'request ticker' }, { name: 'request ticker' }, { name: 'request ticker', linked: 'request ticker' }])
  })
})

describe('a request', () => {
  it('that joins another has no attempts of its own, and a link to the one that has', async () => {
    const { router } = instrumented({ providers: [slow('a', 100)] })
    const answers = [inSpan('one', () => router.request('ticker', BTC)), inSpan('two', () => router.request('ticker', BTC))]
    await clock.advance(100)
    await Promise.all(answers)
    expect(tree().filter(({ name }) => name !== 'one' && name !== 'two')).toEqual([
      { name: 'attempt a', under: 'request ticker' },
      { name: 'request ticker', under: 'one' },
      { name: 'request ticker', under: 'two', linked: 'request ticker' },
    ])
    const [attempt, first, second] = spans.getFinishedSpans().filter(({ name }) => name !== 'one' && name !== 'two')
    expect(attempt?.parentSpanContext?.spanId).toBe(first?.spanContext().spanId)
    expect(second?.links[0]?.context.spanId).toBe(first?.spanContext().spanId)
  })

  it('that memory answers stands alone', async () => {
    const { router } = instrumented({ providers: [fakeProvider('a')] })
    await router.request('ticker', BTC)
    spans.reset()
    await inSpan('page', () => router.request('ticker', BTC))
    expect(tree()).toEqual([{ name: 'request ticker', under: 'page' }, { name: 'page' }])
  })

  it('that an endpoint puts stands under the request that it is for, with its own attempts', async () => {
    const asking = fakeProvider('asking', {
      answers: {
        fearGreed: async (_params, own) => {
          const { data } = await own.request('ticker', BTC)
          return [{ value: data.last, at: clock.now() }] as never
        },
      },
    })
    const { router } = instrumented({ providers: [asking, fakeProvider('a')] as never })
    await inSpan('page', () => router.request('fearGreed' as never, {} as never))
    expect(tree()).toEqual([
      { name: 'attempt a', under: 'request ticker' },
      { name: 'request ticker', under: 'request fearGreed' },
      { name: 'attempt asking', under: 'request fearGreed' },
      { name: 'request fearGreed', under: 'page' },
      { name: 'page' },
    ])
  })
})

describe('an attempt that ends after its request', () => {
  it('as a refresh behind a stale answer stands where was asked, with a link to the request', async () => {
    const { router } = instrumented({ providers: [slow('a', 100)] })
    const first = router.request('ticker', BTC)
    await clock.advance(100)
    await first
    await clock.advance(60_000)
    spans.reset()
    const stale = await inSpan('page', () => router.request('ticker', BTC, { stale: 'while-revalidate' }))
    expect(stale.source).toBe('stale')
    await clock.advance(100)
    await expect.poll(() => tree().length, { timeout: 10_000 }).toBe(3)
    expect(tree()).toEqual([{ name: 'request ticker', under: 'page' }, { name: 'page' }, { name: 'attempt a', under: 'page', linked: 'request ticker' }])
  })

  it('stands alone where its request was not heard to end, when spans are stopped', async () => {
    const { router, stop } = instrumented({ providers: [failing('a'), slow('b', 1_000)] })
    const answer = router.request('ticker', BTC)
    await clock.advance(0)
    expect(tree()).toEqual([])
    await inSpan('other', async () => stop())
    expect(tree()).toEqual([{ name: 'attempt a' }, { name: 'other' }])
    await clock.advance(1_000)
    await answer
    expect(tree()).toHaveLength(2)
  })
})

it('a probe that was sent has a span of its own', async () => {
  const off = fakeProvider('off', { enabled: false })
  const { router } = instrumented({ providers: [slow('a', 100), failing('b'), off] })
  const told: unknown[] = []
  router.on('probe-settled', (report) => told.push(report))
  const reports = inSpan('look', () => router.checkHealth())
  await clock.advance(100)
  expect(new Set(told)).toEqual(new Set(await reports))
  expect(tree()).toEqual([{ name: 'probe b', under: 'look' }, { name: 'probe a', under: 'look' }, { name: 'look' }])
  expect(
    spans
      .getFinishedSpans()
      .map(({ attributes, duration }) => [attributes['error.type'], duration[1] / 1e6])
      .slice(0, 2),
  ).toEqual([
    ['unavailable', 0],
    [undefined, 100],
  ])
})

/** A router of which only the events are there. */
function heard() {
  const listeners = new Map<string, (event: unknown) => void>()
  const router = { status: () => ({}), on: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener), off: () => undefined }
  instrument(router as never, { tracer })
  return (name: string, event: object): void => listeners.get(name)?.({ capability: 'ticker', at: clock.now(), latencyMs: 1, ...event })
}

it("a request that joined one which came to a provider's own last answer has a link to it", () => {
  const tell = heard()
  tell('attempt-succeeded', { request: 1, provider: 'a', outcome: 'succeeded' })
  tell('request-settled', { request: 1, provider: 'a', source: 'cache', attempts: 1 })
  tell('request-settled', { request: 2, joined: 1, provider: 'a', source: 'cache', attempts: 1 })
  expect(tree()).toEqual([{ name: 'attempt a', under: 'request ticker' }, { name: 'request ticker' }, { name: 'request ticker', linked: 'request ticker' }])
})

it('most requests that are kept are bounded: the oldest gets spans that stand alone', async () => {
  const told = heard()
  const tell = (request: number): void => told('attempt-succeeded', { request, provider: `p${request}`, outcome: 'succeeded' })
  for (let request = 1; request <= 10_000; request++) tell(request)
  expect(tree()).toEqual([])
  tell(10_001)
  expect(tree()).toEqual([{ name: 'attempt p1' }])
})
