import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fastest } from '../../src/strategies/fastest.js'
import { candidate, ranked, request } from './candidates.js'

const cost = (known: Parameters<typeof candidate>[1], asked = request()): number => fastest()(candidate('p', known), asked)

describe('those that were measured', () => {
  it('are asked by expected wait: latency times the queue in front', () => {
    const members = [candidate('slow', { latencyMs: 300 }), candidate('quick', { latencyMs: 100 }), candidate('queued', { latencyMs: 80, inFlight: 2 })]
    expect(ranked(fastest(), members)).toEqual(['quick', 'queued', 'slow'])
  })

  it('lose by failing', () => {
    expect(cost({ latencyMs: 100, errorRate: 0.5 })).toBe(200)
    expect(cost({ latencyMs: 100, errorRate: 1 })).toBeCloseTo(1_000)
  })

  it('are tried again: a figure older than 30 s loses half of its say in each further half minute, down to what is typical', () => {
    const asked = request({ typicalLatencyMs: 200 })
    expect(cost({ latencyMs: 800, sampleAgeMs: 30_000 }, asked)).toBe(800)
    expect(cost({ latencyMs: 800, sampleAgeMs: 60_000 }, asked)).toBe(500)
    expect(cost({ latencyMs: 800, sampleAgeMs: 120_000 }, asked)).toBe(275)
    expect(cost({ latencyMs: 20, sampleAgeMs: 3_600_000 }, asked)).toBeCloseTo(200)
  })
})

describe('one not measured yet', () => {
  it('is taken to be like the others', () => {
    expect(cost({}, request({ typicalLatencyMs: 120 }))).toBe(120)
    expect(cost({})).toBe(200)
    expect(fastest({ unknownMs: 50 })(candidate('p'), request())).toBe(50)
  })

  it('is explored by a tenth of the requests, while nothing is under way there', () => {
    const drawn = (draw: number, known = {}): number => cost(known, request({ draw: () => draw, typicalLatencyMs: 120 }))
    expect([drawn(0.09), drawn(0.1), drawn(0.09, { inFlight: 1 })]).toEqual([0, 120, 240])
    expect(fastest({ explore: 0 })(candidate('p'), request({ draw: () => 0 }))).toBe(200)
  })
})

it('a cost is never NaN nor negative', () => {
  const known = fc.record({
    latencyMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
    sampleAgeMs: fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined }),
    inFlight: fc.integer({ min: 0, max: 1_000 }),
    errorRate: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(known, (one) => {
      expect(cost(one)).toBeGreaterThanOrEqual(0)
    }),
  )
})
