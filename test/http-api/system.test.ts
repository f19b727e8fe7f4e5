import { afterAll, describe, expect, it } from 'vitest'
import { createHandler, type HandlerOptions } from '../../src/http-api/index.js'
import { pairOf } from '../../src/model/symbol.js'
import { allRoutes } from '../../src/http-api/routes.js'
import { monitoringRoutes } from '../../src/http-api/routes/monitoring.js'
import { planRoutes } from '../../src/http-api/routes/plan.js'
import { poolsRoutes } from '../../src/http-api/routes/pools.js'
import { providersRoutes } from '../../src/http-api/routes/providers.js'
import { systemRoutes } from '../../src/http-api/routes/system.js'
import { overallOf } from '../../src/http-api/views/parts.js'
import { ProviderError } from '../../src/errors.js'
import { fakeProvider } from '../../src/testing/index.js'
import { ask, world } from '../router/world.js'
import { endUpstreams, json, refusing, shop } from '../support/upstreams.js'
import { NOW, served, shapeOf } from './served.js'

const routes = await allRoutes()

afterAll(endUpstreams)

type Body = Record<string, unknown>

const EPOCH = NOW / 1_000

/** Three of prices, one of them with candles in a second category, one of news with a key, one computed. */
function system(options: HandlerOptions = {}) {
  const { clock, provider } = world()
  const [a, b] = [
    provider('a', { name: 'Provider A', priority: 2, hosts: ['https://a.example'] }),
    provider('b', { priority: 1, hosts: ['https://b.example'] }),
  ]
  const wide = fakeProvider('wide', { answers: { ticker: () => 'unavailable' as const, candles: () => [] }, priority: 3, hosts: ['https://c.example'] })
  const keyed = fakeProvider('keyed', { answers: { news: () => [] }, hosts: ['https://d.example'], key: { required: true, in: 'header', name: 'x-key' } })
  const lexicon = fakeProvider('lexicon', {
    answers: { textSentiment: ({ texts }) => texts.map(() => ({ label: 'neutral' as const, score: 0, confidence: 1, engine: 'lexicon' })) as never },
  })
  return { a, b, ...served([a, b, wide, keyed, lexicon], { clock, retries: 0, options }) }
}

const only = (id: string) => ({ only: [id], maxAgeMs: 0 })

