import { expect, it } from 'vitest'
import { fastest } from '../../src/strategies/fastest.js'
import { priority } from '../../src/strategies/priority.js'
import { candidate, picks, ranked } from './candidates.js'

const members = [candidate('third', { priority: 20 }), candidate('first', { priority: 1 }), candidate('second', { priority: 5.5 })]

it('the lowest number comes first, however often it was picked', () => {
  expect(ranked(priority(), members)).toEqual(['first', 'second', 'third'])
  expect(picks(priority(), members, 3)).toEqual(['first', 'first', 'first'])
})

it('equal numbers take turns', () => {
  const equal = [candidate('a'), candidate('b'), candidate('later', { priority: 2 })]
  expect(picks(priority(), equal, 5)).toEqual(['a', 'b', 'a', 'b', 'a'])
})

it('inside a tier another strategy can decide, never across tiers', () => {
  const tiers = [candidate('slow', { latencyMs: 400 }), candidate('quick', { latencyMs: 40 }), candidate('quickest', { priority: 2, latencyMs: 1 })]
  expect(ranked(priority({ within: fastest() }), tiers)).toEqual(['quick', 'slow', 'quickest'])
})

it('a negative number is before zero', () => {
  expect(ranked(priority(), [candidate('zero', { priority: 0 }), candidate('before', { priority: -3 })])).toEqual(['before', 'zero'])
})
