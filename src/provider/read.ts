import { BadResponseError } from '../errors.js'

/**
 * Checked reading of unknown JSON. Each function takes the value and the place it stands at, gives it in the wanted form,
 * or throws `BadResponseError` saying what was expected there. Texts that hold a number count as numbers, `null`, `''`
 * and booleans never do. The `optional` forms give `undefined` for what is not there (or is null or empty).
 */
export const read = {
  /** A record of unknowns. */
  object: (value: unknown, at: string): Record<string, unknown> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected('an object', value, at)
    return value as Record<string, unknown>
  },

  array: (value: unknown, at: string): unknown[] => {
    if (!Array.isArray(value)) throw expected('a list', value, at)
    return value
  },

  /** A text that is not empty. */
  string: (value: unknown, at: string): string => {
    if (typeof value !== 'string' || value === '') throw expected('a text', value, at)
    return value
  },

  /** A finite number, or a text that is one. */
  number: (value: unknown, at: string): number => {
    const number = toNumber(value)
    if (number === undefined) throw expected('a number', value, at)
    return number
  },

  /** A number > 0: prices. */
  positive: (value: unknown, at: string): number => {
    const number = toNumber(value)
    if (number === undefined || number <= 0) throw expected('a number > 0', value, at)
    return number
  },

  /** A number > 0 where there is one; null, `''` and 0 stand for unknown in many APIs. */
  positiveOrNone: (value: unknown, at: string): number | undefined => {
    const number = read.optional(read.number, value, at)
    return number === undefined || number === 0 ? undefined : read.positive(number, at)
  },

  /** A number ≥ 0: volumes. */
  amount: (value: unknown, at: string): number => {
    const number = toNumber(value)
    if (number === undefined || number < 0) throw expected('a number ≥ 0', value, at)
    return number
  },

  /** Unix ms out of Unix seconds. */
  seconds: (value: unknown, at: string): number => {
    return inTime(read.number(value, at) * 1_000, value, at)
  },

  /** Unix ms. */
  millis: (value: unknown, at: string): number => {
    return inTime(read.number(value, at), value, at)
  },

  /** Unix ms out of an ISO 8601 text; without a zone it is taken for UTC. */
  isoTime: (value: unknown, at: string): number => {
    const text = read.string(value, at)
    return inTime(Date.parse(inZone(text)), value, at)
  },

  /** `reader` where there is something to read, else nothing. */
  optional: <T>(reader: (value: unknown, at: string) => T, value: unknown, at: string): T | undefined => {
    return value === undefined || value === null || value === '' ? undefined : reader(value, at)
  },
}

/** An object without the members that are `undefined`: unknown is left out. */
export function known<T extends object>(data: { [K in keyof T]: T[K] | undefined }): T {
  for (const key in data) if (data[key] === undefined) delete data[key]
  return data as T
}

const DATE_ONLY = /^\d{4}-\d\d-\d\d$/
const ZONED = /(?:[zZ]|[+-]\d\d:?\d\d)$/

/** A text without a zone is taken for UTC, also where a space stands for the T. */
function inZone(text: string): string {
  const iso = text.replace(' ', 'T')
  return DATE_ONLY.test(iso) || ZONED.test(iso) ? iso : `${iso}Z`
}

const DECIMAL = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/

function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : typeof value === 'string' && DECIMAL.test(value) ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

// Anything outside has its unit wrong: before Bitcoin, or so far ahead that seconds were taken for milliseconds.
const EARLIEST = Date.UTC(2009, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

function inTime(time: number, value: unknown, at: string): number {
  if (!(time >= EARLIEST && time < LATEST)) throw expected('a time since 2009', value, at)
  return Math.round(time)
}

function expected(what: string, value: unknown, at: string): BadResponseError {
  return new BadResponseError(`${at}: ${what} expected, got ${kind(value)}`)
}

/** Kind of a value, never the value: bodies can echo what was sent. */
function kind(value: unknown): string {
  if (value === null) return 'null'
  if (value === '') return 'an empty text'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'number' ? String(value) : `a ${typeof value}`.replace('a object', 'an object').replace('a undefined', 'nothing')
}
