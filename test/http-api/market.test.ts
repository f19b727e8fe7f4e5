import { describe, expect, it } from 'vitest'
import type { Asset, GlobalMarket } from '../../src/model/market.js'
import { fakeProvider } from '../../src/testing/index.js'
import { candles, NOW, served, ticker } from './market-world.js'

const ASSETS: Asset[] = [
  { id: 'ethereum', symbol: 'ETH', name: 'Ethereum', rank: 2 },
  { id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1 },
  { id: 'solana', symbol: 'SOL', name: 'Solana', rank: 3 },
]
const GLOBAL = { marketCapUsd: 3e12, volume24hUsd: 1e11, dominancePercent: { BTC: 57.5, ETH: 12.25 } }

/** One who knows the whole market. */
const lister = (globalMarket: () => GlobalMarket | 'unavailable' = () => GLOBAL) =>
  fakeProvider('lister', {
    priority: 2,
    answers: {
      globalMarket,
      assets: () => ASSETS,
      tickers: ({ symbols }) =>
        symbols.filter((symbol) => symbol !== 'SOL/USD').map((symbol) => ticker(symbol, 50, { marketCap: 1e9, change24hPercent: -1.5, quoteVolume24h: 2e6 })),
    },
  })
/** One who lists what it trades, in no order. */
const exchange = () =>
  fakeProvider('exchange', {
    answers: {
      assets: () => [{ id: 'OWN', symbol: 'OWN' }],
      tickers: ({ symbols }) => symbols.map((symbol) => ticker(symbol, 49)),
      ticker: ({ symbol }) => ticker(symbol, 49),
    },
  })

describe('/api/market', () => {
  it('lists the largest assets by rank, priced by who knows all of it, with the shares of the market', async () => {
    const { get } = served([exchange(), lister()])
    const { status, body } = await get('/api/market?limit=2')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      cryptocurrencies: [
        { rank: 1, name: 'Bitcoin', symbol: 'BTC', price: 50, change_24h: -1.5, market_cap: 1e9, volume_24h: 2e6, image: null },
        { rank: 2, name: 'Ethereum', symbol: 'ETH' },
      ],
      global: { btc_dominance: 57.5, eth_dominance: 12.25, market_cap: 3e12, change_24h: null },
      source: 'lister',
      provider: 'lister',
      timestamp: '2026-01-01T00:00:00.000Z',
    })
    expect(body).not.toHaveProperty('missing')
  })

  it('counts the share of an asset by market values where it is not told, and only within one source', async () => {
    const told = (): GlobalMarket => ({ marketCapUsd: 4e9, volume24hUsd: 1, dominancePercent: { BTC: 57.5 } })
    expect((await served([lister(told)]).get('/api/market')).body.global).toMatchObject({ btc_dominance: 57.5, eth_dominance: 25 })
    const other = fakeProvider('other', { answers: { globalMarket: told } })
    const { body } = await served([other, lister(told)]).get('/api/market')
    expect([body.source, body.global]).toEqual(['lister', expect.objectContaining({ btc_dominance: 57.5, eth_dominance: null })])
  })

  it('does not hide a fault of its own behind a part that is missing', async () => {
    const { get, router } = served([lister()])
    const request = router.request.bind(router)
    router.request = ((capability: string, ...rest: never[]) =>
      capability === 'globalMarket' ? Promise.reject(new TypeError('a bug')) : (request as (...all: unknown[]) => unknown)(capability, ...rest)) as never
    expect((await get('/api/market')).status).toBe(500)
  })

  it('shows what is not known as null, and says why', async () => {
    const { get } = served([lister(() => 'unavailable')])
    const { status, body } = await get('/api/market')
    expect(status).toBe(200)
    expect(body.global).toEqual({ btc_dominance: null, eth_dominance: null, market_cap: null, volume_24h: null, change_24h: null })
    expect((body.cryptocurrencies as unknown[])[2]).toEqual({
      rank: 3,
      name: 'Solana',
      symbol: 'SOL',
      price: null,
      change_24h: null,
      market_cap: null,
      volume_24h: null,
      image: null,
    })
    expect(body.missing).toEqual([
      { part: 'global', reason: expect.stringContaining('globalMarket') },
      { part: 'SOL/USD', reason: 'nobody who was asked knows it' },
    ])
  })

  it('shows the best known assets without a rank where nobody tells the largest', async () => {
    const { get } = served([exchange()])
    const { body } = await get('/api/market?limit=3')
    expect(body.cryptocurrencies).toMatchObject([
      { rank: null, symbol: 'BTC', name: 'Bitcoin', price: 49, market_cap: null },
      { rank: null, symbol: 'ETH' },
      { rank: null, symbol: 'BNB' },
    ])
    expect((body.missing as { part: string }[]).map(({ part }) => part)).toEqual(['global', 'rank'])
  })

  it('asks exchanges for prices where those who know the market fail', async () => {
    const failing = fakeProvider('lister', { answers: { globalMarket: () => GLOBAL, assets: () => ASSETS, tickers: () => 'unavailable' } })
    const { get } = served([failing, exchange()])
    expect((await get('/api/market')).body).toMatchObject({ source: 'exchange', provider: 'exchange,lister', cryptocurrencies: [{ price: 49 }, {}, {}] })
  })

  it('fails where every part fails', async () => {
    const { get } = served([fakeProvider('whole', { answers: { globalMarket: () => 'unavailable' } })])
    const { status, body } = await get('/api/market')
    expect([status, body.data]).toEqual([503, null])
  })

  it.each(['limit=0', 'limit=251', 'limit=many', 'limit=2.5', 'limit=', 'page=2'])('refuses %s by name', async (query) => {
    const { status, body } = await served([lister()]).get(`/api/market?${query}`)
    expect([status, String(body.error)]).toEqual([400, expect.stringContaining(query.split('=')[0] ?? '')])
  })
})

