import { describe, expect, it } from 'vitest'
import { pairOf } from '../../src/model/symbol.js'
import { fakeProvider } from '../../src/testing/index.js'
import { NOW, served, ticker } from './market-world.js'

describe('/api/trading/volume', () => {
  it('tells the volume of a pair in both units, and null for what nobody tells', async () => {
    const exchange = fakeProvider('exchange', {
      answers: { volume: () => ({ ...pairOf('BTC/USDT'), volume24h: 1_200, quoteVolume24h: 6e7, asOf: NOW - 1_000 }) },
    })
    const { body } = await served([exchange]).get('/api/trading/volume?symbol=BTC')
    const row = { symbol: 'BTC/USDT', exchange: 'exchange', volume_24h: 6e7, base_volume_24h: 1_200, volume_change: null, trades_count: null }
    expect(body).toMatchObject({ success: true, symbol: 'BTC/USD', total_volume: 6e7, count: 1, source: 'exchange', timestamp: '2025-12-31T23:59:59.000Z' })
    expect(body.data).toEqual([row])
  })

  it('has no total where the volume in the quote is not told', async () => {
    const exchange = fakeProvider('exchange', { answers: { volume: ({ symbol }) => ({ ...pairOf(symbol), volume24h: 3 }) } })
    expect((await served([exchange]).get('/api/trading/volume?symbol=BTC')).body).toMatchObject({ total_volume: null, data: [{ volume_24h: null }] })
  })

  it('finds the twenty largest among all that are listed, not among the first', async () => {
    const symbols = Array.from({ length: 60 }, (_, index) => `COIN${index}`)
    const lists = fakeProvider('lists', {
      answers: {
        volume: () => 'unavailable',
        assets: () => symbols.map((symbol, index) => ({ id: symbol, symbol, rank: index + 1 })),
        tickers: ({ symbols: asked }) =>
          asked.map((symbol, index) => ticker(symbol, 1, symbol === 'COIN30/USD' ? {} : { quoteVolume24h: symbol === 'COIN59/USD' ? 1e9 : 1_000 - index })),
      },
    })
    const { body } = await served([
      fakeProvider('prices', { answers: { tickers: ({ symbols: some }) => some.map((symbol) => ticker(symbol, 1)) } }),
      lists,
    ]).get('/api/trading/volume')
    const rows = body.data as { symbol: string; volume_24h: number }[]
    expect(rows).toHaveLength(20)
    expect(rows.slice(0, 3).map(({ symbol }) => symbol)).toEqual(['COIN59/USD', 'COIN0/USD', 'COIN1/USD'])
    expect(body).toMatchObject({ symbol: null, count: 20, missing: [{ part: 'volume', reason: '1 of 60 pairs have none in dollars' }] })
    expect(body.total_volume).toBe(rows.reduce((sum, { volume_24h }) => sum + volume_24h, 0))
  })

  it('answers 404 for an unknown pair', async () => {
    expect((await served([fakeProvider('x', { answers: { volume: () => 'not-found' } })]).get('/api/trading/volume?symbol=NOPE')).status).toBe(404)
  })
})

describe('/api/trading/orderbook', () => {
  const bids: [number, number][] = Array.from({ length: 200 }, (_, index) => [99 - index / 10, 2])
  const asks: [number, number][] = Array.from({ length: 200 }, (_, index) => [101 + index / 10, 1])
  const exchange = (more: object = {}) => fakeProvider('exchange', { answers: { orderBook: ({ symbol }) => ({ ...pairOf(symbol), bids, asks, ...more }) } })

  it('shows so many orders as asked, and what they say', async () => {
    const { body } = await served([exchange({ sequence: 987_654, asOf: NOW - 500 })]).get('/api/trading/orderbook?symbol=BTC-USDT&depth=5')
    expect(body).toMatchObject({
      symbol: 'BTC/USDT',
      metrics: { bid_volume: 10, ask_volume: 5, bid_ask_ratio: 2, spread: 2, spread_percent: 2, best_bid: 99, best_ask: 101 },
      timestamp: '2026-01-01T00:00:00.000Z',
      update_time: '2025-12-31T23:59:59.500Z',
      sequence: 987_654,
      source: 'exchange',
    })
    expect(body.bids).toEqual(bids.slice(0, 5))
    expect(body.asks).toEqual(asks.slice(0, 5))
  })

  it('never passes a counter off as a time', async () => {
    const { body } = await served([exchange({ sequence: 1_767_225_600_000 })]).get('/api/trading/orderbook?symbol=BTC')
    expect([body.update_time, body.timestamp]).toEqual([null, '2026-01-01T00:00:00.000Z'])
    expect(body.bids).toHaveLength(20)
  })

  it('knows no spread where a side is empty', async () => {
    const { body } = await served([exchange({ asks: [] })]).get('/api/trading/orderbook?symbol=BTC')
    expect(body.metrics).toMatchObject({ ask_volume: 0, bid_ask_ratio: null, spread: null, spread_percent: null, best_bid: 99, best_ask: null })
  })

  it('may be kept for two seconds', async () => {
    const { headers } = await served([exchange()]).get('/api/trading/orderbook?symbol=BTC')
    expect(headers.get('cache-control')).toContain('s-maxage=2')
  })

  it.each(['depth=4', 'depth=101', 'depth=ten', 'depth=5.5'])('refuses %s with the range', async (query) => {
    const { status, body } = await served([exchange()]).get(`/api/trading/orderbook?symbol=BTC&${query}`)
    expect([status, String(body.error)]).toEqual([400, expect.stringContaining('depth')])
    expect(body.error).toContain(query.split('=')[1])
  })
})
