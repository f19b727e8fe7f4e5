import { ConfigError } from '../errors.js'
import { type Findings, pathOf } from './report.js'

/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

const MOST_LEVELS = 32
const MOST_VALUES = 500_000

const UNSAFE = new Set(['__proto__', 'constructor', 'prototype'])
/** Names of what is secret, in any case and with any separator: `api_keys`, `authToken`, `X-Api-Key`. */
const SECRET =
  /(?:(?:api|access|secret|auth|client|consumer|app|signing|private|subscription)keys?|tokens?|secrets?|passwords?|passwd|pwd|passphrase|authorization|bearer|credentials?|cookie)$|^(?:keys?|xauth|appid)$/
/** Objects whose members are named by the user's data, not by settings: an endpoint may well be called `tokens`. */
const FREE = new Set(['map', 'assets', 'chains', 'intervals', 'endpoints'])
/** Shorter ones are counts: `max_tokens: 100`. */
const SECRET_NUMBER = 100_000
const IN_QUERY = /[?&]([\w-]+)=([^&{}\s#]+)/g
const WITH_PASSWORD = /:\/\/[^/\s?#]*@/
/** `{key}` and the like, which stand for a key that comes from elsewhere. */
const TEMPLATE = /^(?:\w+ )?\{\w+\}$/

const ADVICE = "hand it to loadConfig: keys: { '<id>': … }, or name a variable with apiKeyFrom"

/** A copy of what was given: JSON only, without keys (said, never repeated), bounded in depth and size. `start` is where it stands. */
export function clean(value: unknown, findings: Findings, start: readonly PropertyKey[] = []): Json {
  let values = 0
  let tooDeep = false
  const copy = (one: unknown, keys: readonly PropertyKey[], free: boolean): Json | undefined => {
    if (++values > MOST_VALUES) throw new ConfigError(`configuration: at most ${MOST_VALUES} values expected, got more`)
    if (typeof one === 'string') return hasSecret(one) ? refused(findings, keys, 'an address that holds a key is not taken from a file') : one
    if (typeof one === 'number') return Number.isFinite(one) ? one : undefined
    if (typeof one === 'boolean' || one === null) return one
    if (typeof one !== 'object') return undefined
    if (keys.length >= MOST_LEVELS) {
      if (!tooDeep) findings.wrong(pathOf('', keys), `at most ${MOST_LEVELS} levels expected, got more`)
      tooDeep = true
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

const plain = (name: string): string =>
  name
    .slice(-64)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

const isSecretName = (name: string): boolean => SECRET.test(plain(name))

function isSecret(name: string, value: unknown): boolean {
  if (!isSecretName(name)) return false
  // `key: { in, name }` says where a key goes
  if (plain(name) === 'key' && isObject(value as Json)) return false
  return holdsText(value, 0)
}

/** Whether there is anything in it that may be a key, however it is wrapped: in a list, by id, with a note beside it. */
function holdsText(value: unknown, level: number): boolean {
  if (typeof value === 'string') return value !== '' && !TEMPLATE.test(value)
  if (typeof value === 'number') return value >= SECRET_NUMBER
  return typeof value === 'object' && value !== null && (level >= 4 || Object.values(value).some((one) => holdsText(one, level + 1)))
}

const hasSecret = (text: string): boolean => WITH_PASSWORD.test(text) || [...text.matchAll(IN_QUERY)].some(([, name = '']) => isSecretName(name))

/** Whether a value is an object of JSON. */
export const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A list of JSON; nothing where it is none. */
export const listOf = (value: Json | undefined): readonly Json[] | undefined => (Array.isArray(value) ? (value as readonly Json[]) : undefined)
