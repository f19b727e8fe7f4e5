import { labelled, type Strategy } from './strategy.js'

/** Shares by weight on average, drawn at random: what many processes that know nothing of each other should use. */
export function weightedRandom(): Strategy {
  return labelled('weighted-random', ({ id, weight }, request) => -Math.log(request.draw(id)) / weight, { byWeight: true })
}