describe('/api/system/status', () => {
  it('is made of what is in memory', async () => {
    const { a, b, get, router, clock } = system()
    a.mood = { takesMs: 126 }
    const first = ask(router, 'BTC/USD', only('a'))
    await clock.advance(126)
    await first
    b.mood = { reason: 'rate-limited', status: 429 }
    await ask(router, 'ETH/USD', only('b'))
    await ask(router, 'BTC/USD')
    await router.request('textSentiment', { texts: ['worked out here, in no time'] })
    const { body } = await get('/api/system/status')
    expect(body['timestamp']).toBe(EPOCH)
    expect((body['coins'] as Body[]).slice(0, 2)).toEqual([
      { symbol: 'BTC', status: 'online', last_update: EPOCH, price: 100 },
      { symbol: 'ETH', status: 'unknown', last_update: null, price: null },
    ])
    expect((body['coins'] as Body[]).map(({ symbol }) => symbol)).toEqual(['BTC', 'ETH', 'BNB', 'SOL', 'ADA'])
    expect((body['providers_detailed'] as Body[]).slice(0, 3)).toEqual([
      {
        provider_id: 'a',
        name: 'Provider A',
        status: 'online',
        response_time_ms: 126,
        success_rate: 100,
        last_check: EPOCH,
        last_success: EPOCH,
        error: null,
        status_code: null,
        resource_count: 1,
        cached_until: null,
      },
      expect.objectContaining({
        name: 'b',
        status: 'rate_limited',
        status_code: 429,
        success_rate: 0,
        error: 'b: rate-limited (HTTP 429)',
        cached_until: EPOCH + 120,
      }),
      expect.objectContaining({ name: 'wide', status: 'unknown', success_rate: null, response_time_ms: null, last_check: null, resource_count: 2 }),
    ])
    expect(body['performance']).toEqual({
      avg_response_ms: 126,
      fastest_provider: 'Provider A',
      fastest_time_ms: 126,
      cache_hit_rate: 25,
    })
    expect(shapeOf(body)).toMatchSnapshot()
  })

  it('says of a price in memory that is no longer fresh that it is old', async () => {
    const { get, router, clock } = system()
    await ask(router, 'BTC/USD', { only: ['a'] })
    await ask(router, 'BTC/USD')
    await clock.advance(60_000)
    expect((await get('/api/system/status')).body['coins']).toMatchObject([
      { symbol: 'BTC', status: 'degraded', last_update: EPOCH, price: 100 },
      {},
      {},
      {},
      {},
    ])
  })

  it('counts resources once: by source and by category the sum is the total', async () => {
    const { get, router } = system()
    await ask(router, 'BTC/USD', only('a'))
    const { body } = await get('/api/system/status')
    expect(body['resource_breakdown']).toEqual({
      total: 6,
      by_source: { keyless: 4, keyed: 1, computed: 1 },
      by_category: {
        market_price: { total: 3, online: 1 },
        market_ohlcv: { total: 1, online: 0 },
        news: { total: 1, online: 0 },
        sentiment: { total: 1, online: 0 },
      },
    })
    const counted = (body['providers_detailed'] as { resource_count: number }[]).reduce((sum, { resource_count }) => sum + resource_count, 0)
    expect(counted).toBe(6)
  })

  it('counts nothing as online whose own breaker is open', async () => {
    const { get, router } = system()
    await router.request('candles', { symbol: 'BTC/USD', interval: '1h' }, { only: ['wide'] })
    const online = async () => {
      const { by_category } = (await get('/api/system/status')).body['resource_breakdown'] as { by_category: Record<string, { online: number }> }
      return [by_category['market_ohlcv']?.online, by_category['market_price']?.online]
    }
    expect(await online()).toEqual([1, 1])
    const drifting = fakeProvider('drifting', { answers: { ticker: () => 'bad-response' as const, candles: () => [] } })
    const other = served([drifting], { retries: 0, cache: false })
    for (let i = 0; i < 5; i++) await ask(other.router)
    await other.router.request('candles', { symbol: 'BTC/USD', interval: '1h' })
    const { body } = await other.get('/api/system/status')
    expect(body['resource_breakdown']).toMatchObject({ by_category: { market_price: { total: 1, online: 0 }, market_ohlcv: { total: 1, online: 1 } } })
  })

  it('groups the errors of the last five minutes, with what the router did', async () => {
    const { a, b, get, router, clock } = system()
    b.mood = { reason: 'bad-request', status: 400 }
    await ask(router, 'SOL/USD', only('b'))
    await clock.advance(300_000)
    b.mood = { reason: 'rate-limited', status: 429 }
    for (let i = 0; i < 3; i++) {
      await ask(router, 'BTC/USD', { only: ['a', 'b'], maxAgeMs: 0 })
      router.restore('b')
      await clock.advance(1_000)
    }
    a.mood = 'timeout'
    await ask(router, 'BTC/USD', { ...only('a'), stale: 'never' })
    expect((await get('/api/system/status')).body['error_details']).toEqual([
      { provider: 'a', count: 1, type: 'timeout', message: 'a: timeout', action: 'gave up', last_at: EPOCH + 303 },
      {
        provider: 'b',
        count: 3,
        type: 'rate limit (429)',
        message: 'b: rate-limited (HTTP 429)',
        action: expect.stringMatching(/^cooldown \d+ s, failover → a$/),
        last_at: EPOCH + 302,
      },
    ])
  })

  it('counts an outage in full, beyond the hundred failures that the router remembers', async () => {
    const { b, get, router, clock } = system()
    b.mood = { reason: 'bad-request', status: 400 }
    for (let i = 0; i < 250; i++) {
      await ask(router, `C${i}/USD`, { only: ['b'] })
      await clock.advance(1_000)
    }
    expect((await get('/api/system/status')).body['error_details']).toMatchObject([
      { provider: 'b', count: 250, type: 'bad request (400)', last_at: EPOCH + 249 },
    ])
    await clock.advance(149_000)
    expect((await get('/api/system/status')).body['error_details']).toMatchObject([{ count: 150 }])
  })

  it.each([
    ['not found', new ProviderError({ provider: 'x', reason: 'not-found', status: 200 })],
    ['DNS', new ProviderError({ provider: 'x', reason: 'network', message: 'getaddrinfo ENOTFOUND x.example' })],
    ['DNS', new ProviderError({ provider: 'x', reason: 'network', message: 'the name of the host does not resolve' })],
    ['network', new ProviderError({ provider: 'x', reason: 'network', message: 'no connection' })],
    ['blocked (451)', new ProviderError({ provider: 'x', reason: 'geo-blocked', status: 451 })],
    ['unavailable (503)', new ProviderError({ provider: 'x', reason: 'unavailable', status: 503 })],
  ])('calls an error %s', async (type, error) => {
    const failing = fakeProvider('x', {
      answers: {
        ticker: () => {
          throw error
        },
      },
    })
    const { get, router } = served([failing], { retries: 0 })
    await ask(router)
    expect((await get('/api/system/status')).body['error_details']).toMatchObject([{ provider: 'x', count: 1, type }])
  })

  it('shows the machine, the database, the worker and the live stream as they say', async () => {
    const { get } = system({
      system: () => ({ cpuPercent: 12.34, memoryPercent: 50, memoryUsedMb: 512, memoryTotalMb: 1_024, uptimeSeconds: 61.4, loadAverage: [0.1, 0.2, 0.3] }),
      database: () => ({ name: 'SQLite', connected: true, entries: 127 }),
      worker: {
        status: () => ({
          running: true,
          jobs: [
            { type: 'historical', everyMs: 900_000, running: false, nextRunAt: NOW + 600_000, runs: 0, records: 0, failures: 0 },
            { type: 'ui', everyMs: 300_000, running: false, nextRunAt: NOW + 240_000, runs: 0, records: 0, failures: 0 },
          ],
          recentErrors: [],
        }),
        start: () => false,
        stop: () => true,
        collect: async () => 0,
      },
      sessions: { list: () => [], statistics: () => ({ activeConnections: 3 }) as never, broadcast: () => false },
    })
    const { body } = await get('/api/system/status')
    expect(body['resources']).toEqual({
      cpu_percent: 12.3,
      memory_percent: 50,
      memory_used_mb: 512,
      memory_total_mb: 1_024,
      uptime_seconds: 61,
      load_avg: [0.1, 0.2, 0.3],
    })
    expect(body['infrastructure']).toEqual({
      database_status: 'SQLite',
      database_connected: true,
      database_entries: 127,
      background_worker: 'running',
      worker_next_run: EPOCH + 240,
      websocket_active: true,
      websocket_clients: 3,
    })
    expect(shapeOf(body)).toMatchSnapshot()
  })

  it('says not configured and null where there is none of that', async () => {
    const { get } = system()
    const { body } = await get('/api/system/status')
    expect(body['resources']).toEqual({
      cpu_percent: null,
      memory_percent: null,
      memory_used_mb: null,
      memory_total_mb: null,
      uptime_seconds: null,
      load_avg: null,
    })
    expect(body['infrastructure']).toEqual({
      database_status: 'not configured',
      database_connected: null,
      database_entries: null,
      background_worker: 'not configured',
      worker_next_run: null,
      websocket_active: false,
      websocket_clients: null,
    })
    expect((body['services'] as Body[]).map(({ name, status }) => `${String(name)}: ${String(status)}`)).toEqual([
      'router: unknown',
      'cache: unknown',
      'database: not configured',
      'worker: not configured',
      'live stream: not configured',
      'pool default: unknown',
    ])
    expect(body['overall_health']).toBe('degraded') // nobody was asked yet
  })

  it('answers although a part of the server fails to say how it is', async () => {
    const { get } = system({
      database: () => {
        throw new Error('disk full')
      },
      system: () => {
        throw new Error('no /proc')
      },
    })
    const { status, body } = await get('/api/system/status')
    expect(status).toBe(200)
    expect(body).toMatchObject({ resources: { cpu_percent: null }, infrastructure: { database_status: 'database disconnected', database_connected: false } })
    expect(JSON.stringify(body)).not.toMatch(/disk full|no \/proc/)
    const worker = {
      status: () => {
        throw new Error('lost')
      },
      start: () => false,
      stop: () => false,
      collect: async () => 0,
    }
    const failing = await system({ worker, system: () => ({ loadAverage: [0.123_456, Number.NaN, 1] }) }).get('/api/system/status')
    expect(failing.body).toMatchObject({
      resources: { load_avg: null },
      infrastructure: { background_worker: 'stopped' },
      services: expect.arrayContaining([expect.objectContaining({ name: 'worker', status: 'offline' })]),
    })
  })

  it('forgets an error after five minutes, and its status code when the provider is well again', async () => {
    const { b, get, router, clock } = system()
    b.mood = { reason: 'unavailable', status: 503 }
    await ask(router, 'BTC/USD', only('b'))
    const look = async () => {
      const { body } = await get('/api/system/status')
      const { status, status_code, error } = (body['providers_detailed'] as Body[])[1] ?? {}
      return [(body['error_details'] as Body[]).length, status, status_code, error]
    }
    expect(await look()).toEqual([1, 'degraded', 503, 'b: unavailable (HTTP 503)'])
    b.mood = 'ok'
    await ask(router, 'BTC/USD', only('b'))
    await clock.advance(299_999)
    expect(await look()).toEqual([1, 'online', null, null])
    await clock.advance(1)
    expect(await look()).toEqual([0, 'online', null, null])
  })

  it('knows no price where nobody serves one', async () => {
    const { body } = await served([fakeProvider('news', { answers: { news: () => [] } })]).get('/api/system/status')
    expect((body['coins'] as Body[])[0]).toEqual({ symbol: 'BTC', status: 'unknown', last_update: null, price: null })
  })

  it('tells of models only what they did', async () => {
    const { get, router } = system()
    const none = { transformers_loaded: null, sentiment_models: 1, hf_api_active: null, engine: null, last_call: null }
    expect((await get('/api/system/status')).body['ai_models']).toEqual(none)
    await router.request('textSentiment', { texts: ['Bitcoin rises'] })
    expect((await get('/api/system/status')).body['ai_models']).toEqual({ ...none, engine: 'lexicon', last_call: EPOCH })
    const local = fakeProvider('transformers-js', { answers: { textSentiment: () => 'cold-start' as const } })
    const remote = fakeProvider('hugging-face', { answers: { textSentiment: () => 'unavailable' as const } })
    const other = served([local, remote], { retries: 0 })
    expect((await other.get('/api/system/status')).body['ai_models']).toMatchObject({ transformers_loaded: false, sentiment_models: 2, hf_api_active: null })
    await other.router.request('textSentiment', { texts: ['x'] }).catch(() => undefined)
    expect((await other.get('/api/system/status')).body['ai_models']).toMatchObject({ transformers_loaded: false, hf_api_active: false })
    other.router.isolate('transformers-js')
    other.router.restore('hugging-face')
    expect((await other.get('/api/system/status')).body['ai_models']).toMatchObject({ sentiment_models: 1 })
  })

  it('lists the routes that were used, with how they went', async () => {
    const { get } = system()
    await get('/api/status')
    await get('/api/providers/nobody')
    const { body } = await get('/api/system/status')
    expect(body['endpoints']).toEqual([
      { path: '/api/status', method: 'GET', status: 'online', requests: 1, success_rate: 100, avg_response_ms: 0 },
      { path: '/api/providers/{id}', method: 'GET', status: 'online', requests: 1, success_rate: 100, avg_response_ms: 0 },
    ])
  })

  it('calls a pool degraded when less than half of those that are set up can be asked', async () => {
    const { clock, provider } = world()
    const keyless = { key: { required: true, in: 'header', name: 'x-key' } } as const
    const providers = [provider('a'), provider('b'), provider('c'), provider('d', keyless), provider('e', keyless)]
    const { get, router } = served(providers, { clock })
    await ask(router)
    const statusOfPool = async () => ((await get('/api/system/status')).body['services'] as Body[]).at(-1)?.['status']
    expect(await statusOfPool()).toBe('online')
    router.isolate('b')
    expect(await statusOfPool()).toBe('online')
    router.isolate('a')
    expect(await statusOfPool()).toBe('degraded')
  })

  it('calls a pool offline when none of its members can be asked, and one that is switched off disabled', async () => {
    const { clock, provider } = world()
    const { get, router } = served([provider('a'), provider('b')], { clock, pools: { p: { members: ['a'] }, q: { members: ['b'], enabled: false } } })
    await ask(router)
    router.isolate('a')
    const { body } = await get('/api/system/status')
    expect(body['services']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'pool default', status: 'online', last_check: EPOCH }),
        expect.objectContaining({ name: 'pool p', status: 'offline' }),
        expect.objectContaining({ name: 'pool q', status: 'disabled' }),
      ]),
    )
  })
})

