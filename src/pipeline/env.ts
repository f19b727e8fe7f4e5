import type { Clock } from '../model/clock.js'
import type { Capability } from '../model/capabilities.js'
import type { RouterEvents } from '../model/events.js'
import type { RouterResult } from '../model/result.js'
import type { ExtraBudget } from './budget.js'
import type { RecentErrors } from './recent-errors.js'
import type { Sharing } from './sharing.js'
import type { Signal } from './stop.js'

/** Tells listeners; nothing is built while nobody listens. */
export interface Events {
  listens(name: keyof RouterEvents): boolean
  emit<N extends keyof RouterEvents>(name: N, payload: RouterEvents[N]): void
}

/** What every stage has at hand of the router. */
export interface Env {
  readonly clock: Required<Clock>
  /** Whether the clock is the runtime's own: p-throttle can read no other. */
  readonly realTime: boolean
  readonly random: () => number
  readonly fetch: typeof globalThis.fetch | undefined
  readonly events: Events
  readonly extras: ExtraBudget
  readonly errors: RecentErrors
  /** When anybody answered last, Unix ms. */
  lastAnswerAt: number
  /** What other routers know too; nothing where there is no store. */
  sharing?: Sharing
  /** Puts a question of an endpoint's own to the same router. */
  readonly request: (
    capability: Capability,
    params: unknown,
    options: { readonly signal: AbortSignal; readonly totalTimeoutMs: number; readonly parent: number },
  ) => Promise<RouterResult<unknown>>
}

/** Waits by the clock; ends early, by rejecting with its reason, when the signal aborts. */
export function sleep(env: Env, ms: number, signal?: Signal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = (): void => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = env.clock.setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
