import { loadConfig, resourceDesk } from '../../src/config/index.js'
import { bearer, createHandler, type Handler, type HandlerOptions, type Sessions, type Worker } from '../../src/http-api/index.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { type FakeClock, fakeClock } from '../../src/testing/fake-clock.js'
import { pairOf } from '../../src/model/symbol.js'
import { INTERVAL_MS } from '../../src/model/interval.js'
import type { Candle } from '../../src/model/market.js'
import type { Capability, ParamsOf } from '../../src/model/capabilities.js'
import type { AnyProvider } from '../../src/provider/provider.js'
import { type FakeAnswer, fakeProvider } from '../../src/testing/fake-provider.js'
import { computedIndicators } from '../../src/providers/computed-indicators.js'

/** Start of a test's time. */
const NOW = Date.UTC(2026, 0, 1)

const DAY = 86_400_000
const CHAIN = 'eip155:1'

function candles({ interval, limit = 100 }: ParamsOf<'candles'>): Candle[] {
  const length = INTERVAL_MS[interval]
  return Array.from({ length: limit }, (_, i) => {
    const close = 100 + 10 * Math.sin(i / 5) + i / 20
    return { openTime: NOW - (limit - 1 - i) * length, open: close - 1, high: close + 2, low: close - 2, close, volume: 10 + i, closed: i < limit - 1 }
  })
}

const ticker = (symbol: string) => ({ ...pairOf(symbol), last: 100, bid: 99, ask: 101, change24hPercent: 1.5, volume24h: 10, quoteVolume24h: 1_000, asOf: NOW })

type Answers = { readonly [C in Capability]?: FakeAnswer<C> }

