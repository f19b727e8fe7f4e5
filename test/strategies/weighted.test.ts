import fc from 'fast-check'
import { expect, it } from 'vitest'
import { weighted } from '../../src/strategies/weighted.js'
import { candidate, picks, tally } from './candidates.js'

const members = (weights: readonly number[]) => weights.map((weight, index) => candidate(`p${index}`, { weight }))

it('a weight of 100 gets twice the traffic of 50, in even order', () => {
  expect(picks(weighted(), [candidate('a', { weight: 100 }), candidate('b', { weight: 50 })], 6)).toEqual(['a', 'b', 'a', 'a', 'b', 'a'])
})

it('shares are exact: no member is ever a whole pick away from its own', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const counts = tally(picks(weighted(), members(weights), total))
      expect(weights.map((_, index) => counts[`p${index}`])).toEqual(weights)
    }),
    { numRuns: 50 },
  )
})

it('weight 0 is picked only when nobody else is left', () => {
  const [never, other] = [candidate('never', { weight: 0 }), candidate('other')]
  expect(tally(picks(weighted(), [never, other], 100))).toEqual({ other: 100 })
  expect(picks(weighted(), [never], 2)).toEqual(['never', 'never'])
})

it('says that shares follow weights', () => {
  expect(weighted().byWeight).toBe(true)
})
