import { type Capability, type CapabilityInfo } from '../model/capabilities.js'

/** Keys kept per capability. */
const KEPT = 1_000

/** Text that is equal for equal questions, whoever answers: no provider, no key, ids in their own case. */
export function cacheKey(capability: Capability, info: CapabilityInfo, params: unknown): string {
  return `${capability}:${paramsText(info, params)}`
}

/** The keys of a router, each made once: a text that was looked up before is found many times quicker than an equal new one. */
export class CacheKeys {
  readonly #known = new Map<Capability, Map<string, string>>()

  /** What `cacheKey` gives. */
  of(capability: Capability, info: CapabilityInfo, params: unknown): string {
    const text = paramsText(info, params)
    const known = this.#known.get(capability)
    return known?.get(text) ?? this.#made(capability, known ?? new Map<string, string>(), text)
  }

  #made(capability: Capability, known: Map<string, string>, text: string): string {
    if (known.size >= KEPT) known.clear()
    const made = `${capability}:${text}`
    this.#known.set(capability, known.set(text, made))
    return made
  }
}

const paramsText = ({ key }: CapabilityInfo, params: unknown): string => (key ? key(params as never) : canonical(params))

/** JSON with sorted keys and without what is undefined. */
function canonical(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const pairs = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return `{${pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${name}:${canonical(inner)}`)
    .join()}}`
}
