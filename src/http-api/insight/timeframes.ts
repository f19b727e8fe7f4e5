import { AllProvidersFailedError } from '../../errors.js'
import type { ParamsOf } from '../../model/capabilities.js'
import { INTERVAL_MS, type Interval } from '../../model/interval.js'
import { NEVER, planOf, UNKNOWN } from '../data/exclusions.js'
import { badRequest, failureOf } from '../failures.js'
import type { Api } from '../route.js'

/** Sizes in which the provider `computed-indicators` asks for candles: the second where periods are long. */
export const SIZES = [250, 500] as const

type Question = ParamsOf<'indicators'>

/**
 * What to answer where indicators could not be had: 400 where the timeframe is one that nobody has, with those that somebody has now, or where periods take
 * more candles than anybody gives; else the failure as it is. `field`: name of the parameter. `since`: when it was asked for, Unix ms.
 */
export function failureOfTimeframe(api: Api, asked: Question, field: string, error: unknown, since: number): unknown {
  if (failureOf(error).status < 500) return error
  const [usual, long] = SIZES
  const refusing = refusedBy(api, asked, since)
  if (refusing !== undefined || isLacking(api, asked, usual)) {
    const why = refusing === undefined ? `no provider has ${asked.interval}` : `${refusing.join(' and ')} refused ${asked.interval}`
    const able = othersOf(api, asked, usual)
    return able.length === 0 ? error : badRequest(`${field}: ${why}; of ${asked.symbol} there are ${able.join(', ')} now`)
  }
  if (!isOutOfReach(error) || !isLacking(api, asked, long)) return error
  const able = othersOf(api, asked, long)
  const remedy = able.length === 0 ? 'take shorter ones' : `take shorter ones, or for ${field} one of ${able.join(', ')}`
  return badRequest(`nobody gives the ${long} candles of ${asked.interval} that periods this long take: ${remedy}`)
}

/** Timeframes that can be had now, but for the one that was asked for. */
const othersOf = (api: Api, asked: Question, size: number): Interval[] =>
  (Object.keys(INTERVAL_MS) as Interval[]).filter((interval) => interval !== asked.interval && canBeHad(api, { ...asked, interval }, size))

/** Whether nobody was asked for candles, for reasons that do not pass: how many candles are asked for is known to who computes alone, and it tells these reasons only. */
function isOutOfReach(error: unknown): boolean {
  if (!AllProvidersFailedError.is(error)) return false
  const reasons = error.failures.flatMap(({ message }) => message.split('; ').map((part) => part.slice(part.lastIndexOf(': ') + 2)))
  return reasons.includes('unsupported') && reasons.every((reason) => NEVER.has(reason))
}

/** Who gives indicators: by itself, or computed from candles of the router. */
function givers(api: Api, asked: Question) {
  const { candidates, excluded } = planOf({ api }, 'indicators', asked)
  const remote = new Set(api.router.providers.flatMap(({ id, hosts }) => (hosts === undefined ? [] : [id])))
  return {
    remote: candidates.some(({ provider }) => remote.has(provider)),
    computed: candidates.some(({ provider }) => !remote.has(provider)),
    /** Whether time alone may bring one. */
    resting: excluded.some(({ reason }) => !NEVER.has(reason) && !UNKNOWN.has(reason)),
    unsupported: excluded.some(({ reason }) => reason === 'unsupported'),
  }
}

/** Whether somebody can be asked for this now. */
function canBeHad(api: Api, asked: Question, limit: number): boolean {
  const { remote, computed } = givers(api, asked)
  return remote || (computed && planOf({ api }, 'candles', { symbol: asked.symbol, interval: asked.interval, limit }).candidates.length > 0)
}

/** Whether it is the timeframe, and nothing else, that keeps everybody out. */
function isLacking(api: Api, asked: Question, limit: number): boolean {
  const { remote, computed, resting, unsupported } = givers(api, asked)
  if (remote || resting) return false
  if (!computed) return unsupported
  const { candidates, excluded } = planOf({ api }, 'candles', { symbol: asked.symbol, interval: asked.interval, limit })
  if (candidates.length > 0 || !excluded.some(({ reason }) => reason === 'unsupported')) return false
  return excluded.every(({ reason }) => NEVER.has(reason))
}

/**
 * Those that were asked for candles since then and took the question for wrong, where that was everybody: their documentation has the timeframe, they
 * themselves don't. A failure of another kind in between, whoever's, makes it none of theirs.
 */
function refusedBy(api: Api, { symbol, interval }: Question, since: number): string[] | undefined {
  const failed = api.router.status().recentErrors.filter(({ at, capability }) => capability === 'candles' && at >= since)
  if (failed.length === 0 || failed.some(({ reason }) => reason !== 'bad-request')) return undefined
  const refused = new Set(failed.map(({ provider }) => provider))
  const { candidates, excluded } = planOf({ api }, 'candles', { symbol, interval, limit: SIZES[0] })
  const others = [...candidates, ...excluded.filter(({ reason }) => !NEVER.has(reason) && !UNKNOWN.has(reason))]
  return others.every(({ provider }) => refused.has(provider)) ? [...refused] : undefined
}
