import type { FailureReason } from '../model/result.js'
import type { Strategy } from '../strategies/strategy.js'
import type { Ask } from './ask.js'
import type { Candidate } from './candidate.js'

/** Why a provider is passed over. Those that are failure reasons end by themselves; the others need a hand or another question. */
export type ExclusionReason =
  | FailureReason
  | 'disabled'
  | 'isolated'
  | 'retired'
  | 'key-missing'
  | 'not-wanted'
  | 'unsupported'
  | 'unknown-asset'
  | 'no-dollars'
  | 'busy'
  /** The question alone takes more than its own limit ever allows. */
  | 'over-limit'

/** Those that say nothing of how the provider is. */
const OF_THE_QUESTION: ReadonlySet<ExclusionReason> = new Set(['not-wanted', 'unsupported', 'unknown-asset', 'not-found', 'no-dollars', 'busy', 'over-limit'])

/** One provider that is not asked, and why. */
export interface Exclusion {
  readonly provider: string
  readonly reason: ExclusionReason
  /** When it ends by itself, Unix ms. */
  readonly until?: number
}

/** A latency below this is never slow enough to lose a place, in ms. */
const EJECTION_FLOOR_MS = 400
/** When a place may be free at a provider that was never measured, in ms. */
const BUSY_MS = 50
/** An estimate older than this no longer speaks against its provider: it is asked again. */
const STALE_SAMPLE_MS = 30_000

/** Why this candidate can't be asked now; nothing where it can. Reads only. */
export function excluded(candidate: Candidate, ask: Ask): ExclusionReason | undefined {
  const { state, member, endpoint } = candidate
  const { provider } = state
  if (!member.enabled || provider.enabled === false) return 'disabled'
  if (state.isolated) return 'isolated'
  if (provider.retired) return 'retired'
  if (state.missesKey) return 'key-missing'
  if (ask.only !== undefined && !ask.only.has(candidate.id)) return 'not-wanted'
  if (ask.except?.has(candidate.id)) return 'not-wanted'
  if (ask.lacksDollars(provider)) return 'no-dollars'
  if (!knowsAsset(candidate, ask)) return 'unknown-asset'
  if (endpoint.supports && !isSupported(candidate, ask)) return 'unsupported'
  return outFor(candidate, ask)
}

function isSupported(candidate: Candidate, ask: Ask): boolean {
  try {
    return candidate.endpoint.supports?.(ask.paramsFor(candidate) as never) !== false
  } catch {
    return false // an author's slip must not fail the request
  }
}

/** Of those that pass by themselves. */
function outFor(candidate: Candidate, ask: Ask): ExclusionReason | undefined {
  const { state } = candidate
  const { now } = ask
  if (state.own !== undefined && state.sendsNothing(ask.ownKey(candidate), now, ask.maxAgeMs)) return undefined
  if (state.rest.until > now) return state.rest.reason
  if (!state.breaker.permits(now)) return 'circuit-open'
  if (state.driftBreakers.size > 0 && state.driftBreaker(ask.capability)?.permits(now) === false) return 'circuit-open'
  if (state.inFlight >= state.maxInFlight) return 'busy'
  const { ledger } = state
  if (ledger === undefined) return undefined
  candidate.cost = ask.costOf(candidate)
  const at = ledger.nextAvailableAt(candidate.cost, now, candidate.calls)
  if (at <= now) return undefined
  if (at === Infinity) return 'over-limit'
  return ledger.isQuota(candidate.cost, now, candidate.calls) ? 'quota-exhausted' : 'rate-limited'
}

function knowsAsset(candidate: Candidate, ask: Ask): boolean {
  const { state } = candidate
  const { asset, ambiguous, now } = ask
  const share = ask.share(candidate)
  if (share !== undefined) return share.length > 0
  if (state.hasRefusals && state.refusedUntil(ask.subject) > now) return false
  if (ambiguous && asset !== undefined) return Object.hasOwn(state.overrides, asset)
  return asset === undefined || state.mayKnow(asset, now)
}

