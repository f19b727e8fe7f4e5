import { ConfigError } from '../errors.js'
import { CAPABILITIES, type Capability, type CapabilityInfo } from '../model/capabilities.js'
import type { Preferences } from '../pipeline/ask.js'
import { BREAKER_DEFAULTS, type ResolvedBreaker } from '../pipeline/breaker.js'
import type { AnyProvider } from '../provider/provider.js'
import { priority } from '../strategies/priority.js'
import type { Strategy } from '../strategies/strategy.js'
import type { CacheOptions, RequestOptions, RouterOptions } from './options.js'

/** Numbers of the outcome table, each in one place. */
export const DEFAULTS = {
  timeoutMs: 5_000,
  totalTimeoutMs: 10_000,
  maxAttempts: 4,
  retries: 1,
  maxEntries: 1_000,
  ejectSlowerThan: 4,
  /** Retries and hedges, as a share of the requests of the last ten seconds … */
  extraShare: 0.2,
  /** … and so many on top. */
  extraFree: 3,
} as const

/** A router's options after defaults. */
export interface ResolvedOptions {
  readonly strategy: Strategy
  readonly timeoutMs: number
  readonly totalTimeoutMs: number
  readonly maxAttempts: number
  readonly retries: number
  readonly breaker: ResolvedBreaker
  readonly cached: boolean
  readonly maxEntries: number
  readonly preferences: Preferences
  readonly capabilities: ReadonlyMap<string, CapabilityInfo>
}

/** Fills in defaults. Throws `ConfigError` naming the option, its value and what it must be. */
export function resolveOptions(options: RouterOptions): ResolvedOptions {
  checkProviders(options.providers)
  checkTimes(options)
  const { cache, breaker = {}, keepIncumbent, ejectSlowerThan = DEFAULTS.ejectSlowerThan } = options
  checkStrategy(options.strategy)
  if (options.retries !== undefined && !(Number.isInteger(options.retries) && options.retries >= 0))
    throw new ConfigError(`retries must be a whole number ≥ 0, got ${options.retries}`)
  checkKnobs(options)
  const { within, forMs } = typeof keepIncumbent === 'object' ? keepIncumbent : {}
  return {
    strategy: options.strategy ?? priority(),
    timeoutMs: options.timeoutMs ?? DEFAULTS.timeoutMs,
    totalTimeoutMs: options.totalTimeoutMs ?? DEFAULTS.totalTimeoutMs,
    maxAttempts: options.maxAttempts ?? DEFAULTS.maxAttempts,
    retries: options.retries ?? DEFAULTS.retries,
    breaker: resolveBreaker(breaker),
    cached: cache !== false,
    maxEntries: (cache || {}).maxEntries ?? DEFAULTS.maxEntries,
    preferences: {
      skipSlowerThanMs: options.skipSlowerThanMs ?? Infinity,
      ejectSlowerThan: ejectSlowerThan === false ? Infinity : ejectSlowerThan,
      keepIncumbent: keepIncumbent ? { within: within ?? 0.3, forMs: forMs ?? 30_000 } : undefined,
      strictDollars: options.dollarQuotes === 'strict',
    },
    capabilities: capabilitiesOf(options, cache || {}),
  }
}

function checkKnobs({ cache, hedge, breaker, skipSlowerThanMs, ejectSlowerThan, dollarQuotes, jumpGuard, merge }: RouterOptions): void {
  const { maxEntries } = cache || {}
  const { windowMs } = typeof merge === 'object' ? merge : {}
  if (windowMs !== undefined && !(windowMs >= 10 && windowMs <= 25)) throw new ConfigError(`merge.windowMs must be in 10…25, got ${windowMs}`)
  if (jumpGuard && merge) throw new ConfigError('merge and jumpGuard exclude each other: a merged price is not looked at by itself')
  if (jumpGuard) checkPositive('jumpGuard.percent', jumpGuard.percent)
  if (maxEntries !== undefined && !(Number.isInteger(maxEntries) && maxEntries > 0))
    throw new ConfigError(`cache.maxEntries must be a whole number ≥ 1, got ${maxEntries}; cache: false turns it off`)
  const { afterMs = 'p95', maxExtraRate = 0 } = hedge || {}
  if (afterMs !== 'p95' && !(afterMs >= 0)) throw new ConfigError(`hedge.afterMs must be 'p95' or a number ≥ 0, got ${afterMs}`)
  if (!(maxExtraRate >= 0)) throw new ConfigError(`hedge.maxExtraRate must be ≥ 0, got ${maxExtraRate}`)
  if (breaker?.rate !== undefined && !(breaker.rate <= 1)) throw new ConfigError(`breaker.rate must be a share in 0…1, got ${breaker.rate}`)
  if (skipSlowerThanMs !== undefined) checkPositive('skipSlowerThanMs', skipSlowerThanMs)
  if (typeof ejectSlowerThan === 'number' && !(ejectSlowerThan >= 1)) throw new ConfigError(`ejectSlowerThan must be ≥ 1 or false, got ${ejectSlowerThan}`)
  if (dollarQuotes !== undefined && dollarQuotes !== 'accept' && dollarQuotes !== 'strict')
    throw new ConfigError(`dollarQuotes must be 'accept' or 'strict', got ${JSON.stringify(dollarQuotes)}`)
}

