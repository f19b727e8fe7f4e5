import { expect, it } from 'vitest'
import { leastUsed } from '../../src/strategies/least-used.js'
import { candidate, picks, ranked } from './candidates.js'

it('fewest calls under way come first, then fewest in the last minute', () => {
  const members = [candidate('busy', { inFlight: 2 }), candidate('used', { inFlight: 1, uses: 30 }), candidate('fresh', { inFlight: 1, uses: 3 })]
  expect(ranked(leastUsed(), members)).toEqual(['fresh', 'used', 'busy'])
})

it('spreads evenly where nothing is under way', () => {
  expect(
    picks(
      leastUsed(),
      ['a', 'b', 'c'].map((id) => candidate(id)),
      6,
    ),
  ).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
})
