import { describe, expect, it } from 'vitest'
import { lunarcrush } from '../../src/providers/lunarcrush.js'
import { describeProvider, several } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

const NOW_S = Date.UTC(2026, 10, 1, 11) / 1_000
const topic = {
  config: { id: 'coins:1', generated: NOW_S },
  data: {
    topic: 'bitcoin',
    types_interactions: { tweet: 300, news: 100 },
    types_sentiment: { tweet: 80, news: 40, 'tiktok-video': 10 },
    interactions_24h: 400,
    num_posts: 55,
  },
}
const coin = { config: { id: 'coins:1' }, data: { id: 1, symbol: 'BTC', galaxy_score: 53.6 } }
const post = {
  id: 't3_abc',
  post_type: 'reddit-post',
  post_title: 'Fees &amp; more',
  post_link: 'https://redd.it/abc',
  post_created: NOW_S,
  creator_name: 'someone',
  creator_display_name: 'Some One',
  interactions_total: 1_683,
}
const told = { id: 't3_abc', title: 'Fees & more', url: 'https://redd.it/abc', author: 'Some One', score: 1_683, at: NOW_S * 1_000 }
const base = 'https://lunarcrush.com/api4/public'

describeProvider(
  lunarcrush,
  {
    answers: [
      {
        capability: 'social',
        params: { asset: 'BTC' },
        url: [`${base}/topic/coins:1/v1`, `${base}/coins/1/v1`],
        sentHeaders: { authorization: 'Bearer {key}' },
        body: several(topic, coin),
        data: { asset: 'BTC', galaxyScore: 53.6, sentimentPercent: 70, interactions24h: 400, posts24h: 55, asOf: NOW_S * 1_000 },
        drifted: several({ ...topic, data: { topic: 'bitcoin' } }, coin),
      },
      {
        capability: 'social',
        params: { asset: 'ETH' },
        url: [`${base}/topic/coins:2/v1`, `${base}/coins/2/v1`],
        body: several({ data: { interactions_24h: 0 } }, undefined),
        data: { asset: 'ETH', interactions24h: 0 },
        drifted: several({ data: [] }, undefined),
      },
      {
        capability: 'posts',
        params: { limit: 1 },
        url: `${base}/category/cryptocurrencies/posts/v1`,
        body: { data: [{ ...post, id: 'older', post_created: NOW_S - 60 }, post] },
        data: [told],
        drifted: { data: [{ ...post, post_link: null }] },
      },
    ],
    unknown: [{ capability: 'social', status: 404, body: { error: 'Topic not found' } }],
    errors: [
      { says: 'a bad key', status: 401, body: { error: 'Unauthorized' }, reason: 'unauthorized' },
      { says: 'no plan', status: 402, body: { error: 'Payment required' }, reason: 'quota-exhausted' },
      { says: 'too many calls', status: 429, body: { error: 'Rate limit' }, reason: 'rate-limited' },
      { says: 'a key that is refused inside a 200', body: { error: 'Invalid API key' }, reason: 'unauthorized' },
      { says: 'a limit inside a 200', body: { error: 'Rate limit exceeded' }, reason: 'rate-limited' },
      { says: 'an error inside a 200', body: { error: 'Something broke' }, reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('lunarcrush', () => {
  it('knows assets by its own list', () => {
    expect(
      lunarcrush().lookup?.parse({
        data: [
          { id: 4, symbol: 'SOL' },
          { id: 9, symbol: '' },
        ],
      }),
    ).toEqual([{ symbol: 'SOL', id: '4' }])
    expect(() => lunarcrush().lookup?.parse({ data: [] })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('leaves posts out that are none, and keeps the others', async () => {
    const bad = [
      { ...post, post_link: 'javascript:alert(1)' },
      { ...post, post_title: '<img src=x>' },
      { ...post, post_created: 'soon' },
    ]
    const posts = async () => ask(lunarcrush(), 'posts', {}, { body: { data: [...bad, post] } })
    expect(await posts()).toEqual([told])
  })
})
