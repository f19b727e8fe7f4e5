import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../src/errors.js'
import type { NewsItem } from '../../src/model/insight.js'
import { defineProvider } from '../../src/provider/define-provider.js'
import type { Provider } from '../../src/provider/provider.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock } from '../../src/testing/index.js'

const item = (id: string, publishedAt: number): NewsItem => ({ id, title: id, url: `https://${id}.example`, publisher: 'P', publishedAt })

/** A source of news that gives these, or fails. */
const source = (id: string, news: readonly NewsItem[] | Error, facts: object = {}): Provider<'news'> & { asked: number } => {
  const made = {
    ...defineProvider<'news'>(
      {
        id,
        name: id,
        homepage: 'https://x.example',
        docs: 'https://x.example',
        ...facts,
        endpoints: {
          news: {
            call: async () => {
              made.asked++
              if (news instanceof Error) throw news
              return [...news]
            },
            combine: (lists) => {
              if (id === 'slip') throw new TypeError("an author's slip")
              return lists.flat().toSorted((a, b) => b.publishedAt - a.publishedAt)
            },
          },
        },
      },
      {},
    ),
    asked: 0,
  }
  return made
}

const down = new ProviderError({ provider: 'x', reason: 'unavailable' })
const routed = (...providers: Provider<'news'>[]) => new ProviderRouter({ providers, clock: fakeClock(Date.UTC(2026, 10, 1)), retries: 0 })

