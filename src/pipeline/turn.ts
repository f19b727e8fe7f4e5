import { BadResponseError, ProviderError } from '../errors.js'
import type { Capability } from '../model/capabilities.js'
import type { HttpEndpoint } from '../provider/provider.js'
import type { Answer, Outcome } from './answer.js'
import { frozen } from './frozen.js'
import type { Ask } from './ask.js'
import type { Budget } from './budget.js'
import { call } from './call.js'
import type { Candidate } from './candidate.js'
import type { Env } from './env.js'
import { type Job, prepare } from './job.js'
import { Percentiles } from './health.js'
import { limited } from './limit.js'
import { looksUp, needsLookup } from './lookup.js'
import { OwnFlight } from './own-flight.js'
import { anyoneElse } from './select.js'
import { settle } from './settle.js'
import { timed } from './timed.js'
import type { Signal } from './stop.js'

/** One candidate's turn: breaker, retries and tries together. Never rejects. */
export type Turn = (candidate: Candidate, signal: Signal | undefined, isHedge: boolean) => Promise<Outcome>

/** One try, booked: prepare → limit → call → settle. A provider's own young answer is used again instead. Nothing is awaited that is there already. */
export function tryOnce(env: Env, budget: Budget, candidate: Candidate, signal: Signal | undefined, hedged: boolean): Promise<Outcome> {
  const { state } = candidate
  const { ask } = budget
  if (state.own !== undefined) {
    const own = state.reusable(ask.ownKey(candidate), ask.now, ask.maxAgeMs)
    if (own !== undefined) return Promise.resolve(again(env, budget, candidate, own, hedged))
    const flight = state.flights.get(ask.ownKey(candidate))
    if (flight !== undefined) return follows(env, budget, candidate, signal, flight, hedged)
  }
  budget.attemptsLeft--
  const tried = (key: string | undefined | ProviderError): Promise<Outcome> => {
    if (key instanceof ProviderError) return refused(env, budget, candidate, key, hedged)
    const go = (failure?: ProviderError): Promise<Outcome> => {
      const job = failure ?? prepare(candidate, ask, signal, key)
      return job instanceof ProviderError ? refused(env, budget, candidate, job, hedged) : booked(env, budget, job, key, hedged)
    }
    if (state.provider.lookup === undefined) return go()
    const known = (): Promise<Outcome> => {
      ask.forgetShare(candidate) // the list may have come while a key was fetched
      return isListed(candidate, ask) ? go() : Promise.resolve(passedOver(budget, candidate, notListed(candidate.id)))
    }
    if (!needsLookup(candidate, ask.share(candidate), ask)) return known()
    return looksUp(env, budget, candidate, signal, key, sliceFor(budget, candidate)).then(({ failure, isOwn }) => {
      if (failure === undefined) return known()
      // booked once, not for all who waited; a list that drifted says nothing against the prices
      return isOwn && failure.reason !== 'bad-response' ? go(failure) : passedOver(budget, candidate, notListed(candidate.id, failure))
    })
  }
  const revealed = keyOf(candidate)
  return revealed instanceof Promise ? fetched(env, budget, candidate, signal, revealed).then(tried) : tried(revealed)
}

/** The provider's own last answer, used again. */
function again(env: Env, budget: Budget, candidate: Candidate, own: Answer, hedged: boolean): Outcome {
  settle(env, budget, candidate, own, { latencyMs: 0, hedged, reused: true })
  return narrowed({ ...own, reused: true }, candidate, budget.ask)
}

/** Waits for the same of another question, as long as this one may. What came to nothing there is nothing here; what came is new, whatever is kept. */
async function follows(
  env: Env,
  budget: Budget,
  candidate: Candidate,
  signal: Signal | undefined,
  { flight, work }: { readonly flight: OwnFlight; readonly work: Promise<unknown> },
  hedged: boolean,
): Promise<Outcome> {
  const { ask } = budget
  const leave = flight.board(signal)
  const ended = await timed(env, sliceFor(budget, candidate), signal, () => work).finally(leave)
  ask.now = env.clock.now()
  const failure = ended === 'timeout' || ended === 'aborted' ? ended : ended instanceof ProviderError ? ended.reason : undefined
  const own = candidate.state.reusable(ask.ownKey(candidate), ask.now, failure === undefined ? undefined : ask.maxAgeMs)
  if (own !== undefined) return again(env, budget, candidate, own, hedged)
  const reason = failure ?? 'unavailable'
  return passedOver(budget, candidate, new ProviderError({ provider: candidate.id, reason: reason === 'aborted' && !signal?.aborted ? 'unavailable' : reason }))
}

/** What the question wants of an answer that holds more. */
function narrowed(answer: Answer, { id, endpoint }: Candidate, { params }: Ask): Outcome {
  const { narrow } = endpoint as Partial<HttpEndpoint<Capability>>
  if (narrow === undefined) return answer
  try {
    return { ...answer, data: frozen(narrow(answer.data as never, params as never)) }
  } catch {
    return new BadResponseError('what was wanted of it is not understood', { provider: id }) // an author's slip
  }
}

