import { describe, expect, it } from 'vitest'
import { coingecko } from '../../src/providers/coingecko.js'
import { describeProvider } from '../../src/testing/index.js'
import { ask, sent } from '../support/ask.js'

const NOW = Date.UTC(2026, 10, 21, 9, 40)
const HOUR = 3_600_000
const ok = (body: unknown) => ({ status: 200, body, now: NOW })
const bad = { name: 'BadResponseError' }
const provider = coingecko()
const { ticker, tickers, nftCollection } = provider.endpoints

const market = (id: string, symbol: string, more: object = {}) => ({
  id,
  symbol,
  name: id.toUpperCase(),
  current_price: 85_000,
  market_cap: 1_690_000_000_000,
  market_cap_rank: 1,
  total_volume: 40_000_000_000,
  high_24h: 86_000,
  low_24h: 84_000,
  price_change_24h: -1_000.5,
  price_change_percentage_24h: -1.25,
  roi: null,
  last_updated: '2026-11-21T09:39:00.500Z',
  ...more,
})
const bitcoin = market('bitcoin', 'btc')
const bare = {
  high_24h: null,
  low_24h: null,
  price_change_24h: null,
  price_change_percentage_24h: null,
  total_volume: null,
  market_cap: 0,
  last_updated: null,
}
const asked = (...question: Parameters<typeof sent>): URL => new URL(sent(...question))

const host = 'https://api.coingecko.com/api/v3'
const pair = { symbol: 'BTC/EUR', base: 'BTC', quote: 'EUR' }
const day = {
  ...pair,
  last: 85_000,
  high24h: 86_000,
  low24h: 84_000,
  change24h: -1_000.5,
  change24hPercent: -1.25,
  quoteVolume24h: 40_000_000_000,
  marketCap: 1_690_000_000_000,
  asOf: Date.UTC(2026, 10, 21, 9, 39, 0, 500),
}
const four = (hour: number, ...prices: number[]) => [Date.UTC(2026, 10, 21, hour), ...prices]
const simple = {
  bitcoin: { usd: 85_000, usd_24h_change: -1.25, usd_24h_vol: 4e10, usd_market_cap: 0, eur: 78_000, last_updated_at: 1_795_254_000 },
}
const exchange = {
  id: 'kraken',
  name: 'Kraken',
  year_established: 2011,
  country: 'United States',
  url: 'https://r.kraken.com/x',
  trust_score: 10,
  trade_volume_24h_btc: 9_000.5,
}
const coin = (id: string, price: unknown) => ({
  item: { id, name: id, symbol: id, market_cap_rank: null, data: { price, price_change_percentage_24h: { usd: 3.5, eur: 9 } } },
})
const global = {
  active_cryptocurrencies: 17_000,
  total_market_cap: { usd: 3e12, eur: 2.6e12 },
  total_volume: { usd: 1e11 },
  market_cap_percentage: { btc: 57.5, eth: 11.5 },
  market_cap_change_percentage_24h_usd: -0.5,
  updated_at: 1_795_254_000,
}
const votes = { id: 'bitcoin', sentiment_votes_up_percentage: 78.5, sentiment_votes_down_percentage: 21.5, last_updated: '2026-11-21T09:39:00.500Z' }
const nft = {
  id: 'apes',
  name: 'Apes',
  native_currency_symbol: 'eth',
  floor_price: { native_currency: 4.5, usd: 12_600 },
  volume_24h: { native_currency: 28, usd: 78_400 },
  market_cap: { native_currency: 45_000, usd: null },
  number_of_unique_addresses: 5_000,
  total_supply: 10_000,
}

