import * as z from 'zod'
import type { Interval } from '../../model/interval.js'
import { badRequest } from '../failures.js'
import { exact, figure, iso, isoField, known, provenanceFields } from '../fields.js'
import { DISCLAIMER, intervalField, marketField, readingFields, signalWord, toneWord } from '../insight/fields.js'
import { askChosen, averageName, chosenOverview, type IndicatorAnswer, nameOf, usualAverages } from '../insight/indicator-question.js'
import { readAtr, readAverage, readBands, readMacd, type Reading, readRsi, readStochRsi } from '../insight/readings.js'
import { fromRouter, type Reply } from '../reply.js'
import { type Api, type Call, type Route, route } from '../route.js'
import { indicatorsOfCoin } from './indicators.coin.js'

const tag = 'Indicators'

const market = { symbol: marketField.prefault('BTC'), timeframe: intervalField.default('1h') }
/** `least`: a strength needs two steps. */
const period = (usual: number, least = 1) => z.int().min(least).max(100).default(usual).describe('candles')
const reading = { ...readingFields, description: z.string() }
const single = z.object({
  success: z.literal(true),
  symbol: z.string(),
  timeframe: z.string(),
  indicator: z.string(),
  parameters: z.record(z.string(), z.number()),
  ...reading,
  current_price: figure,
  data_points: figure,
  timestamp: isoField,
  source: z.string(),
  ...provenanceFields,
})

interface Asked {
  readonly symbol: string
  readonly timeframe: Interval
}

/** Asks for one indicator, `names` of the router's, and tells what it says. */
async function answerOf(
  call: Call<never, never, never>,
  { symbol, timeframe, ...parameters }: Asked & Readonly<Record<string, string | number>>,
  indicator: string,
  names: readonly string[],
  read: (answer: IndicatorAnswer) => Reading,
): Promise<Reply> {
  const answer = await askChosen(call, symbol, timeframe, names)
  const own = { ...read(answer), current_price: known(answer.price), data_points: known(answer.points) }
  const body = { success: true, symbol, timeframe, indicator, parameters, ...own, timestamp: iso(call.api.now()), source: answer.source }
  return fromRouter(answer.results, body)
}

const described = (path: string, summary: string) => ({ method: 'GET', path: `/api/indicators/${path}`, tag, kind: 'data', summary, answer: single }) as const

const bollinger = route({
  ...described('bollinger-bands', 'Bands of so many deviations around a moving average'),
  query: z.object({ ...market, period: period(20), std_dev: z.number().min(0.01).max(10).default(2) }),
  run: (call) => {
    const name = nameOf('bollinger', [20, 2], [call.query.period, call.query.std_dev])
    return answerOf(call as never, call.query, 'bollinger_bands', [name], ({ values, price }) => readBands(values[name], price))
  },
})

const stochRsi = route({
  ...described('stoch-rsi', 'Place of the relative strength in its own range'),
  query: z.object({ ...market, rsi_period: period(14, 2), stoch_period: period(14, 2) }),
  run: (call) => {
    const name = nameOf('stochRsi', [14, 14], [call.query.rsi_period, call.query.stoch_period])
    return answerOf(call as never, call.query, 'stoch_rsi', [name], ({ values }) => readStochRsi(values[name]))
  },
})

const atr = route({
  ...described('atr', 'Average true range'),
  query: z.object({ ...market, period: period(14) }),
  run: (call) => {
    const name = nameOf('atr', [14], [call.query.period])
    return answerOf(call as never, call.query, 'atr', [name], ({ values, price }) => readAtr(values[name], price))
  },
})

const rsi = route({
  ...described('rsi', 'Relative strength by Wilder'),
  query: z.object({ ...market, period: period(14, 2) }),
  run: (call) => {
    const name = nameOf('rsi', [14], [call.query.period])
    return answerOf(call as never, call.query, 'rsi', [name], ({ values }) => readRsi(values[name]))
  },
})

