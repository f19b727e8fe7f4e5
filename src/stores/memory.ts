import { type Clock, resolveClock } from '../model/clock.js'
import type { MemoryState } from './memory-state.js'
import type { Store } from './store.js'

/** Bounds of a store within the process. */
export interface MemoryStoreOptions {
  /** Values kept at most; the oldest goes first. @default 10_000 */
  readonly maxEntries?: number | undefined
  readonly clock?: Clock | undefined
}

/** State within this process, for several routers of it. */
export function memoryStore({ maxEntries = 10_000, clock }: MemoryStoreOptions = {}): Store {
  let loading: Promise<MemoryState> | undefined
  const state = (): Promise<MemoryState> => (loading ??= import('./memory-state.js').then((late) => new late.MemoryState(maxEntries, resolveClock(clock)))) // like all that only a store needs
  return {
    get: async (...asked) => (await state()).get(...asked),
    set: async (...asked) => (await state()).set(...asked),
    delete: async (...asked) => (await state()).delete(...asked),
    reserve: async (...asked) => (await state()).reserve(...asked),
    take: async (...asked) => (await state()).take(...asked),
    publish: async (...asked) => (await state()).publish(...asked),
    subscribe: async (...asked) => (await state()).subscribe(...asked),
  }
}
