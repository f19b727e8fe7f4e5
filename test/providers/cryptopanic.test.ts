import { describe, expect, it } from 'vitest'
import { cryptopanic } from '../../src/providers/cryptopanic.js'
import { describeProvider } from '../../src/testing/index.js'
import { NOW, sent } from '../support/ask.js'
import { newsOf } from '../support/feed.js'

const provider = cryptopanic()
const POSTS = 'https://cryptopanic.com/api/developer/v2/posts/'
const post = {
  id: 26_000_001,
  kind: 'news',
  slug: 'Nothing-happened',
  title: 'Nothing happened',
  description: 'It was <b>quiet</b>.',
  published_at: '2026-11-01T11:00:00Z',
  created_at: '2026-11-01T11:00:05Z',
  original_url: 'https://daily.example/nothing?utm_source=cryptopanic',
  url: 'https://cryptopanic.com/news/26000001/Nothing-happened',
  image: 'https://images.example/nothing.png',
  source: { title: 'The Daily', region: 'en', domain: 'daily.example', type: 'feed' },
  instruments: [{ code: 'BTC', title: 'Bitcoin', slug: 'bitcoin', url: 'https://cryptopanic.com/news/bitcoin/' }],
  votes: { positive: 1 },
  panic_score: 20,
}
const older = {
  kind: 'news',
  domain: 'weekly.example',
  source: { title: 'The Weekly', region: 'en', domain: 'weekly.example', path: null, type: 'feed' },
  title: 'Nothing at all',
  published_at: '2026-11-01T10:00:00Z',
  slug: 'Nothing-at-all',
  currencies: [{ code: 'ETH', title: 'Ethereum', slug: 'ethereum', url: 'https://cryptopanic.com/news/ethereum/' }],
  id: 26_000_000,
  url: 'https://cryptopanic.com/news/26000000/Nothing-at-all?mtm_campaign=API-OFA',
  created_at: '2026-11-01T10:00:00Z',
}
const of = (...results: unknown[]) => ({ next: `${POSTS}?auth_token=a-secret-token&page=2`, previous: null, results })
const told = (info: string) => ({ status: 'api_error', info })

describeProvider(
  cryptopanic,
  {
    answers: [
      {
        capability: 'news',
        params: { symbols: ['BTC', 'ETH'], limit: 5 },
        url: `${POSTS}?public=true&kind=news&currencies=BTC,ETH&auth_token={key}`,
        body: of(older, post),
        data: [
          {
            id: '26000001',
            title: 'Nothing happened',
            url: 'https://daily.example/nothing',
            publisher: 'The Daily',
            publishedAt: NOW - 3_600_000,
            summary: 'It was quiet.',
            imageUrl: 'https://images.example/nothing.png',
            symbols: ['BTC'],
          },
          {
            id: '26000000',
            title: 'Nothing at all',
            url: 'https://cryptopanic.com/news/26000000/Nothing-at-all',
            publisher: 'The Weekly',
            publishedAt: NOW - 7_200_000,
            symbols: ['ETH'],
          },
        ],
        drifted: of({ ...post, published_at: null }),
      },
    ],
    errors: [
      { says: 'Token not found', status: 403, body: told('Token not found'), reason: 'unauthorized' },
      { says: 'API monthly quota exceeded', status: 403, body: told('API monthly quota exceeded'), reason: 'quota-exhausted' },
      { says: 'Rate limit exceeded', status: 403, body: told('Rate limit exceeded'), reason: 'rate-limited' },
      { says: 'a firewall in front of it', status: 403, body: '<!DOCTYPE html><title>Just a moment...</title>', reason: 'unavailable' },
      { says: 'the older address', status: 404, body: '<!DOCTYPE html><title>Not found</title>', reason: 'bad-response' },
      { says: 'out of order', status: 502, body: told('Token service is down'), reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('cryptopanic', () => {
  it('is off until somebody turns it on', () => {
    expect([provider.enabled, cryptopanic({ apiKey: 'some-key' }).enabled, cryptopanic({ enabled: true }).enabled]).toEqual([false, false, true])
  })

  it('asks at the address of its plan', () => {
    expect(['growth', 'enterprise', 'developer'].map((plan) => sent(cryptopanic({ plan }), 'news', {}))).toEqual(
      ['growth', 'enterprise', 'developer'].map((plan) => `https://cryptopanic.com/api/${plan}/v2/posts/?public=true&kind=news`),
    )
  })

  it('never hands out the addresses that hold the key', async () => {
    expect(JSON.stringify(await newsOf(provider, of(post, older)))).not.toContain('a-secret-token')
  })

  it('has no news where there is none', async () => {
    expect(await newsOf(provider, of())).toEqual([])
  })
})
