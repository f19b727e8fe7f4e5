import type { ProviderRouter } from '../router/provider-router.js'

/** A router, whatever its providers: what none of them offers is answered with 503. */
export interface ApiRouter extends Pick<
  ProviderRouter,
  'status' | 'providers' | 'pool' | 'pools' | 'checkHealth' | 'diagnose' | 'clearCache' | 'on' | 'off' | 'isolate' | 'restore'
> {
  request(capability: never, params: never, options?: never): Promise<unknown>
  plan(capability: never, params: never, options?: never): ReturnType<ProviderRouter['plan']>
  peek(capability: never, params: never, options?: never): unknown
}
