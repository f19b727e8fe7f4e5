import { ProviderError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { CallEndpoint } from '../provider/provider.js'
import { type Outcome, toAnswer } from './answer.js'
import type { Env } from './env.js'
import { exchange } from './exchange.js'
import { asFailure } from './failure.js'
import type { Job } from './job.js'
import { timed } from './timed.js'

/** Makes the try: http → parse → check, within its slice of the time. Books nothing. Never rejects. */
export async function call(env: Env, job: Job, key: string | undefined): Promise<Outcome> {
  const { endpoint, state } = job.candidate
  try {
    return job.request === undefined ? await compute(env, job, endpoint as CallEndpoint<Capability>, key) : await exchange(env, job, job.request, key)
  } catch (error) {
    return asFailure(error, state.provider)
  }
}

async function compute(
  env: Env,
  { candidate, ask, params, sliceMs, signal }: Job,
  endpoint: CallEndpoint<Capability>,
  key: string | undefined,
): Promise<Outcome> {
  const { id } = candidate
  const data = await timed(env, sliceMs, signal, (control) =>
    endpoint.call(params as never, {
      key,
      get signal() {
        return control.signal
      },
      now: ask.now,
      fetch: env.fetch ?? globalThis.fetch,
    }),
  )
  if (data === 'timeout' || data === 'aborted') return new ProviderError({ provider: id, reason: data })
  return toAnswer(data, ask, candidate, env.clock.now(), undefined)
}
