import type { Limit } from '../../src/provider/provider.js'

/** The judge of a server with hard limits: counts what arrives in every sliding window, and remembers what was too much. */
export class StrictLimits {
  readonly limits: readonly Limit[]
  /** Everything that ever arrived. */
  arrived = 0
  /** Cost units of it. */
  units = 0
  /** Arrivals that a server answers with a 429. They count, as the others do. */
  violations = 0
  readonly #recent: { readonly at: number; readonly cost: number }[] = []
  readonly #longestMs: number

  constructor(limits: readonly Limit[]) {
    this.limits = limits
    this.#longestMs = Math.max(...limits.map(({ perMs }) => perMs))
  }

  /** Takes an arrival; false where it is one too many. */
  arrive(at: number, cost = 1): boolean {
    this.arrived++
    this.units += cost
    this.#recent.push({ at, cost })
    while ((this.#recent[0]?.at ?? at) <= at - this.#longestMs) this.#recent.shift()
    const isOver = this.limits.some(({ requests, cost: most, perMs }) => {
      const inside = this.#recent.filter((arrival) => arrival.at > at - perMs)
      return inside.reduce((sum, arrival) => sum + (requests === undefined ? arrival.cost : 1), 0) > (requests ?? most ?? Infinity)
    })
    if (isOver) this.violations++
    return !isOver
  }
}
