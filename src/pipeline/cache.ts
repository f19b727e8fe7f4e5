import QuickLRU from 'quick-lru'
import { AllProvidersFailedError, NoProviderError } from '../errors.js'
import type { CachedResult, FailureReason, RouterResult } from '../model/result.js'
import type { Answer } from './answer.js'
import type { Env } from './env.js'
import { type Question, resultOf } from './question.js'

/** One answer and how long it is good for. */
export interface Entry {
  readonly answer: Answer
  /** Unix ms. */
  readonly freshUntil: number
  readonly staleUntil: number
}

/** An answer without content is kept for less: there may be news in a minute. */
const EMPTY_MS = 60_000
/** A batch that lacks what somebody may know is kept for less still. */
const PARTIAL_MS = 2_000
const JITTER = 0.1

/** Hits and misses since the router was made. */
export interface CacheCounts {
  hits: number
  misses: number
  stale: number
}

/** A bounded memory of answers. */
export class AnswerStore {
  readonly #answers: QuickLRU<string, Answer>

  constructor(maxSize: number) {
    this.#answers = new QuickLRU({ maxSize })
  }

  /** The answer, unless it is older than `maxAgeMs`. */
  get(key: string, now: number, maxAgeMs: number): Answer | undefined {
    const answer = this.#answers.get(key)
    return answer !== undefined && now - answer.fetchedAt < maxAgeMs ? answer : undefined
  }

  set(key: string, answer: Answer): void {
    this.#answers.set(key, answer)
  }
}

/** Fresh answers at once; stale ones when nobody answers, or while they are refreshed. A failure never replaces a value. */
export class Cache {
  readonly counts = new Map<string, CacheCounts>()
  readonly #entries: QuickLRU<string, Entry>
  readonly #env: Env

  constructor(env: Env, maxSize: number) {
    this.#env = env
    this.#entries = new QuickLRU({ maxSize })
  }

  get size(): number {
    return this.#entries.size
  }

  /** How the cache stands to a question. Reading changes nothing, not even the order of eviction. */
  look(question: Question, now: number): 'fresh' | 'stale' | 'none' {
    const entry = this.#entries.peek(question.key)
    if (entry === undefined || !question.cached || !accepts(question, entry.answer)) return 'none'
    if (isFresh(entry, question, now)) return 'fresh'
    return question.stale !== 'never' && now < entry.staleUntil ? 'stale' : 'none'
  }

  /** Answers from memory, or asks on. `hasStale` tells the next stages that waiting is not worth it. */
  through(question: Question, next: (hasStale: boolean) => Promise<RouterResult<unknown>>): Promise<RouterResult<unknown>> {
    if (!question.cached) return next(false)
    const { startedAt: now } = question
    const entry = this.#entries.get(question.key)
    const usable = entry !== undefined && accepts(question, entry.answer)
    if (usable && isFresh(entry, question, now)) {
      this.#count(question).hits++
      if (this.#env.events.listens('cache-hit')) this.#tell('cache-hit', question, entry.answer, now)
      return Promise.resolve(resultOf(question, entry.answer, 'cache', now))
    }
    this.#count(question).misses++
    if (this.#env.events.listens('cache-missed')) this.#env.events.emit('cache-missed', { capability: question.capability, at: now, request: question.request })
    if (!usable || question.stale === 'never' || now >= entry.staleUntil) return next(false)
    if (question.stale === 'while-revalidate') {
      const refreshed = next(true).catch(() => undefined)
      question.waitUntil?.(refreshed)
      return Promise.resolve(this.#stale(question, entry.answer, now, undefined, undefined))
    }
    return next(true).catch((error: unknown) => {
      const failed = AllProvidersFailedError.is(error)
      if (!failed && !NoProviderError.is(error)) throw error
      const later = this.#env.clock.now()
      if (later >= entry.staleUntil) throw error
      return this.#stale(question, entry.answer, later, failed ? error.attempts : [], reasonOf(error))
    })
  }

  /** What `look` judges, and until when it is fresh; nothing where it may not be used any more. */
  peek(question: Question, now: number): CachedResult<unknown> | undefined {
    const found = this.look(question, now)
    const entry = this.#entries.peek(question.key)
    if (found === 'none' || entry === undefined) return undefined
    return { ...resultOf(question, entry.answer, found === 'fresh' ? 'cache' : 'stale', now), freshUntil: entry.freshUntil }
  }

  keep(question: Question, answer: Answer, now: number): void {
    const { info, key, params, cached } = question
    if (!cached) return
    // never in the place of an answer that was whole
    if (answer.partial && now < (this.#entries.peek(key)?.staleUntil ?? 0)) return
    const ttlMs = info.ttl ? info.ttl(params as never, now) : info.ttlMs
    const mostMs = answer.partial ? PARTIAL_MS : Array.isArray(answer.data) && answer.data.length === 0 ? EMPTY_MS : Infinity
    const lifeMs = Math.min(ttlMs, mostMs)
    const spread = lifeMs * (1 - JITTER + 2 * JITTER * this.#env.random())
    const freshUntil = (answer.comparedAt ?? answer.fetchedAt) + (info.ttl ? Math.min(spread, lifeMs) : spread) // a candle that has closed meanwhile is not fresh
    const entry = { answer, freshUntil, staleUntil: info.staleMs > 0 ? freshUntil + info.staleMs : -Infinity }
    this.put(key, entry)
    this.#env.sharing?.shared?.keep(question, entry)
  }

  /** In the place of whatever is there. */
  put(key: string, entry: Entry): void {
    this.#entries.set(key, entry)
  }

  clear(): void {
    this.#entries.clear()
  }

  #stale(
    question: Question,
    answer: Answer,
    now: number,
    attempts: RouterResult<unknown>['attempts'] | undefined,
    reason: FailureReason | undefined,
  ): RouterResult<unknown> {
    this.#count(question).stale++
    if (this.#env.events.listens('cache-served-stale')) this.#tell('cache-served-stale', question, answer, now, reason)
    return resultOf(question, answer, 'stale', now, attempts, reason)
  }

  #tell(
    name: 'cache-hit' | 'cache-served-stale',
    { capability, request }: Question,
    { provider, fetchedAt }: Answer,
    now: number,
    reason?: FailureReason,
  ): void {
    this.#env.events.emit(name, { capability, at: now, request, provider, ageMs: now - fetchedAt, ...(reason !== undefined && { reason }) })
  }

  #count({ capability }: Question): CacheCounts {
    const counts = this.counts.get(capability)
    if (counts !== undefined) return counts
    const fresh = { hits: 0, misses: 0, stale: 0 }
    this.counts.set(capability, fresh)
    return fresh
  }
}

const accepts = (question: Question, { provider, parts, sources }: Answer): boolean => {
  const several = parts ?? sources
  return several === undefined ? question.accepts(provider) : several.every((one) => question.accepts(one.provider))
}

// A caller's own age limit goes before the lifetime: 0 always asks afresh.
function isFresh({ answer, freshUntil }: Entry, { maxAgeMs }: Question, now: number): boolean {
  return maxAgeMs === undefined ? now < freshUntil : now - answer.fetchedAt < maxAgeMs
}

/** The reason that explains a stale answer best: the last failure, or the first exclusion that is one. */
function reasonOf(error: AllProvidersFailedError | NoProviderError): FailureReason {
  if (AllProvidersFailedError.is(error)) return error.failures.at(-1)?.reason ?? 'unavailable'
  return error.failureReason ?? 'unavailable'
}
