import { describe, expect, it } from 'vitest'
import { fakeProvider } from '../../src/testing/index.js'
import { ask, world } from '../router/world.js'
import { served, shapeOf } from './served.js'

const row = (body: Record<string, unknown>, id: string): unknown => (body['providers'] as Record<string, unknown>)[id]

/** Five providers in five states: well, failing, resting, never asked, without its key. */
async function five() {
  const { clock, provider } = world()
  const all = [
    provider('well', { priority: 1 }),
    provider('failing', { priority: 2 }),
    provider('resting', { priority: 3 }),
    provider('unasked', { priority: 4 }),
    provider('keyless', { priority: 5, key: { required: true, in: 'header', name: 'x-key' } }),
  ]
  const [, failing, resting] = all
  if (failing) failing.mood = 'timeout'
  if (resting) resting.mood = { reason: 'rate-limited', status: 429 }
  const api = served(all, { clock, cache: false, retries: 0, pools: { p: { members: ['well', 'failing'], name: 'Pool P', category: 'market_data' } } })
  for (const id of ['well', 'failing', 'resting']) await ask(api.router, 'BTC/USD', { only: [id] })
  await ask(api.router, 'BTC/USD', { pool: 'p' })
  return api
}

describe('/health and /api/health', () => {
  it('are not healthy before anybody was asked, healthy when most are well, unhealthy when nobody can be asked', async () => {
    const { clock, provider } = world()
    const [a, b] = [provider('a'), provider('b')]
    const { get, router } = served([a, b], { clock, cache: false, retries: 0, options: { service: { name: 'prices', version: '1.2.3' } } })
    expect((await get('/health')).body).toMatchObject({
      status: 'degraded',
      providers_count: 2,
      online_count: 0,
      connected_clients: null,
      total_sessions: null,
    })
    await ask(router, 'BTC/USD', { only: ['a'] })
    expect((await get('/health')).body).toMatchObject({ status: 'healthy', online_count: 1 })
    expect((await get('/api/health')).body).toEqual({ status: 'healthy', timestamp: '2026-01-01T00:00:00.000Z', service: 'prices', version: '1.2.3' })
    b.mood = 'timeout'
    await ask(router, 'BTC/USD', { only: ['b'] })
    expect((await get('/health')).body).toMatchObject({ status: 'degraded', online_count: 1 })
    router.isolate('a')
    router.isolate('b')
    expect((await get('/health')).body).toMatchObject({ status: 'unhealthy' })
    expect((await get('/api/health')).body).toMatchObject({ status: 'unhealthy' })
  })

  it('answer although the live stream fails to say how it is', async () => {
    const { clock, provider } = world()
    const broken = (): never => {
      throw new Error('the socket is gone')
    }
    const sessions = { list: broken, statistics: broken, broadcast: broken }
    const { get } = served([provider('a')], { clock, options: { sessions } })
    const { status, body } = await get('/health')
    expect([status, body['connected_clients']]).toEqual([200, null])
    expect((await get('/api/system/status')).body).toMatchObject({ infrastructure: { websocket_active: true, websocket_clients: null } })
  })

  it('say nothing of a service that has no name', async () => {
    const { clock, provider } = world()
    expect((await served([provider('a')], { clock }).get('/api/health')).body).toMatchObject({ service: null, version: null })
  })
})

describe('/ready', () => {
  const wanted = { options: { required: ['ticker', 'news'] as const } }

  it('wants for every required capability somebody who can be asked', async () => {
    const { clock, provider } = world()
    const news = fakeProvider('news', { answers: { news: () => [] } })
    const { get, router } = served([provider('a'), provider('b'), news], { clock, cache: false, retries: 0, ...wanted })
    expect(await get('/ready')).toMatchObject({
      status: 200,
      body: {
        ready: true,
        required: [
          { capability: 'ticker', eligible: 2 },
          { capability: 'news', eligible: 1 },
        ],
      },
    })
    router.isolate('news')
    expect(await get('/ready')).toMatchObject({ status: 503, body: { ready: false, required: [{ eligible: 2 }, { eligible: 0 }] } })
    router.restore('news')
    expect((await get('/ready')).status).toBe(200)
  })

  it('counts nobody whose breaker is open for that capability, who rests, or lacks its key', async () => {
    const { clock, provider } = world()
    const [drifting, resting] = [provider('drifting'), provider('resting')]
    const keyless = provider('keyless', { key: { required: true, in: 'header', name: 'x-key' } })
    const { get, router } = served([drifting, resting, keyless], { clock, cache: false, retries: 0 })
    expect((await get('/ready')).body).toMatchObject({ required: [{ capability: 'ticker', eligible: 2 }] })
    drifting.mood = 'bad-response'
    for (let i = 0; i < 5; i++) await ask(router, 'BTC/USD', { only: ['drifting'] })
    expect(router.status().providers[0]?.capabilityBreakers).toEqual({ ticker: 'open' })
    expect(await get('/ready')).toMatchObject({ status: 200, body: { required: [{ eligible: 1 }] } })
    resting.mood = { reason: 'rate-limited', status: 429 }
    await ask(router, 'BTC/USD', { only: ['resting'] })
    expect(await get('/ready')).toMatchObject({ status: 503, body: { ready: false, required: [{ eligible: 0 }] } })
  })
})

