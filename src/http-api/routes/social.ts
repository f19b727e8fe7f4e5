import * as z from 'zod'
import type { RouterResult } from '../../model/result.js'
import type { SocialStats } from '../../model/insight.js'
import { baseOf } from '../../model/symbol.js'
import { figure, iso, isoField, known, limitField, maybeIso, provenanceFields, rounded } from '../fields.js'
import { ifAny } from '../insight/asking.js'
import { marketField, toneWord } from '../insight/fields.js'
import { toneOf } from '../insight/mood.js'
import { mean } from '../insight/textbook.js'
import { type Heard, hear, type HeardPost, scoreOf, topicsOf } from '../insight/topics.js'
import { fromRouter } from '../reply.js'
import { type Route, route } from '../route.js'
import { events } from './social.events.js'

const tag = 'Social'

/** The word for a score, null for one that is not known. */
const toneIfAny = (score: number | undefined) => (score === undefined ? null : toneOf(score))

const trending = route({
  method: 'GET',
  path: '/api/social/trending',
  tag,
  kind: 'data',
  summary: 'Coins that the newest posts speak of most, and how they sound',
  errors: [503],
  query: z.object({ limit: limitField(10, 50) }),
  answer: z.object({
    success: z.literal(true),
    trending_topics: z.array(
      z.object({
        rank: z.int(),
        topic: z.string(),
        mention_count: z.int(),
        sentiment: toneWord,
        sentiment_score: figure,
        related_coins: z.array(z.string()),
      }),
    ),
    statistics: z.object({ total_topics: z.int(), total_mentions: z.int(), posts_with_topics: z.int(), average_sentiment: figure }),
    sources: z.array(z.string()),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { posts, provider, results } = await hear(call, (coins) => coins.length > 0)
    const topics = topicsOf(posts)
    const rows = topics.slice(0, call.query.limit).map(({ coin, posts: about, related }, i) => {
      const score = scoreOf(about)
      const sentiment = { sentiment: toneIfAny(score), sentiment_score: rounded(score, 4) }
      return { rank: i + 1, topic: coin, mention_count: about.length, ...sentiment, related_coins: related }
    })
    const statistics = {
      total_topics: topics.length,
      total_mentions: topics.reduce((sum, topic) => sum + topic.posts.length, 0),
      posts_with_topics: posts.length,
      average_sentiment: rounded(scoreOf(posts), 4),
    }
    return fromRouter(results, { success: true, trending_topics: rows, statistics, sources: [provider], timestamp: iso(call.api.now()) })
  },
})

const HOUR_MS = 3_600_000
/** How far back, and the steps of the history in it, in ms. */
const TIMEFRAMES = {
  '1h': { length: HOUR_MS, step: HOUR_MS / 6 },
  '24h': { length: 24 * HOUR_MS, step: 4 * HOUR_MS },
  '7d': { length: 168 * HOUR_MS, step: 24 * HOUR_MS },
} as const

interface Platform {
  readonly score: number | undefined
  readonly posts: number | undefined
  readonly interactions: number | undefined
}

/** The figures of a social network are of the last 24 hours. */
function platformsOf(stats: RouterResult<SocialStats> | undefined, heard: Heard | undefined): Record<string, Platform> {
  const platforms: Record<string, Platform> = {}
  if (heard !== undefined) platforms[heard.provider] = { score: scoreOf(heard.posts), posts: heard.posts.length, interactions: undefined }
  if (stats === undefined) return platforms
  const { sentimentPercent: percent, posts24h: posts, interactions24h: interactions } = stats.data
  const own = platforms[stats.provider]
  const score = percent === undefined ? own?.score : (percent - 50) / 50
  platforms[stats.provider] = { score, posts: posts ?? own?.posts, interactions }
  return platforms
}

/** Posts in equal steps of time, oldest first; steps without a post are left out. */
function historyOf(posts: readonly HeardPost[], step: number) {
  const steps = new Map<number, HeardPost[]>()
  for (const one of posts) {
    const at = one.post.at - (one.post.at % step)
    steps.set(at, [...(steps.get(at) ?? []), one])
  }
  return [...steps]
    .toSorted(([a], [b]) => a - b)
    .map(([at, about]) => ({ timestamp: iso(at), mentions: about.length, sentiment_score: rounded(scoreOf(about), 4) }))
}

const sentiment = route({
  method: 'GET',
  path: '/api/social/sentiment',
  tag,
  kind: 'data',
  summary: 'How a coin is talked about',
  errors: [503],
  query: z.object({ coin: marketField.prefault('BTC'), timeframe: z.enum(['1h', '24h', '7d']).default('24h') }),
  answer: z.object({
    success: z.literal(true),
    coin: z.string(),
    timeframe: z.string(),
    overall_sentiment: toneWord,
    overall_score: figure,
    by_platform: z.record(z.string(), z.object({ sentiment: toneWord, score: figure, posts: figure, interactions: figure })),
    historical: z.array(z.object({ timestamp: isoField, mentions: z.int(), sentiment_score: figure })),
    posts_since: maybeIso.describe('how far back the posts reach: a source gives its newest hundred, which may be less than the timeframe'),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { coin: symbol, timeframe } = call.query
    const coin = baseOf(symbol)
    const { length, step } = TIMEFRAMES[timeframe]
    const since = call.api.now() - length
    const heard = hear(call, (coins, { at }) => coins.includes(coin) && at >= since)
    const [stats, posts] = await Promise.all([timeframe === '24h' ? ifAny(call.ask('social', { asset: coin })) : undefined, ifAny(heard)])
    if (stats === undefined && posts === undefined) await heard // tells why
    const platforms = platformsOf(stats, posts)
    const scores = Object.values(platforms).flatMap(({ score }) => score ?? [])
    const overall = scores.length === 0 ? undefined : mean(scores)
    const rows = Object.entries(platforms).map(([id, one]) => {
      const row = { sentiment: toneIfAny(one.score), score: rounded(one.score, 4), posts: known(one.posts), interactions: known(one.interactions) }
      return [id, row] as const
    })
    return fromRouter([stats, ...(posts?.results ?? [])], {
      success: true,
      coin,
      timeframe,
      overall_sentiment: toneIfAny(overall),
      overall_score: rounded(overall, 4),
      by_platform: Object.fromEntries(rows),
      historical: historyOf(posts?.posts ?? [], step),
      posts_since: iso(posts?.oldestAt === undefined ? undefined : Math.max(since, posts.oldestAt)),
      timestamp: iso(call.api.now()),
    })
  },
})

/** What is talked about. */
export const socialRoutes: readonly Route[] = [trending, sentiment, events]
