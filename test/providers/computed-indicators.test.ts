import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AllProvidersFailedError } from '../../src/errors.js'
import type { Interval } from '../../src/model/interval.js'
import type { Candle } from '../../src/model/market.js'
import { computedIndicators, type ComputedIndicatorsOptions } from '../../src/providers/computed-indicators.js'
import { COMPUTE } from '../../src/providers/computed-indicators.rows.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { type FakeProvider, fakeClock, fakeProvider } from '../../src/testing/index.js'
import { faultOf } from '../../src/testing/sound.js'
import { BOLLINGER, MACD, MOVING_AVERAGES, STOCHASTIC_RSI, WILDER_ATR, WILDER_RSI } from '../fixtures/published-indicators.js'
import { candleProvider, candlesOf } from '../support/candle-series.js'

const NOW = Date.UTC(2026, 10, 1)
const HOUR = 3_600_000
const symbol = 'BTC/USD'

const closed = (closes: readonly number[], volume?: number): Candle[] => candlesOf(closes, NOW, '1h', volume)
/** Up and down, with a little of everything. */
const wavy = (length: number): number[] => Array.from({ length }, (_, i) => 100 + i / 10 + 5 * Math.sin(i / 3) + 3 * Math.cos(i / 7))

function routed(providers: readonly FakeProvider<'candles'>[], options: ComputedIndicatorsOptions = {}) {
  const clock = fakeClock(NOW)
  const router = new ProviderRouter({ providers: [computedIndicators(options), ...providers], clock, random: () => 0.5 })
  const ask = (names: readonly string[], interval: Interval = '1h') => router.request('indicators', { symbol, interval, names })
  const asked = async (names: readonly string[], interval?: Interval) => (await ask(names, interval)).data
  const refusal = async (names: readonly string[], interval?: Interval) => {
    const error: unknown = await ask(names, interval).catch((thrown: unknown) => thrown)
    if (!AllProvidersFailedError.is(error)) throw error
    return error.failures.map(({ reason, message }) => ({ reason, message }))[0]
  }
  return { router, clock, ask, asked, refusal }
}

/** What each of the first so many closes gives. */
const along = <T>(closes: readonly number[], from: number, at: (candles: Candle[]) => T): T[] =>
  closes.slice(from - 1).map((_, i) => at(closed(closes.slice(0, from + i))))

