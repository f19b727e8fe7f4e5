import { ApiError } from './failures.js'
import type { Client, ClientLimit } from './options.js'

/** Clients that are remembered: those that asked longest ago are forgotten first. */
const MOST_CLIENTS = 10_000

interface Count {
  startedAt: number
  now: number
  before: number
}

/** Refuses clients that ask too often, by a sliding window of two counters each. Throws 429 with `Retry-After`. */
export function clientLimit(options: ClientLimit | false = {}): (request: Request, client: Client, now: number) => void {
  if (options === false) return () => undefined
  const { requests = 600, perMs = 60_000, by = (_: Request, { address }: Client) => address } = options
  const counts = new Map<string, Count>()
  return (request, client, now) => {
    const key = by(request, client)
    if (key === undefined) return
    const count = moved(counts.get(key), now, perMs)
    counts.delete(key)
    counts.set(key, count)
    if (counts.size > MOST_CLIENTS) counts.delete(counts.keys().next().value ?? '')
    const waitMs = waitOf(count, now, requests, perMs)
    if (waitMs > 0) {
      const waitS = Math.ceil(waitMs / 1_000)
      throw new ApiError(429, `more than ${requests} requests in ${perMs / 1_000} s: wait ${waitS} s`, { headers: { 'retry-after': String(waitS) } })
    }
    count.now++
  }
}

/** How long it takes until the next one may come: the window before fades away, and this one when it has become that. */
function waitOf({ startedAt, now: own, before }: Count, now: number, requests: number, perMs: number): number {
  const passed = now - startedAt
  if (before * (1 - passed / perMs) + own < requests) return 0
  const [fading, left] = own < requests ? [before, requests - own] : [own, requests]
  const faded = (own < requests ? 0 : perMs) + perMs * (1 - left / fading)
  return Math.floor(faded - passed) + 1
}

function moved(count: Count | undefined, now: number, perMs: number): Count {
  if (count === undefined || now >= count.startedAt + 2 * perMs || now < count.startedAt) return { startedAt: now, now: 0, before: 0 }
  return now < count.startedAt + perMs ? count : { startedAt: count.startedAt + perMs, now: 0, before: count.now }
}
