import { type Asking, passOver } from './agree.js'
import { agreementOf, WITHIN } from './agreement.js'
import type { Answer } from './answer.js'
import { frozen } from './frozen.js'
import type { Budget } from './budget.js'
import { familyOf, sourcesOf } from './independent.js'
import { type Question, valueOf } from './question.js'

const MAX_KEPT = 1_000

/** When one source is not believed alone. */
export interface JumpGuardOptions {
  /** A value that moved by more than this since the last good one, in percent, is confirmed by a second source. */
  readonly percent: number
  /** A last good value older than this says nothing, in ms. @default 3_600_000 */
  readonly maxAgeMs?: number | undefined
}

/** Remembers the last good value of each question, and asks a second source before it believes a jump. */
export class JumpGuard {
  readonly #percent: number
  readonly #maxAgeMs: number
  readonly #last = new Map<string, { value: number; at: number }>()

  constructor({ percent, maxAgeMs = 3_600_000 }: JumpGuardOptions) {
    this.#percent = percent
    this.#maxAgeMs = maxAgeMs
  }

  /** @param one asks for the first answer @param asking asks for the second */
  async through(question: Question, budget: Budget, one: Asking, asking: Asking): Promise<Answer> {
    const { key } = question
    const first = await one(budget)
    const value = valueOf(question, first)
    const before = this.#last.get(key)
    if (value === undefined) return first
    if (before === undefined || first.fetchedAt - before.at > this.#maxAgeMs || !this.#isJump(before.value, value)) return this.#keep(key, first, value)
    const second = await this.#second(budget, first, asking)
    const other = second === undefined ? undefined : valueOf(question, second)
    const votes = [{ provider: first.provider, value, asOf: first.asOf }]
    if (second === undefined || other === undefined) return { ...first, agreement: frozen(agreementOf(votes, WITHIN)) }
    const agreement = agreementOf([...votes, { provider: second.provider, value: other, asOf: second.asOf }], WITHIN)
    if (agreement.dissent.length === 0) return this.#keep(key, { ...first, agreement: frozen(agreement) }, value)
    if (this.#isJump(before.value, other)) return { ...first, agreement: frozen(agreement) } // both moved, to different places: nobody knows
    budget.ask.group.candidates.find(({ id }) => id === first.provider)?.state.votes.add(true, second.fetchedAt)
    return this.#keep(key, { ...second, agreement: frozen({ ...agreement, dissent: [first.provider] }) }, other)
  }

  #isJump(before: number, now: number): boolean {
    return Math.abs(now / before - 1) * 100 > this.#percent
  }

  #second(budget: Budget, { provider }: Answer, asking: Asking): Promise<Answer | undefined> {
    const { ask } = budget
    const family = familyOf(ask, provider)
    const source = sourcesOf(ask).find((one) => one.family !== family)
    return source === undefined ? Promise.resolve(undefined) : budget.inPart(ask.of(source.id), asking, { mayWait: false }).catch(passOver)
  }

  #keep(key: string, answer: Answer, value: number): Answer {
    if (this.#last.size >= MAX_KEPT && !this.#last.has(key)) this.#last.delete(this.#last.keys().next().value ?? '')
    this.#last.set(key, { value, at: answer.fetchedAt })
    return answer
  }
}
