import { type Market, randomFrom } from '../market.ts'
import type { UpstreamDefinition } from '../server.ts'
import { count } from './shared.ts'

const DAY_S = 86_400
const WORDS = [
  [24, 'Extreme Fear'],
  [46, 'Fear'],
  [54, 'Neutral'],
  [75, 'Greed'],
] as const

/** The fear & greed index of alternative.me, newest day first, all values as texts (https://alternative.me/crypto/fear-and-greed-index/). */
export function alternativeMe(_market: Market): UpstreamDefinition {
  return {
    id: 'alternative-me',
    // 60 a minute over 10 minutes.
    limits: [{ units: 600, perMs: 600_000 }],
    answer({ path, query, now }) {
      if (!/^\/fng\/?$/.test(path)) return undefined
      const today = Math.floor(now / 1_000 / DAY_S) * DAY_S
      const data = Array.from({ length: count(query, 'limit', 1, 365) }, (_, index) => {
        const timestamp = today - index * DAY_S
        const value = Math.floor(randomFrom(timestamp)() * 100)
        const label = WORDS.find(([most]) => value <= most)?.[1] ?? 'Extreme Greed'
        const row = { value: String(value), value_classification: label, timestamp: String(timestamp) }
        return index === 0 ? { ...row, time_until_update: String(today + DAY_S - Math.floor(now / 1_000)) } : row
      })
      return { body: { name: 'Fear and Greed Index', data, metadata: { error: null } } }
    },
    tooMany: () => ({ status: 429, body: 'Too many requests' }),
    lies: [() => ({ body: { name: 'Fear and Greed Index', data: [], metadata: { error: 'unavailable' } } })],
  }
}
