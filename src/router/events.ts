import { EventEmitter } from 'eventemitter3'
import type { RouterEvents } from '../model/events.js'
import type { Events } from '../pipeline/env.js'

type Listener<N extends keyof RouterEvents> = (payload: RouterEvents[N]) => void
type Listeners = { [N in keyof RouterEvents]: Listener<N> }

/** Typed events of a router. A listener that throws fails no request and keeps no other from hearing: it is counted. */
export class EventBus implements Events {
  readonly #emitter = new EventEmitter<Listeners>()
  readonly #guarded = new WeakMap<object, (payload: never) => void>()
  /** Calls of listeners that threw. */
  failures = 0

  on<N extends keyof RouterEvents>(name: N, listener: Listener<N>): void {
    this.#emitter.on(name, this.#guard(listener) as never)
  }

  once<N extends keyof RouterEvents>(name: N, listener: Listener<N>): void {
    this.#emitter.once(name, this.#guard(listener) as never)
  }

  off<N extends keyof RouterEvents>(name: N, listener: Listener<N>): void {
    this.#emitter.off(name, this.#guard(listener) as never)
  }

  listens(name: keyof RouterEvents): boolean {
    return this.#emitter.listenerCount(name) > 0
  }

  emit<N extends keyof RouterEvents>(name: N, payload: RouterEvents[N]): void {
    this.#emitter.emit(name, ...([payload] as never))
  }

  clear(): void {
    this.#emitter.removeAllListeners()
  }

  #guard(listener: (payload: never) => void): (payload: never) => void {
    const known = this.#guarded.get(listener)
    if (known) return known
    const guarded = (payload: never): void => {
      try {
        const done: unknown = listener(payload)
        if (done instanceof Promise) done.catch(() => this.failures++)
      } catch {
        this.failures++
      }
    }
    this.#guarded.set(listener, guarded)
    return guarded
  }
}
