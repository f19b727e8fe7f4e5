import { AllProvidersFailedError, ConfigError, NoProviderError, ProviderError } from '../errors.js'
import type { Capability, DataOf, ParamsOf } from '../model/capabilities.js'
import type { RouterResult } from '../model/result.js'
import type { CallContext, CallEndpoint } from '../provider/provider.js'
import { type Outcome, toAnswer } from './answer.js'
import type { Ask } from './ask.js'
import type { Env } from './env.js'
import { exchange } from './exchange.js'
import { asFailure } from './failure.js'
import type { Job } from './job.js'
import { type Control, timed } from './timed.js'

/** Makes the try: http → parse → check, within its slice of the time. Books nothing. Never rejects. */
export function call(env: Env, job: Job, key: string | undefined): Promise<Outcome> {
  const { provider } = job.candidate.state
  const failed = (error: unknown): ProviderError => asFailure(ofNested(error, provider.id), provider)
  return job.requests === undefined ? compute(env, job, key, failed) : exchange(env, job, job.requests, key).catch(failed)
}

/**
 * What went wrong with a question that an endpoint put to the router says nothing of who put it: whoever failed is rested, opened and remembered
 * already. `circuit-open` has no repeat, no rest and no count.
 */
function ofNested(error: unknown, provider: string): unknown {
  const isWrong = ConfigError.is(error)
  if (!isWrong && !AllProvidersFailedError.is(error) && !NoProviderError.is(error)) return error
  return new ProviderError({ provider, reason: isWrong ? 'bad-request' : 'circuit-open', message: error.message })
}

function compute(env: Env, job: Job, key: string | undefined, failed: (error: unknown) => ProviderError): Promise<Outcome> {
  const { candidate, ask, params, sliceMs, signal } = job
  const endpoint = candidate.endpoint as CallEndpoint<Capability>
  const work = (control: Control): Promise<unknown> => endpoint.call(params as never, contextOf(env, control, key, ask, sliceMs))
  return timed(env, sliceMs, signal, work).then((data) => {
    if (data === 'timeout' || data === 'aborted') return new ProviderError({ provider: candidate.id, reason: data })
    try {
      return toAnswer(data, ask, candidate, env.clock.now(), undefined)
    } catch (error) {
      return failed(error)
    }
  }, failed)
}

/** So long before its own end it hears that others did not answer in time: their silence is not its own. */
const [MARGIN_MS, MARGIN] = [100, 0.1]

/** What an endpoint's own call gets; the signal is made when it is read. */
function contextOf(env: Env, control: Control, key: string | undefined, { now, request: parent }: Ask, ms: number): CallContext {
  const endsAt = now + ms
  return {
    key,
    now,
    fetch: env.fetch ?? globalThis.fetch,
    get signal() {
      return control.signal
    },
    request<C extends Capability>(capability: C, params: ParamsOf<C>): Promise<RouterResult<DataOf<C>>> {
      const leftMs = endsAt - env.clock.now()
      const totalTimeoutMs = Math.max(1, leftMs - Math.min(MARGIN_MS, leftMs * MARGIN))
      return env.request(capability, params, { signal: control.signal, totalTimeoutMs, parent }) as Promise<RouterResult<DataOf<C>>>
    },
  }
}
