import { AllProvidersFailedError } from '../errors.js'
import type { RouterResult } from '../model/result.js'
import { Budget } from './budget.js'
import { type Env, sleep } from './env.js'
import { type Question, resultOf } from './question.js'
import { Stop } from './stop.js'
import type { Answer } from './answer.js'

/** Work under way that several callers may wait for. */
interface Flight {
  readonly result: Promise<RouterResult<unknown>>
  readonly budget: Budget
  readonly stop: Stop | undefined
  /** Callers that still wait; infinite once one of them can't leave. */
  waiting: number
}

/** Whether work under way does all that this caller may ask for: its attempts, its time, its freshness. */
function isEnough(running: Budget, question: Question, hasStale: boolean): boolean {
  return (
    question.totalTimeoutMs <= running.deadline - running.startedAt &&
    question.maxAttempts <= running.maxAttempts &&
    question.timeoutMs <= running.timeoutMs &&
    (hasStale || !running.hasStale) &&
    (running.ask.maxAgeMs ?? Infinity) <= (question.maxAgeMs ?? Infinity)
  )
}

/** Equal questions under way are asked once. A caller who leaves takes nobody along; the last to leave ends the work. */
export class Flights {
  readonly #running = new Map<string, Flight>()
  readonly #env: Env

  constructor(env: Env) {
    this.#env = env
  }

  get size(): number {
    return this.#running.size
  }

  share(
    question: Question,
    hasStale: boolean,
    keep: (answer: Answer, now: number) => void,
    work: (budget: Budget) => Promise<Answer>,
  ): Promise<RouterResult<unknown>> {
    const { signal } = question
    const id = question.scope === undefined ? undefined : `${question.key}${question.scope}`
    const running = id === undefined ? undefined : this.#running.get(id)
    if (running && !running.stop?.aborted && isEnough(running.budget, question, hasStale)) return this.#join(question, running)
    const stop = signal && new Stop()
    const budget = new Budget(question.ask(question.startedAt), question, stop, hasStale)
    const result = this.#lead(id, question, budget, work, keep)
    const flight: Flight = { result, budget, stop, waiting: signal ? 1 : Infinity }
    if (id !== undefined) this.#running.set(id, flight)
    return signal ? this.#wait(flight, signal) : result
  }

  async #lead(
    id: string | undefined,
    question: Question,
    budget: Budget,
    work: (budget: Budget) => Promise<Answer>,
    keep: (answer: Answer, now: number) => void,
  ): Promise<RouterResult<unknown>> {
    try {
      if (this.#env.sharing) budget.ask.now = this.#env.clock.now() // the store was asked meanwhile
      const answer = await work(budget)
      const { now } = budget.ask
      if (answer.reused !== true) keep(answer, now)
      return resultOf(question, answer, answer.reused === true ? 'cache' : 'network', now, budget.attempts)
    } finally {
      if (id !== undefined && this.#running.get(id)?.budget === budget) this.#running.delete(id)
    }
  }

  async #join(question: Question, flight: Flight): Promise<RouterResult<unknown>> {
    const { signal, whole = question } = question
    whole.joined = flight.budget.ask.request
    if (signal) flight.waiting++
    else flight.waiting = Infinity
    const shared = signal ? this.#wait(flight, signal) : flight.result
    const endsLater = flight.budget.deadline > question.startedAt + question.totalTimeoutMs
    const result = endsLater ? await this.#withinOwnTime(question, flight, shared) : await shared
    const now = this.#env.clock.now()
    return {
      ...result,
      source: result.source === 'network' ? 'shared' : result.source,
      ageMs: Math.max(0, now - result.fetchedAt),
      latencyMs: Math.max(0, now - question.startedAt),
    }
  }

  #withinOwnTime(question: Question, { budget }: Flight, shared: Promise<RouterResult<unknown>>): Promise<RouterResult<unknown>> {
    const answered = new AbortController()
    const late = sleep(this.#env, question.totalTimeoutMs, answered.signal).then(() => {
      throw new AllProvidersFailedError(question.capability, [...budget.failures.values()], [...budget.attempts], ` within ${question.totalTimeoutMs} ms`)
    })
    late.catch(() => undefined)
    return Promise.race([shared, late]).finally(() => answered.abort())
  }

  /** The flight's result, or the caller's own reason at once. */
  #wait(flight: Flight, signal: AbortSignal): Promise<RouterResult<unknown>> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        flight.waiting--
        reject(signal.reason as Error)
        if (flight.waiting === 0) flight.stop?.abort(signal.reason)
      }
      if (signal.aborted) {
        flight.result.catch(() => undefined)
        return leave()
      }
      signal.addEventListener('abort', leave, { once: true })
      const stay = (): void => signal.removeEventListener('abort', leave)
      flight.result.then(
        (result) => {
          stay()
          resolve(result)
        },
        (error: unknown) => {
          stay()
          reject(error)
        },
      )
    })
  }
}
