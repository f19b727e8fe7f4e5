import { ConfigError, FeedmuxError, NoProviderError } from '../errors.js'
import type { Capability, DataOf, ParamsOf } from '../model/capabilities.js'
import type { NewsItem } from '../model/insight.js'
import type { RouterResult } from '../model/result.js'
import { type Tone, vote } from './labels.js'

/** Weight of each part before what is missing is taken out. */
const WEIGHTS = { news: 0.6, 'fear-greed': 0.4 } as const
/** With fewer headlines than this, news weigh less in proportion. */
const ENOUGH_NEWS = 10
/** A score beyond this is bullish, below its opposite bearish. */
const SIDED = 0.15
const LIMIT = 20
const MOST = 100

/** A router, whatever its providers: what they don't offer is left out. */
export interface MoodRouter {
  request(capability: never, params: never, options?: never): unknown
}

/** What `marketMood()` takes. */
export interface MoodOptions {
  /** An asset or a pair: `BTC` or `BTC/USD`. */
  readonly symbol: string
  /** Most headlines that are read, the newest, at most 100. @default 20 */
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** One source of the mood. */
export interface MoodPart {
  readonly name: keyof typeof WEIGHTS
  /** −1 (bearish) … 1 (bullish). */
  readonly value: number
  /** Share in the score; those of all parts add up to 1. */
  readonly weight: number
  /** Headlines, or readings of the index, that the value is made of. */
  readonly n: number
  /** Who gave the headlines or the index. */
  readonly provider: string
  /** Who read the headlines. */
  readonly engine?: string
  /** Of the newest headline or reading, Unix ms. */
  readonly asOf: number
}

/** How the market is talked of. */
export interface MarketMood {
  /** The asset. */
  readonly symbol: string
  /** −1 (bearish) … 1 (bullish): the weighted mean of the parts. */
  readonly score: number
  readonly label: Tone
  readonly parts: readonly MoodPart[]
  /** What gave nothing, and why. */
  readonly missing: readonly { readonly name: keyof typeof WEIGHTS; readonly reason: string }[]
}

type Weighed = Omit<MoodPart, 'name'>
type Ask = <C extends Capability>(capability: C, params: ParamsOf<C>) => Promise<RouterResult<DataOf<C>>>

/**
 * One figure for the mood about an asset, with its parts:
 *
 * - news: mean score of the newest headlines with their summaries; weight 0.6, less in proportion with fewer than ten
 * - fear-greed: (index − 50) / 50, of the whole market; weight 0.4
 *
 * score = Σ weight × value / Σ weight over the parts that are there; from 0.15 on bullish, from −0.15 on bearish. A word list reads headlines as weaker
 * than a classifier does, so that the figure stays nearer to 0. Throws `NoProviderError` where there is no part at all.
 */
export async function marketMood(router: MoodRouter, { symbol, limit = LIMIT, signal }: MoodOptions): Promise<MarketMood> {
  const asset = typeof symbol === 'string' ? (symbol.split('/', 1)[0] ?? '').toUpperCase() : ''
  if (asset === '') throw new ConfigError(`symbol must be a text like 'BTC', got ${JSON.stringify(symbol)}`)
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MOST)) throw new ConfigError(`limit must be a whole number from 1 to ${MOST}, got ${limit}`)
  const request = router.request.bind(router) as unknown as (capability: Capability, params: unknown, options: object) => Promise<never>
  const ask: Ask = async (capability, params) => request(capability, params, { signal })
  const sources = { news: newsMood(ask, asset, limit), 'fear-greed': indexMood(ask) }
  const names = Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[]
  const settled = await Promise.allSettled(names.map((name) => sources[name]))
  signal?.throwIfAborted()
  const weighed: MoodPart[] = []
  const missing: MarketMood['missing'][number][] = []
  for (const [index, name] of names.entries()) {
    const outcome = settled[index]
    if (outcome?.status === 'fulfilled') weighed.push({ name, ...outcome.value })
    else missing.push({ name, reason: reasonOf(outcome?.reason) })
  }
  if (weighed.length === 0)
    throw new NoProviderError(
      `the mood about ${asset}`,
      missing.map(({ name: provider, reason }) => ({ provider, reason })),
    )
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0)
  const parts = weighed.map((part) => ({ ...part, weight: part.weight / total }))
  const score = parts.reduce((sum, { weight, value }) => sum + weight * value, 0)
  return { symbol: asset, score, label: score >= SIDED ? 'bullish' : score <= -SIDED ? 'bearish' : 'neutral', parts, missing }
}

async function newsMood(ask: Ask, asset: string, limit: number): Promise<Weighed> {
  const { data, provider } = await ask('news', { symbols: [asset], limit })
  const items = data.slice(0, limit)
  const [newest] = items
  if (newest === undefined) throw new FeedmuxError('there is no news')
  const read = await ask('textSentiment', { texts: items.map(textOf) })
  const value = vote(read.data)
  if (value === undefined) throw new FeedmuxError('no headline was read')
  const weight = WEIGHTS.news * Math.min(1, items.length / ENOUGH_NEWS)
  return { value, weight, n: items.length, provider, engine: read.provider, asOf: newest.publishedAt }
}

/** A title alone is often too short to tell. */
const textOf = ({ title, summary }: NewsItem): string => (summary === undefined ? title : `${title}. ${summary}`)

async function indexMood(ask: Ask): Promise<Weighed> {
  const { data, provider } = await ask('fearGreed', { limit: 1 })
  const [reading] = data
  if (reading === undefined) throw new FeedmuxError('there is no reading')
  return { value: (reading.value - 50) / 50, weight: WEIGHTS['fear-greed'], n: 1, provider, asOf: reading.at }
}

/** First line of what feedmux says; anything else keeps its words to itself. */
const reasonOf = (error: unknown): string =>
  FeedmuxError.is(error) ? (error.message.split('\n', 1)[0] ?? error.name) : error instanceof Error ? error.name : 'unknown'
