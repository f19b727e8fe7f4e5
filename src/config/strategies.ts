import { fastest } from '../strategies/fastest.js'
import { leastUsed } from '../strategies/least-used.js'
import { priority } from '../strategies/priority.js'
import { roundRobin } from '../strategies/round-robin.js'
import { score } from '../strategies/score.js'
import type { Strategy } from '../strategies/strategy.js'
import { weighted } from '../strategies/weighted.js'
import { weightedRandom } from '../strategies/weighted-random.js'

/** Names of strategies in a file, with what makes them. */
const STRATEGIES = {
  priority,
  'round-robin': roundRobin,
  weighted,
  'weighted-random': weightedRandom,
  'least-used': leastUsed,
  fastest,
  score,
} as const

/** Name of a strategy in a file. */
export type StrategyName = keyof typeof STRATEGIES

/** All of them. */
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as [StrategyName, ...StrategyName[]]

/** `round_robin` and `fastest_response` of other systems, too; nothing where there is no such strategy. */
export function strategyName(text: string): StrategyName | undefined {
  const name = text.trim().toLowerCase().replaceAll('_', '-')
  if (name === 'fastest-response') return 'fastest'
  return Object.hasOwn(STRATEGIES, name) ? (name as StrategyName) : undefined
}

/** A strategy by its name. */
export const strategyOf = (name: StrategyName): Strategy => STRATEGIES[name]()
