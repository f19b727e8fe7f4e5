import { BadResponseError } from '../errors.js'
import { combineNews } from '../provider/news/combine-news.js'
import { defineProvider } from '../provider/define-provider.js'
import { DEFAULT_NEWS, type NewsCandidate, newsItems, USER_AGENT } from '../provider/news/news.js'
import { namesOf } from '../provider/news/news-names.js'
import type { Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import type { Row } from '../provider/rows.js'

/** Most that one call brings. */
const MOST = 250
/** It refuses queries of more than some 250 characters. */
const MOST_SYMBOLS = 5

/**
 * GDELT, the index of the world's general press: headlines only, with neither summary nor assets. No key. It takes seconds, and one request in five of
 * them from an address; whoever asks sooner is refused for longer. So it is a last resort.
 */
export function gdelt(options: ProviderOptions = {}): Provider<'news'> {
  return defineProvider<'news'>(
    {
      id: 'gdelt',
      name: 'GDELT Project',
      homepage: 'https://www.gdeltproject.org',
      docs: 'https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/',
      hosts: ['https://api.gdeltproject.org/api/v2'],
      role: 'last-resort',
      // One in 5 s is what it says when refusing; its own clock is less exact.
      limits: [{ requests: 1, perMs: 10_000, scope: 'ip' }],
      attribution: { text: 'The GDELT Project', url: 'https://www.gdeltproject.org', required: true },
      probe: { capability: 'news', params: { limit: 1 } },
      endpoints: {
        news: {
          timeoutMs: 20_000, // usually it takes seconds
          // Symbols mean nothing in the general press.
          supports: ({ symbols = [], limit = 0 }) => limit <= MOST && symbols.length <= MOST_SYMBOLS && symbols.every((symbol) => namesOf(symbol).length > 0),
          request: ({ symbols = [], limit = DEFAULT_NEWS }) => ({
            path: 'doc/doc',
            query: { query: queryOf(symbols), mode: 'artlist', format: 'json', maxrecords: limit, timespan: '24h', sort: 'datedesc' },
            as: 'text',
            headers: { 'user-agent': USER_AGENT },
          }),
          // It looks into the articles, whose words are not in its answer.
          parse: (body, { limit }, { now }) => newsItems(rowsIn(body), candidateOf, { limit }, now),
          combine: combineNews,
        },
      },
      failure: ({ body }) => failureOf(body),
    },
    options,
  )
}

/** Brackets may hold nothing but alternatives. */
function queryOf(symbols: readonly string[]): string {
  const names = symbols.flatMap(namesOf).map((name) => (name.includes(' ') ? `"${name}"` : name))
  const about =
    names.length === 0 ? '(bitcoin OR ethereum OR cryptocurrency)' : `${names.length === 1 ? names[0] : `(${names.join(' OR ')})`} (crypto OR cryptocurrency)`
  return `${about} sourcelang:english`
}

const REFUSED = /^(?:one or more of your keywords|your query was too|the specified phrase|parentheses may only|boolean or's|queries containing or'd|invalid)/i

/** What it has to say it says as text, in a 200 as well, and under the content type of JSON or HTML. */
function failureOf(body: unknown): ProviderFailure | undefined {
  if (typeof body !== 'string') return undefined
  const message = body.trim().slice(0, 200)
  if (/^please limit requests to one every/i.test(message)) return { reason: 'rate-limited', message }
  return REFUSED.test(message) ? { reason: 'bad-request', message } : undefined
}

/** `{}` stands for no article. */
function rowsIn(body: unknown): unknown[] {
  const { articles } = read.object(typeof body === 'string' ? jsonOf(body) : body, 'doc')
  return read.optional(read.array, articles, 'articles') ?? []
}

/** Titles come with bare controls and backslashes in them, which JSON does not allow. */
function jsonOf(text: string): unknown {
  const repaired = text
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/\\(["\\/bfnrt]|u[\da-fA-F]{4})?/g, (whole, escape?: string) => (escape === undefined ? '' : whole))
  try {
    return JSON.parse(repaired) as unknown
  } catch {
    throw new BadResponseError('doc: JSON expected, got another text')
  }
}

const STAMP = /^(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)Z?$/

const candidateOf = (row: Row): NewsCandidate => ({
  title: typeof row.title === 'string' ? tidy(row.title) : undefined,
  url: row.url,
  publisher: row.domain,
  // when GDELT saw it, minutes after it was published
  publishedAt: read.string(row.seendate, 'seendate').replace(STAMP, '$1-$2-$3T$4:$5:$6Z'),
  imageUrl: row.socialimage,
})

/** Of a title, spaces collapsed: patterns that begin with spaces take a long row of them apart again and again. */
const MOST_TITLE = 1_000

/** It puts spaces around every mark: `Bitcoin ' s price , up 3 . 5 %`. */
const tidy = (title: string): string =>
  title
    .slice(0, MOST_TITLE)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([,;:.!?%)\]’])/g, '$1')
    .replaceAll(/([([$€£#‘]) /g, '$1')
    .replaceAll(/(\d\.) (?=\d)/g, '$1')
    .replaceAll(/(?<!\d{4},)(?<=\d,) (?=\d{3}(?!\d))/g, '')
    .replaceAll(/(?<![\p{L}.])(\p{Lu}\.) (?=\p{Lu}\.)/gu, '$1')
    .replaceAll(/(?<=\p{L}) ?(['’]) ?(?=(?:s|t|re|ve|ll|d|m)\b)/gu, '$1')
    .replaceAll(/(?<=\p{L}) - (?=\p{L})/gu, '-')
