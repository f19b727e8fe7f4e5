import type { FailureReason } from '../errors.js'
import type { SocialStats } from '../model/insight.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import { idOf } from '../provider/ids.js'
import { postsOf } from '../provider/news/posts.js'
import type { ListedAsset, Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { type Row, rowsOf, some } from '../provider/rows.js'

const ID = 'lunarcrush'

/**
 * LunarCrush: how assets are talked about in social networks, and the posts about them that moved most in the last 24 hours. Needs a key of a paid plan,
 * so it is off unless `enabled: true`.
 */
export function lunarcrush(options: ProviderOptions = {}): Provider<'social' | 'posts'> {
  return defineProvider<'social' | 'posts'>(
    {
      id: ID,
      name: 'LunarCrush',
      homepage: 'https://lunarcrush.com',
      docs: 'https://lunarcrush.com/developers/api/endpoints',
      hosts: ['https://lunarcrush.com/api4/public'],
      // Those of the smallest plan, unverified: give `limits` for others.
      limits: [
        { requests: 10, perMs: 60_000, scope: 'key' },
        { requests: 2_000, perMs: 86_400_000, scope: 'key' },
      ],
      key: { required: true, in: 'header', name: 'Authorization', prefix: 'Bearer ' },
      enabled: false,
      metered: true,
      assets: { BTC: '1', ETH: '2' },
      lookup: { request: { path: 'coins/list/v1', query: { sort: 'market_cap_rank', limit: 1_000 } }, parse: coinsOf },
      probe: { capability: 'social', params: { asset: 'BTC' } },
      endpoints: {
        social: {
          calls: 2,
          request: ({ asset }, { native }) => {
            const coin = idOf(ID, asset, native)
            return [{ path: `topic/coins:${coin}/v1` }, { path: `coins/${coin}/v1`, optional: true }]
          },
          parse: (bodies, { asset }) => {
            const [topic, coin] = read.array(bodies, 'answers')
            return socialOf(topic, coin, asset)
          },
        },
        posts: {
          request: () => ({ path: 'category/cryptocurrencies/posts/v1' }),
          parse: (body, params) =>
            postsOf(
              dataOf(body),
              (row) => ({
                id: row.id,
                title: row.post_title,
                url: row.post_link,
                author: row.creator_display_name ?? row.creator_name,
                score: row.interactions_total,
                created: row.post_created,
              }),
              params,
            ),
        },
      },
      failure: ({ status, body }) => (status === 200 ? failureOf(body) : undefined),
    },
    options,
  )
}

const dataOf = (body: unknown): Row[] => rowsOf(read.object(body, 'answer').data, 'data')

const coinsOf = (body: unknown): ListedAsset[] =>
  some(dataOf(body), 'data').flatMap(({ id, symbol }) => (typeof symbol === 'string' && symbol !== '' ? [{ symbol, id: String(read.positive(id, 'id')) }] : []))

/** What is said of an asset in 24 hours; its score, which hangs on the price as well, is told with the coin. */
function socialOf(topic: unknown, coin: unknown, asset: string): SocialStats {
  const { config, data } = read.object(topic, 'topic')
  const said = read.object(data, 'data')
  const generated = read.optional(read.object, config, 'config')?.generated
  return known<SocialStats>({
    asset,
    galaxyScore: read.optional(read.amount, membersOf(membersOf(coin).data).galaxy_score, 'galaxy_score'),
    sentimentPercent: sentimentOf(said),
    interactions24h: read.amount(said.interactions_24h, 'interactions_24h'),
    posts24h: read.optional(read.amount, said.num_posts, 'num_posts'),
    asOf: read.optional(read.seconds, generated, 'generated'),
  })
}

/** Over all networks, each by its share of the interactions: the way that LunarCrush weighs posts within one. */
function sentimentOf(said: Row): number | undefined {
  const interactions = read.optional(read.object, said.types_interactions, 'types_interactions') ?? {}
  const moods = Object.entries(read.optional(read.object, said.types_sentiment, 'types_sentiment') ?? {}).flatMap(([network, mood]) => {
    const weight = read.optional(read.amount, interactions[network], network)
    return weight === undefined || mood === null ? [] : [{ weight, mood: read.amount(mood, network) }]
  })
  const all = moods.reduce((sum, { weight }) => sum + weight, 0)
  const mean = moods.reduce((sum, { weight, mood }) => sum + (mood * weight) / all, 0)
  return all > 0 && mean <= 100 ? mean : undefined
}

const REASONS: readonly (readonly [RegExp, FailureReason])[] = [
  [/api.?key|token|auth|subscription|upgrade/i, 'unauthorized'],
  [/limit/i, 'rate-limited'],
  [/not found|invalid|unknown/i, 'not-found'],
]

/** Errors inside a 200: unverified, its documentation shows none. */
function failureOf(body: unknown): ProviderFailure | undefined {
  const { error } = membersOf(body)
  if (typeof error !== 'string' || error === '') return undefined
  return { reason: REASONS.find(([words]) => words.test(error))?.[1] ?? 'unavailable', message: error }
}
