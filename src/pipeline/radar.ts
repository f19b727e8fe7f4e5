import type { ProviderError } from '../errors.js'
import { dateOf } from '../http/rate-limit-headers.js'
import type { Env } from './env.js'
import { REGION_REST_MS } from './outcomes.js'
import type { ProviderState } from './provider-state.js'

const DAY_MS = 24 * 3_600_000

/** A service says in its headers that it ends (RFC 8594 `Sunset`, RFC 9745 `Deprecation`): told once. It is asked on until it really fails. */
export function announced(env: Env, state: ProviderState, headers: Headers, now: number): void {
  if (state.ending !== undefined) return
  const sunset = headers.get('sunset')
  if (sunset === null && !headers.has('deprecation')) return
  const at = dateOf(sunset ?? '')
  state.ending = { ...(at !== undefined && { at }) }
  tell(env, state, at === undefined ? 'announces that this endpoint is deprecated' : `announces its end on ${new Date(at).toISOString().slice(0, 10)}`, now)
}

/**
 * An answer that is not what is documented, or a host whose name nobody knows. After a 410, or a day without one good answer, the service is no more
 * what it was. A name counts only where others answered meanwhile: else it is our own network that is gone.
 */
export function missed(env: Env, state: ProviderState, { reason, status, message }: ProviderError, now: number): void {
  const isDrift = reason === 'bad-response'
  if (isDrift) state.drift += 1
  else if (!message.includes('ENOTFOUND')) return
  state.driftingSince ??= now
  if (status !== 410 && now - state.driftingSince < DAY_MS) return
  if (!isDrift && env.lastAnswerAt <= state.driftingSince) return
  state.driftingSince = now
  state.rest.extend(now + REGION_REST_MS, 'bad-response')
  tell(env, state, message, now)
}

function tell(env: Env, { id, provider }: ProviderState, why: string, at: number): void {
  const replacement = provider.retired?.replacement
  if (env.events.listens('provider-retired')) env.events.emit('provider-retired', { provider: id, at, why, ...(replacement && { replacement }) })
}
