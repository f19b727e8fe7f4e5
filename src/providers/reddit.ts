import { BadResponseError, ConfigError, ProviderError } from '../errors.js'
import { defineProvider } from '../provider/define-provider.js'
import { type PostRow, postsOf } from '../provider/news/posts.js'
import type { Provider, ProviderOptions, QuotaReading } from '../provider/provider.js'
import { read } from '../provider/read.js'
import { type Row, rowsOf } from '../provider/rows.js'

const ID = 'reddit'
const SITE = 'https://www.reddit.com'
const MOST = 100 // posts of one page
const WINDOW_MS = 600_000

/** Options of `reddit()`, beside those that every provider takes. */
export interface RedditOptions extends ProviderOptions {
  /** Whose posts are given; several are joined by a plus: `'Bitcoin+ethereum'`. @default 'CryptoCurrency' */
  readonly subreddit?: string | undefined
  /** Reddit blocks whoever does not say what asks it: `'<platform>:<app>:<version> (by /u/<name>)'`. @default 'web:feedmux:1 (https://www.npmjs.com/package/feedmux)' */
  readonly userAgent?: string | undefined
}

/**
 * New posts of a subreddit. Its key is an OAuth access token, which is good for a day: give a function that fetches one, and keeps it for as long as
 * it lasts, with the id and the secret of an app of yours (reddit.com/prefs/apps).
 *
 * ```ts
 * let token: { value: string; until: number } | undefined
 * const provider = reddit({
 *   apiKey: async () => {
 *     if (token && token.until > Date.now()) return token.value
 *     const response = await fetch('https://www.reddit.com/api/v1/access_token', {
 *       method: 'POST',
 *       headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}`, 'user-agent': userAgent },
 *       body: new URLSearchParams({ grant_type: 'client_credentials' }),
 *     })
 *     const { access_token, expires_in } = await response.json()
 *     token = { value: access_token, until: Date.now() + (expires_in - 60) * 1_000 }
 *     return access_token
 *   },
 *   userAgent,
 * })
 * ```
 */
export function reddit({
  subreddit = 'CryptoCurrency',
  userAgent = 'web:feedmux:1 (https://www.npmjs.com/package/feedmux)',
  ...options
}: RedditOptions = {}): Provider<'posts'> {
  if (!/^\w+(\+\w+)*$/.test(subreddit)) throw new ConfigError(`${ID}: subreddit must be a name without r/, or several joined by +, got '${subreddit}'`)
  return defineProvider<'posts'>(
    {
      id: ID,
      name: 'Reddit',
      homepage: SITE,
      docs: 'https://support.reddithelp.com/hc/en-us/articles/16160319875092-Reddit-Data-API-Wiki',
      verifiedOn: '2026-11-21',
      hosts: ['https://oauth.reddit.com'],
      // 100 a minute for each app, averaged over ten.
      limits: [{ requests: 1_000, perMs: WINDOW_MS, scope: 'key' }],
      key: { required: true, in: 'header', name: 'Authorization', prefix: 'Bearer ' },
      probe: { capability: 'posts', params: { limit: 1 } },
      endpoints: {
        posts: {
          supports: ({ limit = 0 }) => limit <= MOST,
          // All of a page, since some of them are not shown. Without raw_json the texts are escaped for HTML.
          request: () => ({ path: `r/${subreddit}/new`, query: { limit: MOST, raw_json: 1 }, headers: { 'user-agent': userAgent } }),
          parse: (body, params) => postsOf(shownOf(body), rowOf, params),
        },
      },
      usage: (headers) => usageOf(headers),
    },
    options,
  )
}

/** What anybody may see, and nobody pinned or took down. */
function shownOf(body: unknown): Row[] {
  const { kind, data } = read.object(body, 'answer')
  if (kind !== 'Listing') throw new BadResponseError('kind: a listing expected, got another')
  const things = rowsOf(read.object(data, 'data').children, 'children')
  const posts = things.filter((thing) => thing.kind === 't3')
  // a subreddit that is not there leads to a list of others (t5)
  if (posts.length === 0 && things.length > 0) throw new ProviderError({ provider: ID, reason: 'not-found', message: 'subreddits came, not posts' })
  return posts
    .map((post) => read.object(post.data, 'data'))
    .filter((post) => post.over_18 !== true && post.stickied !== true && (post.removed_by_category ?? null) === null)
}

const rowOf = (post: Row): PostRow => ({
  id: post.id,
  title: post.title,
  url: pageOf(post.permalink),
  author: post.author === '[deleted]' ? undefined : post.author,
  score: post.score,
  comments: post.num_comments,
  created: post.created_utc,
})

/** Its discussion, not what it links to; written without the host. */
function pageOf(permalink: unknown): string {
  const path = read.string(permalink, 'permalink')
  if (!path.startsWith('/')) throw new BadResponseError('permalink: a path expected, got another text')
  return SITE + path
}

/** Used and left in the running ten minutes; halves are possible. */
function usageOf(headers: Headers): QuotaReading[] {
  const [used, remaining] = ['used', 'remaining'].map((name) => countOf(headers.get(`x-ratelimit-${name}`)))
  return remaining === undefined ? [] : [{ perMs: WINDOW_MS, kind: 'requests', remaining, ...(used !== undefined && { used }) }]
}

const countOf = (text: string | null): number | undefined => (text !== null && /^\d{1,9}(\.\d+)?$/.test(text) ? Math.floor(Number(text)) : undefined)
