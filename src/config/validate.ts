import type { z } from 'zod'
import { isObject, type Json } from './clean.js'
import { didYouMean, type Findings, pathOf } from './report.js'

type Issue = z.core.$ZodIssue

/**
 * What a schema makes of one entry. An unknown key is said and left out; anything else that is wrong is said, and the entry is `undefined`. `known`
 * gives the keys that may stand at a place, for suggestions.
 */
export function validated<T>(schema: z.ZodType<T>, value: Json, path: string, findings: Findings, known: KnownKeys): T | undefined {
  const first = schema.safeParse(value)
  if (first.success) return first.data
  const strangers = first.error.issues.filter((issue) => issue.code === 'unrecognized_keys')
  for (const { path: place, keys } of strangers) {
    const names = known(place)
    for (const key of keys) findings.wrong(pathOf(path, [...place, key]), `unknown key '${key.slice(0, 60)}', it has no effect`, didYouMean(key, names))
  }
  const { success, data, error } = strangers.length === 0 ? first : schema.safeParse(without(value, strangers))
  if (success) return data
  for (const issue of error.issues) findings.skip(pathOf(path, issue.path), messageOf(issue), suggestionOf(issue, value))
  return undefined
}

/** Keys that may stand at a place. */
export type KnownKeys = (place: readonly PropertyKey[]) => readonly string[]

/** Reads the keys that may stand at a place out of a JSON Schema. */
export const keysOf =
  (schema: unknown): KnownKeys =>
  (place) => {
    let found = [schema]
    for (const key of place) found = found.flatMap((one) => below(one, key))
    return found.flatMap((one) => alternatives(one).flatMap(namesIn))
  }

const namesIn = ({ properties, propertyNames }: JsonSchema): string[] => {
  const names = isRecord(propertyNames) && Array.isArray(propertyNames['enum']) ? propertyNames['enum'].map(String) : []
  return isRecord(properties) ? [...Object.keys(properties), ...names] : names
}

type JsonSchema = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value)

const alternatives = (schema: unknown): JsonSchema[] => {
  if (!isRecord(schema)) return []
  return Array.isArray(schema['anyOf']) ? (schema['anyOf'] as unknown[]).flatMap(alternatives) : [schema]
}

const below = (schema: unknown, key: PropertyKey): unknown[] =>
  alternatives(schema).flatMap(({ properties, items, additionalProperties }) => {
    if (typeof key === 'number') return items === undefined ? [] : [items]
    if (isRecord(properties) && Object.hasOwn(properties, String(key))) return [properties[String(key)]]
    return isRecord(additionalProperties) ? [additionalProperties] : []
  })

/** A copy without the keys that nobody knows. */
function without(value: Json, issues: readonly { readonly path: readonly PropertyKey[]; readonly keys: readonly string[] }[]): Json {
  const copy = structuredClone(value)
  for (const { path, keys } of issues) {
    let place: unknown = copy
    for (const key of path) place = (place as Record<PropertyKey, unknown> | undefined)?.[key]
    if (isRecord(place)) for (const key of keys) delete (place as Record<string, unknown>)[key]
  }
  return copy
}

/** In words that do not repeat the value. */
const messageOf = ({ message }: Issue): string => message.replace(/^Invalid (?:input|option|string): /, '')

function suggestionOf(issue: Issue, value: Json): (() => string | undefined) | undefined {
  if (issue.code === 'invalid_value') {
    const told = issue.path.reduce<Json | undefined>(
      (one, key) => (isObject(one) ? one[String(key)] : Array.isArray(one) ? (one as Json[])[Number(key)] : undefined),
      value,
    )
    return typeof told === 'string' ? didYouMean(told, issue.values.map(String)) : undefined
  }
  return undefined
}
