import { type Market, randomFrom } from '../market.ts'
import type { UpstreamDefinition } from '../server.ts'
import { count, NAMES } from './shared.ts'

const HOUR_S = 3_600
const SAYINGS = [
  'is pumping, to the moon',
  'crashed again and I am scared',
  'explained for beginners',
  'looks bullish this week',
  'what do you think of it?',
] as const

/** New posts of a subreddit, newest first (https://www.reddit.com/dev/api#GET_new). Whoever asks with any token is served. */
export function reddit(_market: Market): UpstreamDefinition {
  return {
    id: 'reddit',
    limits: [{ units: 1_000, perMs: 600_000 }],
    answer({ path, query, now }) {
      if (!/^\/r\/[\w+]+\/new$/.test(path)) return undefined
      const hour = Math.floor(now / 1_000 / HOUR_S)
      const children = Array.from({ length: count(query, 'limit', 25, 100) }, (_, index) => ({ kind: 't3', data: post(hour - index) }))
      return { body: { kind: 'Listing', data: { after: null, children } } }
    },
    tooMany: () => ({ status: 429, body: { message: 'Too Many Requests', error: 429 } }),
    lies: [() => ({ body: { kind: 'Listing', data: null } })],
  }
}

function post(hour: number): object {
  const random = randomFrom(hour)
  const names = Object.values(NAMES).slice(0, 5)
  const title = `${names[Math.floor(random() * names.length)]} ${SAYINGS[Math.floor(random() * SAYINGS.length)]}`
  const numbers = { score: Math.floor(random() * 500), num_comments: Math.floor(random() * 200), created_utc: hour * HOUR_S }
  return {
    id: `t${hour}`,
    title,
    permalink: `/r/CryptoCurrency/comments/t${hour}/`,
    author: 'somebody',
    over_18: false,
    stickied: false,
    removed_by_category: null,
    ...numbers,
  }
}
