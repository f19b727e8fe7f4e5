import type { RouterEvents } from '../model/events.js'
import type { Status } from '../router/status.js'

/** A router, as far as it is listened to. */
export interface Observed {
  status(): Status
  on<N extends keyof RouterEvents>(name: N, listener: (payload: RouterEvents[N]) => void): unknown
  off<N extends keyof RouterEvents>(name: N, listener: (payload: RouterEvents[N]) => void): unknown
}

type Listeners = { readonly [N in keyof RouterEvents]?: (payload: RouterEvents[N]) => void }

/** Listens to several events; gives a function that stops it. */
export function listening(router: Observed, listeners: Listeners): () => void {
  const all = Object.entries(listeners) as [keyof RouterEvents, (payload: unknown) => void][]
  for (const [name, listener] of all) router.on(name, listener)
  return () => {
    for (const [name, listener] of all) router.off(name, listener)
  }
}