/** Books a try that failed before anything was sent. */
function refused(env: Env, budget: Budget, candidate: Candidate, failure: ProviderError, hedged: boolean): Promise<ProviderError> {
  settle(env, budget, candidate, failure, { latencyMs: 0, hedged })
  return Promise.resolve(failure)
}

function keyOf({ id, state }: Candidate): string | undefined | ProviderError | Promise<string> {
  try {
    return state.provider.apiKey?.reveal(state.keyIndex)
  } catch {
    return noKey(id)
  }
}

const noKey = (provider: string): ProviderError => new ProviderError({ provider, reason: 'unavailable', message: 'its key could not be fetched' })

/** The key from wherever the user keeps it, which may hang or fail as a provider may: it gets the time of an attempt. */
async function fetched(env: Env, budget: Budget, candidate: Candidate, signal: Signal | undefined, secret: Promise<string>): Promise<string | ProviderError> {
  try {
    const found = await timed(env, sliceFor(budget, candidate), signal, () => secret.then((key) => ({ key })))
    return typeof found === 'string' ? new ProviderError({ provider: candidate.id, reason: found }) : found.key
  } catch {
    return noKey(candidate.id)
  } finally {
    budget.ask.now = env.clock.now()
  }
}

const UNMEASURED = new Percentiles()
const sliceFor = (budget: Budget, candidate: Candidate): number => budget.sliceMs(budget.ask.now, UNMEASURED, () => anyoneElse(budget.ask, candidate))

/** Whether the provider has an id for what is asked, by its table or its list. Not remembered as a refusal: the list knows, as long as it is good. */
function isListed(candidate: Candidate, ask: Ask): boolean {
  const share = ask.share(candidate)
  return share === undefined ? ask.asset === undefined || Object.hasOwn(candidate.state.native, ask.asset) : share.length > 0
}

function notListed(provider: string, failure?: ProviderError): ProviderError {
  const why = failure === undefined ? 'lists no one asset of that symbol' : `its list of assets could not be had (${failure.reason})`
  return new ProviderError({ provider, reason: 'not-found', message: why })
}

function booked(env: Env, budget: Budget, asked: Job, key: string | undefined, hedged: boolean): Promise<Outcome> {
  const { candidate, ask } = asked
  const { state } = candidate
  const { health, own } = state
  const flight = own && new OwnFlight()
  const leave = flight?.board(asked.signal)
  const job = flight ? { ...asked, signal: flight.signal } : asked // others may wait for the same when the one who asked has gone
  let startedAt: number | undefined
  let reused = false
  const begin = (): Promise<Outcome> => {
    startedAt = env.clock.monotonic()
    const meanwhile = own && state.reusable(ask.ownKey(candidate), ask.now, ask.maxAgeMs) // came while this one stood in line
    reused = meanwhile !== undefined
    if (meanwhile) return Promise.resolve({ ...meanwhile, reused: true })
    job.sliceMs = budget.sliceMs(ask.now, health.latencies, () => anyoneElse(ask, candidate), candidate.endpoint.timeoutMs)
    return call(env, job, key)
  }
  const end = (outcome: Outcome | 'full'): Outcome | Promise<Outcome> => {
    if (outcome === 'full') {
      ask.now = env.clock.now()
      return passedOver(budget, candidate, noRoom(budget, candidate))
    }
    ask.now = reused || outcome instanceof ProviderError ? env.clock.now() : outcome.fetchedAt
    settle(env, budget, candidate, outcome, { latencyMs: startedAt === undefined ? 0 : env.clock.monotonic() - startedAt, hedged, reused })
    if (outcome instanceof ProviderError) {
      const whole = wholeOf(job, outcome)
      return whole === undefined ? outcome : booked(env, budget, whole, key, hedged)
    }
    if (!reused) own?.set(ask.ownKey(candidate), outcome)
    return narrowed(outcome, candidate, ask)
  }
  // it rejects where it was waiting for its place when the caller left
  const work = limited(env, budget, job, begin, key).then(end, () => end(new ProviderError({ provider: candidate.id, reason: 'aborted' })))
  return flight?.flies(state.flights, ask.ownKey(candidate), work).finally(leave) ?? work
}

/** No room within the deadline, or it went out of service while this call stood in line. */
function noRoom({ ask }: Budget, { id, state }: Candidate): ProviderError {
  const reason = state.restingUntil(ask.now)?.reason ?? 'rate-limited'
  return new ProviderError({ provider: id, reason, message: `${reason}: passed over after a wait` })
}

/** Nothing was sent: only the trace tells. */
function passedOver({ attempts, failures }: Budget, { id }: Candidate, why: ProviderError): ProviderError {
  attempts.push({ provider: id, outcome: 'skipped', reason: why.reason, latencyMs: 0 })
  if (!failures.has(id)) failures.set(id, why)
  return why
}

/** A batch that one unknown symbol made fail is asked once more as a whole: no bad symbol loses the others. */
function wholeOf(job: Job, { reason }: ProviderError): Job | undefined {
  const { whole } = job.candidate.endpoint as Partial<HttpEndpoint<Capability>>
  if (whole === undefined || reason !== 'not-found' || job.requests?.[0] === whole.request || (job.ask.symbols?.length ?? 0) < 2) return undefined
  return { ...job, requests: [whole.request], cost: whole.cost ?? 1 }
}
