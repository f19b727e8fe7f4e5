/** Freezes plain data all the way down: the cache and everybody who asked share it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const key in value) {
    const inner = value[key]
    if (typeof inner === 'object') frozen(inner)
  }
  return Object.freeze(value)
}
