import { ConfigError } from '../errors.js'
import type { AnyProvider, Limit } from '../provider/provider.js'
import { described } from './http-provider.js'
import { newId } from './ids.js'
import type { LoadedConfig, LoadOptions } from './load-config.js'
import { factories } from './registry.js'
import type { Findings } from './report.js'
import type { HttpDefinition, ProviderEntry } from './schema.js'

type Entry = ProviderEntry | HttpDefinition
type Key = NonNullable<LoadOptions['keys']>[string]

/** What a provider was made of, for the next time. Beside the providers, so that no key can be read from what was loaded. */
const origins = new WeakMap<AnyProvider, { readonly entry: string; readonly key: Key }>()

/** Set by the file for itself; here they stand beside it. */
const RESERVED = new Set(['id', 'apiKey', 'plan', 'hosts', 'limits', 'priority', 'weight', 'role', 'enabled'])

/** Makes the providers of all entries. One that cannot be made is said, and the others go on. */
export async function built(
  told: readonly Entry[],
  options: LoadOptions,
  findings: Findings,
): Promise<{ readonly providers: AnyProvider[]; readonly entries: Entry[] }> {
  const keys = new Map(Object.entries(options.keys ?? {}).map(([id, key]) => [newId(id), key]))
  for (const id of keys.keys())
    if (!told.some((entry) => entry.id === id)) findings.warn('keys', `a key is given for '${id}', which is not among the providers`)
  const providers: AnyProvider[] = []
  const entries: Entry[] = []
  for (const entry of told) {
    const path = findings.places.get(entry.id) ?? `base.providers.${entry.id}`
    const key = keys.get(entry.id) ?? variable(entry.apiKeyFrom, options.env)
    if (entry.apiKeyFrom !== undefined && key === undefined) findings.warn(`${path}.apiKeyFrom`, `there is no ${entry.apiKeyFrom} in env`)
    const provider = sameOf(entry, key, options.previous) ?? (await made(entry, key, path, findings))
    if (provider === undefined) continue
    origins.set(provider, { entry: JSON.stringify(entry), key })
    providers.push(provider)
    entries.push(entry)
  }
  return { providers, entries }
}

/** A variable that is there by itself, and not `constructor`. */
function variable(name: string | undefined, env: LoadOptions['env'] = {}): string | undefined {
  const value = name !== undefined && Object.hasOwn(env, name) ? env[name] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The provider that was made of the same entry and key before. */
function sameOf(entry: Entry, key: Key, previous: LoadedConfig | undefined): AnyProvider | undefined {
  const former = previous?.providers.find(({ id }) => id === entry.id)
  const origin = former && origins.get(former)
  return origin && origin.entry === JSON.stringify(entry) && sameKey(origin.key, key) ? former : undefined
}

const sameKey = (a: Key, b: Key): boolean => a === b || (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b))

async function made(entry: Entry, apiKey: Key, path: string, findings: Findings): Promise<AnyProvider | undefined> {
  const { priority, weight, role } = entry
  const common = { priority, weight, role, apiKey }
  try {
    if ('endpoints' in entry) return await described(entry, common, path, findings)
    const { plan, hosts, limits, options = {} } = entry
    for (const name of Object.keys(options).filter((one) => RESERVED.has(one)))
      findings.wrong(`${path}.options.${name}`, `has no effect here: it stands beside options`)
    const own = Object.fromEntries(Object.entries(options).filter(([name]) => !RESERVED.has(name)))
    const scoped = limits?.map(({ scope = 'ip', ...limit }) => ({ scope, ...limit })) as readonly Limit[] | undefined
    const given = { ...own, ...common, id: entry.id, plan, hosts, limits: scoped, enabled: entry.enabled }
    const factory = factories.get(entry.factory ?? entry.id)
    const provider = factory?.(given)
    if (provider && provider.id !== entry.id) {
      findings.skip(`${path}.id`, `with these options it is '${provider.id}'`, `use the id '${provider.id}'`)
      return undefined
    }
    // those that are off because they are paid for come on with a key
    const joins = entry.enabled === undefined && apiKey !== undefined && provider?.enabled === false && provider.hosts !== undefined
    return joins ? factory?.({ ...given, enabled: true }) : provider
  } catch (error) {
    // what else is thrown may repeat what it was given
    findings.skip(path, ConfigError.is(error) ? error.message : 'cannot be made of these settings')
    return undefined
  }
}
