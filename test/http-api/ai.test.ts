import { describe, expect, it } from 'vitest'
import { drift } from '../../src/providers/drift.js'
import { computedIndicators } from '../../src/providers/computed-indicators.js'
import { textModels } from '../../src/sentiment/models.js'
import { DAY, exchange, NOW, provider, reader, served, ticking } from './insight/served.js'

const risen = Array.from({ length: 200 }, (_, i) => 100 * 1.01 ** i)
const wavy = Array.from({ length: 200 }, (_, i) => 100 + 10 * Math.sin(i / 5))

describe('POST /api/sentiment/analyze', () => {
  it('says a tone, a score from −1 to 1 and a confidence, and which engine read it', async () => {
    const { ask } = served([reader()])
    const { body, headers } = await ask('/api/sentiment/analyze', { text: 'Bitcoin goes down' })
    expect(body).toMatchObject({ sentiment: 'Bearish', score: -0.8, confidence: 0.9, engine: 'reader', model: null, provider: 'reader', cached: false })
    expect(headers.get('x-feedmux-provider')).toBe('reader')
  })

  it.each([
    [{ text: '' }, /text: .*not empty/],
    [{ text: '  \n ' }, /text: .*not empty/],
    [{ text: 'a'.repeat(5_001) }, /5000 characters/],
    [{}, /text: .* missing/],
    [{ text: 'up', more: 1 }, /more/],
  ])('refuses %j', async (body, message) => {
    const { status, body: answer } = await served([reader()]).ask('/api/sentiment/analyze', body)
    expect([status, answer['error']]).toEqual([400, expect.stringMatching(message)])
  })

  it('is 503 where nobody reads texts', async () => {
    expect((await served([ticking({})]).ask('/api/sentiment/analyze', { text: 'up' })).status).toBe(503)
  })
})

describe('/api/hf', () => {
  it('reads a batch in its order, with the mean as vote', async () => {
    const { body } = await served([reader()]).ask('/api/hf/run-sentiment', { texts: ['up', 'down', 'up', 'flat'] })
    expect(body).toMatchObject({ vote: 0.2, count: 4 })
    expect((body['results'] as { text: string; sentiment: string; score: number }[]).map(({ text, sentiment, score }) => [text, sentiment, score])).toEqual([
      ['up', 'Bullish', 0.8],
      ['down', 'Bearish', -0.8],
      ['up', 'Bullish', 0.8],
      ['flat', 'Neutral', 0],
    ])
  })

  it('takes 1 to 100 texts', async () => {
    const { ask } = served([reader()])
    const statuses = await Promise.all(
      [[], Array.from({ length: 101 }, () => 'up'), ['up', ''], 'up'].map(async (texts) => (await ask('/api/hf/run-sentiment', { texts })).status),
    )
    expect(statuses).toEqual([400, 400, 400, 400])
    expect((await ask('/api/hf/run-sentiment', { texts: Array.from({ length: 100 }, (_, i) => `up ${i}`) })).body).toMatchObject({ count: 100 })
  })

  it('counts the engines that can be asked now, not models that are only known', async () => {
    expect((await served([ticking({})]).ask('/api/hf/health')).body).toMatchObject({ status: 'unavailable', models_available: 0, hugging_face: null })
    const { ask, router } = served([reader(), provider('other', 'textSentiment', () => [])])
    expect((await ask('/api/hf/health')).body).toMatchObject({ status: 'healthy', models_available: 2 })
    router.isolate('other')
    expect((await ask('/api/hf/health')).body).toMatchObject({ status: 'degraded', models_available: 1 })
  })

  it('lists models with what is known of them, and data sets', async () => {
    const { body } = await served([ticking({})]).ask('/api/hf/registry')
    const models = body['models'] as Record<string, unknown>[]
    expect(models).toHaveLength(textModels.length)
    expect(models.find(({ id }) => id === 'ElKulako/cryptobert')).toMatchObject({ max_tokens: 128, domain: 'crypto', status: 'not served', is_default: false })
    expect(models.filter(({ is_default }) => is_default)).toMatchObject([{ id: 'ProsusAI/finbert' }])
    expect(JSON.stringify(body)).not.toContain('accuracy')
    expect(body['datasets']).toHaveLength(5)
  })
})

