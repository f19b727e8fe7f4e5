import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AllProvidersFailedError } from '../../../src/errors.js'
import type { Candle } from '../../../src/model/market.js'
import { forecaster, type ForecastModel, type ForecastOptions, studentWidth } from '../../../src/provider/derived/forecasting.js'
import { driftModel } from '../../../src/providers/drift.js'
import { holtModel } from '../../../src/providers/holt.js'
import { ProviderRouter } from '../../../src/router/provider-router.js'
import { type FakeProvider, fakeClock, fakeProvider } from '../../../src/testing/index.js'
import { faultOf } from '../../../src/testing/sound.js'
import { candleProvider, candlesOf } from '../../support/candle-series.js'

const DAY = 86_400_000
const TODAY = Date.UTC(2026, 10, 1)
const NOW = TODAY + 9 * 3_600_000
const symbol = 'BTC/USD'

const rising = (days: number): number[] => Array.from({ length: days }, (_, i) => 100 + i)
const daily = (closes: readonly number[], end = TODAY): Candle[] => candlesOf(closes, end, '1d')

/** Says the last close, from the lowest to the highest that it saw. */
const range: ForecastModel = {
  id: 'range',
  method: (days) => `last close, in the range of ${days} days`,
  predict: ({ last, closes }, days) => Array.from({ length: days }, () => ({ value: last, low: Math.min(...closes), high: Math.max(...closes) })),
}

function routed(exchange: FakeProvider<'candles'>, model = range, options: ForecastOptions = {}) {
  const router = new ProviderRouter({ providers: [forecaster(model, options), exchange], clock: fakeClock(NOW), random: () => 0.5 })
  const ask = (days = 3) => router.request('forecast', { symbol, days })
  const refusal = async (days?: number) => {
    const error: unknown = await ask(days).catch((thrown: unknown) => thrown)
    if (!AllProvidersFailedError.is(error)) throw error
    return error.failures.map(({ reason, message }) => ({ reason, message }))[0]
  }
  return { router, ask, refusal }
}

describe("a user's own model", () => {
  it('becomes a provider of forecasts that says who it is, how it was made and whose candles it saw', async () => {
    const { data, provider } = await routed(candleProvider(daily(rising(60)), 'exchange')).ask(2)
    expect(provider).toBe('range')
    expect(data).toEqual({
      symbol,
      method: 'last close, in the range of 60 days',
      source: 'exchange',
      points: [
        { at: TODAY + DAY, value: 159, low: 100, high: 159 },
        { at: TODAY + 2 * DAY, value: 159, low: 100, high: 159 },
      ],
      confidenceLevel: 0.8,
    })
  })

  it('sees the closed days only, oldest first, and the level that was chosen', async () => {
    const seen: unknown[] = []
    const model: ForecastModel = {
      id: 'watcher',
      method: 'watching',
      predict: (series, days, level) => {
        seen.push([series.closes, series.last, series.lastAt, series.candles.length, days, level])
        return range.predict(series, days, level)
      },
    }
    const running = { openTime: TODAY, open: 1, high: 1, low: 1, close: 1 }
    const exchange = candleProvider([...daily(rising(60)), { ...running, closed: false }])
    const { data } = await routed(exchange, model, { confidenceLevel: 0.95, history: 40 }).ask()
    expect(seen).toEqual([[rising(60).slice(-40), 159, TODAY, 40, 3, 0.95]])
    expect([data.method, data.confidenceLevel]).toEqual(['watching', 0.95])
    expect(exchange.asked.map(({ params }) => params)).toEqual([{ symbol, interval: '1d', limit: 41 }])
    await routed(candleProvider([...daily(rising(60)), running]), model).ask()
    expect(seen[1]).toEqual([rising(60), 159, TODAY, 60, 3, 0.8])
  })

  it('may take its time', async () => {
    const slow: ForecastModel = { ...range, predict: async (series, days, level) => range.predict(series, days, level) }
    expect((await routed(candleProvider(daily(rising(60))), slow).ask()).data.points).toHaveLength(3)
  })

  it.each([
    ['too few days', () => []],
    ['a value that is no number', (value: number) => [{ value: Number.NaN, low: value, high: value }]],
    ['a value outside its interval', (value: number) => [{ value, low: value + 1, high: value + 2 }]],
    ['an interval without end', (value: number) => [{ value, low: 0, high: Infinity }]],
    ['a price below 0', (value: number) => [{ value, low: -1, high: value }]],
  ])('is refused for %s', async (_, predict) => {
    const { refusal } = routed(candleProvider(daily(rising(60))), { ...range, predict: ({ last }) => predict(last) })
    expect(await refusal(1)).toMatchObject({
      reason: 'bad-response',
      message: expect.stringContaining('1 projections with 0 ≤ low ≤ value ≤ high expected') as string,
    })
  })

  it('has options like every provider', () => {
    expect(forecaster(range, { priority: 3, weight: 2, enabled: false })).toMatchObject({ id: 'range', name: 'range', priority: 3, weight: 2, enabled: false })
    for (const confidenceLevel of [0, 1, -1, 80, Number.NaN]) expect(() => forecaster(range, { confidenceLevel })).toThrow(/^range: confidenceLevel must be/)
    for (const history of [29, 701, 60.5]) expect(() => forecaster(range, { history })).toThrow(/^range: history must be/)
  })
})

