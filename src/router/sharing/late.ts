import { ConfigError } from '../../errors.js'
import type { Cache } from '../../pipeline/cache.js'
import type { Env } from '../../pipeline/env.js'
import type { ProviderState } from '../../pipeline/provider-state.js'
import type { Sharing } from '../../pipeline/sharing.js'
import type { Store } from '../../stores/store.js'
import type { EventBus } from '../events.js'

/** What sharing needs of a router. */
export interface SharingContext {
  readonly store: Store
  readonly env: Env
  readonly cache: Cache
  readonly events: EventBus
  readonly states: ReadonlyMap<string, ProviderState>
  /** No kind of dollar stands for another. */
  readonly strictDollars: boolean
}

/** Shared state that loads with the first request: who has no store carries none of it, and building a router reads nothing. */
export function lateSharing(context: SharingContext): Sharing {
  if (typeof context.store.reserve !== 'function') throw new ConfigError('store must be one like memoryStore(), got a client')
  return {
    load() {
      return (this.loading ??= import('./share-state.js').then(({ shareState }) => (this.shared = shareState(context))))
    },
  }
}
