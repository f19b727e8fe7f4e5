import { ProviderError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { HttpEndpoint } from '../provider/provider.js'
import type { Outcome } from './answer.js'
import type { Budget } from './budget.js'
import { call } from './call.js'
import type { Candidate } from './candidate.js'
import type { Env } from './env.js'
import { type Job, prepare } from './job.js'
import { limited } from './limit.js'
import { anyoneElse } from './select.js'
import { settle } from './settle.js'

/** One candidate's turn: breaker, retries and tries together. Never rejects. */
export type Turn = (candidate: Candidate, signal: AbortSignal | undefined, isHedge: boolean) => Promise<Outcome>

/** One try, booked: prepare → limit → call → settle. A provider's own young answer is used again instead. */
export async function tryOnce(env: Env, budget: Budget, candidate: Candidate, signal: AbortSignal | undefined, hedged: boolean): Promise<Outcome> {
  const { state } = candidate
  const { ask } = budget
  const own = state.reusable(ask.key, ask.now, ask.maxAgeMs)
  if (own !== undefined) {
    settle(env, budget, candidate, own, { latencyMs: 0, hedged, reused: true })
    return { ...own, reused: true }
  }
  budget.attemptsLeft--
  const secret = state.provider.apiKey?.reveal(state.keyIndex)
  const key = typeof secret === 'object' ? await secret : secret
  const job = prepare(candidate, ask, signal, key)
  if (job instanceof ProviderError) {
    settle(env, budget, candidate, job, { latencyMs: 0, hedged })
    return job
  }
  const outcome = await booked(env, budget, job, key, hedged)
  const whole = wholeOf(job, outcome)
  return whole === undefined ? outcome : booked(env, budget, whole, key, hedged)
}

async function booked(env: Env, budget: Budget, job: Job, key: string | undefined, hedged: boolean): Promise<Outcome> {
  const { candidate } = job
  const { health, own } = candidate.state
  let startedAt = env.clock.monotonic()
  let outcome: Outcome
  try {
    outcome = await limited(env, budget, job, () => {
      startedAt = env.clock.monotonic()
      job.sliceMs = budget.sliceMs(budget.ask.now, health.latencies, () => anyoneElse(budget.ask, candidate))
      return call(env, job, key)
    })
  } catch {
    outcome = new ProviderError({ provider: candidate.id, reason: 'aborted' }) // it was waiting for its place when the caller left
  }
  budget.ask.now = env.clock.now()
  settle(env, budget, candidate, outcome, { latencyMs: env.clock.monotonic() - startedAt, hedged })
  if (own !== undefined && !(outcome instanceof ProviderError)) own.set(budget.ask.key, outcome)
  return outcome
}

/** A batch that one unknown symbol made fail is asked once more as a whole: no bad symbol loses the others. */
function wholeOf(job: Job, outcome: Outcome): Job | undefined {
  const { whole } = job.candidate.endpoint as Partial<HttpEndpoint<Capability>>
  if (whole === undefined || !(outcome instanceof ProviderError) || outcome.reason !== 'not-found' || (job.ask.symbols?.length ?? 0) < 2) return undefined
  return { ...job, request: whole.request, cost: whole.cost ?? 1 }
}
