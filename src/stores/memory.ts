import { type Clock, resolveClock } from '../model/clock.js'
import type { Limit } from '../provider/provider.js'
import { Ledger } from '../quota/ledger.js'
import type { Envelope, Store } from './store.js'

/** Bounds of a store within the process. */
export interface MemoryStoreOptions {
  /** Values kept at most; the oldest goes first. @default 10_000 */
  readonly maxEntries?: number | undefined
  readonly clock?: Clock | undefined
}

/** State within this process. */
export function memoryStore({ maxEntries = 10_000, clock }: MemoryStoreOptions = {}): Store {
  return new MemoryStore(maxEntries, resolveClock(clock))
}

class MemoryStore implements Store {
  readonly #maxEntries: number
  readonly #clock: Clock
  readonly #values = new Map<string, Envelope>()
  readonly #ledgers = new Map<string, Ledger>()
  readonly #listeners = new Map<string, Set<(message: unknown) => void>>()

  constructor(maxEntries: number, clock: Clock) {
    this.#maxEntries = maxEntries
    this.#clock = clock
  }

  async get(key: string): Promise<Envelope | undefined> {
    const envelope = this.#values.get(key)
    if (envelope === undefined || envelope.expiresAt > this.#clock.now()) return envelope
    this.#values.delete(key)
    return undefined
  }

  async set(key: string, envelope: Envelope): Promise<void> {
    this.#values.delete(key)
    this.#values.set(key, envelope)
    if (this.#values.size > this.#maxEntries) this.#values.delete(this.#values.keys().next().value ?? '')
  }

  async delete(key: string): Promise<void> {
    this.#values.delete(key)
  }

  async reserve(key: string, windows: readonly Limit[], cost: number): Promise<boolean> {
    const ledger = this.#ledgers.get(key) ?? new Ledger(key, windows)
    this.#ledgers.set(key, ledger)
    const now = this.#clock.now()
    return ledger.reserve(cost, now, now) !== Infinity
  }

  async publish(channel: string, message: unknown): Promise<void> {
    for (const listener of this.#listeners.get(channel) ?? []) listener(message)
  }

  async subscribe(channel: string, listener: (message: unknown) => void): Promise<() => void> {
    const set = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, set.add(listener))
    return () => void set.delete(listener)
  }
}
