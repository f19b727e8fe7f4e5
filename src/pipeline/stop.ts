/** As much of an `AbortSignal` as the stages need. */
export interface Signal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once: true }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Ends work from outside, like an `AbortController` and its signal in one: those of the runtime cost more than a whole request. */
export class Stop implements Signal {
  aborted = false
  reason: unknown
  #listeners: readonly (() => void)[] = NOBODY

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    const listeners = this.#listeners
    this.#listeners = NOBODY
    for (const listener of listeners) listener()
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = [...this.#listeners, listener]
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.length === 1 && this.#listeners[0] === listener ? NOBODY : this.#listeners.filter((one) => one !== listener)
  }
}

const NOBODY: readonly (() => void)[] = []
