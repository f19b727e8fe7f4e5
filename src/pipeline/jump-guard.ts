import { agreementOf, WITHIN } from './agreement.js'
import { passOver, type Asking } from './agree.js'
import type { Answer } from './answer.js'
import type { Budget } from './budget.js'
import { familyOf, independent } from './independent.js'
import type { Question } from './question.js'

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

  async through({ info, key }: Question, budget: Budget, asking: Asking): Promise<Answer> {
    const valueOf = ({ data }: Answer): number => info.value?.(data as never) ?? Number.NaN
    const first = await asking(budget)
    const before = this.#last.get(key)
    if (before === undefined || first.fetchedAt - before.at > this.#maxAgeMs || !this.#isJump(before.value, valueOf(first)))
      return this.#keep(key, first, valueOf(first))
    const second = await this.#second(budget, first, asking)
    if (second === undefined) return { ...first, agreement: agreementOf([{ provider: first.provider, value: valueOf(first), asOf: first.asOf }], WITHIN) }
    const agreement = agreementOf(
      [first, second].map((answer) => ({ provider: answer.provider, value: valueOf(answer), asOf: answer.asOf })),
      WITHIN,
    )
    if (agreement.dissent.length === 0) return this.#keep(key, { ...first, agreement }, valueOf(first))
    if (this.#isJump(before.value, valueOf(second))) return { ...first, agreement } // both moved, to different places: nobody knows
    budget.ask.group.candidates.find(({ id }) => id === first.provider)?.state.votes.add(true, second.fetchedAt)
    return this.#keep(key, { ...second, agreement: { ...agreement, dissent: [first.provider] } }, valueOf(second))
  }

  #isJump(before: number, now: number): boolean {
    return Math.abs(now / before - 1) * 100 > this.#percent
  }

  #second(budget: Budget, { provider }: Answer, asking: Asking): Promise<Answer | undefined> {
    const { ask } = budget
    const family = familyOf(ask, provider)
    const id = independent(ask).find((one) => familyOf(ask, one) !== family)
    return id === undefined ? Promise.resolve(undefined) : budget.inPart(ask.of(id), asking).catch(passOver)
  }

  #keep(key: string, answer: Answer, value: number): Answer {
    if (this.#last.size >= MAX_KEPT && !this.#last.has(key)) this.#last.delete(this.#last.keys().next().value ?? '')
    this.#last.set(key, { value, at: answer.fetchedAt })
    return answer
  }
}