describe('news', () => {
  it('of several providers is one list, which says who gave what', async () => {
    const router = routed(source('a', [item('a1', 3), item('a2', 1)]), source('b', [item('b1', 2)]))
    const { data, provider, sources } = await router.request('news', {})
    expect(data.map(({ id }) => id)).toEqual(['a1', 'b1', 'a2'])
    expect(provider).toBe('a')
    expect(sources).toMatchObject([
      { provider: 'a', items: 2 },
      { provider: 'b', items: 1 },
    ])
  })

  it('of those that work comes also when one fails, which has its line in the trace', async () => {
    const router = routed(source('a', down), source('b', [item('b1', 2)]), source('c', [item('c1', 1)]))
    const { data, attempts, sources } = await router.request('news', {})
    expect(data.map(({ id }) => id)).toEqual(['b1', 'c1'])
    expect(sources?.map(({ provider }) => provider)).toEqual(['b', 'c'])
    expect(attempts.find(({ provider }) => provider === 'a')).toMatchObject({ outcome: 'failed', reason: 'unavailable' })
  })

  it('comes from a last-resort or a paid provider only when nobody else has any', async () => {
    const [last, paid] = [source('last', [item('l', 1)], { role: 'last-resort' }), source('paid', [item('p', 1)], { metered: true })]
    const good = routed(source('a', [item('a1', 3)]), source('b', [item('b1', 2)]), last, paid)
    expect((await good.request('news', {})).sources?.map(({ provider }) => provider)).toEqual(['a', 'b'])
    expect([last.asked, paid.asked]).toEqual([0, 0])
    const bad = routed(source('a', down), source('b', down), last)
    expect(await bad.request('news', {})).toMatchObject({ provider: 'last', degraded: true })
  })

  it('comes from the one that costs nothing also where the others are paid ones, which are asked when it fails', async () => {
    const [paid, more] = [source('paid', [item('p', 1)], { metered: true, priority: 0 }), source('more', [item('m', 1)], { metered: true, priority: 0 })]
    expect((await routed(paid, source('a', [item('a1', 3)]), more).request('news', {})).provider).toBe('a')
    expect([paid.asked, more.asked]).toEqual([0, 0])
    expect((await routed(paid, source('a', down)).request('news', {})).provider).toBe('paid')
  })

  it('comes also from those that say that their calls cost nothing', async () => {
    const { sources } = await routed(source('a', [item('a1', 3)]), source('b', [item('b1', 2)], { metered: false })).request('news', {})
    expect(sources?.map(({ provider }) => provider)).toEqual(['a', 'b'])
  })

  it('is not asked of one whose list nobody can put to the others, but where those fail', async () => {
    const plain = source('plain', [item('x', 9)])
    Object.assign(plain, { endpoints: { news: { ...plain.endpoints.news, combine: undefined } } })
    const { sources } = await routed(plain, source('a', [item('a1', 3)]), source('b', [item('b1', 2)])).request('news', {})
    expect(sources?.map(({ provider }) => provider)).toEqual(['a', 'b'])
    expect((await routed(source('a', down), source('b', down), plain).request('news', {})).provider).toBe('plain')
  })

  it('is new where one source was asked, though another gave its own last answer again', async () => {
    const clock = fakeClock(Date.UTC(2026, 10, 1))
    const [a, b] = [source('a', [item('a1', 3)], { reuseMs: 3_600_000 }), source('b', [item('b1', 2)])]
    const router = new ProviderRouter({ providers: [a, b], clock, retries: 0 })
    await router.request('news', {})
    await clock.advance(600_000)
    expect(await router.request('news', {})).toMatchObject({ source: 'network', ageMs: 600_000 })
    expect([a.asked, b.asked]).toEqual([1, 2])
  })

  it('that was kept is not given again once one of its sources left the pool or the router', async () => {
    const [a, b, c] = [source('a', [item('a1', 3)]), source('b', [item('b1', 2)]), source('c', [item('c1', 1)])]
    const router: ProviderRouter = new ProviderRouter({
      providers: [a, b, c],
      pools: { p: { members: ['a', 'b', 'c'] } },
      clock: fakeClock(Date.UTC(2026, 10, 1)),
      retries: 0,
    })
    const ids = async (options = {}) => (await router.request('news', {}, options)).data.map(({ id }) => id)
    expect([await ids(), await ids({ pool: 'p' })]).toEqual([
      ['a1', 'b1', 'c1'],
      ['a1', 'b1', 'c1'],
    ])
    router.pool('p').remove('b')
    expect(await ids({ pool: 'p' })).toEqual(['a1', 'c1'])
    router.setProviders([a, b])
    expect(await ids()).toEqual(['a1', 'b1'])
  })

  it('of one provider is what it gave, and another list than that of all', async () => {
    const router = routed(source('a', [item('a1', 3)]), source('b', [item('b1', 2)]))
    const one = await router.request('news', {}, { gather: 1 })
    expect(one.data.map(({ id }) => id)).toEqual(['a1'])
    expect(one).not.toHaveProperty('sources')
    expect((await router.request('news', {}, { only: ['b'] })).data.map(({ id }) => id)).toEqual(['b1'])
    expect((await router.request('news', {})).data).toHaveLength(2)
    expect((await router.request('news', {})).source).toBe('cache')
  })

  it('asks no more at once than it is told', async () => {
    const all = ['a', 'b', 'c', 'd'].map((id, i) => source(id, [item(id, i + 1)]))
    const { sources } = await routed(...all).request('news', {}, { gather: 3 })
    expect(sources).toHaveLength(3)
    expect(all.map(({ asked }) => asked)).toEqual([1, 1, 1, 0])
  })

  it('is that of the first where the author of a provider slipped', async () => {
    const { data, provider } = await routed(source('slip', [item('s', 3)]), source('b', [item('b1', 2)])).request('news', {})
    expect({ provider, ids: data.map(({ id }) => id) }).toEqual({ provider: 'slip', ids: ['s'] })
  })

  it.each([0, 51, 1.5])('refuses gather: %d, naming the value', async (gather) => {
    await expect(routed(source('a', [])).request('news', {}, { gather })).rejects.toThrow(`got ${gather}`)
  })

  it('about symbols is no batch of markets', async () => {
    const router = routed(source('a', [item('a1', 3)], { dollarQuote: 'USDT' }))
    expect((await router.request('news', { symbols: ['BTC', 'HOT'] })).data).toHaveLength(1)
  })
})
