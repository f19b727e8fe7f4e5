import { ConfigError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { RouterEvents } from '../model/events.js'
import { Ask, NO_PREFERENCES } from '../pipeline/ask.js'
import { Candidate, type Member } from '../pipeline/candidate.js'
import { Group } from '../pipeline/group.js'
import type { ProviderState } from '../pipeline/provider-state.js'
import { select } from '../pipeline/select.js'
import { whyAbsent } from '../provider/retired.js'
import type { Strategy } from '../strategies/strategy.js'
import { nobodyElse } from './nobody-else.js'
import { checkMember, type MemberOptions, type PoolOptions, type Rotation, type RotationReason } from './pool-options.js'
import { checkStrategy } from './resolve.js'
import type { PoolStatus } from './status.js'

/** What pools need of their router. */
export interface PoolContext {
  readonly states: ReadonlyMap<string, ProviderState>
  readonly seed: () => number
  readonly now: () => number
  readonly strategy: Strategy
  readonly status: (pool: Pool) => PoolStatus
  readonly rotated: (rotation: RouterEvents['pool-rotated']) => void
}

const KEPT = 200

/** Some providers as one: own strategy, and per member own priority, weight and switch. Health, limits and breakers are the providers', shared by all pools. */
export class Pool {
  readonly id: string
  readonly name: string
  description: string | undefined
  readonly category: string | undefined
  strategy: Strategy
  enabled: boolean
  /** Changes of the answering member so far. */
  rotations = 0
  readonly #context: PoolContext
  readonly #tracked: boolean
  readonly #members = new Map<string, Member>()
  readonly #groups = new Map<Capability, Group>()
  readonly #history: Rotation[] = []
  #current: string | undefined
  #currentSince = -Infinity
  /** Whom the last rotation left: holds for capabilities that are asked later, too. */
  #passed: string | undefined

  constructor(id: string, options: PoolOptions, context: PoolContext, tracked = true) {
    this.id = id
    this.name = options.name ?? id
    this.description = options.description
    this.category = options.category
    checkStrategy(options.strategy)
    this.strategy = options.strategy ?? context.strategy
    this.enabled = options.enabled ?? true
    this.#context = context
    this.#tracked = tracked
    for (const member of options.members) this.add(member)
  }

  /** The members in the order in which they joined. */
  get members(): readonly Readonly<Member>[] {
    return [...this.#members.values()]
  }

  get groups(): ReadonlyMap<Capability, Group> {
    return this.#groups
  }

  /** Who answered last; nothing before the first answer. */
  get current(): string | undefined {
    if (this.#tracked) return this.#current
    let [current, at] = [this.#current, this.#currentSince]
    for (const { incumbent } of this.#groups.values()) if (incumbent && incumbent.lastPickAt > at) [current, at] = [incumbent.id, incumbent.lastPickAt]
    return current
  }

  /** Lets a provider of the router join. Throws `ConfigError` for an unknown id, a member already here, or a bad priority or weight. */
  add(options: MemberOptions): void {
    const { id, priority, weight, enabled } = typeof options === 'string' ? ({ id: options } as Partial<Member> & { id: string }) : options
    const state = this.#context.states.get(id)
    if (!state) throw new ConfigError(`pool '${this.id}': no provider '${id}'${whyAbsent(id)}, the router has ${[...this.#context.states.keys()].join(', ')}`)
    if (this.#members.has(id)) throw new ConfigError(`pool '${this.id}': '${id}' is a member already, use update() to change it`)
    const member: Member = { id, priority: priority ?? state.provider.priority ?? 1, weight: weight ?? state.provider.weight ?? 1, enabled: enabled ?? true }
    checkMember(this.id, member)
    this.#members.set(id, member)
    for (const group of this.#groups.values()) this.#join(group, member)
  }

  /** Throws `ConfigError` when it is no member. */
  remove(id: string): void {
    this.#member(id)
    this.#members.delete(id)
    for (const group of this.#groups.values()) {
      group.candidates = group.candidates.filter((candidate) => candidate.id !== id)
      if (group.incumbent?.id === id) group.incumbent = undefined
    }
    if (this.#current === id) this.#current = undefined
  }

  /** Its provider has another definition now: the member keeps its place and what was counted of it. */
  renew(id: string): void {
    const member = this.#member(id)
    for (const group of this.#groups.values()) {
      const at = group.candidates.findIndex((candidate) => candidate.id === id)
      const former = group.candidates[at]
      const candidate = this.#candidateOf(group, member)
      if (former && candidate) candidate.continues(former)
      group.candidates = group.candidates.toSpliced(former ? at : Infinity, 1, ...(candidate ? [candidate] : []))
      if (former && group.incumbent === former) group.incumbent = candidate
    }
  }

  /** Changes the pool's strategy, switch or description. */
  update(change: { readonly strategy?: Strategy | undefined; readonly enabled?: boolean | undefined; readonly description?: string | undefined }): void
  /** Changes a member's priority, weight or switch in this pool. */
  update(id: string, change: { readonly priority?: number | undefined; readonly weight?: number | undefined; readonly enabled?: boolean | undefined }): void
  update(
    target: string | { strategy?: Strategy | undefined; enabled?: boolean | undefined; description?: string | undefined },
    change: { priority?: number | undefined; weight?: number | undefined; enabled?: boolean | undefined } = {},
  ): void {
    if (typeof target !== 'string') {
      checkStrategy(target.strategy)
      this.strategy = target.strategy ?? this.strategy
      this.enabled = target.enabled ?? this.enabled
      this.description = target.description ?? this.description
      return
    }
    const member = this.#member(target)
    const changed = {
      id: target,
      priority: change.priority ?? member.priority,
      weight: change.weight ?? member.weight,
      enabled: change.enabled ?? member.enabled,
    }
    checkMember(this.id, changed)
    if (changed.weight !== member.weight) this.#relevel(target)
    Object.assign(member, changed)
  }

  /**
   * Moves on to another member that can be asked now and records it. The one that leaves is passed over until each other
   * has had a turn. Throws `NoProviderError` when nobody else can be asked.
   */
  rotate(reason: RotationReason = 'manual'): Rotation {
    const now = this.#context.now()
    const able = this.enabled ? this.members.filter(({ id, enabled }) => enabled && this.#isAble(id, now)) : []
    const from = this.current ?? byTurn(able)[0]?.id
    const others = able.filter(({ id }) => id !== from)
    const [first] = byTurn(others)
    if (first === undefined) throw nobodyElse(this, from, this.#context.states, now)
    for (const group of this.#groups.values()) for (const candidate of group.candidates) if (candidate.id === from) candidate.passedAt = group.sequence
    this.#passed = from
    return this.#record(this.#nextOf(others, now) ?? first.id, reason, now, from)
  }

  /** Whom the strategy would choose among these for the question that was asked last. */
  #nextOf(members: readonly Readonly<Member>[], now: number): string | undefined {
    const [asked] = [...this.#groups.values()].filter(({ incumbent }) => incumbent !== undefined).toSorted((a, b) => b.incumbentSince - a.incumbentSince)
    if (asked === undefined) return undefined
    const only = new Set(members.map(({ id }) => id))
    return select(new Ask(asked.copy(), asked.lastParams, 'rotation', { strategy: this.strategy, only }, NO_PREFERENCES, now), () => undefined)?.id
  }

  /** Changes of the answering member, newest first, the last 200. */
  history(limit = KEPT): Rotation[] {
    return limit > 0 ? this.#history.slice(-Math.min(limit, KEPT)).reverse() : []
  }

  /** As plain JSON; reading never rotates. */
  status(): PoolStatus {
    return this.#context.status(this)
  }

  has(id: string): boolean {
    return this.#members.has(id)
  }

  /** The candidates for one capability, made on first use. */
  group(capability: Capability): Group {
    const known = this.#groups.get(capability)
    if (known) return known
    const group = this.#made(capability)
    if (this.#tracked) group.onPick = ({ id }, why, { now, request }) => id !== this.#current && void this.#record(id, why, now, this.#current, request)
    this.#groups.set(capability, group)
    return group
  }

  /** A copy of the candidates for one capability, on which `plan()` can pick without anybody noticing. */
  rehearsal(capability: Capability): Group {
    return (this.#groups.get(capability) ?? this.#made(capability)).copy()
  }

  #made(capability: Capability): Group {
    const group = new Group(capability, this.#context.seed)
    for (const member of this.#members.values()) this.#join(group, member)
    return group
  }

  #join(group: Group, member: Member): void {
    const candidate = this.#candidateOf(group, member)
    if (candidate) group.candidates.push(candidate)
  }

  #candidateOf(group: Group, member: Member): Candidate | undefined {
    const state = this.#context.states.get(member.id)
    const endpoint = state?.provider.endpoints[group.capability]
    if (!state || !endpoint) return undefined
    const candidate = new Candidate(state, member, endpoint as Candidate['endpoint'], group)
    if (member.id === this.#passed) candidate.passedAt = group.sequence
    return candidate
  }

  // A new weight starts level: by the old picks it would be flooded or starved until they fit it.
  #relevel(id: string): void {
    for (const group of this.#groups.values()) {
      for (const candidate of group.candidates) {
        if (candidate.id !== id) continue
        candidate.picks = 0
        candidate.lag = undefined
        candidate.present = false
      }
    }
  }

  #member(id: string): Member {
    const member = this.#members.get(id)
    if (!member) throw new ConfigError(`pool '${this.id}': '${id}' is no member, it has ${[...this.#members.keys()].join(', ')}`)
    return member
  }

  #isAble(id: string, now: number): boolean {
    return this.#context.states.get(id)?.isAble(now) === true
  }

  #record(to: string, reason: RotationReason, at: number, from: string | undefined, request?: number): Rotation {
    const rotation: Rotation = { pool: this.id, ...(from !== undefined && { from }), to, reason, at, ...(request && { request }) }
    this.#current = to
    this.#currentSince = at
    if (to === this.#passed) this.#passed = undefined
    if (from === undefined) return rotation
    this.rotations++
    this.#history.push(rotation)
    if (this.#history.length > 2 * KEPT) this.#history.splice(0, KEPT)
    this.#context.rotated(rotation)
    return rotation
  }
}

const byTurn = (members: readonly Readonly<Member>[]): readonly Readonly<Member>[] => [...members].sort((a, b) => a.priority - b.priority)
