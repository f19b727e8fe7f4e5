import type { RouterEvents } from '../../model/events.js'
import type { ApiRouter } from '../router.js'

/** When breakers opened: the router's state knows only until when they stay open. */
export interface Openings {
  /** Unix ms; nothing where it is closed, or opened before the API listened. */
  openedAt(provider: string): number | undefined
  close(): void
}

/** Notes openings from now on. */
export function openings(router: ApiRouter): Openings {
  const opened = new Map<string, number>()
  const changed = ({ provider, capability, state, at }: RouterEvents['breaker-changed']): void => {
    if (capability !== undefined) return // rests one capability, not the provider
    if (state === 'closed') opened.delete(provider)
    if (state !== 'open') return
    const present = new Set(router.providers.map(({ id }) => id))
    for (const id of opened.keys()) if (!present.has(id)) opened.delete(id)
    opened.set(provider, at)
  }
  router.on('breaker-changed', changed)
  return { openedAt: (provider) => opened.get(provider), close: () => void router.off('breaker-changed', changed) }
}
