import { type Candidate, labelled, type Strategy } from './strategy.js'

/** What each part adds to a score of 0…100. */
export interface ScoreWeights {
  /** Success rate of the last minutes. @default 40 */
  readonly success?: number | undefined
  /** Latency: full at 0 ms, half at `typicalMs`. @default 30 */
  readonly latency?: number | undefined
  /** Quota left in the tightest window. @default 20 */
  readonly headroom?: number | undefined
  /** Not used just now: none within 10 s, half within 60 s. @default 10 */
  readonly recency?: number | undefined
}

/** How `score()` judges. */
export interface ScoreOptions extends ScoreWeights {
  /** Latency at which half of its part is left, in ms. @default 500 */
  readonly typicalMs?: number | undefined
  /** What each failure in a row takes away. @default 10 */
  readonly perFailure?: number | undefined
}

/** 0…100, higher is better: success rate, latency, quota left and recency, less the failures in a row. What is unknown counts in full, an unknown latency as `unknownMs`. */
export function scoreOf(candidate: Candidate, options: ScoreOptions = {}, unknownMs = 0): number {
  const { success = 40, latency = 30, headroom = 20, recency = 10, typicalMs = 500, perFailure = 10 } = options
  const speed = typicalMs / (typicalMs + (candidate.latencyMs ?? unknownMs))
  const total = success * (1 - candidate.errorRate) + latency * speed + headroom * (candidate.quotaLeft ?? 1) + recency * rested(candidate.lastPickAgeMs)
  return Math.min(100, Math.max(0, total - perFailure * candidate.consecutiveFailures))
}

const rested = (ageMs: number | undefined): number => (ageMs === undefined || ageMs >= 60_000 ? 1 : ageMs >= 10_000 ? 0.5 : 0)

/** The best `scoreOf` first. One that was not measured yet is taken for as quick as the median of the others, else it would get everything at once. */
export function score(options: ScoreOptions = {}): Strategy {
  return labelled('score', (candidate, request) => 100 - scoreOf(candidate, options, candidate.latencyMs === undefined ? request.typicalLatencyMs : undefined))
}
