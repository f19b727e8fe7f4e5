import pRetry from 'p-retry'
import { ProviderError } from '../errors.js'
import type { Outcome } from './answer.js'
import type { Budget } from './budget.js'
import type { Candidate } from './candidate.js'
import { type Env, sleep } from './env.js'
import { OUTCOMES, SHORT_WAIT_MS } from './outcomes.js'
import { anyoneElse } from './select.js'
import type { Signal } from './stop.js'

/** Pause before a repeat: full jitter over a step that doubles. */
const BASE_MS = 200
const CAP_MS = 5_000

/**
 * Repeats at the same provider what may pass by itself, where nobody else can be asked: going on to another provider is
 * quicker than waiting for this one. All repeats count as one outcome for the breaker.
 */
export function retried(env: Env, budget: Budget, candidate: Candidate, signal: Signal | undefined, next: () => Promise<Outcome>): Promise<Outcome> {
  return next().then((first) => {
    if (!(first instanceof ProviderError)) return first
    const pause = pauseBefore(env, budget, candidate, first, 0)
    return pause === undefined ? first : repeat(env, budget, candidate, signal, next, pause)
  })
}

function repeat(
  env: Env,
  budget: Budget,
  candidate: Candidate,
  signal: Signal | undefined,
  next: () => Promise<Outcome>,
  firstPause: number,
): Promise<Outcome> {
  let pause: number | undefined = firstPause
  const attempt = async (): Promise<Outcome> => {
    await sleep(env, pause ?? 0, signal)
    budget.ask.now = env.clock.now()
    const outcome = await next()
    if (outcome instanceof ProviderError) throw outcome
    return outcome
  }
  return pRetry(attempt, {
    retries: budget.retries - 1,
    minTimeout: 0, // pauses are ours: by the clock, with full jitter
    shouldRetry: ({ error, attemptNumber }) => (pause = pauseBefore(env, budget, candidate, error as ProviderError, attemptNumber)) !== undefined,
  }).catch((error: unknown) => {
    if (error instanceof ProviderError) return error
    return new ProviderError({ provider: candidate.id, reason: 'aborted' })
  })
}

/** Ms to wait before the repeat; nothing where there must be none. */
function pauseBefore(env: Env, budget: Budget, candidate: Candidate, failure: ProviderError, repeats: number): number | undefined {
  const { again } = OUTCOMES[failure.reason]
  if (again === 'no' || repeats >= budget.retries || budget.attemptsLeft <= 0 || budget.signal?.aborted) return undefined
  const { now } = budget.ask
  const pause = again === 'short-wait' ? failure.retryAfterMs : Math.min(CAP_MS, BASE_MS * 2 ** repeats) * env.random()
  if (pause === undefined || (again === 'short-wait' && (pause === 0 || pause > SHORT_WAIT_MS))) return undefined
  if (again === 'yes' && candidate.state.rest.until > now) return undefined
  if (pause >= budget.leftMs(now) || anyoneElse(budget.ask, candidate)) return undefined
  if ((candidate.state.ledger?.nextAvailableAt(budget.ask.costOf(candidate), now, candidate.calls) ?? now) >= budget.deadline) return undefined
  if (!env.extras.take(now)) return undefined
  if (budget.lastError) budget.lastError.action = `retry after ${Math.round(pause)} ms`
  return pause
}
