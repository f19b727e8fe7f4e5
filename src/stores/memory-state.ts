import type { Clock } from '../model/clock.js'
import type { Limit } from '../provider/provider.js'
import { Ledger } from '../quota/ledger.js'
import { SHARE } from '../quota/window.js'
import type { Envelope, Store } from './store.js'

/** What a store in the memory of the process holds. */
export class MemoryState implements Store {
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
    if (!(this.#values.size <= this.#maxEntries)) this.#values.delete(this.#values.keys().next().value ?? '')
  }

  async delete(key: string): Promise<void> {
    this.#values.delete(key)
  }

  async reserve(key: string, windows: readonly Limit[], cost: number, requests?: number): Promise<boolean> {
    return (await this.take(key, windows, cost, requests)) === 0
  }

  async take(key: string, windows: readonly Limit[], cost: number, requests = 1): Promise<number> {
    const ledger = this.#ledgers.get(key) ?? new Ledger(key, windows.map(whole))
    this.#ledgers.set(key, ledger)
    const now = this.#clock.now()
    return ledger.reserve(cost, now, now, requests) === Infinity ? ledger.nextAvailableAt(cost, now, requests) - now : 0
  }

  async publish(channel: string, message: unknown): Promise<void> {
    for (const listener of this.#listeners.get(channel) ?? []) listener(message)
  }

  async subscribe(channel: string, listener: (message: unknown) => void, _signal?: AbortSignal): Promise<() => void> {
    const set = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, set.add(listener))
    return () => void set.delete(listener)
  }
}

/** A ledger keeps to a share of what is published: here the limit itself is meant. */
const whole = ({ requests, cost, ...limit }: Limit): Limit => ({ ...limit, ...(cost ? { cost: cost / SHARE } : { requests: (requests ?? 0) / SHARE }) })
