import { describe, expect, it } from 'vitest'
import { bearer } from '../../src/http-api/authorize.js'
import { fakeProvider } from '../../src/testing/index.js'
import { candles, NOW, served, ticker } from './market-world.js'

/** A source of prices, alone and as a batch. */
const source = (id: string, last: number, priority = 1) =>
  fakeProvider(id, {
    priority,
    answers: { ticker: ({ symbol }) => ticker(symbol, last), tickers: ({ symbols }) => symbols.map((symbol) => ticker(symbol, last)) },
  })

const asked = ({ asked: log }: ReturnType<typeof source>) => log.map(({ capability }) => capability)

describe('/api/multi-source/prices', () => {
  it('compares three sources by default and names the one that dissents', async () => {
    const sources = [source('a', 100), source('b', 101, 2), source('c', 130, 3), source('d', 100, 4)]
    const { status, body } = await served(sources).get('/api/multi-source/prices?symbols=BTC')
    expect(status).toBe(200)
    expect(body).toMatchObject({ success: true, method: 'cross_check', source: 'b', attempts: 3, total_sources: 4, median: 101, confidence: 2 / 3 })
    expect(body.data).toMatchObject([{ symbol: 'BTC/USD', price: 101, median: 101, confidence: 2 / 3, sources: 3, source: 'b' }])
    expect(body.anomalies).toEqual([{ symbol: 'BTC/USD', provider: 'c', price: 130, deviation_percent: expect.closeTo(28.71, 2) }])
    expect(sources.map((one) => one.asked.length)).toEqual([1, 1, 1, 0])
  })

  it('names an anomaly by the pair that was asked for, whatever was traded', async () => {
    const tether = (id: string, last: number, priority: number) => fakeProvider(id, { priority, answers: { ticker: () => ticker('BTC/USDT', last) } })
    const { body } = await served([tether('a', 100, 1), tether('b', 101, 2), tether('c', 130, 3)]).get('/api/multi-source/prices?symbols=BTC')
    expect(body).toMatchObject({ data: [{ symbol: 'BTC/USD', market: 'BTC/USDT' }], anomalies: [{ symbol: 'BTC/USD', provider: 'c' }] })
  })

  it('has confidence 0 where two differ: nobody knows who is right', async () => {
    const { body } = await served([source('a', 100), source('b', 120, 2)]).get('/api/multi-source/prices?symbols=BTC')
    expect(body).toMatchObject({ confidence: 0, median: 110 })
    expect((body.anomalies as { provider: string }[]).map(({ provider }) => provider)).toEqual(['a', 'b'])
  })

  it('asks nobody again while the comparison is fresh', async () => {
    const sources = [source('a', 100), source('b', 100, 2), source('c', 100, 3)]
    const { get, clock } = served(sources)
    await get('/api/multi-source/prices?symbols=BTC')
    await clock.advance(5_000)
    expect((await get('/api/multi-source/prices?symbols=BTC')).body).toMatchObject({ cached: true, confidence: 1 })
    expect(sources.map((one) => one.asked.length)).toEqual([1, 1, 1])
  })

  it('gives the price without confidence where there is one source only, and says so', async () => {
    const { body } = await served([source('a', 100)]).get('/api/multi-source/prices?symbols=BTC,ETH')
    expect(body).toMatchObject({ data: [{ price: 100, confidence: null, median: null, sources: 1 }, { symbol: 'ETH/USD' }], confidence: null, median: null })
    expect(body.missing).toEqual([
      { part: 'cross_check of BTC/USD', reason: 'it takes 2 sources, 1 can be asked' },
      { part: 'cross_check of ETH/USD', reason: 'it takes 2 sources, 1 can be asked' },
    ])
  })

  it('gives the price of the one that answers where the others fail', async () => {
    const down = fakeProvider('down', { answers: { ticker: () => 'unavailable' } })
    const { body } = await served([down, source('a', 100, 2)]).get('/api/multi-source/prices?symbols=BTC')
    expect(body).toMatchObject({ data: [{ price: 100, confidence: null }], missing: [{ part: 'cross_check of BTC/USD' }] })
  })

  it('compares the first five and takes the others as one batch', async () => {
    const sources = [source('a', 100), source('b', 100, 2), source('c', 100, 3)]
    const symbols = ['BTC', 'ETH', 'BNB', 'SOL', 'XRP', 'ADA', 'DOGE']
    const { body } = await served(sources).get(`/api/multi-source/prices?symbols=${symbols.join()}`)
    expect((body.data as { symbol: string; confidence: number | null }[]).map(({ symbol, confidence }) => [symbol, confidence])).toEqual(
      symbols.map((symbol, index) => [`${symbol}/USD`, index < 5 ? 1 : null]),
    )
    expect(sources.flatMap(asked).filter((capability) => capability === 'tickers')).toHaveLength(1)
    expect(sources.flatMap(asked).filter((capability) => capability === 'ticker')).toHaveLength(15)
  })

  it('takes the first of several with use_parallel, and one after the other without both', async () => {
    const slow = fakeProvider('slow', { answers: { ticker: () => new Promise<never>(() => undefined) } })
    const race = await served([slow, source('a', 100, 2)]).get('/api/multi-source/prices?symbols=BTC&cross_check=false&use_parallel=true')
    expect(race.body).toMatchObject({ method: 'race', source: 'a', confidence: null, data: [{ price: 100 }] })
    const sources = [source('a', 100), source('b', 100, 2)]
    const plain = await served(sources).get('/api/multi-source/prices?symbols=BTC,ETH&cross_check=false')
    expect(plain.body).toMatchObject({ method: 'failover', attempts: 1, data: [{ symbol: 'BTC/USD' }, { symbol: 'ETH/USD' }] })
    expect(plain.headers.get('cache-control')).toContain('s-maxage=10')
    expect(sources.flatMap(asked)).toEqual(['tickers'])
  })

  it('leaves out what nobody knows and names it', async () => {
    const some = fakeProvider('some', {
      answers: { tickers: ({ symbols }) => symbols.filter((symbol) => symbol !== 'NOPE/USD').map((symbol) => ticker(symbol, 1)) },
    })
    const { status, body } = await served([some]).get('/api/multi-source/prices?symbols=BTC,NOPE&cross_check=false')
    expect([status, (body.data as unknown[]).length]).toEqual([200, 1])
    expect(body.missing).toEqual([{ part: 'NOPE/USD', reason: 'nobody who was asked knows it' }])
  })

  it('takes the largest assets, or the best known ones, without symbols', async () => {
    const ranked = fakeProvider('ranked', {
      answers: {
        assets: () => [
          { id: '2', symbol: 'ETH', rank: 2 },
          { id: '1', symbol: 'BTC', rank: 1 },
          { id: '3', symbol: 'BTC', rank: 3 },
          { id: '4', symbol: 'AI', rank: 4 },
        ],
      },
    })
    const listed = await served([ranked, source('a', 1)]).get('/api/multi-source/prices?cross_check=false')
    expect((listed.body.data as { symbol: string }[]).map(({ symbol }) => symbol)).toEqual(['BTC/USD', 'ETH/USD'])
    const own = await served([source('a', 1)]).get('/api/multi-source/prices?cross_check=false&limit=2')
    expect((own.body.data as { symbol: string }[]).map(({ symbol }) => symbol)).toEqual(['BTC/USD', 'ETH/USD'])
  })

  it('never says success: false with a status of 200: unknown is 404, nobody 503, failed 502', async () => {
    const answers = await Promise.all(
      [
        [fakeProvider('x', { answers: { ticker: () => 'not-found', tickers: () => 'not-found' } })],
        [fakeProvider('x', { answers: { trades: () => [] } })],
        [fakeProvider('x', { answers: { ticker: () => 'unavailable', tickers: () => 'unavailable' } })],
      ].map((providers) => served(providers).get('/api/multi-source/prices?symbols=BTC')),
    )
    expect(answers.map(({ status, body }) => [status, body.success])).toEqual([
      [404, false],
      [503, false],
      [502, false],
    ])
  })

  it.each(['limit=0', 'limit=251', 'cross_check=maybe', 'use_parallel=1', 'symbols=', 'symbols=BTC,AI', 'symbols=BTC//USD', `symbols=${'A,'.repeat(251)}`])(
    'refuses %s',
    async (query) => {
      const { status, body } = await served([source('a', 1)]).get(`/api/multi-source/prices?${query}`)
      expect([status, body.category]).toEqual([400, 'bad_request'])
    },
  )
})

