import { labelled, type Strategy } from './strategy.js'

const uses: Strategy = (candidate) => candidate.uses

/** Fewest calls under way, then fewest in the last minute. Both count from the moment of dispatch. */
export function leastUsed(): Strategy {
  return labelled('least-used', (candidate) => candidate.inFlight, { then: uses })
}
