import { describe, expect, it } from 'vitest'
import type { ParamsOf } from '../../src/model/capabilities.js'
import type { Asset, Candle } from '../../src/model/market.js'
import { fakeProvider } from '../../src/testing/index.js'
import { candles, NOW, served, ticker } from './market-world.js'

const AAVE = '0x7fc66500c84a76ad7e9c93437bfc5ac33e2ddae9'
const ASSETS: Asset[] = [
  { id: 'btc-bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
  { id: 'eth-ethereum', symbol: 'ETH', name: 'Ethereum', rank: 2 },
  { id: 'wbt-whitebit', symbol: 'WBTX', name: 'WhiteBIT Coin', rank: 9 },
  { id: 'bit-token', symbol: 'BIT', name: 'Bit Token', rank: 40 },
  { id: 'aave-aave', symbol: 'AAVE', name: 'Aave', rank: 50 },
  { id: 'btc-copy', symbol: 'BTC', name: 'Bitcoin Copy', rank: 300 },
  { id: 'aave-copy', symbol: 'AAVE', name: 'Aave Copy', rank: 301 },
]
const FIGURES = { marketCap: 1e9, quoteVolume24h: 5e6, change24hPercent: 2.5, change24h: 3, high24h: 110, low24h: 90 }

const lister = () =>
  fakeProvider('lister', {
    answers: {
      assets: ({ limit }) => ASSETS.slice(0, limit),
      tickers: ({ symbols }) => symbols.filter((symbol) => symbol !== 'WBTX/USD').map((symbol) => ticker(symbol, 100, FIGURES)),
    },
  })
const exchange = () => fakeProvider('exchange', { answers: { candles } })

const HOUR = 3_600_000

/** Candles of an hour from the asked time on, or the last ones. */
function pageOf({ limit = 100, since = NOW - (limit - 1) * HOUR }: ParamsOf<'candles'>): Candle[] {
  const times = Array.from({ length: limit }, (_, i) => since + i * HOUR)
  return times.flatMap((openTime) => (openTime > NOW ? [] : { openTime, open: 1, high: 1, low: 1, close: 1, closed: openTime < NOW }))
}

describe('POST /api/coins/search', () => {
  it('finds by symbol, name and id: the very one first, then larger ones before smaller ones', async () => {
    const { status, body } = await served([lister()]).post('/api/coins/search', { q: 'Bit' })
    expect(status).toBe(200)
    expect((body.results as { id: string }[]).map(({ id }) => id)).toEqual(['bit-token', 'btc-bitcoin', 'btc-copy', 'wbt-whitebit'])
    expect(body).toMatchObject({ query: 'Bit', count: 4, source: 'lister' })
    expect((body.results as unknown[])[1]).toEqual({
      id: 'btc-bitcoin',
      symbol: 'BTC',
      name: 'Bitcoin',
      image: null,
      current_price: 100,
      market_cap: 1e9,
      market_cap_rank: 1,
      price_change_24h: 2.5,
      total_volume: 5e6,
    })
  })

  it('never gives the price of an asset to another one of the same symbol, or 0 to one without', async () => {
    const { body } = await served([lister()]).post('/api/coins/search', { q: 'bit' })
    const price = Object.fromEntries((body.results as { id: string; current_price: number | null }[]).map((row) => [row.id, row.current_price]))
    expect(price).toEqual({ 'bit-token': 100, 'btc-bitcoin': 100, 'btc-copy': null, 'wbt-whitebit': null })
    expect(body.missing).toEqual([{ part: 'WBTX/USD', reason: 'nobody who was asked knows it' }])
  })

  it('takes the one with the better rank for the larger, in whatever order they are listed', async () => {
    const upside = fakeProvider('upside', {
      answers: { assets: () => ASSETS.toReversed(), tickers: ({ symbols }) => symbols.map((symbol) => ticker(symbol, 7)) },
    })
    const { body } = await served([upside]).post('/api/coins/search', { q: 'btc' })
    expect(body.results).toMatchObject([
      { id: 'btc-bitcoin', current_price: 7 },
      { id: 'btc-copy', current_price: null },
    ])
  })

  it('answers without prices where nobody gives any, and says so', async () => {
    const { body } = await served([fakeProvider('names', { answers: { assets: () => ASSETS } })]).post('/api/coins/search', { q: 'eth', limit: 1 })
    expect(body).toMatchObject({ count: 1, results: [{ id: 'eth-ethereum', current_price: null, total_volume: null }], missing: [{ part: 'prices' }] })
  })

  it('finds nothing where there is nothing', async () => {
    expect((await served([lister()]).post('/api/coins/search', { q: 'zzz' })).body).toMatchObject({ count: 0, results: [] })
  })

  it.each([{}, { q: '' }, { q: ' ' }, { q: 'a', limit: 51 }, { q: 'a', limit: '5' }, { q: 'a', page: 2 }, { q: 5 }])('refuses %j', async (body) => {
    expect((await served([lister()]).post('/api/coins/search', body)).status).toBe(400)
  })
})

describe('/api/coins/{id}/details', () => {
  it.each(['btc-bitcoin', 'BTC', 'bitcoin', 'Bitcoin'])('finds %s', async (id) => {
    const { body } = await served([lister()]).get(`/api/coins/${id}/details`)
    expect(body).toMatchObject({
      id: 'btc-bitcoin',
      symbol: 'BTC',
      name: 'Bitcoin',
      image: null,
      market_data: {
        current_price: 100,
        market_cap: 1e9,
        market_cap_rank: 1,
        total_volume: 5e6,
        high_24h: 110,
        low_24h: 90,
        price_change_24h: 3,
        price_change_percentage_24h: 2.5,
        circulating_supply: null,
      },
      links: { homepage: null, explorer: null, source_code: null },
      source: 'lister',
    })
  })

  it('knows where an asset lives even without a list', async () => {
    const { body } = await served([fakeProvider('x', { answers: { tickers: ({ symbols }) => symbols.map((symbol) => ticker(symbol, 5)) } })]).get(
      '/api/coins/aave/details',
    )
    expect(body).toMatchObject({ symbol: 'AAVE', name: 'Aave', caip19: `eip155:1/erc20:${AAVE}`, missing: [{ part: 'rank' }] })
  })

  it('asks for the price of a symbol that no list has: a small asset may be traded', async () => {
    const { body } = await served([lister()]).get('/api/coins/tiny/details')
    expect(body).toMatchObject({ id: 'TINY', symbol: 'TINY', name: null, market_data: { current_price: 100, market_cap_rank: null } })
  })

  it('tells where it lives, where the list does not', async () => {
    expect((await served([lister()]).get('/api/coins/aave-aave/details')).body.caip19).toBe(`eip155:1/erc20:${AAVE}`)
  })

  it.each(['details', 'history', 'chart'])('never gives the prices of the larger asset to a smaller one of the same symbol: %s', async (part) => {
    const { status, body } = await served([lister(), exchange()]).get(`/api/coins/btc-copy/${part}`)
    expect([status, body.error]).toEqual([404, 'the price of btc-copy is not told: prices of BTC are those of the larger btc-bitcoin'])
  })

  it('answers 404 for an unknown one, 400 for one that can be no id', async () => {
    const { get } = served([lister()])
    const [unknown, odd] = [await get('/api/coins/nope-nope/details'), await get('/api/coins/%3Cb%3E/details')]
    expect([unknown.status, odd.status]).toEqual([404, 400])
    expect(unknown.body.error).toContain('NOPE-NOPE')
  })
})

describe('/api/coins/{id}/history', () => {
  it('goes day by day, the last one running', async () => {
    const one = exchange()
    const { body } = await served([one]).get('/api/coins/bitcoin/history?days=3')
    expect(one.asked.map(({ params }) => params)).toEqual([{ symbol: 'BTC/USD', interval: '1d', limit: 3 }])
    expect(body).toMatchObject({ symbol: 'BTC', days: 3, interval: 'daily', count: 3, source: 'exchange' })
    expect(body.data).toEqual([
      { timestamp: '2025-12-30T00:00:00.000Z', date: '2025-12-30', price: 101, volume: 10, market_cap: null, closed: true },
      { timestamp: '2025-12-31T00:00:00.000Z', date: '2025-12-31', price: 102, volume: 10, market_cap: null, closed: true },
      { timestamp: '2026-01-01T00:00:00.000Z', date: '2026-01-01', price: 103, volume: 10, market_cap: null, closed: false },
    ])
  })

  it('goes hour by hour, with the symbol of an id that a list has', async () => {
    const one = exchange()
    await served([lister(), one]).get('/api/coins/wbt-whitebit/history?days=2&interval=hourly')
    expect(one.asked.map(({ params }) => params)).toEqual([{ symbol: 'WBTX/USD', interval: '1h', limit: 48 }])
  })

  it('goes hour by hour for a year, page by page of one provider', async () => {
    const long = fakeProvider('long', { answers: { candles: (params) => pageOf(params) } })
    const { body } = await served([long, exchange()]).get('/api/coins/bitcoin/history?days=365&interval=hourly')
    const data = body.data as { timestamp: string; closed: boolean }[]
    const times = data.map(({ timestamp }) => Date.parse(timestamp))
    expect([body.count, times[0], times.at(-1)]).toEqual([8_760, NOW - 8_759 * HOUR, NOW])
    expect(times.every((time, i) => i === 0 || time - (times[i - 1] ?? 0) === HOUR)).toBe(true)
    expect(data.filter(({ closed }) => !closed)).toHaveLength(1)
    expect([long.asked.length, body.provider, body.missing]).toEqual([9, 'long', undefined])
  })

  it('says which hours it could not get', async () => {
    const young = fakeProvider('young', { answers: { candles: (params) => (params.since === undefined ? pageOf(params) : 'not-found') } })
    const { body } = await served([young]).get('/api/coins/bitcoin/history?days=60&interval=hourly')
    expect(body).toMatchObject({ count: 1_000, missing: [{ part: expect.stringMatching(/^1000 candles from 2025-10-/) }] })
  })

  it.each(['days=0', 'days=366', 'interval=weekly'])('refuses %s', async (query) => {
    const { status, body } = await served([exchange()]).get(`/api/coins/BTC/history?${query}`)
    expect([status, String(body.error)]).toEqual([400, expect.stringContaining(query.split('=')[0] ?? '')])
  })
})

describe('/api/coins/{id}/chart', () => {
  it.each([
    ['1h', '1m', 60],
    ['24h', '15m', 96],
    ['7d', '1h', 168],
    ['30d', '4h', 180],
    ['1y', '1d', 365],
  ])('draws %s out of candles of %s', async (timeframe, interval, limit) => {
    const one = exchange()
    const { body } = await served([one]).get(`/api/coins/ETH/chart?timeframe=${timeframe}`)
    expect(one.asked.map(({ params }) => params)).toEqual([{ symbol: 'ETH/USD', interval, limit }])
    const { labels, prices } = body.chart as { labels: string[]; prices: number[] }
    expect([labels.length, prices.length, labels.at(-1), prices.at(-1)]).toEqual([limit, limit, '2026-01-01T00:00:00.000Z', 100 + limit])
    expect(body.stats).toEqual({ high: 101 + limit, low: 99, avg: 100 + (limit + 1) / 2, change: limit })
  })

  it('refuses another timeframe', async () => {
    expect((await served([exchange()]).get('/api/coins/ETH/chart?timeframe=2h')).status).toBe(400)
  })

  it('answers 502 where everybody fails', async () => {
    expect((await served([fakeProvider('x', { answers: { candles: () => 'unavailable' } })]).get('/api/coins/ETH/chart')).status).toBe(502)
  })
})

describe('/api/metadata/coins', () => {
  it('tells where assets live as far as that is certain', async () => {
    const { body } = await served([lister()]).get('/api/metadata/coins?search=aave')
    const aave = { symbol: 'AAVE', platforms: { ethereum: AAVE }, contract_addresses: [AAVE], is_token: true, native_platform: 'ethereum' }
    expect(body.coins).toEqual([
      { id: 'aave-aave', name: 'Aave', ...aave },
      { id: 'aave-copy', symbol: 'AAVE', name: 'Aave Copy', platforms: {}, contract_addresses: [], is_token: null, native_platform: null },
    ])
    expect(body).toMatchObject({ count: 2, filters: { search: 'aave', platform: null, limit: 100 }, source: 'lister' })
    expect(body.statistics).toEqual({ total_coins: 7, tokens: 1, native_coins: 2, unknown: 4 })
  })

  it.each(['ethereum', 'eip155:1'])('filters by platform %s before it cuts', async (platform) => {
    const { body } = await served([lister()]).get(`/api/metadata/coins?platform=${platform}&limit=2`)
    expect((body.coins as { id: string }[]).map(({ id }) => id)).toEqual(['eth-ethereum', 'aave-aave'])
  })

  it('asks for a shorter list where nobody has a long one', async () => {
    const { endpoints, ...facts } = lister()
    const short = { ...facts, endpoints: { assets: { ...endpoints.assets, supports: ({ limit = 100 }: { limit?: number }) => limit <= 100 } } }
    expect((await served([short]).get('/api/metadata/coins?limit=5000')).body.count).toBe(7)
  })

  it.each(['limit=0', 'limit=5001', 'search='])('refuses %s', async (query) => {
    expect((await served([lister()]).get(`/api/metadata/coins?${query}`)).status).toBe(400)
  })
})

describe('/api/cache/stats', () => {
  it('counts what was answered out of memory, and asks nobody', async () => {
    const one = fakeProvider('one')
    const { get } = served([one])
    expect((await get('/api/cache/stats')).body).toMatchObject({ cache_enabled: null, overall_statistics: { total_requests: 0, hit_rate_percent: null } })
    for (let count = 0; count < 4; count++) await get('/api/market/price?symbol=BTC')
    const { body, headers } = await get('/api/cache/stats')
    expect(body).toMatchObject({
      success: true,
      cache_enabled: true,
      overall_statistics: { total_requests: 4, cache_hits: 3, cache_misses: 1, hit_rate_percent: 75, miss_rate_percent: 25, total_entries: 1 },
      cache_breakdown: { ticker: { hits: 3, misses: 1, stale: 0 } },
      cache_config: null,
      timestamps: { measured_at: '2026-01-01T00:00:00.000Z' },
    })
    expect([one.asked.length, headers.get('cache-control')]).toEqual([1, 'no-store'])
  })

  it('knows a router without a cache', async () => {
    const { get } = served([fakeProvider('one')], { cache: false })
    await get('/api/market/price?symbol=BTC')
    expect((await get('/api/cache/stats')).body).toMatchObject({ cache_enabled: false, overall_statistics: { total_requests: 0 } })
  })
})