describe('/api/multi-source/ohlc/{symbol}', () => {
  const exchange = () => fakeProvider('exchange', { answers: { candles } })

  it.each(['BTC', 'BTC-USD', 'BTC%2FUSD'])('gives so many candles of %s as asked', async (symbol) => {
    const { body } = await served([exchange()]).get(`/api/multi-source/ohlc/${symbol}?timeframe=4h&limit=7`)
    expect(body).toMatchObject({ success: true, symbol: 'BTC/USD', timeframe: '4h', source: 'exchange', attempts: 1, total_sources: 1 })
    expect(body.data).toHaveLength(7)
  })

  it.each(['limit=1001', 'limit=0', 'timeframe=2h'])('refuses %s', async (query) => {
    expect((await served([exchange()]).get(`/api/multi-source/ohlc/BTC?${query}`)).status).toBe(400)
  })
})

describe('/api/multi-source/news', () => {
  const item = (id: string, title: string) => ({
    id,
    title,
    url: `https://example.test/${id}`,
    publisher: 'Paper',
    publishedAt: NOW,
    summary: 'about a Halving',
  })
  const paper = (id: string) => fakeProvider(id, { answers: { news: ({ symbols }) => [item('1', `${symbols?.join() ?? 'all'} rises`), item('2', 'Rain')] } })

  it('asks for an asset that is named in any way', async () => {
    const one = paper('paper')
    const { get } = served([one])
    const [byName, bySymbol] = [await get('/api/multi-source/news?query=bitcoin'), await get('/api/multi-source/news?query=btc')]
    expect(byName.body).toMatchObject({ count: 2, data: [{ title: 'BTC rises', published_at: '2026-01-01T00:00:00.000Z', image: null, source: 'Paper' }, {}] })
    expect(bySymbol.body.data).toEqual(byName.body.data)
    expect(one.asked.map(({ params }) => params)).toEqual([{ symbols: ['BTC'], limit: 100 }])
  })

  it('looks for other words in the latest articles, then cuts', async () => {
    const { get } = served([paper('paper')])
    expect((await get('/api/multi-source/news?query=rain&limit=1')).body).toMatchObject({ count: 1, data: [{ title: 'Rain' }], method: 'aggregate' })
    expect((await get('/api/multi-source/news?query=halving')).body.count).toBe(2)
    // all of the words, in any order, each at the beginning of a word
    for (const [query, count] of Object.entries({ 'halv%20rain': 1, 'rain%20snow': 0, alving: 0, ain: 0, HALV: 2, '%25%25': 0 }))
      expect([query, (await get(`/api/multi-source/news?query=${query}`)).body.count]).toEqual([query, count])
    expect((await get('/api/multi-source/news?query=nothing&aggregate=false')).body).toMatchObject({ success: true, count: 0, data: [], method: 'failover' })
  })
})

