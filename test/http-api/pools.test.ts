import { describe, expect, it } from 'vitest'
import { leastUsed } from '../../src/strategies/least-used.js'
import { roundRobin } from '../../src/strategies/round-robin.js'
import { askTimes, world } from '../router/world.js'
import { served, shapeOf } from './served.js'

type Body = Record<string, unknown>

function pooled() {
  const { clock, provider } = world()
  const providers = [provider('a', { name: 'Provider A' }), provider('b'), provider('c')]
  const pools = {
    p: { name: 'Pool P', category: 'market_data', strategy: roundRobin(), members: ['a', 'b'] },
    q: { strategy: leastUsed(), members: [{ id: 'b', priority: 3, weight: 9 }] },
  }
  return { providers, ...served(providers, { clock, cache: false, retries: 0, pools }) }
}

const valid = { name: 'My Pool', category: 'market_data', rotation_strategy: 'round_robin' }

describe('/api/pools', () => {
  it('lists all with their members, and the pool of all providers among them', async () => {
    const { get, router } = pooled()
    await askTimes(router, 3, 'BTC/USD', { pool: 'p' })
    const { body } = await get('/api/pools')
    expect(body['total']).toBe(3)
    expect((body['pools'] as Body[]).map(({ pool_id }) => pool_id)).toEqual(['default', 'p', 'q'])
    expect((body['pools'] as Body[])[1]).toMatchObject({
      pool_name: 'Pool P',
      category: 'market_data',
      rotation_strategy: 'round_robin',
      enabled: true,
      total_rotations: 2,
      total_providers: 2,
      available_providers: 2,
      current_provider: { provider_id: 'a', name: 'Provider A', status: 'online' },
      members: [
        { provider_id: 'a', provider_name: 'Provider A', use_count: 2, success_rate: 100, rate_limit: null },
        { provider_id: 'b', use_count: 1 },
      ],
    })
    expect((body['pools'] as Body[])[2]).toMatchObject({
      rotation_strategy: 'least_used',
      current_provider: null,
      category: null,
      members: [{ priority: 3, weight: 9 }],
    })
    expect(shapeOf(body)).toMatchSnapshot()
  })

  it('rotates nothing by being read', async () => {
    const { get, router } = pooled()
    await askTimes(router, 3, 'BTC/USD', { pool: 'p' })
    const before = JSON.stringify([router.status(), router.snapshot(), router.plan('ticker', { symbol: 'BTC/USD' }, { pool: 'p' })])
    for (let i = 0; i < 5; i++) for (const path of ['/api/pools', '/api/pools/p', '/api/pools/history', '/api/pools/p/history', '/api/stats']) await get(path)
    expect(JSON.stringify([router.status(), router.snapshot(), router.plan('ticker', { symbol: 'BTC/USD' }, { pool: 'p' })])).toBe(before)
    expect(await askTimes(router, 2, 'BTC/USD', { pool: 'p' })).toEqual(['b', 'a'])
  })

  it('calls a strategy of your own by its label, or custom', async () => {
    const { clock, provider } = world()
    const pools = { own: { members: ['a'], strategy: () => 0 }, told: { members: ['a'], strategy: Object.assign(() => 0, { label: 'my-own' }) } }
    const { get } = served([provider('a')], { clock, pools })
    expect((await get('/api/pools/own')).body).toMatchObject({ rotation_strategy: 'custom' })
    expect((await get('/api/pools/told')).body).toMatchObject({ rotation_strategy: 'my_own' })
  })
})

describe('/api/pools/{pool_id}', () => {
  it('may have whatever id the options gave it', async () => {
    const { clock, provider } = world()
    const { get, send } = served([provider('a'), provider('b')], { clock, pools: { 'fast & cheap': { members: ['a'] } } })
    const path = `/api/pools/${encodeURIComponent('fast & cheap')}`
    expect((await get(path)).body).toMatchObject({ pool_id: 'fast & cheap', total_providers: 1 })
    expect((await send('POST', `${path}/members`, { provider_id: 'b' })).status).toBe(200)
    expect((await get(`/api/plan?capability=ticker&symbol=BTC&pool=${encodeURIComponent('fast & cheap')}`)).status).toBe(200)
    expect((await send('DELETE', path)).status).toBe(200)
    expect((await get(path)).status).toBe(404)
  })

  it('is one pool with figures of its members; unknown is 404 and names those there are', async () => {
    const { get } = pooled()
    const { body } = await get('/api/pools/p')
    expect(body).toMatchObject({
      pool_id: 'p',
      providers: [{ provider_id: 'a', name: 'Provider A', status: 'unknown', success_rate: null, is_available: true }, {}],
    })
    expect(shapeOf(body)).toMatchSnapshot()
    const unknown = await get('/api/pools/nope')
    expect([unknown.status, unknown.body['error']]).toEqual([404, "no pool 'nope': there are default, p, q"])
  })
})

