import { describe, expect, it } from 'vitest'
import type { ParamsOf } from '../../src/model/capabilities.js'
import type { AnyProvider } from '../../src/provider/provider.js'
import { computedIndicators } from '../../src/providers/computed-indicators.js'
import { COMPUTE } from '../../src/providers/computed-indicators.rows.js'
import { candlesOf } from '../support/candle-series.js'
import { exchange, NOW, provider, served, ticking } from './insight/served.js'

const closes = Array.from({ length: 300 }, (_, i) => 100 + i / 10 + 5 * Math.sin(i / 3) + 3 * Math.cos(i / 7))
const last250 = candlesOf(closes, NOW).slice(-250)
const price = 1_000

const market = (known: readonly number[] = closes) => served([computedIndicators(), exchange({ 'BTC/USD': known }), ticking({ 'BTC/USD': { last: price } })])

describe('/api/indicators/{indicator}', () => {
  it('tells a strength with its signal, from the candles that were counted', async () => {
    const { body } = await market().ask('/api/indicators/rsi?symbol=BTC')
    const value = COMPUTE.rsi(last250, [14, 0, 0]) ?? Number.NaN
    expect(body).toMatchObject({
      success: true,
      symbol: 'BTC/USD',
      timeframe: '1h',
      indicator: 'rsi',
      parameters: { period: 14 },
      value: expect.closeTo(value, 6) as number,
      data: { rsi: expect.closeTo(value, 6) as number },
      signal: value > 70 ? 'overbought' : value < 30 ? 'oversold' : 'neutral',
      trend: value > 50 ? 'up' : 'down',
      current_price: price,
      data_points: 250,
      source: 'exchange',
      timestamp: new Date(NOW).toISOString(),
    })
  })

  it('keeps the figures of a price that is very small', async () => {
    const tiny = closes.map((close) => close * 1e-11)
    const { body } = await market(tiny).ask('/api/indicators/comprehensive')
    const indicators = body['indicators'] as Record<string, { value: number }>
    expect(indicators['sma20']?.value).toBeCloseTo((COMPUTE.sma(last250, [20, 0, 0]) ?? 0) * 1e-11, 18)
    expect(indicators['atr']?.value).toBeGreaterThan(1e-12)
    expect((await market(tiny).ask('/api/indicators/sma')).body).toMatchObject({ data: { sma50: indicators['sma50']?.value } })
  })

  it.each(['0', '0.0000001', '10.1'])('refuses bands of %s deviations', async (width) => {
    const { body } = await market().ask(`/api/indicators/bollinger-bands?std_dev=${width}`)
    expect(body).toMatchObject({ code: 400, error: expect.stringMatching(/^std_dev: /) as string })
  })

  it('does not call a price unknown because the bands have no width', async () => {
    const { body } = await market(closes.map(() => 1)).ask('/api/indicators/bollinger-bands')
    expect(body).toMatchObject({
      current_price: price,
      description: 'bands from 1 to 1: they have no width',
      data: { percent_b: null, bandwidth: 0 },
      signal: null,
    })
  })

  it.each(['BTC/USD', 'btc-usd', 'bitcoin', 'BTC'])('takes %s for the market', async (symbol) => {
    expect((await market().ask(`/api/indicators/rsi?symbol=${encodeURIComponent(symbol)}`)).body).toMatchObject({ symbol: 'BTC/USD' })
    expect((await market().ask(`/api/indicators/${encodeURIComponent(symbol)}`)).body).toMatchObject({ symbol: 'BTC/USD' })
  })

  it('computes every indicator with the numbers that are asked for', async () => {
    const { ask } = market()
    const data = async (path: string) => (await ask(`/api/indicators/${path}`)).body['data']
    const [bands, macd] = [COMPUTE.bollinger(last250, [10, 1.5, 0]), COMPUTE.macd(last250, [5, 10, 4]) as Record<string, number>]
    expect(await data('bollinger-bands?period=10&std_dev=1.5')).toMatchObject({
      upper: expect.closeTo(bands?.upper ?? 0, 6) as number,
      middle: expect.closeTo(bands?.middle ?? 0, 6) as number,
      lower: expect.closeTo(bands?.lower ?? 0, 6) as number,
    })
    expect(await data('macd?fast=5&slow=10&signal_period=4')).toMatchObject({ histogram: expect.closeTo(macd['histogram'] ?? 0, 6) as number })
    expect(await data('atr?period=5')).toMatchObject({ atr: expect.closeTo(COMPUTE.atr(last250, [5, 0, 0]) ?? 0, 6) as number })
    expect(await data('sma?period=7')).toMatchObject({
      sma7: expect.closeTo(COMPUTE.sma(last250, [7, 0, 0]) ?? 0, 6) as number,
      sma200: expect.closeTo(COMPUTE.sma(last250, [200, 0, 0]) ?? 0, 6) as number,
    })
    expect(await data('ema')).toMatchObject({ ema12: expect.closeTo(COMPUTE.ema(last250, [12, 0, 0]) ?? 0, 6) as number })
    const stochastic = COMPUTE.stochRsi(last250, [10, 8, 0]) as Record<string, number>
    expect(await data('stoch-rsi?rsi_period=10&stoch_period=8')).toMatchObject({ k: expect.closeTo(stochastic['k'] ?? 0, 6) as number })
  })

  it('asks by the plain name where the numbers are the usual ones: remote providers know no other', async () => {
    const remote = provider('remote', 'indicators', ({ symbol, interval, names }) => ({ symbol, interval, asOf: NOW, values: { [names[0] ?? '']: 55 } }))
    const { ask } = served([remote, ticking({ 'BTC/USD': { last: price } })])
    const { body } = await ask('/api/indicators/rsi')
    expect(remote.asked[0]?.params).toMatchObject({ names: ['rsi'] })
    // which candles those are, and how many, it does not say
    expect(body).toMatchObject({ value: 55, source: 'remote', data_points: null })
    await ask('/api/indicators/bollinger-bands?std_dev=3')
    expect(remote.asked[1]?.params).toMatchObject({ names: ['bollinger:20,3'] })
  })

  it('says nothing that hangs on the price where that is not known', async () => {
    const { body } = await served([computedIndicators(), exchange({ 'BTC/USD': closes })]).ask('/api/indicators/sma')
    expect(body).toMatchObject({ current_price: null, signal: null, trend: null, data: { distance_percent: null } })
    expect(body['value']).toBeTypeOf('number')
  })

  it('gives null for an average that takes more candles than there are, and for its signal', async () => {
    const { body } = await market(closes.slice(0, 60)).ask('/api/indicators/sma?period=100')
    expect(body).toMatchObject({ value: null, signal: null, data: { sma200: null, sma20: expect.any(Number) as number } })
  })

  it('is an error where nothing can be computed, never a made-up figure', async () => {
    expect((await market(closes.slice(0, 5)).ask('/api/indicators/rsi')).status).toBe(400)
    expect((await market().ask('/api/indicators/rsi?symbol=NOSUCH')).status).toBe(404)
    expect((await served([exchange({ 'BTC/USD': closes })]).ask('/api/indicators/rsi')).status).toBe(503)
    const failing = provider('remote', 'indicators', () => 'unavailable')
    expect((await served([failing]).ask('/api/indicators/rsi')).status).toBe(502)
  })

  it.each([
    'rsi?period=0',
    'rsi?period=1',
    'atr?period=101',
    'sma?period=2.5',
    'ema?period=-3',
    'macd?fast=26&slow=12',
    'bollinger-bands?std_dev=0',
    'rsi?timeframe=2m',
    'rsi?window=3',
  ])('refuses %s', async (path) => {
    const { status, body } = await market().ask(`/api/indicators/${path}`)
    expect(status).toBe(400)
    expect(body['error']).toMatch(/period|fast|std_dev|timeframe|window/)
  })
})

