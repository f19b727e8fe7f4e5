import { ASSETS } from '../../model/assets.js'
import type { Post } from '../../model/insight.js'
import type { RouterResult } from '../../model/result.js'
import { namesOf, speaksOf } from '../../provider/news/news-names.js'
import { vote } from '../../sentiment/labels.js'
import { type Asks, ifAny } from './asking.js'

/** Posts that are asked for, and the newest of them that are read: a classifier takes one call for each. */
const [MOST_POSTS, MOST_READ] = [100, 50]

/** A post, the coins that it speaks of, and how it sounds. */
export interface HeardPost {
  readonly post: Post
  readonly coins: readonly string[]
  /** −1…1; nothing where it was not read. */
  readonly score: number | undefined
}

/** What is said in social networks. */
export interface Heard {
  readonly posts: readonly HeardPost[]
  /** When the oldest of all that were given was posted, Unix ms: nothing is known of before. */
  readonly oldestAt: number | undefined
  readonly provider: string
  readonly results: readonly (RouterResult<unknown> | undefined)[]
}

/** Asks for posts and reads those that speak of a coin, where there is somebody who reads texts. Throws where nobody gives posts. */
export async function hear(call: Asks, wanted: (coins: readonly string[], post: Post) => boolean): Promise<Heard> {
  const result = await call.ask('posts', { limit: MOST_POSTS })
  const all = result.data.toSorted((a, b) => b.at - a.at)
  const posts = all.map((post) => ({ post, coins: coinsIn(post.title) })).filter(({ post, coins }) => wanted(coins, post))
  const texts = posts.slice(0, MOST_READ).map(({ post }) => post.title)
  const read = texts.length === 0 ? undefined : await ifAny(call.ask('textSentiment', { texts }))
  return {
    posts: posts.map((one, i) => ({ ...one, score: read?.data[i]?.score })),
    oldestAt: all.at(-1)?.at,
    provider: result.provider,
    results: [result, read],
  }
}

/** Mean score of what was read. */
export const scoreOf = (posts: readonly HeardPost[]): number | undefined =>
  vote(posts.flatMap(({ score }) => (score === undefined ? [] : [{ score } as Parameters<typeof vote>[0][number]])))

let finders: readonly { readonly coin: string; readonly isIn: (text: string) => boolean }[] | undefined

/** The coins that the press has a name for: symbols of others are words as well. Made once, when first needed. */
const findersOf = () =>
  (finders ??= Object.keys(ASSETS)
    .filter((coin) => namesOf(coin).length > 0)
    .map((coin) => ({ coin, isIn: speaksOf([coin]) })))

/** Coins that a text speaks of: by name or symbol, or marked as one (`$WIF`). */
export function coinsIn(text: string): string[] {
  const marked = [...text.matchAll(/[$#]([A-Z0-9]{2,10})(?![\p{L}\p{N}])/gu)].flatMap(([, coin = '']) => (Object.hasOwn(ASSETS, coin) ? [coin] : []))
  return [...new Set([...findersOf().flatMap(({ coin, isIn }) => (isIn(text) ? [coin] : [])), ...marked])]
}

/** A coin that posts speak of. */
export interface Topic {
  readonly coin: string
  readonly posts: readonly HeardPost[]
  /** Others in the same posts, those that are named most often first. */
  readonly related: readonly string[]
}

/** Most coins that are told beside a topic. */
const MOST_RELATED = 5

/** Coins by how many posts speak of them. */
export function topicsOf(posts: readonly HeardPost[]): Topic[] {
  const byCoin = new Map<string, HeardPost[]>()
  for (const one of posts) for (const coin of one.coins) byCoin.set(coin, [...(byCoin.get(coin) ?? []), one])
  return [...byCoin]
    .map(([coin, about]) => ({ coin, posts: about, related: relatedTo(coin, about) }))
    .toSorted((a, b) => b.posts.length - a.posts.length || (a.coin < b.coin ? -1 : 1))
}

function relatedTo(coin: string, posts: readonly HeardPost[]): string[] {
  const counts = new Map<string, number>()
  for (const { coins } of posts) for (const other of coins) if (other !== coin) counts.set(other, (counts.get(other) ?? 0) + 1)
  return [...counts]
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST_RELATED)
    .map(([other]) => other)
}
