import { ProviderError } from '../errors.js'
import type { Attempt } from '../model/result.js'
import type { Outcome } from './answer.js'
import type { Ask } from './ask.js'
import type { Budget } from './budget.js'
import type { Candidate } from './candidate.js'
import type { Env } from './env.js'
import { OUTCOMES } from './outcomes.js'
import { missed } from './radar.js'
import type { RecentError } from './recent-errors.js'
import { refusalKey } from './provider-state.js'

/** How one try went, beside its outcome. */
export interface Tried {
  readonly latencyMs: number
  readonly hedged: boolean
  /** Nothing was sent. */
  readonly reused?: boolean
}

/** Books one try: trace, rest, memory of unknown assets, statistics, events. What the outcome table says happens here. */
export function settle(env: Env, budget: Budget, candidate: Candidate, outcome: Outcome, tried: Tried): void {
  if (outcome instanceof ProviderError) failed(env, budget, candidate, outcome, tried)
  else succeeded(env, budget, candidate, outcome.host, tried)
}

function succeeded(
  env: Env,
  { ask, attempts }: Budget,
  { id, state }: Candidate,
  host: string | undefined,
  { latencyMs, hedged, reused = false }: Tried,
): void {
  if (!reused) {
    state.rest.succeeded()
    state.driftingSince = undefined
    state.health.succeeded(latencyMs, ask.now)
    env.lastAnswerAt = ask.now
  }
  const plain: Attempt = host === undefined ? { provider: id, outcome: 'succeeded', latencyMs } : { provider: id, host, outcome: 'succeeded', latencyMs }
  const attempt = hedged ? { ...plain, hedged } : plain
  attempts.push(attempt)
  if (env.events.listens('attempt-succeeded'))
    env.events.emit('attempt-succeeded', { capability: ask.capability, at: ask.now, request: ask.request, ...attempt })
}

function failed(env: Env, budget: Budget, candidate: Candidate, failure: ProviderError, { latencyMs, hedged }: Tried): void {
  const { state, id } = candidate
  const { ask } = budget
  const { reason, message } = failure
  const attempt = attemptOf(failure, id, latencyMs, hedged)
  budget.attempts.push(attempt)
  if (reason === 'aborted') return state.health.cutOff(latencyMs, ask.now)
  budget.failures.set(id, failure)
  count(candidate, failure, latencyMs, ask.now)
  if (OUTCOMES[reason].remember) remember(candidate, ask)
  if (reason === 'bad-response' || reason === 'network') missed(env, state, failure, ask.now)
  const action = rest(env, candidate, failure, ask.now) ? `cooldown ${Math.round((state.rest.until - ask.now) / 1_000)} s` : ''
  const error: RecentError = {
    at: ask.now,
    provider: id,
    capability: ask.capability,
    reason,
    message,
    action,
    ...(failure.status !== undefined && { status: failure.status }),
  }
  budget.lastError = error
  env.errors.add(error)
  if (env.events.listens('attempt-failed'))
    env.events.emit('attempt-failed', { capability: ask.capability, at: ask.now, request: ask.request, message, action, ...attempt })
}

/** How long a transaction that nobody had is not asked for again, in ms. */
const YOUNG_MS = 15_000

/** One of several symbols may be to blame for all: of a batch the others must not be taken for unknown. */
function remember(candidate: Candidate, ask: Ask): void {
  const [only, another] = ask.share(candidate)?.map((symbol) => refusalKey('tickers', symbol)) ?? [ask.subject]
  // a transaction that a node does not know yet may be in its next block
  if (only !== undefined && another === undefined) candidate.state.refuse(only, ask.now, ask.capability === 'transaction' ? YOUNG_MS : undefined)
}

const attemptOf = ({ reason, status, host, retryAfterMs }: ProviderError, provider: string, latencyMs: number, hedged: boolean): Attempt => ({
  provider,
  ...(host !== undefined && { host }),
  outcome: reason === 'aborted' ? 'cancelled' : 'failed',
  reason,
  ...(status !== undefined && { status }),
  latencyMs,
  ...(hedged && { hedged }),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
})

function count({ state }: Candidate, { reason, message }: ProviderError, latencyMs: number, now: number): void {
  const { health } = state
  if (OUTCOMES[reason].breaker === 'none') health.refused(message, now)
  else health.failed(message, now)
  if (reason === 'rate-limited') health.rateLimitHits++
  if (reason === 'timeout') health.cutOff(latencyMs, now)
}

function rest(env: Env, { state, id }: Candidate, { reason, retryAfterMs, status, message }: ProviderError, now: number): boolean {
  if (reason === 'unauthorized' || reason === 'rate-limited' || reason === 'quota-exhausted') {
    // With several keys the next one goes on; the provider rests when all were refused in a row.
    const keys = state.provider.apiKey?.size ?? 1
    if (keys > 1 && ++state.keyIndex % keys !== 0) return false
  }
  const resetsAt = reason === 'quota-exhausted' ? state.ledger?.quotaResetsAt(now) : undefined
  const waitMs = retryAfterMs ?? (resetsAt === undefined ? undefined : resetsAt - now)
  if (!state.rest.after(reason, now, { retryAfterMs: waitMs, status })) return false
  if (env.events.listens('cooldown-started')) {
    env.events.emit('cooldown-started', { provider: id, reason, at: now, until: state.rest.until, ...(reason === 'unauthorized' && { hint: message }) })
  }
  return true
}
