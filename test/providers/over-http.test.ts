import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { ProviderRouter } from '../../src/index.js'
import type { AnyProvider } from '../../src/provider/provider.js'
import { alternativeMe, binance, coinbase, coingecko, coinpaprika, kraken, okx } from '../../src/providers/index.js'

// Each adapter under its own hosts and paths, through router, ky and the global fetch: what is not handled here is an error.
const server = setupServer()
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const routerOf = (...providers: AnyProvider[]): ProviderRouter => new ProviderRouter({ providers, cache: false, retries: 0 })
const ticker = { symbol: 'BTC/USD' }

const binanceRow = {
  symbol: 'BTCUSDT',
  lastPrice: '64000.10',
  bidPrice: '64000.00',
  askPrice: '64000.20',
  openPrice: '63000',
  highPrice: '65000',
  lowPrice: '62000',
}
const day = { priceChange: '1000.1', priceChangePercent: '1.587', volume: '1000', quoteVolume: '64000000', closeTime: Date.UTC(2026, 10, 1) }

it('binance answers a dollar question with the pair in USDT, and says so', async () => {
  server.use(
    http.get(/binance\.(vision|com)\/api\/v3\/ticker\/24hr$/, ({ request }) => {
      expect(new URL(request.url).searchParams.get('symbol')).toBe('BTCUSDT')
      return HttpResponse.json({ ...binanceRow, ...day })
    }),
  )
  const { data, provider, host } = await routerOf(binance()).request('ticker', ticker)
  expect(data).toMatchObject({ symbol: 'BTC/USDT', quote: 'USDT', last: 64_000.1, volume24h: 1_000 })
  expect(provider).toBe('binance')
  expect(host).toMatch(/binance/)
})

it('kraken, coinbase and okx answer in their own shapes', async () => {
  server.use(
    http.get('https://api.kraken.com/0/public/Ticker', () =>
      HttpResponse.json({
        error: [],
        result: {
          'BTC/USD': {
            a: ['64001', '1', '1'],
            b: ['64000', '1', '1'],
            c: ['64000.5', '0.1'],
            v: ['10', '20'],
            p: ['1', '63500'],
            h: ['1', '65000'],
            l: ['1', '62000'],
            o: '63000',
          },
        },
      }),
    ),
    http.get('https://api.exchange.coinbase.com/products/BTC-USD/ticker', () =>
      HttpResponse.json({ price: '64002.01', bid: '64002', ask: '64002.02', volume: '5000', time: '2026-11-01T11:59:59Z' }),
    ),
    http.get('https://www.okx.com/api/v5/market/ticker', () =>
      HttpResponse.json({
        code: '0',
        msg: '',
        data: [
          {
            instId: 'BTC-USDT',
            last: '64003',
            bidPx: '64002',
            askPx: '64004',
            open24h: '63000',
            high24h: '65000',
            low24h: '62000',
            vol24h: '100',
            volCcy24h: '6400000',
            ts: '1793534400000',
          },
        ],
      }),
    ),
  )
  const last = await Promise.all([kraken(), coinbase(), okx()].map(async (provider) => (await routerOf(provider).request('ticker', ticker)).data.last))
  expect(last).toEqual([64_000.5, 64_002.01, 64_003])
})

it('the aggregators are asked by their own ids', async () => {
  server.use(
    http.get('https://api.coingecko.com/api/v3/coins/markets', ({ request }) => {
      expect(new URL(request.url).searchParams.get('ids')).toBe('bitcoin')
      return HttpResponse.json([
        { id: 'bitcoin', symbol: 'btc', name: 'Bitcoin', current_price: 64_004, total_volume: 2e10, last_updated: '2026-11-01T12:00:00Z' },
      ])
    }),
    http.get('https://api.coinpaprika.com/v1/tickers/btc-bitcoin', () =>
      HttpResponse.json({ id: 'btc-bitcoin', symbol: 'BTC', last_updated: '2026-11-01T12:00:00Z', quotes: { USD: { price: 64_005, volume_24h: 2e10 } } }),
    ),
    http.get('https://api.alternative.me/fng/', () =>
      HttpResponse.json({
        name: 'Fear and Greed Index',
        data: [{ value: '61', value_classification: 'Greed', timestamp: '1793491200' }],
        metadata: { error: null },
      }),
    ),
  )
  const gecko = await routerOf(coingecko()).request('ticker', ticker)
  expect(gecko.data).toMatchObject({ symbol: 'BTC/USD', last: 64_004, quoteVolume24h: 2e10 })
  expect(gecko.degraded).toBe(true)
  expect((await routerOf(coinpaprika()).request('ticker', ticker)).data.last).toBe(64_005)
  expect((await routerOf(alternativeMe()).request('fearGreed', {})).data).toEqual([{ value: 61, label: 'Greed', at: 1_793_491_200_000 }])
})

