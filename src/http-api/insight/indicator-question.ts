import type { ParamsOf } from '../../model/capabilities.js'
import type { Indicators } from '../../model/insight.js'
import type { Interval } from '../../model/interval.js'
import type { Ticker } from '../../model/market.js'
import type { RouterResult } from '../../model/result.js'
import type { Call } from '../route.js'
import { tickerIfAny } from './asking.js'
import { failureOfTimeframe, SIZES } from './timeframes.js'
import { readAtr, readAverage, readBands, readMacd, type Reading, readRsi, readStochRsi, type SignalWord, verdictOf } from './readings.js'

type Asker = Pick<Call<never, never, never>, 'ask' | 'peek'>
/** A call whose caller chose the timeframe: one that nobody has is an error of its own. */
type Chooser = Asker & Pick<Call<never, never, never>, 'api'>

/** Figures of a market and its price now, if that is known. */
export interface IndicatorAnswer {
  readonly values: Indicators['values']
  readonly price: number | undefined
  /** Who gave the candles, else who gave the figures. */
  readonly source: string
  /** Closed candles that they are made of; nothing where the provider does not let them be seen. */
  readonly points: number | undefined
  readonly results: readonly (RouterResult<Indicators> | RouterResult<Ticker> | undefined)[]
}

/** Asks for indicators by the names that the capability has. */
async function askIndicators(call: Asker, symbol: string, interval: Interval, names: readonly string[]): Promise<IndicatorAnswer> {
  const [result, ticker] = await Promise.all([call.ask('indicators', { symbol, interval, names }), tickerIfAny(call, symbol)])
  const { values, source } = result.data
  const points = pointsOf(call, symbol, interval, source)
  return { values, price: ticker?.data.last, source: source ?? result.provider, points, results: [result, ticker] }
}

/** The same for a timeframe that the caller chose. `field`: name of the parameter. */
export function askChosen(call: Chooser, symbol: string, interval: Interval, names: readonly string[], field = 'timeframe'): Promise<IndicatorAnswer> {
  return asChosen(call, { symbol, interval, names }, field, askIndicators(call, symbol, interval, names))
}

async function asChosen<T>({ api }: Chooser, asked: ParamsOf<'indicators'>, field: string, answer: Promise<T>): Promise<T> {
  const since = api.now()
  try {
    return await answer
  } catch (error) {
    throw failureOfTimeframe(api, asked, field, error, since)
  }
}

/** Read out of the router's memory. Where it holds both sizes in which candles are asked for nobody can tell which one was counted. */
function pointsOf({ peek }: Asker, symbol: string, interval: Interval, source: string | undefined): number | undefined {
  const held = SIZES.flatMap((limit) => peek('candles', { symbol, interval, limit }) ?? []).filter(({ provider }) => provider === source)
  return held.length === 1 ? held[0]?.data.filter(({ closed }) => closed !== false).length : undefined
}

/** The name of an indicator with its numbers: the plain one where they are the usual ones, since remote providers know no other. */
export function nameOf(kind: string, usual: readonly number[], numbers: readonly number[]): string {
  return usual.join() === numbers.join() ? kind : `${kind}:${numbers.join()}`
}

/** Periods of moving averages that have a name of their own. */
const NAMED: Readonly<Record<'sma' | 'ema', readonly number[]>> = { sma: [20, 50, 200], ema: [12, 26, 50] }

/** Name of a moving average: `sma20`, `sma:7`. */
export const averageName = (kind: 'sma' | 'ema', period: number): string => (NAMED[kind].includes(period) ? `${kind}${period}` : `${kind}:${period}`)

/** The usual moving averages of a kind. */
export const usualAverages = (kind: 'sma' | 'ema'): string[] => NAMED[kind].map((period) => `${kind}${period}`)

/** Readings by a short name, in the order in which they are shown. */
const SUITE: Readonly<Record<string, { readonly name: string; readonly read: (answer: IndicatorAnswer) => Reading }>> = {
  rsi: { name: 'rsi', read: ({ values }) => readRsi(values['rsi']) },
  macd: { name: 'macd', read: ({ values }) => readMacd(values['macd']) },
  bollinger_bands: { name: 'bollinger', read: ({ values, price }) => readBands(values['bollinger'], price) },
  stoch_rsi: { name: 'stochRsi', read: ({ values }) => readStochRsi(values['stochRsi']) },
  atr: { name: 'atr', read: ({ values, price }) => readAtr(values['atr'], price) },
  sma20: { name: 'sma20', read: ({ values, price }) => readAverage('sma20', values['sma20'], price) },
  sma50: { name: 'sma50', read: ({ values, price }) => readAverage('sma50', values['sma50'], price) },
  ema12: { name: 'ema12', read: ({ values, price }) => readAverage('ema12', values['ema12'], price) },
  ema26: { name: 'ema26', read: ({ values, price }) => readAverage('ema26', values['ema26'], price) },
}

const SUITE_NAMES = Object.values(SUITE).map(({ name }) => name)

/** What the usual indicators say together, of a timeframe that the caller chose. */
export const chosenOverview = (call: Chooser, symbol: string, interval: Interval) =>
  asChosen(call, { symbol, interval, names: SUITE_NAMES }, 'timeframe', overview(call, symbol, interval))

/** What the usual indicators say together. */
export async function overview(call: Asker, symbol: string, interval: Interval) {
  const answer = await askIndicators(call, symbol, interval, SUITE_NAMES)
  const indicators: Record<string, Reading> = {}
  const signals: Record<string, SignalWord | null> = {}
  for (const [key, { read }] of Object.entries(SUITE)) {
    const reading = read(answer)
    indicators[key] = reading
    signals[key] = reading.signal
  }
  const directed = Object.entries(signals).flatMap(([key, signal]) => (key === 'atr' ? [] : [signal]))
  return { answer, indicators, signals, verdict: verdictOf(directed) }
}