describe('making, changing and deleting a pool', () => {
  it('goes from a name to an answering pool and back', async () => {
    const { send, get, router } = pooled()
    const made = await send('POST', '/api/pools', { ...valid, description: 'mine' })
    expect([made.status, made.body['pool_id']]).toEqual([201, 'my_pool'])
    expect(made.body['pool']).toMatchObject({ pool_name: 'My Pool', description: 'mine', rotation_strategy: 'round_robin', total_providers: 0 })
    expect(shapeOf(made.body)).toMatchSnapshot()
    const joined = await send('POST', '/api/pools/my_pool/members', { provider_id: 'c' })
    expect(joined.body).toEqual({ message: "'c' joined pool 'my_pool'", pool_id: 'my_pool', provider_id: 'c' })
    expect((await get('/api/pools')).body['pools']).toMatchObject([{}, {}, {}, { members: [{ provider_id: 'c', priority: 5, weight: 50 }] }])
    expect(await askTimes(router, 1, 'BTC/USD', { pool: 'my_pool' })).toEqual(['c'])
    const changed = await send('PUT', '/api/pools/my_pool', { rotation_strategy: 'fastest_response', description: 'changed', enabled: false })
    expect(changed.body).toMatchObject({
      pool_id: 'my_pool',
      pool: { rotation_strategy: 'fastest_response', description: 'changed', enabled: false, available_providers: 0 },
    })
    expect(await askTimes(router, 1, 'BTC/USD', { pool: 'my_pool' })).toEqual(['NoProviderError'])
    const gone = await send('DELETE', '/api/pools/my_pool')
    expect([gone.status, gone.body['pool_id']]).toEqual([200, 'my_pool'])
    expect((await get('/api/pools/my_pool')).status).toBe(404)
    expect(await askTimes(router, 1)).toEqual(['a'])
  })

  it.each([
    ['a name that exists', { ...valid, name: 'P' }, /pool 'p' exists already/],
    ['a name without a letter', { ...valid, name: '!!' }, /needs a letter or a digit, got "!!"/],
    ['a name that is a path of its own', { ...valid, name: ' History!' }, /name: a pool can't be called "History!"/],
    ['an unknown strategy', { ...valid, rotation_strategy: 'random' }, /rotation_strategy: .*got "random"/],
    ['an unknown category', { ...valid, category: 'weather' }, /category must be one of market_price, .*got "weather"/],
    ['a field that there is not', { ...valid, members: [] }, /members/],
    ['no name', { category: 'news', rotation_strategy: 'score' }, /name: .*missing/],
  ])('refuses %s with 400', async (_, body, message) => {
    const { send, router } = pooled()
    const answer = await send('POST', '/api/pools', body)
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toMatch(message)
    expect(router.pools.list()).toHaveLength(3)
  })

  it('leaves what is not named in a change, and refuses a change of nothing', async () => {
    const { send } = pooled()
    expect((await send('PUT', '/api/pools/p', { enabled: false })).body['pool']).toMatchObject({
      enabled: false,
      rotation_strategy: 'round_robin',
      category: 'market_data',
    })
    expect((await send('PUT', '/api/pools/p', { description: 'new' })).body['pool']).toMatchObject({ enabled: false, description: 'new' })
    const nothing = await send('PUT', '/api/pools/p', {})
    expect([nothing.status, nothing.body['error']]).toEqual([400, 'the body: give at least one of enabled, rotation_strategy, description'])
    expect((await send('PUT', '/api/pools/nope', { enabled: true })).status).toBe(404)
  })

  it('keeps the pool of all providers', async () => {
    const { send } = pooled()
    const answer = await send('DELETE', '/api/pools/default')
    expect([answer.status, answer.body['error']]).toEqual([400, 'the pool of all providers stays'])
    expect((await send('DELETE', '/api/pools/nope')).status).toBe(404)
  })
})

describe('members of a pool', () => {
  it('join with their own priority and weight, which no other pool sees', async () => {
    const { send, router } = pooled()
    expect((await send('POST', '/api/pools/p/members', { provider_id: 'c', priority: 1, weight: 0 })).status).toBe(200)
    expect(router.pool('p').members.at(-1)).toEqual({ id: 'c', priority: 1, weight: 0, enabled: true })
    const changed = await send('PUT', '/api/pools/p/members/c', { priority: 100, weight: 100, enabled: false })
    expect(changed.body).toMatchObject({ pool_id: 'p', provider_id: 'c', pool: { total_providers: 3, available_providers: 2 } })
    expect(router.pool('p').members.at(-1)).toEqual({ id: 'c', priority: 100, weight: 100, enabled: false })
    expect(router.pool().members.at(-1)).toEqual({ id: 'c', priority: 1, weight: 1, enabled: true })
    expect((await send('DELETE', '/api/pools/p/members/c')).body).toEqual({ message: "'c' left pool 'p'", pool_id: 'p', provider_id: 'c' })
    expect(router.pool('p').has('c')).toBe(false)
  })

  it.each([
    [{ provider_id: 'c', priority: 0 }, /priority: .*got 0/],
    [{ provider_id: 'c', priority: 101 }, /priority: .*got 101/],
    [{ provider_id: 'c', priority: 1.5 }, /priority: .*got 1.5/],
    [{ provider_id: 'c', weight: -1 }, /weight: .*got -1/],
    [{ provider_id: 'c', weight: 101 }, /weight: .*got 101/],
    [{ provider_id: 'c', weight: '50' }, /weight: .*got "50"/],
    [{ provider_id: 'a' }, /'a' is a member already/],
    [{}, /provider_id: .*missing/],
  ])('are refused with 400: %j', async (body, message) => {
    const { send, router } = pooled()
    const answer = await send('POST', '/api/pools/p/members', body)
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toMatch(message)
    expect(router.pool('p').members).toHaveLength(2)
  })

  it('are 404 where the pool, the provider or the membership is not there', async () => {
    const { send } = pooled()
    const statuses = await Promise.all([
      send('POST', '/api/pools/nope/members', { provider_id: 'a' }),
      send('POST', '/api/pools/p/members', { provider_id: 'nobody' }),
      send('PUT', '/api/pools/p/members/c', { weight: 1 }),
      send('DELETE', '/api/pools/p/members/c'),
      send('DELETE', '/api/pools/nope/members/a'),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
  })

  it('may be named with underscores, and are answered in our form', async () => {
    const { clock, provider } = world()
    const { send } = served([provider('alternative-me'), provider('a')], { clock, pools: { p: { members: ['a'] } } })
    expect((await send('POST', '/api/pools/p/members', { provider_id: 'alternative_me' })).body).toMatchObject({ provider_id: 'alternative-me' })
    expect((await send('PUT', '/api/pools/p/members/alternative_me', { weight: 3 })).body).toMatchObject({ provider_id: 'alternative-me' })
    expect((await send('DELETE', '/api/pools/p/members/alternative_me')).body).toMatchObject({ provider_id: 'alternative-me' })
  })
})

describe('rotating', () => {
  it('moves on, records it with its reason, and is what happens next', async () => {
    const { send, get, router, clock } = pooled()
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    await clock.advance(1_000)
    const rotated = await send('POST', '/api/pools/p/rotate', { reason: 'maintenance' })
    expect(rotated.body).toEqual({
      message: "'b' answers in pool 'p' from now on",
      pool_id: 'p',
      provider_id: 'b',
      provider_name: 'b',
      reason: 'maintenance',
      timestamp: '2026-01-01T00:00:01.000Z',
    })
    expect(shapeOf(rotated.body)).toMatchSnapshot()
    expect(await askTimes(router, 1, 'BTC/USD', { pool: 'p' })).toEqual(['b'])
    expect((await send('POST', '/api/pools/p/rotate', {})).body).toMatchObject({ provider_id: 'a', reason: 'manual' })
    const history = await get('/api/pools/p/history')
    expect(history.body).toMatchObject({
      total: 2,
      history: [
        { from: 'b', to: 'a', provider_name: 'Provider A', total_rotations: 2, reason: 'manual', success: null, notes: 'moved on from b to a by hand' },
        {
          from: 'a',
          to: 'b',
          total_rotations: 1,
          reason: 'maintenance',
          timestamp: '2026-01-01T00:00:01.000Z',
          success: null,
          notes: 'moved on from a to b by hand: maintenance',
        },
      ],
    })
  })

  it('takes no body for no reason: it is manual', async () => {
    const { send, router } = pooled()
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    expect(await send('POST', '/api/pools/p/rotate')).toMatchObject({ status: 200, body: { provider_id: 'b', reason: 'manual' } })
    expect((await send('POST', '/api/pools/p/members')).status).toBeGreaterThanOrEqual(400)
  })

  it('is 503 until the first of the others comes back, and of a pool that is switched off', async () => {
    const { send, router, providers } = pooled()
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    const [, b] = providers
    if (b) b.mood = { reason: 'rate-limited', status: 429, retryAfterMs: 7_000 }
    await askTimes(router, 1, 'BTC/USD', { only: ['b'] })
    const resting = await send('POST', '/api/pools/p/rotate', {})
    expect([resting.status, resting.headers.get('retry-after')]).toEqual([503, '7'])
    router.restore('b')
    await send('PUT', '/api/pools/p', { enabled: false })
    expect((await send('POST', '/api/pools/p/rotate', {})).status).toBe(503)
    expect(router.pool('p').rotations).toBe(0)
  })

  it('is 503 with Retry-After where nobody else can be asked, 404 for an unknown pool', async () => {
    const { send, router } = pooled()
    router.isolate('a')
    const answer = await send('POST', '/api/pools/p/rotate', {})
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60'])
    expect(answer.body).toMatchObject({
      error: "no provider can be asked for another member of pool 'p'",
      excluded: [{ provider: 'a', reason: 'isolated', until: null }],
    })
    expect((await send('POST', '/api/pools/nope/rotate', {})).status).toBe(404)
    expect((await send('POST', '/api/pools/p/rotate', { reason: '' })).status).toBe(400)
  })
})

describe('/api/pools/history', () => {
  it('puts the rotations of all pools together, newest first, at most as many as wanted', async () => {
    const { get, router, clock } = pooled()
    router.pool('q').add('c')
    for (let i = 0; i < 3; i++) {
      await askTimes(router, 1, 'BTC/USD', { pool: i % 2 === 0 ? 'p' : 'q' })
      await clock.advance(1_000)
      router.pool(i % 2 === 0 ? 'q' : 'p').rotate(`turn ${i}`)
      await clock.advance(1_000)
    }
    const { body } = await get('/api/pools/history')
    const times = (body['history'] as { timestamp: string }[]).map(({ timestamp }) => timestamp)
    expect(times.length).toBeGreaterThan(2)
    expect(times).toEqual(times.toSorted().toReversed())
    expect(shapeOf(body)).toMatchSnapshot()
    expect((await get('/api/pools/history?limit=1')).body).toMatchObject({ history: [{ timestamp: times[0] }], total: times.length })
  })

  it('keeps what a deleted pool did, by its name of that time', async () => {
    const { get, send, router } = pooled()
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    await send('POST', '/api/pools/p/rotate', { reason: 'first' })
    await send('POST', '/api/pools/p/rotate', { reason: 'second' })
    const before = await get('/api/pools/history')
    expect((await send('DELETE', '/api/pools/p')).body).toEqual({ message: "pool 'p' deleted; its providers stay", pool_id: 'p' })
    expect((await get('/api/pools/p/history')).status).toBe(404)
    const { body } = await get('/api/pools/history')
    expect(body).toEqual(before.body)
    expect(body).toMatchObject({
      total: 2,
      history: [
        { pool_id: 'p', pool_name: 'Pool P', from: 'b', to: 'a', provider_name: 'Provider A', reason: 'second', total_rotations: 2 },
        { pool_name: 'Pool P', from: 'a', to: 'b', reason: 'first', total_rotations: 1 },
      ],
    })
  })

  it('tells of each why it was, and whether the request was answered', async () => {
    const { get, router, providers } = pooled()
    const [, b] = providers
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    if (b) b.mood = { reason: 'unavailable', status: 503 }
    await askTimes(router, 1, 'BTC/USD', { pool: 'p' })
    const history = [
      { from: 'b', to: 'a', reason: 'failover', success: true, notes: 'b failed the request, so a was asked' },
      { from: 'a', to: 'b', reason: 'strategy', success: false, notes: 'the strategy chose b in the place of a' },
    ]
    for (const path of ['/api/pools/history', '/api/pools/p/history']) expect((await get(path)).body).toMatchObject({ history, total: 2 })
  })

  it.each(['0', '1001', 'x', '1.5', ''])('refuses the limit %j', async (limit) => {
    const { get } = pooled()
    for (const path of ['/api/pools/history', '/api/pools/p/history']) {
      const { status, body } = await get(`${path}?limit=${limit}`)
      expect([status, body['error']]).toEqual([400, expect.stringMatching(/^limit: /)])
    }
  })
})

it.each([
  ['POST', '/api/pools', valid],
  ['PUT', '/api/pools/p', { enabled: false }],
  ['DELETE', '/api/pools/p', undefined],
  ['POST', '/api/pools/p/rotate', {}],
  ['POST', '/api/pools/p/members', { provider_id: 'c' }],
  ['PUT', '/api/pools/p/members/a', { weight: 1 }],
  ['DELETE', '/api/pools/p/members/a', undefined],
] as const)('%s %s changes nothing without the token', async (method, path, body) => {
  const { send, router } = pooled()
  const before = JSON.stringify(router.status())
  expect((await send(method, path, body, null)).status).toBe(401)
  expect((await send(method, path, body, 'another-token-0123456789')).status).toBe(401)
  expect(JSON.stringify(router.status())).toBe(before)
})
