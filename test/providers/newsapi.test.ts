import { describe, expect, it } from 'vitest'
import { newsapi } from '../../src/providers/newsapi.js'
import { describeProvider } from '../../src/testing/index.js'
import { NOW, sent } from '../support/ask.js'
import { newsOf } from '../support/feed.js'

const provider = newsapi()
const EVERYTHING = 'https://newsapi.org/v2/everything'
const article = {
  source: { id: 'daily', name: 'The Daily' },
  author: 'Somebody',
  title: 'Nothing happened',
  description: '<p>It was quiet.</p>',
  url: 'https://www.daily.example/nothing/?utm_source=newsapi',
  urlToImage: 'https://images.example/nothing.png',
  publishedAt: '2026-11-01T11:00:00Z',
  content: 'It was quiet. [+100 chars]',
}
const item = {
  id: 'https://www.daily.example/nothing/',
  title: 'Nothing happened',
  url: 'https://www.daily.example/nothing/',
  publisher: 'The Daily',
  publishedAt: NOW - 3_600_000,
  summary: 'It was quiet.',
  imageUrl: 'https://images.example/nothing.png',
}
const removed = { ...article, title: '[Removed]', description: '[Removed]', url: 'https://removed.com', urlToImage: null }
const of = (...articles: unknown[]) => ({ status: 'ok', totalResults: 4_620, articles })
const error = (code: string) => ({ status: 'error', code, message: `About ${code}.` })

describeProvider(
  newsapi,
  {
    answers: [
      {
        capability: 'news',
        params: { limit: 5 },
        url: `${EVERYTHING}?q=bitcoin OR ethereum OR cryptocurrency&language=en&sortBy=publishedAt&pageSize=5`,
        sentHeaders: { 'x-api-key': '{key}' },
        body: of(
          { ...article, url: `${item.url}2`, source: { id: null, name: null }, description: null, urlToImage: null, publishedAt: '2026-11-01T10:00:00Z' },
          removed,
          article,
        ),
        data: [item, { id: `${item.url}2`, title: item.title, url: `${item.url}2`, publisher: 'daily.example', publishedAt: NOW - 7_200_000 }],
        drifted: of({ ...article, url: null }),
      },
    ],
    errors: [
      { says: 'apiKeyMissing', status: 401, body: error('apiKeyMissing'), reason: 'unauthorized' },
      { says: 'apiKeyInvalid', status: 401, body: error('apiKeyInvalid'), reason: 'unauthorized' },
      { says: 'apiKeyDisabled', status: 401, body: error('apiKeyDisabled'), reason: 'unauthorized' },
      { says: 'apiKeyExhausted', status: 401, body: error('apiKeyExhausted'), reason: 'quota-exhausted' },
      { says: 'rateLimited', status: 429, body: error('rateLimited'), reason: 'rate-limited' },
      { says: 'parameterInvalid', status: 400, body: error('parameterInvalid'), reason: 'bad-request' },
      { says: 'parametersMissing', status: 400, body: error('parametersMissing'), reason: 'bad-request' },
      { says: 'sourcesTooMany', status: 400, body: error('sourcesTooMany'), reason: 'bad-request' },
      { says: 'maximumResultsReached', status: 426, body: error('maximumResultsReached'), reason: 'bad-request' },
      { says: 'corsNotAllowed', status: 426, body: error('corsNotAllowed'), reason: 'unauthorized' },
      { says: 'unexpectedError', status: 500, body: error('unexpectedError'), reason: 'unavailable' },
      { says: 'an error inside a 200', body: error('apiKeyInvalid'), reason: 'unauthorized' },
      { says: 'an error of another code', status: 503, body: error('anotherOne'), reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('newsapi', () => {
  it('is passed over without a key only, and counts a hundred calls a day', () => {
    expect([provider.enabled, newsapi({ apiKey: 'some-key' }).enabled, provider.key?.required]).toEqual([undefined, undefined, true])
    expect(provider.limits).toEqual([{ requests: 100, perMs: 86_400_000, scope: 'key' }])
  })

  it('has no news where there is none, or where all were taken down', async () => {
    expect([await newsOf(provider, of()), await newsOf(provider, of(removed))]).toEqual([[], []])
  })

  it('asks for assets by name, or by symbol where the name is not known', () => {
    const queryOf = (...symbols: string[]) => new URL(sent(provider, 'news', { symbols })).searchParams.get('q')
    expect(queryOf('ETH', 'NOPE')).toBe('("ethereum" OR "ether" OR "NOPE") AND (crypto OR cryptocurrency OR blockchain)')
    expect(new URL(sent(provider, 'news', {})).searchParams.get('pageSize')).toBe('50')
  })

  it('takes the word of the service for it that an article is about the asset', async () => {
    expect(await newsOf(provider, of(article), { symbols: ['BTC'] })).toHaveLength(1)
  })

  it('is not asked for more than a page or a query holds', () => {
    const has = (params: object) => provider.endpoints.news.supports?.(params)
    expect([has({}), has({ limit: 100 }), has({ limit: 101 }), has({ symbols: Array(10).fill('BTC') }), has({ symbols: Array(11).fill('BTC') })]).toEqual([
      true,
      true,
      false,
      true,
      false,
    ])
  })
})
