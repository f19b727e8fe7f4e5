import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { score, scoreOf } from '../../src/strategies/score.js'
import type { Candidate } from '../../src/strategies/strategy.js'
import { candidate, ranked } from './candidates.js'

const scored = (known: Partial<Candidate>, options = {}): number => scoreOf(candidate('p', known), options)

describe('a score', () => {
  it('is 100 for one of which nothing speaks against it', () => {
    expect(scored({})).toBe(100)
  })

  it('falls with errors, latency, used quota, failures in a row and recent use', () => {
    expect(scored({ errorRate: 0.5 })).toBe(80)
    expect(scored({ latencyMs: 500 })).toBe(85)
    expect(scored({ quotaLeft: 0 })).toBe(80)
    expect(scored({ consecutiveFailures: 3 })).toBe(70)
    expect([scored({ lastPickAgeMs: 9_999 }), scored({ lastPickAgeMs: 10_000 }), scored({ lastPickAgeMs: 60_000 })]).toEqual([90, 95, 100])
  })

  it('takes other weights', () => {
    expect(scored({ latencyMs: 100, errorRate: 1 }, { success: 0, latency: 100, headroom: 0, recency: 0, typicalMs: 100 })).toBe(50)
  })

  it('stays in 0…100', () => {
    const known = fc.record({
      errorRate: fc.double({ min: 0, max: 1, noNaN: true }),
      latencyMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
      quotaLeft: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      consecutiveFailures: fc.integer({ min: 0, max: 1_000 }),
      lastPickAgeMs: fc.option(fc.double({ min: 0, noNaN: true }), { nil: undefined }),
    })
    fc.assert(
      fc.property(known, (one) => {
        const points = scored(one)
        expect(points >= 0 && points <= 100).toBe(true)
      }),
    )
  })
})

it('the best score is asked first', () => {
  const members = [candidate('failing', { consecutiveFailures: 4 }), candidate('slow', { latencyMs: 2_000 }), candidate('good', { latencyMs: 50 })]
  expect(ranked(score(), members)).toEqual(['good', 'slow', 'failing'])
})
