import { describe, expect, it } from 'vitest'
import { NOW, provider, served } from './insight/served.js'

const story = (index: number, more: object = {}) => ({
  id: `n${index}`,
  title: `Title ${index}`,
  url: `https://news.test/${index}`,
  publisher: index % 2 === 0 ? 'Even Press' : 'Odd Press',
  publishedAt: NOW - index * 60_000,
  ...more,
})

const press = () =>
  provider('press', 'news', ({ limit = 25 }) =>
    [story(0, { summary: 'Short.', imageUrl: 'https://news.test/0.png', symbols: ['BTC', 'ETH'] }), story(1), story(2)].slice(0, limit),
  )

describe('/api/news/{coin}', () => {
  it.each(['BTC', 'btc', 'bitcoin', 'Bitcoin', 'BTC-USD', 'BTCUSDT'])('asks for the symbol, however the coin is written: %s', async (coin) => {
    const news = press()
    const { body } = await served([news]).ask(`/api/news/${coin}`)
    expect(body).toMatchObject({ coin: 'BTC', count: 3 })
    expect(news.asked[0]?.params).toEqual({ symbols: ['BTC'], limit: 20 })
  })

  it('tells each article, with null for what the feed does not say', async () => {
    const { body, headers } = await served([press()]).ask('/api/news/BTC?limit=2')
    expect(body).toMatchObject({
      success: true,
      count: 2,
      sources: ['Even Press', 'Odd Press'],
      timestamp: new Date(NOW).toISOString(),
      articles: [
        {
          id: 'n0',
          title: 'Title 0',
          summary: 'Short.',
          content: null,
          url: 'https://news.test/0',
          image: 'https://news.test/0.png',
          published_at: new Date(NOW).toISOString(),
          source: 'Even Press',
          categories: [],
          tags: ['BTC', 'ETH'],
        },
        { id: 'n1', summary: null, image: null, tags: [] },
      ],
    })
    expect(headers.get('cache-control')).toMatch(/s-maxage=\d+/)
  })

  it('is an empty list where there is none, and 503 where nobody gives news', async () => {
    expect((await served([provider('press', 'news', () => [])]).ask('/api/news/BTC')).body).toMatchObject({ count: 0, articles: [], sources: [] })
    expect((await served([provider('index', 'fearGreed', () => [])]).ask('/api/news/BTC')).status).toBe(503)
  })

  it.each(['/api/news/BTC?limit=0', '/api/news/BTC?limit=101', '/api/news/BTC?limit=ten', '/api/news/BTC?page=2', '/api/news/%3Cscript%3E'])(
    'refuses %s',
    async (path) => {
      expect((await served([press()]).ask(path)).status).toBe(400)
    },
  )
})
