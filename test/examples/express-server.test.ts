import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Alert, alerts } from '../../examples/express-server/alerts.ts'
import type { Task } from '../../examples/express-server/collecting.ts'
import { openHistory } from '../../examples/express-server/history.ts'
import { historyRoutes } from '../../examples/express-server/history-routes.ts'
import { channelOf, symbolOf } from '../../examples/express-server/live/channels.ts'
import { recording } from '../../examples/express-server/recording.ts'
import { SettingError, settingsFrom } from '../../examples/express-server/settings.ts'
import { signatureOf, Webhook } from '../../examples/express-server/webhook.ts'
import { BackgroundWorker } from '../../examples/express-server/worker.ts'
import { type AnyProvider, ProviderRouter, weighted } from '../../src/index.js'
import { fakeClock, type FakeOptions, fakeProvider } from '../../src/testing/index.js'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 0, 1)
const BTC = { symbol: 'BTC/USD' }
const NOTHING: { headers: IncomingMessage['headers']; body: string } = { headers: {}, body: '' }

describe('the history', () => {
  const price = (at: number, symbol = 'BTC/USD', last = 1) => ({ at, symbol, price: last, change_24h: null, provider: 'kraken' })

  it('gives back what was saved, of one symbol, oldest first, the newest where there is more than wanted', () => {
    const history = openHistory(':memory:')
    expect(history.save('prices', [price(NOW, 'BTC/USD', 1), price(NOW + 1, 'ETH/USD', 2), price(NOW + 2, 'BTC/USD', 3)])).toBe(3)
    expect(history.since('prices', NOW, { symbol: 'BTC/USD' }).map((row) => row.price)).toEqual([1, 3])
    expect(history.since('prices', NOW + 1).map((row) => row.price)).toEqual([2, 3])
    expect(history.since('prices', NOW, {}, 1).map((row) => row.price)).toEqual([3])
    history.close()
    expect(history.readings()).toEqual({ name: 'SQLite', connected: false })
  })

  it('drops what is older than its days or more than its rows, and counts what is left', () => {
    const history = openHistory(':memory:', { days: 2, rows: 3 })
    history.save('prices', [price(NOW - 3 * DAY), price(NOW - 2 * DAY - 1), ...[5, 4, 3, 2, 1].map((age) => price(NOW - age, 'BTC/USD', age))])
    history.save('alerts', [{ at: NOW - 3 * DAY, type: 'quota', severity: 'warning', message: 'old' }])
    expect(history.readings().entries).toBe(8)
    expect(history.prune(NOW)).toBe(5)
    expect(history.since('prices', 0).map((row) => row.price)).toEqual([3, 2, 1])
    expect(history.readings()).toEqual({ name: 'SQLite', connected: true, entries: 3 })
    history.close()
  })

  it('keeps a candle and an article once, however often they come', () => {
    const history = openHistory(':memory:')
    const candle = { at: NOW, symbol: 'BTC/USD', interval: '1h', open: 1, high: 2, low: 1, close: 1, volume: null, provider: 'okx' }
    history.save('candles', [candle])
    history.save('candles', [{ ...candle, close: 2 }])
    expect(history.since('candles', 0)).toMatchObject([{ close: 2 }])
    history.close()
  })

  it('saves all rows or none', () => {
    const history = openHistory(':memory:')
    expect(() => history.save('prices', [price(NOW), { ...price(NOW), price: {} as never }])).toThrow('cannot be bound')
    expect(history.since('prices', 0)).toEqual([])
    history.close()
  })

  it('is there again after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'feedmux-history-'))
    const file = join(folder, 'data', 'history.sqlite')
    const first = openHistory(file)
    first.save('prices', [price(NOW)])
    first.close()
    const second = openHistory(file)
    expect(second.since('prices', 0)).toHaveLength(1)
    second.close()
    await rm(folder, { recursive: true })
  })

  it('keeps failures and rotations of a router, without any key', async () => {
    const history = openHistory(':memory:')
    const router = new ProviderRouter({
      providers: [fakeProvider('a', { answers: { ticker: () => 'unavailable' } }), fakeProvider('b')] as readonly AnyProvider[],
      retries: 0,
    })
    const kept = recording(router, history)
    await router.request('ticker', BTC)
    kept.close()
    expect(history.since('failures', 0)).toMatchObject([{ provider: 'a', capability: 'ticker', reason: 'unavailable' }])
    history.close()
    await router.close()
  })
})