describe('/api/multi-source/sentiment', () => {
  it('gives the index of the first source that has one', async () => {
    const down = fakeProvider('down', { answers: { fearGreed: () => 'unavailable' } })
    const index = fakeProvider('index', { priority: 2, answers: { fearGreed: () => [{ value: 5, label: 'Extreme Fear', at: NOW - 3_600_000 }] } })
    expect((await served([down, index]).get('/api/multi-source/sentiment')).body).toMatchObject({
      data: { value: 5, classification: 'Extreme Fear', read_at: '2025-12-31T23:00:00.000Z' },
      source: 'index',
      attempts: 2,
      total_sources: 2,
    })
  })
})

describe('the state of several sources', () => {
  const TOKEN = 'a-token-of-sixteen-or-more'

  it('is told without asking anybody', async () => {
    const [well, down] = [source('well', 1, 2), fakeProvider('down', { name: 'Down', answers: { ticker: () => 'unavailable', news: () => [] } })]
    const { get } = served([down, well])
    await get('/api/market/price?symbol=BTC')
    const calls = down.asked.length + well.asked.length
    const [stats, status, health] = await Promise.all(['monitoring/stats', 'sources/status', 'health'].map((path) => get(`/api/multi-source/${path}`)))
    expect(down.asked.length + well.asked.length).toBe(calls)
    expect(stats?.body).toMatchObject({
      total_sources: 2,
      monitoring: { total_requests: 2, successful_requests: 1, failed_requests: 1, success_rate: 50, cache: { entries: 1, hits: 0, misses: 1 } },
      sources: [
        { provider_id: 'down', status: 'degraded', success_rate: 0, last_success: null, last_failure: '2026-01-01T00:00:00.000Z' },
        { provider_id: 'well', status: 'online', success_rate: 100 },
      ],
    })
    expect(status?.body).toMatchObject({ sources_by_type: { market_price: 2, news: 1 }, sources: [{ name: 'Down' }, {}] })
    expect(health?.body).toMatchObject({ status: 'degraded', total_sources: 2, online: 1, degraded: 1, offline: 0 })
    expect([stats, status, health].map((one) => one?.headers.get('cache-control'))).toEqual(['no-store', 'no-store', 'no-store'])
  })

  it('forgets its answers for who may say so', async () => {
    const one = source('one', 1)
    const { get, post } = served([one], {}, { authorize: bearer(TOKEN) })
    await get('/api/market/price?symbol=BTC')
    expect((await post('/api/multi-source/cache/clear')).status).toBe(401)
    const { status, body } = await post('/api/multi-source/cache/clear', undefined, { authorization: `Bearer ${TOKEN}` })
    expect([status, body.message]).toEqual([200, '1 answer is forgotten'])
    await get('/api/market/price?symbol=BTC')
    expect(one.asked).toHaveLength(2)
  })

  it('is forgotten by nobody where no authorize was given', async () => {
    expect((await served([source('one', 1)]).post('/api/multi-source/cache/clear')).status).toBe(403)
  })
})
