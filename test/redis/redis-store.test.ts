import { Redis } from 'ioredis'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ConfigError } from '../../src/errors.js'
import { redisStore } from '../../src/redis/index.js'
import { TAKE } from '../../src/redis/take.script.js'
import { type OwnRedis, ownRedis } from '../support/redis.js'
import { keepsTheContract } from '../support/store-contract.js'

let redis: OwnRedis
let clients: Redis[] = []
let next = 0

beforeAll(async () => {
  redis = await ownRedis()
  clients = Array.from({ length: 5 }, () => new Redis(redis.url))
})
afterAll(async () => {
  for (const client of clients) client.disconnect()
  await redis.stop()
})

const client = (): Redis => clients[next++ % clients.length] as Redis

/** The same connection by the commands that node-redis has. */
const asNodeRedis = (one: Redis): Parameters<typeof redisStore>[0] => ({
  sendCommand: ([command = '', ...args]) => one.call(command, ...args),
  duplicate: () => {
    const other = one.duplicate({ lazyConnect: true })
    return {
      connect: () => other.connect(),
      subscribe: (channel, listener) => {
        other.on('message', (_, message) => listener(message))
        return other.subscribe(channel)
      },
      on: (event, listener) => other.on(event, listener),
      disconnect: () => other.disconnect(),
    }
  },
})

describe('a store in Redis, by clients of ioredis', () => {
  keepsTheContract(() => redisStore(client()))
})
describe('a store in Redis, by the calls of node-redis', () => {
  keepsTheContract(() => redisStore(asNodeRedis(client()), { prefix: 'other:{tag}' }))
})

describe('a store in Redis', () => {
  it('writes each value with its lifetime, under its prefix', async () => {
    await redisStore(client(), { prefix: 'shop' }).set('a', { value: 1, expiresAt: Date.now() + 60_000 })
    const lifeMs = await client().pttl('shop:a')
    expect(lifeMs).toBeGreaterThan(50_000)
    expect(lifeMs).toBeLessThanOrEqual(60_000)
  })

  it('leaves what is too long unwritten, and what is over already', async () => {
    const store = redisStore(client(), { maxLength: 100 })
    await store.set('long', { value: 'x'.repeat(200), expiresAt: Date.now() + 60_000 })
    await store.set('over', { value: 1, expiresAt: Date.now() - 1 })
    await store.set('big', { value: 1n, expiresAt: Date.now() + 60_000 })
    expect([await store.get('long'), await store.get('over'), await store.get('big')]).toEqual([undefined, undefined, undefined])
  })

  it('takes what another program wrote under its key for nothing', async () => {
    for (const text of ['{"value":1', 'null', '"text"', '{"value":1,"expiresAt":"soon"}']) {
      await client().set('feedmux:foreign', text)
      expect(await redisStore(client()).get('foreign')).toBeUndefined()
    }
  })

  it('keeps what lives without an end', async () => {
    for (const expiresAt of [Infinity, 1e300]) {
      await redisStore(client()).set('endless', { value: 1, expiresAt })
      expect((await redisStore(client()).get('endless'))?.value).toBe(1)
      await redisStore(client()).delete('endless')
    }
  })

  it('counts fractions of a cost without losing any to rounding', async () => {
    const store = redisStore(client())
    const windows = [{ cost: 0.6, perMs: 60_000, scope: 'ip' as const }]
    for (const cost of [0.1, 0.2, 0.3]) expect(await store.take?.('fractions', windows, cost)).toBe(0)
    for (const cost of [0.6, 0.1, 0.001]) expect(await store.take?.('fractions', windows, cost)).toBeGreaterThan(50_000)
  })

  it('gives up a subscription that does not stand yet, and leaves no connection that seeks on', async () => {
    const away = new Redis('redis://127.0.0.1:1').on('error', () => undefined)
    const seeking: Redis[] = []
    const duplicate = away.duplicate.bind(away)
    away.duplicate = (options) => (seeking.push(duplicate(options)), seeking.at(-1) as Redis)
    const control = new AbortController()
    const subscribed = redisStore(away).subscribe('x', () => undefined, control.signal)
    control.abort(new Error('closed'))
    await expect(subscribed).rejects.toThrow('closed')
    expect(seeking.map(({ status }) => status)).not.toContain('reconnecting')
    await vi.waitFor(() => expect(seeking.map(({ status }) => status)).toEqual(['end']), 5_000)
    away.disconnect()
  })

  it('forgets its windows by itself', async () => {
    await redisStore(client()).reserve('windows', [{ requests: 5, perMs: 10_000, scope: 'ip' }], 1)
    const lifeMs = await client().pttl('feedmux:windows')
    expect(lifeMs).toBeGreaterThan(10_000)
    expect(lifeMs).toBeLessThanOrEqual(20_000)
  })

  it('names what is wrong with its client or its options', () => {
    expect(() => redisStore({} as never)).toThrow(ConfigError)
    expect(() => redisStore(client(), { prefix: 'with space' })).toThrow('"with space"')
    expect(() => redisStore(client(), { timeoutMs: 0 })).toThrow('timeoutMs must be > 0 and ≤ 60000, got 0')
    expect(() => redisStore(client(), { timeoutMs: Infinity })).toThrow('got Infinity')
    const cluster = { masters: [], sendCommand: async () => undefined, duplicate: () => undefined }
    expect(() => redisStore(cluster as never)).toThrow('use the Cluster of ioredis')
    expect(() => redisStore(client(), { maxLength: -1 })).toThrow('maxLength must be > 0, got -1')
  })
})

