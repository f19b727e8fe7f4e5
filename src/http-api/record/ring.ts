/** The last so many of something: what is older is overwritten. */
export interface Ring<T> {
  add(one: T): void
  /** Newest first. */
  list(): T[]
  readonly size: number
}

/** An empty one. */
export function ring<T>(most: number): Ring<T> {
  const kept: T[] = []
  let next = 0
  return {
    add(one) {
      kept[next] = one
      next = (next + 1) % most
    },
    list: () => [...kept.slice(next), ...kept.slice(0, next)].reverse(),
    get size() {
      return kept.length
    },
  }
}
