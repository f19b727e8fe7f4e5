import { CAPABILITIES, type Capability } from '../../model/capabilities.js'
import { notFound } from '../failures.js'

/** The group of capabilities that a user added: the API is not told theirs. */
const OTHER = 'other'

/** Groups of capabilities. */
export const CATEGORIES: readonly string[] = [...new Set(Object.values(CAPABILITIES).map(({ category }) => category))]

/** The group of a capability. */
export const categoryOf = (capability: string): string => (Object.hasOwn(CAPABILITIES, capability) ? CAPABILITIES[capability as Capability].category : OTHER)

/** The groups of what a provider serves, in its own order. */
export const categoriesOf = (capabilities: readonly string[]): string[] => [...new Set(capabilities.map(categoryOf))]

/** Something by group: who serves several groups stands in each. */
export function byCategory<T>(list: readonly T[], capabilities: (one: T) => readonly string[]): [category: string, members: T[]][] {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    for (const category of categoriesOf(capabilities(one))) groups.set(category, [...(groups.get(category) ?? []), one])
  }
  return [...groups].toSorted(([a], [b]) => order(a) - order(b))
}

const order = (category: string): number => (CATEGORIES.includes(category) ? CATEGORIES.indexOf(category) : CATEGORIES.length)

/** Throws 404 for a group that there is not. */
export function checkCategory(category: string): void {
  if (!CATEGORIES.includes(category) && category !== OTHER) throw notFound(`no category '${category}': there are ${CATEGORIES.join(', ')}`)
}
