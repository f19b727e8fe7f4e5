import { BadResponseError, ConfigError, type FailureReason, ProviderError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { TextSentiment } from '../model/insight.js'
import type { CallContext, CallEndpoint, Provider } from '../provider/provider.js'
import { ROUNDING } from './labels.js'

/** An engine that answered: one reading per text. */
export interface Answered {
  readonly weight: number
  readonly readings: readonly TextSentiment[]
}

/** An engine that did not. */
export interface Failed {
  readonly engine: string
  /** In a word, for whoever reads the answer. */
  readonly reason: string
  readonly failure?: FailureReason | undefined
  readonly retryAfterMs?: number | undefined
}

/** So long an engine is not asked after a failure that passes with time only, where it does not say for how long, in ms. */
const RESTS: Partial<Record<FailureReason, number>> = {
  'rate-limited': 120_000,
  'quota-exhausted': 3_600_000,
  unauthorized: 3_600_000,
  'geo-blocked': 86_400_000,
  'cold-start': 20_000,
}

/** One engine of an ensemble. Inside it no breaker and no limit of the router watches over an engine: it rests by itself. */
export class Member {
  readonly #engine: Provider<'textSentiment'>
  readonly #endpoint: CallEndpoint<'textSentiment'>
  readonly #weight: number
  readonly #patienceMs: number
  #rest: { readonly until: number; readonly failure: FailureReason } | undefined

  constructor(engine: Provider<'textSentiment'>, weight: number, patienceMs: number) {
    const { textSentiment } = engine.endpoints
    if (!('call' in textSentiment)) throw new ConfigError(`ensemble: ${engine.id} is asked over HTTP by the router alone; engines need call()`)
    this.#engine = engine
    this.#endpoint = textSentiment
    this.#weight = weight
    this.#patienceMs = patienceMs
  }

  /** Whether it would be asked at all. */
  canAnswer(params: ParamsOf<'textSentiment'>): boolean {
    const { enabled = true, key, apiKey } = this.#engine
    return enabled && (key?.required !== true || apiKey !== undefined) && this.#endpoint.supports?.(params) !== false
  }

  /** Its readings, or why there are none. Never rejects. */
  async ask(params: ParamsOf<'textSentiment'>, context: CallContext): Promise<Answered | Failed> {
    const engine = this.#engine.id
    const { now } = context
    if (!this.canAnswer(params)) return { engine, reason: this.#engine.enabled === false ? 'disabled' : 'no key' }
    if (this.#rest && this.#rest.until > now) {
      const { until, failure } = this.#rest
      return { engine, reason: failure, failure, retryAfterMs: until - now }
    }
    try {
      const readings = await within(this.#patienceMs, context.signal, (signal) => this.#call(params, context, signal))
      return { weight: this.#weight, readings: sound(readings, params.texts.length) }
    } catch (error) {
      const failure = reasonOf(error)
      const retryAfterMs = (ProviderError.is(error) ? error.retryAfterMs : undefined) ?? RESTS[failure]
      if (retryAfterMs !== undefined) this.#rest = { until: now + retryAfterMs, failure }
      return { engine, reason: failure, failure, retryAfterMs }
    }
  }

  async #call(params: ParamsOf<'textSentiment'>, context: CallContext, signal: AbortSignal): Promise<TextSentiment[]> {
    const { now, fetch } = context
    const key = await this.#engine.apiKey?.reveal()
    return this.#endpoint.call(params, { key, signal, now, fetch, request: (capability, asked) => context.request(capability, asked) })
  }
}

function reasonOf(error: unknown): FailureReason {
  if (ProviderError.is(error)) return error.reason
  return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'bad-response'
}

const isShare = (p: number): boolean => p >= 0 && p <= 1

function fine({ label, score, confidence, probabilities }: TextSentiment): boolean {
  if (!['bullish', 'neutral', 'bearish'].includes(label) || !(Math.abs(score) <= 1) || !isShare(confidence)) return false
  if (probabilities === undefined) return true
  const { bullish, neutral, bearish } = probabilities
  return [bullish, neutral, bearish].every(isShare) && Math.abs(bullish + neutral + bearish - 1) <= ROUNDING
}

/** Throws for what is no reading: one of them would spoil the mean. */
function sound(readings: readonly TextSentiment[], texts: number): readonly TextSentiment[] {
  if (!Array.isArray(readings) || readings.length !== texts || !readings.every(fine)) throw new BadResponseError('a reading of each text expected')
  return readings
}

/** Work that is given up after a while, or when `outer` ends, also where it does not look at its signal. */
function within<T>(ms: number, outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  return new Promise<T>((resolve, reject) => {
    const end = (reason: unknown): void => {
      reject(reason)
      stop.abort(reason)
    }
    const abort = (): void => end(outer.reason)
    const timer = setTimeout(() => end(new DOMException('timed out', 'TimeoutError')), ms)
    const done = (): void => {
      clearTimeout(timer)
      outer.removeEventListener('abort', abort)
    }
    outer.addEventListener('abort', abort, { once: true })
    if (outer.aborted) abort()
    work(stop.signal).finally(done).then(resolve, reject)
  })
}
