import { AllProvidersFailedError, NoProviderError } from '../errors.js'
import type { Agreement } from '../model/result.js'
import { agreementOf, nearest, type Vote, WITHIN } from './agreement.js'
import type { Answer } from './answer.js'
import { frozen } from './frozen.js'
import type { Ask } from './ask.js'
import { type Budget, SLICE } from './budget.js'
import type { Env } from './env.js'
import { IndependentSources } from './independent.js'
import type { Question } from './question.js'
import type { Rates } from './rates.js'
import { exclusions } from './select.js'

/** Several sources asked at once, and how near to each other they must be. */
export interface AgreeOptions {
  /** So many independent sources, 2…10; fewer is an error. */
  readonly of: number
  /** Largest distance from the median that counts as agreement, as a share: 0.005 is 0.5 %. The band is wider where sources spread: 5 × MAD. @default 0.005 */
  readonly within?: number | undefined
  /** Most that one source may take, in ms. @default what is left of the request, part of it kept while others could replace it */
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
  const { of, within = WITHIN } = options
  const sources = new IndependentSources(budget.ask)
  if (sources.size < of) throw tooFew(budget, of, sources.size)
  const found = new Found(options, budget, asking, sources)
  let votes: readonly Vote[] = []
  do {
    const before = found.answers.size
    await found.more(env, of - votes.length)
    votes = await rates.inOneUnit([...found.answers.values()], question, budget, asking)
    if (found.answers.size === before) break
  } while (votes.length < of && sources.hasNext)
  if (votes.length < of) throw fewer(budget, of, votes, found)
  const agreement = agreementOf(votes, within)
  count(agreement, budget.ask, env.clock.now())
  const winner = found.answers.get(nearest(agreement) ?? '')
  if (winner === undefined) throw fewer(budget, of, [], found)
  const told = found.late.length > 0 ? { ...agreement, late: found.late } : agreement
  return { ...winner, reused: false, comparedAt: env.clock.now(), agreement: frozen(told) }
}

/** What has been had of the sources so far. Each source beyond the first has an attempt more than the request. */
class Found {
  readonly answers = new Map<string, Answer>()
  readonly late: string[] = []
  readonly #options: AgreeOptions
  readonly #budget: Budget
  readonly #asking: Asking
  readonly #sources: IndependentSources
  #callsLeft: number

  constructor(options: AgreeOptions, budget: Budget, asking: Asking, sources: IndependentSources) {
    this.#options = options
    this.#budget = budget
    this.#asking = asking
    this.#sources = sources
    this.#callsLeft = budget.maxAttempts + options.of - 1
  }

  async more(env: Env, wanted: number): Promise<void> {
    await Promise.all(Array.from({ length: wanted }, () => this.#one(env)))
  }

  async #one(env: Env): Promise<void> {
    const { maxAgeMs = MAX_AGE_MS, timeoutMs = Infinity } = this.#options
    const budget = this.#budget
    for (let id = this.#sources.next(); id !== undefined && this.#callsLeft > 0; id = this.#sources.next()) {
      this.#callsLeft--
      const canReplace = this.#sources.hasNext
      const leftMs = budget.leftMs(budget.ask.now)
      const part = { mostMs: Math.min(timeoutMs, canReplace ? leftMs * SLICE : leftMs), retries: canReplace ? 0 : budget.retries, mayWait: !canReplace }
      const answer = await budget.inPart(budget.ask.of(id, maxAgeMs), this.#asking, part).catch(passOver)
      if (answer !== undefined && env.clock.now() - (answer.asOf ?? answer.fetchedAt) <= maxAgeMs) {
        this.answers.set(id, answer)
        return
      }
      if (answer !== undefined) this.late.push(id)
      this.#sources.release(budget.ask, id)
    }
  }
}

const asked = ({ ask }: Budget): string => ask.key.replace(':', ' ')

function tooFew(budget: Budget, of: number, there: number): NoProviderError {
  const rows = exclusions(budget.ask)
  const [first] = rows.flatMap(({ until }) => until ?? []).sort((a, b) => a - b)
  const waitMs = first === undefined ? undefined : Math.max(0, first - budget.ask.now)
  return new NoProviderError(`${asked(budget)} of ${of} independent sources: there are ${there}`, rows, waitMs)
}

function fewer(budget: Budget, of: number, votes: readonly Vote[], { answers, late }: Found): AllProvidersFailedError {
  const left = [...answers.keys()].filter((id) => !votes.some(({ provider }) => provider === id))
  const why = [
    `${votes.length} of ${of} sources could be compared`,
    late.length > 0 ? `too old: ${late.join()}` : '',
    left.length > 0 ? `not comparable: ${left.join()}` : '',
  ]
  return new AllProvidersFailedError(asked(budget), [...budget.failures.values()], budget.attempts, `, ${why.filter(Boolean).join(', ')}`)
}

/** Somebody who did not answer is replaced by the next; anything else ends the request. */
export function passOver(error: unknown): undefined {
  if (!AllProvidersFailedError.is(error) && !NoProviderError.is(error)) throw error
}

/** Whoever keeps dissenting loses its place; who is far off with an id of its own has the wrong asset, and is not asked for it again. Of two nobody knows who is right. */
function count({ n, members, dissent }: Agreement, { group, asset }: Ask, now: number): void {
  if (n === 2) return
  for (const { provider, deviation } of members) {
    const state = group.candidates.find(({ id }) => id === provider)?.state
    state?.votes.add(dissent.includes(provider), now)
    const isOff = dissent.includes(provider) && Math.abs(deviation) > SUSPECT
    if (isOff && asset !== undefined && state?.provider.assets !== undefined) state.suspect(asset, now)
  }
}
