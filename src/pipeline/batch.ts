import { AllProvidersFailedError, NoProviderError } from '../errors.js'
import { AMBIGUOUS_ASSETS } from '../model/ambiguous-assets.js'
import type { Ticker } from '../model/market.js'
import type { FailureReason } from '../model/result.js'
import { baseOf } from '../model/symbol.js'
import type { HttpEndpoint } from '../provider/provider.js'
import type { Answer, AnswerPart } from './answer.js'
import type { Ask } from './ask.js'
import type { Budget } from './budget.js'
import type { Candidate } from './candidate.js'

/** What a candidate is asked of a batch: the symbols that it may know, at most as many as one call takes. */
export function shareOf({ state, endpoint }: Candidate, { symbols = [], ambiguous, now }: Ask): readonly string[] {
  const { maxBatch = Infinity, whole } = endpoint as Partial<HttpEndpoint<'tickers'>>
  const mayKnow = (symbol: string): boolean => {
    const base = baseOf(symbol)
    if (ambiguous && Object.hasOwn(AMBIGUOUS_ASSETS, base)) return Object.hasOwn(state.overrides, base)
    return state.refusedUntil(symbol) <= now && state.mayKnow(base, now)
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
    try {
      const next = await round()
      answer = answer === undefined ? next : joined(answer, next)
      if (next.missing === undefined) return answer
      left = next.missing
      budget.attemptsLeft++
    } catch (error) {
      const isOver = budget.attemptsLeft <= 0 || !someAskedForLess(budget)
      if (isOver && answer !== undefined && (AllProvidersFailedError.is(error) || NoProviderError.is(error))) return answer
      if (isOver) throw error
    }
    const { ask, failures } = budget
    budget.mayWait = !budget.hasStale && left.some((symbol) => !isRefusedBySome(ask, symbol))
    budget.ask = ask.narrowed(left, (candidate) => isOut(candidate, ask, failures.get(candidate.id)?.reason))
  }
}

/** Somebody did not know the part that it was asked, and was not asked the rest, which one call had no room for. */
const someAskedForLess = ({ ask, failures }: Budget): boolean =>
  ask.group.candidates.some((candidate) => failures.get(candidate.id)?.reason === 'not-found' && isAskedForLess(candidate, ask))

function isAskedForLess(candidate: Candidate, ask: Ask): boolean {
  const { maxBatch = Infinity, whole } = candidate.endpoint as Partial<HttpEndpoint<'tickers'>>
  return whole === undefined && ask.hasTried(candidate) && (ask.share(candidate)?.length ?? 0) >= maxBatch && shareOf(candidate, ask).length > 0
}

/** Whoever failed; but of one that knew nothing of its part in an earlier round its memory tells what it may still know. */
const isOut = (candidate: Candidate, ask: Ask, reason: FailureReason | undefined): boolean =>
  reason !== undefined && (reason !== 'not-found' || (ask.hasTried(candidate) && !isAskedForLess(candidate, ask)))

const isRefusedBySome = ({ group, now }: Ask, symbol: string): boolean => group.candidates.some(({ state }) => state.refusedUntil(symbol) > now)

function joined(first: Answer, next: Answer): Answer {
  return {
    ...first,
    data: [...(first.data as Ticker[]), ...(next.data as Ticker[])],
    fetchedAt: Math.min(first.fetchedAt, next.fetchedAt),
    missing: next.missing,
    parts: [...partsOf(first), ...partsOf(next)],
    ...((first.degraded || next.degraded) && { degraded: true }),
    reused: first.reused === true && next.reused === true,
  }
}

const partsOf = ({ parts, provider, host, fetchedAt, data }: Answer): readonly AnswerPart[] =>
  parts ?? [{ provider, ...(host !== undefined && { host }), fetchedAt, symbols: (data as Ticker[]).map(({ symbol }) => symbol) }]