const macd = route({
  ...described('macd', 'Convergence and divergence of moving averages'),
  query: z.object({ ...market, fast: period(12), slow: period(26), signal_period: period(9) }),
  run: (call) => {
    const { fast, slow, signal_period } = call.query
    if (fast >= slow) throw badRequest(`fast must be less than slow, got ${fast} and ${slow}`)
    const name = nameOf('macd', [12, 26, 9], [fast, slow, signal_period])
    return answerOf(call as never, call.query, 'macd', [name], ({ values }) => readMacd(values[name]))
  },
})

/** A moving average of any period, with the usual ones beside it. */
const average = (kind: 'sma' | 'ema', usual: number, summary: string): Route =>
  route({
    ...described(kind, summary),
    query: z.object({ ...market, period: period(usual) }),
    run: (call) => {
      const name = averageName(kind, call.query.period)
      const names = [...new Set([name, ...usualAverages(kind)])]
      return answerOf(call as never, call.query, kind, names, ({ values, price }) => {
        const others = names.map((one) => [one.replace(':', ''), typeof values[one] === 'number' ? exact(values[one]) : null] as const)
        const own = readAverage(name.replace(':', ''), values[name], price)
        return { ...own, data: { ...Object.fromEntries(others), ...own.data } }
      })
    },
  })

const comprehensive = route({
  method: 'GET',
  path: '/api/indicators/comprehensive',
  tag,
  kind: 'data',
  summary: 'What the usual indicators say together',
  query: z.object(market),
  answer: z.object({
    success: z.literal(true),
    symbol: z.string(),
    timeframe: z.string(),
    current_price: figure,
    data_points: figure,
    indicators: z.record(z.string(), z.object(reading)),
    signals: z.record(z.string(), signalWord),
    overall_signal: toneWord,
    confidence: figure,
    recommendation: z.string(),
    disclaimer: z.string(),
    timestamp: isoField,
    source: z.string(),
    ...provenanceFields,
  }),
  async run(call) {
    const { symbol, timeframe } = call.query
    const { answer, indicators, signals, verdict } = await chosenOverview(call, symbol, timeframe)
    return fromRouter(answer.results, {
      success: true,
      symbol,
      timeframe,
      current_price: known(answer.price),
      data_points: known(answer.points),
      indicators,
      signals,
      ...verdict,
      disclaimer: DISCLAIMER,
      timestamp: iso(call.api.now()),
      source: answer.source,
    })
  },
})

const computed: readonly Route[] = [
  bollinger,
  stochRsi,
  atr,
  average('sma', 20, 'Simple moving averages'),
  average('ema', 12, 'Exponential moving averages'),
  macd,
  rsi,
  comprehensive,
]

const services = route({
  method: 'GET',
  path: '/api/indicators/services',
  tag,
  kind: 'state',
  summary: 'Which indicators there are, and who gives them',
  answer: z.object({
    success: z.literal(true),
    services: z.array(z.object({ name: z.string(), endpoint: z.string(), description: z.string(), parameters: z.array(z.string()) })),
    total: z.int(),
    providers: z.array(z.object({ id: z.string(), name: z.string(), health: z.string() })),
    timestamp: isoField,
  }),
  run({ api }) {
    const rows = computed.map(({ path, summary, query }) => ({
      name: path.slice('/api/indicators/'.length),
      endpoint: path,
      description: summary,
      parameters: Object.keys(query?.shape ?? {}),
    }))
    return { success: true, services: rows, total: rows.length, providers: providersOf(api), timestamp: iso(api.now()) }
  },
})

const providersOf = (api: Api) =>
  api.router
    .status()
    .providers.filter(({ capabilities }) => capabilities.includes('indicators'))
    .map(({ id, name, health }) => ({ id, name, health }))

/** Technical indicators. */
export const indicatorsRoutes: readonly Route[] = [services, ...computed, indicatorsOfCoin]