describe('the overall health', () => {
  const parts = (online: number, others: number, word: 'offline' | 'unknown' = 'offline') => [
    { name: 'router', status: 'online' as const, last_check: null, response_time_ms: null },
    ...Array.from({ length: online - 1 }, () => ({ name: 'x', status: 'online' as const, last_check: null, response_time_ms: null })),
    ...Array.from({ length: others }, () => ({ name: 'y', status: word, last_check: null, response_time_ms: null })),
  ]

  it.each([
    ['online', 9, 1],
    ['degraded', 8, 2],
    ['degraded', 7, 3],
    ['partial', 6, 4],
    ['partial', 5, 5],
    ['offline', 4, 6],
  ] as const)('is %s with %i of ten parts online and %i not', (word, online, offline) => {
    expect(overallOf(parts(online, offline), [], [])).toBe(word)
    const used = [...Array<string>(online).fill('online'), ...Array<string>(offline).fill('offline')].map((status) => ({ status }))
    expect(overallOf(parts(1, 0), used, [])).toBe(word)
  })

  it('counts nothing that is unknown, and is no better than degraded on a busy machine', () => {
    expect(overallOf(parts(1, 20, 'unknown'), [], [undefined, undefined])).toBe('online')
    expect(overallOf(parts(1, 0), [], [89.9, 89.9])).toBe('online')
    expect(overallOf(parts(1, 0), [], [90, 10])).toBe('degraded')
    expect(overallOf(parts(1, 0), [], [undefined, 95])).toBe('degraded')
  })
})

