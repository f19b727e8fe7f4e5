import { AllProvidersFailedError } from '../errors.js'
import { type Asking, passOver } from './agree.js'
import type { Answer } from './answer.js'
import { frozen } from './frozen.js'
import { type Budget, SLICE } from './budget.js'
import type { Candidate } from './candidate.js'
import { sourcesOf } from './independent.js'

/** So many are asked together where nobody says another number. */
export const GATHERED = 6

/**
 * Asks several at once and puts their lists together; one that fails is left out, and has its line in the trace. Those whose calls cost credits and
 * last-resort providers are asked only where nobody else can be. Where all fail, the rest is asked as always: together they count as one attempt.
 */
export async function gathered(budget: Budget, most: number, asking: Asking): Promise<Answer> {
  const { ask } = budget
  const candidates = new Map(ask.group.candidates.map((candidate) => [candidate.id, candidate]))
  const sources = sourcesOf(ask).map(({ id }) => candidates.get(id))
  const ids = sources.flatMap((candidate) => (candidate && isGathered(candidate) ? candidate.id : [])).slice(0, most)
  if (ids.length === 0 || (ids.length === 1 && ids[0] === sources[0]?.id)) return asking(budget) // as always; but nobody is paid before the one who is not
  const options = { mostMs: budget.leftMs(ask.now) * SLICE, retries: 0, mayWait: false }
  const answers = (await Promise.all(ids.map((id) => budget.inPart(ask.of(id), asking, options).catch(passOver)))).flatMap((answer) => answer ?? [])
  const [first] = answers
  if (first !== undefined) return together(answers, first, candidates.get(first.provider), ask.params)
  for (const [id, candidate] of candidates) if (ids.includes(id)) ask.tries(candidate)
  if (--budget.attemptsLeft <= 0) throw new AllProvidersFailedError(ask.key.replace(':', ' '), [...budget.failures.values()], budget.attempts)
  return asking(budget)
}

const isGathered = ({ endpoint, state }: Candidate): boolean => endpoint.combine !== undefined && !state.lastResort && state.provider.metered !== true

function together(answers: readonly Answer[], first: Answer, candidate: Candidate | undefined, params: unknown): Answer {
  const lists = answers.map(({ data }) => data)
  const sources = answers.map(({ provider, host, fetchedAt, data }) => ({
    provider,
    ...(host !== undefined && { host }),
    fetchedAt,
    items: Array.isArray(data) ? data.length : 1,
  }))
  try {
    const combine = candidate?.endpoint.combine as ((lists: readonly unknown[], params: unknown) => unknown) | undefined
    const data = frozen(combine?.(lists, params) ?? first.data)
    const fetchedAt = Math.min(...sources.map((source) => source.fetchedAt))
    return { ...first, data, fetchedAt, asOf: undefined, sources: frozen(sources), reused: answers.every(({ reused }) => reused === true) }
  } catch {
    return first // an author's slip must not fail the request
  }
}
