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
    expect(asked.map(({ params }) => params)).toEqual([{ symbol: 'BTC/USD', interval: '15m', limit: 8, since: undefined }])
    expect(rolledUpFrom).toBe('15m')
    // 11:00 … 11:45 are the 3rd to 6th of eight, 12:00 and 12:15 the last two
    expect(data).toEqual([
      { openTime: Date.UTC(2026, 10, 4, 11), open: 102, high: 107, low: 101, close: 106, volume: 102 + 103 + 104 + 105, closed: true },
      { openTime: Date.UTC(2026, 10, 4, 12), open: 106, high: 109, low: 105, close: 108, volume: 106 + 107, closed: false },
    ])
  })

  it('are put together once for those who ask at the same time, and the events say whose attempts they were', async () => {
    const { router, asked } = having(({ interval, limit = 0 }) => series(interval, limit), ['15m'])
    const told: unknown[] = []
    router.on('attempt-succeeded', ({ request }) => told.push(['tried', request])).on('request-settled', ({ request, joined }) => told.push([request, joined]))
    await Promise.all([router.request('candles', BTC_1H, { rollUp: true }), router.request('candles', BTC_1H, { rollUp: true })])
    expect(asked).toHaveLength(1)
    expect(new Set(told)).toEqual(new Set([['tried', 1], [1, undefined], [2, 1]])) // prettier-ignore
  })

  it('are asked for as they are where somebody has them, and refused where roll-up was not chosen', async () => {
    const { router, asked } = having(({ interval, limit = 0 }) => series(interval, limit), ['1h', '15m'])
    expect((await router.request('candles', BTC_1H, { rollUp: true })).rolledUpFrom).toBeUndefined()
    expect(asked).toHaveLength(1)
    const other = having(() => [], ['15m'])
    await expect(other.router.request('candles', BTC_1H)).rejects.toBeInstanceOf(NoProviderError)
  })

  it('are refused where a finer one is missing in the middle', async () => {
    const { router } = having(({ interval, limit = 0 }) => series(interval, limit).filter((_, i) => i !== 3), ['15m'])
    await expect(router.request('candles', BTC_1H, { rollUp: true })).rejects.toBeInstanceOf(NoProviderError)
  })

  it('take no longer than the request may, however many finer ones there are', async () => {
    const clock = fakeClock(NOW)
    const slow = fakeProvider('slow', {
      answers: {
        candles: ({ interval, limit = 0 }) =>
          new Promise((resolve) => clock.setTimeout(() => resolve(series(interval, limit).filter((_, i) => i !== 30)), 4_000)),
      },
    })
    const a = { ...slow, endpoints: { candles: { ...slow.endpoints.candles, supports: ({ interval }: ParamsOf<'candles'>) => interval !== '1d' } } }
    const router = new ProviderRouter({ providers: [a], clock, random: () => 0.5 })
    let endedAt = 0
    const asked = router.request('candles', { symbol: 'BTC/USD', interval: '1d', limit: 40 }, { rollUp: true }).catch(() => (endedAt = clock.now()))
    await clock.advance(60_000)
    await asked
    expect(endedAt - NOW).toBeLessThanOrEqual(10_000)
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
  it('shows none as closed whose last part was still running when it came', () => {
    const parts = series('15m', 4, Date.UTC(2026, 10, 4, 11, 50))
    expect(rollUp(parts, '15m', '1h', Date.UTC(2026, 10, 4, 12, 5))?.map(({ closed }) => closed)).toEqual([false])
  })

  it('takes the running one as far as it has come, also when the newest part has not begun to trade', () => {
    const parts = series('15m', 2, Date.UTC(2026, 10, 4, 12, 16))
    expect(rollUp(parts, '15m', '1h', Date.UTC(2026, 10, 4, 12, 30, 0, 100))).toHaveLength(1)
  })

  it('leaves out what an answer was cut short of at its end', () => {
    const parts = series('15m', 10, Date.UTC(2026, 10, 3, 13, 20))
    expect(rollUp(parts, '15m', '1h', NOW)?.map(({ openTime }) => openTime)).toEqual([Date.UTC(2026, 10, 3, 11), Date.UTC(2026, 10, 3, 12)])
  })

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
          const full = (closesAt(openTime, interval) - openTime) / INTERVAL_MS[finer]
          expect(closesAt(openTime, interval) <= NOW ? inside.length : full).toBe(full)
          expect([high, low]).toEqual([Math.max(...inside.map((part) => part.high)), Math.min(...inside.map((part) => part.low))])
          expect(closed).toBe(closesAt(openTime, interval) <= NOW)
        }
      }),
    )
  })
})
