import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ask } from '../../src/pipeline/ask.js'
import { Budget, ExtraBudget } from '../../src/pipeline/budget.js'
import { Percentiles } from '../../src/pipeline/health.js'

const NOW = 1_800_000_000_000

function budget(limits: Partial<{ totalTimeoutMs: number; timeoutMs: number; maxAttempts: number; retries: number }> = {}): Budget {
  return new Budget({ now: NOW } as Ask, { totalTimeoutMs: 10_000, timeoutMs: 5_000, maxAttempts: 4, retries: 1, ...limits }, undefined, false)
}

function latencies(ms: number, count: number): Percentiles {
  const percentiles = new Percentiles()
  for (let i = 0; i < count; i++) percentiles.add(ms, NOW)
  return percentiles
}

const unknown = new Percentiles()
const others = (): boolean => true
const nobody = (): boolean => false

describe('the slice of one attempt', () => {
  it('is timeoutMs while that leaves enough for another provider', () => {
    expect(budget().sliceMs(NOW, unknown, others)).toBe(5_000)
  })

  it('is 65 % of what is left where another could follow', () => {
    expect(budget().sliceMs(NOW + 5_000, unknown, others)).toBe(3_250)
    expect(budget({ totalTimeoutMs: 1_000 }).sliceMs(NOW, unknown, others)).toBe(650)
  })

  it('is all that is left for the last attempt', () => {
    expect(budget({ totalTimeoutMs: 1_000 }).sliceMs(NOW, unknown, nobody)).toBe(1_000)
    const last = budget({ totalTimeoutMs: 1_000 })
    last.attemptsLeft = 0
    expect(last.sliceMs(NOW, unknown, others)).toBe(1_000)
  })

  it('is twice the 99th percentile once there are 20 samples, never below 400 ms nor above timeoutMs', () => {
    expect(budget().sliceMs(NOW, latencies(600, 19), others)).toBe(5_000)
    const adaptive = budget().sliceMs(NOW, latencies(600, 20), others)
    expect(adaptive).toBeGreaterThanOrEqual(1_200)
    expect(adaptive).toBeLessThanOrEqual(1_200 * 1.19 + 50)
    expect(adaptive % 50).toBe(0)
    expect(budget().sliceMs(NOW, latencies(5, 100), others)).toBe(400)
    expect(budget().sliceMs(NOW, latencies(20_000, 100), others)).toBe(5_000)
  })

  it('is more than nothing, and never longer than what is left', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_990 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0.1, max: 20_000, noNaN: true }),
        fc.boolean(),
        (passed, timeoutMs, ms, more) => {
          const one = budget({ timeoutMs })
          const slice = one.sliceMs(NOW + passed, latencies(ms, 25), () => more)
          expect(slice).toBeGreaterThanOrEqual(1)
          expect(slice).toBeLessThanOrEqual(one.leftMs(NOW + passed))
          expect(slice).toBeLessThanOrEqual(timeoutMs)
        },
      ),
    )
  })

  it('leaves a third for somebody else, as long as there is somebody', () => {
    let now = NOW
    const one = budget()
    const slices: number[] = []
    for (let attempt = 0; attempt < 4; attempt++) {
      one.attemptsLeft--
      const slice = one.sliceMs(now, unknown, others)
      slices.push(slice)
      now += slice
    }
    expect(slices).toEqual([5_000, 3_250, 1_137.5, 612.5])
    expect(now).toBe(NOW + 10_000)
  })
})

describe('retries and hedges over all providers', () => {
  it('are three where there was no other request', () => {
    const extras = new ExtraBudget(0.2, 3)
    expect([1, 2, 3, 4].map(() => extras.take(NOW))).toEqual([true, true, true, false])
  })

  it('come back after ten seconds', () => {
    const extras = new ExtraBudget(0.2, 3)
    for (let i = 0; i < 4; i++) extras.take(NOW)
    expect([extras.take(NOW + 8_999), extras.take(NOW + 10_000)]).toEqual([false, true])
  })

  it('are given only up to a fifth of the requests of the last ten seconds plus three', () => {
    const step = fc.record({ requests: fc.integer({ min: 0, max: 20 }), tries: fc.integer({ min: 0, max: 10 }), ms: fc.integer({ min: 0, max: 4_000 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const extras = new ExtraBudget(0.2, 3)
        const log: { at: number; requests: number; extras: number }[] = []
        let now = NOW
        for (const { requests, tries, ms } of steps) {
          now += ms
          for (let i = 0; i < requests; i++) extras.requested(now)
          let taken = 0
          for (let i = 0; i < tries; i++) if (extras.take(now)) taken++
          log.push({ at: now, requests, extras: taken })
          if (taken === 0) continue
          // the window turns in steps of a second
          const window = log.filter(({ at }) => Math.floor(at / 1_000) > Math.floor(now / 1_000) - 10)
          const [asked, extra] = [window.reduce((sum, one) => sum + one.requests, 0), window.reduce((sum, one) => sum + one.extras, 0)]
          expect(extra).toBeLessThanOrEqual(asked * 0.2 + 3)
        }
      }),
    )
  })
})
