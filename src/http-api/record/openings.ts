import type { RouterEvents } from '../../model/events.js'
import type { ApiRouter } from '../router.js'

/** One opening of a breaker. Unix ms. */
export interface Opening {
  readonly at: number
  /** Until when it rests; then it lets a trial through. */
  readonly until?: number | undefined
}

/** When breakers opened, which the router's state does not know; of the breakers of single capabilities it does not know until when either. */
export interface Openings {
  /** Of a provider, or of one capability of it; nothing where it is closed, or opened before the API listened. */
  of(provider: string, capability?: string): Opening | undefined
  close(): void
}

// ids hold no space
const keyOf = (provider: string, capability = ''): string => `${provider} ${capability}`

/** Notes openings from now on. */
export function openings(router: ApiRouter): Openings {
  const opened = new Map<string, Opening>()
  const changed = ({ provider, capability, state, at, openUntil }: RouterEvents['breaker-changed']): void => {
    const key = keyOf(provider, capability)
    if (state === 'closed') opened.delete(key)
    if (state !== 'open') return
    const present = new Set(router.providers.map(({ id }) => id))
    for (const known of opened.keys()) if (!present.has(known.slice(0, known.indexOf(' ')))) opened.delete(known)
    opened.set(key, { at, until: openUntil })
  }
  router.on('breaker-changed', changed)
  return { of: (provider, capability) => opened.get(keyOf(provider, capability)), close: () => void router.off('breaker-changed', changed) }
}
