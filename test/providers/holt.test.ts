import { expect, it } from 'vitest'
import { holt, holtModel } from '../../src/providers/holt.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock } from '../../src/testing/index.js'
import { candleProvider, candlesOf } from '../support/candle-series.js'
import { seeded } from '../support/seeded.js'

const NOW = Date.UTC(2026, 10, 1)
const predict = (closes: readonly number[], days: number, level: number) =>
  holtModel.predict({ closes, last: closes.at(-1) ?? 0, lastAt: NOW, candles: [] }, days, level) as { value: number; low: number; high: number }[]

/** Steps between −1 and 1, as many as wanted. */
function steps(count: number): number[] {
  const random = seeded(7)
  return Array.from({ length: count }, () => 2 * random() - 1)
}

it('answers forecasts under its name, from daily candles of the router', async () => {
  const exchange = candleProvider(
    candlesOf(
      Array.from({ length: 200 }, (_, i) => 100 * 1.01 ** i),
      NOW,
      '1d',
    ),
  )
  const router = new ProviderRouter({ providers: [holt({ confidenceLevel: 0.5, history: 90 }), exchange], clock: fakeClock(NOW) })
  const { data, provider } = await router.request('forecast', { symbol: 'BTC/USD', days: 1 })
  expect([provider, data.method, data.source, data.confidenceLevel]).toEqual([
    'holt',
    'exponential smoothing with a damped trend over 90 days',
    'exchange',
    0.5,
  ])
})

it('goes on with a trend, a little less each day', () => {
  const closes = Array.from({ length: 180 }, (_, i) => 100 * 1.01 ** i)
  const logs = predict(closes, 30, 0.8).map(({ value }) => Math.log(value / (closes.at(-1) ?? 0)))
  const gains = logs.map((log, i) => log - (logs[i - 1] ?? 0))
  expect(gains[0]).toBeGreaterThan(0)
  for (const [i, gain] of gains.slice(1).entries()) expect(gain / (gains[i] ?? 0)).toBeCloseTo(0.9, 6)
})

it('sees through noise around a level: neither the last price nor a cone that widens', () => {
  const closes = [...steps(179).map((step) => 100 * Math.exp(0.05 * step)), 105]
  const points = predict(closes, 30, 0.8)
  expect(points[29]?.value).toBeLessThan(103.5)
  const width = ({ low, high } = { low: 1, high: 1 }) => Math.log(high / low)
  expect(width(points[29]) / width(points[0])).toBeLessThan(1.6)
})

it('widens as a random walk beyond the days that its history tells of', () => {
  let log = 0
  const closes = steps(30).map((step) => 100 * Math.exp((log += 0.03 * step)))
  const widths = predict(closes, 30, 0.8).map(({ low, high }) => Math.log(high / low))
  for (const ahead of [12, 20, 30]) expect((widths[ahead - 1] ?? 0) / (widths[9] ?? 0)).toBeCloseTo(Math.sqrt(ahead / 10), 6)
})
