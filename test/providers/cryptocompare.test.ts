import { describe, expect, it } from 'vitest'
import { INTERVAL_MS, type Interval } from '../../src/model/interval.js'
import { cryptocompare } from '../../src/providers/cryptocompare.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, failureOf, NOW, sent } from '../support/ask.js'

const provider = cryptocompare()
const HOST = 'https://data-api.coindesk.com'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }
const of = (Data: unknown) => ({ Data, Err: {} })
const seconds = (ms: number) => ms / 1_000
const HOUR = 3_600_000

const tick = {
  TYPE: '266',
  MARKET: 'cadli',
  INSTRUMENT: 'BTC-USD',
  VALUE: 110,
  VALUE_FLAG: 'DOWN',
  VALUE_LAST_UPDATE_TS: seconds(NOW - 2_000),
  CURRENT_DAY_OPEN: 105,
  CURRENT_DAY_VOLUME: 7,
  MOVING_24_HOUR_VOLUME: 1_000,
  MOVING_24_HOUR_QUOTE_VOLUME: 104_000,
  MOVING_24_HOUR_OPEN: 100,
  MOVING_24_HOUR_HIGH: 112,
  MOVING_24_HOUR_LOW: 99,
  MOVING_24_HOUR_CHANGE: 10,
  MOVING_24_HOUR_CHANGE_PERCENTAGE: 10,
}
const ticker = {
  ...pair,
  last: 110,
  open24h: 100,
  high24h: 112,
  low24h: 99,
  change24h: 10,
  change24hPercent: 10,
  volume24h: 1_000,
  quoteVolume24h: 104_000,
  asOf: NOW - 2_000,
}
const candle = (openTime: number) => ({
  UNIT: 'HOUR',
  TIMESTAMP: seconds(openTime),
  MARKET: 'cadli',
  INSTRUMENT: 'BTC-USD',
  OPEN: 10,
  HIGH: 12,
  LOW: 9,
  CLOSE: 11,
  TOTAL_INDEX_UPDATES: 0,
  VOLUME: 5,
  QUOTE_VOLUME: 52.5,
  VOLUME_DIRECT: 1,
})
const read = { open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 52.5 }
const article = {
  TYPE: '121',
  ID: 42,
  GUID: 'f00d',
  PUBLISHED_ON: seconds(NOW - 60_000),
  IMAGE_URL: 'https://images.example/42.jpeg',
  TITLE: 'Nothing happened',
  SUBTITLE: 'It was quiet. ',
  URL: 'https://news.example/nothing',
  BODY: 'It was <b>really</b> quiet.',
  SOURCE_DATA: { ID: 5, SOURCE_KEY: 'news', NAME: 'The News' },
  CATEGORY_DATA: [{ NAME: 'BTC', CATEGORY: 'BTC' }],
}
const err = (type: number, message: string, param?: string) => ({ Data: [], Err: { type, message, ...(param && { other_info: { param, values: ['?'] } }) } })
const unknown = err(1, 'Invalid: instruments parameter.', 'instruments')
const index = `${HOST}/index/cc/v1`

describeProvider(
  cryptocompare,
  {
    answers: [
      {
        capability: 'ticker',
        params: { symbol },
        url: `${index}/latest/tick?market=cadli&instruments=BTC-USD`,
        body: of({ 'BTC-USD': tick }),
        data: ticker,
        drifted: of({ 'BTC-USD': { ...tick, VALUE: undefined, PRICE: 110 } }),
      },
      {
        capability: 'tickers',
        params: { symbols: ['ETH/EUR', 'NOPE/USD', symbol] },
        url: `${index}/latest/tick?market=cadli&instruments=ETH-EUR,NOPE-USD,BTC-USD`,
        body: of({ 'BTC-USD': tick, 'ETH-EUR': { VALUE: 2, VALUE_LAST_UPDATE_TS: seconds(NOW) } }),
        data: [{ symbol: 'ETH/EUR', base: 'ETH', quote: 'EUR', last: 2, asOf: NOW }, ticker],
        drifted: of([tick]),
      },
      {
        capability: 'candles',
        params: { symbol, interval: '1h', limit: 2 },
        url: `${index}/historical/hours?market=cadli&instrument=BTC-USD&limit=2`,
        body: of([candle(NOW - HOUR), candle(NOW)]),
        data: [
          { openTime: NOW - HOUR, ...read, closed: true },
          { openTime: NOW, ...read, closed: false },
        ],
        drifted: of([{ ...candle(NOW), LOW: 13 }]),
      },
      {
        capability: 'volume',
        params: { symbol },
        url: `${index}/latest/tick?market=cadli&instruments=BTC-USD`,
        body: of({ 'BTC-USD': tick }),
        data: { ...pair, volume24h: 1_000, quoteVolume24h: 104_000, asOf: NOW - 2_000 },
        drifted: of({ 'BTC-USD': { ...tick, MOVING_24_HOUR_VOLUME: undefined } }),
      },
      {
        capability: 'news',
        params: { symbols: ['BTC', 'ETH'], limit: 2 },
        url: `${HOST}/news/v1/article/list?lang=EN&limit=2&categories=BTC,ETH`,
        body: of([{ ...article, ID: 41, PUBLISHED_ON: seconds(NOW - 120_000), SUBTITLE: '<p>quiet</p>', IMAGE_URL: null }, article]),
        data: [
          {
            id: '42',
            title: 'Nothing happened',
            url: 'https://news.example/nothing',
            publisher: 'The News',
            publishedAt: NOW - 60_000,
            summary: 'It was quiet.',
            imageUrl: 'https://images.example/42.jpeg',
            symbols: ['BTC'],
          },
          {
            id: '41',
            title: 'Nothing happened',
            url: 'https://news.example/nothing',
            publisher: 'The News',
            publishedAt: NOW - 120_000,
            summary: 'quiet',
            symbols: ['BTC'],
          },
        ],
        drifted: of([{ ...article, URL: 'nothing' }]),
      },
    ],
    unknown: [
      { capability: 'ticker', status: 404, body: unknown },
      { capability: 'ticker', body: of({}) },
      { capability: 'tickers', status: 404, body: unknown },
      { capability: 'candles', status: 404, body: err(1, 'Invalid: instrument parameter.', 'instrument') },
      { capability: 'volume', status: 404, body: err(1, 'Not found.') },
      { capability: 'news', status: 404, body: err(1, 'Invalid: categories parameter.', 'categories') },
    ],
    errors: [
      { says: 'API key required', status: 401, body: err(2, 'API key required, please refer to the documentation'), reason: 'unauthorized' },
      { says: 'API key required, in a 200', body: err(2, 'API key required'), reason: 'unauthorized' },
      { says: 'Invalid: limit parameter', status: 400, body: err(1, 'Invalid: limit parameter.', 'limit'), reason: 'bad-request' },
      {
        says: 'You are over your rate limit, in a 200',
        body: { Response: 'Error', Message: 'You are over your rate limit', HasWarning: false, Type: 99, RateLimit: {}, Data: {} },
        reason: 'rate-limited',
      },
      {
        says: 'You need a valid auth key, in a 200',
        body: {
          Response: 'Error',
          Message: 'You need a valid auth key or api key to access this endpoint',
          HasWarning: false,
          Type: 1,
          RateLimit: {},
          Data: {},
        },
        reason: 'unauthorized',
      },
      { says: 'General error, in a 200', body: { Response: 'Error', Message: 'General error try again later', Type: 66, Data: {} }, reason: 'unavailable' },
      { says: 'Rate limit, softly', body: err(101, 'Rate limit excedeed!'), reason: 'rate-limited' },
      { says: 'Server error', status: 500, body: err(3, 'Server error'), reason: 'unavailable' },
    ],
  },
  { describe, it },
)