describe('/api/system/providers/health', () => {
  it('shows who serves several categories in each, and counts it once', async () => {
    const { b, get, router } = system()
    b.mood = 'timeout'
    await ask(router, 'BTC/USD', only('a'))
    await ask(router, 'BTC/USD', only('b'))
    router.isolate('wide')
    const { body } = await get('/api/system/providers/health')
    const { binance_dns, ...groups } = body['providers'] as Record<string, Body[]>
    expect(binance_dns).toBeNull()
    expect(
      Object.entries(groups).map(([category, rows]) => [
        category,
        rows.map(({ name, status, available }) => `${String(name)} ${String(status)} ${String(available)}`),
      ]),
    ).toEqual([
      ['market_price', ['Provider A healthy true', 'b degraded true', 'wide down false']],
      ['market_ohlcv', ['wide down false']],
      ['news', ['keyed unknown false']],
      ['sentiment', ['lexicon unknown true']],
    ])
    expect(body['summary']).toEqual({
      total_categories: 4,
      total_providers: 5,
      healthy_providers: 1,
      degraded_providers: 1,
      down_providers: 1,
      unknown_providers: 2,
      resting_capabilities: 0,
    })
    expect(groups['market_price']?.[0]).toMatchObject({ priority: 2, success_rate: 100, consecutive_failures: 0, last_check: '2026-01-01T00:00:00.000Z' })
    expect(groups['sentiment']?.[0]).toMatchObject({ success_rate: null, response_time_ms: null, last_check: null })
    expect(shapeOf(body)).toMatchSnapshot()
  })
})