describe('published examples', () => {
  it("Wilder's RSI of 14 days is that of StockCharts, from the 15th close on", () => {
    const readings = along(WILDER_RSI.closes, 15, (candles) => COMPUTE.rsi(candles, [14, 0, 0]))
    expect(readings).toHaveLength(WILDER_RSI.readings.length)
    for (const [i, reading] of readings.entries()) expect(reading).toBeCloseTo(WILDER_RSI.readings[i] ?? Number.NaN, 3)
    expect(COMPUTE.rsi(closed(WILDER_RSI.closes.slice(0, 14)), [14, 0, 0])).toBeUndefined()
  })

  it('the average true range of 14 days is that of StockCharts, from the 14th day on', () => {
    const days = WILDER_ATR.days.map(([high, low, close], i) => ({ openTime: i, open: close, high, low, close }))
    const readings = days.slice(13).map((_, i) => COMPUTE.atr(days.slice(0, 14 + i), [14, 0, 0]))
    expect(readings).toHaveLength(WILDER_ATR.readings.length)
    for (const [i, reading] of readings.entries()) expect(reading).toBeCloseTo(WILDER_ATR.readings[i] ?? Number.NaN, 5)
  })

  it('Bollinger bands of 20 days and 2 deviations are those of StockCharts', () => {
    const bands = along(BOLLINGER.closes, 20, (candles) => COMPUTE.bollinger(candles, [20, 2, 0]))
    expect(bands).toHaveLength(BOLLINGER.middles.length)
    for (const [i, { lower, middle, upper } = { lower: 0, middle: 0, upper: 0 }] of bands.entries()) {
      expect(middle).toBeCloseTo(BOLLINGER.middles[i] ?? Number.NaN, 5)
      expect(upper).toBeCloseTo(BOLLINGER.uppers[i] ?? Number.NaN, 5)
      expect(lower).toBeCloseTo(BOLLINGER.lowers[i] ?? Number.NaN, 5)
    }
  })

  it('moving averages of 10 days are those of StockCharts; the exponential one begins with the simple one', () => {
    const exponential = along(MOVING_AVERAGES.closes, 10, (candles) => COMPUTE.ema(candles, [10, 0, 0]))
    expect(exponential.map((value) => Number(value?.toFixed(2)))).toEqual(MOVING_AVERAGES.exponential)
    const simple = along(MOVING_AVERAGES.closes, 24, (candles) => COMPUTE.sma(candles, [10, 0, 0]))
    expect(simple.map((value) => Number(value?.toFixed(5)))).toEqual(MOVING_AVERAGES.simple)
  })

  it('MACD 12/26/9 is that of a published spreadsheet', () => {
    const { closes, ema12, ema26, lines, signals, lastSignal } = MACD
    expect(COMPUTE.ema(closed(closes.slice(0, 12)), [12, 0, 0])).toBeCloseTo(ema12, 8)
    expect(COMPUTE.ema(closed(closes.slice(0, 35)), [26, 0, 0])).toBeCloseTo(ema26, 8)
    const readings = [34, 35].map((count) => COMPUTE.macd(closed(closes.slice(0, count)), [12, 26, 9]) as Record<string, number>)
    for (const [i, { macd, signal, histogram } = {}] of readings.entries()) {
      expect(signal).toBeCloseTo(signals[i] ?? Number.NaN, 8)
      expect(macd).toBeCloseTo(lines[i] ?? Number.NaN, 8)
      expect(histogram).toBeCloseTo((macd ?? 0) - (signal ?? 0), 10)
    }
    expect(readings[1]?.['histogram']).toBeCloseTo(-4.52749455759, 8)
    expect(COMPUTE.macd(closed(closes), [12, 26, 9])).toMatchObject({ signal: expect.closeTo(lastSignal, 8) as number })
    expect(COMPUTE.macd(closed(closes.slice(0, 33)), [12, 26, 9])).toBeUndefined()
  })

  it('the stochastic RSI is that of Tulip Indicators, out of 100 instead of 1, down to 0', () => {
    const { closes, readings } = STOCHASTIC_RSI
    const last = COMPUTE.stochRsi(closed(closes), [5, 5, 0])
    expect(last).toMatchObject({ value: 0, k: expect.closeTo(200 / 3, 6) as number, d: expect.closeTo((100 + 100 + 200 / 3) / 3, 6) as number })
    expect(COMPUTE.stochRsi(closed(closes.slice(0, 14)), [5, 5, 0])).toMatchObject({
      value: 100,
      d: expect.closeTo(((readings[0] ?? 0) * 100 + 8 * 100) / 9, 1) as number,
    })
    expect(COMPUTE.stochRsi(closed(closes.slice(0, 13)), [5, 5, 0])).toBeUndefined()
  })

  it('VWAP is the typical price weighted by volume, over the last candles only', () => {
    const rows = [
      { openTime: 1, open: 1, high: 1, low: 1, close: 1, volume: 1_000 },
      { openTime: 2, open: 9, high: 12, low: 6, close: 9, volume: 1 },
      { openTime: 3, open: 9, high: 21, low: 9, close: 15, volume: 3 },
    ]
    expect(COMPUTE.vwap(rows, [2, 0, 0])).toBe((9 * 1 + 15 * 3) / 4)
    expect(COMPUTE.vwap(rows, [4, 0, 0])).toBeUndefined()
    expect(
      COMPUTE.vwap(
        rows.map((row) => ({ ...row, volume: 0 })),
        [2, 0, 0],
      ),
    ).toBeUndefined()
  })
})