describe('cryptocompare', () => {
  it('is off until somebody turns it on', () => {
    expect([provider.enabled, cryptocompare({ apiKey: 'some-key' }).enabled, cryptocompare({ enabled: true }).enabled]).toEqual([false, false, true])
  })

  it('takes what is there of a batch where the rest is called an error', () => {
    const body = { Data: { 'BTC-USD': tick }, Err: { type: 1, message: 'Invalid: instruments parameter.', other_info: { param: 'instruments' } } }
    expect(ask(provider, 'tickers', { symbols: [symbol, 'NOPE/USD'] }, { body })).toStrictEqual([ticker])
  })

  it('does not take a time before the first trade for an unknown instrument', () => {
    const params = { symbol, interval: '1h', since: Date.UTC(2009, 6, 1) } as const
    const response = { status: 404, headers: new Headers(), body: err(1, 'Invalid: to_ts parameter. BTC-USD was not trading.', 'to_ts') }
    expect(failureOf(provider, 'candles', params, response)?.reason).toBe('bad-request')
  })

  it('counts candles back from the last one wanted since a time', () => {
    const toTs = (params: object) => Number(new URL(sent(provider, 'candles', { symbol, interval: '1h', ...params })).searchParams.get('to_ts'))
    const since = NOW - 10 * HOUR
    expect(toTs({ since, limit: 3 })).toBe(seconds(since + 3 * HOUR) - 1)
    expect(toTs({ since: since + 1, limit: 3 })).toBe(seconds(since + 4 * HOUR) - 1)
    expect(toTs({ since })).toBe(seconds(NOW))
    const body = of([-12, -11, -10, -9, -8].map((hours) => candle(NOW + hours * HOUR)))
    expect(ask(provider, 'candles', { symbol, interval: '1h', since, limit: 2 }, { body }).map(({ openTime }) => openTime)).toEqual([since, since + HOUR])
  })

  it('leaves out candles of the time before the first trade', () => {
    const empty = { ...candle(NOW - HOUR), OPEN: 0, HIGH: 0, LOW: 0, CLOSE: 0, VOLUME: 0, QUOTE_VOLUME: 0 }
    expect(ask(provider, 'candles', { symbol, interval: '1h' }, { body: of([empty, candle(NOW)]) })).toEqual([{ openTime: NOW, ...read, closed: false }])
  })

  it('has minutes, hours and days, and as many as one call brings', () => {
    const { candles, news } = provider.endpoints
    const has = (interval: Interval, limit?: number) => candles.supports?.({ symbol, interval, limit })
    expect((Object.keys(INTERVAL_MS) as Interval[]).filter((interval) => has(interval))).toEqual(['1m', '1h', '1d'])
    expect([has('1d', 2_000), has('1d', 2_001), news.supports?.({}), news.supports?.({ limit: 101 })]).toEqual([true, false, true, false])
    expect(sent(provider, 'candles', { symbol, interval: '1d' })).toBe(`${index}/historical/days?market=cadli&instrument=BTC-USD&limit=100`)
    expect(sent(provider, 'candles', { symbol, interval: '1m' })).toContain('/historical/minutes?')
  })
})
