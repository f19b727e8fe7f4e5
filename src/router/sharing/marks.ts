import type { ProviderState } from '../../pipeline/provider-state.js'
import type { AnyProvider } from '../../provider/provider.js'

const MOST_KEPT = 200
/** Stands for the key where there is none: a function may give an empty one. */
const NO_KEY = ''

/** Short texts that stand for a key or a set-up in the store: equal for equal ones, and nothing can be read out of them. */
export class Marks {
  readonly #strictDollars: boolean
  readonly #setups = new WeakMap<AnyProvider, Promise<string | undefined>>()
  readonly #keys = new Map<string, Promise<string | undefined>>()

  constructor(strictDollars: boolean) {
    this.#strictDollars = strictDollars
  }

  /** Of all that decides what a provider's answers mean: routers where it differs do not share them. */
  ofSetup({ provider, overrides }: ProviderState): Promise<string | undefined> {
    const { id, hosts, plan, dollarQuote } = provider
    const known = this.#setups.get(provider) ?? digest(JSON.stringify([id, hosts, plan, dollarQuote, sorted(overrides), this.#strictDollars]))
    this.#setups.set(provider, known)
    return known
  }

  /** Of the key that a call was made with; nothing where the runtime cannot hash. */
  ofKey(id: string, key: string): Promise<string | undefined> {
    const text = `${id} ${key}`
    if (this.#keys.size >= MOST_KEPT) this.#keys.clear()
    const known = this.#keys.get(text) ?? digest(text)
    this.#keys.set(text, known)
    return known
  }

  /** Of all keys of a provider together: what rests them is about all. Empty where it has none; nothing where they cannot be had. */
  async ofKeys({ id, apiKey }: AnyProvider): Promise<string | undefined> {
    if (apiKey === undefined) return NO_KEY
    try {
      const keys = await Promise.all(Array.from({ length: apiKey.size }, async (_, index) => apiKey.reveal(index)))
      return keys.some((key) => key !== '') ? await this.ofKey(id, keys.join(' ')) : NO_KEY
    } catch {
      return undefined // the user's own function failed
    }
  }
}

const sorted = (ids: object): [string, unknown][] => Object.entries(ids).toSorted(([a], [b]) => (a < b ? -1 : 1))

/** 64 bits of SHA-256 in hexadecimal digits; nothing where the runtime has none, as a page without TLS. */
export async function digest(text: string): Promise<string | undefined> {
  const { subtle } = (globalThis as { crypto?: Partial<Crypto> }).crypto ?? {}
  const bytes = await subtle?.digest('SHA-256', new TextEncoder().encode(text))
  return bytes && Array.from(new Uint8Array(bytes, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
