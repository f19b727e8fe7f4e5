import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AllProvidersFailedError, ConfigError, ProviderError } from '../../src/errors.js'
import type { TextSentiment } from '../../src/model/insight.js'
import type { CallContext, Provider } from '../../src/provider/provider.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { ensemble, type EnsembleOptions, huggingFace, lexicon } from '../../src/sentiment/index.js'
import { readingOf } from '../../src/sentiment/labels.js'
import { fakeClock, type FakeAnswer, fakeProvider } from '../../src/testing/index.js'

type Says = FakeAnswer<'textSentiment'>
const engine = (id: string, textSentiment: Says) => fakeProvider<'textSentiment'>(id, { answers: { textSentiment } })
const saying = (id: string, bullish: number, bearish: number) =>
  engine(id, ({ texts }) => texts.map(() => readingOf({ bullish, neutral: 1 - bullish - bearish, bearish }, id)))
const failing = (id: string, reason: 'unavailable' | 'rate-limited' = 'unavailable') => engine(id, () => reason)

const routerOf = (engines: readonly Provider<'textSentiment'>[], options: EnsembleOptions = {}, clock = fakeClock()) =>
  new ProviderRouter({ providers: [ensemble(engines, options), lexicon()], clock, cache: false, retries: 0 })
const ask = async (router: ReturnType<typeof routerOf>, ...texts: string[]) => router.request('textSentiment', { texts })

