import { afterAll, describe, expect, it, vi } from 'vitest'
import { fakeProvider } from '../../src/testing/index.js'
import { ask, world } from '../router/world.js'
import { endUpstreams, json, shop } from '../support/upstreams.js'
import { served, shapeOf, TOKEN } from './served.js'

afterAll(endUpstreams)

const SECRET = 'kept-in-the-address-0123456789'

function three() {
  const { clock, provider } = world()
  const limited = provider('limited-one', { name: 'Limited', limits: [{ requests: 100, perMs: 60_000, scope: 'ip' }], priority: 2, weight: 7 })
  const news = fakeProvider('news-one', { answers: { news: () => [], fearGreed: () => [] } })
  return { ...served([provider('a'), limited, news], { clock, cache: false, retries: 0 }), limited }
}

describe('/api/providers', () => {
  it('lists all with what each is, and reading changes nothing', async () => {
    const { get, router } = three()
    await ask(router, 'BTC/USD', { only: ['limited-one'] })
    const before = JSON.stringify(router.snapshot())
    const { body } = await get('/api/providers')
    expect(body['total']).toBe(3)
    expect(body['providers']).toMatchObject([
      { provider_id: 'a', category: 'market_price', status: 'unknown', rate_limit: null, breaker: { state: 'closed', opened_at: null } },
      { provider_id: 'limited-one', name: 'Limited', status: 'online', priority: 2, weight: 7, requires_auth: false, rate_limit: { usage: 1, limit: 90 } },
      { provider_id: 'news-one', category: 'news', categories: ['news', 'sentiment'] },
    ])
    expect(JSON.stringify(router.snapshot())).toBe(before)
    expect(shapeOf(body)).toMatchSnapshot()
  })
})

describe('/api/providers/{id}', () => {
  it('says more of one, by its id or the form with underscores', async () => {
    const { get, router } = three()
    await ask(router, 'BTC/USD', { only: ['limited-one'] })
    const { body } = await get('/api/providers/limited-one')
    expect(body).toMatchObject({
      provider_id: 'limited-one',
      endpoints: ['ticker'],
      successful_requests: 1,
      failed_requests: 0,
      circuit_breaker_open: false,
      base_url: null,
    })
    expect(shapeOf(body)).toMatchSnapshot()
    expect((await get('/api/providers/limited_one')).body).toEqual(body)
  })

  it('tells scheme and host of its base URLs, and nothing of a key in them', async () => {
    const { url } = await json(200, { last: '10' })
    const { get, router } = served([shop('keyed', [`${url}/v1/${SECRET}`, `https://two.example/${SECRET}`])], { retries: 0 })
    await ask(router)
    const answers = await Promise.all(['/api/providers/keyed', '/api/providers', '/api/stats', '/api/system/status', '/api/system/providers/stats'].map(get))
    expect(answers[0]?.body).toMatchObject({ base_url: url, hosts: [url, 'https://two.example'] })
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(SECRET)
  })

  it('measures its limit by the window that is fullest, its spacing aside', async () => {
    const { clock, provider } = world()
    const limits = [
      { requests: 1_000, perMs: 3_600_000, scope: 'ip' as const },
      { requests: 10, perMs: 60_000, scope: 'ip' as const },
    ]
    const { get, router } = served([provider('a', { limits, minSpacingMs: 100 })], { clock, cache: false })
    await ask(router)
    const { body } = await get('/api/providers/a')
    expect(body['rate_limit']).toEqual({ usage: 1, limit: 9, percentage: 11.11 })
    expect(body['quota']).toMatchObject([
      { window_seconds: 3_600, used: 1, limit: 900 },
      { window_seconds: 60, percentage: 11.11 },
      { kind: 'spacing', window_seconds: 0.1 },
    ])
  })

  it('shows an open breaker with when it opened and when it is tried again', async () => {
    const { get, router, limited, clock } = three()
    limited.mood = 'unavailable'
    for (let i = 0; i < 5; i++) {
      await ask(router, 'BTC/USD', { only: ['limited-one'] })
      await clock.advance(1_000)
    }
    expect((await get('/api/providers/limited-one')).body).toMatchObject({
      status: 'offline',
      is_available: false,
      circuit_breaker_open: true,
      consecutive_failures: 5,
      breaker: { state: 'open', opened_at: '2026-01-01T00:00:04.000Z', next_attempt_at: '2026-01-01T00:01:04.000Z' },
    })
  })

  it('is 404 for an unknown one, with what became of it where that is known', async () => {
    const { get } = three()
    const { status, body } = await get('/api/providers/nomics')
    expect([status, body['error']]).toEqual([
      404,
      "no provider 'nomics' (retired on 2023-03-31, use coinpaprika or coinlore): /api/providers lists those there are",
    ])
    expect((await get('/api/providers/a%20b')).status).toBe(400)
  })
})