describe('/api/system/binance/health', () => {
  it('shows what each host really did: one that refuses in backoff, one unused with null', async () => {
    const [{ url: good }, bad] = [await json(200, { last: '10' }), await refusing()]
    const global = shop('binance', [bad, good, 'https://unused.example'], {}, { name: 'Binance', hostOrder: 'in-order' })
    const us = shop('binance-us', [good], {}, { name: 'Binance.US' })
    const { get, router, clock } = served([us, global], { retries: 0, cache: false })
    await ask(router, 'BTC/USD', { only: ['binance'] })
    const { body } = await get('/api/system/binance/health')
    expect(body['binance_health']).toEqual({
      connector_type: 'Binance Global',
      provider_id: 'binance',
      total_endpoints: 3,
      endpoints: [
        {
          url: bad,
          available: false,
          consecutive_failures: 1,
          success_rate: 0,
          total_requests: 1,
          avg_response_time_ms: null,
          last_success: null,
          last_failure: '2026-01-01T00:00:00.000Z',
          backoff_until: '2026-01-01T00:00:00.500Z',
        },
        expect.objectContaining({ url: good, available: true, success_rate: 100, total_requests: 1, last_failure: null, backoff_until: null }),
        expect.objectContaining({
          url: 'https://unused.example',
          available: true,
          success_rate: null,
          total_requests: 0,
          avg_response_time_ms: null,
          last_success: null,
        }),
      ],
      capabilities_resting: [],
    })
    expect(body['connectors']).toMatchObject([{ provider_id: 'binance' }, { connector_type: 'Binance US', endpoints: [{ url: good, success_rate: null }] }])
    expect(body['summary']).toEqual({ total_endpoints: 4, available_endpoints: 3, in_backoff: 1 })
    expect(shapeOf(body)).toMatchSnapshot()
    expect((await get('/api/system/providers/health')).body['providers']).toMatchObject({ binance_dns: body['binance_health'] as Body })
    await clock.advance(501)
    expect((await get('/api/system/binance/health')).body['summary']).toMatchObject({ available_endpoints: 4, in_backoff: 0 })
  })

  it('counts a lone host by its provider', async () => {
    const { url } = await json(500, {})
    const { get, router } = served([shop('binance', [url])], { retries: 0, cache: false })
    await ask(router)
    expect((await get('/api/system/binance/health')).body['binance_health']).toMatchObject({
      endpoints: [{ url, success_rate: 0, total_requests: 1, consecutive_failures: 1 }],
    })
  })

  it('is 404 without Binance', async () => {
    const { get } = system()
    const { status, body } = await get('/api/system/binance/health')
    expect([status, body['error']]).toEqual([404, 'no provider of this router asks Binance: /api/providers lists those there are'])
  })
})

