import { ProviderError } from '../errors.js'
import type { Attempt } from '../model/result.js'
import type { Outcome } from './answer.js'
import type { Budget } from './budget.js'
import type { Candidate } from './candidate.js'
import type { Env } from './env.js'
import { OUTCOMES, REGION_REST_MS } from './outcomes.js'
import type { RecentError } from './recent-errors.js'

/** A day of nothing but drifted answers means that the service is gone. */
const DRIFT_DAY_MS = 24 * 3_600_000

/** How one try went, beside its outcome. */
export interface Tried {
  readonly latencyMs: number
  readonly hedged: boolean
  /** Nothing was sent. */
  readonly reused?: boolean
}

/** Books one try: trace, rest, memory of unknown assets, statistics, events. What the outcome table says happens here. */
export function settle(env: Env, budget: Budget, candidate: Candidate, outcome: Outcome, { latencyMs, hedged, reused = false }: Tried): void {
  const { state, id } = candidate
  const { ask } = budget
  if (!(outcome instanceof ProviderError)) {
    if (!reused) {
      state.rest.succeeded()
      state.driftingSince = undefined
      state.health.succeeded(latencyMs, ask.now)
    }
    record(budget, {
      provider: id,
      ...(outcome.host !== undefined && { host: outcome.host }),
      outcome: 'succeeded',
      latencyMs,
      ...(hedged && { hedged: true as const }),
    })
    if (env.events.listens('attempt-succeeded')) env.events.emit('attempt-succeeded', { capability: ask.capability, at: ask.now, ...lastOf(budget) })
    return
  }
  const { reason, status, host, retryAfterMs } = outcome
  record(budget, {
    provider: id,
    ...(host !== undefined && { host }),
    outcome: reason === 'aborted' ? 'cancelled' : 'failed',
    reason,
    ...(status !== undefined && { status }),
    latencyMs,
    ...(hedged && { hedged: true as const }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
  if (reason === 'aborted') return state.health.cutOff(latencyMs, ask.now)
  budget.failures.set(id, outcome)
  count(candidate, outcome, latencyMs, ask.now)
  if (OUTCOMES[reason].remember && ask.symbols === undefined) state.refuse(ask.subject, ask.now)
  if (reason === 'bad-response') drifted(env, candidate, outcome, ask.now)
  const rested = rest(env, candidate, outcome, ask.now)
  const error: RecentError = {
    at: ask.now,
    provider: id,
    capability: ask.capability,
    reason,
    message: outcome.message,
    action: rested ? `cooldown ${Math.round((state.rest.until - ask.now) / 1_000)} s` : '',
    ...(status !== undefined && { status }),
  }
  budget.lastError = error
  env.errors.add(error)
  if (env.events.listens('attempt-failed'))
    env.events.emit('attempt-failed', { capability: ask.capability, at: ask.now, message: outcome.message, action: error.action, ...lastOf(budget) })
}

function count({ state }: Candidate, { reason, message }: ProviderError, latencyMs: number, now: number): void {
  const { health } = state
  if (OUTCOMES[reason].breaker === 'none') health.refused(message, now)
  else health.failed(message, now)
  if (reason === 'rate-limited') health.rateLimitHits++
  if (reason === 'timeout') health.cutOff(latencyMs, now)
}

function record(budget: Budget, attempt: Attempt): void {
  budget.attempts.push(attempt)
}

const lastOf = ({ attempts }: Budget): Attempt => attempts.at(-1) ?? { provider: '', outcome: 'skipped', latencyMs: 0 }

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

/** 410, or a day without one good answer: the service is no more what it was. */
function drifted(env: Env, { state, id }: Candidate, { status, message }: ProviderError, now: number): void {
  state.drift += 1
  state.driftingSince ??= now
  if (status !== 410 && now - state.driftingSince < DRIFT_DAY_MS) return
  state.driftingSince = now
  state.rest.extend(now + REGION_REST_MS, 'bad-response')
  const replacement = state.provider.retired?.replacement
  if (env.events.listens('provider-retired')) env.events.emit('provider-retired', { provider: id, at: now, why: message, ...(replacement && { replacement }) })
}
