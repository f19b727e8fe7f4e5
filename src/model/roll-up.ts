import { closesAt, INTERVAL_MS, type Interval, opensAt } from './interval.js'
import type { Candle } from './market.js'

const DAY = INTERVAL_MS['1d']

/** Intervals out of which candles of this one can be put together, the longest first. */
export function finerThan(interval: Interval): Interval[] {
  const whole = interval === '1M' ? DAY : INTERVAL_MS[interval]
  const all = Object.keys(INTERVAL_MS) as Interval[]
  return all.filter((one) => INTERVAL_MS[one] < INTERVAL_MS[interval] && INTERVAL_MS[one] <= DAY && whole % INTERVAL_MS[one] === 0).toReversed()
}

/** So many finer candles there are in the longest one of an interval. */
export const finerIn = (interval: Interval, finer: Interval): number => (interval === '1M' ? 31 * DAY : INTERVAL_MS[interval]) / INTERVAL_MS[finer]

/**
 * Longer candles out of finer ones, oldest first. Only complete ones: what is incomplete at the beginning or the end is left
 * out, a gap in between gives nothing at all. The running one is there as far as it has come, `closed: false`.
 */
export function rollUp(candles: readonly Candle[], finer: Interval, interval: Interval, now: number): Candle[] | undefined {
  const groups = new Map<number, Candle[]>()
  for (const candle of candles) {
    const openTime = opensAt(candle.openTime, interval)
    const group = groups.get(openTime)
    if (group) group.push(candle)
    else groups.set(openTime, [candle])
  }
  const rolled: Candle[] = []
  const [first, last] = [[...groups.keys()][0], [...groups.keys()].at(-1)]
  for (const [openTime, group] of groups) {
    const closed = closesAt(openTime, interval) <= now
    if (isWhole(openTime, group, finer, closed ? interval : undefined)) rolled.push(oneOf(openTime, group, closed && group.at(-1)?.closed !== false))
    else if (openTime !== first && openTime !== last) return undefined
  }
  return rolled
}

/** Without a gap from its beginning; to its end where it has closed. */
function isWhole(openTime: number, group: readonly Candle[], finer: Interval, interval: Interval | undefined): boolean {
  const isFull = interval === undefined || group.length === (closesAt(openTime, interval) - openTime) / INTERVAL_MS[finer]
  return isFull && group.every((candle, i) => candle.openTime === openTime + i * INTERVAL_MS[finer])
}

function oneOf(openTime: number, group: readonly Candle[], closed: boolean): Candle {
  const [first, last] = [group[0], group.at(-1)] as [Candle, Candle]
  return {
    openTime,
    open: first.open,
    high: Math.max(...group.map(({ high }) => high)),
    low: Math.min(...group.map(({ low }) => low)),
    close: last.close,
    ...sumOf(group, 'volume'),
    ...sumOf(group, 'quoteVolume'),
    closed,
  }
}

function sumOf(group: readonly Candle[], name: 'volume' | 'quoteVolume'): Partial<Candle> {
  const values = group.map((candle) => candle[name])
  return values.some((value) => value === undefined) ? {} : { [name]: values.reduce<number>((sum, value) => sum + (value ?? 0), 0) }
}