describe('/api/system/circuit-breakers', () => {
  it('goes from closed over open to half-open and back', async () => {
    const { b, get, router, clock } = system()
    const rowOf = async () => ((await get('/api/system/circuit-breakers')).body['circuit_breakers'] as Record<string, Body[]>)['market_price']?.[1]
    expect(await rowOf()).toMatchObject({ provider: 'b', circuit_open: false, state: 'closed', opened_at: null, next_attempt_at: null })
    b.mood = 'timeout'
    for (let i = 0; i < 4; i++) await ask(router, 'BTC/USD', only('b'))
    expect(await rowOf()).toMatchObject({ circuit_open: false, consecutive_failures: 4, status: 'degraded' })
    await ask(router, 'BTC/USD', only('b'))
    const open = { circuit_open: true, state: 'open', opened_at: '2026-01-01T00:00:00.000Z', next_attempt_at: '2026-01-01T00:01:00.000Z' }
    expect(await rowOf()).toMatchObject({ ...open, status: 'down', available: false, priority: 1 })
    const { body } = await get('/api/system/circuit-breakers')
    expect(body['summary']).toEqual({
      total_providers: 5,
      circuit_breakers_open: 1,
      circuit_breakers_half_open: 0,
      circuit_breakers_closed: 4,
      capability_breakers_open: 0,
      capability_breakers_half_open: 0,
    })
    expect(shapeOf(body)).toMatchSnapshot()
    await clock.advance(60_000)
    expect(await rowOf()).toMatchObject({ circuit_open: false, state: 'half-open', next_attempt_at: null })
    b.mood = 'ok'
    await ask(router, 'BTC/USD', only('b'))
    expect(await rowOf()).toMatchObject({ circuit_open: false, state: 'closed', opened_at: null, status: 'healthy', available: true })
    b.mood = 'timeout'
    for (let i = 0; i < 5; i++) await ask(router, 'BTC/USD', only('b'))
    expect(await rowOf()).toMatchObject({ state: 'open', opened_at: '2026-01-01T00:01:00.000Z' })
    router.restore('b')
    expect(await rowOf()).toMatchObject({ state: 'closed', opened_at: null })
  })

  it('was never open at a provider that left while it was, and came back', async () => {
    const { b, get, router } = system()
    b.mood = 'timeout'
    for (let i = 0; i < 5; i++) await ask(router, 'BTC/USD', only('b'))
    const all = router.providers
    router.setProviders(all.filter(({ id }) => id !== 'b'))
    router.setProviders(all)
    const rows = (await get('/api/system/circuit-breakers')).body['circuit_breakers'] as Record<string, Body[]>
    expect(rows['market_price']?.find(({ provider }) => provider === 'b')).toMatchObject({ state: 'closed', opened_at: null })
  })
})