/** The script at another time than the server's. */
const takeAt = (key: string, at: number, cost: number, ...window: readonly (string | number)[]): Promise<number> =>
  client().call(
    'EVAL',
    TAKE.replace("redis.call('TIME')", `{ ${Math.floor(at / 1_000)}, ${(at % 1_000) * 1_000} }`),
    '1',
    key,
    cost,
    1,
    ...window,
  ) as Promise<number>

describe('the windows in Redis', () => {
  it('of a day and of a month start anew at midnight and on the first, UTC, in every month of leap and other years', async () => {
    for (let month = 0; month < 26; month++) {
      const last = Date.UTC(2027, month + 1) - 1
      expect(await takeAt(`month:${month}`, last, 1, 'm', 'requests', 1, 1, 'utc-month')).toBe(0)
      expect(await takeAt(`month:${month}`, Date.UTC(2027, month), 1, 'm', 'requests', 1, 1, 'utc-month')).toBe(last + 1 - Date.UTC(2027, month))
      expect(await takeAt(`month:${month}`, last + 1, 1, 'm', 'requests', 1, 1, 'utc-month')).toBe(0)
    }
    const noon = Date.UTC(2028, 1, 28, 12)
    expect(await takeAt('day', noon, 1, 'd', 'requests', 1, 1, 'utc-day')).toBe(0)
    expect(await takeAt('day', noon + 1, 1, 'd', 'requests', 1, 1, 'utc-day')).toBe(12 * 3_600_000 - 1)
    expect(await takeAt('day', noon + 12 * 3_600_000, 1, 'd', 'requests', 1, 1, 'utc-day')).toBe(0)
  })

  it('that roll never hold more than their limit in any span, and have room when they said so', async () => {
    let run = 0
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 3 })), { minLength: 10, maxLength: 30 })
    const property = fc.asyncProperty(steps, fc.integer({ min: 3, max: 9 }), fc.integer({ min: 40, max: 1_500 }), async (calls, limit, span) => {
      const key = `rolling:${run++}`
      const taken: { at: number; cost: number }[] = []
      let now = 1_800_000_000_000
      for (const [gap, cost] of calls) {
        now += gap
        const waitMs = await takeAt(key, now, cost, 'w', 'cost', limit, span, 'rolling')
        expect(waitMs).toBeLessThanOrEqual(Math.ceil(span + span / 32) + 1)
        now += waitMs
        const second = waitMs > 0 ? await takeAt(key, now, cost, 'w', 'cost', limit, span, 'rolling') : 0
        expect(second).toBe(0)
        taken.push({ at: now, cost })
        const inside = taken.filter(({ at }) => at > now - span).reduce((sum, one) => sum + one.cost, 0)
        expect(inside).toBeLessThanOrEqual(limit)
      }
    })
    await fc.assert(property, { numRuns: 25, seed: 7 })
  })
})