const answers = [
  {
    capability: 'ticker',
    params: { symbol: 'BTC/EUR' },
    url: `${host}/coins/markets?vs_currency=eur&ids=bitcoin`,
    body: [bitcoin],
    data: day,
    drifted: [{ ...bitcoin, current_price: null }],
  },
  {
    capability: 'tickers',
    params: { symbols: ['ETH/USD', 'BTC/USD', 'SOL/USD'] },
    url: `${host}/coins/markets?vs_currency=usd&ids=ethereum,bitcoin,solana&per_page=250`,
    body: [bitcoin, market('ethereum', 'eth', { ...bare, current_price: 2_800 })],
    data: [
      { symbol: 'ETH/USD', base: 'ETH', quote: 'USD', last: 2_800 },
      { ...day, symbol: 'BTC/USD', quote: 'USD' },
    ],
    drifted: [{ ...bitcoin, current_price: undefined }],
  },
  {
    capability: 'tickers',
    params: { symbols: ['BTC/USD', 'BTC/EUR', 'ETH/EUR'] },
    url:
      `${host}/simple/price?ids=bitcoin,ethereum&vs_currencies=usd,eur` +
      '&include_market_cap=true&include_24hr_vol=true&include_24hr_change=true&include_last_updated_at=true&precision=full',
    body: simple,
    data: [
      { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 85_000, change24hPercent: -1.25, quoteVolume24h: 4e10, asOf: 1_795_254_000_000 },
      { ...pair, last: 78_000, asOf: 1_795_254_000_000 },
    ],
    drifted: { bitcoin: { usd: -1 } },
  },
  {
    capability: 'candles',
    params: { symbol: 'BTC/USD', interval: '4h', limit: 3 },
    now: NOW,
    url: `${host}/coins/bitcoin/ohlc?vs_currency=usd&days=7`,
    body: [four(4, 1, 3, 1, 2), four(8, 2, 4, 2, 3), [NOW, 3, 5, 3, 4]],
    data: [
      { openTime: Date.UTC(2026, 10, 21, 0), open: 1, high: 3, low: 1, close: 2 },
      { openTime: Date.UTC(2026, 10, 21, 4), open: 2, high: 4, low: 2, close: 3 },
      { openTime: Date.UTC(2026, 10, 21, 8), open: 3, high: 5, low: 3, close: 4, closed: false },
    ],
    drifted: [four(4, 1, 3, 1)],
  },
  {
    capability: 'volume',
    params: { symbol: 'BTC/EUR' },
    url: `${host}/coins/markets?vs_currency=eur&ids=bitcoin`,
    body: [bitcoin],
    data: { ...pair, quoteVolume24h: 40_000_000_000, asOf: day.asOf },
    drifted: [{ ...bitcoin, total_volume: null }],
  },
  {
    capability: 'assets',
    params: { limit: 2 },
    url: `${host}/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=2&page=1`,
    body: [bitcoin, market('new', 'new', { market_cap_rank: null }), bitcoin],
    data: [
      { id: 'bitcoin', symbol: 'BTC', name: 'BITCOIN', rank: 1 },
      { id: 'new', symbol: 'NEW', name: 'NEW' },
    ],
    drifted: [{ ...bitcoin, symbol: '' }],
  },
  {
    capability: 'exchanges',
    params: {},
    url: `${host}/exchanges?per_page=100&page=1`,
    body: [exchange, { id: 'x', name: 'X', year_established: null, country: null, url: 'javascript:alert(1)', trust_score: null, trade_volume_24h_btc: 0 }],
    data: [
      { id: 'kraken', name: 'Kraken', url: 'https://r.kraken.com/x', country: 'United States', yearEstablished: 2011, trustScore: 10, volume24hBtc: 9_000.5 },
      { id: 'x', name: 'X', volume24hBtc: 0 },
    ],
    drifted: [{ id: 'x' }],
  },
  {
    capability: 'globalMarket',
    params: {},
    url: `${host}/global`,
    body: { data: global },
    data: {
      marketCapUsd: 3e12,
      volume24hUsd: 1e11,
      dominancePercent: { BTC: 57.5, ETH: 11.5 },
      assets: 17_000,
      change24hPercent: -0.5,
      asOf: 1_795_254_000_000,
    },
    drifted: { data: { ...global, total_volume: {} } },
  },
  {
    capability: 'trending',
    params: { limit: 4 },
    url: `${host}/search/trending`,
    body: {
      coins: [coin('a', 5.9e-6), coin('b', '$1,234.5'), coin('c', '$0.0<sub>5</sub>71'), { item: { id: 'd', name: 'D', symbol: 'd', market_cap_rank: 7 } }],
    },
    data: [
      { id: 'a', name: 'a', symbol: 'A', priceUsd: 5.9e-6, change24hPercent: 3.5 },
      { id: 'b', name: 'b', symbol: 'B', priceUsd: 1_234.5, change24hPercent: 3.5 },
      { id: 'c', name: 'c', symbol: 'C', change24hPercent: 3.5 },
      { id: 'd', name: 'D', symbol: 'D', rank: 7 },
    ],
    drifted: { coins: null },
  },
  {
    capability: 'movers',
    params: { direction: 'gainers' },
    url: `${host}/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=250&page=1`,
    body: [bitcoin, market('c', 'c', { ...bare, price_change_percentage_24h: 9 }), market('d', 'd', bare)],
    data: [{ id: 'c', symbol: 'C', name: 'C', rank: 1, priceUsd: 85_000, change24hPercent: 9 }],
    drifted: [{ ...bitcoin, price_change_percentage_24h: 'up' }],
  },
  {
    capability: 'social',
    params: { asset: 'BTC' },
    url: `${host}/coins/bitcoin?localization=false&tickers=false&market_data=false&community_data=false&developer_data=false&sparkline=false`,
    body: votes,
    data: { asset: 'BTC', sentimentPercent: 78.5, asOf: day.asOf },
    drifted: {},
  },
  {
    capability: 'nftCollection',
    params: { slug: 'apes' },
    url: `${host}/nfts/apes`,
    body: nft,
    data: {
      id: 'apes',
      name: 'Apes',
      floorPrice: 4.5,
      floorPriceSymbol: 'ETH',
      floorPriceUsd: 12_600,
      volume24h: 28,
      owners: 5_000,
      supply: 10_000,
    },
    drifted: { id: 'apes' },
  },
] as const

