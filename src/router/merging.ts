import type { Capability, ParamsOf } from '../model/capabilities.js'
import type { Ticker } from '../model/market.js'
import type { Attribution, RouterResult } from '../model/result.js'
import { finderOf } from '../model/symbol.js'
import type { Env } from '../pipeline/env.js'
import type { Question } from '../pipeline/question.js'
import type { Asked } from './question.js'

/** Questions for prices that come close together, asked as one batch. */
export interface MergeOptions {
  /** How long the first one waits for others, in ms, 10…25: so much slower is a price that nobody else asks for. @default 15 */
  readonly windowMs?: number | undefined
}

type Result = RouterResult<unknown>

/** What merging needs of its router. */
export interface MergeContext {
  readonly env: Env
  /** Most that a request may take, in ms. */
  readonly totalTimeoutMs: number
  /** Whether only the very pair answers. */
  readonly strictDollars: boolean
  readonly run: (capability: Capability, params: unknown, options: Asked) => Promise<Result>
  readonly attributionOf: (provider: string) => Attribution | undefined
}

/** Asked together, and what to do with the answer. */
interface Waiting {
  readonly asked: Question
  readonly symbols: readonly string[]
  readonly settle: (batch: Promise<Result>) => void
}

/** Gathers questions for a few ms and asks for all symbols at once. Whoever the batch does not help is asked for alone, in the time that is left. */
export class Merging {
  readonly #context: MergeContext
  readonly #windowMs: number
  #waiting: Waiting[] = []

  constructor({ windowMs = 15 }: MergeOptions, context: MergeContext) {
    this.#context = context
    this.#windowMs = windowMs
  }

  /** The answer to one of the questions, as if it had been asked alone. */
  ask(asked: Question): Promise<Result> {
    const { capability, signal } = asked
    const params = asked.params as ParamsOf<'ticker'> | ParamsOf<'tickers'>
    const { env, totalTimeoutMs } = this.#context
    const symbols = 'symbol' in params ? [params.symbol] : params.symbols
    const endsAt = env.clock.now() + totalTimeoutMs
    const alone = async (): Promise<Result> => {
      signal?.throwIfAborted()
      return this.#context.run(capability, params, { signal, whole: asked, totalTimeoutMs: Math.max(1, endsAt - env.clock.now()) })
    }
    asked.joined = this.#waiting[0]?.asked.request
    if (this.#waiting.length === 0) env.clock.setTimeout(() => this.#close(), this.#windowMs)
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(signal?.reason as Error)
      signal?.addEventListener('abort', leave, { once: true })
      const settle = (batch: Promise<Result>): void => {
        const answer = batch.then((result) => this.#partOf(result, capability, symbols) ?? alone(), alone)
        void answer.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave))
      }
      this.#waiting.push({ asked, symbols, settle })
    })
  }

  #close(): void {
    const waiting = this.#waiting
    this.#waiting = []
    const symbols = [...new Set(waiting.flatMap((one) => one.symbols))]
    // one question only: as it was asked. Stale prices only to those who, asked for alone, get nothing better.
    const batch =
      waiting.length === 1
        ? Promise.reject(new Error('nobody else asked'))
        : this.#context.run('tickers', { symbols }, { stale: 'never', whole: waiting[0]?.asked })
    batch.catch(() => undefined)
    for (const { settle } of waiting) settle(batch)
  }

  /** What a batch says to one of the questions; nothing where it lacks all of it. */
  #partOf(result: Result, capability: Capability, symbols: readonly string[]): Result | undefined {
    const find = finderOf(result.data as readonly Ticker[], this.#context.strictDollars)
    const rows = symbols.flatMap((symbol) => find(symbol) ?? [])
    const [first] = rows
    if (first === undefined) return undefined
    const { missing: _missing, parts, host: _host, attribution: _attribution, ...others } = result
    const part = parts?.find((one) => one.symbols.includes(first.symbol)) ?? result
    const attribution = this.#context.attributionOf(part.provider)
    const from = {
      ...others,
      provider: part.provider,
      fetchedAt: part.fetchedAt,
      ...(part.host !== undefined && { host: part.host }),
      ...(attribution && { attribution }),
    }
    if (capability === 'ticker') return { ...from, data: first, ...(first.asOf !== undefined && { asOf: first.asOf }) }
    const missing = symbols.filter((symbol) => find(symbol) === undefined)
    return { ...from, data: Object.freeze(rows), ...(missing.length > 0 && { missing }), ...(parts && { parts }) }
  }
}
