import type { Candidate, RouteRequest, Strategy } from './strategy.js'

/** Shares by weight on average, drawn at random: what many processes that know nothing of each other should use. */
export function weightedRandom(): Strategy {
  return Object.assign(({ id, weight }: Candidate, request: RouteRequest) => -Math.log(request.draw(id)) / weight, { byWeight: true as const })
}