describe('/api/sentiment', () => {
  it('gives the newest reading with the word of its source', async () => {
    const index = fakeProvider('index', {
      answers: {
        fearGreed: () => [
          { value: 20, label: 'Fear', at: NOW - 86_400_000 },
          { value: 71, label: 'Greed', at: NOW },
        ],
      },
    })
    expect((await served([index]).get('/api/sentiment')).body).toMatchObject({
      fear_greed_index: { value: 71, classification: 'Greed' },
      source: 'index',
      timestamp: '2026-01-01T00:00:00.000Z',
    })
  })
})

describe('what is trending', () => {
  const rows = ['PEPE', 'DOGE', 'BONK'].map((symbol, index) => ({
    id: symbol,
    symbol,
    name: `${symbol} coin`,
    ...(index === 0 && { rank: 30, priceUsd: 0.5 }),
  }))
  const providers = () => [fakeProvider('trends', { answers: { trending: () => rows } })]

  it('has names and symbols, and no invented picture', async () => {
    expect((await served(providers()).get('/api/trending?limit=1')).body.trending).toEqual([{ name: 'PEPE coin', symbol: 'PEPE', thumb: null }])
  })

  it.each(['/api/v1/coingecko/trending', '/api/direct/trending'])('is at %s with places, prices and whose list it is', async (path) => {
    const { body } = await served(providers()).get(`${path}?limit=2`)
    const told = { source: 'trends', timestamp: '2026-01-01T00:00:00.000Z' }
    expect(body).toMatchObject({
      success: true,
      data: [
        { symbol: 'PEPE', name: 'PEPE coin', rank: 1, price: 0.5, change24h: null, marketCapRank: 30, ...told },
        { symbol: 'DOGE', rank: 2, price: null, marketCapRank: null },
      ],
      ...told,
    })
    expect(body.data).toHaveLength(2)
  })
})