describe('the breaker of one capability', () => {
  /** Its prices are not as documented, its candles are. */
  function drifting() {
    let isWell = false
    const one = fakeProvider('binance', {
      answers: { ticker: ({ symbol }) => (isWell ? { ...pairOf(symbol), last: 1 } : ('bad-response' as const)), candles: () => [] },
      hosts: ['https://api.binance.example'],
    })
    const { get, router, clock } = served([one], { retries: 0, cache: false })
    const drift = async (): Promise<void> => {
      for (let i = 0; i < 5; i++) await ask(router)
      await router.request('candles', { symbol: 'BTC/USD', interval: '1h' })
    }
    return { get, router, clock, drift, mend: () => (isWell = true) }
  }
  const open = { capability: 'ticker', state: 'open', opened_at: '2026-01-01T00:00:00.000Z', next_attempt_at: '2026-01-01T00:01:00.000Z' }

  it('is shown wherever its provider is, beside the provider that is well', async () => {
    const { get, drift } = drifting()
    await drift()
    const rows = { binance: await get('/api/system/binance/health'), breakers: await get('/api/system/circuit-breakers') }
    expect(rows.breakers.body).toMatchObject({
      circuit_breakers: { market_price: [{ provider: 'binance', circuit_open: false, state: 'closed', capabilities_resting: [open] }] },
      summary: { circuit_breakers_open: 0, circuit_breakers_closed: 1, capability_breakers_open: 1, capability_breakers_half_open: 0 },
    })
    expect(rows.binance.body).toMatchObject({ binance_health: { capabilities_resting: [open] } })
    expect((await get('/api/system/providers/health')).body).toMatchObject({
      providers: { market_price: [{ available: true, capabilities_resting: [open] }], binance_dns: { capabilities_resting: [open] } },
      summary: { resting_capabilities: 1, down_providers: 0 },
    })
    expect((await get('/api/providers/binance')).body).toMatchObject({
      breaker: { state: 'closed' },
      capabilities_resting: [open],
      capability_breakers: { ticker: 'open' },
    })
  })

  it('is on trial after its time, gone when an answer is right again, and when it is put back by hand', async () => {
    const { get, router, clock, drift, mend } = drifting()
    const shown = async () => ((await get('/api/providers/binance')).body['capabilities_resting'] as Body[])[0]
    await drift()
    await clock.advance(60_000)
    expect(await shown()).toEqual({ ...open, state: 'half-open', next_attempt_at: null })
    expect((await get('/api/system/circuit-breakers')).body['summary']).toMatchObject({ capability_breakers_open: 0, capability_breakers_half_open: 1 })
    await ask(router)
    expect(await shown()).toMatchObject({ state: 'open', opened_at: '2026-01-01T00:01:00.000Z' })
    router.restore('binance')
    expect(await shown()).toBeUndefined()
    await drift()
    mend()
    await clock.advance(60_000)
    await ask(router)
    expect(await shown()).toBeUndefined()
  })

  it('is shown without its times where the API did not see it open', async () => {
    const { router, drift } = drifting()
    await drift()
    const later = createHandler(router, { rateLimit: false })
    const body = (await (await later(new Request('http://api.test/api/providers/binance'))).json()) as Body
    expect(body['capabilities_resting']).toEqual([{ ...open, opened_at: null, next_attempt_at: null }])
    later.close()
  })
})

describe('/api/system/providers/stats', () => {
  it('shows counters, shares and percentiles by category, the first in order first', async () => {
    const { a, get, router, clock } = system()
    a.mood = { takesMs: 100 }
    const asked = ask(router, 'BTC/USD', only('a'))
    await clock.advance(100)
    await asked
    await ask(router, 'BTC/USD', only('wide'))
    const { body } = await get('/api/system/providers/stats')
    const prices = (body['statistics'] as Record<string, { providers: Body[] }>)['market_price']
    expect(prices).toMatchObject({
      total_providers: 3,
      avg_success_rate: 50,
      providers: [
        { provider_id: 'b', success_rate: null, p95_ms: null },
        { provider_id: 'a', total_requests: 1, share: { actual: 50 } },
        { provider_id: 'wide' },
      ],
    })
    expect(prices?.providers[1]?.['p95_ms']).toBeGreaterThan(80)
    expect(body['totals']).toMatchObject({ total_providers: 5, total_requests: 2, successful_requests: 1, overall_success_rate: 50 })
    expect((body['statistics'] as Record<string, Body>)['sentiment']).toMatchObject({ avg_success_rate: null })
    expect(shapeOf(body)).toMatchSnapshot()
  })
})