describe('the days that a forecast is made from', () => {
  it('are thirty at least', async () => {
    expect((await routed(candleProvider(daily(rising(30)))).ask()).data.method).toContain('30 days')
    expect(await routed(candleProvider(daily(rising(29)))).refusal()).toEqual({
      reason: 'bad-request',
      message: 'range: 30 closed days without a gap are needed, exchange has 29 of BTC/USD',
    })
    expect(await routed(candleProvider([])).refusal()).toMatchObject({ reason: 'bad-request' })
  })

  it('are taken from whoever has them as soon as they can be had: too few of another are not held against the symbol', async () => {
    const down = { is: true }
    const long = fakeProvider('long', { answers: { candles: () => (down.is ? 'unavailable' : daily(rising(60))) } })
    const short = fakeProvider('short', { priority: 2, answers: { candles: () => daily(rising(10)) } })
    const providers = [forecaster(range), long, short]
    const router = new ProviderRouter({ providers, clock: fakeClock(NOW), random: () => 0.5, retries: 0, cache: false })
    await expect(router.request('forecast', { symbol, days: 1 })).rejects.toThrow(AllProvidersFailedError)
    down.is = false
    expect((await router.request('forecast', { symbol, days: 1 })).data.source).toBe('long')
  })

  it('begin after the last gap', async () => {
    const [old, late] = [daily(rising(60), TODAY - 41 * DAY), daily(rising(40))]
    expect((await routed(candleProvider([...old, ...late])).ask()).data.method).toContain('40 days')
    expect(await routed(candleProvider([...daily(rising(60), TODAY - 21 * DAY), ...daily(rising(20))])).refusal()).toMatchObject({ reason: 'bad-request' })
  })

  it('may end a day or two ago: the points are of the days to come all the same, further from what is known', async () => {
    const { ask } = routed(candleProvider(daily(rising(60), TODAY - 2 * DAY)), driftModel)
    const { points } = (await ask(1)).data
    const fresh = (await routed(candleProvider(daily(rising(60))), driftModel).ask(3)).data.points
    expect(points).toEqual([{ ...fresh[2], at: TODAY + DAY }])
    expect(await routed(candleProvider(daily(rising(60), TODAY - 3 * DAY))).refusal()).toMatchObject({
      reason: 'bad-request',
      message: expect.stringContaining('ended 3 days ago') as string,
    })
  })

  it('ahead are 1 to 30', async () => {
    const exchange = candleProvider(daily(rising(60)))
    const { ask, refusal } = routed(exchange)
    expect((await ask(30)).data.points.map(({ at }) => (at - TODAY) / DAY)).toEqual(rising(30).map((day) => day - 99))
    expect(await refusal(31)).toEqual({ reason: 'bad-request', message: 'range: days must be a whole number from 1 to 30, got 31' })
    expect(exchange.asked).toHaveLength(1)
  })

  it('cost the forecast nothing where nobody has them', async () => {
    const { router, refusal } = routed(fakeProvider('exchange', { answers: { candles: () => 'timeout' } }))
    for (let again = 0; again < 6; again++) expect((await refusal())?.reason).toBe('circuit-open')
    expect((await refusal())?.message).toBe('range: no candles of BTC/USD 1d: exchange: circuit-open')
    expect(router.plan('forecast', { symbol, days: 1 }).excluded).toEqual([])
  })
})

