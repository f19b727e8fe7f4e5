import type { RouterEvents } from '../../model/events.js'
import type { FailureReason } from '../../model/result.js'
import type { ResolvedHandlerOptions } from '../options.js'
import type { ApiRouter } from '../router.js'
import { type Latencies, latencies } from './latencies.js'

/** One minute of one provider, or of all. */
interface Minute {
  /** Begin of the minute, Unix ms. */
  readonly at: number
  readonly requests: number
  readonly failures: number
  /** Those of them that speak against whoever was asked: a coin that it does not know is no fault of a provider. */
  readonly faults: number
  /** Left out where nothing was measured. */
  readonly p95Ms?: number | undefined
}

/** The last 24 hours, minute by minute. */
export interface Minutes {
  /**
   * Oldest first, up to the running one; minutes without traffic are there with zeros, those before the API listened are left out. Of a provider: what was
   * asked of it. Without one: what the router was asked, its latency that of answers over the network.
   */
  list(provider: string | undefined, count: number): Minute[]
  close(): void
}

/** Minutes that are kept: a day. */
export const MOST_MINUTES = 1_440
const MINUTE_MS = 60_000

/** Minutes since the epoch stand at their number modulo the length of the ring. */
interface Ring {
  newest: number
  readonly requests: Uint32Array
  readonly failures: Uint32Array
  readonly faults: Uint32Array
  readonly p95Ms: Float64Array
  /** Of the newest minute. */
  readonly running: Latencies
}

/** Counts from now on. */
export function minutes(router: ApiRouter, { clock }: ResolvedHandlerOptions): Minutes {
  const minuteNow = (): number => Math.floor(clock.now() / MINUTE_MS)
  // at the global scope of a Worker there is no time yet
  let first: number | undefined
  const rings = new Map<string, Ring>()
  const ringOf = (name: string): Ring => {
    first ??= minuteNow()
    const known = rings.get(name)
    if (known) return known
    forgetAbsent(rings, router)
    const ring = newRing(minuteNow())
    rings.set(name, ring)
    return ring
  }
  const succeeded = ({ provider, latencyMs }: RouterEvents['attempt-succeeded']): void => count(ringOf(provider), minuteNow(), 'well', latencyMs)
  const failed = ({ provider, reason }: RouterEvents['attempt-failed']): void =>
    count(ringOf(provider), minuteNow(), reason !== undefined && OF_THE_QUESTION.has(reason) ? 'refused' : 'fault')
  const settled = ({ error, source, latencyMs }: RouterEvents['request-settled']): void => {
    if (error !== GONE) count(ringOf(ALL), minuteNow(), error === undefined ? 'well' : 'fault', source === 'network' ? latencyMs : undefined)
  }
  router.on('attempt-succeeded', succeeded).on('attempt-failed', failed).on('request-settled', settled)
  return {
    list: (provider, wanted) => listed(rings.get(provider ?? ALL), (first ??= minuteNow()), minuteNow(), Math.min(wanted, MOST_MINUTES)),
    close: () => void router.off('attempt-succeeded', succeeded).off('attempt-failed', failed).off('request-settled', settled),
  }
}

/** Key of what the router was asked: no id of a provider is empty. */
const ALL = ''

/** A caller that went away is no failure of anybody. */
const GONE = 'AbortError'

/** Failures that say nothing of how a provider is. */
const OF_THE_QUESTION: ReadonlySet<FailureReason> = new Set(['not-found', 'bad-request'])

/** Providers come and go: as many rings as there are providers, and no more. */
function forgetAbsent(rings: Map<string, Ring>, { providers }: ApiRouter): void {
  const present = new Set([ALL, ...providers.map(({ id }) => id)])
  for (const id of rings.keys()) if (!present.has(id)) rings.delete(id)
}

const newRing = (minute: number): Ring => ({
  newest: minute,
  requests: new Uint32Array(MOST_MINUTES),
  failures: new Uint32Array(MOST_MINUTES),
  faults: new Uint32Array(MOST_MINUTES),
  p95Ms: new Float64Array(MOST_MINUTES).fill(Number.NaN),
  running: latencies(),
})

function count(ring: Ring, minute: number, went: 'well' | 'refused' | 'fault', latencyMs?: number): void {
  moveTo(ring, minute)
  const at = ring.newest % MOST_MINUTES
  ring.requests[at] = (ring.requests[at] ?? 0) + 1
  if (went !== 'well') ring.failures[at] = (ring.failures[at] ?? 0) + 1
  if (went === 'fault') ring.faults[at] = (ring.faults[at] ?? 0) + 1
  if (latencyMs !== undefined) ring.running.add(latencyMs)
}

/** Ends the running minute and empties those in between. A clock that was set back goes on in the newest minute. */
function moveTo(ring: Ring, minute: number): void {
  if (minute <= ring.newest) return
  ring.p95Ms[ring.newest % MOST_MINUTES] = ring.running.at(0.95) ?? Number.NaN
  ring.running.clear()
  for (let next = Math.max(ring.newest + 1, minute - MOST_MINUTES + 1); next <= minute; next++) {
    const at = next % MOST_MINUTES
    ring.requests[at] = 0
    ring.failures[at] = 0
    ring.faults[at] = 0
    ring.p95Ms[at] = Number.NaN
  }
  ring.newest = minute
}

function listed(ring: Ring | undefined, first: number, now: number, wanted: number): Minute[] {
  const found: Minute[] = []
  for (let minute = Math.max(first, now - wanted + 1); minute <= now; minute++) found.push(minuteOf(ring, minute))
  return found
}

function minuteOf(ring: Ring | undefined, minute: number): Minute {
  const at = minute * MINUTE_MS
  if (ring === undefined || minute > ring.newest || minute <= ring.newest - MOST_MINUTES) return { at, requests: 0, failures: 0, faults: 0 }
  const slot = minute % MOST_MINUTES
  const p95Ms = minute === ring.newest ? ring.running.at(0.95) : ring.p95Ms[slot]
  return {
    at,
    requests: ring.requests[slot] ?? 0,
    failures: ring.failures[slot] ?? 0,
    faults: ring.faults[slot] ?? 0,
    ...(p95Ms !== undefined && !Number.isNaN(p95Ms) && { p95Ms }),
  }
}
