import { ConfigError, ProviderError } from '../errors.js'
import type { Json } from './clean.js'

/** Values of a template's parameters. */
export type Values = Readonly<Record<string, string | number | undefined>>

const PLACE = /\{(\w+)(?::(\w+))?(?:=([^{}]*))?\}/g
const BRACE = /[{}]/

const FORMS: Readonly<Record<string, (value: string | number) => string>> = {
  lower: (value) => String(value).toLowerCase(),
  upper: (value) => String(value).toUpperCase(),
  s: (value) => String(Math.floor(Number(value) / 1_000)),
  iso: (value) => (Math.abs(Number(value)) <= LAST_MS ? new Date(Number(value)).toISOString() : ''),
}
const TIMES = new Set(['since', 'now'])
/** The last one that a `Date` can be. */
const LAST_MS = 8.64e15

/** Throws `ConfigError` for a place that nothing fills: `{name}`, `{name:lower}`, `{name=default}`. */
export function checkTemplate(text: string, known: readonly string[]): void {
  for (const [place, name = '', form, other] of text.matchAll(PLACE)) {
    if (!known.includes(name)) throw new ConfigError(`${place}: there is no '${name}' here, only ${known.join(', ')}`)
    if (name === 'key' && (form !== undefined || other !== undefined)) throw new ConfigError(`${place}: only {key} stands for a key`)
    if (form !== undefined && !Object.hasOwn(FORMS, form)) throw new ConfigError(`${place}: no form '${form}', there are ${Object.keys(FORMS).join(', ')}`)
    if ((form === 's' || form === 'iso') && !TIMES.has(name)) throw new ConfigError(`${place}: '${form}' is for times`)
  }
  if (BRACE.test(text.replaceAll(PLACE, ''))) throw new ConfigError('{ and } only stand around a name')
}

/** A path with its places filled and encoded: nothing that is filled in leaves its place. */
export function pathOf(text: string, values: Values, provider: string): string {
  return text.replaceAll(PLACE, (place, name: string, form?: string, other?: string) => {
    if (name === 'key') return place // the router's place
    const value = valueOf(values[name], form, other)
    if (value === undefined) throw new ProviderError({ provider, reason: 'bad-request', message: `cannot be asked without ${name}` })
    if (/^\.*$/.test(value)) throw new ProviderError({ provider, reason: 'not-found', message: `has no ${name} of this name` })
    return encodeURIComponent(value)
  })
}

/** A text with its places filled. One that is nothing but an empty place is left out. */
export function filled(text: string, values: Values): string | undefined {
  const whole = new RegExp(`^${PLACE.source}$`).exec(text)
  if (whole) return valueOf(values[whole[1] ?? ''], whole[2], whole[3])
  return text.replaceAll(PLACE, (_, name: string, form?: string, other?: string) => valueOf(values[name], form, other) ?? '')
}

/** The same in all texts of a body. */
export function filledIn(value: Json, values: Values): Json | undefined {
  if (typeof value === 'string') return numberOf(value, values) ?? filled(value, values)
  if (Array.isArray(value)) return value.flatMap((item: Json) => filledIn(item, values) ?? [])
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const copied = filledIn(member, values)
      return copied === undefined ? [] : [[name, copied]]
    }),
  )
}

/** Checks all texts of a body. */
export function checkBody(value: Json, known: readonly string[]): void {
  if (typeof value === 'string') checkTemplate(value, known)
  else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) checkBody(member, known)
}

/** A body's `'{limit}'` stays a number. */
function numberOf(text: string, values: Values): number | undefined {
  const value = values[/^\{(\w+)\}$/.exec(text)?.[1] ?? '']
  return typeof value === 'number' ? value : undefined
}

function valueOf(value: string | number | undefined, form: string | undefined, other: string | undefined): string | undefined {
  if (value === undefined) return other
  return form === undefined ? String(value) : FORMS[form]?.(value)
}
