import { describe, expect, it } from 'vitest'
import { ProviderRouter } from '../../src/index.js'
import { rss } from '../../src/providers/rss.js'
import { describeProvider } from '../../src/testing/index.js'
import { DATES, feedProof, TIMES } from '../support/feed.js'

const items = `<item><title>One</title><link>https://www.acme.example/1</link><pubDate>${DATES[0]}</pubDate></item>`

describeProvider(
  rss,
  {
    ...feedProof('https://www.acme.example/feeds/all.xml?lang=en&lang=de', items, [
      { id: 'https://www.acme.example/1', title: 'One', url: 'https://www.acme.example/1', publisher: 'Any title', publishedAt: TIMES[0] },
    ]),
    options: { url: 'https://www.acme.example/feeds/all.xml?lang=en&lang=de' },
  },
  { describe, it },
)

describe('rss', () => {
  it('is off until it is given a feed', () => {
    expect([rss().id, rss().enabled, rss().hosts]).toEqual(['rss', false, undefined])
    expect(() => rss({ enabled: true })).toThrow('url must be the http(s) address of a feed')
  })

  it.each([
    ['https://www.example.com/feed', 'rss-example-com', 'example.com'],
    ['http://news.example.co.uk:8080', 'rss-news-example-co-uk', 'news.example.co.uk'],
    ['https://münchen.example/feed', 'rss-xn-mnchen-3ya-example', 'xn--mnchen-3ya.example'],
  ])('is called after the host of %s', (url, id, name) => {
    expect(rss({ url })).toMatchObject({ id, name })
  })

  it('takes the id and the publisher it is given, so that several stand in one router', async () => {
    const feeds = [
      rss({ url: 'https://acme.example/a' }),
      rss({ url: 'https://acme.example/b', id: 'acme-b', publisher: 'Acme' }),
      rss({ url: 'https://b.example/a' }),
    ]
    expect(feeds.map(({ id, name }) => [id, name])).toEqual([
      ['rss-acme-example', 'acme.example'],
      ['acme-b', 'Acme'],
      ['rss-b-example', 'b.example'],
    ])
    const router = new ProviderRouter({ providers: feeds })
    expect(router.plan('news', {}).candidates).toHaveLength(3)
    await router.close()
  })

  it.each(['acme.example/feed', '/feed', 'javascript:alert(1)', 'file:///etc/passwd', '', 'https://', null, 7])(
    'refuses %j as an address, naming what to give',
    (url) => {
      expect(() => rss({ url: url as string })).toThrow("rss: url must be the http(s) address of a feed, like 'https://example.com/feed.xml'")
    },
  )

  it('refuses credentials in an address without repeating them', () => {
    const make = () => rss({ url: 'https://me:a-password@acme.example/feed' })
    expect(make).toThrow('without credentials')
    expect(make).not.toThrow('a-password')
  })

  it('refuses an id that is none', () => {
    expect(() => rss({ url: 'https://acme.example/feed', id: 'My Feed' })).toThrow('id must be kebab-case')
  })
})
