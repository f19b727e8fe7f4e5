import { roundRobin } from './round-robin.js'
import { labelled, type Strategy } from './strategy.js'

/** What `priority()` does inside a tier. */
export interface PriorityOptions {
  /** Decides among those of equal priority. @default roundRobin() */
  readonly within?: Strategy | undefined
}

/** The lowest priority number first; inside a tier another strategy. */
export function priority({ within = roundRobin() }: PriorityOptions = {}): Strategy {
  return labelled('priority', (candidate) => candidate.priority, { then: within })
}
