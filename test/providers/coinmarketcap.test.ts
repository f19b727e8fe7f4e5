import { describe, expect, it } from 'vitest'
import { coinmarketcap } from '../../src/providers/coinmarketcap.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, failureOf, NOW, sent } from '../support/ask.js'

const HOST = 'https://pro-api.coinmarketcap.com'
const symbol = 'BTC/USD'
const pair = { symbol, base: 'BTC', quote: 'USD' }
const time = new Date(NOW - 30_000).toISOString()

/** v3: the code is a text, data and quote are lists. */
const ok = (data: unknown) => ({ data, status: { timestamp: time, error_code: '0', error_message: '', elapsed: 5, credit_count: 1 } })
const told = (error_code: number | string, error_message: string) => ({ status: { timestamp: time, error_code, error_message, elapsed: 1, credit_count: 0 } })
const price = { price: 84_123.5, volume_24h: 41_000_000_000, percent_change_24h: -1.25, market_cap: 1_670_000_000_000, last_updated: time }
const usd = (more: object = {}) => [{ id: 2781, symbol: 'USD', ...price, ...more }]
const btc = { id: 1, name: 'Bitcoin', symbol: 'BTC', slug: 'bitcoin', cmc_rank: 1, max_supply: 21_000_000, platform: null, last_updated: time, quote: usd() }
const eth = { ...btc, id: 1027, name: 'Ethereum', symbol: 'ETH', slug: 'ethereum', cmc_rank: 2, quote: usd({ price: 2_800.25, percent_change_24h: 3.5 }) }
const doge = { ...btc, id: 74, name: 'Dogecoin', symbol: 'DOGE', cmc_rank: 9, quote: usd({ price: 7.1e-2, percent_change_24h: 0.5, market_cap: 0 }) }
const ticker = { ...pair, last: 84_123.5, change24hPercent: -1.25, quoteVolume24h: 41_000_000_000, marketCap: 1_670_000_000_000, asOf: NOW - 30_000 }
const global = {
  active_cryptocurrencies: 9_876,
  total_cryptocurrencies: 34_567,
  btc_dominance: 58.5,
  eth_dominance: 11.25,
  last_updated: time,
  quote: {
    USD: {
      total_market_cap: 2.9e12,
      total_volume_24h: 1.1e11,
      altcoin_market_cap: 1.2e12,
      total_market_cap_yesterday_percentage_change: -0.75,
      last_updated: time,
    },
  },
}