describe('/api/ai/models', () => {
  it('lists the models, and the engines that this server has', async () => {
    const { body } = await served([reader(), drift(), ticking({})]).ask('/api/ai/models')
    expect(body).toMatchObject({ total: textModels.length, engines: [{ id: 'reader', capabilities: ['textSentiment'] }, { id: 'drift' }] })
  })
})

describe('/api/ai/predictions/{coin}', () => {
  it('tells the baseline of so many days with its interval, its method and the price now', async () => {
    const { ask } = served([drift(), exchange({ 'BTC/USD': risen }), ticking({ 'BTC/USD': { last: 700 } })])
    const { body } = await ask('/api/ai/predictions/bitcoin?days=3')
    expect(body).toMatchObject({ symbol: 'BTC/USD', prediction_period: '3 days', current_price: 700, trend: 'up' })
    const predictions = body['predictions'] as { day: number; date: string; predicted_price: number; low: number; high: number; confidence: number }[]
    expect(predictions.map(({ day, date, confidence }) => [day, date, confidence])).toEqual([
      [1, new Date(NOW + DAY).toISOString(), 0.8],
      [2, new Date(NOW + 2 * DAY).toISOString(), 0.8],
      [3, new Date(NOW + 3 * DAY).toISOString(), 0.8],
    ])
    expect(predictions[0]?.predicted_price).toBeCloseTo((risen.at(-1) ?? 0) * 1.01, 6)
    expect(body['methodology']).toMatch(/random walk with drift over 180 days, from candles of exchange; 80 %/)
    expect((await ask('/api/ai/predictions/btc?days=3')).body['predictions']).toEqual(predictions)
  })

  it('says nothing of a trend where the price is not known', async () => {
    const { body } = await served([drift(), exchange({ 'BTC/USD': wavy })]).ask('/api/ai/predictions/BTC')
    expect(body).toMatchObject({ current_price: null, trend: null, trend_strength: null, prediction_period: '7 days' })
  })

  it('calls a move that is small beside its interval sideways, and never says more strength than the interval reaches', async () => {
    const { ask } = served([drift(), exchange({ 'BTC/USD': wavy }), ticking({ 'BTC/USD': { last: wavy.at(-1) ?? 0 } })])
    expect((await ask('/api/ai/predictions/BTC?days=1')).body).toMatchObject({ trend: 'sideways' })
    const far = served([drift(), exchange({ 'BTC/USD': wavy }), ticking({ 'BTC/USD': { last: 1_000_000 } })])
    expect((await far.ask('/api/ai/predictions/BTC?days=1')).body).toMatchObject({ trend: 'down', trend_strength: 1 })
  })

  it('is 400 for days out of 1 to 30, 404 for a coin that nobody has, 503 without a model', async () => {
    const { ask } = served([drift(), exchange({ 'BTC/USD': wavy })])
    for (const days of ['0', '31', '2.5', 'x'])
      expect((await ask(`/api/ai/predictions/BTC?days=${days}`)).body).toMatchObject({ code: 400, error: expect.stringContaining('days') as string })
    expect((await ask('/api/ai/predictions/NOSUCH')).status).toBe(404)
    expect((await served([exchange({ 'BTC/USD': wavy })]).ask('/api/ai/predictions/BTC')).status).toBe(503)
  })
})

const press = provider('press', 'news', () =>
  Array.from({ length: 10 }, (_, i) => ({ id: `${i}`, title: `BTC up ${i}`, url: `https://news.test/${i}`, publisher: 'Press', publishedAt: NOW - i })),
)
const index = (value: number) => provider('index', 'fearGreed', () => [{ value, label: 'Fear', at: NOW }])
const network = (sentimentPercent?: number) =>
  provider('network', 'social', ({ asset }) => ({ asset, ...(sentimentPercent !== undefined && { sentimentPercent }) }))

