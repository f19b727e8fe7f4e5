import { AllProvidersFailedError, NoProviderError, ProviderError } from '../errors.js'
import type { FailureReason } from '../model/result.js'
import type { Answer } from './answer.js'
import type { Budget } from './budget.js'
import type { Candidate } from './candidate.js'
import { chosen, dispatch } from './choose.js'
import { type Env, sleep } from './env.js'
import { type Hedge, hedged } from './hedge.js'
import { OUTCOMES } from './outcomes.js'
import { excluded, exclusions, untilOf } from './select.js'
import type { Turn } from './turn.js'

/**
 * Asks one candidate after the other in the strategy's order until one answers, within the budget. Everyone excluded: a
 * stale value is better than waiting; without one, whoever recovers first is waited for if that fits.
 */
export async function failover(env: Env, budget: Budget, hedge: Hedge | undefined, turn: Turn): Promise<Answer> {
  env.extras.requested(budget.startedAt)
  hedge?.requested()
  for (;;) {
    const candidate = chosen(env, budget) ?? queued(env, budget)
    if (candidate === undefined) {
      if (await recovered(env, budget)) continue
      throw exhausted(budget)
    }
    const outcome = await (hedge === undefined ? turn(candidate, budget.signal, false) : hedged(env, budget, hedge, candidate, turn))
    if (!(outcome instanceof ProviderError)) return outcome
    if (outcome.reason === 'aborted') throw (budget.signal?.reason as Error | undefined) ?? outcome
    if (budget.attemptsLeft <= 0 || budget.leftMs(budget.ask.now) <= 0) throw exhausted(budget)
  }
}

/**
 * Who is free first, where only its own limit is in the way: the limiter waits for its place in the queue. Nothing is awaited
 * between this look and the reservation, else all who ask at the same moment would see the same free place.
 */
function queued(env: Env, budget: Budget): Candidate | undefined {
  const first = earliest(budget)
  if (first === undefined || !first.queues) return undefined
  dispatch(env, budget, first.candidate)
  return first.candidate
}

/** Waits for whoever recovers first; false where nobody does in time. */
async function recovered(env: Env, budget: Budget): Promise<boolean> {
  const { ask } = budget
  const first = earliest(budget)
  if (first === undefined) return false
  await sleep(env, Math.max(1, first.until - ask.now), budget.signal)
  ask.now = env.clock.now()
  return true
}

interface Recovery {
  readonly candidate: Candidate
  readonly until: number
  /** It is only its own limit that is in the way. */
  readonly queues: boolean
}

/** Who can be asked first within the deadline; nobody while something stale is at hand, which is better than waiting. */
function earliest(budget: Budget): Recovery | undefined {
  const { ask } = budget
  if (!budget.mayWait) return undefined
  let first: Recovery | undefined
  for (const candidate of ask.group.candidates) {
    const reason = ask.hasTried(candidate) ? undefined : excluded(candidate, ask)
    if (reason === undefined || reason === 'unknown-asset') continue
    const until = untilOf(candidate, reason, ask)
    const queues = candidate.state.rest.until <= ask.now && reason !== 'circuit-open' && reason !== 'busy'
    if (until !== undefined && until < (first?.until ?? budget.latestStart(candidate.latencyMs))) first = { candidate, until, queues }
  }
  return first
}

/** The error when nobody is left: with what was tried, or why nobody could be. */
function exhausted({ ask, failures, attempts, deadline, startedAt, hasStale, lastError }: Budget): AllProvidersFailedError | NoProviderError {
  if (lastError) lastError.action = [lastError.action, hasStale ? 'served stale' : 'gave up'].filter(Boolean).join(', ')
  const asked = ask.key.replace(':', ' ')
  if (failures.size > 0 || attempts.some(({ outcome }) => outcome !== 'skipped')) {
    return new AllProvidersFailedError(asked, [...failures.values()], attempts, ask.now >= deadline ? ` within ${deadline - startedAt} ms` : '')
  }
  const rows = exclusions(ask)
  const [first] = rows.filter(({ until }) => until !== undefined).sort((a, b) => (a.until ?? 0) - (b.until ?? 0))
  const reason = (first ?? rows.find((row) => row.reason in OUTCOMES))?.reason
  const known = reason !== undefined && reason in OUTCOMES ? (reason as FailureReason) : undefined
  return new NoProviderError(asked, rows, first?.until === undefined ? undefined : Math.max(0, first.until - ask.now), known)
}
