import type { FailureReason } from '../model/result.js'
import type { Budget } from './budget.js'
import type { Candidate } from './candidate.js'
import type { Env } from './env.js'
import { OUTCOMES } from './outcomes.js'
import { excluded, lastResortAtHand, select } from './select.js'

/** The next candidate, dispatched; nothing when nobody can be asked now, or the one whose turn it is isn't acceptable. */
export function chosen(env: Env, budget: Budget, accepts?: (candidate: Candidate) => boolean): Candidate | undefined {
  const { ask } = budget
  // one attempt is kept for a last-resort provider, where there is one
  const lastResort = budget.attemptsLeft === 1 && budget.maxAttempts > 1 && lastResortAtHand(ask)
  const candidate = select(ask, (bad) => env.events.emit('strategy-failed', { provider: bad.id, capability: ask.capability, at: ask.now }), lastResort)
  if (budget.attempts.length === 0) noteSkipped(env, budget)
  if (candidate === undefined || accepts?.(candidate) === false) return undefined
  dispatch(env, budget, candidate)
  return candidate
}

/** Counts the pick: from here on the candidate was tried. */
export function dispatch(env: Env, budget: Budget, candidate: Candidate): void {
  const { ask } = budget
  const { rest, id } = candidate.state
  if (budget.lastError) budget.lastError.action = [budget.lastError.action, `failover → ${id}`].filter(Boolean).join(', ')
  budget.lastError = undefined
  ask.group.dispatched(candidate, ask)
  ask.tries(candidate)
  if (rest.announced || rest.until > ask.now) return
  rest.announced = true
  if (env.events.listens('cooldown-ended')) env.events.emit('cooldown-ended', { provider: id, reason: rest.reason, at: ask.now })
}

/** Puts those that are out for a time into the trace. */
function noteSkipped(env: Env, { ask, attempts }: Budget): void {
  for (const candidate of ask.group.candidates) {
    if (candidate.present || candidate.state.lastResort) continue
    const reason = excluded(candidate, ask)
    if (reason === undefined || !(reason in OUTCOMES)) continue
    attempts.push({ provider: candidate.id, outcome: 'skipped', reason: reason as FailureReason, latencyMs: 0 })
    if (env.events.listens('attempt-skipped'))
      env.events.emit('attempt-skipped', { capability: ask.capability, at: ask.now, request: ask.request, provider: candidate.id, reason })
  }
}