it('puts last-resort providers last in the statistics, and has the words of the detailed list', async () => {
  const { clock, provider } = world()
  const last = provider('last', { priority: 1, role: 'last-resort' })
  const { get, router } = served([last, provider('b', { priority: 3 }), provider('a', { priority: 2 })], { clock, retries: 0 })
  last.mood = { reason: 'rate-limited', status: 429 }
  await ask(router, 'BTC/USD', { only: ['last'] })
  const { body } = await get('/api/system/providers/stats')
  const rows = (body['statistics'] as Record<string, { providers: Body[] }>)['market_price']?.providers ?? []
  expect(rows.map(({ provider_id }) => provider_id)).toEqual(['a', 'b', 'last'])
  expect(rows[2]).toMatchObject({ failure_count: 1, rate_limit_hits: 1, response_time_ms: null, cooldown_until: '2026-01-01T00:02:00.000Z' })
})

describe('/api/system/history', () => {
  it('calls a minute online in which a provider only did not know a coin', async () => {
    const { a, get, router } = system()
    a.mood = 'not-found'
    await ask(router, 'NOSUCH/USD', only('a'))
    expect((await get('/api/system/history?provider=a')).body).toMatchObject({ points: [{ requests: 1, failures: 1, status: 'online' }] })
  })

  it('goes minute by minute, with a state for each', async () => {
    const { a, get, router, clock } = system()
    await ask(router, 'BTC/USD', only('a'))
    await clock.advance(60_000)
    a.mood = 'timeout'
    await ask(router, 'BTC/USD', { ...only('a'), stale: 'never' })
    await clock.advance(60_000)
    const { body } = await get('/api/system/history?provider=a&minutes=10')
    expect(body).toEqual({
      provider: 'a',
      points: [
        { at: '2026-01-01T00:00:00.000Z', requests: 1, failures: 0, p95_ms: 0, status: 'online' },
        { at: '2026-01-01T00:01:00.000Z', requests: 1, failures: 1, p95_ms: null, status: 'offline' },
        { at: '2026-01-01T00:02:00.000Z', requests: 0, failures: 0, p95_ms: null, status: 'unknown' },
      ],
    })
    expect(shapeOf(body)).toMatchSnapshot()
    expect((await get('/api/system/history?minutes=2')).body).toMatchObject({ provider: null, points: [{ requests: 1, failures: 1 }, { requests: 0 }] })
  })

  it.each([
    ['?minutes=0', 400],
    ['?minutes=1441', 400],
    ['?minutes=1440', 200],
    ['?provider=nobody', 404],
  ])('answers %s with %i', async (query, status) => {
    expect((await system().get(`/api/system/history${query}`)).status).toBe(status)
  })
})

describe('monitoring', () => {
  const paths = [...monitoringRoutes, ...providersRoutes, ...poolsRoutes, ...systemRoutes, ...planRoutes]
    .filter(({ method, kind }) => method === 'GET' && kind === 'state')
    .map(({ path }) => path.replace('{id}', 'trap').replace('{category}', 'market_price').replace('{pool_id}', 'default'))

  it.each(paths)('%s asks nobody, and may not be cached', async (path) => {
    const trap = shop('binance', ['https://one.example', 'https://two.example'])
    const sent: unknown[] = []
    const fetch = async (input: unknown): Promise<Response> => {
      sent.push(input)
      throw new Error('asked')
    }
    const provider = fakeProvider('trap', {
      answers: {
        ticker: () => {
          throw new Error('asked')
        },
        news: () => [],
      },
    })
    const { get } = served([trap, provider], { fetch })
    const { status, headers } = await get(path === '/api/plan' ? '/api/plan?capability=ticker&symbol=BTC' : path)
    expect([200, 503]).toContain(status)
    expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null])
    expect([...provider.asked, ...sent]).toEqual([])
  })

  it('has every route of its areas in the list of all', () => {
    expect(paths.length).toBeGreaterThan(18)
    expect(routes).toEqual(expect.arrayContaining([...systemRoutes, ...poolsRoutes]))
  })
})
