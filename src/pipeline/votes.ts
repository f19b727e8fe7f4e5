/** So many of the last votes are looked at … */
const LAST = 10
/** … and so many dissents among them cost the provider its place … */
const MANY = 3
/** … until this long after the last one, in ms: then it is tried again. */
const FORGET_MS = 600_000

/** How a provider voted where sources were compared. */
export class Votes {
  count = 0
  dissents = 0
  #last: boolean[] = []
  #dissentAt = -Infinity

  add(dissents: boolean, now: number): void {
    this.count++
    if (dissents) this.dissents++
    if (dissents) this.#dissentAt = now
    this.#last = [...this.#last.slice(1 - LAST), dissents]
  }

  /** It keeps saying something else than the others. */
  isOdd(now: number): boolean {
    return now - this.#dissentAt < FORGET_MS && this.#last.filter(Boolean).length >= MANY
  }
}
