import type { Indicators } from '../../model/insight.js'
import { exact, rounded } from '../fields.js'

/** What an indicator says of the market as it is read by convention. None of it is advice. */
export type SignalWord = 'bullish' | 'bearish' | 'neutral' | 'overbought' | 'oversold'
/** Which way the price goes. */
export type TrendWord = 'up' | 'down' | 'sideways'

/** One indicator, read. Null: not known. */
export interface Reading {
  /** Its main figure. */
  readonly value: number | null
  readonly data: Readonly<Record<string, number | null>>
  readonly signal: SignalWord | null
  readonly trend: TrendWord | null
  readonly description: string
}

/** An indicator's figures as the router gives them. */
export type Value = Indicators['values'][string] | undefined

const shown = (value: number): string => String(Number(value.toPrecision(6)))

/** By convention: beyond 70 a market is called overbought, below 30 oversold; of the stochastic one 80 and 20. */
const RSI_BOUNDS = [30, 70] as const
const STOCHASTIC_BOUNDS = [20, 80] as const

const trendOf = (difference: number): TrendWord => (difference > 0 ? 'up' : difference < 0 ? 'down' : 'sideways')
const sideOf = (difference: number): SignalWord => (difference > 0 ? 'bullish' : difference < 0 ? 'bearish' : 'neutral')

function extreme(value: number, [low, high]: readonly [number, number]): SignalWord {
  return value < low ? 'oversold' : value > high ? 'overbought' : 'neutral'
}

const unknown = (name: string): Reading => ({ value: null, data: {}, signal: null, trend: null, description: `too few candles for the ${name}` })

const numberIn = (value: Value): number | undefined => (typeof value === 'number' ? value : undefined)
const figuresIn = (value: Value): Readonly<Record<string, number>> | undefined => (typeof value === 'object' ? value : undefined)

/** Relative strength. */
export function readRsi(value: Value): Reading {
  const strength = numberIn(value)
  if (strength === undefined) return unknown('relative strength')
  const signal = extreme(strength, RSI_BOUNDS)
  const description = `relative strength ${shown(strength)} of 100: ${signal} by the bounds ${RSI_BOUNDS.join(' and ')}`
  return { value: exact(strength), data: { rsi: exact(strength) }, signal, trend: trendOf(strength - 50), description }
}

/** Convergence and divergence of moving averages. */
export function readMacd(value: Value): Reading {
  const { macd, signal: smoothed, histogram } = figuresIn(value) ?? {}
  if (macd === undefined || smoothed === undefined || histogram === undefined) return unknown('MACD')
  const data = { macd: exact(macd), signal: exact(smoothed), histogram: exact(histogram) }
  const description = `the line ${shown(macd)} stands ${histogram > 0 ? 'above' : histogram < 0 ? 'below' : 'at'} its signal line ${shown(smoothed)}`
  return { value: exact(macd), data, signal: sideOf(histogram), trend: trendOf(macd), description }
}

/** Bands around a moving average. */
export function readBands(value: Value, price: number | undefined): Reading {
  const { lower, middle, upper } = figuresIn(value) ?? {}
  if (lower === undefined || middle === undefined || upper === undefined) return unknown('Bollinger bands')
  const width = upper - lower
  const place = price === undefined || width === 0 ? undefined : (price - lower) / width
  const data = { upper: exact(upper), middle: exact(middle), lower: exact(lower), percent_b: exact(place), bandwidth: exact((100 * width) / middle) }
  const signal = place === undefined ? null : extreme(place, [0, 1])
  const description = `bands from ${shown(lower)} to ${shown(upper)}: ${price === undefined ? 'the price is not known' : whereIn(place)}`
  return { value: exact(middle), data, signal, trend: price === undefined ? null : trendOf(price - middle), description }
}

function whereIn(place: number | undefined): string {
  if (place === undefined) return 'they have no width'
  return place > 1 ? 'the price is above them' : place < 0 ? 'the price is below them' : 'the price is within'
}

/** Place of the relative strength in its own range. */
export function readStochRsi(value: Value): Reading {
  const { value: place, k, d } = figuresIn(value) ?? {}
  const main = place ?? k
  if (main === undefined || k === undefined || d === undefined) return unknown('stochastic relative strength')
  const signal = extreme(k, STOCHASTIC_BOUNDS)
  const description = `%K ${shown(k)} and %D ${shown(d)} of 100: ${signal} by the bounds ${STOCHASTIC_BOUNDS.join(' and ')}`
  return { value: exact(main), data: { value: exact(place), k: exact(k), d: exact(d) }, signal, trend: trendOf(k - d), description }
}

/** Average true range: how far the price moves, whichever way. */
export function readAtr(value: Value, price: number | undefined): Reading {
  const range = numberIn(value)
  if (range === undefined) return unknown('average true range')
  const percent = price === undefined ? undefined : (100 * range) / price
  const share = percent === undefined ? '' : `, ${shown(percent)} % of the price`
  const description = `a candle spans ${shown(range)} on average${share}; it does not say which way`
  return { value: exact(range), data: { atr: exact(range), atr_percent: exact(percent) }, signal: null, trend: null, description }
}

/** A moving average, and where the price stands to it. */
export function readAverage(name: string, value: Value, price: number | undefined): Reading {
  const average = numberIn(value)
  if (average === undefined) return unknown(`moving average ${name}`)
  const data = { [name]: exact(average), distance_percent: exact(price === undefined ? undefined : 100 * (price / average - 1)) }
  if (price === undefined) return { value: exact(average), data, signal: null, trend: null, description: `${name} ${shown(average)}; the price is not known` }
  const side = price > average ? 'above' : price < average ? 'below' : 'at'
  const description = `the price ${shown(price)} is ${side} ${name} ${shown(average)}`
  return { value: exact(average), data, signal: sideOf(price - average), trend: trendOf(price - average), description }
}

const LEANS = { bullish: 1, oversold: 1, neutral: 0, bearish: -1, overbought: -1 } as const satisfies Record<SignalWord, number>

/** What several signals say together. */
export interface Verdict {
  readonly overall_signal: 'bullish' | 'bearish' | 'neutral' | null
  /** Share of the signals that lean the same way, 0…1. */
  readonly confidence: number | null
  /** What prevails, in words; no advice. */
  readonly recommendation: string
}

/** The mean lean of the signals has to be beyond this for one side to prevail. */
const PREVAILS = 0.2

/** Counts signals: each that is known has one vote. */
export function verdictOf(signals: readonly (SignalWord | null)[]): Verdict {
  const leans = signals.flatMap((signal) => (signal === null ? [] : [LEANS[signal]]))
  if (leans.length === 0) return { overall_signal: null, confidence: null, recommendation: 'no signals are known' }
  const lean = leans.reduce((sum: number, one) => sum + one, 0) / leans.length
  const side = lean > PREVAILS ? 1 : lean < -PREVAILS ? -1 : 0
  const confidence = rounded(leans.filter((one) => one === side).length / leans.length, 4)
  if (side === 0) return { overall_signal: 'neutral', confidence, recommendation: 'signals are mixed' }
  const overall_signal = side > 0 ? 'bullish' : 'bearish'
  return { overall_signal, confidence, recommendation: `${overall_signal} signals prevail` }
}
