import { describe, expect, it } from 'vitest'
import { gdelt } from '../../src/providers/gdelt.js'
import { describeProvider } from '../../src/testing/index.js'
import { NOW, sent } from '../support/ask.js'
import { newsOf } from '../support/feed.js'

const provider = gdelt()
const DOC = 'https://api.gdeltproject.org/api/v2/doc/doc'
const THROTTLED = 'Please limit requests to one every 5 seconds or contact somebody@example.com for larger queries.'
const article = {
  url: 'https://www.daily.example/markets/quiet?utm_source=x',
  url_mobile: '',
  title: 'Bitcoin \' s price , up 3 . 5 % ( again ) : " why " ?',
  seendate: '20261101T110000Z',
  socialimage: 'https://images.example/quiet.jpg',
  domain: 'daily.example',
  language: 'English',
  sourcecountry: 'United States',
}
const { url: _, ...lost } = article
const of = (...articles: unknown[]) => JSON.stringify({ articles })
const item = {
  id: 'https://www.daily.example/markets/quiet',
  title: 'Bitcoin\'s price, up 3.5% (again): " why "?',
  url: 'https://www.daily.example/markets/quiet',
  publisher: 'daily.example',
  publishedAt: NOW - 3_600_000,
  imageUrl: 'https://images.example/quiet.jpg',
}
const titleOf = async (title: string) => (await newsOf(provider, of({ ...article, title })))[0]?.title

describeProvider(
  gdelt,
  {
    answers: [
      {
        capability: 'news',
        params: { limit: 5 },
        url: `${DOC}?query=(bitcoin OR ethereum OR cryptocurrency) sourcelang:english&mode=artlist&format=json&maxrecords=5&timespan=24h&sort=datedesc`,
        sentHeaders: { 'user-agent': 'feedmux (+https://www.npmjs.com/package/feedmux)' },
        body: of({ ...article, url: `${item.url}/2`, seendate: '20261101100000', socialimage: '', domain: '' }, article),
        data: [item, { id: `${item.url}/2`, title: item.title, url: `${item.url}/2`, publisher: 'daily.example', publishedAt: NOW - 7_200_000 }],
        drifted: of(lost),
      },
    ],
    errors: [
      { says: 'Please limit requests, in a 200', body: THROTTLED, reason: 'rate-limited' },
      { says: 'Please limit requests', status: 429, headers: { 'retry-after': '7' }, body: THROTTLED, reason: 'rate-limited', retryAfterMs: 7_000 },
      { says: 'keywords too short', body: 'One or more of your keywords were too short, too long or too common: (x:0)', reason: 'bad-request' },
      { says: 'illegal character', body: 'One or more of your keywords contained an illegal character.', reason: 'bad-request' },
      { says: 'query too long', body: 'Your query was too short or too long.', reason: 'bad-request' },
      { says: 'brackets', body: "Parentheses may only be used around OR'd statements.", reason: 'bad-request' },
      { says: 'a text that nobody knows', body: 'Something went wrong', reason: 'bad-response' },
      { says: 'a text that nobody knows, failing', status: 500, body: 'Something went wrong', reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('gdelt', () => {
  it('is a last resort, asked once in ten seconds', () => {
    expect([provider.role, provider.limits]).toEqual(['last-resort', [{ requests: 1, perMs: 10_000, scope: 'ip' }]])
  })

  it('takes {} for no news', async () => {
    expect(await newsOf(provider, '{}')).toEqual([])
    expect(await newsOf(provider, of())).toEqual([])
  })

  it('reads JSON that is not quite right', async () => {
    const body = of(article).replace('Bitcoin', String.raw`Bit\coin\'s` + '\n\u0001 \\u0026')
    expect((await newsOf(provider, body))[0]?.title).toMatch(/^Bitcoin's &/)
    const escaped = of(article).replace('Bitcoin', String.raw`a \\' b \\\" c \/ d \X`)
    expect((await newsOf(provider, escaped))[0]?.title).toMatch(/^a \\' b \\" c \/ d X/)
  })

  it.each([
    ['Fed holds rates , bitcoin slips', 'Fed holds rates, bitcoin slips'],
    ['Ether - based fund ( ETF ) : what ’ s next ?', 'Ether-based fund (ETF): what’s next?'],
    ['$ 1 , 000 in 2009', '$1,000 in 2009'],
    ['A fund - and its end', 'A fund-and its end'],
    ['Price of bitcoin on June 5 , 2026', 'Price of bitcoin on June 5, 2026'],
    ['In 2025 , 300 firms ; 1 , 234 , 567 coins', 'In 2025, 300 firms; 1,234,567 coins'],
    ['U . S . SEC sues', 'U.S. SEC sues'],
    ['Nothing to tidy', 'Nothing to tidy'],
  ])('reads %j as %j', async (title, tidied) => {
    expect(await titleOf(title)).toBe(tidied)
  })

  it('is quick with whatever stands in a title', async () => {
    const startedAt = performance.now()
    for (const part of [' ', ' ,', '( ', "a ' ", '1 , ', 'U . ', 'a - ']) await titleOf(`x${part.repeat(1_000_000 / part.length)}x`)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('asks for assets by name, in the words of its own grammar', () => {
    const queryOf = (...symbols: string[]) => new URL(sent(provider, 'news', { symbols })).searchParams.get('query')
    expect(queryOf('BTC')).toBe('bitcoin (crypto OR cryptocurrency) sourcelang:english')
    expect(queryOf('ETH', 'SHIB')).toBe('(ethereum OR ether OR "shiba inu") (crypto OR cryptocurrency) sourcelang:english')
    expect(new URL(sent(provider, 'news', {})).searchParams.get('maxrecords')).toBe('50')
  })

  it('is not asked for what it can not find', () => {
    const has = (params: object) => provider.endpoints.news.supports?.(params)
    expect([has({}), has({ symbols: ['BTC'] }), has({ symbols: ['BTC', 'NOPE'] }), has({ limit: 250 }), has({ limit: 251 })]).toEqual([
      true,
      true,
      false,
      true,
      false,
    ])
    expect(has({ symbols: ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOGE'] })).toBe(false)
  })
})
