import { expect, it } from 'vitest'
import { weightedRandom } from '../../src/strategies/weighted-random.js'
import { candidate, picks, ranked, request, tally } from './candidates.js'

// Park and Miller: the same numbers in every run
let seed = 42
const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647

it('shares follow the weights on average', () => {
  const members = [candidate('a', { weight: 60 }), candidate('b', { weight: 30 }), candidate('c', { weight: 10 })]
  const { a = 0, b = 0, c = 0 } = tally(picks(weightedRandom(), members, 20_000, () => request({ draw: random })))
  expect(a / 20_000).toBeCloseTo(0.6, 1)
  expect(b / 20_000).toBeCloseTo(0.3, 1)
  expect(c / 20_000).toBeCloseTo(0.1, 1)
})

it('the same draw gives the same order: reading twice changes nothing', () => {
  const members = ['a', 'b', 'c'].map((id) => candidate(id))
  const draws: Record<string, number> = { a: 0.2, b: 0.9, c: 0.5 }
  const asked = request({ draw: (id) => draws[id] ?? 0 })
  expect(ranked(weightedRandom(), members, asked)).toEqual(['b', 'c', 'a'])
  expect(ranked(weightedRandom(), members, asked)).toEqual(['b', 'c', 'a'])
})

it('weight 0 is last whatever is drawn', () => {
  const members = [candidate('none', { weight: 0 }), candidate('some', { weight: 0.001 })]
  expect(ranked(weightedRandom(), members, request({ draw: (id) => (id === 'none' ? 0.999 : 0.001) }))).toEqual(['some', 'none'])
})

it('says that shares follow weights', () => {
  expect(weightedRandom().byWeight).toBe(true)
})