describe('the history that can not be written', () => {
  it('is told once, and neither an alert nor a failure of a provider ends anything', async () => {
    const said: string[] = []
    const history = openHistory(':memory:')
    const full = {
      ...history,
      save: () => {
        throw new Error('database or disk is full')
      },
    }
    const router = new ProviderRouter({ providers: [fakeProvider('a', { answers: { ticker: () => 'unavailable' } })] as readonly AnyProvider[], retries: 0 })
    const kept = recording(router, full, (text) => said.push(text))
    await router.request('ticker', BTC).catch(() => undefined)
    kept.alert({ at: NOW, type: 'quota', severity: 'warning', provider: 'a', message: 'nearly used up' })
    kept.flush()
    kept.close()
    expect(said).toEqual(["the history can't be written: database or disk is full"])
    history.close()
    await router.close()
  })

  it('of many points gives some of the whole time, the newest among them', async () => {
    const history = openHistory(':memory:')
    const now = Date.now()
    history.save(
      'prices',
      Array.from({ length: 8_640 }, (_, count) => ({ at: now - count * 300_000, symbol: 'BTC/USD', price: count + 1, change_24h: null, provider: 'kraken' })),
    )
    const server = express()
      .use(historyRoutes(history, {} as never))
      .listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const ask = async (hours: number): Promise<{ points: { at: string; price: number }[]; count: number }> =>
      (await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/prices?symbol=BTC&hours=${hours}`)).json()) as never
    const { points, count } = await ask(720)
    expect([points.length, count <= 1_000, points.at(-1)?.price]).toEqual([count, true, 1])
    expect(now - Date.parse(points[0]?.at ?? '')).toBeGreaterThan(29.5 * DAY)
    expect((await ask(24)).count).toBeGreaterThanOrEqual(287)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    history.close()
  })
})

describe('the worker', () => {
  const router = new ProviderRouter({ providers: [fakeProvider('a')] as readonly AnyProvider[] })

  it('collects when it starts, then at its own pace with some jitter, one collection at a time', async () => {
    const clock = fakeClock(NOW)
    const log: string[] = []
    let underWay = 0
    const task =
      (name: string): Task =>
      () =>
        new Promise((resolve) => {
          underWay += 1
          log.push(`${name} ${clock.now() - NOW} ${underWay}`)
          clock.setTimeout(() => {
            underWay -= 1
            resolve(2)
          }, 100)
        })
    const worker = new BackgroundWorker(
      { router },
      { uiMs: 10_000, historicalMs: 30_000, clock, random: () => 1, tasks: { ui: [task('ui')], historical: [task('all')] } },
    )
    expect(worker.start()).toBe(true)
    expect(worker.start()).toBe(false)
    await clock.advance(25_000)
    expect(log).toEqual(['ui 0 1', 'all 100 1', 'ui 11100 1', 'ui 22200 1'])
    const [ui, historical] = worker.status().jobs
    expect(ui).toMatchObject({ type: 'ui', runs: 3, records: 6, failures: 0, running: false, lastRunAt: NOW + 22_300, nextRunAt: NOW + 33_300 })
    expect(historical).toMatchObject({ runs: 1, nextRunAt: NOW + 33_200 })
    expect(worker.stop()).toBe(true)
    expect(worker.stop()).toBe(false)
    expect(worker.status()).toMatchObject({ running: false, jobs: [{ nextRunAt: undefined }, { nextRunAt: undefined }] })
    await clock.advance(60_000)
    expect(log).toHaveLength(4)
    await worker.close()
  })

  it('tries again soon when nothing at all came, later each time, and tells why', async () => {
    const clock = fakeClock(NOW)
    const at: number[] = []
    const failing: Task = () => {
      at.push(clock.now() - NOW)
      return Promise.reject(new Error('no provider answered ticker:\n  kraken: failed'))
    }
    const worker = new BackgroundWorker({ router }, { uiMs: 20_000, retryMs: 1_000, clock, random: () => 0.5, tasks: { ui: [failing], historical: [] } })
    worker.start()
    await clock.advance(40_000)
    expect(at).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000])
    expect(worker.status().recentErrors[0]).toEqual({ at: NOW + 31_000, type: 'ui', message: 'no provider answered ticker:' })
    await worker.close()
  })

  it('collects when it is told to, and gives how many records were saved', async () => {
    const worker = new BackgroundWorker({ router }, { tasks: { ui: [async () => 3, async () => 4], historical: [async () => 10] } })
    expect(await worker.collect('ui')).toBe(7)
    expect(await worker.collect('both')).toBe(17)
    expect(worker.status().jobs.map(({ runs }) => runs)).toEqual([2, 1])
    await worker.close()
  })
})

describe('an alert', () => {
  const providers = (ids: readonly string[], facts: FakeOptions<'ticker'> = {}): readonly AnyProvider[] => ids.map((id) => fakeProvider(id, facts))

  it('is made when a breaker opens', async () => {
    const told: Alert[] = []
    const router = new ProviderRouter({
      providers: providers(['a'], { answers: { ticker: () => 'unavailable' } }),
      retries: 0,
      breaker: { failures: 2 },
      cache: false,
    })
    const watch = alerts(router, {}, (alert) => told.push(alert))
    for (let count = 0; count < 3; count++) await router.request('ticker', BTC).catch(() => undefined)
    expect(told).toMatchObject([{ type: 'breaker-opened', severity: 'critical', provider: 'a' }])
    watch.close()
    await router.close()
  })

  it('is made once of an outage, however often the breaker tries again, and anew after it was closed', async () => {
    const clock = fakeClock(NOW)
    const told: Alert[] = []
    let isBroken = true
    const router = new ProviderRouter({
      providers: providers(['a'], { answers: { ticker: () => (isBroken ? 'unavailable' : { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 1 }) } }),
      retries: 0,
      breaker: { failures: 2 },
      cache: false,
      clock,
    })
    let openings = 0
    router.on('breaker-changed', ({ state }) => (openings += Number(state === 'open')))
    const watch = alerts(router, {}, (alert) => told.push(alert))
    const ask = async (): Promise<void> => {
      for (let count = 0; count < 8; count++) {
        const asked = router.request('ticker', BTC).catch(() => undefined)
        await clock.advance(120_000)
        await asked
      }
    }
    await ask()
    expect(openings).toBeGreaterThan(2)
    expect(told.filter(({ type }) => type === 'breaker-opened')).toHaveLength(1)
    isBroken = false
    await ask()
    isBroken = true
    await ask()
    expect(told.filter(({ type }) => type === 'breaker-opened')).toHaveLength(2)
    watch.close()
    await router.close()
  })

  it('is made once of requests that go wrong, and again only after they went well', async () => {
    const told: Alert[] = []
    let isBroken = true
    const router = new ProviderRouter({
      providers: providers(['a'], { answers: { ticker: () => (isBroken ? 'bad-response' : { symbol: 'BTC/USD', base: 'BTC', quote: 'USD', last: 1 }) } }),
      retries: 0,
      cache: false,
      breaker: { failures: 1_000, minimum: 1_000 },
    })
    const watch = alerts(router, { minRequests: 5 }, (alert) => told.push(alert))
    const ask = async (): Promise<void> => {
      for (let count = 0; count < 6; count++) await router.request('ticker', BTC).catch(() => undefined)
      watch.look()
    }
    await ask()
    await ask()
    expect(told.map(({ type }) => type)).toEqual(['success-rate'])
    isBroken = false
    await ask()
    isBroken = true
    await ask()
    expect(told.map(({ type, severity }) => [type, severity])).toEqual([
      ['success-rate', 'critical'],
      ['success-rate', 'critical'],
    ])
    watch.close()
    await router.close()
  })

  it('is made of traffic that is not shared as it should be, and of a quota that comes to its end', async () => {
    const told: Alert[] = []
    const limits = [{ requests: 20, perMs: DAY, scope: 'ip' as const }]
    const router = new ProviderRouter({ providers: providers(['a', 'b'], { limits }), strategy: weighted(), cache: false })
    const watch = alerts(router, { minRequests: 5 }, (alert) => told.push(alert))
    const ask = async (times: number): Promise<void> => {
      for (let count = 0; count < times; count++) await router.request('ticker', BTC, { only: ['a'] }).catch(() => undefined)
      watch.look()
    }
    const allowed = router.status().providers[0]?.quota[0]?.limit ?? 0
    await ask(Math.ceil(allowed * 0.8))
    expect(told.map(({ type, severity, provider }) => [type, severity, provider])).toContainEqual(['quota', 'warning', 'a'])
    expect(told.map(({ type }) => type)).toContain('share-drift')
    const before = told.filter(({ type }) => type === 'quota').length
    watch.look()
    expect(told.filter(({ type }) => type === 'quota')).toHaveLength(before)
    await ask(allowed)
    expect(told.at(-1)).toMatchObject({ type: 'quota', severity: 'critical', message: expect.stringContaining('nothing is left') })
    watch.close()
    await router.close()
  })
})

describe('the webhook', () => {
  const SECRET = 'a-secret-for-tests-only'
  const ALERT: Alert = { at: NOW, type: 'quota', severity: 'warning', provider: 'kraken', message: 'nearly used up' }
  let receiver: Server
  let got: { headers: IncomingMessage['headers']; body: string; at: number }[]
  let statuses: number[]
  let url: string

  beforeEach(async () => {
    ;[got, statuses] = [[], []]
    receiver = createServer((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => {
        got.push({ headers: request.headers, body, at: performance.now() })
        response.writeHead(statuses.shift() ?? 200).end()
      })
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/?token=hidden`
  })
  afterEach(async () => {
    receiver.closeAllConnections()
    await new Promise((resolve) => receiver.close(resolve))
  })

  const arrived = async (count: number): Promise<void> => {
    const end = Date.now() + 8_000
    while (got.length < count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
    await new Promise((resolve) => setTimeout(resolve, 150)) // one too many would come by then
  }

  it('sends an alert that its receiver can check by the signature', async () => {
    const hook = new Webhook({ url, secret: SECRET })
    hook.send(ALERT)
    await arrived(1)
    const { headers, body } = got[0] ?? NOTHING
    expect(JSON.parse(body)).toEqual({ ...ALERT, at: '2026-01-01T00:00:00.000Z' })
    const timestamp = String(headers['x-feedmux-timestamp'])
    expect(headers['x-feedmux-signature']).toBe(signatureOf(SECRET, timestamp, body))
    expect(signatureOf(SECRET, timestamp, `${body} `)).not.toBe(headers['x-feedmux-signature'])
    expect(signatureOf('another-secret-here', timestamp, body)).not.toBe(headers['x-feedmux-signature'])
    expect(signatureOf('key', '1', '{}')).toMatch(/^sha256=[\da-f]{64}$/)
    await hook.close()
  })

  it('tries again after 5xx and 429, with the same id, and gives up after its retries without telling the address', async () => {
    const failures: string[] = []
    const hook = new Webhook({ url, secret: SECRET, retries: 2, waitMs: 20, failed: (why) => failures.push(why) })
    statuses = [503, 429, 200]
    hook.send(ALERT)
    await arrived(3)
    expect(got).toHaveLength(3)
    expect(new Set(got.map(({ headers }) => headers['x-feedmux-id'])).size).toBe(1)
    expect(failures).toEqual([])
    statuses = [500, 500, 500, 200]
    hook.send(ALERT)
    await arrived(6)
    expect(got).toHaveLength(6)
    expect(failures).toEqual(['the webhook answered HTTP 500: an alert of type quota was not delivered'])
    await hook.close()
  })

  it('does not try again after 4xx, follows no redirect, and survives a receiver that is not there', async () => {
    const failures: string[] = []
    const hook = new Webhook({ url, secret: SECRET, waitMs: 20, retries: 1, failed: (why) => failures.push(why) })
    statuses = [400]
    hook.send(ALERT)
    await arrived(1)
    expect([got.length, failures]).toEqual([1, ['the webhook answered HTTP 400: an alert of type quota was not delivered']])
    receiver.closeAllConnections()
    await new Promise((resolve) => receiver.close(resolve))
    hook.send(ALERT)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(failures[1]).toBe('the webhook could not be reached: an alert of type quota was not delivered')
    expect(JSON.stringify(failures)).not.toContain('hidden')
    await hook.close()
  })

  it('wants an address and a secret that can be right', () => {
    expect(() => new Webhook({ url: 'file:///etc/passwd', secret: SECRET })).toThrow('https://example.com/alerts')
    expect(() => new Webhook({ url, secret: 'short' })).toThrow('at least 16 characters, got 5')
  })
})

describe('what a client writes', () => {
  it.each([
    ['BTC', 'BTC/USD'],
    ['btc-usd', 'BTC/USD'],
    ['BTC/EUR', 'BTC/EUR'],
    ['ethusdt', 'ETH/USDT'],
    ['USDT', 'USDT/USD'],
    ['1INCH', '1INCH/USD'],
    ['WBTC', 'WBTC/USD'],
    ['', undefined],
    ['a b', undefined],
    ['../x', undefined],
    ['<b>', undefined],
  ])('as a symbol, %j, is read as %j', (text, symbol) => {
    expect(symbolOf(text)).toBe(symbol)
  })

  it('as a group is a channel, or nothing', () => {
    expect(['all', 'prices', 'prices:btc-usd', 'prices:BTCUSDT', 'prices:', 'constructor', 'nonsense'].map(channelOf)).toEqual([
      'all',
      'prices',
      'prices:BTC',
      'prices:BTC/USDT',
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('the settings', () => {
  it('have defaults, and the command line goes before the environment', () => {
    expect(settingsFrom([], {})).toMatchObject({ port: 8_000, host: '0.0.0.0', live: false, seed: 1, database: 'data/history.sqlite', retention: { days: 30 } })
    expect(settingsFrom(['--port', '9000', '--live'], { PORT: '7860', HOST: '::1' })).toMatchObject({ port: 9_000, host: '::1', live: true })
    expect(settingsFrom([], { PORT: '7860', RATE_LIMIT: '0', HF_TOKEN: ' x ', COINGECKO_KEY: '' })).toMatchObject({
      port: 7_860,
      rateLimit: false,
      keys: { huggingFace: 'x', coingecko: undefined },
    })
    expect(settingsFrom([], { CORS_ORIGINS: 'https://one.example, http://localhost:3000,' }).cors).toEqual(['https://one.example', 'http://localhost:3000'])
  })

  it.each([
    [['--port', '70000'], {}, 'the port must be a whole number from 0 to 65535, got "70000"'],
    [[], { PORT: 'eighty' }, 'got "eighty"'],
    [['--speed'], {}, '--speed'],
    [[], { HISTORY_DAYS: '0' }, 'HISTORY_DAYS must be a whole number from 1 to 3650'],
    [[], { RATE_LIMIT: '-1' }, 'RATE_LIMIT'],
    [[], { LIVE: '1' }, 'LIVE must be true or false, got "1"'],
    [[], { CORS_ORIGINS: 'https://one.example, https://two.example/' }, 'CORS_ORIGINS must be origins like https://example.com'],
    [[], { CORS_ORIGINS: '*' }, 'got "*"'],
    [[], { CORS_ORIGINS: 'null' }, 'got "null"'],
    [[], { ENABLE_SENTIMENT: 'off' }, 'ENABLE_SENTIMENT must be true or false, got "off"'],
  ])('%j with %j are refused by name and value', (args, env, message) => {
    expect(() => settingsFrom(args, env)).toThrow(SettingError)
    expect(() => settingsFrom(args, env)).toThrow(message)
  })
})
