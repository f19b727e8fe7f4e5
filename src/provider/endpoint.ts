import type { Capability, DataOf, ParamsOf } from '../model/capabilities.js'
import type { RouterResult } from '../model/result.js'

/** What is asked of a host. Pure data: feedmux sends it, adds the key and reads the answer. */
export interface HttpRequest {
  /** Relative to the host, without a leading slash; may hold `{key}` where a provider's key is part of the path. */
  readonly path: string
  /** Base URL instead of the provider's hosts, for an endpoint that lives elsewhere. */
  readonly host?: string | undefined
  /** Values that are `undefined` are left out; a list is sent as its name repeated. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>> | undefined
  readonly method?: 'GET' | 'POST' | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON. */
  readonly body?: unknown
  /** How the answer is read: a text in the encoding that it names. @default 'json' */
  readonly as?: 'json' | 'text' | undefined
  /** Most bytes of an answer that are read; a longer one is a `bad-response`. @default 32_000_000 */
  readonly maxBytes?: number | undefined
  /** Sent with the `ETag` and the date of the last answer to the same address: where the server says that nothing is new (304), that one is given again. */
  readonly conditional?: boolean | undefined
  /** One of several that may fail: its place in the list of bodies is `undefined` then. */
  readonly optional?: boolean | undefined
}

/** Ids of a provider by asset symbol (`{ BTC: 'bitcoin' }`): its own table with the router's `assets` on top. */
export type NativeIds = Readonly<Record<string, string | undefined>>

/** What `request()` may use. */
export interface RequestContext {
  readonly native: NativeIds
  /** Only for endpoints that sign or place the key by themselves; otherwise `Provider.key` does it. */
  readonly key?: string | undefined
  /** Unix ms. */
  readonly now: number
}

/** What `parse()` may use. */
export interface ParseContext {
  readonly native: NativeIds
  /** Unix ms. */
  readonly now: number
  readonly headers: Headers
}

/** How a provider serves one capability over HTTP: two pure functions. */
export interface HttpEndpoint<C extends Capability> {
  /** What is sent. Several are sent at the same time, to the same host: `parse` then gets the list of their bodies, in this order; of a list of one, its body. */
  request(params: ParamsOf<C>, context: RequestContext): HttpRequest | readonly HttpRequest[]
  /**
   * Throws `BadResponseError` (through `read`) when the body is not what the documentation says. A promise only where a library is loaded with the
   * first answer.
   */
  parse(body: unknown, params: ParamsOf<C>, context: ParseContext): DataOf<C> | Promise<DataOf<C>>
  /**
   * For an address that gives the same whatever is asked, a feed say: what of all that `parse` gives this question wants. With `reuseMs` other questions
   * are then answered from the same answer. Pure.
   */
  narrow?(data: DataOf<C>, params: ParamsOf<C>): DataOf<C>
  /** How many requests one question takes: what limits in requests count. @default 1 */
  readonly calls?: number
  /** Puts the lists of several providers together: whoever has this is asked beside others that have it (`gather`). Pure. */
  combine?(lists: readonly DataOf<C>[], params: ParamsOf<C>): DataOf<C>
  /** False for what this provider does not have, an interval say: it is then passed over without a call. */
  supports?(params: ParamsOf<C>): boolean
  /** In units of the provider's cost limit. @default 1 */
  readonly cost?: number | ((params: ParamsOf<C>) => number)
  /** Most that one attempt may take, in ms, where that is more than the router's `timeoutMs`; never more than what is left of the request. Without effect where `timeoutMs` was set below 5 s. */
  readonly timeoutMs?: number
  /** Most symbols that one call takes. */
  readonly maxBatch?: number
  /** For batches that one unknown symbol makes fail: the request that brings everything, asked then. `parse` picks. */
  readonly whole?: { readonly request: HttpRequest; readonly cost?: number }
}

/** What `call()` may use. */
export interface CallContext {
  readonly key?: string | undefined
  readonly signal: AbortSignal
  readonly now: number
  readonly fetch: typeof globalThis.fetch
  /** Asks the same router, within the time of this call: its cache, its limits and its failover hold. For what is computed from other data. */
  request<C extends Capability>(capability: C, params: ParamsOf<C>): Promise<RouterResult<DataOf<C>>>
}

/** For an endpoint that must go through somebody's SDK, or computes. Throw a `ProviderError` to name the reason. */
export interface CallEndpoint<C extends Capability> {
  call(params: ParamsOf<C>, context: CallContext): Promise<DataOf<C>>
  readonly cost?: number | ((params: ParamsOf<C>) => number)
  /** As of an HTTP endpoint. */
  readonly timeoutMs?: number
  supports?(params: ParamsOf<C>): boolean
  combine?(lists: readonly DataOf<C>[], params: ParamsOf<C>): DataOf<C>
}

/** How a provider serves one capability. */
export type Endpoint<C extends Capability> = HttpEndpoint<C> | CallEndpoint<C>
