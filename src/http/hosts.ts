/** Which of several hosts is asked first. */
export type HostOrder = 'round-robin' | 'fastest' | 'in-order'

/** How one host stands. Times are Unix ms; what is not known is left out. */
export interface HostHealth {
  readonly url: string
  readonly available: boolean
  readonly consecutiveFailures: number
  readonly lastSuccess?: number
  readonly lastFailure?: number
  /** Requests sent: successful, failed, given up by the caller or under way. */
  readonly total: number
  readonly successful: number
  readonly failed: number
  /** Estimate that leans to the newest, in ms. */
  readonly latencyMs?: number
  /** Only while it is in the future. */
  readonly backoffUntil?: number
}

/** How `hostRing` chooses. */
export interface HostRingOptions {
  /** @default 'round-robin' */
  readonly order?: HostOrder | undefined
  /** Whether a failing host is left alone for a while. @default true where there are several: a lone host is its provider's own matter */
  readonly backoff?: boolean | undefined
}

/** Backoff after the first failure in a row, doubled by each further one, drawn between 0 and that (full jitter). */
const HOST_BACKOFF_MS = 1_000
/** The backoff doubles up to here. */
export const HOST_BACKOFF_MAX_MS = 300_000
/** Patience with one of several hosts: a host that hangs costs less than a second. */
export const HOST_TIMEOUT_MS = 800

// Weight of a new latency in the estimate, while the old one is fresh.
const SHARE_OF_NEWEST = 0.3
// An estimate loses half of its weight, and of its value in the order, in this time: slow hosts get another chance.
const HALF_LIFE_MS = 60_000
// Assumed of a host that was asked and is not measured yet, per request since: it is tried but not flooded.
const UNMEASURED_MS = 200

class Host {
  readonly url: string
  /** Number of its last start; the smallest is the least recently started. */
  turn = 0
  consecutiveFailures = 0
  /** Failures that made the backoff longer. */
  steps = 0
  backoffUntil = -Infinity
  restUntil = -Infinity
  lastSuccess: number | undefined
  lastFailure: number | undefined
  total = 0
  successful = 0
  failed = 0
  latencyMs: number | undefined
  /** When it last said or failed to say anything. */
  heardAt = -Infinity
  startsSinceMeasured = 0

  constructor(url: string) {
    this.url = url
  }

  get until(): number {
    return Math.max(this.backoffUntil, this.restUntil)
  }
}

/** 1 at once, half after a half-life. */
const fresh = (ageMs: number): number => 2 ** -(Math.max(0, ageMs) / HALF_LIFE_MS)

type Cost = (host: Host, now: number) => number

const COSTS = {
  'round-robin': ({ turn }) => turn,
  'in-order': () => 0,
  fastest: ({ latencyMs, heardAt, startsSinceMeasured }, now) =>
    (latencyMs ?? UNMEASURED_MS * startsSinceMeasured) * (heardAt === -Infinity ? 1 : fresh(now - heardAt)),
} satisfies Record<HostOrder, Cost>

/**
 * Keeps the hosts of one provider: which is next, which rest. No timer, no clock and no random number of its own: `now`
 * (Unix ms) and `random` (0…1) are given. A host is named by its URL, as it was given; unknown names are ignored.
 */
export class HostRing {
  #hosts: readonly Host[]
  readonly #cost: Cost
  readonly #backoff: boolean
  #turns = 0

  constructor(urls: readonly string[], { order = 'round-robin', backoff }: HostRingOptions = {}) {
    this.#hosts = urls.map((url) => new Host(url))
    this.#cost = COSTS[order]
    this.#backoff = backoff ?? urls.length > 1
  }

  /** The host to ask, by its order, without those that rest or were tried; undefined when none is left. Reading changes nothing. */
  next(now: number, tried?: ReadonlySet<string>): string | undefined {
    let best: Host | undefined
    let least = Infinity
    for (const host of this.#hosts) {
      if (now < host.backoffUntil || now < host.restUntil || tried?.has(host.url)) continue
      if (this.#hosts.length === 1) return host.url
      const cost = this.#cost(host, now)
      if (cost < least) {
        best = host
        least = cost
      }
    }
    return best?.url
  }

  /** A request goes out to it: the turn passes to the others. */
  started(url: string): void {
    const host = this.#find(url)
    if (!host) return
    host.turn = ++this.#turns
    host.total++
    host.startsSinceMeasured++
  }

  /** It answered, whatever it said of the question. Ends its backoff, not a rest. */
  succeeded(url: string, latencyMs: number, now: number): void {
    const host = this.#find(url)
    if (!host) return
    host.successful++
    host.lastSuccess = now
    host.consecutiveFailures = 0
    host.steps = 0
    host.backoffUntil = -Infinity
    if (!(latencyMs >= 0 && latencyMs < Infinity)) return
    const share = Math.max(SHARE_OF_NEWEST, 1 - fresh(now - host.heardAt))
    host.latencyMs = host.latencyMs === undefined ? latencyMs : host.latencyMs + share * (latencyMs - host.latencyMs)
    host.heardAt = now
    host.startsSinceMeasured = 0
  }

  /** It did not answer, or not usably. Failures that arrive while it is in backoff belong to the same outage: they don't prolong it. */
  failed(url: string, now: number, random: () => number): void {
    const host = this.#find(url)
    if (!host) return
    host.failed++
    host.lastFailure = now
    host.heardAt = now
    host.consecutiveFailures++
    if (!this.#backoff || now < host.backoffUntil) return
    host.backoffUntil = now + random() * Math.min(HOST_BACKOFF_MAX_MS, HOST_BACKOFF_MS * 2 ** host.steps)
    host.steps++
  }

  /** It refused (429, 451): counted as failed, without backoff; what follows is a `rest`. */
  refused(url: string, now: number): void {
    const host = this.#find(url)
    if (!host) return
    host.failed++
    host.lastFailure = now
  }

  /** Leaves one host, or all of them, alone until then. A newer, shorter rest never shortens a longer one. */
  rest(url: string | undefined, untilMs: number): void {
    for (const host of this.#hosts) if (url === undefined || host.url === url) host.restUntil = Math.max(host.restUntil, untilMs)
  }

  /** One host, or all, as new: backoff, rest, estimate and counts are forgotten. */
  reset(url?: string): void {
    this.#hosts = this.#hosts.map((host) => (url === undefined || host.url === url ? new Host(host.url) : host))
  }

  /** When the first of them may be asked again, Unix ms; −Infinity when one may be asked now. */
  availableAt(now: number): number {
    const earliest = Math.min(...this.#hosts.map(({ until }) => until))
    return earliest > now ? earliest : -Infinity
  }

  /** Every host in the order given, as plain data. */
  health(now: number): HostHealth[] {
    return this.#hosts.map((host) => ({
      url: host.url,
      available: now >= host.until,
      consecutiveFailures: host.consecutiveFailures,
      ...(host.lastSuccess !== undefined && { lastSuccess: host.lastSuccess }),
      ...(host.lastFailure !== undefined && { lastFailure: host.lastFailure }),
      total: host.total,
      successful: host.successful,
      failed: host.failed,
      ...(host.latencyMs !== undefined && { latencyMs: host.latencyMs }),
      ...(host.until > now && { backoffUntil: host.until }),
    }))
  }

  #find(url: string): Host | undefined {
    const [first] = this.#hosts
    return first?.url === url ? first : this.#hosts.find((host) => host.url === url)
  }
}

/** The hosts of one provider. */
export const hostRing = (urls: readonly string[], options?: HostRingOptions): HostRing => new HostRing(urls, options)
