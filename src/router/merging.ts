import type { Capability, ParamsOf } from '../model/capabilities.js'
import type { Ticker } from '../model/market.js'
import type { RouterResult } from '../model/result.js'
import { answers, pairOf } from '../model/symbol.js'
import type { Env } from '../pipeline/env.js'
import type { RequestOptions } from './options.js'

/** Questions for prices that come close together, asked as one batch. */
export interface MergeOptions {
  /** How long the first one waits for others, in ms, 10…25: so much slower is a price that nobody else asks for. @default 15 */
  readonly windowMs?: number | undefined
}

type Result = RouterResult<unknown>
type Run = (capability: Capability, params: unknown, options: RequestOptions) => Promise<Result>

/** Asked together, and what to do with the answer. */
interface Waiting {
  readonly symbols: readonly string[]
  readonly settle: (batch: Promise<Result>) => void
}

/** Gathers questions for a few ms and asks for all symbols at once. Whoever the batch does not help is asked for alone. */
export class Merging {
  readonly #env: Env
  readonly #windowMs: number
  readonly #run: Run
  #waiting: Waiting[] = []

  constructor(env: Env, { windowMs = 15 }: MergeOptions, run: Run) {
    this.#env = env
    this.#windowMs = windowMs
    this.#run = run
  }

  /** The answer to one of the questions, as if it had been asked alone. */
  ask(capability: 'ticker' | 'tickers', params: ParamsOf<'ticker'> | ParamsOf<'tickers'>, { signal }: RequestOptions): Promise<Result> {
    const symbols = 'symbol' in params ? [params.symbol] : params.symbols
    const alone = (): Promise<Result> => this.#run(capability, params, { signal })
    if (this.#waiting.length === 0) this.#env.clock.setTimeout(() => this.#close(), this.#windowMs)
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(signal?.reason as Error)
      signal?.addEventListener('abort', leave, { once: true })
      const settle = (batch: Promise<Result>): void => {
        signal?.removeEventListener('abort', leave)
        if (signal?.aborted) return
        batch.then((result) => partOf(result, capability, symbols) ?? alone(), alone).then(resolve, reject)
      }
      this.#waiting.push({ symbols, settle })
    })
  }

  #close(): void {
    const waiting = this.#waiting
    this.#waiting = []
    const symbols = [...new Set(waiting.flatMap((one) => one.symbols))]
    // one question only: as it was asked
    const batch = waiting.length === 1 ? Promise.reject(new Error('nobody else asked')) : this.#run('tickers', { symbols }, {})
    batch.catch(() => undefined)
    for (const { settle } of waiting) settle(batch)
  }
}

/** What a batch says to one of the questions; nothing where it lacks all of it. */
function partOf(result: Result, capability: 'ticker' | 'tickers', symbols: readonly string[]): Result | undefined {
  const rows = symbols.flatMap((symbol) => {
    const row = (result.data as readonly Ticker[]).find((ticker) => ticker.symbol === symbol || answers(pairOf(ticker.symbol), pairOf(symbol)))
    return row ? [{ symbol, row }] : []
  })
  const [first] = rows
  if (first === undefined) return undefined
  const { missing: _missing, parts, ...rest } = result
  const part = parts?.find((one) => one.symbols.includes(first.row.symbol))
  const { host: _host, ...others } = rest
  const from =
    part === undefined ? rest : { ...others, provider: part.provider, fetchedAt: part.fetchedAt, ...(part.host !== undefined && { host: part.host }) }
  if (capability === 'ticker') return { ...from, data: first.row, ...(first.row.asOf !== undefined && { asOf: first.row.asOf }) }
  const missing = symbols.filter((symbol) => !rows.some((row) => row.symbol === symbol))
  const data = Object.freeze(rows.map(({ row }) => row))
  return { ...from, data, ...(missing.length > 0 && { missing }), ...(parts && { parts }) }
}
