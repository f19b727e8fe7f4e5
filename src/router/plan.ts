import type { Capability } from '../model/capabilities.js'
import type { Ask } from '../pipeline/ask.js'
import { type Exclusion, exclusions, lastResortAtHand, select } from '../pipeline/select.js'

/** Whom a request would ask, in which order, and whom not. */
export interface Plan {
  readonly capability: Capability
  readonly candidates: readonly PlannedCandidate[]
  readonly excluded: readonly Exclusion[]
  /** How the cache stands to the question. */
  readonly cache: 'fresh' | 'stale' | 'none'
}

/** One provider in the order of a plan. */
export interface PlannedCandidate {
  readonly provider: string
  /** What the strategy says: the lowest comes first. */
  readonly cost: number
  /** Quota units that the request takes there. */
  readonly quotaCost: number
  readonly role: 'regular' | 'last-resort'
}

const quiet = (): void => undefined

/** The order in which `request()` would begin, if each one failed. Works on a copy: nothing is counted or rotated. */
export function planned(ask: Ask, maxAttempts: number, cache: Plan['cache']): Plan {
  const { group } = ask
  const excluded = exclusions(ask)
  const candidates: PlannedCandidate[] = []
  for (;;) {
    const candidate = select(ask, quiet, maxAttempts > 1 && candidates.length === maxAttempts - 1 && lastResortAtHand(ask))
    if (candidate === undefined) break
    candidates.push({
      provider: candidate.id,
      cost: safeCost(ask, candidate),
      quotaCost: ask.costOf(candidate),
      role: candidate.state.lastResort ? 'last-resort' : 'regular',
    })
    group.dispatched(candidate, ask)
    ask.tries(candidate)
  }
  return { capability: ask.capability, candidates, excluded, cache }
}

function safeCost(ask: Ask, candidate: Parameters<Ask['strategy']>[0]): number {
  try {
    return ask.strategy(candidate, ask)
  } catch {
    return Number.NaN
  }
}
