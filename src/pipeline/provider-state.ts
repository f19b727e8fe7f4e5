import { type HostRing, hostRing } from '../http/hosts.js'
import type { ProviderError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { FailureReason } from '../model/result.js'
import type { AnyProvider, ListedAsset, NativeIds } from '../provider/provider.js'
import { Secret } from '../provider/secret.js'
import { Ledger } from '../quota/ledger.js'
import type { Answer } from './answer.js'
import { AnswerStore } from './cache.js'
import { Breaker, type BreakerState, type ResolvedBreaker } from './breaker.js'
import { Health } from './health.js'
import { mostCalls } from './most-calls.js'
import { NOT_FOUND_MS } from './outcomes.js'
import type { OwnFlight } from './own-flight.js'
import { Rest } from './rest.js'
import { Validators } from './validators.js'
import { Votes } from './votes.js'

/** Most calls under way at one provider, where it names no other number. */
const MAX_IN_FLIGHT = 256
const MAX_REFUSALS = 1_000
const MAX_OWN_ANSWERS = 500
const SUSPECT_MS = 24 * 3_600_000

/** What a provider's state needs of the router. */
export interface StateContext {
  readonly breaker: ResolvedBreaker
  readonly random: () => number
  readonly overrides: NativeIds
  readonly breakerChanged: (provider: string, capability: Capability | undefined, state: BreakerState, now: number) => void
}

/** Everything that is known of one provider in one router, shared by its pools and capabilities. */
export class ProviderState {
  readonly provider: AnyProvider
  readonly id: string
  native: NativeIds
  /** Ids that the user chose. */
  readonly overrides: NativeIds
  health = new Health()
  rest: Rest
  breaker: Breaker
  ledger: Ledger | undefined
  hosts: HostRing | undefined
  readonly maxInFlight: number
  readonly missesKey: boolean
  readonly lastResort: boolean
  votes = new Votes()
  /** Assets that it has the price of another one for, and until when it is not asked for them, Unix ms. */
  readonly suspects = new Map<string, number>()
  inFlight = 0
  /** Until when its own list of assets counts as read, Unix ms. */
  listedUntil = -Infinity
  /** The list being read. */
  listing: Promise<ProviderError | undefined> | undefined
  /** No limit, no table of assets, nothing remembered against it: selection needs no closer look. */
  isPlain: boolean
  /** Taken out by hand. */
  isolated = false
  /** What its last probe found; nothing where it could not be probed. */
  probed: boolean | undefined
  /** Answers that were not what the documentation says. */
  drift = 0
  /** Since when there was no other answer, Unix ms. */
  driftingSince: number | undefined
  /** Its own last answers, where they are used again. */
  readonly own: AnswerStore | undefined
  /** What of them is under way. */
  readonly flights = new Map<string, { readonly flight: OwnFlight; readonly work: Promise<unknown> }>()
  /** Which of several keys is used. */
  keyIndex = 0
  /** How far its clock is ahead of ours, in ms, by its last answer. */
  skewMs: number | undefined
  /** It says that it ends, and when, Unix ms. */
  ending: { readonly at?: number } | undefined
  #validators: Validators | undefined
  readonly #context: StateContext
  #driftBreakers: Map<Capability, Breaker> | undefined
  #refusals: Map<string, number> | undefined

  constructor(provider: AnyProvider, context: StateContext) {
    this.provider = provider
    this.id = provider.id
    this.#context = context
    this.overrides = context.overrides
    this.native = Object.keys(context.overrides).length === 0 && provider.assets ? provider.assets : { ...provider.assets, ...context.overrides }
    this.rest = new Rest(provider.cooldownsMs)
    this.breaker = this.#newBreaker(undefined)
    this.ledger =
      provider.limits?.length || provider.minSpacingMs ? new Ledger(provider.id, provider.limits ?? [], provider.minSpacingMs, mostCalls(provider)) : undefined
    this.hosts = provider.hosts && provider.hosts.length > 1 ? hostRing(provider.hosts, { order: provider.hostOrder ?? 'round-robin' }) : undefined
    this.own = provider.reuseMs === undefined ? undefined : new AnswerStore(MAX_OWN_ANSWERS)
    this.maxInFlight = provider.maxInFlight ?? MAX_IN_FLIGHT
    this.missesKey = provider.key?.required === true && provider.apiKey === undefined
    this.lastResort = provider.role === 'last-resort'
    this.isPlain =
      !provider.retired &&
      provider.enabled !== false &&
      !this.missesKey &&
      provider.assets === undefined &&
      provider.dollarQuote === undefined &&
      this.ledger === undefined &&
      this.own === undefined
  }

  /** Nothing of its own speaks against it, but for a rest and the number of calls under way: selection's quick look. */
  get isClear(): boolean {
    return this.isPlain && !this.isolated && this.breaker.isClosed
  }

  /** What it is asked conditionally with. */
  get validators(): Validators {
    return (this.#validators ??= new Validators())
  }

  /** The breaker of one capability; there is one only after a drifted answer. */
  driftBreaker(capability: Capability): Breaker | undefined {
    return this.#driftBreakers?.get(capability)
  }

  drifted(capability: Capability): Breaker {
    this.#driftBreakers ??= new Map()
    this.isPlain = false
    const breaker = this.#driftBreakers.get(capability) ?? this.#newBreaker(capability)
    this.#driftBreakers.set(capability, breaker)
    return breaker
  }

  get driftBreakers(): ReadonlyMap<Capability, Breaker> {
    return this.#driftBreakers ?? NO_DRIFT
  }

  /** Whether it is worth asking for an asset. */
  mayKnow(asset: string, now: number): boolean {
    const { assets, lookup } = this.provider
    if (this.suspects.size > 0 && (this.suspects.get(asset) ?? 0) > now) return false
    return assets === undefined || Object.hasOwn(this.native, asset) || (lookup !== undefined && this.listedUntil <= now)
  }

  /** Takes ids out of the provider's own list: of symbols that stand there once, for what neither table nor user says. */
  lists(assets: readonly ListedAsset[], until: number): void {
    const ids = new Map<string, string | undefined>()
    for (const { symbol, id } of assets) {
      const name = symbol.toUpperCase()
      ids.set(name, ids.has(name) ? undefined : id)
    }
    const single = Object.fromEntries([...ids].filter(([, id]) => id !== undefined))
    this.native = { ...single, ...this.provider.assets, ...this.overrides }
    this.listedUntil = until
  }

  /** Remembers what this provider does not know. */
  refuse(subject: string, now: number, ms = NOT_FOUND_MS): void {
    this.#refusals ??= new Map()
    this.isPlain = false
    if (this.#refusals.size >= MAX_REFUSALS) this.#refusals.delete(this.#refusals.keys().next().value ?? '')
    this.#refusals.set(subject, now + ms)
  }

  /** The id that this provider has for an asset seems to be another's: it is not asked for it for a day. */
  suspect(asset: string, now: number): void {
    this.suspects.set(asset, now + SUSPECT_MS)
  }

  get hasRefusals(): boolean {
    return this.#refusals !== undefined
  }

  /** Until when it is remembered that this provider does not know it. */
  refusedUntil(subject: string): number {
    return this.#refusals?.get(subject) ?? -Infinity
  }

  /** Whether its own answer to the same question is here, if it is used again and young enough, or on its way: nothing will be sent. */
  sendsNothing(key: string, now: number, maxAgeMs: number | undefined): boolean {
    return this.own !== undefined && (this.flights.has(key) || this.reusable(key, now, maxAgeMs) !== undefined)
  }

  /** Its own last answer to the same question, if it is used again and young enough. */
  reusable(key: string, now: number, maxAgeMs: number | undefined): Answer | undefined {
    return this.own?.get(key, now, Math.min(this.provider.reuseMs ?? 0, maxAgeMs ?? Infinity))
  }

  /** Why and until when the whole provider is out, whatever the question; nothing while it is in. */
  restingUntil(now: number): { until: number; reason: FailureReason } | undefined {
    if (this.rest.until > now) return { until: this.rest.until, reason: this.rest.reason }
    return this.breaker.permits(now) ? undefined : { until: this.breaker.permitsAt(now), reason: 'circuit-open' }
  }

  /** Whether it can be asked something now: not out by hand, resting, open or out of its own quota. */
  isAble(now: number): boolean {
    const { provider, isolated, missesKey, ledger } = this
    if (isolated || missesKey || provider.enabled === false || provider.retired) return false
    return this.restingUntil(now) === undefined && (ledger === undefined || ledger.nextAvailableAt(1, now) <= now)
  }

  /** Forgets everything that keeps it out. */
  reset(now: number): void {
    this.rest.end()
    this.breaker.reset(now)
    this.#driftBreakers = undefined
    this.#refusals = undefined
    this.suspects.clear()
    this.votes = new Votes()
    this.hosts?.reset()
  }

  /**
   * Goes on with what is known of an earlier definition of the same provider: counters, breakers, rest, votes, and what was used of its quota. Calls under
   * way are booked there, so that what did not change is one thing for both. A new key ends a rest for a bad one.
   */
  continues(former: ProviderState, now: number): void {
    const { health, breaker, votes, isolated, drift, driftingSince, ending, skewMs, rest, ledger, hosts, provider } = former
    Object.assign(this, { health, breaker, votes, isolated, drift, driftingSince, ending, skewMs })
    this.#driftBreakers = former.#driftBreakers
    this.isPlain &&= this.driftBreakers.size === 0
    const isSame = (...names: (keyof AnyProvider)[]): boolean => names.every((name) => JSON.stringify(provider[name]) === JSON.stringify(this.provider[name]))
    const hasSameKey = Secret.areSame(provider.apiKey, this.provider.apiKey)
    if (hasSameKey && isSame('cooldownsMs')) this.rest = rest
    else if (hasSameKey || rest.reason !== 'unauthorized') this.rest.restore(rest.snapshot())
    if (isSame('limits', 'minSpacingMs') && mostCalls(provider) === mostCalls(this.provider)) this.ledger = ledger
    else if (ledger) this.ledger?.restore(ledger.snapshot(now))
    if (isSame('hosts', 'hostOrder')) this.hosts = hosts
  }

  shutdown(): void {
    this.breaker.shutdown()
    for (const breaker of this.driftBreakers.values()) breaker.shutdown()
  }

  #newBreaker(capability: Capability | undefined): Breaker {
    const { breaker, random, breakerChanged } = this.#context
    return new Breaker(breaker, random, (state, now) => breakerChanged(this.id, capability, state, now))
  }
}

/** What is remembered when a provider does not know a symbol or an asset. */
export const refusalKey = (capability: Capability, about: string): string => `${capability}:${about}`

const NO_DRIFT: ReadonlyMap<Capability, Breaker> = new Map()
