import { ProviderError } from '../errors.js'
import type { Outcome } from './answer.js'
import type { Budget } from './budget.js'
import type { Candidate } from './candidate.js'
import type { Env } from './env.js'
import { chosen } from './choose.js'
import { ENOUGH_SAMPLES } from './health.js'
import type { Turn } from './turn.js'

/** When a second provider is asked because the first is late. */
export interface HedgeOptions {
  readonly afterMs: number | 'p95'
  /** Hedges per request, at most. @default 0.1 */
  readonly maxExtraRate?: number | undefined
}

/** Delay while a provider has no percentile of its own yet. */
const UNKNOWN_MS = 500
const LEAST_MS = 20
/** Hedges that can be saved up, and those at hand from the start. */
const BUCKET = 20
const START = 3

/** A hedge's delay and its budget: a bucket that each request fills by `maxExtraRate`. */
export class Hedge {
  readonly #afterMs: number | 'p95'
  readonly #rate: number
  #tokens = START

  constructor({ afterMs, maxExtraRate = 0.1 }: HedgeOptions) {
    this.#afterMs = afterMs
    this.#rate = maxExtraRate
  }

  requested(): void {
    this.#tokens = Math.min(BUCKET, this.#tokens + this.#rate)
  }

  take(): boolean {
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  delayFor({ state }: Candidate): number {
    if (this.#afterMs !== 'p95') return this.#afterMs
    const { latencies } = state.health
    return latencies.count < ENOUGH_SAMPLES ? UNKNOWN_MS : Math.max(LEAST_MS, latencies.at(0.95) ?? UNKNOWN_MS)
  }
}

/** Asks `first`, and a second candidate too when it is late: the first good answer counts, the other is ended. */
export async function hedged(env: Env, budget: Budget, hedge: Hedge, first: Candidate, turn: Turn): Promise<Outcome> {
  const controllers: AbortController[] = []
  const turns: Promise<Outcome>[] = []
  const parent = budget.signal
  const endAll = (reason: unknown): void => controllers.forEach((controller) => controller.abort(reason))
  const onAbort = (): void => endAll(parent?.reason)
  parent?.addEventListener('abort', onAbort, { once: true })
  const outcome = await new Promise<Outcome>((resolve) => {
    let running = 0
    const start = (candidate: Candidate, isHedge: boolean): void => {
      const controller = new AbortController()
      controllers.push(controller)
      if (parent?.aborted) controller.abort(parent.reason)
      running++
      const done = turn(candidate, controller.signal, isHedge)
      turns.push(done)
      void done.then((settled) => {
        running--
        if (!(settled instanceof ProviderError) || running === 0) finish(settled)
      })
    }
    const cancel = env.clock.setTimeout(() => {
      const second = secondFor(env, budget, hedge)
      if (second) start(second, true)
    }, hedge.delayFor(first))
    const finish = (settled: Outcome): void => {
      cancel()
      resolve(settled)
    }
    start(first, false)
  })
  parent?.removeEventListener('abort', onAbort)
  endAll(new DOMException('another provider was quicker', 'AbortError'))
  await Promise.all(turns) // ended at once: the trace of the loser belongs to the result
  return outcome
}

/** Who is asked beside the first: somebody whose calls cost nothing, within both budgets. */
function secondFor(env: Env, budget: Budget, hedge: Hedge): Candidate | undefined {
  const now = env.clock.now()
  budget.ask.now = now
  if (budget.attemptsLeft <= 0 || budget.leftMs(now) <= 0) return undefined
  return chosen(env, budget, (candidate) => mayHedge(candidate, now) && hedge.take() && env.extras.take(now))
}

/** Never at somebody whose calls cost money, and never as a breaker's trial: a loser is ended, and tells nothing. */
const mayHedge = ({ state }: Candidate, now: number): boolean => state.provider.metered !== true && !state.lastResort && state.breaker.state(now) === 'closed'
