import { describe, expect, it } from 'vitest'
import { reddit } from '../../src/providers/reddit.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, requestOf, sent } from '../support/ask.js'

const AT = Date.UTC(2026, 10, 1, 11)
const child = (more: object = {}) => ({
  kind: 't3',
  data: {
    id: '1abc',
    title: 'Bitcoin & the\n rest',
    permalink: '/r/CryptoCurrency/comments/1abc/bitcoin/',
    url: 'https://i.redd.it/picture.jpeg',
    author: 'someone',
    score: 0,
    num_comments: 12,
    created_utc: AT / 1_000,
    over_18: false,
    stickied: false,
    removed_by_category: null,
    ...more,
  },
})
const listing = (...children: object[]) => ({ kind: 'Listing', data: { after: null, children } })
const told = {
  id: '1abc',
  title: 'Bitcoin & the rest',
  url: 'https://www.reddit.com/r/CryptoCurrency/comments/1abc/bitcoin/',
  author: 'someone',
  score: 0,
  comments: 12,
  at: AT,
}

describeProvider(
  reddit,
  {
    answers: [
      {
        capability: 'posts',
        params: { limit: 1 },
        url: 'https://oauth.reddit.com/r/CryptoCurrency/new?limit=100&raw_json=1',
        sentHeaders: { authorization: 'Bearer {key}', 'user-agent': 'web:feedmux:1 (https://www.npmjs.com/package/feedmux)' },
        body: listing(child({ id: 'older', created_utc: AT / 1_000 - 60 }), child()),
        data: [told],
        drifted: listing(child({ permalink: null })),
      },
    ],
    errors: [
      { says: 'a token that is over', status: 401, body: { message: 'Unauthorized', error: 401 }, reason: 'unauthorized' },
      { says: 'a block of its firewall', status: 403, body: '<html>blocked by network security</html>', reason: 'unavailable' },
      { says: 'a private subreddit', status: 403, body: { reason: 'private', message: 'Forbidden', error: 403 }, reason: 'unauthorized' },
      { says: 'a banned subreddit', status: 404, body: { reason: 'banned', message: 'Not Found', error: 404 }, reason: 'not-found' },
      {
        says: 'too many calls',
        status: 429,
        headers: { 'x-ratelimit-reset': '30' },
        body: { message: 'Too Many Requests' },
        reason: 'rate-limited',
        retryAfterMs: 30_000,
      },
    ],
  },
  { describe, it },
)

describe('reddit', () => {
  const posts = async (...children: object[]) => ask(reddit(), 'posts', {}, { body: listing(...children) })

  it.each([
    ['for adults', { over_18: true }],
    ['taken down', { removed_by_category: 'moderator' }],
    ['pinned', { stickied: true }],
  ])('leaves out what is %s', async (_, more) => {
    expect(await posts(child(more), child())).toEqual([told])
  })

  it('gives a list of nothing for a page of nothing', async () => {
    expect(await posts(child({ over_18: true }))).toEqual([])
  })

  it('takes the subreddits that a search found in place of an unknown one for no posts', () => {
    const body = listing({ kind: 't5', data: { id: '2qh1a', display_name: 'CryptoCurrencies', created_utc: 1_369_000_000 } })
    expect(() => ask(reddit(), 'posts', {}, { body })).toThrow(expect.objectContaining({ reason: 'not-found' }))
    expect(() => ask(reddit(), 'posts', {}, { body: listing() })).not.toThrow()
  })

  it('names no author who is gone', async () => {
    expect(await posts(child({ author: '[deleted]' }))).toEqual([expect.not.objectContaining({ author: expect.anything() })])
  })

  it.each(['//evil.example/r/a', '.evil.example/r/a', '@evil.example/', 'https://evil.example/'])(
    'never leads elsewhere by a permalink like %s',
    async (permalink) => {
      const found = await posts(child({ permalink }), child({ id: 'other' }))
      expect(found.map(({ url }) => new URL(url).origin).every((origin) => origin === 'https://www.reddit.com')).toBe(true)
      expect(found.length).toBeGreaterThan(0)
    },
  )

  it('calls an answer that is no listing a bad response', () => {
    expect(() => ask(reddit(), 'posts', {}, { body: { kind: 't5', data: { children: [] } } })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('asks the subreddits of a user, in the name of a user', () => {
    const provider = reddit({ subreddit: 'Bitcoin+ethereum', userAgent: 'script:mine:1 (by /u/me)' })
    expect(sent(provider, 'posts', {})).toContain('/r/Bitcoin+ethereum/new?')
    expect(requestOf(provider, 'posts', {}).headers).toEqual({ 'user-agent': 'script:mine:1 (by /u/me)' })
    expect(() => reddit({ subreddit: '../api/v1/me' })).toThrow(expect.objectContaining({ name: 'ConfigError' }))
  })

  it('learns what is left of ten minutes', () => {
    const headers = new Headers({ 'x-ratelimit-used': '2', 'x-ratelimit-remaining': '998.0', 'x-ratelimit-reset': '471' })
    expect(reddit().usage?.(headers, {})).toEqual([{ perMs: 600_000, kind: 'requests', used: 2, remaining: 998 }])
    expect(reddit().usage?.(new Headers(), {})).toEqual([])
  })
})
