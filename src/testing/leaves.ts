/** Where something stands in a JSON value. */
export type Path = readonly (string | number)[]

/** Every place of a JSON value that holds no object and no list. */
export function leavesOf(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, item]) => leavesOf(item, [...path, name]))
}

/** A copy with something else at one place. */
export function withValueAt(value: unknown, [name, ...rest]: Path, put: unknown): unknown {
  if (name === undefined) return put
  if (Array.isArray(value)) return value.map((item, index) => (index === name ? withValueAt(item, rest, put) : item))
  const record = value as Record<string, unknown>
  return { ...record, [name]: withValueAt(record[name], rest, put) }
}

/** All scalars of a JSON value. */
export const scalarsOf = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value).flatMap(scalarsOf) : [value])
