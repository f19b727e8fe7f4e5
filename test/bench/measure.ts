/** Something whose speed is measured: runs its work `times` times. */
export type Work = (times: number) => void | Promise<void>

const ROUNDS = 15
const ROUND_MS = 12
const WARM_UP_MS = 150

/**
 * Median ns of one time of each work. The works take turns, each round in another order: what slows the machine down for a
 * while slows all of them.
 */
export async function medians<N extends string>(works: Readonly<Record<N, Work>>, rounds = ROUNDS): Promise<Record<N, number>> {
  const entries = Object.entries<Work>(works).map(([name, work]) => ({ name, work, times: 1, samples: [] as number[] }))
  for (const entry of entries) entry.times = await timesPerRound(entry.work)
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const entry = entries[(round + turn) % entries.length]
      if (entry) entry.samples.push((await msOf(entry.work, entry.times)) / entry.times)
    }
  }
  return Object.fromEntries(entries.map(({ name, samples }) => [name, median(samples) * 1e6])) as Record<N, number>
}

/** Warms up, and finds how often the work fits into one round. */
async function timesPerRound(work: Work): Promise<number> {
  const end = performance.now() + WARM_UP_MS
  let times = 1
  for (;;) {
    const ms = await msOf(work, times)
    if (performance.now() >= end && ms > 1) return Math.max(1, Math.round((times * ROUND_MS) / ms))
    if (ms < ROUND_MS) times *= 2
  }
}

async function msOf(work: Work, times: number): Promise<number> {
  const start = performance.now()
  const done = work(times)
  if (done) await done
  return performance.now() - start
}

/** The one in the middle; of an even number the upper one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}

/** Work out of a function that gives a promise: one call after the other. */
export function sequential(call: () => Promise<unknown>): Work {
  return async (times) => {
    for (let turn = 0; turn < times; turn++) await call()
  }
}
