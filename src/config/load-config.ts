import { ConfigError } from '../errors.js'
import type { SecretSource } from '../provider/secret.js'
import type { AnyProvider } from '../provider/provider.js'
import type { RouterOptions } from '../router/options.js'
import type { PoolOptions } from '../router/pool-options.js'
import { built } from './build.js'
import { clean, isObject } from './clean.js'
import { parseJson } from './json-text.js'
import { importLegacy } from './legacy.js'
import type { LegacyModel } from './legacy-extras.js'
import { isLegacy } from './legacy-format.js'
import { merged } from './merge.js'
import { readOwn } from './own-format.js'
import { poolsFrom } from './pools.js'
import { type ConfigReport, Findings } from './report.js'
import type { ConfigFile } from './schema.js'
import { strategyOf } from './strategies.js'

/** What `loadConfig` may use beside the file. */
export interface LoadOptions {
  /** Keys by provider id. */
  readonly keys?: Readonly<Record<string, SecretSource | undefined>> | undefined
  /** Where `apiKeyFrom` is looked up: `process.env`, say. Never read by itself. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** What the file is put on top of: the `config` of an earlier one. */
  readonly base?: ConfigFile | undefined
  /** `false`: the file replaces `base`. @default true */
  readonly merge?: boolean | undefined
  /** What was loaded before: providers of which nothing changed are the same objects again. */
  readonly previous?: LoadedConfig | undefined
}

/** What a configuration came to. */
export interface LoadedConfig {
  /** For the router. */
  readonly providers: readonly AnyProvider[]
  /** For the router. */
  readonly pools: Readonly<Record<string, PoolOptions>>
  /** For the router: `new ProviderRouter({ ...routerOptions, providers, pools })`. */
  readonly routerOptions: Partial<Omit<RouterOptions, 'providers' | 'pools'>>
  /** How often to probe, where a legacy file says so: for `router.startProbes()`. */
  readonly probes?: { readonly everyMs: number }
  /** Text models of a legacy file, for `feedmux/sentiment`. */
  readonly models?: readonly LegacyModel[]
  /** The whole in our format, without keys: to be stored, edited, merged with. */
  readonly config: ConfigFile
  readonly report: ConfigReport
}

/**
 * Makes providers and pools out of JSON, as text or as a value, in our format or a legacy one. What is wrong with an entry stands in the report, and the others
 * go on. Throws `ConfigError` only where there is nothing to go on with: no JSON, no object, too much of it.
 */
export async function loadConfig(json: unknown, options: LoadOptions = {}): Promise<LoadedConfig> {
  const findings = new Findings()
  const file = clean(typeof json === 'string' ? parseJson(json) : json, findings)
  if (!isObject(file)) throw new ConfigError('configuration: an object like { "providers": [ … ] } expected')
  const base = options.merge === false ? undefined : options.base
  const { probes, models, ...own } = isLegacy(file) ? importLegacy(file, findings) : readOwn(file, findings, base)
  const whole = base ? merged(base, own, findings) : own
  const { providers, entries } = await built(whole.providers, options, findings)
  const { pools, members } = poolsFrom(whole.pools ?? [], providers, findings)
  const { strategy, ...router } = whole.router ?? {}
  return {
    providers,
    pools,
    routerOptions: { ...router, ...(strategy && { strategy: strategyOf(strategy) }) },
    ...(probes && { probes }),
    ...(models && { models }),
    config: { version: 1, providers: entries, ...(members.length > 0 && { pools: members }), ...(whole.router && { router: whole.router }) },
    report: findings.report(),
  }
}
