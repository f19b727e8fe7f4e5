import { ProviderError } from '../../src/errors.js'
import type { Capability, DataOf, ParamsOf } from '../../src/model/capabilities.js'
import type { AnyProvider, HttpEndpoint, HttpRequest, NativeIds, ProviderFailure, ProviderResponse } from '../../src/provider/provider.js'

/** What a server answers in a test. */
export interface Answered {
  /** @default 200 */
  readonly status?: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Unix ms. @default 2026-11-01T12:00:00Z */
  readonly now?: number
  readonly native?: NativeIds
}

/** The time of tests that give none. */
export const NOW = Date.UTC(2026, 10, 1, 12)

/**
 * What a provider makes of one answer: its `failure()`, then its `parse()`, without router and network. Throws what either
 * tells, and a plain `Error` for a failing status that `failure()` leaves to the pipeline.
 */
export function ask<C extends Capability>(provider: AnyProvider, capability: C, params: ParamsOf<C>, answered: Answered): DataOf<C> {
  const { status = 200, body, now = NOW, native = nativeOf(provider) } = answered
  const headers = new Headers(answered.headers)
  const failure = failureOf(provider, capability, params, { status, headers, body })
  if (failure) throw new ProviderError({ provider: provider.id, status, ...failure })
  if (status >= 400) throw new Error(`HTTP ${status} is left to the pipeline`)
  return endpointOf(provider, capability).parse(body, params, { native, now, headers }) as DataOf<C>
}

/** The URL that a question is sent to, at the provider's first host. */
export function sent<C extends Capability>(
  provider: AnyProvider,
  capability: C,
  params: ParamsOf<C>,
  { now = NOW, native = nativeOf(provider) }: Partial<Answered> = {},
): string {
  const { path, query = {}, host = provider.hosts?.[0] ?? '' } = requestOf(provider, capability, params, { now, native })
  const url = new URL(`${host}/${path}`)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url.href
}

/** What is sent for a question; the first of several. */
export function requestOf<C extends Capability>(
  provider: AnyProvider,
  capability: C,
  params: ParamsOf<C>,
  { now = NOW, native = nativeOf(provider) }: Partial<Answered> = {},
): HttpRequest {
  const [first] = [endpointOf(provider, capability).request(params, { native, now })].flat()
  if (first === undefined) throw new Error(`${provider.id} sends nothing for ${capability}`)
  return first
}

/** The reason that a provider gives for an answer; `undefined` leaves it to the status. */
export function failureOf<C extends Capability>(
  provider: AnyProvider,
  capability: C,
  params: ParamsOf<C>,
  response: ProviderResponse,
): ProviderFailure | undefined {
  return provider.failure?.(response, { capability, params } as never)
}

function nativeOf(provider: AnyProvider): NativeIds {
  return provider.assets ?? {}
}

function endpointOf<C extends Capability>(provider: AnyProvider, capability: C): HttpEndpoint<C> {
  const endpoint = provider.endpoints[capability] as HttpEndpoint<C> | undefined
  if (endpoint?.parse === undefined) throw new Error(`${provider.id} does not serve ${capability} over HTTP`)
  return endpoint
}

/** `ask()` and `failureOf()` of one provider, for capabilities and parameters out of a table. */
export function asking<C extends Capability>(provider: AnyProvider) {
  return {
    asked: <D extends C>(capability: D, params: object, answered: Answered): DataOf<D> => ask(provider, capability, params as ParamsOf<D>, answered),
    told: (capability: C, params: object, status: number, body: unknown, headers: Record<string, string> = {}): ProviderFailure | undefined =>
      failureOf(provider, capability, params as ParamsOf<C>, { status, headers: new Headers(headers), body }),
  }
}
