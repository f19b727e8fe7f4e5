import { BadResponseError, type FailureReason } from '../errors.js'
import type { NetworkMetrics } from '../model/chain.js'
import type { SocialStats } from '../model/insight.js'
import { INTERVAL_MS } from '../model/interval.js'
import { membersOf } from '../provider/failure.js'
import { graphqlData, graphqlError, graphqlFailure } from '../provider/graphql.js'
import { unknown } from '../provider/ids.js'
import type { ProviderFailure, ProviderResponse, QuotaReading } from '../provider/provider.js'
import { known, read } from '../provider/read.js'
import { rowsOf } from '../provider/rows.js'

const ID = 'santiment'

/** Length of the windows that calls are counted in, by the word that its headers have for them. */
export const WINDOWS = { minute: 60_000, hour: INTERVAL_MS['1h'], month: INTERVAL_MS['1M'] } as const

interface Point {
  readonly at: number
  readonly value: number
}

/** The last day of a figure; nothing for one that was not asked, has no days, or failed, which leaves null. One that was asked alone has no name. */
function lastOf(body: unknown, name: string, alone = false): Point | undefined {
  const data = graphqlData(body)
  const metric = read.optional(read.object, data[name] ?? (alone ? data.getMetric : undefined), name)
  if (metric === undefined || metric.timeseriesDataJson === null) return undefined
  const series = metric.timeseriesDataJson
  // a list within the answer; read as well where it is a text that holds one
  const days = rowsOf(typeof series === 'string' ? parsed(series) : series, name)
  return days
    .filter(({ value }) => value !== null)
    .map(({ datetime, value }) => ({ at: read.isoTime(datetime, 'datetime'), value: read.amount(value, 'value') }))
    .toSorted((a, b) => a.at - b.at)
    .at(-1)
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new BadResponseError('timeseriesDataJson: JSON expected, got another text')
  }
}

/** What is known of how an asset is talked about. */
export function socialOf(body: unknown, asset: string): SocialStats {
  const followers = lastOf(body, 'followers', true)
  const [posts, positive, negative] = ['posts', 'positive', 'negative'].map((name) => lastOf(body, name))
  const told = [followers, posts, positive, negative].flatMap((point) => point ?? [])
  if (told.length === 0) throw unknown(ID, asset)
  return known<SocialStats>({
    asset,
    followers: followers?.value,
    posts24h: posts?.value,
    sentimentPercent: shareOf(positive, negative),
    // as old as its oldest figure
    asOf: Math.min(...told.map(({ at }) => at)),
  })
}

/** Sums of how sure it is of each text; neutral ones are in neither. */
function shareOf(positive: Point | undefined, negative: Point | undefined): number | undefined {
  if (positive === undefined || negative === undefined || positive.at !== negative.at) return undefined
  const sum = positive.value + negative.value
  return sum > 0 && Number.isFinite(sum) ? (positive.value / sum) * 100 : undefined
}

/** How its chain did on the last whole day. */
export function networkOf(body: unknown, asset: string): NetworkMetrics {
  const addresses = lastOf(body, 'addresses', true)
  if (addresses === undefined) throw unknown(ID, asset)
  return { asset, at: addresses.at, activeAddresses: addresses.value }
}

// Mostly with a 429, sometimes in a 200.
const LIMITED = /rate limit reached|limit exceeded/i

/** What its errors mean; nothing where some figures came all the same. They are a list, or an object in answers that are refused as a whole. */
export function failureOf({ status, headers, body }: ProviderResponse): ProviderFailure | undefined {
  const { message } = graphqlError(body) ?? {}
  if (status === 429 || (message !== undefined && LIMITED.test(message) && !hasFigures(body))) {
    const [, seconds] = /try again in (\d{1,8}) seconds/i.exec(message ?? '') ?? []
    const retryAfterMs = seconds === undefined ? undefined : Number(seconds) * 1_000
    const spent = headers.get('x-ratelimit-remaining-month') === '0' || (retryAfterMs ?? 0) > WINDOWS.hour
    return { reason: spent ? 'quota-exhausted' : 'rate-limited', message, retryAfterMs }
  }
  return hasFigures(body) ? undefined : graphqlFailure({ errors: membersOf(body).errors }, status, reasonOf)
}

const hasFigures = (body: unknown): boolean =>
  Object.values(membersOf(membersOf(body).data)).some((metric) => (membersOf(metric).timeseriesDataJson ?? null) !== null)

// It has words only, no codes.
const WORDS: readonly (readonly [RegExp, FailureReason])[] = [
  [/(?:invalid|expired|revoked) api ?key|api ?key.* (?:is )?(?:not valid|invalid|expired|revoked)|unauthorized/i, 'unauthorized'],
  [/not an existing slug|does not exist/i, 'not-found'],
  [/outside the allowed interval|upgrade to/i, 'unauthorized'],
  [/cannot query field|unknown (?:field|argument)|not supported|mistyped/i, 'bad-response'],
]

const reasonOf = (message: string): FailureReason | undefined => WORDS.find(([words]) => words.test(message))?.[1]

/** What is left in each window, in calls; a query of several figures takes as many. */
export function usageOf(headers: Headers): QuotaReading[] {
  return Object.entries(WINDOWS).flatMap(([window, perMs]) => {
    const [remaining, limit] = [countIn(headers, `x-ratelimit-remaining-${window}`), countIn(headers, `x-ratelimit-limit-${window}`)]
    return remaining === undefined ? [] : [{ perMs, kind: 'cost', remaining, ...(limit !== undefined && { limit }) } as const]
  })
}

function countIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name)
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined
}
