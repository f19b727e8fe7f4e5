import { ConfigError } from '../errors.js'
import type { Clock } from '../model/clock.js'
import { BINANCE_HOSTS } from '../provider/market/binance-hosts.js'
import type { HostOrder } from './hosts.js'
import { hostName } from './redact.js'

/** How a `BinanceConnector` is set up. Durations are in ms. */
export interface BinanceConnectorOptions {
  /** `us` asks `api.binance.us`, another exchange with books of its own. @default 'global' */
  readonly region?: 'global' | 'us' | undefined
  /** Base URLs instead of the region's. */
  readonly hosts?: readonly string[] | undefined
  /** @default 'round-robin' */
  readonly order?: HostOrder | undefined
  /** Patience with one host, its name's resolution and the body included. @default 800; 5_000 where there is only one host */
  readonly hostTimeoutMs?: number | undefined
  /** @default globalThis.fetch, looked up at each call */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly clock?: Clock | undefined
  /** 0…1, for the jitter of the backoff. @default Math.random */
  readonly random?: (() => number) | undefined
  /** Asked before a host's first call and after its failures, `lookup` of `node:dns/promises` say; a host whose name does not resolve is passed over. */
  readonly lookup?: ((hostname: string) => Promise<unknown>) | undefined
}

/** What may be said of one call. */
export interface BinanceGetOptions {
  readonly signal?: AbortSignal | undefined
  /** For the whole call, all hosts together, in ms. @default as long as its hosts take: their number times `hostTimeoutMs` */
  readonly timeoutMs?: number | undefined
}

/** What a host answered, and which one. */
export interface BinanceAnswer {
  /** Parsed JSON, not looked into. */
  readonly body: unknown
  /** Base URL. */
  readonly host: string
  readonly headers: Headers
}

/** How one host stands. Times are Unix ms; what is not known is left out. */
export interface BinanceHostHealth {
  readonly url: string
  readonly available: boolean
  readonly consecutiveFailures: number
  /** 0…100; left out while it has not answered or failed yet. */
  readonly successRate?: number
  readonly totalRequests: number
  readonly avgResponseTimeMs?: number
  readonly lastSuccess?: number
  readonly lastFailure?: number
  readonly backoffUntil?: number
}

/** All hosts of a connector, as JSON. */
export interface HostsHealth {
  readonly connectorType: 'Binance Global' | 'Binance US'
  readonly totalEndpoints: number
  readonly endpoints: readonly BinanceHostHealth[]
}

/** The base URLs to ask, without final slashes and doubles; throws `ConfigError` where one is none. */
export function checkHosts({ region = 'global', hosts, order }: BinanceConnectorOptions): readonly string[] {
  if (!Object.hasOwn(BINANCE_HOSTS, region)) throw new ConfigError(`binance: region must be 'global' or 'us', got ${JSON.stringify(region)}`)
  if (order !== undefined && !ORDERS.includes(order)) throw new ConfigError(`binance: order must be ${ORDERS.join(', ')}, got ${JSON.stringify(order)}`)
  const urls = (hosts ?? BINANCE_HOSTS[region]).map((host) => host.replace(/\/+$/, ''))
  if (urls.length === 0) throw new ConfigError('binance: hosts is empty; leave it out to use the built-in ones')
  for (const url of urls)
    if (!/^https?:\/\/[^\s?#@]+$/.test(url) || !URL.canParse(url))
      throw new ConfigError(`binance: hosts must be http(s) URLs without credentials and query, got ${shown(url)}`)
  return [...new Set(urls)]
}

const ORDERS: readonly HostOrder[] = ['round-robin', 'fastest', 'in-order']

/** A duration that was given, or nothing. */
export function checkMs(name: string, ms: number | undefined): number | undefined {
  if (ms !== undefined && !(ms > 0 && ms <= MAX_TIMER_MS)) throw new ConfigError(`binance: ${name} must be > 0 and at most ${MAX_TIMER_MS} ms, got ${ms}`)
  return ms
}

// Beyond it, runtimes' timers fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1

/** A path without leading slashes: with two of them it would name another host. */
export function checkPath(path: string): string {
  if (!/^[\w./~-]+$/.test(path))
    throw new ConfigError('binance: path must be letters, digits and /._~-, such as api/v3/time; give the query as the second argument')
  return path.replace(/^\/+/, '')
}

/** With its question mark; what is undefined is left out. */
export function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}

/** The base URL that is meant by a URL or a host's name. */
export function findHost(hosts: readonly string[], wanted: string): string {
  const found = hosts.find((host) => host === wanted.replace(/\/+$/, '') || hostName(host) === wanted)
  if (found === undefined) throw new ConfigError(`binance: no host ${shown(wanted)}, there are ${hosts.map(hostName).join(', ')}`)
  return found
}

/** Whether it serves the region `us`: a block of one region says nothing of the other. */
export const isUs = (host: string): boolean => new URL(host).hostname.endsWith('binance.us')

/** What was given for a host, without what may be secret in it. */
function shown(host: string): string {
  const name = hostName(host.includes('//') ? host : `//${host}`)
  return /^[\w.-]+(?::\d+)?$/.test(name) ? JSON.stringify(name) : 'something else'
}
