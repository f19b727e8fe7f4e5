import type { Capability } from '../model/capabilities.js'
import type { Endpoint } from '../provider/provider.js'
import type { Candidate as PublicCandidate } from '../strategies/strategy.js'
import type { Group } from './group.js'
import type { ProviderState } from './provider-state.js'

/** What a pool says of a member. */
export interface Member {
  readonly id: string
  priority: number
  weight: number
  enabled: boolean
}

/** Span of `uses`. */
const USES_MS = 60_000

/** A provider in one pool, for one capability: what strategies see, and what the pool counts. */
export class Candidate implements PublicCandidate {
  readonly id: string
  readonly state: ProviderState
  readonly member: Member
  readonly endpoint: Endpoint<Capability>
  readonly group: Group
  /** Serves every question of its capability. */
  readonly isPlain: boolean
  /** Requests that one question takes. */
  readonly calls: number
  picks = 0
  lastPick = -1
  lastPickAt = -Infinity
  cost = 1
  /** Whether the last look found it eligible: one that comes back is levelled with the others. */
  present = false
  /** How far its picks were ahead of what was due when it left; nothing for one that joins. */
  lag: number | undefined
  /** Was out by its own state since it was last here. */
  out = false
  /** Came back since its last pick. */
  returned = false
  /** Times it was really picked: `picks` is levelled. */
  dispatches = 0
  /** Sequence number at which a rotation passed it over; −1 = not. */
  passedAt = -1
  #usesNow = 0
  #usesBefore = 0
  #usesSince = -Infinity

  constructor(state: ProviderState, member: Member, endpoint: Endpoint<Capability>, group: Group) {
    this.id = state.id
    this.state = state
    this.member = member
    this.endpoint = endpoint
    this.group = group
    this.isPlain = endpoint.supports === undefined
    this.calls = ('calls' in endpoint ? endpoint.calls : undefined) ?? 1
  }

  get priority(): number {
    return this.member.priority
  }

  get weight(): number {
    return this.member.weight
  }

  get inFlight(): number {
    return this.state.inFlight
  }

  get latencyMs(): number | undefined {
    return this.state.health.latencyMs
  }

  get sampleAgeMs(): number | undefined {
    const { sampleAt } = this.state.health
    return sampleAt === -Infinity ? undefined : this.group.now - sampleAt
  }

  get lastPickAgeMs(): number | undefined {
    return this.lastPick < 0 ? undefined : this.group.now - this.lastPickAt
  }

  get errorRate(): number {
    return this.state.health.errorRate(this.group.now)
  }

  get consecutiveFailures(): number {
    return this.state.health.consecutiveFailures
  }

  get quotaLeft(): number | undefined {
    return this.state.ledger?.left(this.group.now)
  }

  /** Picks of the last minute: this half-window in full, the one before in part. */
  get uses(): number {
    const passed = (this.group.now - this.#usesSince) / USES_MS
    if (passed >= 2) return 0
    return passed >= 1 ? this.#usesNow * (2 - passed) : this.#usesNow + this.#usesBefore * (1 - passed)
  }

  picked(sequence: number, now: number): void {
    this.picks++
    this.dispatches++
    this.lastPick = sequence
    this.lastPickAt = now
    this.use(1, now)
  }

  use(count: number, now: number): void {
    const passed = now - this.#usesSince
    if (passed >= USES_MS) {
      this.#usesBefore = passed < 2 * USES_MS ? this.#usesNow : 0
      this.#usesNow = 0
      this.#usesSince = passed < 2 * USES_MS ? this.#usesSince + USES_MS : now
    }
    this.#usesNow += count
  }

  /** Counts as used as much as another, and forgets it as the other does. */
  useLike(other: Candidate): void {
    this.#usesNow = other.#usesNow
    this.#usesBefore = other.#usesBefore
    this.#usesSince = other.#usesSince
  }

  /** A copy with counters of its own, for `plan()`. */
  copy(group: Group): Candidate {
    const copy = new Candidate(this.state, this.member, this.endpoint, group)
    copy.continues(this)
    return copy
  }

  /** Goes on with what was counted of another. */
  continues(former: Candidate): void {
    this.picks = former.picks
    this.dispatches = former.dispatches
    this.lastPick = former.lastPick
    this.lastPickAt = former.lastPickAt
    this.present = former.present
    this.lag = former.lag
    this.out = former.out
    this.returned = former.returned
    this.passedAt = former.passedAt
    this.useLike(former)
  }
}
