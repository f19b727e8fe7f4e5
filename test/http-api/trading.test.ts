import { describe, expect, it } from 'vitest'
import { createHandler } from '../../src/http-api/create-handler.js'
import { pairOf } from '../../src/model/symbol.js'
import type { AnyProvider } from '../../src/provider/provider.js'
import type { RouterOptions } from '../../src/router/options.js'
import { roundRobin } from '../../src/strategies/round-robin.js'
import { type FakeAnswer, type FakeOptions, fakeProvider } from '../../src/testing/index.js'
import { NOW, served, ticker } from './market-world.js'

/** An exchange: it has orders, and says this of volumes. */
const exchangeOf = (id: string, volume: FakeAnswer<'volume'>, more: Omit<FakeOptions<'volume' | 'orderBook'>, 'answers'> = {}) =>
  fakeProvider(id, { ...more, answers: { volume, orderBook: ({ symbol }) => ({ ...pairOf(symbol), bids: [], asks: [] }) } })

/** Three exchanges, of which one tells no volume in dollars, and others. */
function world(others: readonly AnyProvider[] = [], options: Partial<RouterOptions> = {}) {
  const three = [
    exchangeOf('small', ({ symbol }) => ({ ...pairOf(symbol), quoteVolume24h: 1e6 })),
    exchangeOf('large', () => ({ ...pairOf('BTC/USDT'), quoteVolume24h: 9e6, asOf: NOW - 1_000 })),
    exchangeOf('mute', ({ symbol }) => ({ ...pairOf(symbol), volume24h: 5 })),
  ]
  return { ...served([...three, ...others], options), asked: () => three.map(({ asked }) => asked.length) }
}

const rowOf = (exchange: string, symbol: string, volume_24h: number | null) => ({
  symbol,
  exchange,
  kind: 'exchange',
  volume_24h,
  base_volume_24h: null,
  volume_change: null,
  trades_count: null,
  timestamp: '2026-01-01T00:00:00.000Z',
  cached: false,
  stale: false,
  age_ms: 0,
})

