const STEPS = 10
const ENTRIES = 2 * STEPS

/** What is counted: all of something, or those of it that the count is about. */
export type Counted = 'all' | 'part'

/** Two counts over a sliding window, in ten steps. No timer: it turns when it is looked at. */
export class RecentCounts {
  // all and part of each step, in turn
  readonly #counts = new Uint32Array(ENTRIES)
  readonly #stepMs: number
  #step = -Infinity

  constructor(windowMs: number) {
    this.#stepMs = windowMs / STEPS
  }

  add(kind: Counted, now: number): void {
    this.#turn(now)
    const index = (this.#step % STEPS) * 2 + (kind === 'part' ? 1 : 0)
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
  }

  totals(now: number): { all: number; part: number } {
    this.#turn(now)
    const totals = { all: 0, part: 0 }
    for (let index = 0; index < ENTRIES; index += 2) {
      totals.all += this.#counts[index] ?? 0
      totals.part += this.#counts[index + 1] ?? 0
    }
    return totals
  }

  clear(): void {
    this.#counts.fill(0)
  }

  #turn(now: number): void {
    const step = Math.floor(now / this.#stepMs)
    if (step <= this.#step) return
    for (let passed = Math.max(this.#step + 1, step - STEPS + 1); passed <= step; passed++) this.#counts.fill(0, (passed % STEPS) * 2, (passed % STEPS) * 2 + 2)
    this.#step = step
  }
}