describe('/api/ai/sentiment/{coin}', () => {
  it('puts news, social networks, the price of the last day and the index together', async () => {
    const providers = [press, reader(), index(25), network(60), ticking({ 'BTC/USD': { last: 100, change24hPercent: -5 } })]
    const { body } = await served(providers).ask('/api/ai/sentiment/bitcoin')
    expect(body).toMatchObject({
      symbol: 'BTC/USD',
      current_price: 100,
      overall_score: 0.16, // 0.4 × 0.8 + 0.2 × 0.2 − 0.2 × 0.5 − 0.2 × 0.5
      overall_sentiment: 'bullish',
      // news and social networks say the same as the whole
      confidence: 0.6,
      breakdown: { news: 0.8, social_media: 0.2, market_momentum: -0.5, fear_greed: -0.5 },
    })
    expect(String(body['provider']).split(',').toSorted()).toEqual(['index', 'network', 'press', 'reader', 'ticking'])
  })

  it('gives null for what is missing, and does not weigh it', async () => {
    const { body } = await served([index(90), network()]).ask('/api/ai/sentiment/BTC')
    expect(body).toMatchObject({
      current_price: null,
      overall_score: 0.8,
      confidence: 0.2,
      breakdown: { news: null, social_media: null, market_momentum: null, fear_greed: 0.8 },
    })
  })

  it('is 503 where there is no part of it, 404 for a market that nobody has', async () => {
    expect((await served([reader()]).ask('/api/ai/sentiment/BTC')).status).toBe(503)
    expect((await served([ticking({ 'BTC/USD': { last: 1 } }), index(50)]).ask('/api/ai/sentiment/NOSUCH')).status).toBe(404)
  })
})

describe('POST /api/ai/analyze', () => {
  const providers = [computedIndicators(), drift(), exchange({ 'BTC/USD': risen }), ticking({ 'BTC/USD': { last: 730, change24hPercent: 1 } })]

  it('makes each kind of analysis', async () => {
    const { ask } = served(providers)
    const result = async (analysis_type: string) => (await ask('/api/ai/analyze', { symbol: 'BTC', analysis_type })).body['result']
    expect(await result('sentiment')).toMatchObject({ overall_score: 0.1, breakdown: { news: null } })
    expect(await result('price_prediction')).toMatchObject({ prediction_period: '7 days' })
    expect(await result('trend')).toMatchObject({ interval: '1d', current_price: 730, signals: { sma20: 'bullish', rsi: 'overbought' } })
    // the same step each day: nothing that varies, and no fall
    expect(await result('risk_assessment')).toMatchObject({
      risk_level: 'low',
      volatility_percent: 0,
      max_drawdown_percent: 0,
      value_at_risk_95_percent: 0,
      days: 89,
    })
  })

  it('measures risk by what happened', async () => {
    const jumpy = Array.from({ length: 90 }, (_, i) => (i % 2 === 0 ? 100 : 90))
    const { body } = await served([exchange({ 'BTC/USD': jumpy })]).ask('/api/ai/analyze', { symbol: 'BTC', analysis_type: 'risk_assessment' })
    expect(body['result']).toMatchObject({ risk_level: 'high', max_drawdown_percent: 10, value_at_risk_95_percent: 10 })
  })

  it('refuses other kinds, and says no word of buying or selling', async () => {
    const { ask } = served(providers)
    expect(await ask('/api/ai/analyze', { symbol: 'BTC', analysis_type: 'magic' })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('analysis_type') as string },
    })
    const { body } = await ask('/api/ai/analyze', { symbol: 'BTC', analysis_type: 'trend' })
    expect(JSON.stringify(body)).not.toMatch(/\b(buy|sell)/i)
  })
})
