import { agreed, type Asking } from './agree.js'
import type { Answer } from './answer.js'
import type { Budget } from './budget.js'
import type { Env } from './env.js'
import { gathered } from './gather.js'
import type { JumpGuard } from './jump-guard.js'
import type { Question } from './question.js'
import { raced } from './race.js'
import type { Rates } from './rates.js'

/** What comparing keeps between requests. */
export interface Comparing {
  readonly rates: Rates
  readonly jumps: JumpGuard | undefined
}

/** One source, as a rule; several where their lists can be put together, where the caller wants them compared, or the first of several, or where a value jumped. */
export function compared(env: Env, { rates, jumps }: Comparing, question: Question, budget: Budget, asking: Asking): Promise<Answer> {
  const { agree, race, gather, info } = question
  if (agree !== undefined) return agreed(env, rates, question, agree, budget, asking)
  if (info.gathers && race === undefined && gather > 1) return gathered(budget, gather, asking)
  const one: Asking = race === undefined ? asking : (part) => raced(part, race, asking)
  return jumps !== undefined && info.value !== undefined ? jumps.through(question, budget, one, asking) : one(budget)
}
