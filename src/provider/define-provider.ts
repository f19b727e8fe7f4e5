import { ConfigError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { Plan, Provider, ProviderFacts, ProviderOptions } from './provider.js'
import { Secret } from './secret.js'

/**
 * Makes a provider from its definition and what the user chose. Throws `ConfigError` for an unknown plan, a bad host,
 * priority or weight; never for a missing key: the provider is then passed over, with that reason, in `plan()`.
 */
export function defineProvider<C extends Capability>(definition: Provider<C>, options: ProviderOptions = {}): Provider<C> {
  const { id } = definition
  const plan = planOf(definition, options)
  const hosts = hostsOf(options.hosts ?? (plan?.host ? [plan.host] : definition.hosts), id)
  const { priority = definition.priority, weight = definition.weight, role = definition.role, enabled = definition.enabled } = options
  if (priority !== undefined && !Number.isFinite(priority)) throw new ConfigError(`${id}: priority must be a finite number, got ${priority}`)
  if (weight !== undefined && !(weight >= 0 && Number.isFinite(weight))) throw new ConfigError(`${id}: weight must be a number ≥ 0, got ${weight}`)
  const limits = options.limits ?? plan?.limits ?? definition.limits
  const key = plan?.key ?? definition.key
  const minSpacingMs = plan?.minSpacingMs ?? definition.minSpacingMs
  const apiKey =
    options.apiKey === undefined || options.apiKey === '' || (Array.isArray(options.apiKey) && options.apiKey.length === 0)
      ? undefined
      : new Secret(options.apiKey)
  return {
    ...definition,
    ...(hosts && { hosts }),
    ...(limits && { limits }),
    ...(key && { key }),
    ...(minSpacingMs !== undefined && { minSpacingMs }),
    ...(priority !== undefined && { priority }),
    ...(weight !== undefined && { weight }),
    ...(role && { role }),
    ...(enabled !== undefined && { enabled }),
    ...(options.plan !== undefined && { plan: options.plan }),
    ...(apiKey && { apiKey }),
  }
}

function planOf({ id, plans }: ProviderFacts, { plan }: ProviderOptions): Plan | undefined {
  if (plan === undefined) return undefined
  const known = Object.keys(plans ?? {})
  const found = plans && Object.hasOwn(plans, plan) ? plans[plan] : undefined
  if (!found) throw new ConfigError(`${id}: no plan '${plan}', ${known.length === 0 ? 'this provider has none' : `choose ${known.join(' or ')}`}`)
  return found
}

function hostsOf(hosts: readonly string[] | undefined, id: string): [string, ...string[]] | undefined {
  if (hosts === undefined) return undefined
  const [first, ...rest] = hosts.map((host, index) => {
    // not repeated: what is wrong with it may be a key
    if (!URL.canParse(host) || !/^https?:\/\/[^\s?#@]+$/.test(host))
      throw new ConfigError(`${id}: hosts must be http(s) URLs without credentials and query, hosts[${index}] is not; keys go into apiKey`)
    return host.replace(/\/+$/, '')
  })
  if (first === undefined) throw new ConfigError(`${id}: hosts is empty; leave it out to use the built-in ones`)
  return [first, ...rest]
}
