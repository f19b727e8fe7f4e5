import type { Interval } from 'feedmux'
import { randomFrom } from './market.ts'

/** One thing to ask a router. */
export type Question =
  | { readonly capability: 'ticker'; readonly params: { readonly symbol: string } }
  | { readonly capability: 'candles'; readonly params: { readonly symbol: string; readonly interval: Interval; readonly limit: number } }
  | { readonly capability: 'orderBook'; readonly params: { readonly symbol: string; readonly depth: number } }
  | { readonly capability: 'fearGreed'; readonly params: { readonly limit: number } }

const INTERVALS: readonly Interval[] = ['1h', '5m', '1d']

/** Gives a question each time: by chance which kind, in turn which asset, so that the cache can't answer all. */
export function questionsFrom(seed: number, assets: readonly string[]): { next(): Question; ticker(): Question } {
  const random = randomFrom(seed + 2)
  const turns = { ticker: 0, candles: 0, orderBook: 0, fearGreed: 0 }
  const symbol = (turn: number): string => `${assets[turn % assets.length]}/USD`

  function ticker(): Question {
    return { capability: 'ticker', params: { symbol: symbol(turns.ticker++) } }
  }

  function next(): Question {
    const draw = random()
    if (draw < 0.4) return ticker()
    if (draw < 0.7) return { capability: 'orderBook', params: { symbol: symbol(turns.orderBook++), depth: 10 } }
    if (draw < 0.97) {
      const turn = turns.candles++
      const interval = INTERVALS[Math.floor(turn / assets.length) % INTERVALS.length] ?? '1h'
      return { capability: 'candles', params: { symbol: symbol(turn), interval, limit: 24 } }
    }
    return { capability: 'fearGreed', params: { limit: 1 + (turns.fearGreed++ % 30) } }
  }

  return { next, ticker }
}
