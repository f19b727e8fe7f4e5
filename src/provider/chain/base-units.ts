import { BadResponseError } from '../../errors.js'

/**
 * A whole number ≥ 0 of base units (wei, satoshi, sun), exact: digits of any length, or a number that JSON kept exact. One above 2^53 has lost its last
 * digits before anybody could see them, and is refused.
 */
export function baseUnits(value: unknown, at: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  if (typeof value === 'string' && /^\d{1,78}$/.test(value)) return BigInt(value)
  throw new BadResponseError(`${at}: a whole number of base units expected, got something else`)
}

/** A whole number that may stand in for a block's height. */
export function heightOf(value: unknown, at: string): number {
  const height = Number(baseUnits(value, at))
  if (!(height > 0 && Number.isSafeInteger(height))) throw new BadResponseError(`${at}: the height of a block expected, got something else`)
  return height
}