const told = (error_code: number) => ({ status: { error_code, error_message: 'see the documentation' } })
const gone = { error: 'coin not found' }

describeProvider(
  coingecko,
  {
    answers,
    unknown: [
      { capability: 'ticker', body: [] },
      { capability: 'ticker', body: [market('ethereum', 'eth')] },
      { capability: 'tickers', body: [] },
      { capability: 'tickers', params: { symbols: ['BTC/USD', 'ETH/EUR'] }, body: {} },
      { capability: 'candles', body: [] },
      { capability: 'candles', status: 404, body: gone },
      { capability: 'volume', body: [market('ethereum', 'eth')] },
      { capability: 'social', status: 404, body: gone },
      { capability: 'social', body: { ...votes, sentiment_votes_up_percentage: null } },
      { capability: 'nftCollection', status: 404, body: gone },
    ],
    errors: [
      { says: 'coin not found, inside a 200', body: gone, reason: 'not-found' },
      { says: 'a Pro key at the Demo host', status: 400, body: told(10_010), reason: 'unauthorized' },
      { says: 'a Demo key at the Pro host', status: 400, body: { error: told(10_011) }, reason: 'unauthorized' },
      { says: 'no key', status: 401, body: { error_code: 10_002, error_message: 'API key missing' }, reason: 'unauthorized' },
      { says: 'an endpoint of the Pro plans', status: 401, body: told(10_005), reason: 'unauthorized' },
      { says: 'a rate limit inside a 200', body: told(429), reason: 'rate-limited' },
      { says: 'a rate limit', status: 429, headers: { 'retry-after': '119' }, body: told(429), reason: 'rate-limited', retryAfterMs: 119_000 },
      { says: 'an outage inside a 200', body: { error: { status: { error_code: 503 } } }, reason: 'unavailable' },
      { says: 'Missing parameter ids', body: { error: 'Missing parameter ids' }, reason: 'bad-request' },
      { says: 'Missing parameter ids, by its status', status: 422, body: { error: 'Missing parameter ids' }, reason: 'bad-request' },
      { says: 'a page that is not there', status: 404, body: '<html></html>', reason: 'bad-response' },
    ],
  },
  { describe, it },
)

