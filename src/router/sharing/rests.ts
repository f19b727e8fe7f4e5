import type { RouterEvents } from '../../model/events.js'
import { OUTCOMES } from '../../pipeline/outcomes.js'
import type { ProviderState } from '../../pipeline/provider-state.js'
import type { Store } from '../../stores/store.js'
import type { SharingContext } from './late.js'
import type { StoreLink } from './link.js'
import type { Marks } from './marks.js'

const CHANNEL = 'rests'
/** Who had an answer this long ago knows better than others that a provider is down. In ms. */
const OWN_WORD_MS = 10_000

type Reason = RouterEvents['cooldown-started']['reason']

/** One rest as it is told. */
interface Told {
  /** Which router says so. */
  readonly from: number
  readonly provider: string
  /** Whom it is about: all behind one address, or with one key. */
  readonly of: string
  /** `circuit-open`: its breaker opened. */
  readonly reason: Reason
  /** From when it is told, in ms: clocks of machines differ. */
  readonly forMs: number
}

/** Rests and open breakers, told to other routers and heard from them. What was heard is not told again. */
export class SharedRests {
  readonly #context: SharingContext
  readonly #link: StoreLink
  readonly #marks: Marks
  readonly #from = Math.random()
  #isHearing = false
  readonly #closing = new AbortController()
  #subscription: 'none' | 'asked' | (() => void) = 'none'

  constructor(context: SharingContext, link: StoreLink, marks: Marks) {
    this.#context = context
    this.#link = link
    this.#marks = marks
    context.events.on('cooldown-started', ({ provider, reason, until }) => this.#tell(provider, reason, until))
    context.events.on('breaker-changed', ({ provider, capability, openUntil }) => {
      if (capability === undefined && openUntil !== undefined) this.#tell(provider, 'circuit-open', openUntil)
    })
  }

  /** Listens to the others, and reads what they told before; again whenever the store comes back. */
  begin(): void {
    if (this.#closing.signal.aborted) return
    for (const state of this.#context.states.values()) void this.#read(state)
    if (this.#subscription !== 'none') return
    this.#subscription = 'asked'
    const hear = (message: unknown): void => void this.#hear(message)
    const { signal } = this.#closing
    this.#link.store.subscribe(CHANNEL, hear, signal).then(
      (end) => (signal.aborted ? end() : (this.#subscription = end)),
      () => (this.#subscription = 'none'),
    )
  }

  close(): void {
    this.#closing.abort()
    if (typeof this.#subscription === 'function') this.#subscription()
    this.#subscription = 'none'
  }

  #tell(provider: string, reason: Reason, until: number): void {
    if (this.#isHearing) return
    void this.#told(provider, reason, until)
  }

  async #told(provider: string, reason: Reason, until: number): Promise<void> {
    const state = this.#context.states.get(provider)
    const of = state && (await this.#whom(state, reason))
    const forMs = until - this.#context.env.clock.now()
    if (of === undefined || !(forMs > 0 && forMs < Infinity)) return
    const told: Told = { from: this.#from, provider, of, reason, forMs }
    await this.#link.ask((store) => Promise.all([store.publish(CHANNEL, told), keepLonger(store, nameOf(provider, of), { ...told, until })]))
  }

  async #read(state: ProviderState): Promise<void> {
    for (const of of new Set([this.#address, await this.#ofKeys(state)])) {
      const found = of === undefined ? undefined : await this.#link.ask((store) => store.get(nameOf(state.id, of)))
      const value = found?.value?.value as (Partial<Told> & { until?: number }) | undefined
      if (typeof value?.until === 'number') await this.#hear({ ...value, forMs: value.until - this.#context.env.clock.now() })
    }
  }

  async #hear(message: unknown): Promise<void> {
    const { from, provider = '', of, reason, forMs } = (message ?? {}) as Partial<Told>
    const state = this.#context.states.get(provider)
    if (from === this.#from || state === undefined || typeof forMs !== 'number' || !(forMs > 0 && forMs < Infinity)) return
    if (reason === undefined || !Object.hasOwn(OUTCOMES, reason) || of !== (await this.#whom(state, reason)) || this.#closing.signal.aborted) return
    const { env } = this.#context
    const now = env.clock.now()
    const isOpening = reason === 'circuit-open'
    if (isOpening && now - (state.health.lastSuccessAt ?? -Infinity) < OWN_WORD_MS) return
    const known: Reason = isOpening ? 'unavailable' : reason
    if (!state.rest.extend(now + forMs, known)) return
    this.#isHearing = true
    env.events.emit('cooldown-started', { provider, reason: known, at: now, until: state.rest.until })
    this.#isHearing = false
  }

  /** Whom a rest is about: outages and blocked regions everybody behind the address, the rest those with the same key, where limits are by key. */
  async #whom(state: ProviderState, reason: Reason): Promise<string | undefined> {
    const { limits } = state.provider
    const isOfKey = reason === 'unauthorized' || ((reason === 'rate-limited' || reason === 'quota-exhausted') && !limits?.every(({ scope }) => scope === 'ip'))
    return isOfKey ? this.#ofKeys(state) : this.#address
  }

  get #address(): string {
    return `ip:${this.#context.store.egress ?? ''}`
  }

  /** Without a key all that is about keys is about the address. */
  async #ofKeys({ provider }: ProviderState): Promise<string | undefined> {
    const mark = await this.#marks.ofKeys(provider)
    return mark === '' ? this.#address : mark && `key:${mark}`
  }
}

const nameOf = (provider: string, of: string): string => `rest:${provider}:${of}`

/** A breaker that opens for a minute must not take the place of a ban of hours. */
async function keepLonger(store: Store, name: string, told: Told & { readonly until: number }): Promise<void> {
  const known = await store.get(name)
  if ((known?.expiresAt ?? 0) < told.until) await store.set(name, { value: told, expiresAt: told.until })
}
