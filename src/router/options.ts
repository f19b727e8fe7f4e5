import type { AnyProvider } from '../provider/provider.js'
import type { Capability } from '../model/capabilities.js'
import type { Clock } from '../model/clock.js'
import type { AgreeOptions } from '../pipeline/agree.js'
import type { HedgeOptions } from '../pipeline/hedge.js'
import type { JumpGuardOptions } from '../pipeline/jump-guard.js'
import type { Store } from '../stores/store.js'
import type { Strategy } from '../strategies/strategy.js'
import type { MergeOptions } from './merging.js'
import type { PoolOptions } from './pool-options.js'
import type { Snapshot } from './snapshot.js'

/** When a provider is left alone after failures. `{ failures: 3, cooldownMs: 30_000 }` is the aggressive setting. */
export interface BreakerOptions {
  /** Failures in a row that open it. @default 5 */
  readonly failures?: number | undefined
  /** Share of failures that opens it, 0…1. @default 0.5 */
  readonly rate?: number | undefined
  /** Least outcomes in the window for `rate` to count. @default 10 */
  readonly minimum?: number | undefined
  /** @default 60_000 */
  readonly windowMs?: number | undefined
  /** Open for so long at first, then doubling. In ms. @default 60_000 */
  readonly cooldownMs?: number | undefined
  /** Longest it stays open, in ms. @default 300_000 */
  readonly maxCooldownMs?: number | undefined
}

/** How long answers are kept. */
export interface CacheOptions {
  /** Answers kept at most. @default 1_000 */
  readonly maxEntries?: number | undefined
  /** How long answers are fresh, in ms, for all or per capability. @default 10 s for prices … 1 h for metadata, see `CAPABILITIES` */
  readonly ttlMs?: number | { readonly [C in Capability]?: number | undefined } | undefined
  /** How much longer they may be served when nobody answers, in ms. 0 = never. */
  readonly staleMs?: number | { readonly [C in Capability]?: number | undefined } | undefined
}

/** Ids that you choose per symbol and provider, on top of the built-in tables: `{ BEAM: { coingecko: 'beam-2' } }`. */
export type AssetOverrides = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What the router has to know of a capability that you add by augmenting `Capabilities`. */
export interface CapabilityOptions {
  readonly category: string
  readonly ttlMs: number
  readonly staleMs: number
  /** Text that is equal for equal questions. @default the parameters as JSON with sorted keys */
  key?(params: unknown): string
  /** Ask those together whose endpoints can `combine` their lists. */
  readonly gathers?: boolean
  /** The figure that sources are compared by, for `agree`. */
  value?(data: unknown): number
}

/** Everything but `providers` has a default. Durations in ms. */
export interface RouterOptions<P extends readonly AnyProvider[] = readonly AnyProvider[]> {
  readonly providers: P
  /** Who is asked first. @default priority() */
  readonly strategy?: Strategy | undefined
  /** Named groups with their own strategy and membership, for `request(…, { pool })`. */
  readonly pools?: Readonly<Record<string, PoolOptions>> | undefined
  /** One attempt. Shorter once a provider's latency is known, never longer. @default 5_000 */
  readonly timeoutMs?: number | undefined
  /** The whole request, retries and failover included: no caller waits longer. @default 10_000 */
  readonly totalTimeoutMs?: number | undefined
  /** Attempts of one request over all providers, retries and hedges included. @default 4 */
  readonly maxAttempts?: number | undefined
  /** Repeats at the same provider, where nobody else can be asked. @default 1 */
  readonly retries?: number | undefined
  readonly breaker?: BreakerOptions | undefined
  /** `false`: nothing is remembered. */
  readonly cache?: CacheOptions | false | undefined
  /** Ask a second provider when the first is late. Costs up to `maxExtraRate` more requests (10 %). @default false */
  readonly hedge?: HedgeOptions | false | undefined
  /** Prefer others while a provider's latency estimate is above this; never the reason to fail. */
  readonly skipSlowerThanMs?: number | undefined
  /** A provider this many times slower than the best one loses its place until it recovers; `false` = never. @default 4 */
  readonly ejectSlowerThan?: number | false | undefined
  /** Keep the provider picked last while the best one is no more than `within` (0.3) better, for up to `forMs` (30 000). @default false */
  readonly keepIncumbent?: boolean | { readonly within?: number | undefined; readonly forMs?: number | undefined } | undefined
  /** May an exchange's BTC/USDT answer BTC/USD? The data says which it is. @default 'accept' */
  readonly dollarQuotes?: 'accept' | 'strict' | undefined
  readonly capabilities?: Readonly<Record<string, CapabilityOptions>> | undefined
  /** Ask for prices that are wanted at the same time as one batch, at whoever has batches. @default false */
  readonly merge?: MergeOptions | boolean | undefined
  /** Ask a second source before a price is believed that moved by more than so much. @default false */
  readonly jumpGuard?: JumpGuardOptions | false | undefined
  /** State of an earlier router, from `snapshot()`. */
  readonly snapshot?: Snapshot | undefined
  readonly assets?: AssetOverrides | undefined
  /**
   * Where routers share answers, quotas and cooldowns: `redisStore(client)` of `feedmux/redis` for several processes, one `memoryStore()` for several routers of
   * a process. A request waits for it `patienceMs` (50) at most, twice where it has to lease quota; a store that is not reached means that the router works
   * alone, and says so. @default none
   */
  readonly store?: Store | undefined
  /** @default globalThis.fetch, looked up at call time */
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly clock?: Clock | undefined
  /** 0…1. @default Math.random */
  readonly random?: (() => number) | undefined
  /** Keeps a serverless function alive for work in the background: `ctx.waitUntil.bind(ctx)`. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

/** Of one request; what is left out comes from the router. */
export interface RequestOptions {
  /** Ends the wait at once, with the signal's own reason. */
  readonly signal?: AbortSignal | undefined
  readonly totalTimeoutMs?: number | undefined
  readonly timeoutMs?: number | undefined
  readonly maxAttempts?: number | undefined
  readonly strategy?: Strategy | undefined
  /** Id of a pool. @default all providers */
  readonly pool?: string | undefined
  /** Ids of the only providers that may answer. */
  readonly only?: readonly string[] | undefined
  /** Ids of providers that may not. */
  readonly except?: readonly string[] | undefined
  /** Accept a cached answer younger than this; 0: ask afresh. */
  readonly maxAgeMs?: number | undefined
  /** Ask several independent sources at once and give the one in the middle, with how they agree. For `ticker`, `tokenTicker`, `globalMarket`, `gasPrice`. */
  readonly agree?: AgreeOptions | undefined
  /** Ask so many at once and take the first good answer; the others are ended. Each costs its quota. */
  readonly race?: number | undefined
  /**
   * Where lists can be put together (`news`): ask so many at once, and give one list without what is there twice. It takes as long as the slowest, at
   * most `timeoutMs`. 1: one provider. @default 6
   */
  readonly gather?: number | undefined
  /** Put candles of an interval that nobody has together out of finer ones, where those are complete; the result says so. @default false */
  readonly rollUp?: boolean | undefined
  /** When an answer that is no longer fresh may be served. @default 'if-error' */
  readonly stale?: 'if-error' | 'while-revalidate' | 'never' | undefined
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
}
