import { describe, expect, it } from 'vitest'
import type { ParamsOf } from '../../src/model/capabilities.js'
import { taapi } from '../../src/providers/taapi.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask } from '../support/ask.js'

const OPEN = Date.UTC(2026, 10, 1, 11)
const timestamp = [OPEN / 1_000]
const one = (value: number) => ({ value: [value], timestamp })
const params = { symbol: 'BTC/USDT', interval: '1h', names: ['rsi', 'macd', 'bollinger', 'sma200', 'stochRsi'] } as const
const asked = {
  rsi: one(62.34),
  macd: { valueMACD: [120.5], valueMACDSignal: [100.25], valueMACDHist: [20.25], timestamp },
  bollinger: { valueUpperBand: [61_000], valueMiddleBand: [60_000], valueLowerBand: [59_000], timestamp },
  sma200: null,
  stochRsi: { valueFastK: [28.1], valueFastD: [52.3], timestamp },
}

describeProvider(
  taapi,
  {
    answers: [
      {
        capability: 'indicators',
        params,
        url: 'https://v2.taapi.io/bulk',
        sentHeaders: { authorization: 'Bearer {key}' },
        sent: {
          constructs: [
            {
              id: 'asked',
              exchange: 'binance',
              symbol: 'BTCUSDT',
              timeframe: '1h',
              indicators: [
                { id: 'rsi', indicator: 'rsi', period: 14 },
                { id: 'macd', indicator: 'macd' },
                { id: 'bollinger', indicator: 'bbands', period: 20 },
                { id: 'sma200', indicator: 'sma', period: 200 },
                { id: 'stochRsi', indicator: 'stochrsi', rsiPeriod: 14, stochasticPeriod: 14, kPeriod: 3, dPeriod: 3 },
              ],
            },
          ],
        },
        body: { asked },
        data: {
          symbol: 'BTC/USDT',
          interval: '1h',
          asOf: OPEN,
          values: {
            rsi: 62.34,
            macd: { macd: 120.5, signal: 100.25, histogram: 20.25 },
            bollinger: { lower: 59_000, middle: 60_000, upper: 61_000 },
            stochRsi: { k: 28.1, d: 52.3 },
          },
        },
        drifted: { constructs: { asked } },
      },
      {
        capability: 'indicators',
        params: { symbol: 'ETH/USDT', interval: '1d', names: ['atr', 'ema12'] },
        body: { asked: { atr: { value: 80.5 }, ema12: { value: [4_000] } } },
        data: { symbol: 'ETH/USDT', interval: '1d', asOf: Date.UTC(2026, 10, 1), values: { atr: 80.5, ema12: 4_000 } },
        drifted: { asked: { atr: { result: 80.5 }, ema12: { result: 1 } } },
      },
    ],
    unknown: [
      {
        capability: 'indicators',
        body: { asked: { _error: 'Failed to fetch candles: 404 Not Found — check exchange, symbol and timeframe', rsi: null } },
      },
    ],
    errors: [
      {
        says: 'candles that it has yet to fetch',
        status: 202,
        body: { pending: true, key: 'ta:binance:BTCUSDT:1h' },
        reason: 'cold-start',
        retryAfterMs: 2_000,
      },
      { says: 'a bad key', status: 401, body: { error: 'Invalid or missing API key.' }, reason: 'unauthorized' },
      { says: 'a wrong parameter', status: 400, body: { error: 'Unknown indicator: nosuch' }, reason: 'bad-request' },
      { says: 'too many calls', status: 429, body: { error: 'Rate limit exceeded. Your plan allows 1 requests per 15 seconds.' }, reason: 'rate-limited' },
      {
        says: 'candles that the exchange did not give',
        body: { asked: { _error: 'Failed to fetch candles: 503 Service Unavailable — check exchange, symbol and timeframe', rsi: null } },
        reason: 'unavailable',
      },
      { says: 'a construct that failed', body: { asked: { _error: 'Internal failure', rsi: null } }, reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('taapi', () => {
  const serves = (question: ParamsOf<'indicators'>) => taapi().endpoints.indicators.supports?.(question)

  it('serves the intervals and the names that it knows', () => {
    expect(serves(params)).toBe(true)
    expect(serves({ ...params, interval: '2h' })).toBe(false)
    expect(serves({ ...params, names: ['rsi', 'nosuch'] })).toBe(false)
    expect(serves({ ...params, names: ['constructor'] })).toBe(false)
    expect(serves({ ...params, names: ['vwap'] })).toBe(false)
    expect(serves({ ...params, names: [] })).toBe(false)
  })

  it('leaves an indicator out of which a figure is missing', () => {
    const body = { asked: { rsi: one(50), macd: { valueMACD: [1], valueMACDSignal: [null], valueMACDHist: [1], timestamp } } }
    expect(ask(taapi(), 'indicators', { ...params, names: ['rsi', 'macd'] }, { body }).values).toEqual({ rsi: 50 })
  })

  it('has 0 for a value, and the newest of several', () => {
    expect(ask(taapi(), 'indicators', { ...params, names: ['rsi'] }, { body: { asked: { rsi: { value: [40, 0], timestamp } } } }).values).toEqual({ rsi: 0 })
  })
})
