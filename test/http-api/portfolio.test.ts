import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { figuresOf, type Holding, type PortfolioStrategy, simulate } from '../../src/http-api/insight/portfolio.js'
import { pairOf } from '../../src/model/symbol.js'
import { fakeProvider } from '../../src/testing/index.js'
import { DAY, exchange, NOW, provider, served, ticking } from './insight/served.js'

const risen = Array.from({ length: 40 }, (_, i) => 100 + i)
const fallen = Array.from({ length: 40 }, (_, i) => 80 - i)
const both = { 'BTC/USD': risen, 'ETH/USD': fallen }
const holdings = [
  { symbol: 'BTC', amount: 2 },
  { symbol: 'ETH', amount: 10 },
]

describe('POST /api/portfolio/simulate', () => {
  it('holds what is held over the last days, and says what it came to', async () => {
    const { body } = await served([exchange(both), ticking({ 'BTC/USD': { last: 150 }, 'ETH/USD': { last: 50 } })]).ask('/api/portfolio/simulate', {
      holdings,
      strategy: 'hodl',
      period_days: 30,
    })
    // days 9 to 39: BTC 109 → 139, ETH 71 → 41
    expect(body).toMatchObject({
      strategy: 'hodl',
      period: { days: 30, end: new Date(NOW - DAY).toISOString().slice(0, 10) },
      initial_portfolio: {
        total_value: 928,
        allocations: { 'BTC/USD': { percent: 23.4914, value: 218, price: 109 }, 'ETH/USD': { percent: 76.5086, value: 710, price: 71 } },
      },
      simulation_results: { final_value: 688, total_return: -240, return_percent: -25.8621 },
      current_valuation: { total_value: 800, holdings: [{ value: 300 }, { symbol: 'ETH/USD', amount: 10, price: 50, value: 500 }] },
    })
    const history = body['portfolio_history'] as { day: number; date: string; value: number }[]
    expect([history.length, history[0], history.at(-1)?.value]).toEqual([31, { day: 0, date: '2026-10-01', value: 928 }, 688])
  })

  it('scales the holdings to an investment, by their worth or by weights', async () => {
    const { ask } = served([exchange(both)])
    const scaled = (await ask('/api/portfolio/simulate', { holdings, initial_investment: 1_000 })).body
    expect(scaled).toMatchObject({ initial_portfolio: { total_value: 1_000 }, simulation_results: { return_percent: -25.8621 } })
    const weighed = [
      { symbol: 'BTC', weight: 60 },
      { symbol: 'ETH', weight: 40 },
    ]
    const { body } = await ask('/api/portfolio/simulate', { holdings: weighed, initial_investment: 1_000 })
    expect(body).toMatchObject({
      initial_portfolio: { allocations: { 'BTC/USD': { percent: 60, value: 600 } } },
      simulation_results: { final_value: expect.closeTo((600 * 139) / 109 + (400 * 41) / 71, 6) as number },
      current_valuation: null,
    })
  })

  it('adds up dollars of all kinds, but no other currencies', async () => {
    const { ask } = served([exchange({ 'BTC/USDT': risen, 'ETH/USD': fallen, 'ETH/EUR': fallen, 'SOL/EUR': risen })])
    const simulated = (...symbols: string[]) => ask('/api/portfolio/simulate', { holdings: symbols.map((symbol) => ({ symbol, amount: 1 })) })
    expect((await simulated('BTC/USDT', 'ETH')).body).toMatchObject({ initial_portfolio: { total_value: 180 } })
    expect((await simulated('ETH-EUR', 'SOL/EUR')).status).toBe(200)
    expect((await simulated('BTC/USDT', 'ETH/EUR')).body).toMatchObject({ code: 400, error: expect.stringMatching(/same currency.* got USD,EUR$/) as string })
  })

  it('rebalances weekly, and buys a little each day', async () => {
    const { ask } = served([exchange(both)])
    const final = async (strategy: string) =>
      ((await ask('/api/portfolio/simulate', { holdings, initial_investment: 1_000, strategy })).body['simulation_results'] as { final_value: number })
        .final_value
    const finals = await Promise.all(['hodl', 'rebalance', 'dca'].map(final))
    expect(new Set(finals).size).toBe(3)
    // prices that run apart: putting winners into losers costs, being in later costs less
    expect(finals.toSorted((a, b) => a - b)).toEqual([finals[1], finals[0], finals[2]])
  })

  it.each([
    [{ holdings: [] }, /holdings/],
    [{ holdings: [{ symbol: 'BTC', amount: 0 }] }, /amount/],
    [{ holdings: [{ symbol: 'BTC', amount: -1 }] }, /amount/],
    [{ holdings: [{ symbol: 'BTC' }] }, /either each has an amount, or each has a weight/],
    [{ holdings: [{ symbol: 'BTC', amount: 1, weight: 100 }] }, /either each has an amount, or each has a weight/],
    [{ holdings: [{ symbol: 'BTC', weight: 60 }], initial_investment: 1 }, /weights must add up to 100, got 60/],
    [{ holdings: [{ symbol: 'BTC', weight: 100 }] }, /initial_investment is needed/],
    [{ holdings: [holdings[0], holdings[0]] }, /each symbol once/],
    [{ strategy: 'yolo' }, /strategy/],
    [{ period_days: 1 }, /period_days/],
    [{ period_days: 366 }, /period_days/],
  ])('refuses %j', async (wrong, message) => {
    const { status, body } = await served([exchange(both)]).ask('/api/portfolio/simulate', { holdings, ...wrong })
    expect([status, body['error']]).toEqual([400, expect.stringMatching(message)])
  })

  it('is 404 for a market that nobody has, or where there are no common days', async () => {
    const { ask } = served([exchange({ ...both, 'SOL/USD': [1] })])
    expect((await ask('/api/portfolio/simulate', { holdings: [{ symbol: 'NOSUCH', amount: 1 }] })).status).toBe(404)
    expect((await ask('/api/portfolio/simulate', { holdings: [...holdings, { symbol: 'SOL', amount: 1 }] })).status).toBe(404)
  })
})

