import { NoProviderError } from '../../errors.js'
import type { Capability, DataOf, ParamsOf } from '../../model/capabilities.js'
import type { RouterResult } from '../../model/result.js'
import { baseOf } from '../../model/symbol.js'
import { type MarketMood, marketMood } from '../../sentiment/market-mood.js'
import { known, rounded } from '../fields.js'
import { type Asks, ifAny, tickerIfAny } from './asking.js'

/** Share of each part where all are there. */
const WEIGHTS = { news: 0.4, social_media: 0.2, market_momentum: 0.2, fear_greed: 0.2 } as const
type Part = keyof typeof WEIGHTS

/** A score beyond this is bullish, below its opposite bearish. */
const SIDED = 0.15
/** A change of a day that counts as wholly bullish, in percent. */
const WHOLE_CHANGE = 10

/** The word for a score, −1…1. */
export const toneOf = (score: number): 'bullish' | 'neutral' | 'bearish' => (score >= SIDED ? 'bullish' : score <= -SIDED ? 'bearish' : 'neutral')

/**
 * How a market stands in the news, in social networks, by its price of the last day, and by the index of the whole market: each −1…1, their mean weighed.
 * What is missing is null, and weighs nothing. Throws where there is no part, and for a market that nobody knows.
 */
export async function coinMood(call: Asks, symbol: string) {
  const coin = baseOf(symbol)
  const [ticker, social, read] = await Promise.all([tickerIfAny(call, symbol), ifAny(call.ask('social', { asset: coin })), written(call, coin)])
  const change = ticker?.data.change24hPercent
  const percent = social?.data.sentimentPercent
  const breakdown: Record<Part, number | undefined> = {
    news: read.mood?.parts.find(({ name }) => name === 'news')?.value,
    social_media: percent === undefined ? undefined : (percent - 50) / 50,
    market_momentum: change === undefined ? undefined : Math.max(-1, Math.min(1, change / WHOLE_CHANGE)),
    fear_greed: read.mood?.parts.find(({ name }) => name === 'fear-greed')?.value,
  }
  const body = { current_price: known(ticker?.data.last), ...summed(coin, breakdown) }
  return { body, results: [ticker, social, ...read.results] }
}

function summed(coin: string, breakdown: Record<Part, number | undefined>) {
  const parts = (Object.keys(WEIGHTS) as Part[]).flatMap((name) => {
    const value = breakdown[name]
    return value === undefined ? [] : [{ value, weight: WEIGHTS[name] }]
  })
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) throw new NoProviderError(`the mood about ${coin}`, [])
  const score = parts.reduce((sum, { value, weight }) => sum + value * weight, 0) / total
  const tone = toneOf(score)
  const agreeing = parts.filter(({ value }) => toneOf(value) === tone).reduce((sum, { weight }) => sum + weight, 0)
  return {
    overall_sentiment: tone,
    overall_score: rounded(score, 4),
    // of all weight, that of what is missing included
    confidence: rounded(agreeing, 4),
    breakdown: Object.fromEntries(Object.entries(breakdown).map(([name, value]) => [name, rounded(value, 4)])),
  }
}

/** What is written about it, and the answers that this was read from. */
async function written(call: Asks, symbol: string): Promise<{ mood: MarketMood | undefined; results: RouterResult<unknown>[] }> {
  const results: RouterResult<unknown>[] = []
  const request = async <C extends Capability>(capability: C, params: ParamsOf<C>): Promise<RouterResult<DataOf<C>>> => {
    const result = await call.ask(capability, params)
    results.push(result)
    return result
  }
  return { mood: await ifAny(marketMood({ request }, { symbol })), results }
}
