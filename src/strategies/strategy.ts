import type { Capability } from '../model/capabilities.js'

/** A provider as selection sees it, in its pool; read-only. */
export interface Candidate {
  readonly id: string
  /** A lower number is tried first. */
  readonly priority: number
  /** Share of traffic, relative. */
  readonly weight: number
  /** Picks in this pool and capability; set level with the others when it joins and whenever it comes back. */
  readonly picks: number
  /** Sequence number of its last pick; −1 = never. */
  readonly lastPick: number
  readonly lastPickAgeMs?: number | undefined
  /** Dispatched in the sliding window, levelled likewise. */
  readonly uses: number
  /** Running now. */
  readonly inFlight: number
  /** Decaying estimate, left out until measured. */
  readonly latencyMs?: number | undefined
  /** Age of its last latency sample. */
  readonly sampleAgeMs?: number | undefined
  /** 0…1, decaying. */
  readonly errorRate: number
  readonly consecutiveFailures: number
  /** 0…1 of the tightest window; left out where nothing is limited. */
  readonly quotaLeft?: number | undefined
  /** Quota units of this request. */
  readonly cost: number
}

/** The question that a candidate is chosen for. */
export interface RouteRequest {
  readonly capability: Capability
  readonly params: unknown
  /** Unix ms. */
  readonly now: number
  /** Median latency estimate of the candidates that were measured, in ms; left out while there is none. */
  readonly typicalLatencyMs?: number | undefined
  /** 0…1 from seed, pick number and id; advances at dispatch, never by reading. */
  draw(id: string): number
}

/**
 * Lowest cost wins; ties go to `then`, then to the least recently picked, at first in list order.
 * Pure: no state, no clock, no random but `request.draw`. NaN or a throw puts the candidate last, with an event.
 */
export interface Strategy {
  (candidate: Candidate, request: RouteRequest): number
  readonly then?: Strategy | undefined
  /** Shares follow the weights: `status()` then shows the share that each should have. */
  readonly byWeight?: true | undefined
  /** What `status()` calls it: `round-robin`, or a name that you give your own. */
  readonly label?: string | undefined
}

/** A strategy with its name. */
export const labelled = (label: string, cost: Strategy, rest: Pick<Strategy, 'then' | 'byWeight'> = {}): Strategy => Object.assign(cost, { label, ...rest })
