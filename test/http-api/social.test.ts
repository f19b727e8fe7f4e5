import { describe, expect, it } from 'vitest'
import { coinsIn } from '../../src/http-api/insight/topics.js'
import { fakeProvider } from '../../src/testing/index.js'
import { NOW, provider, reader, served, ticking } from './insight/served.js'

const HOUR = 3_600_000
const posts = (titles: readonly (readonly [title: string, hoursAgo: number])[]) =>
  provider('forum', 'posts', ({ limit = 25 }) =>
    titles.map(([title, hours], i) => ({ id: `${i}`, title, url: `https://forum.test/${i}`, at: NOW - hours * HOUR })).slice(0, limit),
  )

const talk = [
  ['Bitcoin goes up', 1],
  ['BTC and Ethereum up again', 2],
  ['ETH is down, Solana too', 3],
  ['Nothing about coins', 4],
  ['$WIF up', 30],
  ['Bitcoin down', 100],
] as const

describe('the coins that a text speaks of', () => {
  it.each([
    ['Bitcoin and ether', ['BTC', 'ETH']],
    ['$WIF is here', ['WIF']],
    ['one link near the top', []],
    ['Bitcoin Cash forks', ['BCH']],
    ['$NOSUCHCOIN', []],
  ])('%s', (text, coins) => {
    expect(coinsIn(text)).toEqual(coins)
  })
})

describe('/api/social/trending', () => {
  it('counts coins in real posts, with how those sound and what else they speak of', async () => {
    const { body } = await served([posts(talk), reader()]).ask('/api/social/trending?limit=3')
    expect(body).toMatchObject({
      trending_topics: [
        { rank: 1, topic: 'BTC', mention_count: 3, sentiment: 'bullish', sentiment_score: 0.2667, related_coins: ['ETH'] },
        { rank: 2, topic: 'ETH', mention_count: 2, sentiment: 'neutral', sentiment_score: 0, related_coins: ['BTC', 'SOL'] },
        { rank: 3, topic: 'SOL', mention_count: 1, sentiment: 'bearish', related_coins: ['ETH'] },
      ],
      statistics: { total_topics: 4, total_mentions: 7, posts_with_topics: 5, average_sentiment: 0.16 },
      sources: ['forum'],
    })
  })

  it('says nothing of how they sound where nobody reads texts', async () => {
    const { body } = await served([posts(talk)]).ask('/api/social/trending?limit=1')
    expect(body).toMatchObject({
      trending_topics: [{ topic: 'BTC', mention_count: 3, sentiment: null, sentiment_score: null }],
      statistics: { average_sentiment: null },
    })
  })

  it('is 503 where nobody gives posts, 400 for a limit out of 1 to 50', async () => {
    expect((await served([reader()]).ask('/api/social/trending')).status).toBe(503)
    for (const limit of [0, 51]) expect((await served([posts(talk)]).ask(`/api/social/trending?limit=${limit}`)).status).toBe(400)
  })
})

const network = (sentimentPercent: number) =>
  provider('network', 'social', ({ asset }) => ({ asset, sentimentPercent, posts24h: 1_234, interactions24h: 99_000 }))