describe('a timeframe that nobody has', () => {
  /** Candles of some lengths and at most so many; others it says not to have before anybody asks. */
  const short = (id: string, intervals: readonly string[], most = 1_000) => {
    const one = exchange({ 'BTC/USD': closes }, id)
    const supports = ({ interval, limit = 100 }: ParamsOf<'candles'>): boolean => intervals.includes(interval) && limit <= most
    return { ...one, endpoints: { candles: { ...one.endpoints.candles, supports } } } as AnyProvider
  }
  const computing = (...others: readonly AnyProvider[]) => served([computedIndicators(), ...others, ticking({ 'BTC/USD': { last: price } })])

  it.each([
    ['rsi?timeframe=2h', 'timeframe'],
    ['comprehensive?timeframe=2h', 'timeframe'],
    ['BTC?interval=2h', 'interval'],
  ])('is 400 for %s, with those that there are', async (path, field) => {
    const { status, body } = await computing(short('a', ['1h', '4h']), short('b', ['1d'])).ask(`/api/indicators/${path}`)
    expect([status, body['error']]).toEqual([400, `${field}: no provider has 2h; of BTC/USD there are 1h, 4h, 1d now`])
  })

  it('is 400 where those who should have it refuse it', async () => {
    const refusing = provider('refusing', 'candles', () => 'bad-request')
    const { status, body } = await computing(refusing, short('a', ['1h'])).ask('/api/indicators/rsi?timeframe=1M')
    expect([status, body['error']]).toEqual([400, expect.stringMatching(/^timeframe: refusing refused 1M; of BTC\/USD there are .*1h/)])
  })

  it('is no error of the caller where somebody who has it fails or rests', async () => {
    const { ask, router } = computing(
      provider('failing', 'candles', () => 'unavailable'),
      short('a', ['1h']),
    )
    expect((await ask('/api/indicators/rsi?timeframe=2h')).status).toBe(502)
    router.isolate('failing')
    expect((await ask('/api/indicators/rsi?timeframe=2h')).status).toBe(502)
    const mixed = computing(
      provider('refusing', 'candles', () => 'bad-request'),
      provider('failing', 'candles', () => 'unavailable'),
    )
    expect((await mixed.ask('/api/indicators/rsi?timeframe=2h')).status).toBe(502)
    const resting = computing(
      provider('limited', 'candles', () => 'rate-limited'),
      short('a', ['1h']),
    )
    await resting.router.request('candles', { symbol: 'ETH/USD', interval: '2h' }, { only: ['limited'] }).catch(() => undefined)
    expect((await resting.ask('/api/indicators/rsi?timeframe=2h')).status).toBe(502)
  })

  it('is told apart from periods that take more candles than anybody gives', async () => {
    const { status, body } = await computing(short('a', ['1h'], 300), short('b', ['4h'])).ask('/api/indicators/rsi?timeframe=1h&period=50')
    expect([status, body['error']]).toEqual([
      400,
      'nobody gives the 500 candles of 1h that periods this long take: take shorter ones, or for timeframe one of 4h',
    ])
    expect((await computing(short('a', ['1h'], 300)).ask('/api/indicators/rsi?period=50')).body['error']).toMatch(/take shorter ones$/)
    expect((await computing(short('a', ['1h'], 300)).ask('/api/indicators/rsi?period=14')).status).toBe(200)
  })

  it('is 400 at those who give indicators themselves, too', async () => {
    const remote = provider('remote', 'indicators', ({ symbol, interval }) => ({ symbol, interval, asOf: NOW, values: { rsi: 55 } }))
    const supports = ({ interval }: ParamsOf<'indicators'>): boolean => interval === '1d'
    const one = { ...remote, hosts: ['https://remote.example'], endpoints: { indicators: { ...remote.endpoints.indicators, supports } } } as AnyProvider
    const { status, body } = await served([one]).ask('/api/indicators/rsi')
    expect([status, body['error']]).toEqual([400, 'timeframe: no provider has 1h; of BTC/USD there are 1d now'])
  })
})

