import type { Strategy } from './strategy.js'

const uses: Strategy = (candidate) => candidate.uses

/** Fewest calls under way, then fewest in the last minute. Both count from the moment of dispatch. */
export function leastUsed(): Strategy {
  return Object.assign((candidate: Parameters<Strategy>[0]) => candidate.inFlight, { then: uses })
}
