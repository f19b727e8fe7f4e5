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
  get(key: string): Promise<Envelope | undefined>
  set(key: string, envelope: Envelope): Promise<void>
  delete(key: string): Promise<void>
  /** Takes `cost` out of every window at once, or nothing at all; true where it fitted. */
  reserve(key: string, windows: readonly Limit[], cost: number): Promise<boolean>
  publish(channel: string, message: unknown): Promise<void>
  /** Gives the function that ends the subscription. */
  subscribe(channel: string, listener: (message: unknown) => void): Promise<() => void>
}