describe('ticker and volume', () => {
  it('leave out what is null, and a market value of 0', () => {
    expect(ask(provider, 'ticker', { symbol: 'BTC/USD' }, ok([market('bitcoin', 'btc', { ...bare, current_price: 7.1e-8 })]))).toEqual({
      symbol: 'BTC/USD',
      base: 'BTC',
      quote: 'USD',
      last: 7.1e-8,
    })
  })

  it('ask coins/markets by id', () => {
    expect(asked(provider, 'ticker', { symbol: 'ETH/BTC' }).href).toBe(`${host}/coins/markets?vs_currency=btc&ids=ethereum`)
    expect(asked(provider, 'volume', { symbol: 'USDC/USD' }).searchParams.get('ids')).toBe('usd-coin')
  })

  it('are for the quotes that it has: a real dollar, no USDT', () => {
    expect(['BTC/USD', 'BTC/ETH', 'BTC/MYR', 'BTC/USDT', 'BTC/USDC'].map((symbol) => ticker.supports?.({ symbol }))).toEqual([true, true, true, false, false])
  })

  it.each([
    ['a price of 0', [{ ...bitcoin, current_price: 0 }]],
    ['a missing price', [{ ...bitcoin, current_price: undefined }]],
    ['a low above the high', [{ ...bitcoin, low_24h: 90_000 }]],
    ['a row without an id', [{ ...bitcoin, id: null }]],
    ['an object', { bitcoin: { usd: 1 } }],
  ])('call %s a bad response', (_, drifted) => {
    expect(() => ask(provider, 'ticker', { symbol: 'BTC/USD' }, ok(drifted))).toThrow(expect.objectContaining(bad))
  })
})

describe('tickers', () => {
  it('skip symbols without an id or in a foreign quote, and are 250 at most', () => {
    const url = asked(provider, 'tickers', { symbols: ['BTC/USD', 'NOSUCHCOIN/USD', 'ETH/USDT'] })
    expect(url.searchParams.get('ids')).toBe('bitcoin')
    expect(tickers.supports?.({ symbols: ['BTC/USDT', 'ETH/USDT'] })).toBe(false)
    expect(tickers).toHaveProperty('maxBatch', 250)
  })

  it('without a price are left out, unless none has one', () => {
    const listed = market('ethereum', 'eth', { current_price: null })
    const found = ask(provider, 'tickers', { symbols: ['ETH/USD', 'BTC/USD'] }, ok([listed, bitcoin]))
    expect(found.map(({ symbol }) => symbol)).toEqual(['BTC/USD'])
    expect(() => ask(provider, 'tickers', { symbols: ['ETH/USD'] }, ok([listed]))).toThrow(expect.objectContaining(bad))
  })
})

describe('candles', () => {
  const params = { symbol: 'BTC/USD', interval: '4h' } as const

  it('are the last ones up to the limit, or the first ones since a time', () => {
    const rows = [four(4, 1, 3, 1, 2), four(8, 2, 4, 2, 3), four(12, 3, 5, 3, 4)]
    const starts = (more: object) =>
      ask(provider, 'candles', { ...params, ...more }, ok(rows)).map(({ openTime }) => (openTime - Date.UTC(2026, 10, 21)) / HOUR)
    expect(starts({ limit: 2 })).toEqual([4, 8])
    expect(starts({ since: Date.UTC(2026, 10, 21, 4) })).toEqual([4, 8])
    expect(starts({ since: Date.UTC(2026, 10, 21), limit: 1 })).toEqual([0])
  })

  it('exist in the intervals that the days asked bring', () => {
    const { candles } = provider.endpoints
    const supports = 'supports' in candles ? candles.supports?.bind(candles) : undefined
    const having = (['1m', '30m', '1h', '4h', '1d'] as const).filter((interval) => supports?.({ symbol: 'BTC/USD', interval }))
    expect(having).toEqual(['30m', '4h'])
    const days = (interval: '30m' | '4h', limit: number) => asked(provider, 'candles', { symbol: 'BTC/USD', interval, limit }).searchParams.get('days')
    expect([days('30m', 10), days('30m', 500), days('4h', 42), days('4h', 43), days('4h', 180), days('4h', 999)]).toEqual(['1', '1', '7', '14', '30', '30'])
  })

  it('of long ago are not asked for: the start would be missing', () => {
    expect(() => sent(provider, 'candles', { ...params, since: Date.UTC(2020, 0, 1) })).toThrow(expect.objectContaining({ reason: 'bad-request' }))
  })

  it.each([
    ['a low above the open', [four(4, 1, 3, 2, 2)]],
    ['a price of null', [[NOW, null, 3, 1, 2]]],
    ['seconds', [[1_763_717_940, 1, 3, 1, 2]]],
    ['no list', { prices: [] }],
  ])('call %s a bad response', (_, drifted) => {
    expect(() => ask(provider, 'candles', params, ok(drifted))).toThrow(expect.objectContaining(bad))
  })
})