const series = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 3, max: 40 }))
  .chain(([assets, days]) =>
    fc.record({
      prices: fc.array(fc.array(fc.double({ min: 0.01, max: 1e5, noNaN: true }), { minLength: days, maxLength: days }), {
        minLength: assets,
        maxLength: assets,
      }),
      weights: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: assets, maxLength: assets }),
    }),
  )
  .map(({ prices, weights }): Holding[] => {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return prices.map((one, i) => ({ prices: one, share: (weights[i] ?? 0) / total }))
  })
const strategies: readonly PortfolioStrategy[] = ['hodl', 'rebalance', 'dca']

describe('whatever the prices, a portfolio', () => {
  it('begins with all the capital, and conserves it while prices stand still', () => {
    fc.assert(
      fc.property(series, (assets) => {
        const still = assets.map(({ prices, share }) => ({ share, prices: prices.map(() => prices[0] ?? 1) }))
        for (const strategy of strategies) {
          expect((simulate(strategy, assets, 1_000)[0] ?? 0) / 1_000).toBeCloseTo(1, 9)
          for (const value of simulate(strategy, still, 1_000)) expect(value / 1_000).toBeCloseTo(1, 9)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('comes to what its strategy says at the end', () => {
    fc.assert(
      fc.property(series, (assets) => {
        const final = (strategy: PortfolioStrategy, of: readonly Holding[] = assets): number => simulate(strategy, of, 1_000).at(-1) ?? 0
        const grown = (from: number): number => assets.reduce((sum, { share, prices }) => sum + share * ((prices.at(-1) ?? 0) / (prices[from] ?? 1)), 0)
        expect(final('hodl') / (1_000 * grown(0))).toBeCloseTo(1, 9)
        const buys = (assets[0]?.prices.length ?? 0) - 1
        const averaged = Array.from({ length: buys }, (_, day) => grown(day)).reduce((sum, one) => sum + one, 0) / buys
        expect(final('dca') / (1_000 * averaged)).toBeCloseTo(1, 9)
        const alone = assets.slice(0, 1).map(({ prices }) => ({ prices, share: 1 }))
        expect(final('rebalance', alone) / final('hodl', alone)).toBeCloseTo(1, 9)
      }),
      { numRuns: 50 },
    )
  })
})

describe('the figures of a series', () => {
  it('are those of its values', () => {
    const figures = figuresOf([100, 110, 99, 121])
    expect(figures).toMatchObject({ final: 121, gain: 21, maxDrawdownPercent: expect.closeTo(10, 9) as number })
    expect(figures.returnPercent).toBeCloseTo(21, 9)
    expect(figures.annualizedPercent).toBeCloseTo(100 * (1.21 ** (365 / 3) - 1), -6)
  })

  it('leave out what cannot be said', () => {
    expect(figuresOf([100, 100, 100])).toMatchObject({ volatilityPercent: 0, sharpe: undefined, maxDrawdownPercent: 0 })
    expect(figuresOf([100, 101])).toMatchObject({ volatilityPercent: undefined, sharpe: undefined })
  })
})

describe('/api/alerts/prices', () => {
  const tickers = {
    'BTC/USD': { last: 100, high24h: 100.2, low24h: 80, change24hPercent: 1, asOf: NOW - 5_000 },
    'ETH/USD': { last: 50, high24h: 60, low24h: 49.8, open24h: 56, change24hPercent: -10.7 },
    'SOL/USD': { last: 10, high24h: 12, low24h: 8, change24hPercent: 2 },
    'ADA/USD': { last: 1 },
    // within 1 % of both ends, as it hardly moved
    'BNB/USD': { last: 500, high24h: 502, low24h: 498 },
  }

  it('tells prices near their extremes, and large moves, by the figures of the last 24 hours', async () => {
    const { body } = await served([ticking(tickers)]).ask('/api/alerts/prices?symbols=BTC,ETH,SOL,ADA,BNB,NOSUCH')
    expect(body['alerts']).toMatchObject([
      {
        symbol: 'BTC/USD',
        type: 'near_high',
        priority: 'high',
        current_price: 100,
        target_price: 100.2,
        distance_percent: 0.2,
        created_at: new Date(NOW - 5_000).toISOString(),
      },
      { symbol: 'ETH/USD', type: 'near_low', priority: 'medium', target_price: 49.8, distance_percent: -0.4 },
      { symbol: 'ETH/USD', type: 'large_move', priority: 'high', target_price: 56, message: 'ETH/USD moved -10.7 % in 24 hours' },
    ])
    expect(body).toMatchObject({
      count: 3,
      summary: { checked: 5, by_type: { near_high: 1, near_low: 1, large_move: 1 }, by_priority: { high: 2, medium: 1 }, missing: ['NOSUCH/USD'] },
    })
  })

  it('asks exchanges first, since most lists tell no high and low, and says of whom not all was looked for', async () => {
    const list = fakeProvider('list', {
      answers: { tickers: ({ symbols }) => symbols.map((symbol) => ({ ...pairOf(symbol), last: 100, change24hPercent: 1 })) },
    })
    const venue = fakeProvider('venue', {
      priority: 2,
      answers: {
        orderBook: ({ symbol }) => ({ ...pairOf(symbol), bids: [], asks: [] }),
        tickers: () => [{ ...pairOf('BTC/USD'), ...tickers['BTC/USD'] }],
      },
    })
    const { ask } = served([list, venue])
    const { body } = await ask('/api/alerts/prices?symbols=BTC,ETH')
    expect(body).toMatchObject({
      alerts: [{ symbol: 'BTC/USD', type: 'near_high' }],
      summary: { checked: 2, missing: [], incomplete: ['ETH/USD'] },
      provider: 'venue,list',
    })
    expect((await ask('/api/alerts/prices?symbols=BTC,ETH&type=large_move')).body).toMatchObject({ summary: { checked: 2, incomplete: [] } })
    expect((await served([list]).ask('/api/alerts/prices?symbols=BTC')).body).toMatchObject({ count: 0, summary: { incomplete: ['BTC/USD'] } })
  })

  it('tells only one type where that is asked for, and refuses another', async () => {
    const { ask } = served([ticking(tickers)])
    expect((await ask('/api/alerts/prices?symbols=BTC,ETH&type=large_move')).body).toMatchObject({ count: 1, alerts: [{ symbol: 'ETH/USD' }] })
    expect((await ask('/api/alerts/prices?type=moon')).status).toBe(400)
  })

  it('is 503 without anybody who knows prices', async () => {
    expect((await served([exchange(both)]).ask('/api/alerts/prices')).status).toBe(503)
  })
})

describe('POST /api/watchlist', () => {
  const prices = () => ticking({ 'BTC/USD': { last: 100, change24hPercent: 2, volume24h: 5, quoteVolume24h: 500 }, 'ETH/USD': { last: 50 } })

  it('adds, lists, removes and clears, each with the prices', async () => {
    const { ask } = served([prices()])
    const did = async (action: string, more: object = {}) => (await ask('/api/watchlist', { action, ...more })).body
    expect(await did('add', { symbols: ['btc', 'ETHUSDT', 'ETH', 'BTC-USD'] })).toMatchObject({
      watchlist: 'default',
      symbols: ['BTC/USD', 'ETH/USDT', 'ETH/USD'],
    })
    expect(await did('list')).toMatchObject({
      total_symbols: 3,
      watchlist_data: [
        { symbol: 'BTC/USD', price: 100, change_24h_percent: 2, volume_24h: 500 },
        { symbol: 'ETH/USDT', price: null },
        { symbol: 'ETH/USD', price: 50, change_24h_percent: null, volume_24h: null },
      ],
    })
    expect(await did('remove', { symbols: ['ETH', 'ETHUSDT'] })).toMatchObject({ symbols: ['BTC/USD'] })
    expect(await did('list', { name: 'other' })).toMatchObject({ total_symbols: 0, symbols: [], watchlist_data: [] })
    expect(await did('clear')).toMatchObject({ total_symbols: 0 })
    expect(await did('list')).toMatchObject({ total_symbols: 0 })
  })

  it('prices a long list whole where that is one question', async () => {
    const list = fakeProvider('list', { answers: { tickers: ({ symbols }) => symbols.map((symbol) => ({ ...pairOf(symbol), last: 1 })) } })
    const symbols = Array.from({ length: 200 }, (_, i) => `C${i}`)
    const { body } = await served([list]).ask('/api/watchlist', { action: 'add', symbols })
    expect((body['watchlist_data'] as { price: number | null }[]).filter(({ price }) => price === 1)).toHaveLength(200)
  })

  it('keeps a symbol whose price nobody knows, is never cached, and belongs to one handler', async () => {
    const { ask } = served([exchange(both)])
    const { body, headers } = await ask('/api/watchlist', { action: 'add', symbols: ['BTC'] })
    expect(body).toMatchObject({ symbols: ['BTC/USD'], watchlist_data: [{ price: null }] })
    expect(headers.get('cache-control')).toBe('no-store')
    expect((await served([exchange(both)]).ask('/api/watchlist', { action: 'list' })).body).toMatchObject({ total_symbols: 0 })
  })

  it('is bounded: 200 symbols a list, 100 lists, names of 64 characters', async () => {
    const { ask } = served([provider('index', 'fearGreed', () => [])])
    const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => `C${from + i}`)
    expect((await ask('/api/watchlist', { action: 'add', symbols: many(0, 200) })).body).toMatchObject({ total_symbols: 200 })
    expect((await ask('/api/watchlist', { action: 'add', symbols: many(200, 1) })).body['error']).toMatch(/at most 200 symbols/)
    for (let i = 1; i < 100; i++) await ask('/api/watchlist', { action: 'add', symbols: ['BTC'], name: `list ${i}` })
    expect((await ask('/api/watchlist', { action: 'add', symbols: ['BTC'], name: 'one more' })).body).toMatchObject({
      code: 400,
      error: '100 watchlists are kept, and there are as many: clear one first',
    })
    await ask('/api/watchlist', { action: 'clear', name: 'list 7' })
    expect((await ask('/api/watchlist', { action: 'add', symbols: ['BTC'], name: 'one more' })).status).toBe(200)
    expect((await ask('/api/watchlist', { action: 'list', name: 'n'.repeat(65) })).status).toBe(400)
  })

  it.each([
    [{ action: 'sell' }, 400],
    [{ action: 'add' }, 400],
    [{ action: 'remove', symbols: [] }, 400],
    [{ action: 'remove', symbols: ['BTC'], name: 'never made' }, 404],
    [{ action: 'list', name: '' }, 400],
  ])('refuses %j', async (body, status) => {
    expect((await served([prices()]).ask('/api/watchlist', body)).status).toBe(status)
  })
})
