import { roundRobin } from './round-robin.js'
import type { Strategy } from './strategy.js'

/** What `priority()` does inside a tier. */
export interface PriorityOptions {
  /** Decides among those of equal priority. @default roundRobin() */
  readonly within?: Strategy | undefined
}

/** The lowest priority number first; inside a tier another strategy. */
export function priority({ within = roundRobin() }: PriorityOptions = {}): Strategy {
  return Object.assign((candidate: Parameters<Strategy>[0]) => candidate.priority, { then: within })
}
