import { ConfigError } from '../errors.js'
import { type Findings, pathOf } from './report.js'

/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

const MOST_LEVELS = 32
const MOST_VALUES = 500_000

const UNSAFE = new Set(['__proto__', 'constructor', 'prototype'])
/** Names of what is secret, in any case and with any separator: `api_keys`, `authToken`, `X-Api-Key`. */
const SECRET = /(?:apikeys?|accesskeys?|tokens?|secrets?|passwords?|passwd|authorization|privatekey|bearer|credentials?)$|^keys?$/
/** Objects whose members are named by the user's data, not by settings. */
const FREE = new Set(['map', 'assets', 'chains', 'intervals', 'keys'])
const IN_QUERY = /[?&]([\w-]+)=([^&{}\s#]+)/g
const WITH_PASSWORD = /:\/\/[^/\s?#]*@/
/** `{key}` and the like, which stand for a key that comes from elsewhere. */
const TEMPLATE = /^(?:\w+ )?\{\w+\}$/

const ADVICE = "hand it to loadConfig: keys: { '<id>': … }, or name a variable with apiKeyFrom"

/** A copy of what was given: JSON only, without keys (said, never repeated), bounded in depth and size. `start` is where it stands. */
export function clean(value: unknown, findings: Findings, start: readonly PropertyKey[] = []): Json {
  let values = 0
  const copy = (one: unknown, keys: readonly PropertyKey[], free: boolean): Json | undefined => {
    if (++values > MOST_VALUES) throw new ConfigError(`configuration: at most ${MOST_VALUES} values expected, got more`)
    if (typeof one === 'string') return hasSecret(one) ? refused(findings, keys, 'an address that holds a key is not taken from a file') : one
    if (typeof one === 'number') return Number.isFinite(one) ? one : undefined
    if (typeof one === 'boolean' || one === null) return one
    if (typeof one !== 'object') return undefined
    if (keys.length >= MOST_LEVELS) {
      findings.wrong(pathOf('', keys), `at most ${MOST_LEVELS} levels expected, got more`)
      return undefined
    }
    if (Array.isArray(one)) return one.map((item, index) => copy(item, [...keys, index], false) ?? null)
    const members = Object.entries(one).flatMap(([name, member]): [string, Json][] => {
      const path = [...keys, name]
      if (UNSAFE.has(name)) findings.warn(pathOf('', path), 'a name that is not taken')
      else if (!free && isSecret(name, member)) refused(findings, path, 'keys are not taken from a file')
      else {
        const copied = copy(member, path, FREE.has(name))
        return copied === undefined ? [] : [[name, copied]]
      }
      return []
    })
    return Object.fromEntries(members)
  }
  return copy(value, start, false) ?? null
}

function refused(findings: Findings, keys: readonly PropertyKey[], message: string): undefined {
  findings.warn(pathOf('', keys), message, ADVICE)
}

const isSecretName = (name: string): boolean => SECRET.test(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))

function isSecret(name: string, value: unknown): boolean {
  if (!isSecretName(name)) return false
  return [value].flat().some((one) => typeof one === 'string' && one !== '' && !TEMPLATE.test(one))
}

const hasSecret = (text: string): boolean => WITH_PASSWORD.test(text) || [...text.matchAll(IN_QUERY)].some(([, name = '']) => isSecretName(name))

/** Whether a value is an object of JSON. */
export const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A list of JSON; nothing where it is none. */
export const listOf = (value: Json | undefined): readonly Json[] | undefined => (Array.isArray(value) ? (value as readonly Json[]) : undefined)
