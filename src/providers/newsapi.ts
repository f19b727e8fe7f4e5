import { combineNews } from '../provider/news/combine-news.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf, toldIn } from '../provider/failure.js'
import { DEFAULT_NEWS, type NewsCandidate, newsItems } from '../provider/news/news.js'
import { namesOf } from '../provider/news/news-names.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import type { Row } from '../provider/rows.js'

const DAY_MS = 86_400_000
/** Most of one page; the free plan gives no second. */
const MOST = 100
/** A query has at most 500 characters. */
const MOST_SYMBOLS = 10

/**
 * NewsAPI.org, the general press. Needs a key. The free plan is a day late, and its terms allow development only, never production; browsers are refused
 * on it but at localhost. For a paid plan give its `limits`.
 */
export function newsapi(options: ProviderOptions = {}): Provider<'news'> {
  return defineProvider<'news'>(
    {
      id: 'newsapi',
      name: 'NewsAPI',
      homepage: 'https://newsapi.org',
      docs: 'https://newsapi.org/docs/endpoints/everything',
      verifiedOn: '2026-11-21',
      hosts: ['https://newsapi.org/v2'],
      key: { required: true, in: 'header', name: 'X-Api-Key' },
      limits: [{ requests: 100, perMs: DAY_MS, scope: 'key' }],
      metered: true,
      probe: { capability: 'news', params: { limit: 1 } },
      endpoints: {
        news: {
          supports: ({ symbols = [], limit = 0 }) => limit <= MOST && symbols.length <= MOST_SYMBOLS,
          request: ({ symbols = [], limit = DEFAULT_NEWS }) => ({
            path: 'everything',
            query: { q: queryOf(symbols), language: 'en', sortBy: 'publishedAt', pageSize: limit },
          }),
          // It looks into the articles, of which its answer has only the beginning.
          parse: (body, { limit }, { now }) => newsItems(articlesIn(body), candidateOf, { limit }, now),
          combine: combineNews,
        },
      },
      failure: ({ body }) => failureOf(body),
    },
    options,
  )
}

/** An asset by its names, or by its symbol where they are not known; either can mean something else. */
function queryOf(symbols: readonly string[]): string {
  if (symbols.length === 0) return 'bitcoin OR ethereum OR cryptocurrency'
  const names = symbols.flatMap((symbol) => (namesOf(symbol).length > 0 ? namesOf(symbol) : [symbol]))
  return `(${names.map((name) => `"${name}"`).join(' OR ')}) AND (crypto OR cryptocurrency OR blockchain)`
}

/** What was taken down stays in the list under this title: unverified. */
const articlesIn = (body: unknown): unknown[] =>
  read.array(read.object(body, 'body').articles, 'articles').filter((article) => membersOf(article).title !== '[Removed]')

const candidateOf = ({ title, url, source, publishedAt, description, urlToImage }: Row): NewsCandidate => ({
  title,
  url,
  publisher: membersOf(source).name,
  publishedAt,
  summary: description,
  imageUrl: urlToImage,
})

// Source: https://newsapi.org/docs/errors. The last two, which come with a 426, are unverified.
const REASONS = new Map<string, ProviderFailure['reason']>([
  ['apiKeyDisabled', 'unauthorized'],
  ['apiKeyExhausted', 'quota-exhausted'],
  ['apiKeyInvalid', 'unauthorized'],
  ['apiKeyMissing', 'unauthorized'],
  ['parameterInvalid', 'bad-request'],
  ['parametersMissing', 'bad-request'],
  ['rateLimited', 'rate-limited'],
  ['sourceDoesNotExist', 'bad-request'],
  ['sourcesTooMany', 'bad-request'],
  ['unexpectedError', 'unavailable'],
  ['corsNotAllowed', 'unauthorized'],
  ['maximumResultsReached', 'bad-request'],
])

function failureOf(body: unknown): ProviderFailure | undefined {
  const { status, code, message: text } = membersOf(body)
  if (status !== 'error') return undefined
  const told = toldIn(code, text)
  const reason = REASONS.get(told.code)
  return reason && { reason, message: told.message }
}