describe.each([driftModel, holtModel])('$id', (model) => {
  const series = (closes: readonly number[]) => ({ closes, last: closes.at(-1) ?? 0, lastAt: TODAY, candles: [] })
  const predict = (closes: readonly number[], days: number, level: number) =>
    model.predict(series(closes), days, level) as { value: number; low: number; high: number }[]
  const prices = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 30, maxLength: 200 })

  it('keeps to the model whatever the prices', async () => {
    await fc.assert(
      fc.asyncProperty(prices, fc.integer({ min: 1, max: 30 }), async (closes, days) => {
        const { data } = await routed(candleProvider(daily(closes)), model).ask(days)
        expect(faultOf('forecast', data)).toBeUndefined()
        expect(data.points).toHaveLength(days)
        for (const { value, low, high } of data.points) expect(low > 0 && low <= value && value <= high).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('says the same of the same prices, and no less the more is to be inside', () => {
    fc.assert(
      fc.property(prices, (closes) => {
        const [half, most] = [predict(closes, 30, 0.5), predict(closes, 30, 0.95)]
        expect(predict(closes, 30, 0.5)).toEqual(half)
        expect(predict(closes, 5, 0.5)).toEqual(half.slice(0, 5))
        for (const [day, { low, high }] of most.entries()) {
          const inner = half[day] ?? { low: 0, high: Infinity }
          expect(low <= inner.low && inner.high <= high).toBe(true)
          const before = most[day - 1]
          expect(before === undefined || high / low >= (before.high / before.low) * (1 - 1e-9)).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('sees no change, and no doubt, in a price that never moved', () => {
    for (const { value, low, high } of predict(Array<number>(60).fill(42), 30, 0.8)) {
      expect(value).toBeCloseTo(42, 9)
      expect(high - low).toBeCloseTo(0, 9)
    }
  })

  it('does not care in which unit the price is', () => {
    const closes = rising(100).map((close, i) => close + 7 * Math.sin(i))
    const one = predict(closes, 10, 0.8)
    for (const [day, { value, low, high }] of predict(
      closes.map((close) => close / 1_000),
      10,
      0.8,
    ).entries())
      expect([value, low, high].map((price) => price * 1_000)).toEqual(
        [one[day]?.value, one[day]?.low, one[day]?.high].map((price) => expect.closeTo(price ?? 0, 6) as number),
      )
  })
})

describe('the width of an interval', () => {
  // two-sided, from the table of Student's t in the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2
  it.each([
    [0.8, 4, 1.533],
    [0.8, 10, 1.372],
    [0.8, 30, 1.31],
    [0.9, 30, 1.697],
    [0.95, 4, 2.776],
    [0.95, 10, 2.228],
    [0.95, 100, 1.984],
    [0.95, 1e9, 1.96],
  ])('for %d with %d degrees of freedom is that of the table', (level, freedom, width) => {
    expect(Math.abs(studentWidth(level, freedom) - width)).toBeLessThan(0.01)
  })
})
