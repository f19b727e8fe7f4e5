import { BadResponseError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { Indicators } from '../model/insight.js'
import { type Interval, opensAt } from '../model/interval.js'
import { pairOf } from '../model/symbol.js'
import { defineProvider } from '../provider/define-provider.js'
import { membersOf } from '../provider/failure.js'
import type { Limit, Plan, Provider, ProviderFailure, ProviderOptions } from '../provider/provider.js'
import { read } from '../provider/read.js'
import type { Row } from '../provider/rows.js'

const LIMITS_PAGE = 'https://taapi.io/documentation/rate-limits/'
const VERIFIED = '2026-11-21'
/** Name of the only construct, which is one market in one interval. */
const ASKED = 'asked'
const MOST = 20 // indicators of one construct
const TIMEFRAMES: readonly Interval[] = ['1m', '5m', '15m', '1h', '4h', '1d', '1w']

/** An indicator there: its name, what is not its default, and its figures by ours; without them it has one, `value`. */
interface Recipe {
  readonly indicator: string
  readonly settings?: Readonly<Record<string, number>>
  readonly figures?: Readonly<Record<string, string>>
}

const average = (indicator: 'sma' | 'ema', period: number): Recipe => ({ indicator, settings: { period } })

// Defaults: MACD 12/26/9 and bands of 20 at 2 deviations. The settings of stochrsi are unverified. Its vwap begins with
// the day, where what has this name elsewhere is of the last 24 candles: it is not given.
const RECIPES: ReadonlyMap<string, Recipe> = new Map<string, Recipe>([
  ['rsi', { indicator: 'rsi', settings: { period: 14 } }],
  ['macd', { indicator: 'macd', figures: { macd: 'valueMACD', signal: 'valueMACDSignal', histogram: 'valueMACDHist' } }],
  ['bollinger', { indicator: 'bbands', settings: { period: 20 }, figures: { lower: 'valueLowerBand', middle: 'valueMiddleBand', upper: 'valueUpperBand' } }],
  ['sma20', average('sma', 20)],
  ['sma50', average('sma', 50)],
  ['sma200', average('sma', 200)],
  ['ema12', average('ema', 12)],
  ['ema26', average('ema', 26)],
  ['ema50', average('ema', 50)],
  ['atr', { indicator: 'atr', settings: { period: 14 } }],
  [
    'stochRsi',
    { indicator: 'stochrsi', settings: { rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 3, dPeriod: 3 }, figures: { k: 'valueFastK', d: 'valueFastD' } },
  ],
])

/**
 * TAAPI.IO (version 2): indicators of markets on Binance, computed there. Needs a key. A free one asks once in 15 seconds and, it is said, has few markets
 * only (those of BTC, ETH, XRP, LTC and XMR in USDT: unverified).
 */
export function taapi(options: ProviderOptions = {}): Provider<'indicators'> {
  return defineProvider<'indicators'>(
    {
      id: 'taapi',
      name: 'TAAPI.IO',
      homepage: 'https://taapi.io',
      docs: 'https://docs.taapi.io',
      verifiedOn: VERIFIED,
      hosts: ['https://v2.taapi.io'],
      limits: callsPer(1),
      plans: { free: planOf(1), basic: planOf(5), pro: planOf(30), expert: planOf(75) },
      key: { required: true, in: 'header', name: 'Authorization', prefix: 'Bearer ' },
      metered: true,
      dollarQuote: 'USDT',
      probe: { capability: 'indicators', params: { symbol: 'BTC/USDT', interval: '1h', names: ['rsi'] } },
      endpoints: {
        indicators: {
          supports: ({ interval, names }) =>
            TIMEFRAMES.includes(interval) && names.length > 0 && names.length <= MOST && names.every((name) => RECIPES.has(name)),
          request: ({ symbol, interval, names }) => ({
            path: 'bulk',
            method: 'POST',
            body: { constructs: [{ id: ASKED, exchange: 'binance', symbol: marketOf(symbol), timeframe: interval, indicators: names.map(asked) }] },
          }),
          parse: (body, params, { now }) => indicatorsOf(read.object(read.object(body, 'answer')[ASKED], ASKED), params, now),
        },
      },
      failure: ({ status, body }) => failureOf(status, body),
    },
    options,
  )
}

function callsPer(requests: number): Limit[] {
  return [{ requests, perMs: 15_000, scope: 'key' }]
}

const planOf = (requests: number): Plan => ({ limits: callsPer(requests), verifiedOn: VERIFIED, source: LIMITS_PAGE })

function marketOf(symbol: string): string {
  const { base, quote } = pairOf(symbol)
  return `${base}${quote}`
}

const asked = (name: string) => ({ id: name, indicator: RECIPES.get(name)?.indicator, ...RECIPES.get(name)?.settings })

/** An indicator without a value, of a market that is too young, is left out. */
function indicatorsOf(answer: Row, { symbol, interval, names }: ParamsOf<'indicators'>, now: number): Indicators {
  const values: Indicators['values'] = {}
  let asOf = 0
  for (const name of names) {
    const result = read.optional(read.object, answer[name], name)
    const value = result && valueOf(result, RECIPES.get(name)?.figures)
    if (value === undefined) continue
    values[name] = value
    asOf = Math.max(asOf, read.optional(read.seconds, lastOf(result?.timestamp), 'timestamp') ?? 0)
  }
  if (Object.keys(values).length === 0) throw new BadResponseError(`${names.join()}: a value of one expected, got none`)
  return { symbol, interval, asOf: asOf || opensAt(now, interval), values }
}

/** All figures of an indicator, or none. */
function valueOf(result: Row, figures: Recipe['figures']): number | Record<string, number> | undefined {
  if (figures === undefined) return read.optional(read.number, lastOf(result.value), 'value')
  const values = Object.entries(figures).flatMap(([ours, theirs]) => {
    const value = read.optional(read.number, lastOf(result[theirs]), theirs)
    return value === undefined ? [] : ([[ours, value]] as const)
  })
  return values.length === Object.keys(figures).length ? Object.fromEntries(values) : undefined
}

/** The newest: each figure is a list, oldest first, of as many as were asked for, which is one. */
const lastOf = (figure: unknown): unknown => (Array.isArray(figure) ? figure.at(-1) : figure)

/** A market that it cannot get candles of is told inside a 200; 202 means that it has yet to fetch them. */
function failureOf(status: number, body: unknown): ProviderFailure | undefined {
  const answer = membersOf(body)
  if (status === 202 || answer.pending === true) return { reason: 'cold-start', retryAfterMs: 2_000 }
  const { _error: words } = membersOf(answer[ASKED])
  if (typeof words !== 'string') return undefined
  return { reason: /\b40[04]\b|not found|(?:invalid|unknown) symbol/i.test(words) ? 'not-found' : 'unavailable', message: words }
}
