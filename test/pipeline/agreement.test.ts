import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreementOf, medianOf, nearest } from '../../src/pipeline/agreement.js'

const votes = (...values: number[]) => values.map((value, i) => ({ provider: `p${i}`, value }))

describe('agreement', () => {
  it('names who is outside the band, and gives the spread', () => {
    const { median, spread, dissent, members, n } = agreementOf(votes(100, 100.1, 110), 0.005)
    expect([n, median, dissent]).toEqual([3, 100.1, ['p2']])
    expect(spread).toBeCloseTo(10 / 100.1)
    expect(members[2]?.deviation).toBeCloseTo(9.9 / 100.1)
    expect(members[0]?.deviation).toBeLessThan(0)
  })

  it('widens the band where sources spread, by the median deviation', () => {
    expect(agreementOf(votes(100, 101, 102, 103, 104), 0.005).dissent).toEqual([])
    expect(agreementOf(votes(100, 101, 102, 103, 150), 0.005).dissent).toEqual(['p4'])
  })

  it('is not moved by an outlier, however far it is', () => {
    for (const far of [120, 1_000, 1e9]) expect(agreementOf(votes(100, 100.1, 100.2, far), 0.005).dissent).toEqual(['p3'])
  })

  it('tells of two that differ that both dissent, and stands by the first', () => {
    const apart = agreementOf(votes(100, 101), 0.005)
    expect(apart.dissent).toEqual(['p0', 'p1'])
    expect(nearest(apart)).toBe('p0')
    expect(agreementOf(votes(100, 100.4), 0.005).dissent).toEqual([])
  })

  it('stands by the source in the middle, unconverted where there is one', () => {
    expect(nearest(agreementOf(votes(101, 100, 102), 0.05))).toBe('p0')
    const via = { symbol: 'USDT/USD', price: 1, provider: 'p9' }
    expect(nearest(agreementOf([{ provider: 'a', value: 101, via }, ...votes(100, 102.5)], 0.05))).toBe('p0')
  })

  it('never lets fewer than half dissent decide: the one it stands by is within the band of the median', () => {
    const value = fc.double({ min: 1, max: 1_000, noNaN: true })
    fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 9 }), fc.double({ min: 0.001, max: 0.1, noNaN: true }), (values, within) => {
        const agreement = agreementOf(votes(...values), within)
        expect(agreement.dissent.length).toBeLessThanOrEqual(values.length / 2)
        expect(agreement.dissent).not.toContain(nearest(agreement))
        expect(agreement.median).toBe(medianOf(values))
        expect(agreement.median).toBeGreaterThanOrEqual(Math.min(...values))
        expect(agreement.median).toBeLessThanOrEqual(Math.max(...values))
      }),
    )
  })
})
