import { expect, it } from 'vitest'
import { drift, driftModel } from '../../src/providers/drift.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock } from '../../src/testing/index.js'
import { candleProvider, candlesOf } from '../support/candle-series.js'

const NOW = Date.UTC(2026, 10, 1)
const DAY = 86_400_000
const predict = (closes: readonly number[], days: number, level: number) =>
  driftModel.predict({ closes, last: closes.at(-1) ?? 0, lastAt: NOW, candles: [] }, days, level) as { value: number; low: number; high: number }[]

it('answers forecasts under its name, from daily candles of the router', async () => {
  const exchange = candleProvider(
    candlesOf(
      Array.from({ length: 200 }, (_, i) => 100 * 1.01 ** i),
      NOW,
      '1d',
    ),
  )
  const router = new ProviderRouter({ providers: [drift(), exchange], clock: fakeClock(NOW) })
  const { data, provider } = await router.request('forecast', { symbol: 'BTC/USD', days: 7 })
  expect([provider, data.method, data.source, data.confidenceLevel]).toEqual(['drift', 'random walk with drift over 180 days', 'exchange', 0.8])
  expect(data.points.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5, 6, 7].map((day) => NOW + day * DAY))
})

it('goes on as the price did on the whole', () => {
  const closes = Array.from({ length: 180 }, (_, i) => 100 * 1.01 ** i)
  for (const [day, { value, low, high }] of predict(closes, 30, 0.8).entries()) {
    expect(value / (closes.at(-1) ?? 0)).toBeCloseTo(1.01 ** (day + 1), 9)
    expect(high / low).toBeCloseTo(1, 6)
  }
})

it('widens with the square root of the days, and with what the drift itself is unsure of', () => {
  const closes = Array.from({ length: 181 }, (_, i) => (i % 2 === 0 ? 100 : 103))
  const widths = predict(closes, 30, 0.8).map(({ low, high }) => Math.log(high / low))
  const [first = 0] = widths
  for (const [i, width] of widths.entries()) expect(width / first).toBeCloseTo(Math.sqrt(((i + 1) * (1 + (i + 1) / 180)) / (1 + 1 / 180)), 6)
})

it('goes by how wild it was of late', () => {
  const calm = Array.from({ length: 150 }, (_, i) => (i % 2 === 0 ? 100 : 101))
  const wild = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 100 : 104))
  const width = (closes: readonly number[]) => predict(closes, 1, 0.8).map(({ low, high }) => Math.log(high / low))[0] ?? 0
  expect(width([...calm, ...wild])).toBeGreaterThan(2.5 * width([...wild, ...calm]))
})
