import type { Limit } from '../provider/provider.js'

/** A value with the moment at which it is forgotten. */
export interface Envelope {
  readonly value: unknown
  /** Unix ms. */
  readonly expiresAt: number
}

/**
 * Where routers share state. Every method may fail or be slow: a router that cannot reach its store works alone.
 */
export interface Store {
  /** How long a request waits for the store before it goes on without, in ms. @default 50 */
  readonly patienceMs?: number | undefined
  /** Name of the address that calls leave by: only routers with the same name share limits and bans per IP. @default one address for all */
  readonly egress?: string | undefined
  get(key: string): Promise<Envelope | undefined>
  set(key: string, envelope: Envelope): Promise<void>
  delete(key: string): Promise<void>
  /** Takes `cost`, and `requests` (1), out of every window at once, or nothing at all; true where it fitted. Windows hold exactly what they say. */
  reserve(key: string, windows: readonly Limit[], cost: number, requests?: number): Promise<boolean>
  /** The same; gives in how many ms it may fit: 0 where it was taken, Infinity where it never will. A store without it is asked again by guess. */
  take?(key: string, windows: readonly Limit[], cost: number, requests?: number): Promise<number>
  publish(channel: string, message: unknown): Promise<void>
  /** Gives the function that ends the subscription, once it stands. `signal` gives up what does not stand yet. */
  subscribe(channel: string, listener: (message: unknown) => void, signal?: AbortSignal): Promise<() => void>
}