describe('whatever the prices', () => {
  const series = fc.array(fc.double({ min: 1e-8, max: 1e6, noNaN: true }), { minLength: 60, maxLength: 120 })
  const names = ['rsi', 'macd', 'bollinger', 'sma20', 'ema26', 'atr', 'stochRsi', 'vwap']

  it('figures are numbers in their ranges, and bands keep their order', async () => {
    await fc.assert(
      fc.asyncProperty(series, async (closes) => {
        const data = await routed([candleProvider(closed(closes, 1))]).asked(names)
        expect(faultOf('indicators', data)).toBeUndefined()
        const { rsi, bollinger, atr, stochRsi, sma20, vwap } = data.values as Record<string, number> & {
          bollinger: Record<string, number>
          stochRsi?: Record<string, number>
        }
        const [low, high] = [Math.min(...closes) * (1 - 1e-9), Math.max(...closes) * (1 + 1e-9)]
        expect(rsi === undefined || (rsi >= 0 && rsi <= 100)).toBe(true)
        expect((bollinger['lower'] ?? 1) <= (bollinger['middle'] ?? 0) && (bollinger['middle'] ?? 1) <= (bollinger['upper'] ?? 0)).toBe(true)
        for (const share of Object.values(stochRsi ?? {})) expect(share >= 0 && share <= 100).toBe(true)
        expect((atr ?? -1) >= 0 && (sma20 ?? 0) >= low && (sma20 ?? 0) <= high && (vwap ?? 0) >= low && (vwap ?? 0) <= high).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('a price that never moves has averages, bands without width, and no strength', async () => {
    const { values } = await routed([candleProvider(closed(Array<number>(120).fill(42), 1))]).asked(names)
    expect(values).toEqual({
      macd: { macd: 0, signal: 0, histogram: 0 },
      bollinger: { lower: 42, middle: 42, upper: 42 },
      sma20: 42,
      ema26: 42,
      atr: 0,
      vwap: 42,
    })
  })

  it('a price that only rises has all strength, and no place of it between two that are the same', async () => {
    const { values } = await routed([candleProvider(closed(Array.from({ length: 120 }, (_, i) => 1 + i)))]).asked(['rsi', 'stochRsi'])
    expect(values).toEqual({ rsi: 100 })
    const falling = await routed([candleProvider(closed(Array.from({ length: 120 }, (_, i) => 500 - i)))]).asked(['rsi'])
    expect(falling.values).toEqual({ rsi: 0 })
  })
})

describe('what is asked of whom', () => {
  it('candles come through the router, once for many questions, and the answer says who gave them', async () => {
    const exchange = candleProvider(closed(wavy(300), 1))
    const { ask, clock } = routed([exchange])
    const { data, provider } = await ask(['rsi', 'sma200'])
    expect([provider, data.symbol, data.interval, data.asOf, data.source]).toEqual(['computed-indicators', symbol, '1h', NOW, 'exchange'])
    expect(Object.keys(data.values)).toEqual(['rsi', 'sma200'])
    await ask(['macd', 'ema50'])
    expect(exchange.asked.map(({ params }) => params)).toEqual([{ symbol, interval: '1h', limit: 250 }])
    await ask(['ema:100'])
    expect(exchange.asked.at(-1)?.params).toMatchObject({ limit: 500 })
    await clock.advance(2 * 60_000)
    await ask(['macd', 'atr'])
    expect(exchange.asked).toHaveLength(3)
  })

  it('the candles of the next provider are taken where the first one fails', async () => {
    const down = fakeProvider('down', { answers: { candles: () => 'unavailable' } })
    expect((await routed([down, candleProvider(closed(wavy(60)), 'spare')]).asked(['rsi'])).source).toBe('spare')
  })

  it('the running candle counts only where it is wanted', async () => {
    const closes = wavy(61)
    const candles = candlesOf(closes, NOW + HOUR / 2).map((candle, i) => ({ ...candle, closed: i < 60 }))
    const still = await routed([candleProvider(candles)]).asked(['sma:2'])
    expect(still).toMatchObject({ asOf: NOW - HOUR / 2, values: { 'sma:2': ((closes[58] ?? 0) + (closes[59] ?? 0)) / 2 } })
    const running = await routed([candleProvider(candles)], { includeRunning: true }).asked(['sma:2'])
    expect(running).toMatchObject({ asOf: NOW, values: { 'sma:2': ((closes[59] ?? 0) + (closes[60] ?? 0)) / 2 } })
    const unsaid = candles.map(({ openTime, open, high, low, close }) => ({ openTime, open, high, low, close }))
    expect(await routed([candleProvider(unsaid)]).asked(['sma:2'])).toEqual(still)
  })

  it.each([false, true])('a candle that ran when it was fetched never becomes a closed one by waiting (includeRunning: %s)', async (includeRunning) => {
    const unsaid = candlesOf(wavy(61), NOW + HOUR / 2).map(({ openTime, open, high, low, close }) => ({ openTime, open, high, low, close }))
    const down = { is: false }
    const { clock, asked } = routed([fakeProvider('exchange', { answers: { candles: () => (down.is ? 'unauthorized' : unsaid) } })], { includeRunning })
    const before = await asked(['sma:2'])
    expect(before.asOf).toBe(includeRunning ? NOW : NOW - HOUR / 2)
    down.is = true
    await clock.advance(HOUR * 0.75)
    const stale = await asked(['sma:2', 'sma:3'])
    expect(stale).toMatchObject({ asOf: before.asOf, values: before.values })
  })

  it('what lacks candles or volumes is left out', async () => {
    const { values } = await routed([candleProvider(closed(wavy(40)))]).asked(['rsi', 'sma50', 'sma200', 'vwap', 'bollinger:10,1.5', 'sma20', 'sma:20'])
    expect(Object.keys(values)).toEqual(['rsi', 'bollinger:10,1.5', 'sma20', 'sma:20'])
    expect(values['sma20']).toBe(values['sma:20'])
  })

  it.each([
    ['rsi', 15],
    ['rsi:7', 8],
    ['macd', 34],
    ['bollinger', 20],
    ['sma50', 50],
    ['ema12', 12],
    ['atr', 14],
    ['stochRsi', 32],
    ['stochRsi:5,4', 13],
    ['vwap', 24],
  ])('%s takes %i candles, and one less gives nothing', async (name, count) => {
    expect(Object.keys((await routed([candleProvider(closed(wavy(count), 1))]).asked([name])).values)).toEqual([name])
    const { reason, message } = (await routed([candleProvider(closed(wavy(count - 1), 1), 'young')]).refusal([name])) ?? {}
    expect(reason).toBe('bad-request')
    expect(message).toContain(`nothing to compute from ${count - 1} candles of BTC/USD 1h at young: ${name} takes ${count}`)
  })

  it('a series that is too short for one question is good for the next', async () => {
    const { refusal, asked } = routed([candleProvider(closed(wavy(40)))])
    expect(await refusal(['sma200'])).toMatchObject({ reason: 'bad-request' })
    expect(Object.keys((await asked(['rsi'])).values)).toEqual(['rsi'])
  })
})

describe('names', () => {
  it.each(['rsj', 'sma', 'ema', 'RSI', 'toString', 'constructor', 'rsi:', 'macd;12', 'sma:-1', 'vwap:x'])(
    '%j is refused, and the known ones are named',
    async (name) => {
      const { reason, message } = (await routed([candleProvider(closed(wavy(300)))]).refusal(['rsi', name])) ?? {}
      expect(reason).toBe('bad-request')
      expect(message).toMatch(/known are rsi, macd, bollinger, sma20|periods are whole numbers from 1 to 200, like/)
    },
  )

  it.each([
    'sma:0',
    'sma:201',
    'sma:2.5',
    'rsi:1',
    'stochRsi:14,1',
    'macd:26,12,9',
    'macd:12,26,9,1',
    'bollinger:20,0',
    'bollinger:20,11',
    'sma:1,2',
    'sma:1e3',
  ])('%s is refused for its numbers, before anything is asked', async (name) => {
    const exchange = candleProvider(closed(wavy(300)))
    expect((await routed([exchange]).refusal([name]))?.reason).toBe('bad-request')
    expect(exchange.asked).toEqual([])
  })

  it('the longest periods are computed', async () => {
    const names = [
      'sma:200',
      'ema:200',
      'rsi:200',
      'atr:200',
      'bollinger:200,10',
      'stochRsi:200,200',
      'macd:199,200,200',
      'vwap:200',
      'sma:1',
      'ema:1',
      'atr:1',
      'rsi:2',
      'stochRsi:2,2',
    ]
    expect(Object.keys((await routed([candleProvider(closed(wavy(500), 2))]).asked(names)).values)).toEqual(names)
  })
})

describe('where there are no candles', () => {
  const failing = (id: string, reason: 'not-found' | 'unavailable' | 'unauthorized' | 'geo-blocked' | 'rate-limited' | 'quota-exhausted') =>
    fakeProvider(id, { answers: { candles: () => reason } })

  it('a market that none of many exchanges has is unknown, and each was asked once', async () => {
    const exchanges = Array.from({ length: 11 }, (_, n) => failing(`e${n}`, 'not-found'))
    expect(await routed(exchanges).refusal(['rsi'])).toMatchObject({ reason: 'not-found' })
    expect(exchanges.map(({ asked }) => asked.length)).toEqual(Array(11).fill(1))
  })

  it('a market that only the last of many exchanges has is found', async () => {
    const exchanges = Array.from({ length: 9 }, (_, n) => failing(`e${n}`, 'not-found'))
    expect((await routed([...exchanges, candleProvider(closed(wavy(60)), 'last')]).asked(['rsi'])).source).toBe('last')
  })

  it.each(['unavailable', 'unauthorized', 'geo-blocked', 'rate-limited', 'quota-exhausted'] as const)(
    'a failure of theirs (%s) costs the computing nothing: no rest, no breaker, no memory, nothing sent twice',
    async (reason) => {
      const exchange = failing('exchange', reason)
      const { router, clock, refusal } = routed([exchange, failing('other', 'not-found')])
      const first = await refusal(['rsi'])
      expect(first?.reason).toBe('circuit-open')
      expect(first?.message).toContain('computed-indicators: no candles of BTC/USD 1h: exchange: ')
      expect(first?.message).toContain('other: not-found')
      expect(exchange.asked).toHaveLength(1)
      for (let again = 0; again < 6; again++) {
        const asking = refusal(['rsi'])
        await clock.advance(10_000) // the exchange itself is tried once more after a pause, where nobody else is left
        expect(await asking).toMatchObject({ reason: 'circuit-open' })
      }
      const { breaker } = router.status().providers.find(({ id }) => id === 'computed-indicators') ?? {}
      expect(breaker).toMatchObject({ state: 'closed' })
      expect(router.plan('indicators', { symbol, interval: '1h', names: ['rsi'] }).excluded).toEqual([])
    },
  )

  it('a router without candles says so', async () => {
    expect((await routed([]).refusal(['rsi']))?.message).toBe('computed-indicators: no candles of BTC/USD 1h: no provider is configured for candles')
  })

  it("the caller's abort is the caller's, not a failure", async () => {
    const hanging = fakeProvider('hanging', { answers: { candles: () => new Promise(() => undefined) } })
    const { router } = routed([hanging])
    const stop = new AbortController()
    const asking = router.request('indicators', { symbol, interval: '1h', names: ['rsi'] }, { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(asking).rejects.toThrow('enough')
  })
})
