import type { Ask } from './ask.js'
import { select } from './select.js'

/** One who can be asked. */
interface Source {
  readonly id: string
  /** Whose figures it gives: its family's, else its own. */
  readonly family: string
  readonly lastResort: boolean
}

/** Those who would be asked, in the strategy's order. Looks on a copy: nothing is picked. */
export function sourcesOf(question: Ask): Source[] {
  const ask = question.rehearsed()
  const sources: Source[] = []
  for (let candidate = select(ask, () => undefined); candidate !== undefined; candidate = select(ask, () => undefined)) {
    ask.group.dispatched(candidate, ask)
    ask.tries(candidate)
    const { id, state } = candidate
    sources.push({ id, family: state.provider.family ?? id, lastResort: state.lastResort })
  }
  return sources
}

/** Whose figures a provider gives. */
export const familyOf = ({ group }: Ask, provider: string): string => group.candidates.find(({ id }) => id === provider)?.state.provider.family ?? provider

/** Sources that do not copy one another: of a family one at a time, the next one when that gave nothing. */
export class IndependentSources {
  readonly #queue: Source[]
  readonly #taken = new Set<string>()

  constructor(ask: Ask) {
    this.#queue = sourcesOf(ask)
  }

  /** How many there are that do not copy one another. */
  get size(): number {
    return new Set(this.#queue.map(({ family }) => family)).size
  }

  /** Whether there is another one. */
  get hasNext(): boolean {
    return this.#queue.some(({ family }) => !this.#taken.has(family))
  }

  next(): string | undefined {
    const at = this.#queue.findIndex(({ family }) => !this.#taken.has(family))
    const [source] = at < 0 ? [] : this.#queue.splice(at, 1)
    if (source) this.#taken.add(source.family)
    return source?.id
  }

  /** It gave nothing: another one of its family may. */
  release(ask: Ask, id: string): void {
    this.#taken.delete(familyOf(ask, id))
  }
}