/** One good answer for every capability, with all that may be in it. */
const RICH: Answers = {
  ticker: ({ symbol }) => ticker(symbol),
  tokenTicker: () => ticker('UNI/USD'),
  tickers: ({ symbols }) => symbols.map(ticker),
  candles,
  volume: ({ symbol }) => ({ ...pairOf(symbol), volume24h: 10, quoteVolume24h: 1_000, asOf: NOW }),
  orderBook: ({ symbol }) => ({ ...pairOf(symbol), bids: [[99, 1]], asks: [[101, 2]], asOf: NOW, sequence: 7 }),
  trades: () => [{ id: '1', price: 100, amount: 1, side: 'buy', at: NOW }],
  assets: () => [{ id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1, caip19: 'bip122:000000000019d6689c085ae165831e93/slip44:0' }],
  exchanges: () => [
    { id: 'kraken', name: 'Kraken', url: 'https://kraken.example', country: 'US', yearEstablished: 2011, trustScore: 10, volume24hBtc: 5, volume24hUsd: 500 },
  ],
  globalMarket: () => ({ marketCapUsd: 1e12, volume24hUsd: 1e10, dominancePercent: { BTC: 50, ETH: 15 }, assets: 9_000, change24hPercent: 1, asOf: NOW }),
  trending: () => [{ id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin', rank: 1, priceUsd: 100, change24hPercent: 1 }],
  movers: ({ limit = 1 }) =>
    Array.from({ length: Math.min(limit, 3) }, (_, i) => ({
      id: `coin-${i}`,
      symbol: `C${i}`,
      name: 'Coin',
      rank: i + 1,
      priceUsd: 1,
      change24hPercent: 2,
      marketCapUsd: 10,
      volume24hUsd: 5,
    })),
  news: () => [
    {
      id: 'n1',
      title: 'Bitcoin rises',
      url: 'https://news.example/1',
      publisher: 'News',
      publishedAt: NOW,
      summary: 'It did',
      imageUrl: 'https://news.example/1.png',
      symbols: ['BTC'],
    },
  ],
  fearGreed: ({ limit = 1 }) => Array.from({ length: limit }, (_, i) => ({ value: 40, label: 'Fear', at: NOW - i * DAY })),
  textSentiment: ({ texts }) => texts.map(() => ({ label: 'bullish', score: 0.5, confidence: 0.7, engine: 'fake', model: 'fake/model' })),
  social: ({ asset }) => ({ asset, galaxyScore: 60, sentimentPercent: 70, interactions24h: 1_000, posts24h: 100, followers: 5_000, asOf: NOW }),
  posts: () => [{ id: 'p1', title: 'BTC to the moon', url: 'https://posts.example/1', author: 'someone', score: 10, comments: 2, at: NOW }],
  forecast: ({ symbol, days }) => ({
    symbol,
    method: 'drift',
    points: Array.from({ length: days }, (_, i) => ({ at: NOW + (i + 1) * DAY, value: 101 + i, low: 90, high: 120 })),
    confidenceLevel: 0.8,
  }),
  gasPrice: () => ({ chain: CHAIN, slow: 1, standard: 2, fast: 3, baseFee: 1, asOf: NOW }),
  balance: ({ account }) => ({ account, amount: '1000', decimals: 18, symbol: 'ETH' }),
  transaction: ({ chain, hash }) => ({ chain, hash, from: '0x1', amount: '1', decimals: 18, status: 'success' }),
  blockNumber: () => ({ number: 1_000 }),
  defiProtocols: () => [
    { id: 'aave', name: 'Aave', tvlUsd: 1e9, chains: ['Ethereum'], category: 'Lending', symbol: 'AAVE', change1dPercent: 1, change7dPercent: 2 },
  ],
  chainTvl: () => [{ chain: CHAIN, name: 'Ethereum', tvlUsd: 1e10, symbol: 'ETH' }],
  yields: () => [{ id: 'y1', project: 'aave', chain: 'Ethereum', symbol: 'USDC', tvlUsd: 1e8, apyPercent: 4, stablecoin: true }],
  nftCollection: () => ({ id: 'punks', name: 'Punks', floorPrice: 40, floorPriceSymbol: 'ETH' }),
  networkMetrics: ({ asset }) => ({ asset, at: NOW, hashRate: 1e20, difficulty: 1e14, transactions24h: 300_000 }),
}

/** The same with only what has to be there: whatever else an API shows of it is not known. */
const SPARSE: Answers = {
  ...RICH,
  ticker: ({ symbol }) => ({ ...pairOf(symbol), last: 100 }),
  tokenTicker: () => ({ ...pairOf('UNI/USD'), last: 5 }),
  tickers: ({ symbols }) => symbols.map((symbol) => ({ ...pairOf(symbol), last: 100 })),
  candles: (params) => candles(params).map(({ openTime, open, high, low, close }) => ({ openTime, open, high, low, close })),
  volume: ({ symbol }) => ({ ...pairOf(symbol), volume24h: 1 }),
  orderBook: ({ symbol }) => ({ ...pairOf(symbol), bids: [], asks: [] }),
  assets: () => [{ id: 'bitcoin', symbol: 'BTC' }],
  exchanges: () => [{ id: 'kraken', name: 'Kraken' }],
  globalMarket: () => ({ marketCapUsd: 1e12, volume24hUsd: 1e10, dominancePercent: {} }),
  trending: () => [{ id: 'bitcoin', symbol: 'BTC', name: 'Bitcoin' }],
  movers: () => [{ id: 'coin', symbol: 'C', priceUsd: 1 }],
  news: () => [{ id: 'n1', title: 'Bitcoin rises', url: 'https://news.example/1', publisher: 'News', publishedAt: NOW }],
  textSentiment: ({ texts }) => texts.map(() => ({ label: 'neutral', score: 0, confidence: 0, engine: 'fake' })),
  social: ({ asset }) => ({ asset, followers: 1 }),
  posts: () => [{ id: 'p1', title: 'BTC', url: 'https://posts.example/1', at: NOW }],
  defiProtocols: () => [{ id: 'aave', name: 'Aave', tvlUsd: 1e9, chains: [] }],
  chainTvl: () => [{ chain: CHAIN, name: 'Ethereum', tvlUsd: 1e10 }],
}

/** Providers for all capabilities. `sparse`: with as little in their answers as there may be. */
const everything = (sparse = false): readonly AnyProvider[] => [
  fakeProvider('all', { answers: (sparse ? SPARSE : RICH) as Required<Answers>, hosts: ['https://all.test'] }),
  computedIndicators(),
]

/** A key that is planted wherever one can be; no answer may hold it. */
export const PLANTED = 'PLANTED9secret7key3value1'
export const TOKEN = 'of-tests-only-0123456789'

const system: NonNullable<HandlerOptions['system']> = () => ({
  cpuPercent: 10,
  memoryPercent: 20,
  memoryUsedMb: 100,
  memoryTotalMb: 500,
  uptimeSeconds: 60,
  loadAverage: [0.1, 0.2, 0.3],
  runtime: 'Node.js 24',
  platform: 'linux',
  architecture: 'x64',
})

function worker(): Worker {
  let running = true
  const job = { everyMs: 60_000, running: false, runs: 2, records: 10, failures: 1, lastRunAt: NOW, nextRunAt: NOW + 60_000 }
  return {
    status: () => ({
      running,
      startedAt: NOW,
      jobs: [
        { ...job, type: 'ui' },
        { ...job, type: 'historical' },
      ],
      recentErrors: [{ at: NOW, type: 'ui', message: 'ticker was not answered' }],
    }),
    start: () => !running && (running = true),
    stop: () => running && !(running = false),
    collect: () => Promise.resolve(3),
  }
}

const sessions: Sessions = {
  list: () => [
    { id: 's1', clientType: 'browser', connectedAt: NOW, lastActivityAt: NOW, address: '127.0.0.1', userAgent: 'test', metadata: {} },
    { id: 's2', clientType: 'api', connectedAt: NOW, lastActivityAt: NOW, metadata: { name: 'two' } },
  ],
  statistics: () => ({
    activeConnections: 2,
    totalSessions: 2,
    totalConnectionsEver: 3,
    messagesSent: 4,
    messagesReceived: 5,
    clientTypes: { browser: 1, api: 1 },
    subscriptions: { all: 2 },
  }),
  broadcast: (group) => group === 'all',
}

/** The whole API: every capability, every port. */
export interface WholeApi {
  readonly handler: Handler
  readonly router: ProviderRouter
  readonly clock: FakeClock
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>
  /** With the token, and a JSON body where one is given. */
  readonly send: (method: string, path: string, body?: unknown) => Promise<Response>
}

/** Everything configured, in a time that stands still. */
export async function wholeApi({ sparse = false, ...own }: HandlerOptions & { sparse?: boolean } = {}): Promise<WholeApi> {
  const clock = fakeClock(NOW)
  const planted = fakeProvider('planted', {
    apiKey: PLANTED,
    answers: { ticker: () => 'unavailable' },
    hosts: [`https://planted.test/${PLANTED}`],
    priority: 9,
  })
  const hosted = fakeProvider('binance', { hosts: ['https://api.binance.test', `https://api1.binance.test/${PLANTED}`] })
  const router = new ProviderRouter({
    clock,
    random: () => 0.5,
    retries: 0,
    providers: [...everything(sparse), planted, fakeProvider('other'), fakeProvider('third'), hosted],
    pools: { main: { members: ['all', 'other'] } },
  })
  const loaded = await loadConfig({ providers: [{ id: 'kraken' }, { id: 'coinmarketcap' }] }, { keys: { coinmarketcap: PLANTED } })
  const run = { startedAt: NOW, finishedAt: NOW + 1, candidatesSeen: 2, suggested: 1, persisted: 0 }
  const handler = createHandler(router, {
    clock,
    authorize: bearer(TOKEN),
    rateLimit: false,
    system,
    database: () => ({ name: 'SQLite', connected: true, entries: 12 }),
    worker: worker(),
    sessions,
    resources: resourceDesk(loaded, { keys: { coinmarketcap: PLANTED } }),
    discovery: { run: () => Promise.resolve(run), status: () => ({ enabled: true, running: false, pending: 1, lastRun: run }), everyMs: 3_600_000 },
    models: () => Promise.resolve([{ id: 'ProsusAI/finbert', status: 'available', downloads: 5, lastUpdatedAt: NOW }]),
    service: { name: 'feedmux', version: '1.2.3' },
    ...own,
  })
  const ask = (path: string, init: RequestInit): Promise<Response> => handler(new Request(`http://api.test${path}`, init))
  return {
    handler,
    router: router as unknown as ProviderRouter,
    clock,
    get: (path, headers = {}) => ask(path, { headers }),
    send: (method, path, body) =>
      ask(path, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  }
}
