import type { Capability, CapabilityInfo } from '../model/capabilities.js'
import type { Ticker } from '../model/market.js'
import type { Attempt, FailureReason, RouterResult, Source } from '../model/result.js'
import type { AnyProvider } from '../provider/provider.js'
import type { AgreeOptions } from './agree.js'
import { type Answer, inAskedOrder } from './answer.js'
import { frozen } from './frozen.js'
import type { Ask } from './ask.js'

/** What a caller wants, with every default filled in. */
export interface Question {
  readonly capability: Capability
  readonly info: CapabilityInfo
  readonly params: unknown
  /** Equal for equal questions, whoever answers them. */
  readonly key: string
  /** Further text that keeps questions with other filters apart; nothing where it can be shared with nobody. */
  readonly scope: string | undefined
  readonly cached: boolean
  readonly maxAgeMs: number | undefined
  readonly stale: 'if-error' | 'while-revalidate' | 'never'
  readonly signal: AbortSignal | undefined
  readonly startedAt: number
  /** Counted by the router. */
  readonly request: number
  /** The request whose attempt puts this one. */
  readonly parent: number | undefined
  /** The request that it is asked for, where it is not that one itself. */
  readonly whole: Question | undefined
  /** The request whose work under way it waits for. */
  joined: number | undefined
  readonly totalTimeoutMs: number
  readonly timeoutMs: number
  readonly maxAttempts: number
  readonly retries: number
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined
  /** Ask several and compare. */
  readonly agree: AgreeOptions | undefined
  /** Ask so many at once and take the first. */
  readonly race: number | undefined
  /** Ask so many at once whose lists can be put together. */
  readonly gather: number
  /** Whether this provider's answers may be used. */
  accepts(provider: string): boolean
  /** The question as selection sees it, made when somebody has to be asked. */
  ask(now: number): Ask
  providerOf(id: string): AnyProvider | undefined
}

/** The figure of an answer that sources are compared by; nothing where it has none. */
export function valueOf({ info }: Question, { data }: Answer): number | undefined {
  try {
    const value = info.value?.(data as never)
    return Number.isFinite(value) ? value : undefined
  } catch {
    return undefined // an author's slip must not fail the request
  }
}

const NO_ATTEMPTS: readonly Attempt[] = Object.freeze([])

/** What the caller gets. */
export function resultOf(
  question: Question,
  answer: Answer,
  source: RouterResult<unknown>['source'],
  now: number,
  attempts: readonly Attempt[] = NO_ATTEMPTS,
  staleReason?: FailureReason,
): RouterResult<unknown> {
  const { provider, host, fetchedAt, asOf, degraded, parts, sources, agreement } = answer
  const { symbols } = question.params as { symbols?: readonly string[] }
  const isBatch = question.capability === 'tickers' && symbols !== undefined
  const [data, missing] = isBatch ? inOrder(answer, symbols) : [answer.data, answer.missing]
  const attribution = question.providerOf(provider)?.attribution
  // one property after the other: a spread for each that may be missing costs more than the rest of a cache hit
  const result: { -readonly [K in keyof RouterResult<unknown>]: RouterResult<unknown>[K] } = {
    data,
    provider,
    source,
    fetchedAt,
    ageMs: Math.max(0, now - fetchedAt),
    latencyMs: Math.max(0, now - question.startedAt),
    attempts,
  }
  if (host !== undefined) result.host = host
  if (asOf !== undefined) result.asOf = asOf
  if (staleReason !== undefined) result.staleReason = staleReason
  if (degraded === true || source === 'stale') result.degraded = true
  if (attribution !== undefined) result.attribution = attribution
  if (missing !== undefined) result.missing = missing
  if (parts !== undefined) result.parts = parts
  if (sources !== undefined) result.sources = attributed(question, sources)
  if (agreement !== undefined) result.agreement = agreement
  return result
}

const attributed = (question: Question, sources: readonly Source[]): readonly Source[] =>
  sources.map((source) => {
    const attribution = question.providerOf(source.provider)?.attribution
    return attribution === undefined ? source : { ...source, attribution }
  })

/** A batch, and what it lacks, in the order of this caller. */
function inOrder({ data, missing }: Answer, symbols: readonly string[]): [unknown, readonly string[] | undefined] {
  if (missing === undefined) return [frozen(inAskedOrder(data as Ticker[], symbols)), undefined]
  const lacking = new Set(missing)
  const known = symbols.filter((symbol) => !lacking.has(symbol))
  return [frozen(inAskedOrder(data as Ticker[], known)), symbols.filter((symbol) => lacking.has(symbol))]
}
