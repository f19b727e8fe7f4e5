import type { Outcome } from '../../pipeline/answer.js'
import type { Budget } from '../../pipeline/budget.js'
import { sleep } from '../../pipeline/env.js'
import type { Job } from '../../pipeline/job.js'
import { mostCalls } from '../../pipeline/most-calls.js'
import type { ProviderState } from '../../pipeline/provider-state.js'
import { anyoneElse } from '../../pipeline/select.js'
import type { Limit } from '../../provider/provider.js'
import { allowedOf } from '../../quota/window.js'
import type { SharingContext } from './late.js'
import { Lease, leaseMsOf, LONGEST_REST_MS, type Quota } from './lease.js'
import type { StoreLink } from './link.js'
import type { Marks } from './marks.js'

/** Quotas that routers share: what belongs to an address by its provider and that address, what belongs to a key by that key too. */
export class SharedQuotas {
  readonly #context: SharingContext
  readonly #link: StoreLink
  readonly #marks: Marks
  readonly #leases = new WeakMap<ProviderState, Map<string, Lease[]>>()
  /** Calls that the store had no room for when they were to be made. */
  refusals = 0

  constructor(context: SharingContext, link: StoreLink, marks: Marks) {
    this.#context = context
    this.#link = link
    this.#marks = marks
  }

  /** Ms until a call may fit, 0 where it was taken out of all windows. */
  async take(state: ProviderState, cost: number, requests: number, key: string | undefined): Promise<number> {
    const mark = !key ? '' : await this.#marks.ofKey(state.id, key)
    for (const lease of this.#of(state, mark)) {
      const waitMs = await lease.take(cost, requests)
      if (waitMs === 0) continue
      this.refusals++
      return waitMs
    }
    return 0
  }

  /** Asks when it was taken, waiting for it where nobody else can be asked; selection passes the provider over meanwhile. */
  async admits(budget: Budget, { candidate, cost, requests, signal }: Job, key: string | undefined, asks: () => Promise<Outcome>): Promise<Outcome | 'full'> {
    const { state } = candidate
    const { env } = this.#context
    for (;;) {
      const waitMs = await this.take(state, cost, requests?.length ?? 1, key)
      const now = env.clock.now()
      budget.ask.now = now
      if (waitMs === 0) return asks()
      const resetsAt = now + Math.min(waitMs, LONGEST_REST_MS)
      state.ledger?.learn([{ kind: 'requests', perMs: 0, remaining: 0, resetsAt }], now)
      if (!budget.mayWait || now + waitMs > budget.latestStart(state.health.latencyMs) || anyoneElse(budget.ask, candidate)) return 'full'
      await sleep(env, Math.max(1, waitMs), signal)
      if (state.isolated || state.restingUntil(env.clock.now())) return 'full'
    }
  }

  /** @param mark of the key, empty where there is none; nothing where it cannot be hashed: what belongs to it is not shared then */
  #of(state: ProviderState, mark: string | undefined): readonly Lease[] {
    const leases = this.#leases.get(state) ?? new Map<string, Lease[]>()
    this.#leases.set(state, leases)
    const known = leases.get(mark ?? ' ')
    if (known !== undefined) return known
    const made = quotasOf(state, mark, this.#context.store.egress ?? '').map((quota) => new Lease(quota, this.#context.env, this.#link))
    leases.set(mark ?? ' ', made)
    return made
  }
}

/** The windows of a provider, by what they belong to. Without a key all belong to the address. */
function quotasOf({ provider, id }: ProviderState, mark: string | undefined, egress: string): Quota[] {
  const { limits = [], minSpacingMs } = provider
  const spacing: Limit[] = minSpacingMs ? [{ requests: 1, perMs: minSpacingMs, scope: mark === '' ? 'ip' : 'key' }] : []
  const isOfKey = ({ scope }: Limit): boolean => scope === 'key' && mark !== ''
  const together = mostCalls(provider)
  const all = [...limits.map((limit) => held(limit, together)), ...spacing.map((limit) => ({ limit, allowed: { limit: 1, perMs: limit.perMs } }))]
  const ofAddress = quotaOf(
    `quota:${id}:ip:${egress}`,
    all.filter(({ limit }) => !isOfKey(limit)),
  )
  const ofKey =
    mark === undefined
      ? []
      : quotaOf(
          `quota:${id}:key:${mark}`,
          all.filter(({ limit }) => isOfKey(limit)),
        )
  return [...ofAddress, ...ofKey]
}

interface Held {
  readonly limit: Limit
  readonly allowed: { readonly limit: number; readonly perMs: number }
}

const held = (limit: Limit, together: number): Held => ({ limit, allowed: allowedOf(limit, together) })

function quotaOf(name: string, all: readonly Held[]): Quota[] {
  if (all.length === 0) return []
  const leaseMs = leaseMsOf(all.map(({ allowed }) => allowed))
  const lateMs = Math.min(...all.map(({ limit: { perMs } }) => (leaseMs + marginOf(perMs)) / 2))
  const windows = all.map(({ limit: { cost, perMs, scope, resets }, allowed }): Limit => {
    const span = resets === undefined || resets === 'rolling' ? allowed.perMs + leaseMs + marginOf(perMs) : perMs
    return { ...(cost === undefined ? { requests: allowed.limit } : { cost: allowed.limit }), perMs: Math.ceil(span), scope, ...(resets && { resets }) }
  })
  return [{ name, windows, leaseMs, lateMs }]
}

/** How much later than the store a server may count a call: one connection opens slowly, the next is open. */
const marginOf = (perMs: number): number => Math.min(perMs / 2, 1_000)