describe('/api/social/sentiment', () => {
  it('puts platforms side by side, and posts into their time', async () => {
    const { body } = await served([posts(talk), reader(), network(90)]).ask('/api/social/sentiment?coin=bitcoin')
    expect(body).toMatchObject({
      coin: 'BTC',
      timeframe: '24h',
      overall_sentiment: 'bullish',
      overall_score: 0.8,
      by_platform: {
        forum: { score: 0.8, posts: 2, interactions: null, sentiment: 'bullish' },
        network: { score: 0.8, posts: 1_234, interactions: 99_000 },
      },
      historical: [{ timestamp: new Date(NOW - 4 * HOUR).toISOString(), mentions: 2, sentiment_score: 0.8 }],
    })
  })

  it('takes other times from posts alone: figures of a network are of a day', async () => {
    const { ask } = served([posts(talk), reader(), network(90)])
    const { body } = await ask('/api/social/sentiment?coin=BTC&timeframe=7d')
    expect(body).toMatchObject({ overall_score: 0.2667, by_platform: { forum: { posts: 3 } } })
    expect(Object.keys(body['by_platform'] as object)).toEqual(['forum'])
    expect(body['historical']).toHaveLength(2)
    expect((await ask('/api/social/sentiment?coin=SOL&timeframe=1h')).body).toMatchObject({ overall_sentiment: null, overall_score: null, historical: [] })
  })

  it('says how far back the posts reach, and reads the newest whatever their order', async () => {
    const shuffled = [talk[1], talk[3], talk[0], talk[2]] as const
    const { ask } = served([posts(shuffled), reader()])
    const { body } = await ask('/api/social/sentiment?coin=BTC&timeframe=7d')
    expect(body).toMatchObject({ posts_since: new Date(NOW - 4 * HOUR).toISOString(), by_platform: { forum: { posts: 2 } } })
    expect((await ask('/api/social/sentiment?coin=BTC&timeframe=1h')).body).toMatchObject({ posts_since: new Date(NOW - HOUR).toISOString() })
    expect((await served([network(25)]).ask('/api/social/sentiment?coin=ETH')).body).toMatchObject({ posts_since: null })
    const many = Array.from({ length: 60 }, (_, i) => [i < 10 ? 'BTC is down' : 'BTC goes up', 60 - i] as const)
    const late = await served([posts(many), reader()]).ask('/api/social/trending')
    expect(late.body).toMatchObject({ trending_topics: [{ topic: 'BTC', mention_count: 60, sentiment_score: 0.8 }] })
  })

  it('does with one of the two', async () => {
    const { body } = await served([network(25)]).ask('/api/social/sentiment?coin=ETH')
    expect(body).toMatchObject({ coin: 'ETH', overall_score: -0.5, overall_sentiment: 'bearish', historical: [] })
  })

  it('is 503 where nobody knows, 400 for another time', async () => {
    expect((await served([reader()]).ask('/api/social/sentiment?coin=BTC')).status).toBe(503)
    expect((await served([network(50)]).ask('/api/social/sentiment?timeframe=2h')).status).toBe(400)
  })
})

describe('/api/events', () => {
  it('is 503 by default: no provider of feedmux has events, and none are made up', async () => {
    const { status, body } = await served([ticking({})]).ask('/api/events')
    expect([status, body['error']]).toEqual([503, expect.stringMatching(/no provider is configured for events/)])
  })

  it.each(['days=0', 'days=91', 'type=', 'coin=%00'])('refuses %s before that', async (query) => {
    expect((await served([ticking({})]).ask(`/api/events?${query}`)).status).toBe(400)
  })

  it('counts whatever words a provider has for importance', async () => {
    const rows = ['__proto__', 'constructor', 'constructor'].map((importance) => ({ title: 'Fork', date: '2026-12-01', importance }))
    const { body } = await served([fakeProvider('calendar', { answers: { events: () => rows } as never })]).ask('/api/events')
    expect(Object.entries(body['by_importance'] as object)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ])
  })

  it("serves those of a provider of one's own", async () => {
    const rows = [{ title: 'Fork', date: '2026-12-01', importance: 'high' }, { title: 'Talk', date: '2026-12-02' }, { nonsense: true }]
    const calendar = fakeProvider('calendar', { answers: { events: () => rows } as never })
    const { body } = await served([calendar]).ask('/api/events?coin=bitcoin&type=fork&days=60')
    expect(body).toMatchObject({ count: 2, by_importance: { high: 1 }, filters: { coin: 'BTC', type: 'fork', days: 60 }, provider: 'calendar' })
    expect((calendar.asked as readonly { params: unknown }[])[0]?.params).toEqual({ coin: 'BTC', type: 'fork', days: 60 })
    expect(body['events']).toEqual(rows.slice(0, 2))
  })
})