describe('lists', () => {
  it('of assets are one page at most', () => {
    expect(asked(provider, 'assets', { limit: 900 }).searchParams.get('per_page')).toBe('250')
  })

  it('of movers have the strongest first, without those that went the other way or nobody knows', () => {
    const change = (id: string, percent: number | null) => market(id, id, { price_change_percentage_24h: percent })
    const rows = [change('a', 1), change('b', -4), change('c', 9), change('d', null), change('e', -2), change('f', 0)]
    const ids = (direction: 'gainers' | 'losers', limit?: number) => ask(provider, 'movers', { direction, limit }, ok(rows)).map(({ id }) => id)
    expect(ids('gainers')).toEqual(['c', 'a'])
    expect(ids('losers')).toEqual(['b', 'e'])
    expect(ids('losers', 1)).toEqual(['b'])
    expect(() => ask(provider, 'movers', { direction: 'gainers' }, ok({ rows }))).toThrow(expect.objectContaining(bad))
  })
})

describe('an NFT collection', () => {
  it('may have nothing but its name', () => {
    expect(ask(provider, 'nftCollection', { slug: 'apes' }, ok({ id: 'apes', name: 'Apes', floor_price: null }))).toEqual({ id: 'apes', name: 'Apes' })
  })

  it('is found by slug, or by contract on the chains that have one', () => {
    expect(asked(provider, 'nftCollection', { slug: 'a/b' }).pathname).toBe('/api/v3/nfts/a%2Fb')
    expect(asked(provider, 'nftCollection', { chain: 'eip155:1', contract: '0xAb' }).pathname).toBe('/api/v3/nfts/ethereum/contract/0xAb')
    expect(nftCollection.supports?.({ chain: 'solana', contract: 'x' })).toBe(false)
    for (const params of [{ slug: '..' }, { slug: '' }, { chain: 'eip155:1', contract: '..' }]) expect(nftCollection.supports?.(params)).toBe(false)
  })
})

describe('failures', () => {
  const failure = (status: number, body: unknown) => provider.failure?.({ status, body, headers: new Headers() }, { capability: 'globalMarket', params: {} })

  it('of keys at the wrong host name the fix', () => {
    expect(failure(400, told(10_010))?.message).toBe(`a Pro key was sent to the Demo host: choose plan 'pro'`)
    expect(failure(400, { error: told(10_011) })?.message).toContain(`plan 'demo'`)
    expect(failure(401, told(10_005))?.message).toContain('Pro')
  })
})

describe('plans', () => {
  it('without a key it is the strictest and comes last, spaced and reused', () => {
    expect(provider).toMatchObject({ role: 'last-resort', minSpacingMs: 10_000, reuseMs: 300_000, hosts: ['https://api.coingecko.com'] })
    expect(provider.limits).toEqual([{ requests: 5, perMs: 60_000, scope: 'ip' }])
  })

  it('a key alone is a Demo key', () => {
    expect(coingecko({ apiKey: 'not-a-key' }).key).toEqual({ required: false, in: 'header', name: 'x-cg-demo-api-key' })
    expect(coingecko({ plan: 'demo' })).toMatchObject({ minSpacingMs: 10_000, key: { required: true, name: 'x-cg-demo-api-key' } })
  })

  it('Pro has a host and a header of its own, and no spacing', () => {
    expect(coingecko({ plan: 'pro' })).toMatchObject({
      hosts: ['https://pro-api.coingecko.com'],
      minSpacingMs: 0,
      key: { required: true, name: 'x-cg-pro-api-key' },
    })
  })
})
