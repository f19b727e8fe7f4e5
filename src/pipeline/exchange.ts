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
import { type Signal, Stop } from './stop.js'
import { timed } from './timed.js'
import { again, ageOf } from './validators.js'

/** Asks a provider over HTTP: one host, or its hosts in turn, each at most once, all within the job's slice. */
export async function exchange(env: Env, job: Job, requests: readonly HttpRequest[], key: string | undefined): Promise<Outcome> {
  const { provider, hosts } = job.candidate.state
  const own = requests[0]?.host
  const endsAt = env.clock.monotonic() + job.sliceMs
  const settle = async (host: string, ms: number): Promise<Outcome> => understood(env, job, await asked(env, job, requests, host, ms, key), host, endsAt)
  if (hosts === undefined || own !== undefined) return settle(own ?? provider.hosts?.[0] ?? '', job.sliceMs)
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
    outcome = await settle(host, another ? Math.min(leftMs, provider.hostTimeoutMs ?? HOST_TIMEOUT_MS) : leftMs)
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

/** What one host answered to all that was asked: what `parse` gets, and whole answers. */
interface Replies {
  readonly body: unknown
  readonly good: readonly [Reply, ...Reply[]]
}

/** An answer that is no failure, and where it is kept for being asked conditionally. */
interface Reply {
  readonly answer: HttpAnswer
  readonly place: string | undefined
}

/** One exchange with one host. What is asked at the same time ends together: with the last answer, or the first failure of what may not be lacking. */
async function asked(
  env: Env,
  job: Job,
  requests: readonly HttpRequest[],
  host: string,
  ms: number,
  key: string | undefined,
): Promise<Replies | ProviderError> {
  const [request] = requests
  if (requests.length === 1 && request !== undefined) {
    const reply = await sent(env, job, request, host, ms, key, job.signal)
    return reply instanceof ProviderError ? reply : { body: reply.answer.body, good: [reply] }
  }
  const stop = new Stop()
  const onAbort = (): void => stop.abort(job.signal?.reason)
  if (job.signal?.aborted) onAbort()
  job.signal?.addEventListener('abort', onAbort, { once: true })
  let failure: ProviderError | undefined
  const one = async (each: HttpRequest): Promise<Reply | ProviderError> => {
    const reply = await sent(env, job, each, host, ms, key, stop)
    if (!(reply instanceof ProviderError) || (each.optional === true && reply.reason !== 'aborted')) return reply
    failure ??= reply
    stop.abort(new DOMException('another request of the question failed', 'AbortError'))
    return reply
  }
  const replies = await Promise.all(requests.map(one))
  job.signal?.removeEventListener('abort', onAbort)
  const [first, ...others] = replies.flatMap((reply) => (reply instanceof ProviderError ? [] : [reply]))
  failure ??= first === undefined ? replies.find((reply) => reply instanceof ProviderError) : undefined
  if (failure !== undefined || first === undefined) return failure ?? new BadResponseError('nothing was asked', { provider: job.candidate.id })
  return { body: replies.map((reply) => (reply instanceof ProviderError ? undefined : reply.answer.body)), good: [first, ...others] }
}

/** Sends one request, ended by its time or from outside. */
async function sent(
  env: Env,
  job: Job,
  request: HttpRequest,
  host: string,
  ms: number,
  key: string | undefined,
  signal: Signal | undefined,
): Promise<Reply | ProviderError> {
  const { id, state } = job.candidate
  const name = hostName(host)
  const { as = 'json', method = 'GET', maxBytes } = request
  const { url, headers } = addressed(host, request, state.provider.key, key)
  const place = request.conditional === true && method === 'GET' ? `${as} ${url}` : undefined
  const last = place === undefined ? undefined : state.validators.last(place)
  if (last) Object.assign(headers, ageOf(last))
  const body = request.body === undefined ? undefined : JSON.stringify(request.body)
  try {
    const answer = await timed(env, ms, signal, (control) =>
      send({ url, method, headers, body, as, maxBytes, signal: control.signal, follow: key === undefined }, env.fetch),
    )
    if (answer === 'timeout' || answer === 'aborted') return new ProviderError({ provider: id, reason: answer, host: name })
    const now = env.clock.now()
    learn(env, job, answer, now)
    const meant = last && answer.status === 304 ? again(last, answer) : answer
    return failureOf(job, request, meant, name, now) ?? { answer: meant, place }
  } catch (error) {
    if (ProviderError.is(error)) return asFailure(error, state.provider, name)
    return new ProviderError({ provider: id, reason: 'network', message: `no connection (${codeOf(error) ?? 'fetch failed'})`, host: name })
  }
}

/** Data out of answers, within the time of the attempt. Never rejects. */
async function understood(env: Env, { candidate, ask, params, signal }: Job, replies: Replies | ProviderError, at: string, endsAt: number): Promise<Outcome> {
  if (replies instanceof ProviderError) return replies
  const { state, endpoint } = candidate
  const { body, good } = replies
  const { status, headers } = good[0].answer
  const host = hostName(at)
  const now = env.clock.now()
  try {
    const parsed: unknown = (endpoint as HttpEndpoint<Capability>).parse(body, params as never, { native: state.native, now, headers })
    const data = isPromise(parsed) ? await timed(env, Math.max(1, endsAt - env.clock.monotonic()), signal, () => parsed) : parsed
    if (data === 'timeout' || data === 'aborted') return new ProviderError({ provider: state.id, reason: data, host })
    for (const { answer, place } of good) if (place !== undefined) state.validators.keep(place, answer) // only what was understood is given again
    return toAnswer(data, ask, candidate, now, host)
  } catch (error) {
    if (ProviderError.is(error)) return asFailure(error, state.provider, host)
    return new BadResponseError('body not understood', { provider: state.id, host, status })
  }
}

/** Not only one of this realm. */
const isPromise = (value: unknown): value is Promise<unknown> => typeof (value as { then?: unknown } | null | undefined)?.then === 'function'

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
