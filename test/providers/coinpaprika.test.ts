import { describe, expect, it } from 'vitest'
import { coinpaprika } from '../../src/providers/coinpaprika.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, sent } from '../support/ask.js'

const NOW = Date.UTC(2026, 10, 21, 9)
const ok = (body: unknown) => ({ status: 200, body, now: NOW })
const usd = (more: object = {}) => ({ USD: { price: 85_000.5, volume_24h: 40_000_000_000, market_cap: 1_690_000_000_000, percent_change_24h: -1.25, ...more } })
const btc = { id: 'btc-bitcoin', name: 'Bitcoin', symbol: 'BTC', rank: 1, last_updated: '2026-11-21T08:55:00Z', quotes: usd() }
const eth = { id: 'eth-ethereum', name: 'Ethereum', symbol: 'ETH', rank: 2, quotes: usd({ price: 2_800, percent_change_24h: 3, market_cap: 0 }) }
const doge = { id: 'doge-dogecoin', name: 'Dogecoin', symbol: 'DOGE', rank: 9, quotes: usd({ price: 7.1e-2, percent_change_24h: 5 }) }
const provider = coinpaprika()
const { ticker, tickers, candles } = provider.endpoints
const bad = { name: 'BadResponseError' }

const host = 'https://api.coinpaprika.com/v1'
const proHost = 'https://api-pro.coinpaprika.com/v1'
const pair = { symbol: 'BTC/USD', base: 'BTC', quote: 'USD' }
const today = [{ time_open: '2026-11-21T00:00:00Z', time_close: '2026-11-21T08:50:00Z', open: 84_000, high: 85_500, low: 83_900, close: 85_000, volume: 9e9 }]
const global = {
  market_cap_usd: 3e12,
  volume_24h_usd: 1e11,
  bitcoin_dominance_percentage: 57.1,
  cryptocurrencies_number: 0,
  market_cap_change_24h: -0.5,
  last_updated: 1_795_251_600,
}
const exchanges = [
  { id: 'gone', name: 'Gone', active: false },
  { id: 'bare', name: 'Bare', active: true, adjusted_rank: null },
  {
    id: 'kraken',
    name: 'Kraken',
    active: true,
    adjusted_rank: 2,
    links: { website: ['https://www.kraken.com'] },
    quotes: { USD: { reported_volume_24h: 1e9 } },
  },
]
const day = {
  ...pair,
  last: 85_000.5,
  change24hPercent: -1.25,
  quoteVolume24h: 40_000_000_000,
  marketCap: 1_690_000_000_000,
  asOf: Date.UTC(2026, 10, 21, 8, 55),
}