it('a batch with an unknown symbol at binance loses nobody else: it is asked as a whole', async () => {
  const asked: string[] = []
  server.use(
    http.get(/binance\.(vision|com)\/api\/v3\/ticker\/24hr$/, ({ request }) => {
      const symbols = new URL(request.url).searchParams.get('symbols')
      asked.push(symbols ?? 'all')
      if (symbols !== null) return HttpResponse.json({ code: -1121, msg: 'Invalid symbol.' }, { status: 400 })
      return HttpResponse.json([
        { ...binanceRow, ...day },
        { ...binanceRow, ...day, symbol: 'ETHUSDT', lastPrice: '3000', highPrice: '3100', lowPrice: '2900' },
      ])
    }),
  )
  const { data, missing, attempts } = await routerOf(binance()).request('tickers', { symbols: ['ETH/USD', 'NOPE/USD', 'BTC/USD'] })
  expect(data.map(({ symbol }) => symbol)).toEqual(['ETH/USDT', 'BTC/USDT'])
  expect(missing).toEqual(['NOPE/USD'])
  expect(asked).toEqual(['["ETHUSDT","NOPEUSDT","BTCUSDT"]', 'all'])
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded'])
})

it('a batch beyond what one call takes is asked as a whole at once', async () => {
  const asked: string[] = []
  server.use(
    http.get('https://api.kraken.com/0/public/Ticker', ({ request }) => {
      asked.push(new URL(request.url).searchParams.get('pair') ?? 'all')
      const row = { a: ['2'], b: ['1'], c: ['1.5', '1'], v: ['1', '2'], p: ['1', '1'], h: ['1', '3'], l: ['1', '1'], o: '1' }
      return HttpResponse.json({ error: [], result: { 'S1/USD': row, 'S7/USD': row } })
    }),
  )
  const symbols = Array.from({ length: 400 }, (_, number) => `S${number}/USD`)
  const { data, missing } = await routerOf(kraken()).request('tickers', { symbols })
  expect(asked).toEqual(['all'])
  expect([data.length, missing?.length]).toEqual([2, 398])
})

it('an error inside a 200 goes on to the next provider with its reason', async () => {
  server.use(
    http.get('https://api.kraken.com/0/public/Ticker', () => HttpResponse.json({ error: ['EAPI:Rate limit exceeded'] })),
    http.get('https://api.exchange.coinbase.com/products/BTC-USD/ticker', () =>
      HttpResponse.json({ price: '64002', volume: '1', time: '2026-11-01T11:59:59Z' }),
    ),
  )
  const { provider, attempts } = await routerOf(kraken({ priority: 1 }), coinbase({ priority: 2 })).request('ticker', ticker)
  expect(provider).toBe('coinbase')
  expect(attempts[0]).toMatchObject({ provider: 'kraken', outcome: 'failed', reason: 'rate-limited', status: 200 })
})

it('a key goes where the plan says, and nowhere else', async () => {
  server.use(
    http.get('https://pro-api.coingecko.com/api/v3/coins/markets', ({ request }) => {
      expect(request.headers.get('x-cg-pro-api-key')).toBe('a-made-up-key')
      expect(request.url).not.toContain('a-made-up-key')
      return HttpResponse.json([{ id: 'bitcoin', symbol: 'btc', name: 'Bitcoin', current_price: 64_006, last_updated: '2026-11-01T12:00:00Z' }])
    }),
  )
  const { data } = await routerOf(coingecko({ apiKey: 'a-made-up-key', plan: 'pro' })).request('ticker', ticker)
  expect(data.last).toBe(64_006)
})
