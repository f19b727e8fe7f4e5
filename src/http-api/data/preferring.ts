import { AllProvidersFailedError, NoProviderError } from '../../errors.js'
import type { Capability, DataOf, ParamsOf } from '../../model/capabilities.js'
import type { RouterResult } from '../../model/result.js'
import type { Call } from '../route.js'

/** What asking takes of a call. */
export type Asker = Pick<Call<never, never, never>, 'ask' | 'api'>

/** Ids of the providers that have all of these. */
export const providersWith = ({ api }: Asker, ...wanted: readonly Capability[]): string[] =>
  api.router
    .status()
    .providers.filter(({ capabilities }) => wanted.every((one) => capabilities.includes(one)))
    .map(({ id }) => id)

/** Nobody could be asked, or nobody answered. */
export const isUnanswered = (error: unknown): boolean => NoProviderError.is(error) || AllProvidersFailedError.is(error)

/** Asks those first who also have another capability; everybody where there is none, or they give nothing. */
export async function preferring<C extends Capability>(call: Asker, capability: C, params: ParamsOf<C>, also: Capability): Promise<RouterResult<DataOf<C>>> {
  const only = providersWith(call, capability, also)
  if (only.length === 0) return call.ask(capability, params)
  try {
    return await call.ask(capability, params, { only })
  } catch (error) {
    if (!isUnanswered(error)) throw error
    return call.ask(capability, params)
  }
}
