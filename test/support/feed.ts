import type { ParamsOf } from '../../src/model/capabilities.js'
import type { NewsItem } from '../../src/model/insight.js'
import type { AnyProvider, HttpEndpoint } from '../../src/provider/provider.js'
import type { ProviderProof } from '../../src/testing/index.js'
import { ask, NOW } from './ask.js'

const PAGE = '<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title></head><body></body></html>'

/** A feed around its items, as most publishers write it. */
const feedOf = (items: string): string => `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
  <channel><title>Any title</title><link>https://feed.example</link><description>News</description>${items}</channel></rss>`

/** The articles that a provider reads out of a body. */
export async function newsOf(provider: AnyProvider, body: unknown, params: ParamsOf<'news'> = {}): Promise<NewsItem[]> {
  const all = await Promise.resolve(ask(provider, 'news', params, { body })) // a feed is read when its parser is there
  const { narrow } = provider.endpoints.news as Partial<HttpEndpoint<'news'>>
  return narrow?.(all, params) ?? all
}

/** When the articles of a proof came, as a feed writes it: an hour and two hours before its question. */
export const DATES = ['Sun, 01 Nov 2026 11:00:00 +0000', 'Sun, 01 Nov 2026 10:00:00 +0000'] as const
export const TIMES = [NOW - 3_600_000, NOW - 7_200_000] as const

/** What every feed is held against: `items` is what its publisher writes, `data` what is read of it. */
export const feedProof = (url: string, items: string, data: readonly NewsItem[]): ProviderProof<'news'> => ({
  answers: [
    {
      capability: 'news',
      params: { limit: 5 },
      url,
      sentHeaders: {
        accept: 'application/rss+xml, application/atom+xml, application/xml, text/xml',
        'user-agent': 'feedmux (+https://www.npmjs.com/package/feedmux)',
      },
      body: feedOf(items),
      data,
      drifted: feedOf(items.replaceAll(/<(\/?)title>/g, '<$1headline>')),
    },
  ],
  errors: [
    { says: 'a firewall in front of it', status: 403, body: PAGE, reason: 'unavailable' },
    { says: 'the feed has moved', status: 404, body: PAGE, reason: 'bad-response' },
    { says: 'a page in its place', body: PAGE, reason: 'bad-response' },
    { says: 'too many requests', status: 429, headers: { 'retry-after': '60' }, body: PAGE, reason: 'rate-limited', retryAfterMs: 60_000 },
    { says: 'out of order', status: 503, body: 'Service Unavailable', reason: 'unavailable' },
  ],
})
