import * as z from 'zod'
import { figure, iso, isoField, known, provenanceFields } from '../fields.js'
import { intervalField, marketField, readingFields } from '../insight/fields.js'
import { askChosen, type IndicatorAnswer } from '../insight/indicator-question.js'
import { readAtr, readAverage, readBands, readMacd, type Reading, readRsi, readStochRsi } from '../insight/readings.js'
import { fromRouter } from '../reply.js'
import { route } from '../route.js'

/** Short names of the route by coin: the router's names, and how they are read. */
const SHORT = {
  rsi: { names: ['rsi'], read: ({ values }) => readRsi(values['rsi']) },
  macd: { names: ['macd'], read: ({ values }) => readMacd(values['macd']) },
  bb: { names: ['bollinger'], read: ({ values, price }) => readBands(values['bollinger'], price) },
  sma: { names: ['sma20'], read: ({ values, price }) => readAverage('sma20', values['sma20'], price) },
  ema: { names: ['ema12'], read: ({ values, price }) => readAverage('ema12', values['ema12'], price) },
  atr: { names: ['atr'], read: ({ values, price }) => readAtr(values['atr'], price) },
  stoch_rsi: { names: ['stochRsi'], read: ({ values }) => readStochRsi(values['stochRsi']) },
} as const satisfies Record<string, { names: readonly string[]; read: (answer: IndicatorAnswer) => Reading }>

type Short = keyof typeof SHORT

/** Some indicators of one coin. */
export const indicatorsOfCoin = route({
  method: 'GET',
  path: '/api/indicators/{coin}',
  tag: 'Indicators',
  kind: 'data',
  summary: 'Some indicators of a coin, each with what it says',
  params: z.object({ coin: marketField }),
  query: z.object({
    interval: intervalField.default('1h'),
    indicators: z
      .array(z.enum(Object.keys(SHORT) as [Short, ...Short[]]))
      .min(1)
      .max(20)
      .default(['rsi', 'macd', 'bb', 'sma', 'ema']),
  }),
  answer: z.object({
    success: z.literal(true),
    symbol: z.string(),
    interval: z.string(),
    current_price: figure,
    data_points: figure,
    indicators: z.record(z.string(), z.object({ ...readingFields, interpretation: z.string() })),
    timestamp: isoField,
    source: z.string(),
    ...provenanceFields,
  }),
  async run(call) {
    const { params, query, api } = call
    const wanted = [...new Set(query.indicators)]
    const answer = await askChosen(
      call,
      params.coin,
      query.interval,
      wanted.flatMap((one) => SHORT[one].names),
      'interval',
    )
    const indicators = wanted.map((one) => {
      const { description: interpretation, ...rest } = SHORT[one].read(answer)
      return [one, { ...rest, interpretation }] as const
    })
    const about = { success: true, symbol: params.coin, interval: query.interval, current_price: known(answer.price), data_points: known(answer.points) }
    return fromRouter(answer.results, { ...about, indicators: Object.fromEntries(indicators), timestamp: iso(api.now()), source: answer.source })
  },
})
