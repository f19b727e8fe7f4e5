import type { QuotaReading } from '../provider/provider.js'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

// No header that is meant well is longer; what is behind is not read.
const LONGEST = 2_048
// Numbers from here up are no durations (31 years) but Unix seconds, from the second up Unix ms.
const EPOCH_S = 1e9
const EPOCH_MS = 1e12
// The longest window that services speak of is a month.
const LONGEST_RESET_MS = 32 * DAY_MS

/**
 * How long the server asks to be left alone, in ms, out of `Retry-After`: seconds, or an HTTP date, which is compared with
 * the server's own `Date` where there is one (clocks differ). 0 for a moment that is over; left out where there is no such
 * header or it makes no sense. Some services send it with good answers too: ask only after a 429, 418 or 503.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const text = textOf(headers.get('retry-after'))
  const seconds = leadingNumber(text)
  if (seconds !== undefined) return untilMs(seconds, serverNow(headers, now))
  const at = dateOf(text)
  return at === undefined ? undefined : Math.max(0, at - serverNow(headers, now))
}

/**
 * When the server's window starts anew, as ms from now, out of `RateLimit`, `RateLimit-Reset`, `X-RateLimit-Reset` and
 * `X-Rate-Limit-Reset`: seconds from now, Unix seconds or Unix ms. Good answers carry these too, and they tell the end of
 * the window, not a wish: only for a 429 without `Retry-After`.
 */
export function resetAfterMs(headers: Headers, now: number): number | undefined {
  const exhausted = items(headers.get('ratelimit')).filter(({ params }) => (params.get('r') ?? params.get('remaining')) === '0')
  const told = exhausted.map(({ params }) => leadingNumber(params.get('t') ?? params.get('reset')))
  const seconds = [...told, ...RESETS.map((name) => leadingNumber(textOf(headers.get(name))))].filter((value) => value !== undefined)
  const ms = seconds.map((value) => untilMs(value, serverNow(headers, now)))
  return ms.find((value) => value !== undefined && value <= LONGEST_RESET_MS)
}

const RESETS = ['ratelimit-reset', 'x-ratelimit-reset', 'x-rate-limit-reset']

/**
 * What common headers say of a quota:
 * - `RateLimit-Policy` with `RateLimit` (draft-ietf-httpapi-ratelimit-headers-08 and later, `"name";q=100;w=60`), or with
 *   `limit=, remaining=, reset=` (07), or with `RateLimit-Limit/-Remaining/-Reset` (03 to 06, `100, 100;w=60`)
 * - `X-RateLimit-Limit/-Remaining/-Reset(-All)` where they list windows (`1200, 20;window=1, 1200;window=60`)
 * - the same with the window in the name: `X-RateLimit-Remaining-Minute`, `x-ratelimit-rpd-limit`
 *
 * What does not say its window is left out: a number is useless without it.
 */
export function genericUsage(headers: Headers, now: number): QuotaReading[] {
  const told = new Map<string, string>()
  headers.forEach((value, name) => {
    if (name.includes('ratelimit')) told.set(name, value)
  })
  if (told.size === 0) return []
  const windows = new Map<number, Told>()
  readPolicies(told, windows)
  readLists(told, windows)
  readNames(told, windows)
  return [...windows].flatMap(([perMs, window]) => reading(perMs, window, serverNow(headers, now), now))
}

/** Texts as they came, per window. */
interface Told {
  limit?: string | undefined
  remaining?: string | undefined
  reset?: string | undefined
}
type Field = keyof Told
type Windows = Map<number, Told>

function note(windows: Windows, perMs: number, told: Told): void {
  const window = windows.get(perMs) ?? {}
  windows.set(perMs, { limit: window.limit ?? told.limit, remaining: window.remaining ?? told.remaining, reset: window.reset ?? told.reset })
}

/** Named policies: `RateLimit-Policy: "burst";q=100;w=60` with `RateLimit: "burst";r=50;t=30`. */
function readPolicies(headers: ReadonlyMap<string, string>, windows: Windows): void {
  const states = items(headers.get('ratelimit'))
  for (const { name, params } of items(headers.get('ratelimit-policy'))) {
    const perMs = windowMs(params)
    const unit = params.get('qu') ?? 'requests'
    if (perMs === undefined || !params.has('q') || unit !== 'requests') continue // bytes and concurrency are no requests
    const state = states.find((one) => one.name === name)?.params
    note(windows, perMs, { limit: params.get('q'), remaining: state?.get('r'), reset: state?.get('t') })
  }
}

/** Lists whose members carry a window, and the plain first member where it can only mean one of them. */
function readLists(headers: ReadonlyMap<string, string>, windows: Windows): void {
  const plain: Told = {}
  const own: Windows = new Map()
  const take = (field: Field, name: string): void => {
    for (const { name: value, params } of items(headers.get(name))) {
      const perMs = windowMs(params)
      if (perMs === undefined) plain[field] ??= value
      else if (!params.has('q')) note(own, perMs, { [field]: value })
    }
  }
  for (const prefix of ['ratelimit', 'x-ratelimit']) for (const field of FIELDS) for (const suffix of ['', '-all']) take(field, `${prefix}-${field}${suffix}`)
  take('limit', 'ratelimit-policy')
  for (const { params } of items(headers.get('ratelimit'))) for (const field of FIELDS) plain[field] ??= params.get(field)
  const meant = [...own].filter(([, { limit }]) => limit !== undefined && limit === plain.limit)
  const [only, ...others] = own.size === 1 && plain.limit === undefined ? [...own] : meant
  if (only !== undefined && others.length === 0) note(own, only[0], plain)
  for (const [perMs, window] of own) note(windows, perMs, window)
}

