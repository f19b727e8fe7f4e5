/** Where two JSON values differ first, as a path with both sides; nothing where they are equal. A member that is `undefined` is not the same as none. */
export function difference(actual: unknown, expected: unknown, at = 'data'): string | undefined {
  if (Object.is(actual, expected)) return undefined
  if (!isCompound(actual) || !isCompound(expected) || Array.isArray(actual) !== Array.isArray(expected))
    return `${at}: ${show(expected)} expected, got ${show(actual)}`
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)])
  for (const name of names) {
    const path = Array.isArray(expected) ? `${at}[${name}]` : `${at}.${name}`
    if (!Object.hasOwn(actual, name)) return `${path}: ${show(expected[name])} expected, got nothing`
    if (!Object.hasOwn(expected, name)) return `${path}: nothing expected, got ${show(actual[name])}`
    const found = difference(actual[name], expected[name], path)
    if (found !== undefined) return found
  }
  return undefined
}

const isCompound = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function show(value: unknown): string {
  const text = typeof value === 'string' || isCompound(value) ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
