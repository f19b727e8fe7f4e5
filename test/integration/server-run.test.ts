import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type RunningServer, type ServerOptions, startServer } from '../../examples/express-server/start.ts'
import { ownRedis } from '../support/redis.js'

const TOKEN = 'a-token-for-tests-only'
const running: RunningServer[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function start(options: ServerOptions = {}): Promise<RunningServer> {
  const server = await startServer({ port: 0, host: '127.0.0.1', patienceMs: 1_000, ...options })
  running.push(server)
  return server
}

const json = async (server: RunningServer, path: string, init?: RequestInit): Promise<Record<string, unknown>> =>
  (await (await fetch(server.url + path, init)).json()) as Record<string, unknown>

async function until(holds: () => Promise<boolean>, patienceMs = 15_000): Promise<void> {
  const end = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come true')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A network in which there is only Binance. */
const redirected =
  (host: string): typeof fetch =>
  (input, init) => {
    const { hostname, pathname, search } = new URL(input instanceof Request ? input.url : input)
    return fetch((hostname.includes('binance') ? host : 'http://127.0.0.1:9') + pathname + search, init)
  }

describe('the server', () => {
  it('starts with simulated providers, collects at once and is ready', async () => {
    const server = await start()
    await until(async () => ((await json(server, '/api/worker/stats')).statistics as { total_records_saved: number }).total_records_saved > 20)
    expect((await fetch(`${server.url}/ready`)).status).toBe(200)
    const status = await json(server, '/api/system/status')
    expect(status).toMatchObject({ infrastructure: { database_status: expect.stringContaining('SQLite'), websocket_active: true } })
    expect((status.infrastructure as { database_entries: number }).database_entries).toBeGreaterThan(20)
    expect((status.coins as { symbol: string; price: number | null }[]).every(({ price }) => (price ?? 0) > 0)).toBe(true)
    // both collections found the same answer: it is kept once
    expect(await json(server, '/api/history/prices?symbol=BTC')).toMatchObject({ symbol: 'BTC/USD', points: [{ price: expect.any(Number) }] })
    expect((await json(server, '/api/history/health?provider=kraken')).count).toBeGreaterThan(0)
    for (const path of [
      '/api/history/prices',
      '/api/history/prices?symbol=BTC&hours=0',
      '/api/history/prices?symbol=BTC&x=1',
      '/api/history/prices?symbol=a%27b',
    ])
      expect((await fetch(server.url + path)).status).toBe(400)
    expect((await fetch(`${server.url}/api/history/health?provider=nobody`)).status).toBe(404)
  })

  it('starts without any network, says that it is not ready, and throws nothing', async () => {
    const thrown: unknown[] = []
    const note = (error: unknown): void => void thrown.push(error)
    process.on('unhandledRejection', note)
    // port 9 is the discard service, which nobody runs: a refused connection of the real fetch
    const nowhere: typeof fetch = (_input, init) => fetch('http://127.0.0.1:9/', init)
    const server = await start({ live: true, fetch: nowhere, database: '/dev/null/history.sqlite', worker: { retryMs: 20 } })
    expect((await fetch(`${server.url}/ready`)).status).toBe(503)
    await until(async () => server.router.status().providers.some(({ breaker }) => breaker.state === 'open'))
    expect(await json(server, '/ready')).toMatchObject({ ready: false, required: [{ capability: 'ticker' }], reason: expect.any(String) })
    expect(['degraded', 'unhealthy']).toContain((await json(server, '/health')).status)
    const price = await fetch(`${server.url}/api/market/price?symbol=BTC`)
    expect([502, 503]).toContain(price.status)
    expect(await price.json()).toMatchObject({ success: false, error: expect.any(String), data: null })
    expect(await json(server, '/api/system/status')).toMatchObject({ coins: expect.arrayContaining([expect.objectContaining({ symbol: 'BTC', price: null })]) })
    expect((await fetch(`${server.url}/api/history/prices?symbol=BTC`)).status).toBe(503)
    expect((await fetch(`${server.url}/api/simulation`).then((response) => response.json())) as unknown).toEqual({ simulated: false, providers: [] })
    await server.close()
    process.off('unhandledRejection', note)
    expect(thrown).toEqual([])
  })

  it('goes down gently: what is under way is answered, sockets are told, and nobody new comes in', async () => {
    const server = await start()
    await server.world?.setFault('alternative-me', { kind: 'brown-out', factor: 30 })
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`)
    const farewell = new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, reason.toString()])))
    const opened = new Promise((resolve) => socket.once('open', resolve))
    await opened
    const stream = await fetch(`${server.url}/api/stream`)
    const slow = fetch(`${server.url}/api/multi-source/sentiment`, { headers: { connection: 'close' } })
    await until(async () => (server.world?.shown('alternative-me', 'brown-out') ?? 0) > 0)
    const closing = server.close()
    expect(await farewell).toEqual([1001, 'the server is going down'])
    expect((await slow).status).toBe(200)
    await stream.text() // ends
    await closing
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    expect(running.splice(0)).toHaveLength(1)
  })

  it('cuts off a connection that sends its headers without end', async () => {
    const server = await start({ headersTimeoutMs: 1_000, worker: false })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    const drip = setInterval(() => socket.write('a'), 200)
    const text = await new Promise<string>((resolve) => {
      let got = ''
      socket.on('data', (data) => (got += data.toString()))
      socket.on('close', () => resolve(got))
      socket.on('error', () => resolve(got))
    })
    clearInterval(drip)
    expect(text).toContain('408 Request Timeout')
  })

  it('works alone while Redis is away, and shares answers with another server once it is there', async (context) => {
    const away = await start({ redisUrl: 'redis://127.0.0.1:9', worker: false })
    expect((await json(away, '/api/market/price?symbol=BTC')).price).toBeGreaterThan(0)
    const redis = await ownRedis().catch((error: unknown) => {
      if (process.env.FEEDMUX_REQUIRE_SERVICES) throw error
      return context.skip('there is no redis-server here')
    })
    try {
      // answers are shared by those with the same hosts: two live servers whose calls all go to one simulated exchange
      const binance = away.world?.upstreams('binance')[0]
      const live = { live: true, redisUrl: redis.url, worker: false, fetch: redirected(String(binance?.url)) } as const
      const [one, two] = [await start(live), await start(live)]
      const { price } = await json(one, '/api/market/price?symbol=ETH')
      const { calls } = binance ?? {}
      // the answer is written beside the request
      const client = new Redis(redis.url)
      await until(async () => (await client.keys('*answer*')).length > 0).finally(() => client.disconnect())
      expect(await json(two, '/api/market/price?symbol=ETH')).toMatchObject({ price: expect.any(Number), provider: 'binance' })
      expect([(await json(two, '/api/market/price?symbol=ETH')).price, binance?.calls]).toEqual([price, calls])
    } finally {
      await Promise.all(running.splice(0).map((server) => server.close()))
      await redis.stop()
    }
  })

  it('refuses a port that is taken, and leaves nothing behind', async () => {
    const first = await start()
    await expect(startServer({ port: Number(new URL(first.url).port), host: '127.0.0.1' })).rejects.toThrow('EADDRINUSE')
  })
})

describe('a client', () => {
  const address = (server: RunningServer): string => server.url.replace('http', 'ws')

  it('on this machine is not held up by the limit, others are', async () => {
    const server = await start({ worker: false, trustProxy: 1 })
    const ask = (headers = {}): Promise<number> => fetch(`${server.url}/api/stats`, { headers }).then(({ status }) => status)
    const statuses = new Set<number>()
    for (let count = 0; count < 13; count++) for (const status of await Promise.all(Array.from({ length: 50 }, () => ask()))) statuses.add(status)
    expect([...statuses]).toEqual([200])
    const other = { 'x-forwarded-for': '203.0.113.7' }
    statuses.clear()
    for (let count = 0; count < 13; count++) for (const status of await Promise.all(Array.from({ length: 50 }, () => ask(other)))) statuses.add(status)
    expect(statuses).toEqual(new Set([200, 429]))
  })

  it.each([
    [1, '203.0.113.7'],
    [undefined, '127.0.0.1'],
  ])('of the WebSocket behind %j proxies has the address %s', async (trustProxy, expected) => {
    const server = await start({ worker: false, token: TOKEN, trustProxy })
    const socket = new WebSocket(`${address(server)}/ws`, { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' } })
    const { session_id: id } = JSON.parse(String(await new Promise((resolve) => socket.once('message', resolve)))) as { session_id: string }
    const { sessions } = await json(server, '/api/sessions', { headers: { authorization: `Bearer ${TOKEN}` } })
    expect((sessions as Record<string, unknown>)[id]).toMatchObject({ ip_address: expected })
    socket.terminate()
  })

  it('that was refused the WebSocket and keeps its half of the connection does not keep the server', async () => {
    const server = await start({ worker: false, socket: { authorize: ({ url }) => (url === '/ws?wait' ? new Promise<never>(() => undefined) : false) } })
    const open = (path: string): Promise<Socket> =>
      new Promise((resolve) => {
        const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', allowHalfOpen: true }, () => resolve(socket))
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
        )
      })
    const [refused, waiting] = [await open('/ws'), await open('/ws?wait')]
    const [text] = (await once(refused, 'data')) as [Buffer]
    expect(text.toString()).toContain('401 Unauthorized')
    await fetch(`${server.url}/health`) // by now the other one has arrived, too
    await server.close()
    refused.destroy()
    waiting.destroy()
  })

  it('that offers another protocol gets its answer all the same', async () => {
    const server = await start({ worker: false })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write(
      'GET /api/stats HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n',
    )
    const [text] = (await once(socket, 'data')) as [Buffer]
    expect(text.toString()).toMatch(/^HTTP\/1.1 200 OK/)
    socket.destroy()
  })

  it('of the event stream may ask for its head only, and may come as the server goes', async () => {
    const server = await start({ worker: false })
    const head = await fetch(`${server.url}/api/stream`, { method: 'HEAD', signal: AbortSignal.timeout(5_000) })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    await fetch(`${server.url}/api/stream`)
    await server.close() // while its first answer is being made
  })
})

describe('a simulated provider', () => {
  const break_ = (server: RunningServer, id: string, body: string, type = 'application/json'): Promise<Response> =>
    fetch(`${server.url}/api/simulation/${id}`, { method: 'POST', headers: { 'content-type': type }, body })

  it('can be broken in each way and mended, and others answer meanwhile', async () => {
    const server = await start({ worker: false })
    const { providers } = (await json(server, '/api/simulation')) as { providers: { id: string; fault: null }[] }
    expect(providers).toHaveLength(15)
    expect(providers.every(({ fault }) => fault === null)).toBe(true)
    for (const fault of ['slow', 'rate-limit', 'corrupt', 'kill', null]) {
      const row: unknown = await (await break_(server, 'binance', JSON.stringify({ fault }))).json()
      expect(row).toMatchObject({ id: 'binance', name: 'Binance', fault, calls: expect.any(Number), shown: expect.any(Number) })
    }
    // at the same time, too: what was said last counts
    await Promise.all(['{"fault":"kill"}', '{"fault":null}', '{"fault":"kill"}', '{"fault":null}'].map((body) => break_(server, 'okx', body)))
    await server.world?.setFault('okx', undefined)
    expect((await fetch(`${server.world?.hosts('okx')[0]}/api/v5/public/time`)).status).toBe(404)
    await break_(server, 'binance', '{"fault":"rate-limit"}')
    for (const symbol of ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOGE'])
      expect((await json(server, `/api/market/price?symbol=${symbol}`)).price).toBeGreaterThan(0)
    expect(server.router.status().providers.find(({ id }) => id === 'binance')?.health).toBe('rate-limited')
    expect(((await json(server, '/api/simulation')).providers as { id: string; shown: number }[]).find(({ id }) => id === 'binance')?.shown).toBeGreaterThan(0)
  })

  it('is not broken by a request that is wrong', async () => {
    const server = await start({ worker: false })
    expect((await break_(server, 'nobody', '{"fault":"kill"}')).status).toBe(404)
    for (const body of ['{"fault":"explode"}', '{"fault":"constructor"}', '{}', '{', '"kill"']) expect((await break_(server, 'binance', body)).status).toBe(400)
    expect((await break_(server, 'binance', 'fault=kill', 'application/x-www-form-urlencoded')).status).toBe(400)
    expect((await break_(server, 'binance', `{"fault":"${'x'.repeat(2_000)}"}`)).status).toBe(413)
    expect(((await json(server, '/api/simulation')).providers as { fault: unknown }[]).every(({ fault }) => fault === null)).toBe(true)
  })
})

describe('a page', () => {
  it('comes with a policy that lets in nothing of others, also at its older addresses', async () => {
    const server = await start({ worker: false })
    for (const path of ['/', '/static/pages/phase2-demo.html', '/test_websocket.html', '/test_websocket_dashboard.html']) {
      const response = await fetch(server.url + path)
      expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8'])
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(response.headers.get('content-security-policy')).not.toContain('unsafe')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('x-powered-by')).toBeNull()
      await response.text()
    }
    for (const path of ['/static/crypto-websocket-client.js', '/static/vendor/lightweight-charts.mjs']) {
      const response = await fetch(server.url + path)
      expect(response.headers.get('content-type')).toContain('javascript')
      await response.text()
    }
  })

  it('that does not exist, or lies outside, is not found', async () => {
    const server = await start({ worker: false })
    for (const path of ['/static/../../package.json', '/static/%2e%2e/%2e%2e/package.json', '/static/..%2f..%2fpackage.json', '/static/.env', '/nothing'])
      expect([path, (await fetch(server.url + path)).status >= 400]).toEqual([path, true])
  })
})
