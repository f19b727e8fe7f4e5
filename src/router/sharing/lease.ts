import type { Env } from '../../pipeline/env.js'
import type { Limit } from '../../provider/provider.js'
import type { StoreLink } from './link.js'

/** No router holds more than this share of a window at once. */
const SHARE_HELD = 0.05
/** Longest time in which a lease must be used, in ms: so much later than the store a server may count. */
const LONGEST_MS = 1_000
const TRIES = 3
/** A store that says that there is no room is asked again after this at the latest, in ms. */
export const LONGEST_REST_MS = 60_000

/** Windows that several routers keep together, and the part of them that this one may use now. */
export interface Quota {
  /** Its key in the store. */
  readonly name: string
  /** As the store holds them, wide enough for calls that arrive late. */
  readonly windows: readonly Limit[]
  /** How long a lease is good for, in ms; 0: every call is leased by itself. */
  readonly leaseMs: number
  /** A call that is let through later than this is not made. In ms. */
  readonly lateMs: number
}

/** How long leases of such windows are good for. */
export function leaseMsOf(limits: readonly { readonly limit: number; readonly perMs: number }[]): number {
  if (limits.some(({ limit }) => limit * SHARE_HELD < 2)) return 0
  return Math.min(LONGEST_MS, ...limits.map(({ perMs }) => perMs / 10))
}

/** Calls that the store has counted already. A lease grows while it is used up, and shrinks when some of it is left. */
export class Lease {
  readonly #quota: Quota
  readonly #env: Env
  readonly #link: StoreLink
  #requests = 0
  #cost = 0
  #goodUntil = -Infinity
  #size = 1
  #dryUntil = -Infinity
  #queue: Promise<unknown> = Promise.resolve()

  constructor(quota: Quota, env: Env, link: StoreLink) {
    this.#quota = quota
    this.#env = env
    this.#link = link
  }

  /** Takes a call; gives 0, or in how many ms it is worth asking again. A store that is not reached has room for all. */
  async take(cost: number, requests: number): Promise<number> {
    if (this.#has(cost, requests)) return 0
    const turn = this.#queue.then(() => this.#leased(cost, requests)) // one after the other: most find enough in what the first one brought
    this.#queue = turn
    return turn
  }

  #has(cost: number, requests: number): boolean {
    if (this.#requests < requests || this.#cost < cost || this.#env.clock.monotonic() > this.#goodUntil) return false
    this.#requests -= requests
    this.#cost -= cost
    return true
  }

  async #leased(cost: number, requests: number): Promise<number> {
    const { clock } = this.#env
    let isTight = false
    for (let tries = 0; tries < TRIES; tries++) {
      if (this.#has(cost, requests)) return 0
      const dryMs = this.#dryUntil - clock.monotonic()
      if (dryMs > 0) return dryMs
      const count = isTight ? 1 : this.#nextSize(cost, requests)
      const sentAt = clock.monotonic()
      const answer = await this.#link.ask((store) => taken(store, this.#quota, cost * count, requests * count))
      if (answer === undefined) return 0
      if (answer.value > 0 && count > 1) {
        isTight = true // there may be room for this one call
        this.#size = 1
      } else if (answer.value > 0) {
        this.#dryUntil = clock.monotonic() + Math.min(answer.value, LONGEST_REST_MS)
        return answer.value
      } else if (clock.monotonic() - sentAt <= this.#quota.lateMs) {
        this.#size = count
        this.#requests = requests * (count - 1)
        this.#cost = cost * (count - 1)
        this.#goodUntil = sentAt + this.#quota.leaseMs
        return 0
      }
    }
    return this.#quota.lateMs
  }

  #nextSize(cost: number, requests: number): number {
    if (this.#quota.leaseMs === 0) return 1
    this.#size = this.#requests > 0 ? this.#size / 2 : this.#size * 2
    const most = this.#quota.windows.map(({ requests: calls, cost: units = 0 }) => (calls === undefined ? units / cost : calls / requests) * SHARE_HELD)
    this.#size = Math.max(1, Math.floor(Math.min(this.#size, ...most)))
    return this.#size
  }
}

/** Ms until there is room, 0 where it was taken. */
async function taken(store: StoreLink['store'], { name, windows }: Quota, cost: number, requests: number): Promise<number> {
  if (store.take) {
    const waitMs = await store.take(name, windows, cost, requests)
    if (waitMs >= 0) return waitMs
    throw new TypeError('take() must give ms') // the store counts as one that fails
  }
  if (await store.reserve(name, windows, cost, requests)) return 0
  return Math.max(25, Math.min(1_000, ...windows.map(({ perMs }) => perMs / 8)))
}
