import type { HttpDefinition, ProviderEntry } from './schema.js'

const HIDDEN = '…'

/** An entry as anybody may see it: addresses without queries and without those parts of their paths that may be keys. */
export function shownEntry(entry: ProviderEntry | HttpDefinition): ProviderEntry | HttpDefinition {
  return shown(entry) as ProviderEntry | HttpDefinition
}

function shown(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return /^https?:\/\//i.test(value) ? shownAddress(value) : name === 'path' ? shownPath(value) : value
  if (Array.isArray(value)) return value.map((one) => shown(one, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one, key)]))
}

function shownAddress(address: string): string {
  const [start = '', ...rest] = address.split(/(?<=^https?:\/\/[^/?#]*)(?=[/?#])/i)
  return start.replace(/\/\/[^/@]*@/, '//') + shownPath(rest.join(''))
}

const shownPath = (path: string): string =>
  (path.split(/[?#]/, 1)[0] ?? '')
    .split('/')
    .map((part) => (mayBeKey(part) ? HIDDEN : part))
    .join('/')

/** Letters and digits mixed, and no word of a path; or longer than any word. */
const mayBeKey = (part: string): boolean => part.length >= 32 || (part.length >= 16 && /\d/.test(part) && /[a-z]/i.test(part))
