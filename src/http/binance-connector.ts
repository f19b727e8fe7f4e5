import { BadResponseError, ProviderError } from '../errors.js'
import { type Clock, resolveClock } from '../model/clock.js'
import { LADDER_MS, MAX_RETRY_AFTER_MS, REGION_REST_MS } from '../model/rests.js'
import type { FailureReason } from '../model/result.js'
import { bannedMs, codeOf, reasonAt } from './binance-answer.js'
import {
  type BinanceAnswer,
  type BinanceConnectorOptions,
  type BinanceGetOptions,
  type BinanceHostHealth,
  checkHosts,
  checkMs,
  checkPath,
  findHost,
  type HostsHealth,
  isUs,
  queryText,
} from './binance-options.js'
import { type Answer, send } from './client.js'
import { HOST_TIMEOUT_MS, type HostHealth, type HostRing, hostRing } from './hosts.js'
import { retryAfterMs } from './rate-limit-headers.js'
import { hostName } from './redact.js'

const LONE_HOST_TIMEOUT_MS = 5_000
// A 418's Retry-After is believed in full: bans last 2 minutes to 3 days (https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits, November 2026).
// Of the time that is left, while there is another host to go to.
const SHARE_OF_ONE = 0.65

/**
 * Public market data of Binance from several hosts of the same data: each call goes to the next healthy host and, where one
 * refuses, hangs or fails, at once to another, each host at most once. GET only. Limits and bans count per IP, so a 429 or
 * 418 rests all hosts; a 451 rests those of its region. Errors are `ProviderError`s of the provider `binance`.
 */
export class BinanceConnector {
  readonly #ring: HostRing
  readonly #hosts: readonly string[]
  readonly #options: BinanceConnectorOptions
  readonly #clock: Required<Clock>
  readonly #hostTimeoutMs: number
  readonly #resolved = new Set<string>()
  #limitedUntil = -Infinity
  #limitedInRow = 0
  #blockedUntil = -Infinity

  constructor(options: BinanceConnectorOptions = {}) {
    this.#hosts = checkHosts(options)
    this.#hostTimeoutMs = checkMs('hostTimeoutMs', options.hostTimeoutMs) ?? (this.#hosts.length > 1 ? HOST_TIMEOUT_MS : LONE_HOST_TIMEOUT_MS)
    this.#ring = hostRing(this.#hosts, { order: options.order, backoff: true })
    this.#clock = resolveClock(options.clock)
    this.#options = options
  }

