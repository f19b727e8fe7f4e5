import type { RouterResult } from '../model/result.js'
import type { Colours } from './colours.js'
import { duration } from './format.js'

/** Who said it, and how old it is: `kraken`, `binance (cache, 3 s old)`, `okx (stale, 2 min old: timeout)`. */
export function provenance({ provider, source, ageMs, staleReason }: RouterResult<unknown>, { dim, yellow }: Pick<Colours, 'dim' | 'yellow'>): string {
  if (source === 'stale') return `${provider} ${yellow(`(stale, ${duration(ageMs)} old${staleReason ? `: ${staleReason}` : ''})`)}`
  return source === 'cache' ? `${provider} ${dim(`(cache, ${duration(ageMs)} old)`)}` : provider
}

/** The line under a single answer: who, how fast, how many were asked. */
export function footer(result: RouterResult<unknown>, colours: Pick<Colours, 'dim' | 'yellow'>): string {
  const asked = result.attempts.filter(({ outcome }) => outcome !== 'skipped').length
  const tries = asked > 1 ? `, ${asked} attempts` : ''
  return [`${provenance(result, colours)}${colours.dim(` in ${duration(result.latencyMs)}${tries}`)}`, ...credits([result], colours)].join('\n')
}

/** Whom the data's owners want to be named, each once. */
export function credits(results: readonly Pick<RouterResult<unknown>, 'attribution'>[], { dim }: Pick<Colours, 'dim'>): string[] {
  return [...new Set(results.flatMap(({ attribution }) => (attribution ? [`${attribution.text} ${attribution.url}`] : [])))].map(dim)
}
