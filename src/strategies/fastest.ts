import { type Candidate, labelled, type Strategy } from './strategy.js'

/** How `fastest()` judges and explores. */
export interface FastestOptions {
  /** Share of requests that go to a provider not measured yet, or not for long, while nothing is under way there. 0…1. @default 0.1 */
  readonly explore?: number | undefined
  /** A measured latency is believed for so long, then loses half of its say in each such time, so that slow ones are tried again. In ms. @default 30_000 */
  readonly halfLifeMs?: number | undefined
  /** Latency assumed while nobody was measured, in ms. @default 200 */
  readonly unknownMs?: number | undefined
}

/** Lowest expected wait: decaying latency, times the queue in front, worsened by failures. The unmeasured start at the median of the others, and the long unmeasured go back to it. */
export function fastest({ explore = 0.1, halfLifeMs = 30_000, unknownMs = 200 }: FastestOptions = {}): Strategy {
  return labelled('fastest', (candidate, request) => {
    const age = candidate.sampleAgeMs ?? 0
    if (candidate.latencyMs !== undefined && age <= halfLifeMs) return expectedWait(candidate, candidate.latencyMs)
    if (candidate.inFlight === 0 && request.draw(candidate.id) < explore) return 0
    const typical = request.typicalLatencyMs ?? unknownMs
    return expectedWait(candidate, candidate.latencyMs === undefined ? typical : forgotten(candidate.latencyMs, typical, age / halfLifeMs))
  })
}

/** An old estimate nears the median of all: below it, whoever comes back after a long time would get everything at once. */
const forgotten = (latencyMs: number, typicalMs: number, halfLives: number): number => typicalMs + (latencyMs - typicalMs) * 2 ** (1 - halfLives)

const expectedWait = ({ inFlight, errorRate }: Candidate, latencyMs: number): number => (latencyMs * (inFlight + 1)) / (1 - Math.min(errorRate, 0.9))
