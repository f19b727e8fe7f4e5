import type { ResolvedBreaker } from '../pipeline/breaker.js'
import type { Env } from '../pipeline/env.js'
import { ProviderState, type StateContext } from '../pipeline/provider-state.js'
import type { AnyProvider } from '../provider/provider.js'
import type { AssetOverrides } from './options.js'

/** Makes the state of a provider: with the ids that the user chose, and a breaker that tells listeners how it changes. */
export function stateMaker(
  assets: AssetOverrides,
  breaker: ResolvedBreaker,
  states: ReadonlyMap<string, ProviderState>,
  { events, random }: Env,
): (provider: AnyProvider) => ProviderState {
  const breakerChanged: StateContext['breakerChanged'] = (id, capability, state, at) => {
    if (!events.listens('breaker-changed')) return
    const of = states.get(id)
    const openUntil = state === 'open' ? (capability ? of?.driftBreaker(capability) : of?.breaker)?.openUntil : undefined
    events.emit('breaker-changed', { provider: id, ...(capability && { capability }), state, at, ...(openUntil !== undefined && { openUntil }) })
  }
  return (provider) => {
    const chosen = Object.entries(assets).flatMap(([symbol, ids]) => (ids[provider.id] === undefined ? [] : [[symbol, ids[provider.id]] as const]))
    return new ProviderState(provider, { breaker, random, overrides: Object.fromEntries(chosen), breakerChanged })
  }
}
