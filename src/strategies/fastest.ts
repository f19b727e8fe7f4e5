import type { Candidate, RouteRequest, Strategy } from './strategy.js'

export interface FastestOptions {
  /** Share of requests that go to a provider not measured yet, while nothing is under way there. 0…1. @default 0.1 */
  readonly explore?: number | undefined
  /** A measured latency loses half of its say after this long without a new sample, so that slow ones are tried again. In ms. @default 30_000 */
  readonly halfLifeMs?: number | undefined
  /** Latency assumed while nobody was measured, in ms. @default 200 */
  readonly unknownMs?: number | undefined
}

/** Lowest expected wait: decaying latency, times the queue in front, worsened by failures. The unmeasured start at the median of the others. */
export function fastest({ explore = 0.1, halfLifeMs = 30_000, unknownMs = 200 }: FastestOptions = {}): Strategy {
  return (candidate, request) => {
    if (candidate.latencyMs === undefined) return unmeasured(candidate, request, explore, unknownMs)
    const age = candidate.sampleAgeMs ?? 0
    const latency = age > halfLifeMs ? candidate.latencyMs * 2 ** (1 - age / halfLifeMs) : candidate.latencyMs
    return expectedWait(candidate, latency)
  }
}

function unmeasured(candidate: Candidate, request: RouteRequest, explore: number, unknownMs: number): number {
  if (candidate.inFlight === 0 && request.draw(candidate.id) < explore) return 0
  return expectedWait(candidate, request.typicalLatencyMs ?? unknownMs)
}

const expectedWait = ({ inFlight, errorRate }: Candidate, latencyMs: number): number => (latencyMs * (inFlight + 1)) / (1 - Math.min(errorRate, 0.9))
