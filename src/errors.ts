import type { AssetCandidate, Attempt, FailureReason } from './model/result.js'

export type { AssetCandidate, FailureReason }

const brand = Symbol.for('feedmux.error')

/** Parent of every error that feedmux throws by itself. An abort by the caller rejects with the signal's own reason instead. */
export class FeedmuxError extends Error {
  override readonly name: string = 'FeedmuxError'
  /** Class names from here up to `FeedmuxError`; `is()` reads them, so that a second copy of the package is recognised. */
  readonly [brand]: readonly string[] = ['FeedmuxError']

  /** True for any error of feedmux, also one made by another copy of the package. */
  static is(error: unknown): error is FeedmuxError {
    return isOf(error, 'FeedmuxError')
  }
}

/** What is known of one provider's failure. */
export interface ProviderErrorInit {
  readonly provider: string
  readonly reason: FailureReason
  /** Without keys, URLs or bodies: it may be logged. */
  readonly message?: string | undefined
  readonly status?: number | undefined
  readonly retryAfterMs?: number | undefined
  readonly host?: string | undefined
}

/** One provider did not answer. */
export class ProviderError extends FeedmuxError {
  override readonly name: string = 'ProviderError'
  override readonly [brand]: readonly string[] = ['ProviderError', 'FeedmuxError']
  /** Id of the provider. */
  readonly provider: string
  readonly reason: FailureReason
  /** HTTP status, where there was an answer. */
  declare readonly status?: number
  /** How long the provider asked to be left alone, in ms. */
  declare readonly retryAfterMs?: number
  /** Name of the host that was asked. */
  declare readonly host?: string

  constructor({ provider, reason, message, status, retryAfterMs, host }: ProviderErrorInit) {
    super(`${provider}: ${message ?? reason}${status === undefined ? '' : ` (HTTP ${status})`}`)
    this.provider = provider
    this.reason = reason
    if (status !== undefined) this.status = status
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
    if (host !== undefined) this.host = host
  }

  static override is(error: unknown): error is ProviderError {
    return isOf(error, 'ProviderError')
  }
}

/** The provider answered with something that is not what its documentation says: HTML, a missing price, a wrong type. */
export class BadResponseError extends ProviderError {
  override readonly name = 'BadResponseError'
  override readonly [brand]: readonly string[] = ['BadResponseError', 'ProviderError', 'FeedmuxError']

  /** @param message what was expected where, and the kind of what came: `last: a number > 0 expected, got null` */
  constructor(message: string, init: Partial<Omit<ProviderErrorInit, 'message'>> = {}) {
    super({ provider: 'provider', reason: 'bad-response', ...init, message })
  }

  static override is(error: unknown): error is BadResponseError {
    return isOf(error, 'BadResponseError')
  }
}

/** Everybody who could be asked was asked, and nobody answered. */
export class AllProvidersFailedError extends FeedmuxError {
  override readonly name = 'AllProvidersFailedError'
  override readonly [brand]: readonly string[] = ['AllProvidersFailedError', 'FeedmuxError']
  /** One per provider: its last. */
  readonly failures: readonly ProviderError[]
  /** All attempts in order, skipped providers included. */
  readonly attempts: readonly Attempt[]

  constructor(asked: string, failures: readonly ProviderError[], attempts: readonly Attempt[], why = '') {
    super(`no provider answered ${asked}${why}:\n${attempts.map(line).join('\n')}`)
    this.failures = failures
    this.attempts = attempts
  }

  static override is(error: unknown): error is AllProvidersFailedError {
    return isOf(error, 'AllProvidersFailedError')
  }
}

const line = ({ provider, outcome, reason, status, latencyMs }: Attempt): string =>
  `  ${provider}: ${outcome}${reason ? ` (${reason}${status === undefined ? '' : `, HTTP ${status}`})` : ''} after ${Math.round(latencyMs)} ms`

/** Why one provider could not even be asked. */
export interface ExclusionLine {
  readonly provider: string
  readonly reason: string
  /** When it can be asked again, Unix ms; left out where waiting does not help. */
  readonly until?: number | undefined
}

/** Nobody offers the capability, or everybody is excluded for now; no provider was asked. */
export class NoProviderError extends FeedmuxError {
  override readonly name = 'NoProviderError'
  override readonly [brand]: readonly string[] = ['NoProviderError', 'FeedmuxError']
  /** Why each provider was passed over. */
  readonly excluded: readonly ExclusionLine[]
  /** Until the earliest of them can be asked again, in ms; left out when none comes back by itself. */
  declare readonly retryAfterMs?: number
  /** Of the exclusion that ends first. */
  declare readonly failureReason?: FailureReason

  constructor(asked: string, excluded: readonly ExclusionLine[], retryAfterMs?: number, failureReason?: FailureReason) {
    const reasons = excluded.map(
      ({ provider, reason, until }) => `  ${provider}: ${reason}${until === undefined ? '' : ` until ${new Date(until).toISOString()}`}`,
    )
    super(excluded.length === 0 ? `no provider is configured for ${asked}` : `no provider can be asked for ${asked}:\n${reasons.join('\n')}`)
    this.excluded = excluded
    if (failureReason !== undefined) this.failureReason = failureReason
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
  }

  static override is(error: unknown): error is NoProviderError {
    return isOf(error, 'NoProviderError')
  }
}

/** An option or a parameter is wrong, whatever the provider. The message names the value and the remedy. */
export class ConfigError extends FeedmuxError {
  override readonly name = 'ConfigError'
  override readonly [brand]: readonly string[] = ['ConfigError', 'FeedmuxError']

  static override is(error: unknown): error is ConfigError {
    return isOf(error, 'ConfigError')
  }
}

/** Several assets share the symbol and none of them is meant by everybody: choose one with the router's option `assets`. */
export class AmbiguousAssetError extends FeedmuxError {
  override readonly name = 'AmbiguousAssetError'
  override readonly [brand]: readonly string[] = ['AmbiguousAssetError', 'FeedmuxError']
  readonly symbol: string
  readonly candidates: readonly AssetCandidate[]

  constructor(symbol: string, candidates: readonly AssetCandidate[]) {
    const names = candidates.map(({ name, ids }) => `${name} ${JSON.stringify(ids)}`).join(' or ')
    super(`${symbol} can mean ${names}: choose with the option assets: { ${JSON.stringify(symbol)}: { … } }`)
    this.symbol = symbol
    this.candidates = candidates
  }

  static override is(error: unknown): error is AmbiguousAssetError {
    return isOf(error, 'AmbiguousAssetError')
  }
}

function isOf(error: unknown, name: string): boolean {
  const names = typeof error === 'object' && error !== null ? (error as Record<symbol, unknown>)[brand] : undefined
  return Array.isArray(names) && names.includes(name)
}