/** The window in the name of the header. */
function readNames(headers: ReadonlyMap<string, string>, windows: Windows): void {
  for (const [name, value] of headers) {
    const [, before, field, after] = /^x-ratelimit-(?:(rp[smhd])-)?(limit|remaining|reset)(?:-(second|minute|hour|day|month))?$/.exec(name) ?? []
    const perMs = NAMES[before ?? after ?? '']
    if (perMs !== undefined && field !== undefined) note(windows, perMs, { [field as Field]: textOf(value) })
  }
}

const FIELDS = ['limit', 'remaining', 'reset'] as const satisfies readonly Field[]

const NAMES: Readonly<Record<string, number>> = {
  rps: SECOND_MS,
  second: SECOND_MS,
  rpm: MINUTE_MS,
  minute: MINUTE_MS,
  rph: HOUR_MS,
  hour: HOUR_MS,
  rpd: DAY_MS,
  day: DAY_MS,
  month: 30 * DAY_MS, // as lists of windows say it: 2592000 s
}

function reading(perMs: number, told: Told, server: number, now: number): QuotaReading[] {
  const limit = leadingNumber(told.limit) || undefined // 0 is no limit
  const remaining = leadingNumber(told.remaining)
  if (limit === undefined && remaining === undefined) return []
  const reset = leadingNumber(told.reset)
  const ms = reset === undefined ? undefined : untilMs(reset, server)
  // Longer than the window itself: then the unit is another one.
  const credible = ms !== undefined && ms <= perMs * 1.1 + SECOND_MS
  return [
    {
      perMs,
      kind: 'requests',
      ...(limit !== undefined && { limit }),
      ...(remaining !== undefined && { remaining }),
      ...(credible && { resetsAt: now + ms }),
    },
  ]
}

interface Item {
  /** The member itself, without quotes. */
  readonly name: string
  readonly params: ReadonlyMap<string, string>
}

/** Members of a list with their parameters (RFC 9651), read leniently. What has no member before it (`a=1, b=2`) are parameters of one nameless member. */
function items(header: string | null | undefined): Item[] {
  const list: { name: string; params: Map<string, string> }[] = []
  let item: (typeof list)[number] | undefined
  for (const [part] of (header ?? '').slice(0, LONGEST).matchAll(/,|;|(?:"[^"]*"?|[^",;])+/g)) {
    if (part === ',') item = undefined
    if (part === ',' || part === ';') continue
    const [, key, value = ''] = /^\s*([a-z][\w-]*)\s*=(.*)$/is.exec(part) ?? []
    if (item === undefined && key !== undefined) item = list.find(({ name }) => name === '')
    if (item === undefined) list.push((item = { name: key === undefined ? bare(part) : '', params: new Map<string, string>() }))
    if (key !== undefined) item.params.set(key.toLowerCase(), bare(value))
  }
  return list
}

const bare = (text: string): string => text.trim().replace(/^"([^"]*)"?$/, '$1')

function windowMs(params: ReadonlyMap<string, string>): number | undefined {
  const seconds = leadingNumber(params.get('w') ?? params.get('window'))
  return seconds === undefined || seconds === 0 || seconds >= EPOCH_S ? undefined : seconds * SECOND_MS
}

const textOf = (header: string | null): string => (header ?? '').slice(0, LONGEST).trim()

/** A number ≥ 0 at the start of a text that ends or goes on with another member: a header sent twice is one text. */
function leadingNumber(text: string | undefined): number | undefined {
  const [, digits] = /^\s*(\d{1,15}(?:\.\d{1,9})?)\s*(?:[,;]|$)/.exec(text ?? '') ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** ms from the server's now, out of seconds, Unix seconds or Unix ms. */
function untilMs(value: number, server: number): number | undefined {
  if (value < EPOCH_S) return value * SECOND_MS
  const at = value < EPOCH_MS ? value * SECOND_MS : value
  return at > 8.64e15 ? undefined : Math.max(0, at - server) // beyond that there is no Date
}

const serverNow = (headers: Headers, now: number): number => dateOf(textOf(headers.get('date'))) ?? now

/** How far the server's clock is ahead of ours, in ms; nothing where it does not say or a cache on the way answered. Dates are whole seconds, and the answer was under way. */
export function clockSkewMs(headers: Headers, now: number): number | undefined {
  const at = headers.has('age') ? undefined : dateOf(textOf(headers.get('date')))
  return at === undefined ? undefined : at - now
}

/** Unix ms of an HTTP date in its three forms (RFC 9110, 5.6.7), or of an ISO 8601 time with its zone. */
export function dateOf(text: string): number | undefined {
  const http = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d\d:\d\d:\d\d/i.test(text)
  if (!http && !/^\d{4}-\d\d-\d\dT[\d:.]+(?:z|[+-]\d\d:?\d\d)$/i.test(text)) return undefined
  // The oldest form names no zone; Date.parse would take the machine's.
  const at = Date.parse(http && !/(?:gmt|utc|z|[+-]\d{4})$/i.test(text) ? `${text} GMT` : text)
  return Number.isFinite(at) ? at : undefined
}
