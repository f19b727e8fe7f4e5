import type { RouterResult } from '../model/result.js'
import type { Answer } from './answer.js'
import { filled } from './batch.js'
import type { Cache } from './cache.js'
import type { Flights } from './coalesce.js'
import { compared, type Comparing } from './compared.js'
import type { Env } from './env.js'
import { failover } from './failover.js'
import { guarded } from './guard.js'
import type { Hedge } from './hedge.js'
import type { Question } from './question.js'
import { retried } from './retry.js'
import { tryOnce } from './turn.js'

/** What the stages keep between requests. */
export interface Stages {
  readonly env: Env
  readonly cache: Cache
  readonly flights: Flights
  readonly hedge: Hedge | undefined
  readonly comparing: Comparing
}

/** The way of one request; where there is a store, what others know is looked for before anybody is asked. */
export function run(stages: Stages, question: Question): Promise<RouterResult<unknown>> {
  const { sharing } = stages.env
  if (sharing === undefined || stages.cache.look(question, question.startedAt) === 'fresh') return asked(stages, question)
  return sharing
    .load()
    .then((shared) => shared.recall(question))
    .then(() => asked(stages, question))
}

// prettier-ignore
/** The stages, outermost first. */
function asked({ env, cache, flights, hedge, comparing }: Stages, question: Question): Promise<RouterResult<unknown>> {
  const keep = (answer: Answer, now: number): void => cache.keep(question, answer, now)
  return cache.through(question, (hasStale) =>                                  // fresh? then no one is asked
    flights.share(question, hasStale, keep, (budget) =>                         // same question under way? share it
      compared(env, comparing, question, budget, (part) =>                      // one source, or several and how they agree
        filled(part, () =>                                                      // what is missing of a batch is asked of others
          failover(env, part, hedge, (candidate, signal, isHedge) =>            // in the strategy's order, within the budget
            guarded(part, candidate, () =>                                      // all repeats count as one outcome for the breaker
              retried(env, part, candidate, signal, () =>                       // only what may pass by itself
                tryOnce(env, part, candidate, signal, isHedge))))))))           // innermost, each try costs quota: limit → http → parse → check
}
