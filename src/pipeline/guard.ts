import { ProviderError } from '../errors.js'
import type { Outcome } from './answer.js'
import type { Budget } from './budget.js'
import type { Candidate } from './candidate.js'
import { OUTCOMES } from './outcomes.js'

/**
 * The breaker's look at a candidate: one outcome, whatever was repeated inside. Only outages are shown to it; an outcome that
 * says nothing of the provider's health gives the trial's place back and changes nothing.
 */
export async function guarded({ ask }: Budget, candidate: Candidate, next: () => Promise<Outcome>): Promise<Outcome> {
  const { state } = candidate
  if (state.own !== undefined && state.sendsNothing(ask.ownKey(candidate), ask.now, ask.maxAgeMs)) return next() // nothing is sent: no trial, and no sign of health
  const { breaker } = state
  const drift = state.driftBreaker(ask.capability)
  const trial = breaker.enter(ask.now)
  const driftTrial = drift?.enter(ask.now) ?? false
  state.inFlight++
  let outcome: Outcome
  try {
    outcome = await next()
  } finally {
    state.inFlight--
  }
  const { now } = ask // of the moment when the last try was booked
  const counts = outcome instanceof ProviderError ? OUTCOMES[outcome.reason].breaker : 'success'
  if (counts === 'success' || counts === 'failure') breaker.settled(counts === 'success', trial, now)
  else if (trial) breaker.release()
  if (counts === 'drift') state.drifted(ask.capability).settled(false, driftTrial, now)
  else if (counts === 'success') drift?.settled(true, driftTrial, now)
  else if (driftTrial) drift?.release()
  return outcome
}
