import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NoProviderError } from '../../src/errors.js'
import type { ParamsOf } from '../../src/model/capabilities.js'
import { closesAt, INTERVAL_MS, type Interval, opensAt } from '../../src/model/interval.js'
import type { Candle } from '../../src/model/market.js'
import { finerThan, rollUp } from '../../src/model/roll-up.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'

const NOW = Date.UTC(2026, 10, 4, 12, 20) // a Wednesday
const MINUTES_15 = INTERVAL_MS['15m']

const candle = (openTime: number, n: number, closed = true): Candle => ({ openTime, open: n, high: n + 2, low: n - 1, close: n + 1, volume: n, closed })

/** The last so many candles up to the running one. */
function series(interval: Interval, count: number, now = NOW): Candle[] {
  const last = opensAt(now, interval)
  return Array.from({ length: count }, (_, i) => candle(last - (count - 1 - i) * INTERVAL_MS[interval], 100 + i, i < count - 1))
}

function having(candles: (params: ParamsOf<'candles'>) => Candle[], intervals: readonly Interval[]) {
  const provider = fakeProvider('a', { answers: { candles } })
  const endpoint = { ...provider.endpoints.candles, supports: ({ interval }: ParamsOf<'candles'>) => intervals.includes(interval) }
  const a = { ...provider, endpoints: { candles: endpoint } }
  return { router: new ProviderRouter({ providers: [a], clock: fakeClock(NOW), random: () => 0.5 }), asked: provider.asked }
}

const BTC_1H = { symbol: 'BTC/USD', interval: '1h', limit: 2 } as const

describe('candles that nobody has', () => {
  it('are put together out of the longest finer ones, and the result says so', async () => {
    const { router, asked } = having(({ interval, limit = 0 }) => series(interval, limit), ['5m', '15m'])
    const { data, rolledUpFrom } = await router.request('candles', BTC_1H, { rollUp: true })
    expect(asked.map(({ params }) => params)).toEqual([{ symbol: 'BTC/USD', interval: '15m', limit: 12, since: undefined }])
    expect(rolledUpFrom).toBe('15m')
    // 11:00 … 11:45 are the 7th to 10th of twelve, 12:00 and 12:15 the last two
    expect(data).toEqual([
      { openTime: Date.UTC(2026, 10, 4, 11), open: 106, high: 111, low: 105, close: 110, volume: 106 + 107 + 108 + 109, closed: true },
      { openTime: Date.UTC(2026, 10, 4, 12), open: 110, high: 113, low: 109, close: 112, volume: 110 + 111, closed: false },
    ])
  })

  it('are asked for as they are where somebody has them, and refused where roll-up was not chosen', async () => {
    const { router, asked } = having(({ interval, limit = 0 }) => series(interval, limit), ['1h', '15m'])
    expect((await router.request('candles', BTC_1H, { rollUp: true })).rolledUpFrom).toBeUndefined()
    expect(asked).toHaveLength(1)
    const other = having(() => [], ['15m'])
    await expect(other.router.request('candles', BTC_1H)).rejects.toBeInstanceOf(NoProviderError)
  })

  it('are refused where a finer one is missing in the middle', async () => {
    const { router } = having(({ interval, limit = 0 }) => series(interval, limit).filter((_, i) => i !== 8), ['15m'])
    await expect(router.request('candles', BTC_1H, { rollUp: true })).rejects.toBeInstanceOf(NoProviderError)
  })

  it('begin where the caller asks', async () => {
    const since = Date.UTC(2026, 10, 4, 9, 30)
    const from = (at: number, count: number) =>
      Array.from({ length: count }, (_, i) => candle(at + i * MINUTES_15, 10)).filter(({ openTime }) => openTime <= NOW)
    const { router, asked } = having(({ since: at = 0, limit = 0 }) => from(at, limit), ['15m'])
    const { data } = await router.request('candles', { symbol: 'BTC/USD', interval: '1h', limit: 2, since }, { rollUp: true })
    expect(asked[0]?.params).toMatchObject({ since: Date.UTC(2026, 10, 4, 9), limit: 12 })
    expect(data.map(({ openTime }) => openTime)).toEqual([Date.UTC(2026, 10, 4, 10), Date.UTC(2026, 10, 4, 11)])
  })
})

describe('rolling up', () => {
  it('leaves a volume out that one of them lacks', () => {
    const [first, ...others] = series('30m', 4, Date.UTC(2026, 10, 4, 11, 59))
    const { volume: _, ...without } = first ?? candle(0, 1)
    expect(rollUp([without, ...others], '30m', '1h', NOW)?.map((one) => 'volume' in one)).toEqual([false, true])
  })

  it('makes months out of days, of any length', () => {
    const days = Array.from({ length: 59 }, (_, i) => candle(Date.UTC(2026, 0, 1 + i), 10))
    const months = rollUp(days, '1d', '1M', Date.UTC(2026, 2, 1))
    expect(months?.map(({ openTime, closed }) => [new Date(openTime).getUTCMonth(), closed])).toEqual([
      [0, true],
      [1, true],
    ])
  })

  it('only ever gives aligned, complete candles whose range holds that of their parts', () => {
    const pairs = (['1h', '4h', '1d', '1w', '1M'] as const).flatMap((interval) =>
      finerThan(interval)
        .slice(0, 3)
        .map((finer) => [finer, interval] as const),
    )
    fc.assert(
      fc.property(fc.constantFrom(...pairs), fc.integer({ min: 1, max: 400 }), fc.array(fc.nat(399), { maxLength: 2 }), ([finer, interval], count, gaps) => {
        const parts = series(finer, count).filter((_, i) => !gaps.includes(i))
        for (const { openTime, high, low, closed } of rollUp(parts, finer, interval, NOW) ?? []) {
          const inside = parts.filter((part) => part.openTime >= openTime && part.openTime < closesAt(openTime, interval))
          expect(opensAt(openTime, interval)).toBe(openTime)
          expect(inside).toHaveLength((Math.min(closesAt(openTime, interval), opensAt(NOW, finer) + INTERVAL_MS[finer]) - openTime) / INTERVAL_MS[finer])
          expect([high, low]).toEqual([Math.max(...inside.map((part) => part.high)), Math.min(...inside.map((part) => part.low))])
          expect(closed).toBe(closesAt(openTime, interval) <= NOW)
        }
      }),
    )
  })
})
