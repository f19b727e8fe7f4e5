import { ProviderError } from '../errors.js'
import type { Capability, DataOf, ParamsOf } from '../model/capabilities.js'
import type { RouterResult } from '../model/result.js'
import type { CallContext, CallEndpoint } from '../provider/provider.js'
import { type Outcome, toAnswer } from './answer.js'
import type { Env } from './env.js'
import { exchange } from './exchange.js'
import { asFailure } from './failure.js'
import type { Job } from './job.js'
import { type Control, timed } from './timed.js'

/** Makes the try: http → parse → check, within its slice of the time. Books nothing. Never rejects. */
export function call(env: Env, job: Job, key: string | undefined): Promise<Outcome> {
  const failed = (error: unknown): ProviderError => asFailure(error, job.candidate.state.provider)
  return job.requests === undefined ? compute(env, job, key, failed) : exchange(env, job, job.requests, key).catch(failed)
}

function compute(env: Env, job: Job, key: string | undefined, failed: (error: unknown) => ProviderError): Promise<Outcome> {
  const { candidate, ask, params, sliceMs, signal } = job
  const endpoint = candidate.endpoint as CallEndpoint<Capability>
  const work = (control: Control): Promise<unknown> => endpoint.call(params as never, new Context(env, control, key, ask.now, sliceMs))
  return timed(env, sliceMs, signal, work).then((data) => {
    if (data === 'timeout' || data === 'aborted') return new ProviderError({ provider: candidate.id, reason: data })
    try {
      return toAnswer(data, ask, candidate, env.clock.now(), undefined)
    } catch (error) {
      return failed(error)
    }
  }, failed)
}

/** What an endpoint's own call gets; the signal is made when it is read. */
class Context implements CallContext {
  readonly key: string | undefined
  readonly now: number
  readonly fetch: typeof globalThis.fetch
  readonly #control: Control
  readonly #env: Env
  readonly #endsAt: number

  constructor(env: Env, control: Control, key: string | undefined, now: number, ms: number) {
    this.key = key
    this.now = now
    this.fetch = env.fetch ?? globalThis.fetch
    this.#control = control
    this.#env = env
    this.#endsAt = env.clock.now() + ms
  }

  request<C extends Capability>(capability: C, params: ParamsOf<C>): Promise<RouterResult<DataOf<C>>> {
    const totalTimeoutMs = Math.max(1, this.#endsAt - this.#env.clock.now())
    return this.#env.request(capability, params, { signal: this.signal, totalTimeoutMs }) as Promise<RouterResult<DataOf<C>>>
  }

  get signal(): AbortSignal {
    return this.#control.signal
  }
}
