import type { Ticker } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import { type Asker, isUnanswered } from './preferring.js'
import { type Missing, reasonOf } from './together.js'

/** Sources that are asked for one price. */
const SOURCES = 3

/** How a price is asked for: of several who are compared, of several of whom the first one counts, or of one after the other. */
export type Method = 'cross_check' | 'race' | 'failover'

/** A pair's price by that method, or why there is none. */
export interface Compared {
  readonly symbol: string
  readonly result?: RouterResult<Ticker>
  readonly missing?: Missing
}

/** Asks several sources for one price. Where that fails it says why, and whoever wants the price asks on without comparing. */
export async function compared(call: Asker, symbol: string, method: 'cross_check' | 'race'): Promise<Compared> {
  const part = `${method} of ${symbol}`
  const sources = independent(call, symbol)
  if (sources < 2) return { symbol, missing: { part, reason: `it takes 2 sources, ${sources} can be asked` } }
  const most = Math.min(SOURCES, sources)
  try {
    return { symbol, result: await call.ask('ticker', { symbol }, method === 'race' ? { race: most } : { agree: { of: most } }) }
  } catch (error) {
    if (!isUnanswered(error)) throw error
    return { symbol, missing: { part, reason: reasonOf(error) } }
  }
}

/** How many could be asked that do not copy one another. */
function independent({ api: { router } }: Asker, symbol: string): number {
  const families = new Map(router.providers.map(({ id, family }) => [id, family ?? id]))
  const plan = router.plan('ticker' as never, { symbol } as never)
  return new Set(plan.candidates.map(({ provider }) => families.get(provider))).size
}

/** How the sources of a price agree: the share of them that do, and those that do not. Nothing where they were not compared. */
export function agreementOf(symbol: string, { agreement }: RouterResult<Ticker>) {
  if (agreement === undefined) return { median: null, confidence: null, sources: 1, anomalies: [] }
  const { n, median, members, dissent } = agreement
  const anomalies = members
    .filter(({ provider }) => dissent.includes(provider))
    .map(({ provider, value, deviation }) => ({ symbol, provider, price: value, deviation_percent: 100 * deviation }))
  return { median, confidence: (n - dissent.length) / n, sources: n, anomalies }
}
