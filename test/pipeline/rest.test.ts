import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rest } from '../../src/pipeline/rest.js'

const NOW = 1_800_000_000_000
const MINUTE = 60_000

/** Rests after 429s that each come as soon as the rest before is over, in minutes. */
function ladder(rest: Rest, hits: number, from = NOW): number[] {
  const minutes: number[] = []
  for (let hit = 0, now = from; hit < hits; hit++, now = rest.until) {
    rest.after('rate-limited', now)
    minutes.push((rest.until - now) / MINUTE)
  }
  return minutes
}

describe('the ladder of 429s', () => {
  it('is 2, 4 and 10 minutes, and stays at 10', () => {
    expect(ladder(new Rest(), 5)).toEqual([2, 4, 10, 10, 10])
  })

  it("can be the provider's own", () => {
    expect(ladder(new Rest([MINUTE, 7 * MINUTE]), 3)).toEqual([1, 7, 7])
  })

  it('begins anew after a success', () => {
    const rest = new Rest()
    ladder(rest, 2)
    rest.succeeded()
    expect(ladder(rest, 1, rest.until)).toEqual([2])
  })

  it('begins anew when it was quiet for half an hour beyond the rest', () => {
    const rest = new Rest()
    ladder(rest, 2)
    expect(ladder(rest, 1, rest.until + 29 * MINUTE)).toEqual([10])
    expect(ladder(rest, 1, rest.until + 31 * MINUTE)).toEqual([2])
  })

  it('counts 429s of calls that were under way together as one hit', () => {
    const rest = new Rest()
    for (let i = 0; i < 20; i++) rest.after('rate-limited', NOW + i)
    expect([rest.hits, rest.until]).toEqual([1, NOW + 19 + 2 * MINUTE])
    expect(ladder(rest, 1, rest.until)).toEqual([4])
  })

  it('goes on where it was after a restart', () => {
    const rest = new Rest()
    ladder(rest, 2)
    const next = new Rest()
    next.restore(JSON.parse(JSON.stringify(rest.snapshot())))
    expect([next.until, next.reason]).toEqual([rest.until, 'rate-limited'])
    expect(ladder(next, 1, next.until)).toEqual([10])
  })
})

describe('Retry-After', () => {
  it('wins over the ladder, shorter or longer', () => {
    const rest = new Rest()
    rest.after('rate-limited', NOW, { retryAfterMs: 5_000 })
    expect(rest.until).toBe(NOW + 5_000)
    rest.after('rate-limited', NOW + 5_000, { retryAfterMs: 9 * MINUTE })
    expect(rest.until).toBe(NOW + 5_000 + 9 * MINUTE)
  })

  it('is believed up to 15 minutes, that of a 418 in full', () => {
    const rest = new Rest()
    rest.after('rate-limited', NOW, { retryAfterMs: 3_600_000, status: 429 })
    expect(rest.until).toBe(NOW + 15 * MINUTE)
    rest.after('rate-limited', NOW, { retryAfterMs: 3 * 86_400_000, status: 418 })
    expect(rest.until).toBe(NOW + 3 * 86_400_000)
  })

  it('of a 503 is a rest, up to 15 minutes; without one there is none', () => {
    const rest = new Rest()
    expect(rest.after('unavailable', NOW)).toBe(false)
    expect(rest.after('unavailable', NOW, { retryAfterMs: 3_600_000 })).toBe(true)
    expect([rest.until, rest.reason]).toEqual([NOW + 15 * MINUTE, 'unavailable'])
  })
})

describe('a rest', () => {
  it('is never made shorter by a newer one', () => {
    const reason = fc.constantFrom(
      'rate-limited' as const,
      'unavailable' as const,
      'unauthorized' as const,
      'quota-exhausted' as const,
      'geo-blocked' as const,
      'network' as const,
    )
    const told = fc.record({ retryAfterMs: fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: undefined }), status: fc.constantFrom(429, 418) })
    fc.assert(
      fc.property(fc.array(fc.tuple(reason, fc.integer({ min: 0, max: 1_000_000 }), told), { maxLength: 40 }), (outcomes) => {
        const rest = new Rest()
        let now = NOW
        for (const [why, by, server] of outcomes) {
          now += by
          const before = rest.until
          const longer = rest.after(why, now, server)
          expect(rest.until).toBeGreaterThanOrEqual(before)
          expect(longer).toBe(rest.until > before)
        }
      }),
    )
  })

  it('lasts an hour after a refused key, a day in a blocked region, until the reset after an empty quota', () => {
    const rests = (['unauthorized', 'geo-blocked', 'quota-exhausted'] as const).map((reason) => {
      const rest = new Rest()
      rest.after(reason, NOW)
      return rest.until - NOW
    })
    expect(rests).toEqual([3_600_000, 86_400_000, 3_600_000])
    const told = new Rest()
    told.after('quota-exhausted', NOW, { retryAfterMs: 20 * 86_400_000 })
    expect(told.until).toBe(NOW + 20 * 86_400_000)
  })

  it('is over after end(), ladder included', () => {
    const rest = new Rest()
    ladder(rest, 3)
    rest.end()
    expect(rest.until).toBe(-Infinity)
    expect(ladder(rest, 1, NOW + MINUTE)).toEqual([2])
  })
})
