const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Length of each candle interval in ms; a month counts as 30 days here, `closesAt` knows better. */
export const INTERVAL_MS = {
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '12h': 12 * HOUR,
  '1d': DAY,
  '1w': 7 * DAY,
  '1M': 30 * DAY,
} as const

/** Length of a candle. `1m` is a minute, `1M` a month; all are aligned to UTC, weeks to Monday. */
export type Interval = keyof typeof INTERVAL_MS

/** Whether a value is one of the intervals. */
export const isInterval = (value: unknown): value is Interval => typeof value === 'string' && Object.hasOwn(INTERVAL_MS, value)

/** When a candle that opened at `openTime` (Unix ms) closes. */
export function closesAt(openTime: number, interval: Interval): number {
  if (interval !== '1M') return openTime + INTERVAL_MS[interval]
  const open = new Date(openTime)
  return Date.UTC(open.getUTCFullYear(), open.getUTCMonth() + 1, 1)
}

// 1970-01-01 was a Thursday: weeks that start on Monday are 4 days off.
const MONDAY_MS = 4 * DAY

/** Start of the candle that runs at `now` (Unix ms). */
export function opensAt(now: number, interval: Interval): number {
  if (interval === '1M') {
    const date = new Date(now)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  }
  const offset = interval === '1w' ? MONDAY_MS : 0
  return now - ((((now - offset) % INTERVAL_MS[interval]) + INTERVAL_MS[interval]) % INTERVAL_MS[interval])
}

/** When the first candle opens that opens at `since` (Unix ms) or after it. */
export function firstOpen(since: number, interval: Interval): number {
  const open = opensAt(since, interval)
  return open < since ? closesAt(open, interval) : open
}

/** When the last of so many candles closes, the first of which opens at `since` (Unix ms) or next after it. */
export function endOf(since: number, interval: Interval, limit: number): number {
  let end = firstOpen(since, interval)
  for (let i = 0; i < limit; i++) end = closesAt(end, interval)
  return end
}
