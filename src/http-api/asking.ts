import type { Capability, DataOf, ParamsOf } from '../model/capabilities.js'
import type { CachedResult, RouterResult } from '../model/result.js'
import type { RequestOptions } from '../router/options.js'
import type { ApiRouter } from './router.js'
import type { Call } from './route.js'

/** How one call asks the router. */
export interface Asking extends Pick<Call<never, never, never>, 'ask' | 'peek'> {
  /** When the first of what was asked is no longer fresh, Unix ms; nothing where one of it is not kept. */
  freshUntil(): number | undefined
}

/** Asks for one request: given up when its client goes. */
export function askingOf(router: ApiRouter, request: Request): Asking {
  const asked: (readonly [Capability, unknown, RequestOptions | undefined])[] = []
  return {
    ask<C extends Capability>(capability: C, params: ParamsOf<C>, options?: RequestOptions) {
      asked.push([capability, params, options])
      return router.request(capability as never, params as never, { signal: request.signal, ...options } as never) as Promise<RouterResult<DataOf<C>>>
    },
    peek: <C extends Capability>(capability: C, params: ParamsOf<C>) =>
      router.peek(capability as never, params as never) as CachedResult<DataOf<C>> | undefined,
    freshUntil: () => {
      const ends = asked.map(
        ([capability, params, options]) =>
          (router.peek(capability as never, params as never, options as never) as CachedResult<unknown> | undefined)?.freshUntil,
      )
      return ends.length === 0 || ends.includes(undefined) ? undefined : Math.min(...ends.filter((end) => end !== undefined))
    },
  }
}