/** When an exclusion ends by itself. */
export function untilOf(candidate: Candidate, reason: ExclusionReason, ask: Ask): number | undefined {
  const { state } = candidate
  const { now } = ask
  if (reason === 'circuit-open') return Math.max(state.breaker.permitsAt(now), state.driftBreaker(ask.capability)?.permitsAt(now) ?? now)
  if (reason === 'busy') return now + (candidate.latencyMs ?? BUSY_MS)
  if (reason === 'unknown-asset') return state.refusedUntil(ask.subject) > now ? state.refusedUntil(ask.subject) : undefined
  if (state.rest.until > now && reason === state.rest.reason) return state.rest.until
  if (reason !== 'rate-limited' && reason !== 'quota-exhausted') return undefined
  const at = state.ledger?.nextAvailableAt(candidate.cost, now, candidate.calls)
  return at === Infinity ? undefined : at
}

/** What one look at the candidates may do to them. */
type Admits = (candidate: Candidate) => boolean
/** Hears of a candidate for which the strategy threw or gave NaN. */
type BadCost = (candidate: Candidate) => void

/**
 * The candidate to ask next: lowest cost among those that can be asked, were not tried by this request, and are not
 * slow while others are at hand; last-resort providers after all others. One pass in the usual case, without allocating.
 */
export function select(ask: Ask, onBadCost: BadCost, lastResortOnly = false): Candidate | undefined {
  const { group } = ask
  group.now = ask.now
  const first = lastResortOnly ? undefined : pick(ask, false, onBadCost)
  if (first === undefined) return pick(ask, true, onBadCost)
  if (!isHeldBack(first, ask)) return keep(first, ask)
  const other = pick(ask, false, onBadCost, (candidate) => !isHeldBack(candidate, ask))
  return other === undefined ? first : keep(other, ask)
}

function pick(ask: Ask, lastResort: boolean, onBadCost: BadCost, admits?: Admits): Candidate | undefined {
  const { group, strategy, isPlain, now } = ask
  const { then } = strategy
  let best: Candidate | undefined
  let bestCost = Infinity
  let bestThen: number | undefined
  for (const candidate of group.candidates) {
    const { state } = candidate
    if (state.lastResort !== lastResort || ask.hasTried(candidate)) continue
    const isClear = isPlain && state.isClear && candidate.isPlain && candidate.member.enabled && state.rest.until <= now && state.inFlight < state.maxInFlight
    if (!isClear && isOut(candidate, ask)) continue
    if (!candidate.present) group.level(candidate)
    if (admits !== undefined && !admits(candidate)) continue
    if (candidate.endpoint.cost !== undefined) candidate.cost = ask.costOf(candidate)
    const cost = costBy(strategy, candidate, ask, onBadCost)
    if (best === undefined || cost < bestCost) {
      best = candidate
      bestCost = cost
      bestThen = undefined
    } else if (cost === bestCost && then === undefined) {
      if (candidate.lastPick < best.lastPick) best = candidate
    } else if (cost === bestCost && then !== undefined) {
      bestThen ??= costBy(then, best, ask, onBadCost)
      const thenCost = costBy(then, candidate, ask, onBadCost)
      if (thenCost > bestThen || (thenCost === bestThen && !wins(candidate, best, then.then, ask, onBadCost))) continue
      best = candidate
      bestThen = thenCost
    }
  }
  return best
}

/** The closer look at one that is not plainly clear; it leaves the group where it is out. */
function isOut(candidate: Candidate, ask: Ask): boolean {
  const reason = excluded(candidate, ask)
  if (reason === undefined) return false
  if (ask.isPart && reason === 'not-wanted') return true
  if (candidate.present) ask.group.leave(candidate)
  candidate.out ||= !OF_THE_QUESTION.has(reason)
  return true
}

