/** Latencies of a minute, in constant space. */
export interface Latencies {
  add(ms: number): void
  /** The latency that the share `q` of them does not exceed, in ms; nothing where there is none. */
  at(q: number): number | undefined
  clear(): void
}

// eight buckets per doubling, from a tenth of a millisecond to 100 s: within 9 % of the true value
const BUCKETS = 160
const PER_DOUBLING = 8
const FIRST_MS = 0.1

/** A histogram with logarithmic buckets. */
export function latencies(): Latencies {
  const counts = new Uint32Array(BUCKETS)
  let [total, largest] = [0, 0]
  return {
    add(ms) {
      const index = Math.min(BUCKETS - 1, Math.max(0, Math.floor(Math.log2(ms / FIRST_MS) * PER_DOUBLING)))
      counts[index] = (counts[index] ?? 0) + 1
      total++
      largest = Math.max(largest, ms)
    },
    at(q) {
      if (total === 0) return undefined
      let left = Math.ceil(total * q)
      const index = counts.findIndex((count) => (left -= count) <= 0)
      return Math.min(largest, FIRST_MS * 2 ** ((index + 1) / PER_DOUBLING))
    },
    clear() {
      counts.fill(0)
      total = largest = 0
    },
  }
}
