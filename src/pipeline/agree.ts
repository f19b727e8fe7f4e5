import { AllProvidersFailedError, NoProviderError } from '../errors.js'
import type { Agreement } from '../model/result.js'
import { agreementOf, nearest, type Vote, WITHIN } from './agreement.js'
import type { Answer } from './answer.js'
import type { Ask } from './ask.js'
import type { Budget } from './budget.js'
import type { Env } from './env.js'
import { independent } from './independent.js'
import type { Question } from './question.js'
import type { Rates } from './rates.js'

/** Several sources asked at once, and how near to each other they must be. */
export interface AgreeOptions {
  /** So many independent sources, 2…10; fewer is an error. */
  readonly of: number
  /** Largest distance from the median that counts as agreement, as a share: 0.005 is 0.5 %. The band is wider where sources spread: 5 × MAD. @default 0.005 */
  readonly within?: number | undefined
  /** Most that one source may take, in ms. @default what is left of the request */
  readonly timeoutMs?: number | undefined
  /** A source that says that its figure is older does not vote, in ms. @default 120_000 */
  readonly maxAgeMs?: number | undefined
}

const MAX_AGE_MS = 120_000
/** An id whose price is this far from all others belongs to another asset. */
const SUSPECT = 0.2

/** Asks with one budget: through batch, failover, breaker, retries and limits. */
export type Asking = (budget: Budget) => Promise<Answer>

/**
 * Asks several independent sources at once, and others for those that fail or are too old, until so many votes as asked are
 * there. The answer is that of the source nearest to the median, with how all agree.
 */
export async function agreed(env: Env, rates: Rates, question: Question, options: AgreeOptions, budget: Budget, asking: Asking): Promise<Answer> {
  const { of, within = WITHIN, maxAgeMs = MAX_AGE_MS } = options
  const queue = independent(budget.ask)
  const sources = queue.length
  if (sources < of) throw new NoProviderError(`${asked(budget)} of ${of} independent sources: there are ${sources}`, [])
  const answers = new Map<string, Answer>()
  const votes: Vote[] = []
  const late: string[] = []
  const one = async (): Promise<Answer | undefined> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const answer = await budget.inPart(budget.ask.of(id), asking, options.timeoutMs).catch(passOver)
      if (answer !== undefined && env.clock.now() - (answer.asOf ?? answer.fetchedAt) <= maxAgeMs) return answer
      if (answer !== undefined) late.push(id)
    }
    return undefined
  }
  while (votes.length < of) {
    const got = (await Promise.all(Array.from({ length: of - votes.length }, one))).filter((answer) => answer !== undefined)
    for (const answer of got) answers.set(answer.provider, answer)
    votes.splice(0, votes.length, ...(await rates.inOneUnit([...answers.values()], question, budget, asking)))
    if (queue.length === 0 || got.length === 0) break
  }
  const { ask, failures, attempts } = budget
  if (votes.length < of) {
    const why = [`${votes.length} of ${of} sources could be compared`, late.length > 0 ? `too old: ${late.join()}` : '', unconverted(answers, votes)]
    throw new AllProvidersFailedError(asked(budget), [...failures.values()], attempts, `, ${why.filter(Boolean).join(', ')}`)
  }
  const agreement = agreementOf(votes, within)
  count(agreement, ask, env.clock.now())
  const winner = answers.get(nearest(agreement) ?? '') ?? [...answers.values()][0]
  if (winner === undefined) throw new AllProvidersFailedError(asked(budget), [...failures.values()], attempts)
  return { ...winner, agreement: late.length > 0 ? { ...agreement, late } : agreement }
}

const asked = ({ ask }: Budget): string => ask.key.replace(':', ' ')

function unconverted(answers: ReadonlyMap<string, Answer>, votes: readonly Vote[]): string {
  const left = [...answers.keys()].filter((id) => !votes.some(({ provider }) => provider === id))
  return left.length > 0 ? `not comparable: ${left.join()}` : ''
}

/** Somebody who did not answer is replaced by the next; anything else ends the request. */
export function passOver(error: unknown): undefined {
  if (!AllProvidersFailedError.is(error) && !NoProviderError.is(error)) throw error
}

/** Whoever keeps dissenting loses its place; who is far off with an id of its own has the wrong asset, and is not asked for it again. Of two nobody knows who is right. */
function count({ n, members, dissent }: Agreement, { group, subject }: Ask, now: number): void {
  if (n === 2) return
  for (const { provider, deviation } of members) {
    const state = group.candidates.find(({ id }) => id === provider)?.state
    state?.votes.add(dissent.includes(provider), now)
    if (state?.provider.assets !== undefined && dissent.includes(provider) && Math.abs(deviation) > SUSPECT) state.suspect(subject, now)
  }
}
