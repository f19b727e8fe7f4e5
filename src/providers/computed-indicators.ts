import { ProviderError } from '../errors.js'
import type { ParamsOf } from '../model/capabilities.js'
import type { Indicators } from '../model/insight.js'
import { closesAt } from '../model/interval.js'
import { defineProvider } from '../provider/define-provider.js'
import type { CallContext, Provider, ProviderOptions } from '../provider/provider.js'
import { routedCandles } from '../provider/derived/routed-candles.js'

/** Options of `computedIndicators()`, beside those that every provider takes. */
export interface ComputedIndicatorsOptions extends ProviderOptions {
  /** Takes the candle that is still running for the last one: the figures then move with every trade. @default false */
  readonly includeRunning?: boolean | undefined
}

const ID = 'computed-indicators'
const LONGEST = 200
const KNOWN = 'rsi, macd, bollinger, sma20, sma50, sma200, ema12, ema26, ema50, atr, stochRsi, vwap, and with your own numbers rsi:7, bollinger:10,1.5 …'
/** Two sizes only: questions for different indicators then share one answer in the cache. */
const [USUAL_LIMIT, MOST] = [250, 500]

interface Kind {
  /** What is taken where no number is given; 0 where there must be one. */
  readonly numbers: readonly number[]
  /** Shortest period. */
  readonly least: 1 | 2
  /** Fewest candles that give a figure. */
  readonly needs: (first: number, second: number, third: number) => number
  /** Candles after which it hardly matters where the series began: averages that forget slowly need several times their period. */
  readonly settles: (first: number, second: number, third: number) => number
}

const KINDS = {
  rsi: { numbers: [14], least: 2, needs: (n) => n + 1, settles: (n) => 10 * n },
  macd: { numbers: [12, 26, 9], least: 1, needs: (_, slow, smoothing) => slow + smoothing - 1, settles: (_, slow, smoothing) => 4 * (slow + smoothing) },
  bollinger: { numbers: [20, 2], least: 1, needs: (n) => n, settles: (n) => n },
  sma: { numbers: [0], least: 1, needs: (n) => n, settles: (n) => n },
  ema: { numbers: [0], least: 1, needs: (n) => n, settles: (n) => 4 * n },
  atr: { numbers: [14], least: 1, needs: (n) => n, settles: (n) => 10 * n },
  // three averages of three overlap in the last five
  stochRsi: { numbers: [14, 14], least: 2, needs: (n, window) => n + window + 4, settles: (n, window) => 10 * n + window },
  vwap: { numbers: [24], least: 1, needs: (n) => n, settles: (n) => n },
} as const satisfies Record<string, Kind>

interface Wanted {
  readonly name: string
  readonly kind: keyof typeof KINDS
  readonly numbers: readonly [number, number, number]
  readonly needs: number
  readonly settles: number
}

/**
 * Technical indicators, computed over candles that the router is asked for: their cache, limits and failover hold. No key. Whatever lacks candles
 * (or volumes: VWAP) is left out; docs/indicators.md has the names and what they mean.
 */
export function computedIndicators({ includeRunning = false, ...options }: ComputedIndicatorsOptions = {}): Provider<'indicators'> {
  return defineProvider(
    {
      id: ID,
      name: 'Computed indicators',
      homepage: 'https://www.npmjs.com/package/trading-signals',
      docs: 'https://www.npmjs.com/package/trading-signals',
      endpoints: { indicators: { call: (params, context) => indicatorsOf(params, context, includeRunning) } },
    },
    options,
  )
}

async function indicatorsOf({ symbol, interval, names }: ParamsOf<'indicators'>, context: CallContext, running: boolean): Promise<Indicators> {
  const wanted = names.map(oneOf)
  const most = Math.max(...wanted.map(({ needs, settles }) => Math.max(needs, settles))) + 1 // the running one counts for the limit
  const params = { symbol, interval, limit: most <= USUAL_LIMIT ? USUAL_LIMIT : MOST }
  const { candles, source, fetchedAt } = await routedCandles(context, params, ID, running)
  const { COMPUTE } = await import('./computed-indicators.rows.js')
  const values: Indicators['values'] = {}
  for (const { name, kind, numbers, needs } of wanted) {
    const value = candles.length < needs ? undefined : COMPUTE[kind](candles, numbers)
    if (value !== undefined) values[name] = value
  }
  const last = candles.at(-1)
  if (last === undefined || Object.keys(values).length === 0) throw tooFew(wanted, candles.length, `${symbol} ${interval} at ${source}`)
  return { symbol, interval, asOf: Math.min(closesAt(last.openTime, interval), fetchedAt), source, values }
}

/** Not `not-found`: that is remembered for the symbol, and an SMA of 200 months would take the RSI of an hour with it. */
function tooFew(wanted: readonly Wanted[], got: number, where: string): ProviderError {
  const needs = wanted.map(({ name, kind, needs: count }) => `${name} takes ${count}${kind === 'vwap' ? ' with volumes' : ''}`)
  return refused(`nothing to compute from ${got} candles of ${where}: ${needs.join(', ')}`)
}

const refused = (message: string): ProviderError => new ProviderError({ provider: ID, reason: 'bad-request', message })

/** `rsi`, `rsi:7`, `sma20`, `bollinger:10,1.5` */
function oneOf(name: string): Wanted {
  const [, kind = '', list] = /^([a-z]+)(?::?(\d[\d.,]*))?$/i.exec(name) ?? []
  if (!isKind(kind)) throw refused(`no indicator ${JSON.stringify(name).slice(0, 80)}: known are ${KNOWN}`)
  const { numbers: usual, least, needs, settles }: Kind = KINDS[kind]
  const given = list?.split(',').map(Number) ?? []
  const numbers = [0, 1, 2].map((i) => given[i] ?? usual[i] ?? 0) as [number, number, number]
  const periods = numbers.slice(0, kind === 'bollinger' ? 1 : usual.length)
  if (given.length > usual.length || !periods.every((period) => Number.isInteger(period) && period >= least && period <= LONGEST))
    throw refused(`${name.slice(0, 80)}: periods are whole numbers from ${least} to ${LONGEST}, like ${exampleOf(kind)}`)
  if (kind === 'macd' && numbers[0] >= numbers[1]) throw refused(`${name}: the first period must be shorter than the second`)
  if (kind === 'bollinger' && !(numbers[1] > 0 && numbers[1] <= 10))
    throw refused(`${name.slice(0, 80)}: the bands must lie up to 10 deviations from the middle`)
  return { name, kind, numbers, needs: needs(...numbers), settles: settles(...numbers) }
}

const isKind = (name: string): name is keyof typeof KINDS => Object.hasOwn(KINDS, name)

const exampleOf = (kind: keyof typeof KINDS): string => `${kind}:${KINDS[kind].numbers.map((number) => number || 20).join()}`
