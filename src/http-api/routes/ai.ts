import * as z from 'zod'
import { HEADLINES_MODEL, textModels } from '../../sentiment/models.js'
import { figure, iso, isoField, limitField, provenanceFields, words } from '../fields.js'
import { marketField, signalWord, spanField, toneWord, trendWord } from '../insight/fields.js'
import { overview } from '../insight/indicator-question.js'
import { coinMood } from '../insight/mood.js'
import { predictionOf } from '../insight/prediction.js'
import { riskOf } from '../insight/risk.js'
import { fromRouter } from '../reply.js'
import { type Api, type Call, type Route, route } from '../route.js'
import { textRoutes } from './ai.texts.js'

const tag = 'AI'

const mood = {
  current_price: figure,
  overall_sentiment: toneWord,
  overall_score: figure,
  confidence: figure,
  breakdown: z.object({ news: figure, social_media: figure, market_momentum: figure, fear_greed: figure }),
}
const prediction = {
  prediction_period: z.string(),
  current_price: figure,
  predictions: z.array(z.object({ day: z.int(), date: isoField, predicted_price: z.number(), low: z.number(), high: z.number(), confidence: z.number() })),
  trend: trendWord,
  trend_strength: figure,
  methodology: z.string(),
  disclaimer: z.string(),
}

const predictions = route({
  method: 'GET',
  path: '/api/ai/predictions/{coin}',
  tag,
  kind: 'data',
  summary: 'Prices of the next days by a statistical baseline, with the interval that it may miss by',
  params: z.object({ coin: marketField }),
  query: z.object({ days: limitField(7, 30) }),
  answer: z.object({ success: z.literal(true), symbol: z.string(), ...prediction, timestamp: isoField, ...provenanceFields }),
  async run(call) {
    const { body, results } = await predictionOf(call, call.params.coin, call.query.days)
    return fromRouter(results, { success: true, symbol: call.params.coin, ...body, timestamp: iso(call.api.now()) })
  },
})

const sentiment = route({
  method: 'GET',
  path: '/api/ai/sentiment/{coin}',
  tag,
  kind: 'data',
  summary: 'The mood about a coin, and what it is made of',
  params: z.object({ coin: marketField }),
  answer: z.object({ success: z.literal(true), symbol: z.string(), ...mood, timestamp: isoField, ...provenanceFields }),
  async run(call) {
    const { body, results } = await coinMood(call, call.params.coin)
    return fromRouter(results, { success: true, symbol: call.params.coin, ...body, timestamp: iso(call.api.now()) })
  },
})

/** What can be asked about a market, and how it is found out. */
const ANALYSES = {
  sentiment: (call, symbol) => coinMood(call, symbol),
  price_prediction: (call, symbol) => predictionOf(call, symbol, 7),
  risk_assessment: (call, symbol) => riskOf(call, symbol),
  trend: (call, symbol) => trendOf(call, symbol),
} satisfies Record<string, (call: Asker, symbol: string) => Promise<{ body: object; results: Parameters<typeof fromRouter>[0] }>>

type Asker = Pick<Call<never, never, never>, 'ask' | 'peek'>
type Analysis = keyof typeof ANALYSES

/** By daily candles. */
async function trendOf(call: Asker, symbol: string) {
  const { answer, signals, verdict } = await overview(call, symbol, '1d')
  return { body: { interval: '1d', current_price: answer.price ?? null, signals, ...verdict }, results: answer.results }
}

const analyze = route({
  method: 'POST',
  path: '/api/ai/analyze',
  tag,
  kind: 'data',
  summary: 'One kind of analysis of a market; none of them is advice',
  body: z.strictObject({
    symbol: marketField,
    analysis_type: z.enum(Object.keys(ANALYSES) as [Analysis, ...Analysis[]]),
  }),
  answer: z.object({
    success: z.literal(true),
    analysis_type: z.string(),
    symbol: z.string(),
    result: z.union([
      z.object(mood),
      z.object(prediction),
      z.object({
        risk_level: z.enum(['low', 'medium', 'high']).nullable(),
        volatility_percent: figure,
        max_drawdown_percent: figure,
        value_at_risk_95_percent: figure,
        days: z.int(),
        period: spanField,
        methodology: z.string(),
        disclaimer: z.string(),
      }),
      z.object({
        interval: z.string(),
        current_price: figure,
        signals: z.record(z.string(), signalWord),
        overall_signal: toneWord,
        confidence: figure,
        recommendation: z.string(),
      }),
    ]),
    timestamp: isoField,
    ...provenanceFields,
  }),
  async run(call) {
    const { symbol, analysis_type } = call.body
    const { body, results } = await ANALYSES[analysis_type](call, symbol)
    return fromRouter(results, { success: true, analysis_type, symbol, result: body, timestamp: iso(call.api.now()) })
  },
})