describe('/api/trading/volume', () => {
  it('tells the volume of a pair in both units, and null for what nobody tells', async () => {
    const exchange = fakeProvider('exchange', {
      answers: { volume: () => ({ ...pairOf('BTC/USDT'), volume24h: 1_200, quoteVolume24h: 6e7, asOf: NOW - 1_000 }) },
    })
    const { body } = await served([exchange]).get('/api/trading/volume?symbol=BTC')
    const row = { ...rowOf('exchange', 'BTC/USDT', 6e7), kind: 'aggregator', base_volume_24h: 1_200, timestamp: '2025-12-31T23:59:59.000Z' }
    expect(body).toMatchObject({ success: true, symbol: 'BTC/USD', total_volume: 6e7, count: 1, source: 'exchange', timestamp: '2025-12-31T23:59:59.000Z' })
    expect(body.data).toEqual([row])
  })

  it('asks every exchange for the same pair, the largest first, each row with where it is from', async () => {
    const { body, headers } = await world().get('/api/trading/volume?symbol=BTC')
    expect(body.data).toEqual([
      { ...rowOf('large', 'BTC/USDT', 9e6), timestamp: '2025-12-31T23:59:59.000Z' },
      rowOf('small', 'BTC/USD', 1e6),
      { ...rowOf('mute', 'BTC/USD', null), base_volume_24h: 5 },
    ])
    expect(body).toMatchObject({ symbol: 'BTC/USD', total_volume: 1e7, count: 3, source: 'small,large,mute', provider: 'small,large,mute', degraded: false })
    expect(body.timestamp).toBe('2025-12-31T23:59:59.000Z')
    expect(body).not.toHaveProperty('missing')
    expect(headers.get('cache-control')).toMatch(/s-maxage=(9|10)\b/)
  })

  it('names the exchanges that fail, rest or lack the pair, and invents nothing for them', async () => {
    const failing = exchangeOf('failing', () => 'unavailable')
    const lacking = exchangeOf('lacking', () => 'not-found')
    const resting = exchangeOf('resting', () => 'rate-limited')
    const { get, router, clock } = world([failing, lacking, resting])
    await router.request('volume', { symbol: 'ETH/USD' }, { only: ['resting'] }).catch(() => undefined)
    const first = await get('/api/trading/volume?symbol=BTC')
    expect((first.body.data as { exchange: string }[]).map(({ exchange }) => exchange)).toEqual(['large', 'small', 'mute'])
    expect(first.body.missing).toEqual([
      { part: 'resting', reason: "can't be asked now: rate-limited" },
      { part: 'failing', reason: 'failing: unavailable' },
      { part: 'lacking', reason: 'does not have this pair' },
    ])
    expect(first.headers.get('cache-control')).toBe('no-cache')
    await clock.advance(1_000)
    // what is remembered of it is told in the same words
    const again = (await get('/api/trading/volume?symbol=BTC')).body.missing
    expect(again).toContainEqual({ part: 'lacking', reason: 'does not have this pair' })
  })

  it('asks each exchange once while its answer is fresh, and all again when the cache was cleared or the answers are old', async () => {
    const { get, router, clock, asked } = world()
    await get('/api/trading/volume?symbol=BTC')
    await clock.advance(4_000)
    const { body } = await get('/api/trading/volume?symbol=BTC')
    expect(asked()).toEqual([1, 1, 1])
    expect(body).toMatchObject({ cached: true, stale: false, age_ms: 4_000, total_volume: 1e7 })
    expect(body.data).toMatchObject([{ cached: true, age_ms: 4_000 }, {}, {}])
    router.clearCache()
    await get('/api/trading/volume?symbol=BTC')
    expect(asked()).toEqual([2, 2, 2])
    await clock.advance(11_000)
    expect((await get('/api/trading/volume?symbol=BTC')).body).toMatchObject({ cached: false, age_ms: 0 })
    expect(asked()).toEqual([3, 3, 3])
  })

  it('has the answer of an exchange that may be asked once in a second: remembered while it is fresh, else after a short wait', async () => {
    const slow = exchangeOf('slow', ({ symbol }) => ({ ...pairOf(symbol), quoteVolume24h: 3 }), { limits: [{ requests: 1, perMs: 1_000, scope: 'ip' }] })
    const { get, clock } = world([slow])
    await get('/api/trading/volume?symbol=BTC')
    expect((await get('/api/trading/volume?symbol=BTC')).body).toMatchObject({ count: 4, cached: true })
    const [{ body }] = await Promise.all([get('/api/trading/volume?symbol=ETH'), clock.advance(1_500)])
    expect(body).toMatchObject({ count: 4 })
    expect(body).not.toHaveProperty('missing')
  })

  it('is 404 where an exchange lacks the pair that had to queue before it could say so', async () => {
    const slow = exchangeOf('slow', ({ symbol }) => (symbol === 'NOPE/USD' ? 'not-found' : pairOf(symbol)), {
      limits: [{ requests: 1, perMs: 1_000, scope: 'ip' }],
    })
    const { get, clock } = served([slow])
    await get('/api/trading/volume?symbol=BTC')
    const [{ status, body }] = await Promise.all([get('/api/trading/volume?symbol=NOPE'), clock.advance(1_500)])
    expect([status, body['error']]).toEqual([404, 'NOPE/USD: no exchange that was asked has this pair'])
  })

  it('remembers nothing where the router remembers nothing', async () => {
    const { get, asked } = world([], { cache: false })
    for (let i = 0; i < 2; i++) await get('/api/trading/volume?symbol=BTC')
    expect(asked()).toEqual([2, 2, 2])
  })

  it('counts who adds exchanges up beside no exchange, and takes its word where no exchange answers', async () => {
    const sum = fakeProvider('sum', { answers: { volume: ({ symbol }) => ({ ...pairOf(symbol), quoteVolume24h: 1e9 }) } })
    expect((await world([sum]).get('/api/trading/volume?symbol=BTC')).body).toMatchObject({ total_volume: 1e7, count: 3 })
    const failing = exchangeOf('failing', () => 'unavailable')
    const { body } = await served([failing, sum]).get('/api/trading/volume?symbol=BTC')
    expect(body).toMatchObject({ total_volume: 1e9, data: [{ exchange: 'sum', kind: 'aggregator' }], missing: [{ part: 'failing' }] })
  })

  it('asks no exchange whose calls cost credits, nor two that tell the same figures', async () => {
    const paid = exchangeOf('paid', ({ symbol }) => ({ ...pairOf(symbol), quoteVolume24h: 1 }), { metered: true })
    const copies = ['copy-1', 'copy-2'].map((id) => exchangeOf(id, ({ symbol }) => ({ ...pairOf(symbol), quoteVolume24h: 2 }), { family: 'copies' }))
    const { body } = await served([paid, ...copies]).get('/api/trading/volume?symbol=BTC')
    expect((body.data as { exchange: string }[]).map(({ exchange }) => exchange)).toEqual(['copy-1'])
  })

  it('fails as the exchanges failed where nobody tells it: 404 only where none of them has the pair', async () => {
    const failing = () => exchangeOf('failing', () => 'unavailable')
    const lacking = () => exchangeOf('lacking', () => 'not-found')
    expect((await served([failing(), lacking()]).get('/api/trading/volume?symbol=BTC')).status).toBe(502)
    expect((await served([lacking()]).get('/api/trading/volume?symbol=BTC')).status).toBe(404)
    const { get, router } = served([failing()])
    router.isolate('failing')
    expect((await get('/api/trading/volume?symbol=BTC')).status).toBe(503)
    // one that is out may have what the other lacks
    const two = served([failing(), lacking()])
    two.router.isolate('failing')
    expect((await two.get('/api/trading/volume?symbol=BTC')).status).toBe(503)
  })

  it('is no error of the caller, nor a pair that nobody has, where one exchange does not understand the question and another fails or lacks the pair', async () => {
    const odd = () => exchangeOf('odd', () => 'bad-request')
    expect((await served([odd(), exchangeOf('failing', () => 'unavailable')]).get('/api/trading/volume?symbol=BTC')).status).toBe(502)
    expect((await served([odd(), exchangeOf('lacking', () => 'not-found')]).get('/api/trading/volume?symbol=BTC')).status).toBe(404)
    const resting = served([odd(), exchangeOf('resting', () => 'rate-limited')])
    resting.router.isolate('resting')
    expect((await resting.get('/api/trading/volume?symbol=BTC')).status).toBe(503)
    expect((await served([odd()]).get('/api/trading/volume?symbol=BTC')).status).toBe(400)
  })

  it('keeps what came where the client goes while another exchange is waited for, and tells how old it is by then', async () => {
    let answers = (): void => undefined
    const slow = exchangeOf(
      'slow',
      ({ symbol }) => new Promise((resolve) => (answers = () => resolve({ ...pairOf(symbol), quoteVolume24h: 1 }))), // when the test lets it
    )
    const { router, clock, asked } = world([slow])
    const handler = createHandler(router, { clock })
    const ask = (signal?: AbortSignal) => handler(new Request('https://api.test/api/trading/volume?symbol=BTC', { signal: signal ?? null }))
    const client = new AbortController()
    const left = ask(client.signal).catch(() => undefined)
    await expect.poll(() => [...asked(), slow.asked.length], { timeout: 10_000 }).toEqual([1, 1, 1, 1])
    await clock.advance(1_000)
    client.abort()
    await left
    const again = ask()
    await expect.poll(() => slow.asked.length, { timeout: 10_000 }).toBe(2)
    await clock.advance(1_000)
    answers()
    const body = (await (await again).json()) as Record<string, unknown>
    expect(asked()).toEqual([1, 1, 1])
    expect(body).toMatchObject({ count: 4, age_ms: 2_000, cached: false })
    expect(body['data']).toMatchObject([{ age_ms: 2_000 }, { age_ms: 2_000 }, { exchange: 'slow', age_ms: 0 }, { age_ms: 2_000 }])
  })

  it('names as missing no one who answered in the end, who costs credits, or whose figures another tells', async () => {
    const limited = (id: string, family?: string) =>
      exchangeOf(id, ({ symbol }) => ({ ...pairOf(symbol), quoteVolume24h: 2 }), {
        ...(family !== undefined ? { family } : { metered: true }),
        limits: [{ requests: 1, perMs: 3_000, scope: 'ip' }],
      })
    const { get, router } = world([
      exchangeOf('copy-1', ({ symbol }) => ({ ...pairOf(symbol), quoteVolume24h: 2 }), { family: 'copies' }),
      limited('copy-2', 'copies'),
      limited('paid'),
    ])
    for (const id of ['copy-2', 'paid']) await router.request('volume', { symbol: 'ETH/USD' }, { only: [id] })
    const { body } = await get('/api/trading/volume?symbol=BTC')
    expect(body).toMatchObject({ count: 4 })
    expect(body).not.toHaveProperty('missing')
    const alone = served([limited('late', 'own')])
    await alone.router.request('volume', { symbol: 'ETH/USD' })
    const [late] = await Promise.all([alone.get('/api/trading/volume?symbol=BTC'), alone.clock.advance(4_000)])
    expect(late.body).toMatchObject({ count: 1, source: 'late' })
    expect(late.body).not.toHaveProperty('missing')
  })

  it('asks no one whose figures are remembered by another, whoever has the next turn', async () => {
    const copies = ['copy-1', 'copy-2'].map((id) => exchangeOf(id, ({ symbol }) => ({ ...pairOf(symbol), quoteVolume24h: 2 }), { family: 'copies' }))
    const { get } = served(copies, { strategy: roundRobin() })
    for (let i = 0; i < 3; i++) expect((await get('/api/trading/volume?symbol=BTC')).body).toMatchObject({ count: 1, total_volume: 2 })
    expect(copies.flatMap(({ asked }) => asked)).toHaveLength(1)
  })

  it('may be kept by others although an exchange lacks the pair, but not while one rests', async () => {
    const { get, router } = world([exchangeOf('lacking', () => 'not-found')])
    const cached = async () => (await get('/api/trading/volume?symbol=BTC')).headers.get('cache-control')
    for (let i = 0; i < 2; i++) expect(await cached()).toMatch(/s-maxage=/)
    router.isolate('mute')
    router.clearCache()
    expect(await cached()).toBe('no-cache')
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