  /**
   * Asks for a path such as `api/v3/ticker/24hr`. Rejects with a `ProviderError`: `not-found` (unknown symbol), `bad-request`,
   * `rate-limited`, `geo-blocked`, or the last host's failure; with `retryAfterMs`, and without any call, while all hosts
   * rest. An abort rejects with the signal's reason.
   */
  async get(path: string, query: Readonly<Record<string, string | number | undefined>> = {}, options: BinanceGetOptions = {}): Promise<BinanceAnswer> {
    const tail = `/${checkPath(path)}${queryText(query)}`
    const deadline = this.#clock.monotonic() + (checkMs('timeoutMs', options.timeoutMs) ?? Infinity)
    const tried = new Set<string>()
    let failure: ProviderError | undefined
    for (let host = this.#next(tried); host !== undefined; host = this.#next(tried)) {
      options.signal?.throwIfAborted()
      const startedAt = this.#clock.monotonic()
      const leftMs = deadline - startedAt
      if (leftMs <= 0) break
      const more = this.#next(tried.add(host)) !== undefined
      const patienceMs = Math.min(this.#hostTimeoutMs, more ? leftMs * SHARE_OF_ONE : leftMs)
      this.#ring.started(host)
      const outcome = await this.#ask(host, tail, patienceMs, options.signal)
      if (typeof outcome === 'string') failure = this.#lost(host, outcome, patienceMs, more)
      else {
        failure = this.#judge(host, outcome, this.#clock.monotonic() - startedAt)
        if (!failure) return { body: outcome.body, host, headers: outcome.headers }
      }
    }
    options.signal?.throwIfAborted()
    throw failure ?? this.#resting()
  }

  /** Every host as it stands now. Asks nobody. */
  health(): HostsHealth {
    const endpoints = this.#ring.health(this.#clock.now()).map(endpointOf)
    return { connectorType: this.#options.region === 'us' ? 'Binance US' : 'Binance Global', totalEndpoints: endpoints.length, endpoints }
  }

  /** Forgets all that is known of one host (its URL or name), or of all hosts and of 429s: they can be asked at once. */
  reset(host?: string): void {
    const url = host === undefined ? undefined : findHost(this.#hosts, host)
    this.#ring.reset(url)
    if (url !== undefined) this.#resolved.delete(url)
    else {
      this.#resolved.clear()
      this.#limitedUntil = this.#blockedUntil = -Infinity
      this.#limitedInRow = 0
    }
  }

  #next(tried: ReadonlySet<string>): string | undefined {
    return this.#ring.next(this.#clock.now(), tried)
  }

  /** One call to one host; never rejects but with the caller's abort. */
  async #ask(host: string, tail: string, ms: number, signal: AbortSignal | undefined): Promise<Answer | Lost> {
    const controller = new AbortController()
    let stop: (why: 'timeout' | 'aborted') => void = nothing
    const stopped = new Promise<'timeout' | 'aborted'>((resolve) => (stop = resolve))
    const onAbort = (): void => stop('aborted')
    const cancel = this.#clock.setTimeout(() => stop('timeout'), ms)
    signal?.addEventListener('abort', onAbort)
    try {
      const outcome = await Promise.race([this.#send(host, tail, controller.signal), stopped])
      if (outcome === 'timeout' || outcome === 'aborted') controller.abort()
      if (outcome === 'aborted') throw signal?.reason
      return outcome
    } finally {
      cancel()
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async #send(host: string, tail: string, signal: AbortSignal): Promise<Answer | Lost> {
    const { lookup, fetch } = this.#options
    if (lookup && !this.#resolved.has(host)) {
      try {
        await lookup(new URL(host).hostname.replaceAll(/^\[|\]$/g, ''))
      } catch {
        return 'unresolved'
      }
      if (signal.aborted) return 'timeout'
      this.#resolved.add(host)
    }
    try {
      return await send({ url: `${host}${tail}`, method: 'GET', headers: { accept: 'application/json' }, as: 'json', signal, follow: false }, fetch)
    } catch {
      return 'network' // what the transport says holds the URL
    }
  }

  #lost(host: string, lost: Lost, patienceMs: number, more: boolean): ProviderError {
    // Where there is nobody else to ask, a caller's short timeoutMs is no host's failure.
    if (lost !== 'timeout' || more || patienceMs >= this.#hostTimeoutMs) this.#fail(host)
    if (lost === 'timeout') return failed(host, 'timeout', `no answer within ${Math.round(patienceMs)} ms`)
    return failed(host, 'network', lost === 'unresolved' ? 'the name of the host does not resolve' : 'no connection')
  }

  #fail(host: string): void {
    this.#resolved.delete(host)
    this.#ring.failed(host, this.#clock.now(), this.#options.random ?? Math.random)
  }

  /** Nothing for a good answer; a failure that another host may do better is returned, one that none will is thrown. */
  #judge(host: string, answer: Answer, latencyMs: number): ProviderError | undefined {
    const now = this.#clock.now()
    const { status, headers, body } = answer
    const reason = reasonAt(answer)
    if (reason === 'rate-limited') throw this.#limited(host, answer, now)
    if (reason === 'geo-blocked') return this.#blocked(host, status, now)
    if (reason === 'bad-response') {
      this.#fail(host)
      return new BadResponseError('JSON expected, got something else', { provider: 'binance', status, host: hostName(host) })
    }
    if (reason === 'unavailable') {
      this.#fail(host)
      const ms = status === 503 ? retryAfterMs(headers, now) : undefined
      if (ms !== undefined) this.#ring.rest(host, now + Math.min(ms, MAX_RETRY_AFTER_MS))
      return failed(host, reason, status === 403 ? 'a firewall answered' : undefined, status, ms)
    }
    this.#ring.succeeded(host, latencyMs, now)
    if (now >= this.#limitedUntil) this.#limitedInRow = 0
    const code = codeOf(body)
    if (reason !== undefined) throw failed(host, reason, code === undefined ? undefined : `${reason}, code ${code}`, status)
    return undefined
  }

  /** Rests the hosts of the same region: another's may well answer. */
  #blocked(host: string, status: number, now: number): ProviderError {
    this.#ring.refused(host, now)
    this.#blockedUntil = now + REGION_REST_MS
    for (const one of this.#hosts) if (isUs(one) === isUs(host)) this.#ring.rest(one, this.#blockedUntil)
    return failed(host, 'geo-blocked', 'not served in this country', status, REGION_REST_MS)
  }

  /** Rests all hosts: Binance counts per IP, and bans who goes on. */
  #limited(host: string, { status, headers, body }: Answer, now: number): ProviderError {
    this.#ring.refused(host, now)
    // Answers to calls that were under way are the same hit.
    if (now >= this.#limitedUntil) this.#limitedInRow++
    const step = LADDER_MS[Math.min(this.#limitedInRow, LADDER_MS.length) - 1] ?? MAX_RETRY_AFTER_MS
    const told = retryAfterMs(headers, now) || (status === 418 && bannedMs(body, now)) || step
    const ms = status === 418 ? told : Math.min(told, MAX_RETRY_AFTER_MS)
    this.#limitedUntil = Math.max(this.#limitedUntil, now + ms)
    this.#ring.rest(undefined, this.#limitedUntil)
    return failed(host, 'rate-limited', status === 418 ? 'this IP is banned' : undefined, status, this.#limitedUntil - now)
  }

  #resting(): ProviderError {
    const now = this.#clock.now()
    const at = this.#ring.availableAt(now)
    if (at === -Infinity) return new ProviderError({ provider: 'binance', reason: 'timeout', message: 'no time was left to ask a host' })
    const reason = now < this.#limitedUntil ? 'rate-limited' : now < this.#blockedUntil ? 'geo-blocked' : 'unavailable'
    return new ProviderError({ provider: 'binance', reason, message: `all hosts rest (${reason}), none was asked`, retryAfterMs: at - now })
  }
}

const nothing = (): void => {}

type Lost = 'network' | 'timeout' | 'unresolved'

function failed(host: string, reason: FailureReason, message?: string, status?: number, retryMs?: number): ProviderError {
  return new ProviderError({ provider: 'binance', reason, message, status, retryAfterMs: retryMs, host: hostName(host) })
}

function endpointOf({ total, successful, failed: failures, latencyMs, ...host }: HostHealth): BinanceHostHealth {
  const settled = successful + failures
  return {
    ...host,
    totalRequests: total,
    ...(settled > 0 && { successRate: (100 * successful) / settled }),
    ...(latencyMs !== undefined && { avgResponseTimeMs: latencyMs }),
  }
}
