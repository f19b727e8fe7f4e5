import { BadResponseError, ProviderError } from '../errors.js'
import { addressed } from '../http/address.js'
import { reasonOf } from '../http/classify.js'
import { type Answer as HttpAnswer, send } from '../http/client.js'
import { HOST_TIMEOUT_MS } from '../http/hosts.js'
import { clockSkewMs, genericUsage, resetAfterMs, retryAfterMs } from '../http/rate-limit-headers.js'
import { hostName, redact } from '../http/redact.js'
import type { Capability } from '../model/capabilities.js'
import type { HttpEndpoint, HttpRequest } from '../provider/provider.js'
import { type Outcome, toAnswer } from './answer.js'
import type { Env } from './env.js'
import { asFailure, codeOf } from './failure.js'
import type { Job } from './job.js'
import { announced } from './radar.js'
import { timed } from './timed.js'

/** Asks a provider over HTTP: one host, or its hosts in turn, each at most once, all within the job's slice. */
export async function exchange(env: Env, job: Job, requests: readonly HttpRequest[], key: string | undefined): Promise<Outcome> {
  const { provider, hosts } = job.candidate.state
  const own = requests[0]?.host
  if (hosts === undefined || own !== undefined) return settle(env, job, requests, own ?? provider.hosts?.[0] ?? '', job.sliceMs, key)
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
    outcome = await settle(env, job, requests, host, another ? Math.min(leftMs, provider.hostTimeoutMs ?? HOST_TIMEOUT_MS) : leftMs, key)
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

/** One exchange with one host: what is asked at the same time ends together. */
async function settle(env: Env, job: Job, requests: readonly HttpRequest[], host: string, ms: number, key: string | undefined): Promise<Outcome> {
  const [request] = requests
  if (requests.length === 1 && request !== undefined) {
    const reply = await sent(env, job, request, host, ms, key)
    return reply instanceof ProviderError ? reply : understood(env, job, reply.answer.body, [reply], hostName(host))
  }
  const replies = await Promise.all(requests.map((one) => sent(env, job, one, host, ms, key)))
  const failure = replies.find((reply, i) => reply instanceof ProviderError && (requests[i]?.optional !== true || reply.reason === 'aborted'))
  if (failure instanceof ProviderError) return failure
  const good = replies.flatMap((reply) => (reply instanceof ProviderError ? [] : [reply]))
  if (good.length === 0)
    return replies.find((reply) => reply instanceof ProviderError) ?? new BadResponseError('nothing was asked', { provider: job.candidate.id })
  const bodies = replies.map((reply) => (reply instanceof ProviderError ? undefined : reply.answer.body))
  return understood(env, job, bodies, good, hostName(host))
}

/** An answer that is no failure, and where it came from. */
interface Reply {
  readonly request: HttpRequest
  readonly url: string
  readonly answer: HttpAnswer
}

/** Sends one request, ended by its time or from outside. */
async function sent(env: Env, job: Job, request: HttpRequest, host: string, ms: number, key: string | undefined): Promise<Reply | ProviderError> {
  const { id, state } = job.candidate
  const name = hostName(host)
  const { url, headers } = addressed(host, request, state.provider.key, key)
  if (request.conditional) Object.assign(headers, state.validators.of(url))
  try {
    const answer = await timed(env, ms, job.signal, (control) =>
      send(
        {
          url,
          method: request.method ?? 'GET',
          headers,
          body: request.body === undefined ? undefined : JSON.stringify(request.body),
          as: request.as ?? 'json',
          maxBytes: request.maxBytes,
          signal: control.signal,
          follow: key === undefined,
        },
        env.fetch,
      ),
    )
    if (answer === 'timeout' || answer === 'aborted') return new ProviderError({ provider: id, reason: answer, host: name })
    const now = env.clock.now()
    learn(env, job, answer, now)
    const same = request.conditional === true && answer.status === 304 ? state.validators.again(url, answer) : undefined
    return failureOf(job, request, same ?? answer, name, now) ?? { request, url, answer: same ?? answer }
  } catch (error) {
    if (BadResponseError.is(error) || ProviderError.is(error)) return asFailure(error, state.provider, name)
    return new ProviderError({ provider: id, reason: 'network', message: `no connection (${codeOf(error) ?? 'fetch failed'})`, host: name })
  }
}

/** Data out of answers. Never rejects. */
async function understood(env: Env, { candidate, ask, params }: Job, body: unknown, replies: readonly Reply[], host: string): Promise<Outcome> {
  const { state, endpoint } = candidate
  const { status, headers } = replies[0]?.answer ?? { status: 0, headers: new Headers() }
  const now = env.clock.now()
  try {
    const parsed = (endpoint as HttpEndpoint<Capability>).parse(body, params as never, { native: state.native, now, headers })
    const data = parsed instanceof Promise ? await (parsed as Promise<unknown>) : parsed
    for (const { request, url, answer } of replies) if (request.conditional) state.validators.keep(url, answer) // only what was understood is given again
    return toAnswer(data, ask, candidate, now, host)
  } catch (error) {
    if (ProviderError.is(error)) return asFailure(error, state.provider, host)
    return new BadResponseError('body not understood', { provider: state.id, host, status })
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

/** Takes the server's word on its quotas and on the time. */
function learn(env: Env, { candidate }: Job, { headers, body }: HttpAnswer, now: number): void {
  const { state } = candidate
  const { provider, ledger, id } = state
  state.skewMs = clockSkewMs(headers, now) ?? state.skewMs
  announced(env, state, headers, now)
  const readings = [...(ownWord(() => provider.usage?.(headers, body)) ?? []), ...genericUsage(headers, now)]
  if (readings.length === 0) return
  ledger?.learn(readings, now)
  if (env.events.listens('quota-updated')) for (const reading of readings) env.events.emit('quota-updated', { provider: id, at: now, ...reading })
}
