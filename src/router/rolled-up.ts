import { DEFAULT_CANDLES, type ParamsOf } from '../model/capabilities.js'
import { opensAt } from '../model/interval.js'
import type { Candle } from '../model/market.js'
import type { RouterResult } from '../model/result.js'
import { finerIn, finerThan, rollUp } from '../model/roll-up.js'

/** How candles are asked for. */
export interface CandleAsking {
  /** Within the time that is left of the request. */
  readonly run: (params: ParamsOf<'candles'>) => Promise<RouterResult<unknown>>
  /** Whether anybody has them, or they are remembered. */
  readonly canBeHad: (params: ParamsOf<'candles'>) => boolean
  readonly now: () => number
}

/** Candles of an interval that nobody has, out of the longest finer ones that somebody has; where those have gaps, what asking plainly gives. */
export async function rolledUp({ run, canBeHad, now }: CandleAsking, params: ParamsOf<'candles'>): Promise<RouterResult<unknown>> {
  const { interval, limit = DEFAULT_CANDLES, since } = params
  if (canBeHad(params)) return run(params)
  for (const finer of finerThan(interval)) {
    const begin = since === undefined ? undefined : opensAt(since, interval)
    // one more where the first is cut by `since`; without it the running one is of the number
    const wanted = since === begin ? limit : limit + 1
    const question = { ...params, interval: finer, limit: wanted * finerIn(interval, finer), since: begin }
    if (!canBeHad(question)) continue
    const result = await run(question)
    const whole = rollUp(result.data as readonly Candle[], finer, interval, now())
    if (whole === undefined || whole.length === 0) break // a finer one of the same market would have the same gaps, and cost the same time again
    const asked = since === undefined ? whole.slice(-limit) : whole.filter(({ openTime }) => openTime >= since).slice(0, limit)
    return { ...result, data: Object.freeze(asked.map((candle) => Object.freeze(candle))), rolledUpFrom: finer }
  }
  return run(params)
}