describe('DeFi', () => {
  const PROTOCOLS = [
    { id: 'lido', name: 'Lido', tvlUsd: 30e9, chains: ['eip155:1'], category: 'Liquid Staking', change1dPercent: 0.5 },
    { id: 'aave', name: 'Aave', tvlUsd: 20e9, chains: ['eip155:1', 'Solana'], category: 'Lending' },
    { id: 'spark', name: 'Spark', tvlUsd: 15e9, chains: [], category: 'Lending' },
    { id: 'odd', name: 'Odd', tvlUsd: 1e9, chains: ['Odd'] },
  ]
  const CHAINS = [
    { chain: 'eip155:1', name: 'Ethereum', tvlUsd: 60e9 },
    { chain: 'Solana', name: 'Solana', tvlUsd: 10e9 },
  ]

  it('adds up what is locked on all chains and names the chains of each protocol', async () => {
    const { get } = served([fakeProvider('llama', { answers: { defiProtocols: () => PROTOCOLS, chainTvl: () => CHAINS } })])
    const { body } = await get('/api/defi?limit=3')
    expect(body.total_tvl).toBe(70e9)
    expect(body.protocols).toEqual([
      { name: 'Lido', chain: 'Ethereum', chains: ['Ethereum'], category: 'Liquid Staking', tvl: 30e9, change_24h: 0.5 },
      { name: 'Aave', chain: 'Multi-Chain', chains: ['Ethereum', 'Solana'], category: 'Lending', tvl: 20e9, change_24h: null },
      { name: 'Spark', chain: null, chains: [], category: 'Lending', tvl: 15e9, change_24h: null },
    ])
  })

  it('leaves the total unknown where only the protocols come', async () => {
    const { get } = served([fakeProvider('llama', { answers: { defiProtocols: () => PROTOCOLS, chainTvl: () => 'timeout' } })])
    expect((await get('/api/defi')).body).toMatchObject({ total_tvl: null, source: 'llama', missing: [{ part: 'total_tvl' }] })
  })

  it('gives the kinds of protocols as categories, and null for market values', async () => {
    const { get } = served([fakeProvider('llama', { answers: { defiProtocols: () => PROTOCOLS } })])
    const { body } = await get('/api/market/categories')
    const unknown = { market_cap: null, market_cap_change_24h: null, volume_24h: null }
    expect(body.categories).toEqual([
      { id: 'lending', name: 'Lending', tvl: 35e9, protocols: 2, top_3: ['Aave', 'Spark'], ...unknown },
      { id: 'liquid-staking', name: 'Liquid Staking', tvl: 30e9, protocols: 1, top_3: ['Lido'], ...unknown },
    ])
  })

  it('names the capability that categories need where nobody has it', async () => {
    const { status, body, headers } = await served([exchange()]).get('/api/market/categories')
    expect([status, String(body.error)]).toEqual([503, expect.stringContaining('defiProtocols')])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('/api/market/price', () => {
  it.each(['BTC', 'btcusdt', 'BTC-USD', 'BTC/USD', ' btc '])('understands %j', async (symbol) => {
    const { body } = await served([exchange()]).get(`/api/market/price?symbol=${encodeURIComponent(symbol)}`)
    expect(body).toMatchObject({ symbol: symbol === 'btcusdt' ? 'BTC/USDT' : 'BTC/USD', price: 49, source: 'exchange', timestamp: NOW / 1_000 })
  })

  it('says what was traded, and when by the clock of the exchange', async () => {
    const tether = fakeProvider('tether', { answers: { ticker: () => ticker('BTC/USDT', 50, { asOf: NOW - 2_500, change24hPercent: 1.5 }) } })
    const { body } = await served([tether]).get('/api/market/price?symbol=BTC')
    expect(body).toMatchObject({ symbol: 'BTC/USD', market: 'BTC/USDT', change_24h: 1.5, volume_24h: null, timestamp: NOW / 1_000 - 3 })
  })

  it('answers 404 for a symbol that nobody knows, never a price of 0', async () => {
    const { status, body } = await served([fakeProvider('empty', { answers: { ticker: () => 'not-found' } })]).get('/api/market/price?symbol=NOPE')
    expect([status, body.success, body.data]).toEqual([404, false, null])
    expect(body.error).toContain('NOPE/USD')
  })

  it('answers 400 without a symbol, for one that has no form, and for one that means several assets', async () => {
    const { get } = served([exchange()])
    const answers = await Promise.all(['', '?symbol=', '?symbol=BTC%2F%2FUSD', '?symbol=BEAM'].map((query) => get(`/api/market/price${query}`)))
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400])
    expect(answers[0]?.body.error).toContain('symbol')
    expect(answers[3]?.body.candidates).toHaveLength(2)
  })

  it.each([
    ['unavailable', 502],
    ['timeout', 504],
  ] as const)('tells what %s of all is as %i, with the attempts', async (reason, status) => {
    const answer = await served([fakeProvider('down', { answers: { ticker: () => reason } })]).get('/api/market/price?symbol=BTC')
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([status, 'no-store'])
    expect(answer.body.attempts).toMatchObject([{ provider: 'down', outcome: 'failed', reason }])
  })

  it('says who answered and may be kept as long as the price is fresh', async () => {
    const { get, clock } = served([exchange()])
    const first = await get('/api/market/price?symbol=BTC')
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'cache-control': 'public, max-age=0, s-maxage=10, must-revalidate',
      'x-feedmux-provider': 'exchange',
      'x-feedmux-cache': 'network',
      'x-feedmux-attempts': '1',
    })
    await clock.advance(4_000)
    const second = await get('/api/market/price?symbol=BTC', { 'if-none-match': first.headers.get('etag') ?? '' })
    expect([second.status, second.headers.get('cache-control')]).toEqual([304, 'public, max-age=0, s-maxage=6, must-revalidate'])
    expect((await get('/api/market/price?symbol=BTC')).body).toMatchObject({ cached: true, age_ms: 4_000 })
    await clock.advance(7_000)
    const third = await get('/api/market/price?symbol=BTC', { 'if-none-match': first.headers.get('etag') ?? '' })
    expect([third.status, third.headers.get('x-feedmux-cache')]).toEqual([200, 'network'])
  })

  it('serves an old price as stale, and keeps it out of shared caches', async () => {
    let isDown = false
    const provider = fakeProvider('moody', { answers: { ticker: ({ symbol }) => (isDown ? 'unavailable' : ticker(symbol, 7)) } })
    const { get, clock } = served([provider])
    await get('/api/market/price?symbol=BTC')
    isDown = true
    await clock.advance(20_000)
    const { body, headers } = await get('/api/market/price?symbol=BTC')
    expect(body).toMatchObject({ price: 7, stale: true, age_ms: 20_000, timestamp: NOW / 1_000 })
    expect([headers.get('cache-control'), headers.get('x-feedmux-cache')]).toEqual(['no-cache', 'stale'])
  })
})

