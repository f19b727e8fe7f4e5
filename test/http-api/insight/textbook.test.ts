import { describe, expect, it } from 'vitest'
import { convergence, correlation, deviation, exponentialAverage, relativeStrength, simpleAverage } from '../../../src/http-api/insight/textbook.js'
import { MACD, MOVING_AVERAGES, WILDER_RSI } from '../../fixtures/published-indicators.js'

describe('the formulas of the backtests', () => {
  it("Wilder's RSI of 14 days is that of StockCharts, from the 15th close on", () => {
    const readings = relativeStrength(WILDER_RSI.closes, 14)
    expect(readings.slice(0, 14).every((reading) => reading === undefined)).toBe(true)
    expect(readings.slice(14)).toHaveLength(WILDER_RSI.readings.length)
    for (const [i, reading] of readings.slice(14).entries()) expect(reading).toBeCloseTo(WILDER_RSI.readings[i] ?? Number.NaN, 3)
  })

  it('has no RSI of a price that never moved', () => {
    expect(
      relativeStrength(
        Array.from({ length: 30 }, () => 7),
        14,
      ),
    ).toEqual(Array.from({ length: 30 }))
  })

  it('moving averages of 10 days are those of StockCharts', () => {
    const exponential = exponentialAverage(MOVING_AVERAGES.closes, 10).slice(9)
    expect(exponential.map((value) => Number(value?.toFixed(2)))).toEqual(MOVING_AVERAGES.exponential)
    const simple = simpleAverage(MOVING_AVERAGES.closes, 10)
    expect(simple.slice(0, 9)).toEqual(Array.from({ length: 9 }))
    expect(simple.slice(23).map((value) => Number(value?.toFixed(5)))).toEqual(MOVING_AVERAGES.simple)
  })

  it('MACD 12/26/9 is that of a published spreadsheet', () => {
    const { line, signal } = convergence(MACD.closes, 12, 26, 9)
    for (const [i, at] of [33, 34].entries()) {
      expect(line[at]).toBeCloseTo(MACD.lines[i] ?? Number.NaN, 8)
      expect(signal[at]).toBeCloseTo(MACD.signals[i] ?? Number.NaN, 8)
    }
    expect(signal.at(-1)).toBeCloseTo(MACD.lastSignal, 8)
    expect([line[24], signal[32]]).toEqual([undefined, undefined])
    expect(convergence([1, 2, 3], 12, 26, 9).line).toEqual([undefined, undefined, undefined])
  })

  it('the correlation is that of Pearson: of a line 1, against it −1, of what stands still none', () => {
    const pairs = [1, 2, 3, 5].map((x) => [x, 2 * x + 1] as const)
    expect(correlation(pairs)).toBeCloseTo(1, 12)
    expect(correlation(pairs.map(([x, y]) => [x, -y] as const))).toBeCloseTo(-1, 12)
    // worked by hand: products 6, squares 10 and 6
    const worked = [
      [1, 2],
      [2, 4],
      [3, 5],
      [4, 4],
      [5, 5],
    ] as const
    expect(correlation(worked)).toBeCloseTo(6 / Math.sqrt(10 * 6), 12)
    expect(correlation(pairs.map(([x]) => [x, 4] as const))).toBeUndefined()
    expect(correlation(pairs.slice(0, 2))).toBeUndefined()
  })

  it('the deviation is that of a sample', () => {
    expect(deviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12)
  })
})
