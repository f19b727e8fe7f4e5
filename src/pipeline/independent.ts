import type { Ask } from './ask.js'
import { select } from './select.js'

/** Whose figures a provider's are: its family's, else its own. */
export const familyOf = ({ group }: Ask, provider: string): string => group.candidates.find(({ id }) => id === provider)?.state.provider.family ?? provider

/** Ids of those who would be asked, in the strategy's order; of a family, whose figures come from one another, only the first. Looks on a copy: nothing is picked. */
export function independent(question: Ask): string[] {
  const ask = question.rehearsed()
  const families = new Set<string>()
  const ids: string[] = []
  for (let candidate = select(ask, () => undefined); candidate !== undefined; candidate = select(ask, () => undefined)) {
    ask.group.dispatched(candidate, ask)
    ask.tries(candidate)
    const family = familyOf(ask, candidate.id)
    if (!families.has(family)) ids.push(candidate.id)
    families.add(family)
  }
  return ids
}