describe('ensemble()', () => {
  it('gives the weighted mean of the probabilities, the agreement, and what each engine said', async () => {
    const router = routerOf([saying('a', 0.8, 0.1), saying('b', 0.2, 0.6)], { weights: [3, 1] })
    const { data, provider } = await ask(router, 'x')
    expect(provider).toBe('ensemble')
    const close = (value: number): number => expect.closeTo(value, 10) as number
    expect(data).toEqual([
      {
        engine: 'ensemble',
        label: 'bullish',
        score: close(0.425),
        confidence: close(0.65),
        probabilities: { bullish: close(0.65), neutral: close(0.125), bearish: close(0.225) },
        agreement: 0.75,
        members: [
          { engine: 'a', label: 'bullish', score: close(0.7), weight: 0.75 },
          { engine: 'b', label: 'bearish', score: close(-0.4), weight: 0.25 },
        ],
      },
    ])
  })

  it('asks all engines, not only the first', async () => {
    const engines = [saying('a', 1, 0), saying('b', 1, 0), saying('c', 0, 1)]
    const { data } = await ask(routerOf(engines), 'x', 'y')
    expect(engines.map(({ asked }) => asked.length)).toEqual([1, 1, 1])
    expect(data.map(({ members }) => members?.length)).toEqual([3, 3])
    expect(data[0]?.agreement).toBeCloseTo(2 / 3)
  })

  it('leaves an engine out that fails, and names it', async () => {
    const { data } = await ask(routerOf([saying('a', 1, 0), failing('b'), saying('c', 0, 1)]), 'x')
    expect(data[0]).toMatchObject({
      leftOut: [{ engine: 'b', reason: 'unavailable' }],
      members: [
        { engine: 'a', weight: 0.5 },
        { engine: 'c', weight: 0.5 },
      ],
    })
  })

  it('fails with fewer answers than the minimum, and the next provider is asked', async () => {
    const { provider, attempts } = await ask(routerOf([saying('a', 1, 0), failing('b'), failing('c', 'rate-limited')]), 'Bitcoin soars')
    expect(provider).toBe('lexicon')
    expect(attempts[0]).toMatchObject({ provider: 'ensemble', outcome: 'failed', reason: 'unavailable' })
    const router = new ProviderRouter({ providers: [ensemble([saying('a', 1, 0), failing('b')])], retries: 0 })
    const error: unknown = await router.request('textSentiment', { texts: ['x'] }).catch((thrown: unknown) => thrown)
    expect((error as AllProvidersFailedError).failures[0]?.message).toBe('ensemble: 1 of 2 engines answered, 2 are needed (b: unavailable)')
  })

  it('stays away no longer than it takes until enough may answer again', async () => {
    const clock = fakeClock()
    const used = engine('used', () => {
      throw new ProviderError({ provider: 'used', reason: 'quota-exhausted', retryAfterMs: 20 * 86_400_000 })
    })
    let slips = 1
    const slipping = engine('slipping', ({ texts }) => (slips-- > 0 ? 'timeout' : texts.map(() => readingOf({ bullish: 1, neutral: 0, bearish: 0 }, 'x'))))
    const router = routerOf([used, slipping, saying('a', 1, 0)], {}, clock)
    expect((await ask(router, 'x')).attempts[0]).toMatchObject({ provider: 'ensemble', reason: 'timeout' })
    expect((await ask(router, 'y')).provider).toBe('ensemble')

    const loads = engine('loads', () => {
      throw new ProviderError({ provider: 'loads', reason: 'cold-start', retryAfterMs: 20_000 })
    })
    const { attempts } = await ask(routerOf([used, loads, saying('a', 1, 0)], {}, clock), 'x')
    expect(attempts[0]).toMatchObject({ provider: 'ensemble', reason: 'cold-start', retryAfterMs: 20_000 })
    const all = await ask(routerOf([loads, used, saying('a', 1, 0)], { minimum: 3 }, clock), 'x')
    expect(all.attempts[0]).toMatchObject({ provider: 'ensemble', reason: 'quota-exhausted' })
  })

  it('does not ask an engine for as long as it said', async () => {
    const clock = fakeClock()
    const tired = engine('tired', () => {
      throw new ProviderError({ provider: 'tired', reason: 'cold-start', retryAfterMs: 20_000 })
    })
    const router = routerOf([saying('a', 1, 0), saying('b', 1, 0), tired], {}, clock)
    await ask(router, 'x')
    await clock.advance(19_000)
    expect((await ask(router, 'y')).data[0]?.leftOut).toEqual([{ engine: 'tired', reason: 'cold-start' }])
    expect(tired.asked).toHaveLength(1)
    await clock.advance(2_000)
    await ask(router, 'z')
    expect(tired.asked).toHaveLength(2)
  })

  it('gives up an engine that hangs, also one that does not look at its signal', async () => {
    const signals: AbortSignal[] = []
    const hanging = engine('hanging', (_, { signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    })
    const { data } = await ask(routerOf([saying('a', 1, 0), hanging, saying('b', 1, 0)], { patienceMs: 30 }), 'x')
    expect(data[0]?.leftOut).toEqual([{ engine: 'hanging', reason: 'timeout' }])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  it('hands each engine its own key, the fetch of the router and its time', async () => {
    const seen: Partial<CallContext>[] = []
    const keyed = fakeProvider<'textSentiment'>('keyed', {
      apiKey: 'made-up-key',
      answers: {
        textSentiment: ({ texts }, { key, fetch, now, signal }) => {
          seen.push({ key, fetch, now, signal })
          return texts.map(() => readingOf({ bullish: 1, neutral: 0, bearish: 0 }, 'keyed'))
        },
      },
    })
    const clock = fakeClock()
    const own: typeof fetch = () => Promise.reject(new Error('not asked'))
    const router = new ProviderRouter({ providers: [ensemble([keyed, saying('a', 1, 0)])], fetch: own, clock })
    const { data } = await router.request('textSentiment', { texts: ['x'] })
    expect(seen).toMatchObject([{ key: 'made-up-key', fetch: own, now: clock.now() }])
    expect(JSON.stringify([data, router.status()])).not.toContain('made-up-key')
  })

  it('takes engines without probabilities, and leaves out those that give no sound readings', async () => {
    const plain = engine('plain', ({ texts }): TextSentiment[] => texts.map(() => ({ label: 'bearish', score: -0.5, confidence: 0.7, engine: 'plain' })))
    const told = { label: 'bullish', score: 1, confidence: 1 } as const
    const odd = [
      engine('short', () => []),
      engine('nan', () => [{ ...told, score: Number.NaN, engine: 'nan' }]),
      engine('sum', () => [{ ...told, engine: 'sum', probabilities: { bullish: 1, neutral: 1, bearish: 0 } }]),
      engine('part', () => [{ ...told, engine: 'part', probabilities: { bullish: 1 } as never }]),
    ]
    const { data } = await ask(routerOf([plain, saying('a', 0.2, 0.7), ...odd]), 'x')
    expect(data[0]?.score).toBeCloseTo(-0.5)
    expect(data[0]?.leftOut).toEqual([
      { engine: 'short', reason: 'bad-response' },
      { engine: 'nan', reason: 'bad-response' },
      { engine: 'sum', reason: 'bad-response' },
      { engine: 'part', reason: 'bad-response' },
    ])
  })

  it('is passed over where too few engines have a key, and asked without the others where enough have', async () => {
    const router = routerOf([saying('a', 1, 0), huggingFace()])
    expect(router.plan('textSentiment', { texts: ['x'] }).candidates.map(({ provider }) => provider)).toEqual(['lexicon'])
    const { data } = await ask(routerOf([saying('a', 1, 0), huggingFace(), saying('b', 1, 0)]), 'x')
    expect(data[0]?.leftOut).toEqual([{ engine: 'hugging-face', reason: 'no key' }])
  })

  it('refuses what cannot work', () => {
    const two = [saying('a', 1, 0), saying('b', 1, 0)]
    const http = { ...saying('http', 1, 0), endpoints: { textSentiment: { request: () => ({ path: '' }), parse: () => [] } } }
    for (const make of [
      () => ensemble([saying('a', 1, 0)]),
      () => ensemble(two, { minimum: 1 }),
      () => ensemble(two, { minimum: 3 }),
      () => ensemble(two, { weights: [1] }),
      () => ensemble(two, { weights: [1, 0] }),
      () => ensemble(two, { patienceMs: 0 }),
      () => ensemble([http, ...two]),
    ])
      expect(make).toThrow(ConfigError)
  })

  it('gives a score within those of its engines, whatever they say', async () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(share, share, share, share), { minLength: 2, maxLength: 4 }), async (said) => {
        const engines = said.map(([bullish, neutral, bearish], index) =>
          saying(`e${index}`, bullish / (bullish + neutral + bearish), bearish / (bullish + neutral + bearish)),
        )
        const weights = said.map(([, , , weight]) => weight)
        const [reading] = (await ask(routerOf(engines, { weights }), 'x')).data
        const scores = reading?.members?.map(({ score }) => score) ?? []
        expect(reading?.score).toBeGreaterThanOrEqual(Math.min(...scores) - 1e-9)
        expect(reading?.score).toBeLessThanOrEqual(Math.max(...scores) + 1e-9)
        expect(reading?.agreement).toBeLessThanOrEqual(1 + 1e-9)
        expect(reading?.members?.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
      }),
      { numRuns: 30 },
    )
  })
})
