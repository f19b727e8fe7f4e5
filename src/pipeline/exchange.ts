import { BadResponseError, ProviderError } from '../errors.js'
import { addressed } from '../http/address.js'
import { reasonOf } from '../http/classify.js'
import { type Answer as HttpAnswer, send } from '../http/client.js'
import { HOST_TIMEOUT_MS } from '../http/hosts.js'
import { genericUsage, resetAfterMs, retryAfterMs } from '../http/rate-limit-headers.js'
import { hostName, redact } from '../http/redact.js'
import type { Capability } from '../model/capabilities.js'
import type { HttpEndpoint, HttpRequest } from '../provider/provider.js'
import { type Outcome, toAnswer } from './answer.js'
import type { Env } from './env.js'
import { asFailure, codeOf } from './failure.js'
import type { Job } from './job.js'
import { timed } from './timed.js'

/** Asks a provider over HTTP: one host, or its hosts in turn, each at most once, all within the job's slice. */
export async function exchange(env: Env, job: Job, request: HttpRequest, key: string | undefined): Promise<Outcome> {
  const { provider, hosts } = job.candidate.state
  if (hosts === undefined || request.host !== undefined) return settle(env, job, request, request.host ?? provider.hosts?.[0] ?? '', job.sliceMs, key)
  const endsAt = env.clock.monotonic() + job.sliceMs
  const tried = new Set<string>()
  let outcome: Outcome | undefined
  for (;;) {
    const host = hosts.next(env.clock.now(), tried)
    const leftMs = endsAt - env.clock.monotonic()
    if (host === undefined || leftMs <= 0) break
    tried.add(host)
    const another = hosts.next(env.clock.now(), tried) !== undefined
    const startedAt = env.clock.monotonic()
    hosts.started(host)
    outcome = await settle(env, job, request, host, another ? Math.min(leftMs, provider.hostTimeoutMs ?? HOST_TIMEOUT_MS) : leftMs, key)
    if (!(outcome instanceof ProviderError) || !isHostFault(outcome)) {
      hosts.succeeded(host, env.clock.monotonic() - startedAt, env.clock.now())
      return outcome
    }
    if (outcome.reason === 'aborted') return outcome
    hosts.failed(host, env.clock.now(), env.random)
  }
  return outcome ?? new ProviderError({ provider: provider.id, reason: 'unavailable', message: 'all hosts are resting after failures' })
}

/** Faults of one host; anything else is the provider's answer, whichever host gives it. */
const isHostFault = ({ reason }: ProviderError): boolean => reason === 'network' || reason === 'timeout' || reason === 'unavailable' || reason === 'aborted'

/** One exchange with one host, ended by its time or from outside. */
async function settle(env: Env, job: Job, request: HttpRequest, host: string, ms: number, key: string | undefined): Promise<Outcome> {
  const { id, state } = job.candidate
  const name = hostName(host)
  const { url, headers } = addressed(host, request, state.provider.key, key)
  try {
    const answer = await timed(env, ms, job.signal, (control) =>
      send(
        {
          url,
          method: request.method ?? 'GET',
          headers,
          body: request.body === undefined ? undefined : JSON.stringify(request.body),
          as: request.as ?? 'json',
          signal: control.signal,
          follow: key === undefined,
        },
        env.fetch,
      ),
    )
    if (answer === 'timeout' || answer === 'aborted') return new ProviderError({ provider: id, reason: answer, host: name })
    return understood(env, job, request, answer, name)
  } catch (error) {
    if (BadResponseError.is(error) || ProviderError.is(error)) return asFailure(error, state.provider, name)
    return new ProviderError({ provider: id, reason: 'network', message: `no connection (${codeOf(error) ?? 'fetch failed'})`, host: name })
  }
}

/** Data out of an answer, or the failure that it is. Throws what `parse` throws. */
function understood(env: Env, job: Job, request: HttpRequest, answer: HttpAnswer, host: string): Outcome {
  const { candidate, ask } = job
  const { provider } = candidate.state
  const now = env.clock.now()
  learn(env, job, answer, now)
  const failure = failureOf(job, request, answer, host, now)
  if (failure) return failure
  const endpoint = candidate.endpoint as HttpEndpoint<Capability>
  try {
    const data = endpoint.parse(answer.body, job.params as never, { native: candidate.state.native, now, headers: answer.headers })
    return toAnswer(data, ask, candidate, now, host)
  } catch (error) {
    if (ProviderError.is(error)) throw error
    return new BadResponseError('body not understood', { provider: provider.id, host, status: answer.status })
  }
}

/** What status and body say went wrong. The provider's own word comes first: it knows errors inside a 200. */
function failureOf(
  { candidate, ask, params }: Job,
  request: HttpRequest,
  { status, headers, body, json }: HttpAnswer,
  host: string,
  now: number,
): ProviderError | undefined {
  const { provider } = candidate.state
  const init = { provider: provider.id, status, host }
  const waitMs = (): number | undefined => retryAfterMs(headers, now) ?? (status === 429 ? resetAfterMs(headers, now) : undefined)
  const told = ownWord(() => provider.failure?.({ status, headers, body }, { capability: ask.capability, params } as never))
  if (told) {
    const message = told.message === undefined ? undefined : `${told.reason}: ${redact(told.message, provider.apiKey)}`
    const retry = told.retryAfterMs ?? waitMs()
    return told.reason === 'bad-response'
      ? new BadResponseError(message ?? 'unexpected answer', init)
      : new ProviderError({ ...init, reason: told.reason, message, retryAfterMs: retry })
  }
  const reason = reasonOf(status, json) ?? (request.as === 'text' || json ? undefined : 'bad-response')
  if (reason === undefined) return undefined
  if (reason === 'bad-response') return new BadResponseError(json ? `unexpected status ${status}` : 'no JSON came', init)
  return new ProviderError({ ...init, reason, retryAfterMs: waitMs() })
}

/** A provider's `failure()` that trips over a body has nothing to say of it. */
function ownWord<T>(ask: () => T): T | undefined {
  try {
    return ask()
  } catch {
    return undefined
  }
}

/** Takes the server's word on its quotas. */
function learn(env: Env, { candidate }: Job, { headers, body }: HttpAnswer, now: number): void {
  const { provider, ledger, id } = candidate.state
  const readings = [...(ownWord(() => provider.usage?.(headers, body)) ?? []), ...genericUsage(headers, now)]
  if (readings.length === 0) return
  ledger?.learn(readings, now)
  if (env.events.listens('quota-updated')) for (const reading of readings) env.events.emit('quota-updated', { provider: id, at: now, ...reading })
}
