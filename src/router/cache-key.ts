import { type Capability, type CapabilityInfo } from '../model/capabilities.js'

/** Text that is equal for equal questions, whoever answers: no provider, no key, ids in their own case. */
export function cacheKey(capability: Capability, { key }: CapabilityInfo, params: unknown): string {
  return `${capability}:${key ? key(params as never) : canonical(params)}`
}

/** JSON with sorted keys and without what is undefined. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const pairs = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return `{${pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${name}:${canonical(inner)}`)
    .join()}}`
}