const answersAt = (base: string) =>
  [
    {
      capability: 'ticker',
      params: { symbol },
      url: `${base}/v3/cryptocurrency/quotes/latest?id=1&convert=USD&skip_invalid=true`,
      body: ok([btc]),
      data: ticker,
      drifted: ok([{ ...btc, quote: usd({ price: null }) }]),
    },
    {
      capability: 'tickers',
      params: { symbols: ['ETH/USD', symbol, 'BTC/USDT', 'SOL/USD'] },
      url: `${base}/v3/cryptocurrency/quotes/latest?id=1027,1,5426&convert=USD&skip_invalid=true`,
      body: ok([btc, eth]),
      data: [{ ...ticker, symbol: 'ETH/USD', base: 'ETH', last: 2_800.25, change24hPercent: 3.5 }, ticker],
      drifted: ok([{ ...btc, quote: [] }]),
    },
    {
      capability: 'volume',
      params: { symbol },
      url: `${base}/v3/cryptocurrency/quotes/latest?id=1&convert=USD&skip_invalid=true`,
      body: ok([btc]),
      data: { ...pair, quoteVolume24h: 41_000_000_000, asOf: NOW - 30_000 },
      drifted: ok([{ ...btc, quote: usd({ volume_24h: null }) }]),
    },
    {
      capability: 'assets',
      params: { limit: 2 },
      url: `${base}/v1/cryptocurrency/listings/latest?limit=2&convert=USD`,
      body: ok([btc, eth, doge]),
      data: [
        { id: '1', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
        { id: '1027', symbol: 'ETH', name: 'Ethereum', rank: 2 },
      ],
      drifted: ok([]),
    },
    {
      capability: 'globalMarket',
      params: {},
      url: `${base}/v1/global-metrics/quotes/latest?convert=USD`,
      body: ok(global),
      data: {
        marketCapUsd: 2.9e12,
        volume24hUsd: 1.1e11,
        dominancePercent: { BTC: 58.5, ETH: 11.25 },
        assets: 9_876,
        change24hPercent: -0.75,
        asOf: NOW - 30_000,
      },
      drifted: ok({ ...global, quote: { USD: { total_market_cap: null } } }),
    },
    {
      capability: 'movers',
      params: { direction: 'gainers' },
      url: `${base}/v1/cryptocurrency/listings/latest?limit=200&convert=USD`,
      body: ok([btc, doge, eth]),
      data: [
        {
          id: '1027',
          symbol: 'ETH',
          name: 'Ethereum',
          rank: 2,
          priceUsd: 2_800.25,
          change24hPercent: 3.5,
          marketCapUsd: 1_670_000_000_000,
          volume24hUsd: 41_000_000_000,
        },
        { id: '74', symbol: 'DOGE', name: 'Dogecoin', rank: 9, priceUsd: 7.1e-2, change24hPercent: 0.5, volume24hUsd: 41_000_000_000 },
      ],
      drifted: ok([{ ...btc, quote: usd({ percent_change_24h: null }) }]),
    },
    {
      capability: 'fearGreed',
      params: {},
      url: `${base}/v3/fear-and-greed/latest`,
      body: ok({ value: 34, value_classification: 'Fear', update_time: time }),
      data: [{ value: 34, label: 'Fear', at: NOW - 30_000 }],
      drifted: ok({ value: 134, value_classification: 'Fear', update_time: time }),
    },
    {
      capability: 'fearGreed',
      params: { limit: 2 },
      url: `${base}/v3/fear-and-greed/historical?start=1&limit=2`,
      body: ok([
        { timestamp: String(NOW / 1_000 - 86_400), value: 30, value_classification: 'Fear' },
        { timestamp: String(NOW / 1_000), value: 34, value_classification: 'Fear' },
      ]),
      data: [
        { value: 34, label: 'Fear', at: NOW },
        { value: 30, label: 'Fear', at: NOW - 86_400_000 },
      ],
      drifted: ok([]),
    },
  ] as const

const unknown = [
  { capability: 'ticker', body: ok([]) },
  { capability: 'ticker', status: 400, body: told(400, 'Invalid value for "id": "1"') },
  { capability: 'tickers', body: ok([]) },
  { capability: 'tickers', status: 400, body: told('400', 'Invalid values for "id": "1,1027"') },
  { capability: 'volume', body: ok({}) },
] as const

const errors = [
  { says: 'this API key is invalid', status: 401, body: told(1001, 'This API Key is invalid.'), reason: 'unauthorized' },
  { says: 'a key is missing, or sent to the keyless path', status: 401, body: told('1002', 'API key missing.'), reason: 'unauthorized' },
  { says: 'the plan ran out', status: 402, body: told(1004, 'Your API Key subscription plan payment is overdue.'), reason: 'quota-exhausted' },
  { says: 'the plan lacks this', status: 403, body: told(1006, `Your subscription plan doesn't support this endpoint.`), reason: 'unauthorized' },
  { says: 'the minute is used up', status: 429, body: told(1008, 'Rate limits reset every minute.'), reason: 'rate-limited', retryAfterMs: 60_000 },
  {
    says: 'the minute is used up, for so long',
    status: 429,
    headers: { 'retry-after': '12' },
    body: told(1008, ''),
    reason: 'rate-limited',
    retryAfterMs: 12_000,
  },
  { says: 'the day is used up', status: 429, body: told(1009, `You've exceeded your daily rate limit.`), reason: 'quota-exhausted' },
  { says: 'the month is used up', status: 429, body: told('1010', `You've exceeded your monthly rate limit.`), reason: 'quota-exhausted' },
  { says: 'too many from this address', status: 429, body: told(1011, `You've hit an IP rate limit.`), reason: 'rate-limited' },
  { says: 'the minute is used up, in a 200', body: told('1008', ''), reason: 'rate-limited', retryAfterMs: 60_000 },
  { says: 'an internal error, in a 200', body: told(500, 'An internal server error occurred'), reason: 'unavailable' },
  { says: 'an internal error', status: 500, body: told(500, 'An internal server error occurred'), reason: 'unavailable' },
  { says: 'a parameter is wrong', capability: 'movers', status: 400, body: told(400, 'Invalid value for "limit"'), reason: 'bad-request' },
] as const

describeProvider(coinmarketcap, { answers: answersAt(`${HOST}/public-api`), unknown, errors }, { describe, it })
describeProvider(coinmarketcap, { answers: answersAt(HOST), unknown, errors, options: { plan: 'basic' } }, { describe, it })

describe('coinmarketcap', () => {
  const keyless = coinmarketcap()

  it.each([
    ['an object by id, the quotes too', { '1': { ...btc, quote: { USD: price } } }],
    ['lists by symbol', { BTC: [{ ...btc, id: 31_469, quote: { USD: { ...price, price: 3e-7 } } }, btc] }],
    ['a list whose quotes do not say their symbol', [{ ...btc, quote: [price] }]],
  ])('reads %s', (_, data) => {
    expect(ask(keyless, 'ticker', { symbol }, { body: { ...ok(data), status: { error_code: 0, error_message: null } } })).toStrictEqual(ticker)
  })

  it('takes no other quote for the asked one', () => {
    const euros = [{ ...btc, quote: [{ id: 2790, ...price, symbol: 'EUR' }] }]
    expect(() => ask(keyless, 'ticker', { symbol }, { body: ok(euros) })).toThrow('price')
    expect(ask(keyless, 'ticker', { symbol: 'BTC/EUR' }, { body: ok(euros) })).toMatchObject({ symbol: 'BTC/EUR', quote: 'EUR', last: 84_123.5 })
  })

  it('leaves out an asset that is not traded, and does not let it spoil the others', () => {
    const dead = { ...eth, quote: usd({ price: null }) }
    const found = ask(keyless, 'tickers', { symbols: ['ETH/USD', symbol] }, { body: ok([dead, btc]) })
    expect(found.map(({ base }) => base)).toEqual(['BTC'])
    expect(() => ask(keyless, 'tickers', { symbols: ['ETH/USD'] }, { body: ok([dead]) })).toThrow('price')
  })

  it('asks for one quote a call, whose dollar is a real one', () => {
    const { ticker: one, tickers: batch } = keyless.endpoints
    expect(['BTC/USD', 'BTC/EUR', 'ETH/BTC', 'BTC/USDT'].map((asked) => one.supports?.({ symbol: asked }))).toEqual([true, true, true, false])
    expect(batch.supports?.({ symbols: [symbol, 'ETH/USD', 'ETH/USDT'] })).toBe(true)
    expect(batch.supports?.({ symbols: [symbol, 'ETH/EUR'] })).toBe(false)
    expect(batch.supports?.({ symbols: ['BTC/USDT'] })).toBe(false)
  })

  it('says no to more rows than one call brings, and counts what a call costs', () => {
    const { assets, fearGreed } = keyless.endpoints
    expect([5_000, 5_001].map((limit) => assets.supports?.({ limit }))).toEqual([true, false])
    expect([500, 501].map((limit) => fearGreed.supports?.({ limit }))).toEqual([true, false])
    const cost = (of: typeof assets.cost | typeof fearGreed.cost, limit: number) => (typeof of === 'function' ? of({ limit }) : of)
    expect([200, 201, 5_000].map((limit) => cost(assets.cost, limit))).toEqual([1, 2, 25])
    expect([1, 100, 101].map((limit) => cost(fearGreed.cost, limit))).toEqual([1, 1, 2])
  })

  it('lists the losers with the deepest fall first', () => {
    const body = ok([btc, { ...eth, quote: usd({ percent_change_24h: -4 }) }, doge])
    expect(ask(keyless, 'movers', { direction: 'losers' }, { body }).map(({ symbol: of }) => of)).toEqual(['ETH', 'BTC'])
    expect(ask(keyless, 'movers', { direction: 'losers', limit: 1 }, { body })).toHaveLength(1)
  })

  it('takes the path of the key that it is given', () => {
    const path = (options: Parameters<typeof coinmarketcap>[0]) => {
      const provider = coinmarketcap(options)
      const { pathname } = new URL(sent(provider, 'globalMarket', {}))
      return [pathname, provider.lookup?.request.path, provider.key?.required, provider.limits?.[0]?.scope]
    }
    const open = ['/public-api/v1/global-metrics/quotes/latest', 'public-api/v1/cryptocurrency/map', false, 'ip']
    const closed = ['/v1/global-metrics/quotes/latest', 'v1/cryptocurrency/map', true, 'key']
    expect([path({}), path({ apiKey: '' }), path({ apiKey: [] }), path({ apiKey: undefined })]).toEqual([open, open, open, open])
    expect([path({ apiKey: 'not-a-key' }), path({ apiKey: () => 'not-a-key' }), path({ plan: 'basic' })]).toEqual([closed, closed, closed])
  })

  it('never sends a key to the keyless path, which would refuse it', () => {
    const provider = coinmarketcap({ apiKey: 'not-a-key', plan: 'keyless' })
    expect(provider.key).toBeUndefined()
    expect(sent(provider, 'ticker', { symbol })).toContain('/public-api/')
  })

  it('refuses a plan that it does not know', () => {
    expect(() => coinmarketcap({ plan: 'enterprise' })).toThrow('choose keyless or basic')
  })

  it('leaves an asset without a quote out of a batch', () => {
    const dead = { id: 1_027, name: 'Ethereum', symbol: 'ETH', is_active: 0, quote: [] }
    const tickers = ask(keyless, 'tickers', { symbols: ['ETH/USD', 'BTC/USD'] }, { body: ok([dead, btc]) })
    expect(tickers.map(({ base }) => base)).toEqual(['BTC'])
    expect(() => ask(keyless, 'ticker', { symbol: 'ETH/USD' }, { body: ok([dead]) })).toThrow(expect.objectContaining({ name: 'BadResponseError' }))
  })

  it('finds ids of other assets in the map', () => {
    const rows = [{ id: 7_083, rank: 30, name: 'Uniswap', symbol: 'UNI', slug: 'uniswap', is_active: 1 }]
    expect(keyless.lookup?.parse(ok(rows))).toEqual([{ symbol: 'UNI', id: '7083' }])
    expect(() => keyless.lookup?.parse(ok([]))).toThrow('at least one row')
  })

  it('leaves other bodies to their status', () => {
    const reason = (status: number, body: unknown) => failureOf(keyless, 'ticker', { symbol }, { status, headers: new Headers(), body })
    expect([reason(200, ok([btc])), reason(502, 'Bad gateway'), reason(401, { statusCode: 401, error: 'Unauthorized' }), reason(500, null)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})
