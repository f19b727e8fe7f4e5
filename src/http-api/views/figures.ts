import { iso, rounded, seconds } from '../fields.js'

/** Percent of a share of 0…1; null for what is unknown. */
export const percent = (share: number | undefined): number | null => (share === undefined ? null : rounded(100 * share))

const isMoment = (at: number | undefined): at is number => at !== undefined && Math.abs(at) <= 8.64e15

/** ISO text of Unix ms; null for what is unknown, and for what never comes. */
export const moment = (at: number | undefined): string | null => (isMoment(at) ? iso(at) : null)

/** Seconds since the epoch, likewise. */
export const epoch = (at: number | undefined): number | null => (isMoment(at) ? seconds(at) : null)

/** The newest of some moments, as far as they are known. */
export function newest(...moments: readonly (number | undefined)[]): number | undefined {
  const told = moments.filter((at) => at !== undefined)
  return told.length === 0 ? undefined : Math.max(...told)
}

/** The mean of what is known; nothing where nothing is. */
export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const told = values.filter((value) => value !== undefined)
  return told.length === 0 ? undefined : told.reduce((sum, value) => sum + value, 0) / told.length
}
