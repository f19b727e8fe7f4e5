import { BadResponseError } from '../../errors.js'
import type { ParamsOf } from '../../model/capabilities.js'
import type { Post } from '../../model/insight.js'
import { canonicalUrl } from './news.js'
import { plainText } from './plain-text.js'
import { known, read } from '../read.js'
import type { Row } from '../rows.js'

/** Posts asked without a limit. */
export const DEFAULT_POSTS = 25
const LONGEST = 300 // characters of a title

/** A post of a social network as it came. */
export interface PostRow {
  readonly id: unknown
  readonly title: unknown
  /** Only http(s) passes. */
  readonly url: unknown
  readonly author?: unknown
  readonly score?: unknown
  readonly comments?: unknown
  /** Unix seconds. */
  readonly created: unknown
}

/** The newest posts, newest first. One without title, link or time is left out, unless there are only such: then they are no posts. */
export async function postsOf(rows: readonly Row[], rowOf: (row: Row) => PostRow, { limit = DEFAULT_POSTS }: ParamsOf<'posts'>): Promise<Post[]> {
  const settled = await Promise.allSettled(rows.map(async (row) => await postOf(rowOf(row))))
  const posts = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const refused = settled.find((one) => one.status === 'rejected')
  if (refused !== undefined && posts.length === 0) throw refused.reason
  return posts.toSorted((a, b) => b.at - a.at).slice(0, limit)
}

/** The address of a web page, without tracking; anything else that could stand there (`javascript:`) is refused. */
function webPage(value: unknown, at: string): string {
  const page = canonicalUrl(value)
  if (page === undefined) throw new BadResponseError(`${at}: the address of a web page expected, got something else`)
  return page
}

async function postOf({ id, title, url, author, score, comments, created }: PostRow): Promise<Post> {
  return known<Post>({
    id: typeof id === 'number' ? String(id) : read.string(id, 'id'),
    title: read.string(await plainText(read.string(title, 'title'), LONGEST), 'title'),
    url: webPage(url, 'url'),
    author: (await plainText(read.optional(read.string, author, 'author') ?? '')) || undefined,
    score: read.optional(read.number, score, 'score'),
    comments: read.optional(read.amount, comments, 'comments'),
    at: read.seconds(created, 'created'),
  })
}
