import { AllProvidersFailedError, NoProviderError } from '../errors.js'
import { AMBIGUOUS_ASSETS } from '../model/ambiguous-assets.js'
import type { Ticker } from '../model/market.js'
import type { FailureReason } from '../model/result.js'
import { baseOf } from '../model/symbol.js'
import type { HttpEndpoint } from '../provider/provider.js'
import type { Answer, AnswerPart } from './answer.js'
import { frozen } from './frozen.js'
import type { Ask } from './ask.js'
import type { Budget } from './budget.js'
import type { Candidate } from './candidate.js'
import { type ProviderState, refusalKey } from './provider-state.js'
import { excluded, type ExclusionReason } from './select.js'

/** What a candidate is asked of a batch: the symbols that it may know, at most as many as one call takes. */
export function shareOf({ state, endpoint }: Candidate, { symbols = [], ambiguous, preferences, now }: Ask): readonly string[] {
  const { maxBatch = Infinity, whole } = endpoint as Partial<HttpEndpoint<'tickers'>>
  const hasNoDollars = preferences.strictDollars && state.provider.dollarQuote !== undefined
  const mayKnow = (symbol: string): boolean => {
    const base = baseOf(symbol)
    if (isRefused(state, symbol, now) || (hasNoDollars && symbol.endsWith('/USD'))) return false
    if (ambiguous && Object.hasOwn(AMBIGUOUS_ASSETS, base)) return Object.hasOwn(state.overrides, base)
    return state.mayKnow(base, now)
  }
  const known = symbols.every(mayKnow) ? symbols : symbols.filter(mayKnow)
  return whole === undefined && known.length > maxBatch ? known.slice(0, maxBatch) : known
}

/**
 * Asks for a batch until nothing is missing that anybody may know: each further round is for the rest alone, at whoever was
 * not asked for it. A round that brings something gives its attempt back, so that a large batch is no failing request.
 */
export function filled(budget: Budget, round: () => Promise<Answer>): Promise<Answer> {
  const { symbols } = budget.ask
  return symbols === undefined ? round() : inRounds(budget, symbols, round)
}

async function inRounds(budget: Budget, symbols: readonly string[], round: () => Promise<Answer>): Promise<Answer> {
  let answer: Answer | undefined
  for (let left = symbols; ;) {
    const { attemptsLeft } = budget
    try {
      const next = await round()
      answer = answer === undefined ? next : joined(answer, next)
      if (next.missing === undefined) return answer
      left = next.missing
      budget.attemptsLeft++
    } catch (error) {
      if (!AllProvidersFailedError.is(error) && !NoProviderError.is(error)) throw error
      if (hasNoTime(budget) || !someAskedForLess(budget, left)) return ended(budget, answer, error)
      budget.attemptsLeft = attemptsLeft // a part that nobody knows is no failing request either
    }
    if (hasNoTime(budget)) return ended(budget, answer, undefined)
    const { ask, failures } = budget
    budget.mayWait = !budget.hasStale && left.some((symbol) => !isRefusedBySome(ask, symbol))
    budget.ask = ask.narrowed(left, (candidate, next) => isOut(candidate, ask, next, failures.get(candidate.id)?.reason))
  }
}

const hasNoTime = ({ ask, signal, deadline }: Budget): boolean => signal?.aborted === true || deadline <= ask.now

/** What there is when nobody is left to ask; without anything, why. */
function ended({ ask }: Budget, answer: Answer | undefined, error: unknown): Answer {
  if (answer === undefined) throw error
  // whoever may still know something could not be asked, or failed
  const isPartial = ask.group.candidates.some((candidate) => !isOutForGood(excluded(candidate, ask)) && shareOf(candidate, ask).length > 0)
  return isPartial ? { ...answer, partial: true } : answer
}

const FOR_GOOD: ReadonlySet<ExclusionReason> = new Set(['disabled', 'retired', 'key-missing', 'not-wanted', 'unsupported', 'unknown-asset', 'no-dollars'])
const isOutForGood = (reason: ExclusionReason | undefined): boolean => reason !== undefined && FOR_GOOD.has(reason)

/** Somebody did not know the part that it was asked, and was not asked the rest, which one call had no room for. */
function someAskedForLess({ ask, failures }: Budget, left: readonly string[]): boolean {
  const next = ask.narrowed(left, () => false)
  return ask.group.candidates.some((candidate) => failures.get(candidate.id)?.reason === 'not-found' && isAskedForLess(candidate, ask, next))
}

const isAskedForLess = (candidate: Candidate, asked: Ask, next: Ask): boolean =>
  asked.hasTried(candidate) && shareOf(candidate, next).some((symbol) => !asked.share(candidate)?.includes(symbol))

/** Whoever failed; but of one that knew nothing of its part in an earlier round its memory tells what it may still know. */
const isOut = (candidate: Candidate, asked: Ask, next: Ask, reason: FailureReason | undefined): boolean =>
  reason !== undefined && (reason !== 'not-found' || (asked.hasTried(candidate) && !isAskedForLess(candidate, asked, next)))

const isRefusedBySome = ({ group, now }: Ask, symbol: string): boolean => group.candidates.some(({ state }) => isRefused(state, symbol, now))

/** Whom a single question told that there is no such symbol needs not be asked in a batch; the other way round a batch may hold only the largest. */
const isRefused = (state: ProviderState, symbol: string, now: number): boolean =>
  state.hasRefusals && (state.refusedUntil(refusalKey('tickers', symbol)) > now || state.refusedUntil(refusalKey('ticker', symbol)) > now)

function joined(first: Answer, next: Answer): Answer {
  return {
    ...first,
    data: [...(first.data as Ticker[]), ...(next.data as Ticker[])],
    fetchedAt: Math.min(first.fetchedAt, next.fetchedAt),
    missing: next.missing,
    parts: frozen([...partsOf(first), ...partsOf(next)]),
    ...((first.degraded || next.degraded) && { degraded: true }),
    reused: first.reused === true && next.reused === true,
  }
}

const partsOf = ({ parts, provider, host, fetchedAt, data }: Answer): readonly AnswerPart[] =>
  parts ?? [{ provider, ...(host !== undefined && { host }), fetchedAt, symbols: (data as Ticker[]).map(({ symbol }) => symbol) }]
