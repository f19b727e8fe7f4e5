import { labelled, type Strategy } from './strategy.js'

/** Exact shares by weight (stride scheduling): 100 gets twice the traffic of 50, in even order. Weight 0 only when nobody else is left. */
export function weighted(): Strategy {
  return labelled('weighted', ({ picks, weight }) => (picks + 1) / weight, { byWeight: true })
}
