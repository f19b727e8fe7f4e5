import type { Capability, ParamsOf } from '../model/capabilities.js'
import type { Attribution, FailureReason } from '../model/result.js'
import type { Endpoint, HttpRequest } from './endpoint.js'
import { Secret, type SecretSource } from './secret.js'

export type * from './endpoint.js'

/** An asset in a provider's own list: its symbol there, in any case, and what its other endpoints take. */
export interface ListedAsset {
  readonly symbol: string
  readonly id: string
}

/** Where a provider lists its assets: asked at most once a day, and only for an asset that its table lacks. */
export interface AssetLookup {
  readonly request: HttpRequest
  /** In units of the provider's cost limit. @default 1 */
  readonly cost?: number
  /** Pure; throws `BadResponseError`. A symbol that stands there more than once is refused, whichever was meant. */
  parse(body: unknown): readonly ListedAsset[]
}

/** What a provider allows. Of `requests` and `cost` exactly one. */
export interface Limit {
  readonly requests?: number
  /** In the provider's own units (Binance: weight). */
  readonly cost?: number
  readonly perMs: number
  readonly scope: 'ip' | 'key'
  /** @default 'rolling' */
  readonly resets?: 'rolling' | 'utc-day' | 'utc-month'
}

/** What a server said of a quota. All but `perMs` may be missing. */
export interface QuotaReading {
  /** Which window it speaks of: the `perMs` of the limit. */
  readonly perMs: number
  readonly kind: 'requests' | 'cost'
  readonly used?: number
  readonly remaining?: number
  readonly limit?: number
  /** Unix ms. */
  readonly resetsAt?: number
}

/** Where the key goes. */
export interface KeyPlacement {
  readonly required: boolean
  readonly in: 'header' | 'query' | 'path'
  readonly name: string
  /** Written before the key: `'Bearer '`. */
  readonly prefix?: string
}

/** One tier of a service, dated. */
export interface Plan {
  readonly host?: string
  readonly limits: readonly Limit[]
  readonly key?: KeyPlacement
  readonly minSpacingMs?: number
  /** ISO date on which the figures were read. */
  readonly verifiedOn: string
  /** Page they were read on. */
  readonly source: string
}

/** A failure that only the provider's own words tell: errors inside a 200, vendor codes. */
export interface ProviderFailure {
  readonly reason: FailureReason
  readonly retryAfterMs?: number | undefined
  /** The vendor's text; keys are cut out of it before anybody sees it. */
  readonly message?: string | undefined
}

/** An answer as `failure()` sees it. */
export interface ProviderResponse {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON, or the text where it is none. */
  readonly body: unknown
}

/** The question that an answer belongs to. */
export type Asked<C extends Capability> = C extends Capability ? { readonly capability: C; readonly params: ParamsOf<C> } : never

/** What all providers have, whatever they serve. */
export interface ProviderFacts {
  /** kebab-case, equal to the file's name. */
  readonly id: string
  readonly name: string
  readonly homepage: string
  /** The page that the facts in the file come from. */
  readonly docs: string
  /** ISO date, the day on which `limits` were read on that page; left out where they are unverified. Plans have their own. */
  readonly verifiedOn?: string
  /** Base URLs, each with its path prefix, without a final slash. */
  readonly hosts?: readonly [string, ...string[]]
  /** Which of several hosts is asked first. @default 'round-robin' */
  readonly hostOrder?: 'round-robin' | 'fastest' | 'in-order'
  /** Patience with one of several hosts, in ms. @default 800 */
  readonly hostTimeoutMs?: number
  /** Its own last answer is used again for so long instead of asking it sooner, in ms. */
  readonly reuseMs?: number
  readonly limits?: readonly Limit[]
  /** Least time between two calls, in ms. */
  readonly minSpacingMs?: number
  readonly plans?: Readonly<Record<string, Plan>>
  readonly key?: KeyPlacement
  /** Tried in this order by `priority()`, 1 first. @default 1 */
  readonly priority?: number
  /** Share of traffic under `weighted()`, relative. @default 1 */
  readonly weight?: number
  /** `last-resort`: asked only after everybody else. @default 'regular' */
  readonly role?: 'regular' | 'last-resort'
  /** Rest after the first, second, third … 429 in a row, in ms. @default [120_000, 240_000, 600_000] */
  readonly cooldownsMs?: readonly number[]
  /** Most calls under way at once. @default 256 */
  readonly maxInFlight?: number
  /** Calls cost money or credits: never hedged. */
  readonly metered?: boolean
  readonly attribution?: Attribution
  /** Whether browsers may ask it directly. */
  readonly cors?: boolean
  readonly blockedRegions?: readonly string[]
  readonly retired?: { readonly since: string; readonly replacement?: string }
  /** Its ids by asset symbol. Where given, an asset that is not in it is unknown to this provider. */
  readonly assets?: Readonly<Record<string, string>>
  /** Its own list, for what `assets` lacks. */
  readonly lookup?: AssetLookup
  /** Providers of one family take their figures from one another: where sources are compared, they count once. */
  readonly family?: string
  /** Its kind of dollar: a question for USD is asked in this currency, unless `dollarQuotes` is strict. */
  readonly dollarQuote?: string
}

/** One service: data and pure functions, no I/O. Made by a factory through `defineProvider`. */
export interface Provider<C extends Capability = Capability> extends ProviderFacts {
  /** What a health check asks. */
  readonly probe?: { readonly capability: Capability; readonly params: unknown }
  readonly endpoints: { readonly [K in C]: Endpoint<K> }
  failure?(response: ProviderResponse, asked: Asked<C>): ProviderFailure | undefined
  usage?(headers: Headers, body: unknown): readonly QuotaReading[]
  readonly enabled?: boolean
  /** Prints `[redacted]`. */
  readonly apiKey?: Secret
  /** Name of the chosen plan. */
  readonly plan?: string
}

/** Any provider, whatever it serves: what lists of providers are made of. */
export interface AnyProvider extends ProviderFacts {
  readonly probe?: { readonly capability: Capability; readonly params: unknown }
  readonly endpoints: { readonly [K in Capability]?: Endpoint<K> }
  failure?(response: ProviderResponse, asked: never): ProviderFailure | undefined
  usage?(headers: Headers, body: unknown): readonly QuotaReading[]
  readonly enabled?: boolean
  readonly apiKey?: Secret
  readonly plan?: string
}

/** What a provider can be asked. */
export type CapabilityOf<P> = P extends { readonly endpoints: infer E } ? keyof E & Capability : never

/** What every factory takes. */
export interface ProviderOptions {
  /** One key, several that share the work, or a function that fetches one. Never read from the environment by the library. */
  readonly apiKey?: SecretSource | undefined
  /** Name of one of the provider's plans; without it the strictest that fits. */
  readonly plan?: string | undefined
  /** Instead of the built-in base URLs. */
  readonly hosts?: readonly string[] | undefined
  /** Instead of the published limits. */
  readonly limits?: readonly Limit[] | undefined
  readonly priority?: number | undefined
  readonly weight?: number | undefined
  readonly role?: 'regular' | 'last-resort' | undefined
  /** @default true */
  readonly enabled?: boolean | undefined
}
