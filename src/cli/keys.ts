import type { CliIO } from './io.js'

/** Name of the variable that holds a provider's key: `alternative-me` → `FEEDMUX_ALTERNATIVE_ME_API_KEY`. */
export function keyName(id: string): string {
  return `FEEDMUX_${id.toUpperCase().replaceAll('-', '_')}_API_KEY`
}

/** The key of a provider. An empty variable is none. */
export function keyOf(id: string, env: CliIO['env']): string | undefined {
  return env[keyName(id)]?.trim() || undefined
}

/** The plan that a key belongs to, from `FEEDMUX_COINGECKO_PLAN=pro`. */
export function planOf(id: string, env: CliIO['env']): string | undefined {
  return env[keyName(id).replace(/API_KEY$/, 'PLAN')]?.trim() || undefined
}
