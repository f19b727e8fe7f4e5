import { ConfigError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import { type Clock, resolveClock } from '../model/clock.js'
import type { Discovery, ModelReadings, ResourceDesk } from './desk.js'
import type { DatabaseReadings, Sessions, SystemReadings, Worker } from './ports.js'

/** True where a request may change or probe something. */
export type Authorize = (request: Request) => boolean | Promise<boolean>

/** How often one client may ask. */
export interface ClientLimit {
  /** Requests of one client in any `perMs`. @default 600 */
  readonly requests?: number | undefined
  /** @default 60_000 */
  readonly perMs?: number | undefined
  /** Who asks; undefined is not limited. @default the address that the server's adapter tells */
  readonly by?: ((request: Request, client: Client) => string | undefined) | undefined
}

/** Who is at the other end. */
export interface Client {
  readonly address?: string | undefined
}

/** Pages of other origins that may read. */
export interface Cors {
  /** `'*'`, or origins like `https://example.com`. */
  readonly origins: '*' | readonly string[]
  /** How long a browser may remember the answer to its preflight, in seconds. @default 600 */
  readonly maxAgeSeconds?: number | undefined
}

/** How the API is served. Everything that changes or probes is off until `authorize` is given. */
export interface HandlerOptions {
  /** Who may change pools, probe, collect and read sessions: `bearer(token)`, or your own. Without it those routes answer 403. */
  readonly authorize?: Authorize | undefined
  /** Off by default: pages of other origins can't read. */
  readonly cors?: Cors | undefined
  /** `false`: nobody is limited. */
  readonly rateLimit?: ClientLimit | false | undefined
  /** Where it is mounted, `/crypto`, when the server does not cut that off itself. @default '' */
  readonly basePath?: string | undefined
  /** Largest body, in bytes. @default 65_536 */
  readonly maxBodyBytes?: number | undefined
  /** Patience with a body that comes slowly, in ms. @default 10_000 */
  readonly bodyTimeoutMs?: number | undefined
  /** `/ready` wants a provider that can be asked for each of these. @default ['ticker'] */
  readonly required?: readonly Capability[] | undefined
  /** What `/api/health` calls it. */
  readonly service?: { readonly name?: string | undefined; readonly version?: string | undefined } | undefined
  /** Of the machine, for `/api/system/status`. */
  readonly system?: (() => SystemReadings) | undefined
  readonly database?: (() => DatabaseReadings) | undefined
  readonly worker?: Worker | undefined
  readonly sessions?: Sessions | undefined
  /** The configuration, to be seen and edited: `resourceDesk(loaded)` of `feedmux/config`. */
  readonly resources?: ResourceDesk | undefined
  /** A search for new sources: `discovery(options)` of `feedmux/config`. */
  readonly discovery?: Discovery | undefined
  /** Tells how the configured text models are: `hubModels(ids)`, or your own. Asked at most every six hours. */
  readonly models?: (() => Promise<readonly ModelReadings[]>) | undefined
  /** Hears of errors that are none of feedmux's own, for a log that only you see: their texts may hold anything. */
  readonly onError?: ((error: unknown, path: string | undefined) => void) | undefined
  /** Entries of the log that are kept. @default 1_000 */
  readonly logEntries?: number | undefined
  readonly clock?: Clock | undefined
}

/** The options with every default filled in. */
export interface ResolvedHandlerOptions extends Omit<HandlerOptions, 'clock' | 'basePath' | 'maxBodyBytes' | 'bodyTimeoutMs' | 'logEntries' | 'required'> {
  readonly basePath: string
  readonly maxBodyBytes: number
  readonly bodyTimeoutMs: number
  readonly logEntries: number
  readonly required: readonly Capability[]
  readonly clock: Required<Clock>
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Throws `ConfigError` naming the option that is wrong. */
export function resolveHandlerOptions(options: HandlerOptions): ResolvedHandlerOptions {
  const { basePath = '', maxBodyBytes = 65_536, bodyTimeoutMs = 10_000, required = ['ticker'], logEntries = 1_000, rateLimit, cors } = options
  if (basePath !== '' && !/^(\/[\w.~-]+)+$/.test(basePath)) throw new ConfigError(`basePath must look like '/crypto', got ${JSON.stringify(basePath)}`)
  // more, a timer takes for 1 ms
  if (bodyTimeoutMs > LONGEST_TIMER_MS) throw new ConfigError(`bodyTimeoutMs must be <= ${LONGEST_TIMER_MS}, got ${bodyTimeoutMs}`)
  const numbers = { maxBodyBytes, bodyTimeoutMs, logEntries, ...(rateLimit && { requests: rateLimit.requests, perMs: rateLimit.perMs }) }
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) throw new ConfigError(`${name} must be a number > 0, got ${String(value)}`)
  }
  const maxAge = cors?.maxAgeSeconds
  if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge >= 0))
    throw new ConfigError(`cors.maxAgeSeconds must be a whole number >= 0, got ${String(maxAge)}`)
  for (const origin of cors === undefined || cors.origins === '*' ? [] : cors.origins) checkOrigin(origin)
  return { ...options, basePath, maxBodyBytes, bodyTimeoutMs, required, logEntries, clock: resolveClock(options.clock) }
}

function checkOrigin(origin: string): void {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin)
    throw new ConfigError(`cors.origins: an origin like 'https://example.com' expected, got ${JSON.stringify(origin)}`)
}
