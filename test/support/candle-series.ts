import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import type { Candle } from '../../src/model/market.js'
import { type FakeProvider, fakeProvider } from '../../src/testing/index.js'

/** Candles with these closes, all closed, the last one just before `end` (Unix ms). */
export function candlesOf(closes: readonly number[], end: number, interval: Interval = '1h', volume?: number): Candle[] {
  const length = INTERVAL_MS[interval]
  return closes.map((close, i) => {
    const open = closes[i - 1] ?? close
    const prices = { open, high: Math.max(open, close), low: Math.min(open, close), close }
    return { openTime: end - (closes.length - i) * length, ...prices, ...(volume !== undefined && { volume }), closed: true }
  })
}

/** A provider of candles: the last of these, as many as are asked for. */
export const candleProvider = (candles: readonly Candle[], id = 'exchange'): FakeProvider<'candles'> =>
  fakeProvider(id, { answers: { candles: ({ limit = 100 }) => candles.slice(-limit) } })
