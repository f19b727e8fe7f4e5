import { describe, expect, it } from 'vitest'
import { ConfigError, NoProviderError } from '../../src/errors.js'
import type { Capability, DataOf } from '../../src/model/capabilities.js'
import type { NewsItem } from '../../src/model/insight.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { lexicon, lexiconReading, marketMood } from '../../src/sentiment/index.js'
import { fakeClock, type FakeAnswer, fakeProvider } from '../../src/testing/index.js'

const clock = fakeClock()
const HOUR = 3_600_000

const story = (index: number, title: string, summary?: string): NewsItem => ({
  id: `n${index}`,
  title,
  url: `https://news.example/${index}`,
  publisher: 'Example',
  publishedAt: clock.now() - index * HOUR,
  ...(summary !== undefined && { summary }),
})
const provider = <C extends Capability>(id: string, capability: C, answer: FakeAnswer<C>) =>
  fakeProvider<C>(id, { answers: { [capability]: answer } as unknown as { readonly [K in C]: FakeAnswer<K> } })
const press = (items: readonly NewsItem[]) => provider('press', 'news', () => [...items])
const index = (value: number) => provider('index', 'fearGreed', () => [{ value, label: 'Fear', at: clock.now() - HOUR }])
/** Says of every text that it is as bullish as this. */
const reader = (score: number) =>
  provider('reader', 'textSentiment', ({ texts }) =>
    texts.map((): DataOf<'textSentiment'>[number] => ({ label: 'bullish', score, confidence: 0.9, engine: 'reader' })),
  )

const ten = Array.from({ length: 10 }, (_, n) => story(n, `headline ${n}`))

describe('marketMood()', () => {
  it('puts news and fear & greed together: 0.6 and 0.4', async () => {
    const router = new ProviderRouter({ providers: [press(ten), index(25), reader(0.5)], clock })
    const mood = await marketMood(router, { symbol: 'BTC/USD' })
    expect(mood).toEqual({
      symbol: 'BTC',
      score: expect.closeTo(0.6 * 0.5 + 0.4 * -0.5, 10),
      label: 'neutral',
      parts: [
        { name: 'news', value: 0.5, weight: 0.6, n: 10, provider: 'press', engine: 'reader', asOf: clock.now() },
        { name: 'fear-greed', value: -0.5, weight: 0.4, n: 1, provider: 'index', asOf: clock.now() - HOUR },
      ],
      missing: [],
    })
  })

  it('lets few headlines weigh less', async () => {
    const router = new ProviderRouter({ providers: [press(ten.slice(0, 5)), index(50), reader(1)], clock })
    const { parts, score, label } = await marketMood(router, { symbol: 'BTC' })
    expect(parts.map(({ weight }) => weight)).toEqual([expect.closeTo(3 / 7), expect.closeTo(4 / 7)])
    expect([score, label]).toEqual([expect.closeTo(3 / 7), 'bullish'])
  })

  it('asks for news of the asset, and reads titles with their summaries, at most so many', async () => {
    const items = [story(0, 'Bitcoin soars', 'A record high.'), story(1, 'Exchange hacked'), story(2, 'not read')]
    const news = press(items)
    const words = lexicon()
    const router = new ProviderRouter({ providers: [news, words], clock })
    const { parts } = await marketMood(router, { symbol: 'eth', limit: 2 })
    expect(news.asked[0]?.params).toEqual({ symbols: ['ETH'], limit: 2 })
    const scores = ['Bitcoin soars. A record high.', 'Exchange hacked'].map((text) => lexiconReading(text).score)
    expect(parts).toMatchObject([{ name: 'news', n: 2, engine: 'lexicon', weight: 1, value: ((scores[0] ?? 0) + (scores[1] ?? 0)) / 2 }])
  })

  it('leaves out what is missing and says why', async () => {
    const silent = provider('index', 'fearGreed', () => 'unavailable')
    const only = await marketMood(new ProviderRouter({ providers: [press(ten), silent, reader(-0.4)], clock, retries: 0 }), { symbol: 'BTC' })
    expect(only).toMatchObject({ score: expect.closeTo(-0.4), label: 'bearish', parts: [{ name: 'news', weight: 1 }], missing: [{ name: 'fear-greed' }] })
    expect(only.missing[0]?.reason).toMatch(/^no provider answered fearGreed/)
    const offered = await marketMood(new ProviderRouter({ providers: [index(90)], clock }), { symbol: 'BTC' })
    expect(offered).toMatchObject({ score: 0.8, label: 'bullish', parts: [{ name: 'fear-greed', weight: 1 }], missing: [{ name: 'news' }] })
    const empty = await marketMood(new ProviderRouter({ providers: [press([]), index(90), reader(1)], clock }), { symbol: 'BTC' })
    expect(empty.missing).toEqual([{ name: 'news', reason: 'there is no news' }])
    const mute = provider('reader', 'textSentiment', () => [])
    const unread = await marketMood(new ProviderRouter({ providers: [press(ten), index(90), mute], clock }), { symbol: 'BTC' })
    expect(unread).toMatchObject({ score: 0.8, missing: [{ name: 'news', reason: 'no headline was read' }] })
  })

  it('is no figure where there is nothing at all', async () => {
    const router = new ProviderRouter({ providers: [press([]), reader(1)], clock })
    const error: unknown = await marketMood(router, { symbol: 'BTC' }).catch((thrown: unknown) => thrown)
    expect(NoProviderError.is(error) && error.message).toMatch(/the mood about BTC:\n {2}news: there is no news\n {2}fear-greed: no provider/)
  })

  it('ends with the caller’s signal', async () => {
    const stop = new AbortController()
    const router = new ProviderRouter({ providers: [press(ten), provider('index', 'fearGreed', () => new Promise(() => {})), reader(1)], clock })
    const mood = marketMood(router, { symbol: 'BTC', signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(mood).rejects.toThrow('enough')
  })

  it('refuses what cannot be meant', async () => {
    const router = new ProviderRouter({ providers: [index(50)] })
    for (const options of [{ symbol: '' }, { symbol: undefined as never }, { symbol: 'BTC', limit: 0 }, { symbol: 'BTC', limit: 101 }])
      await expect(marketMood(router, options)).rejects.toThrow(ConfigError)
  })
})