const answers = [
  {
    capability: 'ticker',
    params: { symbol: 'BTC/USD' },
    url: `${host}/tickers/btc-bitcoin?quotes=USD`,
    body: btc,
    data: day,
    drifted: { ...btc, quotes: usd({ price: null }) },
  },
  {
    capability: 'tickers',
    params: { symbols: ['DOGE/USD', 'BTC/USD', 'LINK/USD', 'BTC/USDT'] },
    url: `${host}/tickers?quotes=USD&limit=1000`,
    body: [btc, eth, doge],
    data: [{ symbol: 'DOGE/USD', base: 'DOGE', quote: 'USD', last: 7.1e-2, change24hPercent: 5, quoteVolume24h: 4e10, marketCap: 1.69e12 }, day],
    drifted: [{ ...btc, quotes: usd({ price: undefined }) }],
  },
  {
    capability: 'candles',
    params: { symbol: 'BTC/USD', interval: '1d', limit: 1 },
    now: NOW,
    url: `${host}/coins/btc-bitcoin/ohlcv/today?quote=usd`,
    body: today,
    data: [{ openTime: Date.UTC(2026, 10, 21), open: 84_000, high: 85_500, low: 83_900, close: 85_000, quoteVolume: 9e9, closed: false }],
    drifted: [{ ...today[0], time_open: 'yesterday' }],
  },
  {
    capability: 'volume',
    params: { symbol: 'BTC/USD' },
    url: `${host}/tickers/btc-bitcoin?quotes=USD`,
    body: btc,
    data: { ...pair, quoteVolume24h: 40_000_000_000, asOf: day.asOf },
    drifted: { ...btc, quotes: usd({ volume_24h: null }) },
  },
  {
    capability: 'assets',
    params: { limit: 2 },
    url: `${host}/tickers?quotes=USD&limit=2`,
    body: [doge, eth, btc],
    data: [
      { id: 'btc-bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
      { id: 'eth-ethereum', symbol: 'ETH', name: 'Ethereum', rank: 2 },
    ],
    drifted: [{ ...btc, symbol: null }],
  },
  {
    capability: 'exchanges',
    params: {},
    url: `${host}/exchanges?quotes=USD`,
    body: exchanges,
    data: [
      { id: 'kraken', name: 'Kraken', url: 'https://www.kraken.com', volume24hUsd: 1e9 },
      { id: 'bare', name: 'Bare' },
    ],
    drifted: [{ name: 'No id' }],
  },
  {
    capability: 'globalMarket',
    params: {},
    url: `${host}/global`,
    body: global,
    data: { marketCapUsd: 3e12, volume24hUsd: 1e11, dominancePercent: { BTC: 57.1 }, change24hPercent: -0.5, asOf: 1_795_251_600_000 },
    drifted: { ...global, market_cap_usd: null },
  },
  {
    capability: 'movers',
    params: { direction: 'losers', limit: 3 },
    url: `${host}/tickers?quotes=USD&limit=250`,
    body: [doge, eth, btc],
    data: [
      {
        id: 'btc-bitcoin',
        symbol: 'BTC',
        name: 'Bitcoin',
        rank: 1,
        priceUsd: 85_000.5,
        change24hPercent: -1.25,
        marketCapUsd: 1_690_000_000_000,
        volume24hUsd: 40_000_000_000,
      },
    ],
    drifted: [{ ...btc, quotes: {} }],
  },
] as const

const gone = { error: 'id not found' }

const said = {
  unknown: [
    { capability: 'ticker', status: 404, body: gone },
    { capability: 'candles', status: 404, body: gone },
    { capability: 'volume', status: 404, body: gone },
    { capability: 'tickers', params: { symbols: ['LINK/USD'] }, body: [btc] },
  ],
  errors: [
    { says: 'payment required', status: 402, body: { error: 'payment required' }, reason: 'quota-exhausted' },
    { says: 'payment required, as a page', status: 402, body: '<html>', reason: 'quota-exhausted' },
    { says: 'invalid key', status: 403, body: { error: 'invalid key' }, reason: 'unauthorized' },
    { says: 'a firewall', status: 403, body: '<html>', reason: 'unavailable' },
    { says: 'too many requests', status: 429, body: { error: 'too many requests' }, reason: 'rate-limited' },
    { says: 'id not found, inside a 200', body: gone, reason: 'not-found' },
    { says: 'invalid parameters, inside a 200', body: { error: 'invalid parameters' }, reason: 'bad-request' },
  ],
} as const
describeProvider(coinpaprika, { ...said, answers }, { describe, it })

describe('with a Pro key', () => {
  const days = ['2026-11-19', '2026-11-20', '2026-11-21'].map((date) => ({ ...today[0], time_open: `${date}T00:00:00Z` }))
  const candle = { open: 84_000, high: 85_500, low: 83_900, close: 85_000, quoteVolume: 9e9 }
  const since = Date.UTC(2026, 10, 20)
  const daily = {
    capability: 'candles',
    params: { symbol: 'BTC/USD', interval: '1d', since, limit: 5 },
    now: NOW,
    url: `${proHost}/coins/btc-bitcoin/ohlcv/historical?quote=usd&interval=24h&start=${since / 1_000}&limit=5`,
    body: days,
    data: [
      { ...candle, openTime: since },
      { ...candle, openTime: Date.UTC(2026, 10, 21), closed: false },
    ],
    drifted: [{ ...days[0], time_open: undefined }],
  } as const
  const others = answers.filter(({ capability }) => capability !== 'candles').map((answer) => ({ ...answer, url: answer.url.replace(host, proHost) }))

  describeProvider(coinpaprika, { ...said, answers: [...others, daily], options: { plan: 'pro' } }, { describe, it })
})

describe('ticker and volume', () => {
  it('leave out a market value of 0: the supply is unknown', () => {
    expect(ask(provider, 'ticker', { symbol: 'ETH/USD' }, ok(eth))).not.toHaveProperty('marketCap')
  })

  it('ask by id, in the quote of the question', () => {
    const url = new URL(sent(provider, 'ticker', { symbol: 'ETH/BTC' }))
    expect(url.href).toBe('https://api.coinpaprika.com/v1/tickers/eth-ethereum?quotes=BTC')
  })

  it('are not for quotes that it lacks: its dollars are real ones', () => {
    expect(['BTC/USD', 'BTC/EUR', 'BTC/USDT'].map((symbol) => ticker.supports?.({ symbol }))).toEqual([true, true, false])
  })

  it.each([
    ['no quotes', { ...btc, quotes: null }],
    ['another quote', { ...btc, quotes: { EUR: usd().USD } }],
    ['a price of 0', { ...btc, quotes: usd({ price: 0 }) }],
    ['a list', [btc]],
  ])('call %s a bad response', (_, drifted) => {
    expect(() => ask(provider, 'ticker', { symbol: 'BTC/USD' }, ok(drifted))).toThrow(expect.objectContaining(bad))
  })
})

describe('an asset that the table lacks', () => {
  it('is found among the largest thousand', () => {
    const { lookup } = coinpaprika()
    expect(lookup?.request).toEqual({ path: 'v1/tickers', query: { quotes: 'USD', limit: 1_000 } })
    expect(lookup?.parse([{ id: 'acme-coin', symbol: 'ACME', rank: 999, quotes: {} }])).toEqual([{ symbol: 'ACME', id: 'acme-coin' }])
    expect(() => lookup?.parse([{ id: 'acme-coin' }])).toThrow('symbol')
  })
})

describe('tickers', () => {
  it('ask for all quotes at once, three at most', () => {
    const url = new URL(sent(provider, 'tickers', { symbols: ['BTC/USD', 'ETH/EUR', 'BTC/EUR', 'BTC/USDT'] }))
    expect(url.searchParams.get('quotes')).toBe('USD,EUR')
    expect(tickers.supports?.({ symbols: ['BTC/USD', 'BTC/EUR', 'BTC/GBP', 'BTC/JPY'] })).toBe(false)
    expect(tickers.supports?.({ symbols: ['BTC/USDT'] })).toBe(false)
  })

  it('leave out an asset that died, and do not let it spoil the others', () => {
    const dead = { ...eth, quotes: usd({ price: 0 }) }
    const found = ask(provider, 'tickers', { symbols: ['ETH/USD', 'BTC/USD'] }, ok([btc, dead]))
    expect(found.map(({ symbol }) => symbol)).toEqual(['BTC/USD'])
    expect(() => ask(provider, 'tickers', { symbols: ['ETH/USD'] }, ok([dead]))).toThrow(expect.objectContaining(bad))
  })

  it.each([
    ['an object', { error: null }],
    ['nothing', []],
    ['rows without ids', [{ ...btc, id: undefined }]],
  ])('call %s a bad response', (_, drifted) => {
    expect(() => ask(provider, 'tickers', { symbols: ['DOGE/USD', 'BTC/USD'] }, ok(drifted))).toThrow(expect.objectContaining(bad))
  })
})

describe('candles', () => {
  const one = { symbol: 'BTC/USD', interval: '1d', limit: 1 } as const

  it('of the free plan are no more than that', () => {
    expect(candles).toHaveProperty('supports')
    const supports = 'supports' in candles ? candles.supports?.bind(candles) : undefined
    expect(
      [one, { ...one, limit: 2 }, { ...one, limit: undefined }, { ...one, since: 0 }, { ...one, interval: '1h' as const }].map((params) => supports?.(params)),
    ).toEqual([true, false, false, false, false])
  })

  it.each([
    ['a low above the close', [{ ...today[0], low: 86_000 }]],
    ['no price', [{ ...today[0], open: null }]],
    ['no list', {}],
  ])('call %s a bad response', (_, drifted) => {
    expect(() => ask(provider, 'candles', one, ok(drifted))).toThrow(expect.objectContaining(bad))
  })
})

it('movers have the strongest first, and none that went the other way', () => {
  const gainers = ask(provider, 'movers', { direction: 'gainers' }, ok([btc, eth, doge]))
  expect(gainers.map(({ symbol, change24hPercent }) => [symbol, change24hPercent])).toEqual([
    ['DOGE', 5],
    ['ETH', 3],
  ])
})

describe('plans', () => {
  it('the free one needs no key, Pro sends it bare to another host', () => {
    expect(provider.key).toBeUndefined()
    expect(provider.limits?.[0]).toMatchObject({ requests: 20_000, resets: 'utc-month' })
    const pro = coinpaprika({ plan: 'pro' })
    expect(pro.key).toEqual({ required: true, in: 'header', name: 'Authorization' })
    expect(pro.hosts).toEqual(['https://api-pro.coinpaprika.com'])
  })
})