/** Throws `ConfigError` for a strategy that is no function. */
export function checkStrategy(strategy: unknown): void {
  if (strategy === undefined || typeof strategy === 'function') return
  throw new ConfigError(`strategy must be a function like priority(), got ${JSON.stringify(strategy)}`)
}

/** The times and counts that routers and single requests share. */
export function checkTimes({ timeoutMs, totalTimeoutMs, maxAttempts }: RouterOptions | RequestOptions): void {
  if (timeoutMs !== undefined) checkPositive('timeoutMs', timeoutMs)
  if (totalTimeoutMs !== undefined) checkPositive('totalTimeoutMs', totalTimeoutMs)
  if (maxAttempts !== undefined && !(maxAttempts >= 1)) throw new ConfigError(`maxAttempts must be ≥ 1, got ${maxAttempts}`)
}

/** Throws `ConfigError` for what is not above 0. */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0)) throw new ConfigError(`${name} must be > 0, got ${value}`)
}

/** Throws `ConfigError` for a list of providers that no router can be made of. */
export function checkProviders(providers: readonly AnyProvider[]): void {
  if (!Array.isArray(providers) || providers.length === 0) throw new ConfigError('providers is empty: give at least one, like [binance(), kraken()]')
  const seen = new Set<string>()
  for (const provider of providers) {
    if (typeof provider?.id !== 'string' || typeof provider.endpoints !== 'object')
      throw new ConfigError(`providers: an object made by defineProvider() is expected, got ${typeof provider}. Call the factory: binance()`)
    if (seen.has(provider.id)) throw new ConfigError(`providers: two have the id '${provider.id}'; give several keys or hosts to one`)
    seen.add(provider.id)
    const calls = Object.values(provider.endpoints).some((endpoint) => endpoint !== undefined && 'request' in (endpoint as object))
    if (calls && provider.enabled !== false && !provider.hosts?.length) throw new ConfigError(`${provider.id}: hosts is needed for endpoints that use HTTP`)
  }
}

function resolveBreaker(breaker: NonNullable<RouterOptions['breaker']>): ResolvedBreaker {
  const resolved = { ...BREAKER_DEFAULTS }
  for (const name of Object.keys(BREAKER_DEFAULTS) as (keyof ResolvedBreaker)[]) {
    const value = breaker[name]
    if (value === undefined) continue
    checkPositive(`breaker.${name}`, value)
    Object.assign(resolved, { [name]: value })
  }
  return { ...resolved, maxCooldownMs: Math.max(resolved.maxCooldownMs, resolved.cooldownMs) }
}

const pick = (value: CacheOptions['ttlMs'], name: string): number | undefined => (typeof value === 'object' ? value[name as Capability] : value)

function capabilitiesOf({ capabilities = {} }: RouterOptions, { ttlMs, staleMs }: CacheOptions): ReadonlyMap<string, CapabilityInfo> {
  const all: [string, CapabilityInfo][] = Object.entries({ ...CAPABILITIES, ...capabilities } as Record<string, CapabilityInfo>)
  return new Map(
    all.map(([name, info]) => {
      const [ttl, stale] = [pick(ttlMs, name), pick(staleMs, name)]
      return [name, { ...info, ...(ttl !== undefined && { ttlMs: ttl, ttl: undefined }), ...(stale !== undefined && { staleMs: stale }) }]
    }),
  )
}
