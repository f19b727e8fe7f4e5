import type { Env } from '../../pipeline/env.js'
import { codeOf } from '../../pipeline/failure.js'
import type { StoreState } from '../../pipeline/sharing.js'
import { timed } from '../../pipeline/timed.js'
import type { Store } from '../../stores/store.js'

/** How long a request waits for the store, in ms. */
const PATIENCE_MS = 50
/** A timer that is so much late tells of a busy process, not of the store. In ms. */
const LATE_MS = 5
/** First pause before a store that failed is tried again, in ms; it doubles … */
const PAUSE_MS = 250
/** … up to this. */
const LONGEST_PAUSE_MS = 10_000

/**
 * The way to the store. Who asks waits its patience at most; after a failure nobody waits: the store is tried again in the background, when there is
 * something to ask it, and counts as reached when it answers.
 */
export class StoreLink {
  readonly store: Store
  state: StoreState = 'unknown'
  since: number | undefined
  why: string | undefined
  readonly #env: Env
  readonly #onUp: () => void
  readonly #patienceMs: number
  #pauseMs = 0
  #reachedAt = -Infinity
  #retryAt = -Infinity
  #isTrying = false

  /** @param onUp told when the store was reached again */
  constructor(store: Store, env: Env, onUp: () => void) {
    this.store = store
    this.#env = env
    this.#onUp = onUp
    this.#patienceMs = store.patienceMs ?? PATIENCE_MS
  }

  get patienceMs(): number {
    return this.#patienceMs
  }

  /** What the store says; nothing where it is not reached in time. */
  async ask<T>(work: (store: Store) => Promise<T>): Promise<{ readonly value: T } | undefined> {
    if (this.state === 'unavailable') {
      void this.#tryAgain()
      return undefined
    }
    const found = await this.#tried(work)
    if (typeof found === 'string') {
      this.#isDown(found)
      return undefined
    }
    if (this.state === 'unknown') this.#becomes('connected')
    return found
  }

  async #tried<T>(work: (store: Store) => Promise<T>): Promise<{ readonly value: T } | string> {
    const { clock } = this.#env
    const startedAt = clock.monotonic()
    try {
      const working = (async () => ({ value: await work(this.store) }))()
      const found = await timed(this.#env, this.#patienceMs, undefined, () => working)
      const isLate = clock.monotonic() - startedAt > this.#patienceMs + LATE_MS
      // the process itself was busy: what the store said meanwhile is read after its timers
      return found === 'timeout' && isLate ? await timed(this.#env, LATE_MS, undefined, () => working) : found
    } catch (error) {
      return codeOf(error) ?? (error instanceof Error ? error.name : 'error') // its text may hold an address
    }
  }

  #isDown(why: string): void {
    const { clock, events } = this.#env
    if (this.state === 'unavailable') return
    const wasShort = clock.now() - this.#reachedAt < LONGEST_PAUSE_MS // it reads, and cannot write, say
    this.#pauseMs = wasShort ? Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS) : PAUSE_MS
    this.#becomes('unavailable')
    this.why = why
    this.#retryAt = clock.now() + this.#pauseMs
    events.emit('store-unavailable', { at: clock.now(), why })
  }

  async #tryAgain(): Promise<void> {
    const { clock, events } = this.#env
    if (this.#isTrying || clock.now() < this.#retryAt) return
    this.#isTrying = true
    const found = await this.#tried((store) => store.get('trial'))
    this.#isTrying = false
    if (typeof found === 'string') {
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS)
      this.#retryAt = clock.now() + this.#pauseMs
      this.why = found
      return
    }
    this.#reachedAt = clock.now()
    this.why = undefined
    this.#becomes('connected')
    events.emit('store-restored', { at: clock.now() })
    this.#onUp()
  }

  #becomes(state: StoreState): void {
    this.state = state
    this.since = this.#env.clock.now()
  }
}