function costBy(strategy: Strategy, candidate: Candidate, ask: Ask, onBadCost: BadCost): number {
  try {
    const cost = strategy(candidate, ask)
    if (!Number.isNaN(cost)) return cost
  } catch {
    // reported like NaN: a strategy's mistake must not fail a request
  }
  onBadCost(candidate)
  return Infinity
}

/** Equal cost: the next strategy decides, and at last who was picked longest ago. */
function wins(candidate: Candidate, best: Candidate, then: Strategy | undefined, ask: Ask, onBadCost: BadCost): boolean {
  if (then === undefined) return candidate.lastPick < best.lastPick
  const cost = costBy(then, candidate, ask, onBadCost)
  const bestCost = costBy(then, best, ask, onBadCost)
  return cost < bestCost || (cost === bestCost && wins(candidate, best, then.then, ask, onBadCost))
}

/** Slow, or rotated away: chosen only when nobody else is at hand. */
function isHeldBack(candidate: Candidate, ask: Ask): boolean {
  if (candidate.passedAt >= 0) {
    if (ask.group.candidates.some((other) => other !== candidate && other.present && other.lastPick < candidate.passedAt)) return true
    candidate.passedAt = -1
  }
  if (candidate.state.votes.isOdd(ask.now)) return true
  const { latencyMs } = candidate
  if (latencyMs === undefined || (candidate.sampleAgeMs ?? 0) > STALE_SAMPLE_MS) return false
  if (latencyMs > ask.preferences.skipSlowerThanMs) return true
  return latencyMs > EJECTION_FLOOR_MS && latencyMs > ask.preferences.ejectSlowerThan * bestLatency(ask)
}

function bestLatency(ask: Ask): number {
  let best = Infinity
  for (const candidate of ask.group.candidates) {
    const { present, latencyMs } = candidate
    if (present && !ask.hasTried(candidate) && latencyMs !== undefined && latencyMs < best) best = latencyMs
  }
  return best
}

const quiet = (): void => undefined

/** The incumbent keeps its place for a while, as long as the winner is not clearly better. */
function keep(winner: Candidate, ask: Ask): Candidate {
  const { keepIncumbent } = ask.preferences
  const { incumbent, incumbentSince } = ask.group
  if (keepIncumbent === undefined || incumbent === undefined || incumbent === winner || ask.now - incumbentSince >= keepIncumbent.forMs) return winner
  if (ask.hasTried(incumbent) || incumbent.state.lastResort || excluded(incumbent, ask) !== undefined || isHeldBack(incumbent, ask)) return winner
  const [held, best] = [costBy(ask.strategy, incumbent, ask, quiet), costBy(ask.strategy, winner, ask, quiet)]
  return held <= best + keepIncumbent.within * Math.abs(best) ? incumbent : winner
}

/** Whether somebody who was not tried can be asked, besides `except`. */
export function anyoneElse(ask: Ask, except: Candidate): boolean {
  return ask.group.candidates.some((candidate) => candidate !== except && !ask.hasTried(candidate) && excluded(candidate, ask) === undefined)
}

/** Whether an untried last-resort provider can be asked. */
export function lastResortAtHand(ask: Ask): boolean {
  return ask.group.candidates.some((candidate) => candidate.state.lastResort && !ask.hasTried(candidate) && excluded(candidate, ask) === undefined)
}

/** Everybody who can't be asked now, with the reason; those that this request tried are left out. */
export function exclusions(ask: Ask): Exclusion[] {
  const rows: Exclusion[] = []
  for (const candidate of ask.group.candidates) {
    const reason = ask.hasTried(candidate) ? undefined : excluded(candidate, ask)
    if (reason === undefined) continue
    const until = untilOf(candidate, reason, ask)
    rows.push({ provider: candidate.id, reason, ...(until !== undefined && { until }) })
  }
  return rows
}