describe('/api/providers/category/{category}', () => {
  it('lists those who serve it, whatever else they serve', async () => {
    const { get } = three()
    const { body } = await get('/api/providers/category/sentiment')
    expect(body).toEqual({
      category: 'sentiment',
      providers: [{ provider_id: 'news-one', name: 'news-one', status: 'unknown', is_available: true, success_rate: null }],
      count: 1,
    })
    expect((await get('/api/providers/category/market_price')).body).toMatchObject({ count: 2 })
    expect((await get('/api/providers/category/nft')).body).toEqual({ category: 'nft', providers: [], count: 0 })
  })

  it('is 404 for an unknown one and names the known', async () => {
    const { get } = three()
    const { status, body } = await get('/api/providers/category/weather')
    expect(status).toBe(404)
    expect(body['error']).toMatch(/^no category 'weather': there are market_price, .*analytics$/)
  })
})

describe('POST /api/providers/{id}/health-check', () => {
  it('probes now and tells the result of this probe, not an average', async () => {
    const { clock, provider } = world()
    const a = provider('a')
    const { send, router } = served([a], { clock, retries: 0, cache: false })
    await ask(router)
    a.mood = { takesMs: 70 }
    const probing = send('POST', '/api/providers/a/health-check')
    await vi.waitFor(() => expect(a.asked).toHaveLength(2))
    await clock.advance(70)
    const well = await probing
    expect(well.body).toEqual({
      provider_id: 'a',
      name: 'a',
      is_healthy: true,
      status: 'online',
      reason: null,
      response_time: 70,
      timestamp: '2026-01-01T00:00:00.000Z',
    })
    expect(shapeOf(well.body)).toMatchSnapshot()
    a.mood = 'unavailable'
    expect((await send('POST', '/api/providers/a/health-check')).body).toMatchObject({ is_healthy: false, status: 'offline', reason: 'unavailable' })
    a.mood = { reason: 'rate-limited', status: 429 }
    expect((await send('POST', '/api/providers/a/health-check')).body).toMatchObject({ is_healthy: false, status: 'rate_limited' })
    expect(router.status().providers[0]).toMatchObject({ requests: 1 })
  })

  it('says that one which is out was not asked', async () => {
    const { clock, provider } = world()
    const a = provider('a')
    const { send, router } = served([a], { clock })
    router.isolate('a')
    expect((await send('POST', '/api/providers/a/health-check')).body).toMatchObject({
      is_healthy: null,
      status: 'disabled',
      reason: 'disabled',
      response_time: null,
    })
    expect(a.asked).toEqual([])
  })

  it('tells that one is out of quota, which is not down', async () => {
    const { clock, provider } = world()
    const a = provider('a')
    const { send } = served([a], { clock, retries: 0, cache: false })
    a.mood = { reason: 'quota-exhausted', status: 402 }
    expect((await send('POST', '/api/providers/a/health-check')).body).toMatchObject({ is_healthy: false, status: 'rate_limited', reason: 'quota-exhausted' })
    a.mood = 'unavailable'
    expect((await send('POST', '/api/providers/a/health-check')).body).toMatchObject({ is_healthy: false, status: 'offline', reason: 'unavailable' })
  })

  it('wants the token, and does not exist for an unknown provider', async () => {
    const { send, limited } = three()
    expect((await send('POST', '/api/providers/limited-one/health-check', undefined, null)).status).toBe(401)
    expect((await send('POST', '/api/providers/limited-one/health-check', undefined, `${TOKEN}x`)).status).toBe(401)
    expect(limited.asked).toEqual([])
    expect((await send('POST', '/api/providers/nobody/health-check')).status).toBe(404)
  })
})
