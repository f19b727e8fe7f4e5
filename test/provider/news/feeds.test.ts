import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../../src/errors.js'
import type { NewsItem } from '../../../src/model/insight.js'
import { feedProvider } from '../../../src/provider/news/feeds.js'
import { NOW, requestOf } from '../../support/ask.js'
import { newsOf } from '../../support/feed.js'

const FACTS = { id: 'acme', name: 'Acme News', homepage: 'https://acme.example', docs: 'https://acme.example/feeds' }
const provider = feedProvider({ ...FACTS, url: 'https://acme.example/feeds/all.xml?lang=en' })
const read = (body: unknown, params = {}): Promise<NewsItem[]> => newsOf(provider, body, params)
const DATE = 'Sun, 01 Nov 2026 11:00:00 +0000'
const HOUR_AGO = NOW - 3_600_000
const item = (more: string, title = '<title>One</title>') => `<item>${title}<link>https://acme.example/1</link><pubDate>${DATE}</pubDate>${more}</item>`
const channel = (items: string) =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Acme &amp; Co</title>${items}</channel></rss>`
const basic = { title: 'One', url: 'https://acme.example/1', publisher: 'Acme & Co', publishedAt: HOUR_AGO }

describe('feedProvider', () => {
  it('asks for its feed as text, only where it is new, with a name, and reads so much at most', () => {
    expect(requestOf(provider, 'news', {})).toEqual({
      path: 'feeds/all.xml?lang=en',
      as: 'text',
      conditional: true,
      maxBytes: 5_000_000,
      headers: {
        accept: 'application/rss+xml, application/atom+xml, application/xml, text/xml',
        'user-agent': 'feedmux (+https://www.npmjs.com/package/feedmux)',
      },
    })
    expect([provider.hosts, provider.limits]).toEqual([['https://acme.example'], [{ requests: 1, perMs: 60_000, scope: 'ip' }]])
  })

  it('is off where there is no address', () => {
    const nowhere = feedProvider(FACTS)
    expect([nowhere.enabled, nowhere.hosts, provider.enabled]).toEqual([false, undefined, undefined])
  })

  it('reads RSS', async () => {
    const more =
      '<guid isPermaLink="false">acme-1</guid><description><![CDATA[<p>Some <b>words</b></p>]]></description><category>Markets</category><category><![CDATA[Bitcoin]]></category><media:thumbnail url="https://acme.example/1.png"/>'
    expect(await read(channel(item(more, '<title><![CDATA[One &amp; <b>only</b>]]></title>')))).toStrictEqual([
      { ...basic, id: 'acme-1', title: 'One & only', summary: 'Some words', imageUrl: 'https://acme.example/1.png', symbols: ['BTC'] },
    ])
  })

  it.each([
    ['an enclosure', '<enclosure url="https://acme.example/a.jpg" length="1" type="image/jpeg"/>'],
    ['media content', '<media:content url="https://acme.example/a.jpg" medium="image"/>'],
    ['media content of a type', '<media:content url="https://acme.example/a.jpg" type="image/*"/>'],
    ['a media group', '<media:group><media:content url="https://acme.example/a.jpg" type="image/jpeg"/></media:group>'],
    ['a thumbnail', '<media:thumbnail url="https://acme.example/a.jpg"/>'],
    [
      'the thumbnail of a film',
      '<media:content url="https://acme.example/a.mp4" type="video/mp4"><media:thumbnail url="https://acme.example/a.jpg"/></media:content>',
    ],
  ])('takes the picture out of %s', async (_, more) => {
    expect((await read(channel(item(more))))[0]?.imageUrl).toBe('https://acme.example/a.jpg')
  })

  it('takes no sound and no film for a picture', async () => {
    const more = '<enclosure url="https://acme.example/a.mp3" length="1" type="audio/mpeg"/><media:content url="https://acme.example/a.mp4" medium="video"/>'
    expect((await read(channel(item(more))))[0]).not.toHaveProperty('imageUrl')
  })

  it('takes an id for the address where there is no other, unless it says that it is none', async () => {
    const without = (guid: string) => channel(`<item><title>One</title>${guid}<pubDate>${DATE}</pubDate></item>${item('')}`)
    expect((await read(without('<guid>https://acme.example/2</guid>'))).map(({ url }) => url)).toEqual(['https://acme.example/2', 'https://acme.example/1'])
    expect((await read(without('<guid isPermaLink="false">https://acme.example/2</guid>'))).map(({ url }) => url)).toEqual(['https://acme.example/1'])
  })

  it('reads RSS that is not quite right: no version, no title, dates of Dublin Core, controls', async () => {
    const sloppy = `<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><title>One\u0001\u0000</title><link>https://acme.example/1</link><dc:date>2026-11-01T11:00:00Z</dc:date></item></channel></rss>`
    expect(await read(sloppy)).toStrictEqual([{ ...basic, id: basic.url, publisher: 'acme.example' }])
  })

  it.each([
    ['BTC < $60k', 'BTC < $60k'],
    ['I <3 AT&T & co', 'I <3 AT&T & co'],
    ['<![CDATA[BTC < $60k & falling]]>', 'BTC < $60k & falling'],
    ['<![CDATA[A &amp; B&#8217;s]]>', 'A & B’s'],
    ['A &amp;amp; B&amp;#8217;s', 'A & B’s'],
    ['A&nbsp;B &rsquo;s', 'A B ’s'],
  ])('reads the title %s as %s', async (written, title) => {
    expect((await read(channel(item('', `<title>${written}</title>`))))[0]?.title).toBe(title)
  })

  it('gives an article once that stands in a feed twice', async () => {
    expect(await read(channel(item('') + item('')))).toHaveLength(1)
  })

  it('reads an address that was encoded for HTML where nobody decodes it', async () => {
    const link = '<link><![CDATA[https://acme.example/1?id=7&amp;utm_source=rss&#038;utm_medium=x]]></link>'
    expect((await read(channel(`<item><title>One</title>${link}<pubDate>${DATE}</pubDate></item>`)))[0]?.url).toBe('https://acme.example/1?id=7')
  })

  it('reads Atom', async () => {
    const atom = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Acme &amp; Co</title><id>urn:acme</id><updated>2026-11-01T11:30:00Z</updated>
      <entry><id>urn:acme:1</id><title type="html">One &amp;amp; &lt;b&gt;only&lt;/b&gt;</title><link rel="self" href="https://acme.example/1.atom"/><link rel="alternate" type="text/html" href="https://acme.example/1"/>
      <link rel="enclosure" type="image/png" href="https://acme.example/1.png"/><published>2026-11-01T11:00:00Z</published><updated>2026-11-01T11:30:00Z</updated>
      <summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Some <b>words</b></div></summary><category term="ethereum"/></entry>
      <entry><id>urn:acme:2</id><title>Two</title><link href="https://acme.example/2"/><updated>2026-11-01T10:00:00Z</updated></entry></feed>`
    expect(await read(atom)).toStrictEqual([
      { ...basic, id: 'urn:acme:1', title: 'One & only', summary: 'Some words', imageUrl: 'https://acme.example/1.png', symbols: ['ETH'] },
      { ...basic, id: 'urn:acme:2', title: 'Two', url: 'https://acme.example/2', publishedAt: NOW - 7_200_000 },
    ])
  })

  it('reads RDF', async () => {
    const rdf = `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://acme.example"><title>Acme &amp; Co</title><link>https://acme.example</link><description>News</description></channel>
      <item rdf:about="https://acme.example/1"><title>One</title><link>https://acme.example/1</link><description>Some words</description><dc:date>2026-11-01T11:00:00Z</dc:date></item></rdf:RDF>`
    expect(await read(rdf)).toStrictEqual([{ ...basic, id: basic.url, summary: 'Some words' }])
  })

  it('reads JSON Feed', async () => {
    const json = {
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Acme & Co',
      items: [
        {
          id: 'acme-1',
          url: 'https://acme.example/1',
          title: 'One',
          summary: 'Some words',
          date_published: '2026-11-01T11:00:00Z',
          image: 'https://acme.example/1.png',
          tags: ['BTC', 'x'],
        },
      ],
    }
    expect(await read(JSON.stringify(json))).toStrictEqual([
      { ...basic, id: 'acme-1', summary: 'Some words', imageUrl: 'https://acme.example/1.png', symbols: ['BTC'] },
    ])
  })

  it('calls the publisher what the feed is called, unless it is told another name', async () => {
    const named = feedProvider({ ...FACTS, url: 'https://acme.example/', publisher: 'Acme' })
    const [one] = await newsOf(named, channel(item('')))
    expect(one?.publisher).toBe('Acme')
  })

  it('filters and counts', async () => {
    const items = ['Bitcoin up', 'Ether up', 'Bitcoin down']
      .map((title) => item(`<guid isPermaLink="false">${title.length}</guid>`, `<title>${title}</title>`))
      .join('')
    expect((await read(channel(items), { symbols: ['BTC'] })).map(({ title }) => title)).toEqual(['Bitcoin up', 'Bitcoin down'])
    expect((await read(channel(items), { limit: 1 })).map(({ title }) => title)).toEqual(['Bitcoin up'])
  })

  it('has no news where the feed has none, but fails where it has only what can not be read', async () => {
    expect(await read(channel(''))).toEqual([])
    expect(await read('{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[]}')).toEqual([])
    await expect(read(channel('<item/>'))).rejects.toThrow('articles that can be read expected')
    await expect(read('{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[7]}')).rejects.toThrow('articles that can be read expected')
  })

  it.each([
    ['an HTML page', '<!doctype html><html><head><title>Just a moment…</title></head><body><p>Checking your browser</p></body></html>', 'an HTML page'],
    ['a text', 'Too many requests', 'something else'],
    ['JSON of another kind', '{"error":"gone"}', 'something else'],
    ['the beginning of a feed', channel(item('')).slice(0, 150), 'something else'],
    ['an OPML list', '<?xml version="1.0"?><opml version="2.0"><body><outline text="x"/></body></opml>', 'something else'],
  ])('refuses %s, and says which it was', async (_, body, kind) => {
    await expect(read(body)).rejects.toThrow(new BadResponseError(`feed: RSS, Atom, RDF or JSON Feed expected, got ${kind}`))
  })

  it.each(['', undefined, null, 7, {}])('refuses %j', async (body) => {
    await expect(async () => read(body)).rejects.toThrow(BadResponseError)
  })
})
