import { UsageError } from './usage-error.js'

const UNITS = { ms: 1, s: 1_000, m: 60_000 } as const

/** Ms out of `800`, `800ms`, `5s` or `1m`; `unit` is meant where none is written. */
export function parseDuration(text: string, option: string, unit: keyof typeof UNITS): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text)
  const ms = match ? Number(match[1]) * UNITS[(match[2] as keyof typeof UNITS | undefined) ?? unit] : 0
  // Longer than this a timer can't wait: 2^31 ms, 24.8 days.
  if (!(ms > 0 && ms < 2 ** 31)) throw new UsageError(`${option} wants a time > 0, such as ${unit === 'ms' ? '800 (ms) or 5s' : '10 (s) or 1m'}; got '${text}'`)
  return ms
}

/** A whole number from `least` to `most`. */
export function parseCount(text: string, option: string, most: number, least = 1): number {
  const count = Number(text)
  if (!/^\d+$/.test(text) || count < least || count > most) throw new UsageError(`${option} wants a whole number from ${least} to ${most}; got '${text}'`)
  return count
}
