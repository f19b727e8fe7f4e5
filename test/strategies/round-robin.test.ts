import { expect, it } from 'vitest'
import { roundRobin } from '../../src/strategies/round-robin.js'
import { candidate, picks, ranked } from './candidates.js'

it('each is picked in turn', () => {
  const members = ['a', 'b', 'c'].map((id) => candidate(id))
  expect(picks(roundRobin(), members, 7)).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a'])
})

it('whoever was picked longest ago comes first, one never picked before all', () => {
  expect(ranked(roundRobin(), [candidate('recent', { lastPick: 9 }), candidate('long ago', { lastPick: 2 }), candidate('never')])).toEqual([
    'never',
    'long ago',
    'recent',
  ])
})

it('neither weight nor priority nor latency matters', () => {
  const members = [candidate('a', { weight: 100, lastPick: 3 }), candidate('b', { priority: 9, latencyMs: 5_000, lastPick: 2 })]
  expect(ranked(roundRobin(), members)).toEqual(['b', 'a'])
})
