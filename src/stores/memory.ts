import { type Clock, resolveClock } from '../model/clock.js'
import type { Limit } from '../provider/provider.js'
import { Ledger } from '../quota/ledger.js'
import type { Envelope, Store } from './store.js'

export interface MemoryStoreOptions {
  /** Values kept at most; the oldest goes first. @default 10_000 */
  readonly maxEntries?: number | undefined
  readonly clock?: Clock | undefined
}

/** State within this process: what a router uses that is given no other store. */
export function memoryStore({ maxEntries = 10_000, clock }: MemoryStoreOptions = {}): Store {
  const { now } = resolveClock(clock)
  const values = new Map<string, Envelope>()
  const ledgers = new Map<string, Ledger>()
  const listeners = new Map<string, Set<(message: unknown) => void>>()
  const ledgerOf = (key: string, windows: readonly Limit[]): Ledger => {
    const ledger = ledgers.get(key) ?? new Ledger(key, windows)
    ledgers.set(key, ledger)
    return ledger
  }
  return {
    async get(key) {
      const envelope = values.get(key)
      if (envelope === undefined || envelope.expiresAt > now()) return envelope
      values.delete(key)
      return undefined
    },
    async set(key, envelope) {
      values.delete(key)
      values.set(key, envelope)
      if (values.size > maxEntries) values.delete(values.keys().next().value ?? '')
    },
    async delete(key) {
      values.delete(key)
    },
    async reserve(key, windows, cost) {
      const ledger = ledgerOf(key, windows)
      if (ledger.nextAvailableAt(cost, now()) > now()) return false
      ledger.reserve(cost, now())
      return true
    },
    async publish(channel, message) {
      for (const listener of listeners.get(channel) ?? []) listener(message)
    },
    async subscribe(channel, listener) {
      const set = listeners.get(channel) ?? new Set()
      listeners.set(channel, set.add(listener))
      return () => void set.delete(listener)
    },
  }
}