describe('/api/status', () => {
  it('measures by answers that somebody waited for, as the drawer does', async () => {
    const { clock, provider } = world()
    const a = provider('a', { hosts: ['https://a.example'] })
    const computed = fakeProvider('computed', { answers: { news: () => [] } })
    const { get, router } = served([a, computed], { clock, cache: false })
    a.mood = { takesMs: 120 }
    const asked = ask(router)
    await clock.advance(120)
    await asked
    await router.request('news', {})
    expect((await get('/api/status')).body).toMatchObject({ avg_response_time_ms: 120 })
    expect((await get('/api/system/status')).body).toMatchObject({
      performance: { avg_response_ms: 120 },
      services: expect.arrayContaining([expect.objectContaining({ name: 'router', response_time_ms: 120 })]),
    })
  })

  it('is the service in figures, unknown ones null', async () => {
    const { clock, provider } = world()
    const { get } = served([provider('a')], { clock })
    expect((await get('/api/status')).body).toMatchObject({ status: 'degraded', online: 0, offline: 0, avg_response_time_ms: null, success_rate: null })
    const api = await five()
    expect((await api.get('/api/status')).body).toMatchObject({
      status: 'operational',
      total_providers: 5,
      online: 1,
      degraded: 1,
      total_requests: 4,
      successful_requests: 2,
      success_rate: 50,
    })
  })
})

describe('/api/stats', () => {
  it('counts each provider once, in the state that it is in', async () => {
    const { get } = await five()
    const { body } = await get('/api/stats')
    expect(body['summary']).toEqual({
      total_providers: 5,
      online: 1,
      offline: 0,
      degraded: 1,
      rate_limited: 1,
      unknown: 1,
      disabled: 1,
      total_requests: 4,
      successful_requests: 2,
      overall_success_rate: 50,
    })
    expect(row(body, 'well')).toMatchObject({ status: 'online', success_rate: 100, total_requests: 2, is_available: true, last_error: null })
    expect(row(body, 'failing')).toMatchObject({ status: 'degraded', success_rate: 0, consecutive_failures: 1, failed_requests: 1 })
    expect(row(body, 'resting')).toMatchObject({
      status: 'rate_limited',
      is_available: false,
      rate_limit_hits: 1,
      cooldown: { reason: 'rate-limited', until: '2026-01-01T00:02:00.000Z' },
    })
    expect(row(body, 'keyless')).toMatchObject({ status: 'disabled', is_available: false, requires_auth: true })
  })

  it('has null for what was never measured, not 0 and not 100 %', async () => {
    const { get } = await five()
    expect(row((await get('/api/stats')).body, 'unasked')).toMatchObject({
      status: 'unknown',
      success_rate: null,
      avg_response_time: null,
      p95_ms: null,
      last_check: null,
      last_error: null,
      total_requests: 0,
      rate_limit: null,
    })
  })

  it('holds the pools with their members', async () => {
    const { get } = await five()
    const pools = (await get('/api/stats')).body['pools'] as Record<string, unknown>
    expect(Object.keys(pools)).toEqual(['default', 'p'])
    expect(pools['p']).toMatchObject({ pool_id: 'p', pool_name: 'Pool P', category: 'market_data', rotation_strategy: 'priority', total_providers: 2 })
  })

  it('can be saved as a file of the same content', async () => {
    const { get } = await five()
    const file = await get('/api/stats/export')
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="provider_stats.json"')
    expect(file.headers.get('content-type')).toMatch('application/json')
    expect(file.body).toEqual((await get('/api/stats')).body)
  })
})

it.each(['/health', '/ready', '/api/status', '/api/health', '/api/stats'])('%s keeps its shape, is not cached, and takes no parameter', async (path) => {
  const { get } = await five()
  const { body, headers } = await get(path)
  expect(shapeOf(body)).toMatchSnapshot()
  expect(headers.get('cache-control')).toBe('no-store')
  const wrong = await get(`${path}?verbose=1`)
  expect([wrong.status, wrong.body['error']]).toEqual([400, 'unknown parameter "verbose": this route takes none'])
})
