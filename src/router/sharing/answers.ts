import type { Answer } from '../../pipeline/answer.js'
import type { Entry } from '../../pipeline/cache.js'
import { frozen } from '../../pipeline/frozen.js'
import type { Question } from '../../pipeline/question.js'
import { timed } from '../../pipeline/timed.js'
import type { SharingContext } from './late.js'
import type { StoreLink } from './link.js'
import { digest, type Marks } from './marks.js'

/** Raised with every change of what answers look like: releases that differ in it do not read each other's. */
const DATA_VERSION = 1
/** A longer key is hashed: it holds whole texts, or the symbols of a large batch. */
const LONGEST_KEY = 120
/** The writer's jitter on how long an answer is fresh. */
const JITTER = 1.1
/** Lifetimes without an end get this one, in Unix ms: what is written knows no infinity. */
const LATEST = 8_640_000_000_000_000
/** Share of a caller's time that it waits for the store at most. */
const SHARE_OF_TIME = 0.25

/** An answer in the store. */
interface Kept {
  readonly answer: Answer
  /** Unix ms. */
  readonly freshUntil: number
  readonly staleUntil: number
  /** Whose answer it is, and what their set-up was. */
  readonly marks: Readonly<Record<string, string>>
}

/** Answers that routers share. What one was given, the others find in the store instead of asking again. */
export class SharedAnswers {
  found = 0
  written = 0
  readonly #context: SharingContext
  readonly #link: StoreLink
  readonly #marks: Marks
  readonly #looks = new Map<string, Promise<void>>()

  constructor(context: SharingContext, link: StoreLink, marks: Marks) {
    this.#context = context
    this.#link = link
    this.#marks = marks
  }

  /** Equal questions look once. Rejects with the caller's own reason where it left meanwhile. */
  async recall(question: Question): Promise<void> {
    const { key, cached, maxAgeMs, signal, totalTimeoutMs } = question
    if (!cached || maxAgeMs === 0) return
    const look = this.#looks.get(key) ?? this.#look(question).finally(() => this.#looks.delete(key))
    this.#looks.set(key, look)
    const mostMs = totalTimeoutMs * SHARE_OF_TIME
    await (signal === undefined && mostMs >= this.#link.patienceMs ? look : timed(this.#context.env, mostMs, signal, () => look))
    signal?.throwIfAborted()
  }

  /** In the background: no caller waits for it. */
  keep(question: Question, entry: Entry): void {
    if (entry.answer.partial) return
    question.waitUntil?.(this.#write(question.key, entry))
    if (question.waitUntil === undefined) void this.#write(question.key, entry)
  }

  async #write(key: string, { answer, freshUntil, staleUntil }: Entry): Promise<void> {
    const [name, marks] = await Promise.all([nameOf(key), this.#marksOf(answer)])
    if (name === undefined || marks === undefined) return
    const expiresAt = Math.min(Math.max(freshUntil, staleUntil), LATEST)
    const value: Kept = { answer, freshUntil: Math.min(freshUntil, LATEST), staleUntil: expiresAt, marks }
    if (await this.#link.ask((store) => store.set(name, { value, expiresAt }))) this.written++
  }

  async #look(question: Question): Promise<void> {
    const name = await nameOf(question.key)
    const envelope = name === undefined ? undefined : await this.#link.ask((store) => store.get(name))
    const kept = envelope?.value?.value
    if (!isKept(kept)) return
    const marks = await this.#marksOf(kept.answer)
    if (marks === undefined || Object.entries(marks).some(([id, mark]) => kept.marks[id] !== mark)) return
    const { cache, env } = this.#context
    const now = env.clock.now()
    const entry = judged(kept, question, now)
    if (entry.answer.fetchedAt <= (cache.peek(ofAnybody(question), now)?.fetchedAt ?? 0)) return
    cache.put(question.key, entry)
    this.found++
  }

  /** Nothing where one of those who gave it is not known here. */
  async #marksOf({ provider, parts = [], sources = [] }: Answer): Promise<Record<string, string> | undefined> {
    const ids = [...new Set([provider, ...parts.map((part) => part.provider), ...sources.map((source) => source.provider)])]
    const rows = await Promise.all(
      ids.map(async (id) => {
        const state = this.#context.states.get(id)
        const mark = state && (await this.#marks.ofSetup(state))
        return mark === undefined ? [] : [[id, mark] as const]
      }),
    )
    return rows.every(({ length }) => length > 0) ? Object.fromEntries(rows.flat()) : undefined
  }
}

const nameOf = async (key: string): Promise<string | undefined> => {
  const text = key.length <= LONGEST_KEY ? key : await digest(key)
  return text === undefined ? undefined : `answer:${DATA_VERSION}:${text}`
}

/** The same question without this caller's wishes: an answer in memory may be of no use to it, and newer. */
function ofAnybody(question: Question): Question {
  const { capability, info, params, key, startedAt } = question
  const free = { cached: true, maxAgeMs: undefined, stale: 'if-error' as const, accepts: () => true, providerOf: () => undefined }
  return { ...question, capability, info, params, key, startedAt, ...free }
}

/** Whatever else stands under the key is nobody's answer. */
function isKept(value: unknown): value is Kept {
  const { answer, freshUntil, staleUntil, marks } = (value ?? {}) as Partial<Kept>
  const { provider, data, fetchedAt, parts = [], sources = [] } = (answer ?? {}) as Partial<Answer>
  const isSound = typeof provider === 'string' && data !== undefined && typeof marks === 'object' && marks !== null
  const named = [parts, sources].every(
    (rows) => Array.isArray(rows) && rows.every((row) => typeof (row as { provider?: unknown } | null)?.provider === 'string'),
  )
  return isSound && named && [freshUntil, staleUntil, fetchedAt].every(Number.isFinite)
}

/** As long as it is good by the lifetimes of this router and by its clock: the writer may have others. */
function judged({ answer, freshUntil, staleUntil }: Kept, { info, params }: Question, now: number): Entry {
  const since = Math.min(now, answer.comparedAt ?? answer.fetchedAt)
  const lifeMs = info.ttl ? info.ttl(params as never, since) : info.ttlMs * JITTER
  const mostMs = Math.min(freshUntil, since + lifeMs)
  const stale = info.staleMs > 0 ? Math.min(staleUntil, mostMs + info.staleMs) : -Infinity
  return { answer: frozen({ ...answer, fetchedAt: Math.min(now, answer.fetchedAt) }), freshUntil: mostMs, staleUntil: stale }
}