describe('/api/indicators/comprehensive', () => {
  it('counts the signals, and says what prevails without advice', async () => {
    const { body } = await market().ask('/api/indicators/comprehensive?symbol=BTC&timeframe=1h')
    const signals = body['signals'] as Record<string, string | null>
    // far above everything
    expect(signals).toMatchObject({ sma20: 'bullish', sma50: 'bullish', ema12: 'bullish', ema26: 'bullish', bollinger_bands: 'overbought', atr: null })
    expect(Object.keys(body['indicators'] as object)).toEqual(Object.keys(signals))
    const leans = Object.values(signals).flatMap((signal) =>
      signal === null ? [] : ['bullish', 'oversold'].includes(signal) ? 1 : signal === 'neutral' ? 0 : -1,
    )
    const lean = leans.reduce((sum: number, one) => sum + one, 0) / leans.length
    expect(lean).toBeGreaterThan(0.2)
    expect(body).toMatchObject({
      overall_signal: 'bullish',
      recommendation: 'bullish signals prevail',
      confidence: expect.closeTo(leans.filter((one) => one === 1).length / leans.length, 4) as number,
    })
    expect(JSON.stringify(body)).not.toMatch(/\b(buy|sell)/i)
  })
})

describe('/api/indicators/{coin}', () => {
  it('tells some, each with what it means', async () => {
    const { body } = await market().ask('/api/indicators/bitcoin?interval=1h&indicators=rsi,bb')
    expect(body).toMatchObject({ symbol: 'BTC/USD', interval: '1h', current_price: price })
    const indicators = body['indicators'] as Record<string, { interpretation: string }>
    expect(Object.keys(indicators)).toEqual(['rsi', 'bb'])
    expect(indicators['bb']?.interpretation).toMatch(/the price is above them/)
    expect(Object.keys((await market().ask('/api/indicators/BTC')).body['indicators'] as object)).toEqual(['rsi', 'macd', 'bb', 'sma', 'ema'])
  })

  it('is 400 for an indicator that there is not, 404 for a coin that nobody has', async () => {
    expect((await market().ask('/api/indicators/BTC?indicators=rsi,magic')).status).toBe(400)
    expect((await market().ask('/api/indicators/NOSUCH')).status).toBe(404)
  })
})

it('/api/indicators/services lists each, asks nobody and says who computes', async () => {
  const candles = exchange({ 'BTC/USD': closes })
  const { body } = await served([computedIndicators(), candles]).ask('/api/indicators/services')
  expect((body['services'] as { name: string }[]).map(({ name }) => name)).toEqual([
    'bollinger-bands',
    'stoch-rsi',
    'atr',
    'sma',
    'ema',
    'macd',
    'rsi',
    'comprehensive',
  ])
  expect(body).toMatchObject({ total: 8, providers: [{ id: 'computed-indicators' }] })
  expect(candles.asked).toEqual([])
})
