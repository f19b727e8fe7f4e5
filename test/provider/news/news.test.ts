import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadResponseError } from '../../../src/errors.js'
import { canonicalUrl, type NewsCandidate, newsItems } from '../../../src/provider/news/news.js'
import type { Row } from '../../../src/provider/rows.js'
import { faultOf } from '../../../src/testing/sound.js'
import { NOW } from '../../support/ask.js'

const HOUR = 3_600_000
const candidate = (row: Row): NewsCandidate => row as unknown as NewsCandidate
const row = (n: number, more: object = {}) => ({ id: `n${n}`, title: `Title ${n}`, url: `https://news.example/${n}`, publishedAt: NOW - n * HOUR, ...more })
const items = (rows: readonly unknown[], params = {}) => newsItems(rows, candidate, params, NOW)
const idsOf = async (...asked: Parameters<typeof items>) => (await items(...asked)).map(({ id }) => id)

describe('newsItems', () => {
  it('makes an article of what is there, and leaves out what is not', async () => {
    expect(
      await items([
        row(1, {
          publisher: ' The <b>News</b> ',
          summary: '<p>Quiet &amp; calm</p>',
          imageUrl: 'https://images.example/a.png?w=1&utm_x=2',
          symbols: ['btc', 'BTC', 7, 'a b'],
        }),
        row(2, { id: undefined, summary: '<img src="x">', imageUrl: 'data:image/png;base64,AAAA', symbols: [] }),
      ]),
    ).toStrictEqual([
      {
        id: 'n1',
        title: 'Title 1',
        url: 'https://news.example/1',
        publisher: 'The News',
        publishedAt: NOW - HOUR,
        summary: 'Quiet & calm',
        imageUrl: 'https://images.example/a.png?w=1&utm_x=2',
        symbols: ['BTC'],
      },
      { id: 'https://news.example/2', title: 'Title 2', url: 'https://news.example/2', publisher: 'news.example', publishedAt: NOW - 2 * HOUR },
    ])
  })

  it.each([
    ['title', ''],
    ['title', '<p></p>'],
    ['title', undefined],
    ['url', 'javascript:alert(1)'],
    ['url', '/relative'],
    ['url', undefined],
    ['publishedAt', 'yesterday'],
    ['publishedAt', undefined],
    ['publishedAt', NOW + 25 * HOUR],
    ['publishedAt', NOW / 1_000],
  ])('leaves out an article whose %s is %j, and keeps the others', async (name, value) => {
    expect(await idsOf([row(1, { [name]: value }), row(2), null, 'text'])).toEqual(['n2'])
    await expect(items([row(1, { [name]: value })])).rejects.toThrow(BadResponseError)
  })

  it('takes an empty list for no news, and a list of nothing usable for a failure', async () => {
    expect(await items([])).toEqual([])
    await expect(items([null, {}])).rejects.toThrow(BadResponseError)
  })

  it('does not hide what is broken in the code that reads a row', async () => {
    const slip = () => {
      throw new TypeError('a slip')
    }
    await expect(newsItems([row(1)], slip, {}, NOW)).rejects.toThrow(TypeError)
  })

  it('gives the newest first, fifty where nobody says how many', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => row(60 - i))
    expect((await idsOf(rows)).slice(0, 3)).toEqual(['n1', 'n2', 'n3'])
    expect([(await items(rows)).length, (await items(rows, { limit: 55 })).length]).toEqual([50, 55])
    expect(await idsOf(rows, { limit: 1 })).toEqual(['n1'])
  })

  it('keeps an article of a publisher whose clock is a little ahead', async () => {
    expect(await idsOf([row(1), row(2, { publishedAt: NOW + 2 * HOUR })])).toEqual(['n2', 'n1'])
  })

  it('finds the asked assets in tags, title and summary, before it counts', async () => {
    const rows = [row(1), row(2, { title: 'Solana up' }), row(3, { symbols: ['sol'] }), row(4, { summary: 'on $SOL' }), row(5, { title: 'Bitcoin up' })]
    expect(await idsOf(rows, { symbols: ['SOL'], limit: 2 })).toEqual(['n2', 'n3'])
    expect(await idsOf(rows, { symbols: ['SOL', 'BTC'] })).toEqual(['n2', 'n3', 'n4', 'n5'])
    expect(await idsOf(rows, { symbols: ['XRP'] })).toEqual([])
    expect((await idsOf(rows, { symbols: [] })).length).toBe(5)
  })

  it('uses no id that could be more than one', async () => {
    const idOf = async (id: unknown) => (await items([row(1, { id })]))[0]?.id
    expect(await Promise.all(['<script>', 'a b', '', null, Number.NaN, 'x'.repeat(301)].map(idOf))).toEqual(Array(6).fill('https://news.example/1'))
    expect(await Promise.all([42, 'https://x.example/?p=1', 'urn:uuid:1'].map(idOf))).toEqual(['42', 'https://x.example/?p=1', 'urn:uuid:1'])
  })

  it('gives an article once that stands in a list twice: as it was published first', async () => {
    const [again, first] = [row(1, { id: 'n', url: 'https://news.example/a?utm_source=x' }), row(2, { id: 'n', url: 'https://news.example/a' })]
    for (const rows of [
      [again, first],
      [first, again],
    ])
      expect((await items(rows)).map(({ title }) => title)).toEqual(['Title 2'])
    expect(await items([row(1, { url: 'https://news.example/live' }), row(2, { url: 'https://news.example/live' })])).toHaveLength(2)
  })

  it('reads dates as feeds write them', async () => {
    expect((await items([row(1, { publishedAt: 'Mon, 07 Sep 2026 12:43:50 EST' })]))[0]?.publishedAt).toBe(Date.UTC(2026, 8, 7, 17, 43, 50))
  })

  it('gives sound articles or a failure of its own, whatever stands in the rows', async () => {
    const value = fc.oneof(fc.anything(), fc.webUrl(), fc.string(), fc.constantFrom(NOW, 'Mon, 07 Sep 2026 12:43:50 +0000', '<b>x</b>', ['BTC']))
    const rows = fc.array(
      fc.record({ id: value, title: value, url: value, publisher: value, publishedAt: value, summary: value, imageUrl: value, symbols: fc.array(value) }),
    )
    await fc.assert(
      fc.asyncProperty(rows, async (some) => {
        const made = await items(some).catch((error: unknown) => error)
        expect(BadResponseError.is(made) ? undefined : faultOf('news', made)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })
})

describe('canonicalUrl', () => {
  it.each([
    ['https://Example.COM/A/b?utm_source=rss&utm_medium=x#top', 'https://example.com/A/b'],
    ['https://example.com/a?id=7&fbclid=x&gclid=y&mc_cid=z&ref=q', 'https://example.com/a?id=7'],
    ['https://example.com/a?q=%20x+y', 'https://example.com/a?q=%20x+y'],
    ['https://example.com/a?t=b:c,%20d&utm_source=x&flag', 'https://example.com/a?t=b:c,%20d&flag'],
    ['https://example.com/a?%75tm_source=x&s=%zz', 'https://example.com/a?s=%zz'],
    ['https://example.com/a?id=7&amp;utm_source=x&#038;b=1&amp;#38;c=2', 'https://example.com/a?id=7&b=1&c=2'],
    ['https://example.com/a?at_medium=RSS&at_campaign=x&_ga=1&mkt_tok=y&guccounter=1', 'https://example.com/a'],
    ['https://example.com/a?', 'https://example.com/a'],
    ['https://example.com:443/a/', 'https://example.com/a/'],
    ['http://example.com', 'http://example.com/'],
    [' https://example.com/a\n', 'https://example.com/a'],
    ['https://example.com/a?reference=7&preferred=1', 'https://example.com/a?reference=7&preferred=1'],
  ])('%s is %s', (url, canonical) => {
    expect(canonicalUrl(url)).toBe(canonical)
  })

  it.each([
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    ' JavaScript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://example.com/a',
    'blob:https://example.com/1',
    '//example.com/a',
    '/a',
    'example.com/a',
    'https://user:password@example.com/a',
    'https://user@example.com/a',
    'https://',
    '',
    `https://example.com/${'a'.repeat(3_000)}`,
    7,
    null,
    undefined,
    {},
  ])('is nothing for %j', (url) => {
    expect(canonicalUrl(url)).toBeUndefined()
  })

  it('leaves nothing in an address that could end an attribute, and changes it once only', () => {
    const tail = fc.array(fc.constantFrom('"', '<', '>', "'", ' ', '?', '&', '#', '=', 'a', 'utm_x=', '%', '\\', '\n'), { maxLength: 20 })
    fc.assert(
      fc.property(tail, (parts) => {
        const url = canonicalUrl(`https://example.com/${parts.join('')}`)
        expect(url).toMatch(/^https:\/\/example\.com\/[^"<>\s#]*$/)
        expect(canonicalUrl(url)).toBe(url)
      }),
      { examples: [[['?', '?', '?', '"']], [['?', '"', '&', '?', '?']]] }, // each pass took a question mark
    )
  })
})