describe('/api/market/ohlc', () => {
  const provider = () => fakeProvider('exchange', { answers: { candles } })

  it.each(['1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w'])('asks for a hundred candles of %s and tells their times in ms', async (timeframe) => {
    const one = provider()
    const { body } = await served([one]).get(`/api/market/ohlc?symbol=ETH&timeframe=${timeframe}`)
    expect(one.asked.map(({ params }) => params)).toEqual([{ symbol: 'ETH/USD', interval: timeframe, limit: 100 }])
    expect(body).toMatchObject({ symbol: 'ETH/USD', timeframe, source: 'exchange', rolled_up_from: null })
    expect(body.ohlc).toHaveLength(100)
    expect((body.ohlc as unknown[]).at(-1)).toEqual({ open: 199, high: 201, low: 198, close: 200, volume: 10, timestamp: NOW, closed: false })
  })

  it('takes an hour by default, and tells what it was put together out of', async () => {
    const { endpoints, ...facts } = provider()
    const halves = { ...facts, endpoints: { candles: { ...endpoints.candles, supports: ({ interval }: { interval: string }) => interval === '30m' } } }
    const { body } = await served([halves]).get('/api/market/ohlc?symbol=ETH')
    expect(body).toMatchObject({ timeframe: '1h', rolled_up_from: '30m' })
    expect(body.ohlc).toHaveLength(100)
    expect((body.ohlc as unknown[]).at(-2)).toMatchObject({ open: 297, close: 299, volume: 20, timestamp: NOW - 3_600_000, closed: true })
  })

  it.each(['3m', '1H', '60', ''])('refuses the timeframe %j and names those there are', async (timeframe) => {
    const { status, body } = await served([provider()]).get(`/api/market/ohlc?symbol=ETH&timeframe=${timeframe}`)
    expect(status).toBe(400)
    expect(body.error).toMatch(/timeframe.*15m.*1w/)
  })
})

describe('movers', () => {
  const movers = () =>
    fakeProvider('movers', {
      answers: {
        movers: ({ direction }) =>
          [1, 2, 3].map((n) => ({
            id: `coin-${n}`,
            symbol: `C${n}`,
            priceUsd: n,
            change24hPercent: direction === 'gainers' ? 10 / n : -10 / n,
            volume24hUsd: 5,
          })),
      },
    })

  it.each([
    ['gainers', 10],
    ['losers', -10],
  ] as const)('are at /api/market/%s, strongest first, with null for what is not told', async (direction, change) => {
    const { body } = await served([movers()]).get(`/api/market/${direction}?limit=2`)
    const row = { id: 'coin-1', symbol: 'C1', name: null, image: null, current_price: 1, market_cap: null, market_cap_rank: null, total_volume: 5 }
    expect(body).toMatchObject({ count: 2, source: 'movers' })
    expect((body[direction] as unknown[])[0]).toEqual({ ...row, price_change_24h: change })
  })

  it.each(['gainers?limit=0', 'losers?limit=101'])('refuses %s', async (path) => {
    expect((await served([movers()]).get(`/api/market/${path}`)).status).toBe(400)
  })
})
