import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Health, Percentiles } from '../../src/pipeline/health.js'

const NOW = 1_800_000_000_000
const latency = fc.double({ min: 0.2, max: 90_000, noNaN: true })

/** The value below which the share `q` of the samples lies. */
function trueAt(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)] ?? Number.NaN
}

describe('percentiles', () => {
  it('are unknown without samples', () => {
    expect(new Percentiles().at(0.5)).toBeUndefined()
  })

  it('lie at most 19 % above the true value, and never below it', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), fc.constantFrom(0.5, 0.9, 0.95, 0.99), (samples, q) => {
        const percentiles = new Percentiles()
        for (const sample of samples) percentiles.add(sample, NOW)
        const [got, right] = [percentiles.at(q) ?? Number.NaN, trueAt(samples, q)]
        expect(got).toBeGreaterThanOrEqual(right * (1 - 1e-9))
        expect(got).toBeLessThanOrEqual(right * 1.19)
      }),
    )
  })

  it('are never NaN nor negative, whatever is measured and however the clock jumps', () => {
    const ms = fc.oneof(latency, fc.constantFrom(0, 1e-9, 1e9, Number.MAX_VALUE))
    const jump = fc.integer({ min: -86_400_000, max: 30 * 86_400_000 })
    fc.assert(
      fc.property(fc.array(fc.tuple(ms, jump), { minLength: 1, maxLength: 60 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (samples, q) => {
        const percentiles = new Percentiles()
        let now = NOW
        for (const [sample, by] of samples) percentiles.add(sample, (now += by))
        const got = percentiles.at(q)
        expect(got).toBeGreaterThan(0)
        expect(got).toBeLessThan(Infinity)
      }),
    )
  })

  it('rise with the share', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 100 }), (samples) => {
        const percentiles = new Percentiles()
        for (const [index, sample] of samples.entries()) percentiles.add(sample, NOW + index * 1_000)
        const shares = [0.1, 0.5, 0.9, 0.99].map((q) => percentiles.at(q) ?? Number.NaN)
        expect(shares).toEqual([...shares].sort((a, b) => a - b))
      }),
    )
  })

  it('forget: after an hour the new samples are the percentiles', () => {
    const percentiles = new Percentiles()
    for (let i = 0; i < 1_000; i++) percentiles.add(5_000, NOW)
    for (let i = 0; i < 100; i++) percentiles.add(50, NOW + 3_600_000)
    expect(percentiles.at(0.9)).toBeLessThan(60)
    expect(percentiles.count).toBe(1_100)
  })

  it('stay right over a month of samples', () => {
    const percentiles = new Percentiles()
    for (let hour = 0; hour < 24 * 30; hour++) percentiles.add(100, NOW + hour * 3_600_000)
    expect(percentiles.at(0.99)).toBeCloseTo(100, -2)
  })
})

describe('health', () => {
  it('knows nothing before the first sample', () => {
    const health = new Health()
    expect([health.latencyMs, health.errorRate(NOW), health.lastSuccessAt, health.lastError]).toEqual([undefined, 0, undefined, undefined])
  })

  it('follows latency with a half-life of 10 s', () => {
    const health = new Health()
    health.succeeded(100, NOW)
    health.succeeded(300, NOW + 10_000)
    expect(health.latencyMs).toBeCloseTo(200)
  })

  it('gives each of many quick samples a tenth of the say', () => {
    const health = new Health()
    health.succeeded(100, NOW)
    health.succeeded(200, NOW)
    expect(health.latencyMs).toBeCloseTo(110)
  })

  it('keeps the estimate between the smallest and the largest sample, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(latency, fc.integer({ min: -100_000, max: 1_000_000 })), { minLength: 1, maxLength: 50 }), (samples) => {
        const health = new Health()
        let now = NOW
        for (const [sample, by] of samples) health.measured(sample, (now += by))
        const all = samples.map(([sample]) => sample)
        expect(health.latencyMs).toBeGreaterThanOrEqual(Math.min(...all) * (1 - 1e-9))
        expect(health.latencyMs).toBeLessThanOrEqual(Math.max(...all) * (1 + 1e-9))
      }),
    )
  })

  it('takes failures for no latencies', () => {
    const health = new Health()
    health.failed('timeout', NOW)
    health.refused('rate-limited', NOW)
    expect([health.latencyMs, health.latencies.count, health.requests, health.failures]).toEqual([undefined, 0, 2, 2])
  })

  it('counts failures in a row until a success, refusals not', () => {
    const health = new Health()
    health.failed('one', NOW)
    health.failed('two', NOW)
    health.refused('rate-limited', NOW)
    expect(health.consecutiveFailures).toBe(2)
    health.succeeded(10, NOW)
    expect([health.consecutiveFailures, health.requests, health.successes]).toEqual([0, 4, 1])
  })

  it('has an error rate in 0…1 that is not 1 after a single failure and falls back to nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 300_000 })), { maxLength: 60 }), (outcomes) => {
        const health = new Health()
        let now = NOW
        for (const [ok, by] of outcomes) {
          now += by
          if (ok) health.succeeded(10, now)
          else health.failed('x', now)
          const rate = health.errorRate(now)
          expect(rate >= 0 && rate < 1).toBe(true)
        }
        expect(health.errorRate(now + 3_600_000)).toBeLessThan(1e-9)
      }),
    )
    const fresh = new Health()
    fresh.failed('x', NOW)
    expect(fresh.errorRate(NOW)).toBe(0.5)
  })
})
