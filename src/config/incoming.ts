import { ConfigError } from '../errors.js'
import { newId } from './ids.js'
import type { LoadedConfig, LoadOptions } from './load-config.js'
import { isPublicAddress } from './public-address.js'
import type { ConfigProblem } from './report.js'
import type { ConfigFile } from './schema.js'

/** Why an entry did not come in. */
interface Rejected {
  readonly id: string
  readonly error: string
}

/** What came in, without those entries that may not. */
export interface Sifted {
  readonly file: unknown
  readonly refused: readonly Rejected[]
  /** How the others fared when they were loaded. */
  readonly outcome: (next: LoadedConfig) => { readonly imported: number; readonly rejected: readonly Rejected[] }
}

interface Told {
  readonly id: string
  /** `providers[3]`, or `providers.kraken`: where a report says something of it. */
  readonly path: string
  readonly value: unknown
}

type Rules = Pick<LoadOptions, 'keys'> & { readonly allowPrivate?: boolean | undefined }

/**
 * Looks through a catalogue that somebody sent. An entry that brings addresses of its own may stand at public ones only, and gets no key: whoever may import
 * must not be able to have a key sent to a server of his. Throws `ConfigError` where it holds no entries.
 */
export function sifted(json: unknown, config: ConfigFile, rules: Rules): Sifted {
  const { providers } = (isRecord(json) ? json : {}) as { readonly providers?: unknown }
  if (!Array.isArray(providers) && !isRecord(providers)) throw new ConfigError('a catalogue like { "providers": [ … ] } expected')
  const entries = Array.isArray(providers) ? providers.map((value, i) => [String(i), value] as const) : Object.entries(providers)
  const faults = new Map(entries.map(([key, value]) => [key, faultOf(value, idOf(key, value, providers), config, rules)]))
  const good = entries.filter(([key]) => faults.get(key) === undefined)
  const kept = Array.isArray(providers) ? good.map(([, value]): unknown => value) : Object.fromEntries(good)
  const told = good.map(([key, value], i): Told => ({
    id: idOf(key, value, providers),
    path: Array.isArray(providers) ? `providers[${i}]` : headOf(`providers.${key}`),
    value,
  }))
  return {
    file: { ...(json as object), providers: kept },
    refused: entries.flatMap(([key, value]) => {
      const error = faults.get(key)
      return error === undefined ? [] : [{ id: named(idOf(key, value, providers)), error }]
    }),
    outcome: (next) => outcomeOf(told, next),
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

function idOf(key: string, value: unknown, providers: unknown): string {
  const { id, name } = isRecord(value) ? value : {}
  const own = [id, name].find((one) => typeof one === 'string' && one !== '') as string | undefined
  return Array.isArray(providers) ? (own ?? `entry ${key}`) : key
}

const named = (id: string): string => (id.length > 64 ? `${id.slice(0, 64)}…` : id)

/** Addresses that an entry wants to be asked at; the `base_url` of a legacy file is none of them, it is only compared. */
function addressesOf(value: unknown): string[] {
  const { hosts, baseUrl, options } = isRecord(value) ? value : {}
  const told = [hosts, baseUrl, ...(isRecord(options) ? Object.values(options) : [])].flat()
  return told.filter((one): one is string => typeof one === 'string' && /^\s*https?:/i.test(one))
}

function faultOf(value: unknown, id: string, config: ConfigFile, { keys = {}, allowPrivate = false }: Rules): string | undefined {
  const addresses = addressesOf(value)
  if (!allowPrivate && !addresses.every(isPublicAddress)) return 'the https address of a public server expected'
  const brings = addresses.length > 0 || (isRecord(value) && value['apiKeyFrom'] !== undefined)
  if (!brings) return undefined
  const own = newId(id)
  // what it would be laid over counts, too: an address now and a key later come to the same
  const whole = { ...config.providers.find((entry) => entry.id === own), ...(value as object) }
  const isKeyed = ('apiKeyFrom' in whole && whole.apiKeyFrom !== undefined) || Object.keys(keys).some((one) => newId(one) === own)
  return isKeyed && addressesOf(whole).length > 0 ? 'an entry that brings addresses of its own gets no key this way' : undefined
}

/** The entry that a place in a report belongs to. */
const headOf = (path: string): string => /^providers(?:\[\d+\]|\.[^.[]*)/.exec(path)?.[0] ?? ''

function outcomeOf(told: readonly Told[], { report, config }: LoadedConfig): ReturnType<Sifted['outcome']> {
  const skipped = byEntry(report.errors.filter((problem) => problem.skipped))
  const others = byEntry([...report.errors, ...report.decisions])
  const there = new Set(config.providers.map(({ id }) => id))
  const rejected = told.flatMap(({ id, path }): Rejected[] => {
    const problem = skipped.get(path) ?? (there.has(newId(id)) ? undefined : (others.get(path) ?? { path, message: 'is left out' }))
    if (problem === undefined) return []
    const { message, suggestion } = problem
    const field = problem.path.slice(path.length).replace(/^\./, '')
    return [{ id: named(id), error: `${field === '' ? '' : `${field}: `}${message}${suggestion === undefined ? '' : `; ${suggestion}`}` }]
  })
  return { imported: told.length - rejected.length, rejected }
}

/** The first of each entry. */
function byEntry(problems: readonly ConfigProblem[]): Map<string, ConfigProblem> {
  const first = new Map<string, ConfigProblem>()
  for (const problem of problems) {
    const head = headOf(problem.path)
    if (!first.has(head)) first.set(head, problem)
  }
  return first
}