/** Models that are known, as their cards describe them. Nothing is said of how often they are right: nobody measured it here. */
const modelRows = () =>
  textModels.map(({ id, domain, maxTokens, labels, served }) => ({
    id,
    task: 'text-classification',
    domain,
    max_tokens: maxTokens,
    labels,
    status: served ? 'served' : 'not served',
    is_default: id === HEADLINES_MODEL,
  }))

const modelRow = z.object({
  id: z.string(),
  task: z.string(),
  domain: z.string(),
  max_tokens: z.int(),
  labels: z.record(z.string(), z.string()),
  status: z.enum(['served', 'not served']),
  is_default: z.boolean(),
})

/** Providers that read texts or make forecasts. */
const engines = (api: Api) =>
  api.router
    .status()
    .providers.filter(({ capabilities }) => capabilities.includes('textSentiment') || capabilities.includes('forecast'))
    .map(({ id, name, health, capabilities }) => ({
      id,
      name,
      health,
      capabilities: capabilities.filter((one) => one === 'textSentiment' || one === 'forecast'),
    }))

const models = route({
  method: 'GET',
  path: '/api/ai/models',
  tag,
  kind: 'state',
  summary: 'Text models that are known, and the engines that this server has',
  answer: z.object({
    success: z.literal(true),
    models: z.array(modelRow),
    engines: z.array(z.object({ id: z.string(), name: z.string(), health: z.string(), capabilities: z.array(z.string()) })),
    total: z.int(),
    timestamp: isoField,
  }),
  run: ({ api }) => ({ success: true, models: modelRows(), engines: engines(api), total: textModels.length, timestamp: iso(api.now()) }),
})

/** Data sets of the two publishers that the models' field is known for; none of them is loaded here. */
const DATASETS = ['linxy/CryptoCoin', ...['Bitcoin-BTC', 'Ethereum-ETH', 'Solana-SOL', 'Ripple-XRP'].map((coin) => `WinkingFace/CryptoLM-${coin}-USDT`)].map(
  (id) => ({
    id,
    url: `https://huggingface.co/datasets/${id}`,
  }),
)

const registry = route({
  method: 'GET',
  path: '/api/hf/registry',
  tag,
  kind: 'state',
  summary: 'Models and data sets on Hugging Face',
  answer: z.object({ models: z.array(modelRow), datasets: z.array(z.object({ id: z.string(), url: z.url() })), timestamp: isoField }),
  run: ({ api }) => ({ models: modelRows(), datasets: DATASETS, timestamp: iso(api.now()) }),
})

const health = route({
  method: 'GET',
  path: '/api/hf/health',
  tag,
  kind: 'state',
  summary: 'Whether texts can be read now, and by how many engines',
  answer: z.object({
    status: z.enum(['healthy', 'degraded', 'unavailable']),
    models_available: z.int(),
    hugging_face: words,
    timestamp: isoField,
  }),
  run({ api }) {
    const readers = engines(api).filter(({ capabilities }) => capabilities.includes('textSentiment'))
    const usable = readers.filter((one) => one.health === 'healthy' || one.health === 'unknown' || one.health === 'degraded')
    const status = usable.length === 0 ? 'unavailable' : usable.length === readers.length ? 'healthy' : 'degraded'
    const huggingFace = readers.find(({ id }) => id === 'hugging-face')
    return { status, models_available: usable.length, hugging_face: huggingFace?.health ?? null, timestamp: iso(api.now()) }
  },
})

/** Sentiment, forecasts and the models behind them. */
export const aiRoutes: readonly Route[] = [health, registry, ...textRoutes, predictions, sentiment, analyze, models]
