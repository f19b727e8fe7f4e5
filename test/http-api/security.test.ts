import { createServer, request as httpRequest, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bearer, createHandler, toExpress } from '../../src/http-api/index.js'
import { allRoutes } from '../../src/http-api/routes.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { fakeClock, fakeProvider } from '../../src/testing/index.js'
import { goodRequest, operationsOf } from './contract-inputs.js'
import { PLANTED, TOKEN, wholeApi } from './everything.js'

const routes = await allRoutes()
const guarded = routes.filter((route) => route.guarded)
const addressOf = (path: string): string => `http://api.test${path.replaceAll(/\{\w+\}/g, 'main')}`
const small = (options: Parameters<typeof createHandler>[1] = {}) => createHandler(new ProviderRouter({ providers: [fakeProvider('a')] }), options)
const post = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
  new Request('http://api.test/api/backtest', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half',
  } as RequestInit)

describe('guarded routes', () => {
  it('are all that change or probe something', () => {
    const reading = new Set([
      '/api/backtest',
      '/api/sentiment/analyze',
      '/api/hf/run-sentiment',
      '/api/ai/analyze',
      '/api/portfolio/simulate',
      '/api/coins/search',
      '/api/watchlist',
    ])
    const open = routes.filter(({ method, guarded: isGuarded }) => method !== 'GET' && !isGuarded).map(({ path }) => path)
    expect(open.filter((path) => !reading.has(path))).toEqual([])
    expect(guarded.length).toBeGreaterThan(15)
  })

  it.each(guarded.map(({ method, path }) => [method, path] as const))('%s %s: 403 where none are allowed, 401 without the token', async (method, path) => {
    const off = await small()(new Request(addressOf(path), { method, headers: { authorization: `Bearer ${TOKEN}` } }))
    expect([off.status, await off.json()]).toEqual([403, expect.objectContaining({ category: 'forbidden' })])
    const handler = small({ authorize: bearer(TOKEN) })
    for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(0, -1)}`, `Basic ${TOKEN}`, `Bearer ${TOKEN} ${TOKEN}`]) {
      const refused = await handler(new Request(addressOf(path), { method, headers: { authorization } }))
      expect([authorization, refused.status, refused.headers.get('www-authenticate')]).toEqual([authorization, 401, 'Bearer realm="feedmux"'])
    }
  })

  it('say nothing of a body before the token is right', async () => {
    const answer = await small({ authorize: bearer(TOKEN) })(new Request('http://api.test/api/pools', { method: 'POST', body: 'x'.repeat(100_000) }))
    expect(answer.status).toBe(401)
  })

  it('take no answer of authorize but true', async () => {
    for (const may of [undefined, 1, 'yes', {}, null]) {
      const answer = await small({ authorize: () => may as never })(new Request('http://api.test/api/logs', { method: 'DELETE' }))
      expect([may, answer.status]).toEqual([may, 401])
    }
  })

  it('compare digests, which are equally long whatever is given', async () => {
    const digested = vi.spyOn(crypto.subtle, 'digest')
    const may = bearer(TOKEN, 'another-token-0123456789')
    const ask = (token: string) => may(new Request('http://api.test/', { headers: { authorization: `Bearer ${token}` } }))
    expect([await ask('x'), await ask(TOKEN), await ask('another-token-0123456789')]).toEqual([false, true, true])
    // two tokens once, then each that was given: a wrong length is hashed like a right one
    expect(digested).toHaveBeenCalledTimes(5)
    expect(() => bearer('short')).toThrow(/at least 16 characters/)
    expect(() => bearer()).toThrow(/at least 16 characters/)
  })
})

describe('a body', () => {
  it('that says that it is too large is not read', async () => {
    const pull = vi.fn<(controller: ReadableStreamDefaultController) => void>((controller) => controller.enqueue(new Uint8Array(1_000)))
    const answer = await small()(post(new ReadableStream({ pull }, { highWaterMark: 0 }), { 'content-length': '70000' }))
    expect([answer.status, pull.mock.calls.length]).toEqual([413, 0])
  })

  it('that does not say how large it is is read up to the limit', async () => {
    const pull = vi.fn<(controller: ReadableStreamDefaultController) => void>((controller) => controller.enqueue(new Uint8Array(10_000).fill(32)))
    const answer = await small()(post(new ReadableStream({ pull }, { highWaterMark: 0 })))
    expect([answer.status, pull.mock.calls.length]).toEqual([413, 7])
  })

  it('may be larger where a catalogue is sent, and has an end there, too', async () => {
    const { send } = await wholeApi()
    const note = 'x'.repeat(200_000)
    expect((await send('POST', '/api/resources/import/json', { note, providers: [{ id: 'bitstamp' }] })).status).toBe(200)
    expect((await send('POST', '/api/resources/import/json', { note: note.repeat(6), providers: [] })).status).toBe(413)
  })

  it('cannot reach the prototype of anything', async () => {
    const { handler } = await wholeApi()
    const raw = (path: string, text: string) =>
      handler(
        new Request(`http://api.test${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
          body: text,
        }),
      )
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      await raw('/api/pools', `{"name":"p","category":"news","rotation_strategy":"priority","${key}":{"polluted":true}}`)
      await raw('/api/resources/provider', `{"id":"gemini","${key}":{"polluted":true}}`)
      await raw('/api/resources/import/json', `{"providers":{"${key}":{"name":"x","category":"news","base_url":"https://x.com","polluted":true}}}`)
      await raw('/api/watchlist', `{"action":"add","symbols":["BTC"],"name":"${key}"}`)
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('an address', () => {
  it.each([
    '/../../etc/passwd',
    '/static/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/api/providers/..%2f..%2fetc%2fpasswd',
    '/api/providers/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/api/providers/..%5c..%5cwindows',
    '/api/providers/%00',
    '/api/providers/%E0%A4%A',
    '/api/providers/__proto__',
    '/api/providers/constructor',
    '/api/pools/__proto__',
    '/api/resources/category/__proto__',
    '/__proto__',
    '//evil.test/api',
    '/api/providers/a%0d%0aset-cookie:%20x=1',
  ])('%s leads nowhere', async (path) => {
    const { get } = await wholeApi()
    const answer = await get(path)
    expect([400, 404]).toContain(answer.status)
    expect(await answer.json()).toMatchObject({ success: false })
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  it('with an endless query is refused as it is', async () => {
    const answer = await small()(new Request(`http://api.test/api/logs?search=${'x'.repeat(5_000)}`))
    expect([answer.status, await answer.json()]).toEqual([414, expect.objectContaining({ category: 'too_large' })])
  })

  it.each(['__proto__=1', 'constructor=1', '__proto__[x]=1', 'limit=1&limit=2', 'limit[]=1', 'hasOwnProperty=1'])('with ?%s is refused', async (query) => {
    expect((await small()(new Request(`http://api.test/api/logs?${query}`))).status).toBe(400)
  })

  it('comes back in no header, and in no HTML', async () => {
    const { get } = await wholeApi()
    for (const path of ['/api/logs?search=%0d%0ax-evil:1', '/api/market/price?symbol=%3Cscript%3Ealert(1)%3C/script%3E', '/%3Cscript%3E']) {
      const answer = await get(path)
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect([...answer.headers].flat().join()).not.toMatch(/script|x-evil/)
    }
  })
})

describe('pages of other origins', () => {
  const origin = 'https://page.test'
  const ask = (handler: ReturnType<typeof small>, method = 'GET') => handler(new Request('http://api.test/health', { method, headers: { origin } }))

  it('read nothing where nothing is said', async () => {
    for (const method of ['GET', 'OPTIONS'])
      expect([...(await ask(small(), method)).headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('read where they are named, others not', async () => {
    const named = small({ cors: { origins: [origin] } })
    expect((await ask(named)).headers.get('access-control-allow-origin')).toBe(origin)
    expect((await ask(named)).headers.get('vary')).toBe('Origin')
    const others = small({ cors: { origins: ['https://other.test'] } })
    expect((await ask(others)).headers.get('access-control-allow-origin')).toBeNull()
    expect((await ask(small({ cors: { origins: '*' } }))).headers.get('access-control-allow-origin')).toBe('*')
    expect((await ask(named)).headers.get('access-control-allow-credentials')).toBeNull()
    const preflight = await ask(named, 'OPTIONS')
    expect([preflight.status, preflight.headers.get('access-control-allow-headers'), preflight.headers.get('allow')]).toEqual([
      204,
      'authorization, content-type, if-none-match',
      'GET, HEAD, OPTIONS',
    ])
  })

  it('read errors, too, so that they can show them', async () => {
    const answer = await small({ cors: { origins: '*' } })(new Request('http://api.test/nowhere', { headers: { origin } }))
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([404, '*'])
  })
})

describe('a client', () => {
  it('that asks too often waits, and no other does', async () => {
    const clock = fakeClock()
    const handler = createHandler(new ProviderRouter({ clock, providers: [fakeProvider('a')] }), { clock, rateLimit: { requests: 3, perMs: 10_000 } })
    const ask = (address?: string) => handler(new Request('http://api.test/health'), { address })
    for (let i = 0; i < 3; i++) expect((await ask('192.0.2.1')).status).toBe(200)
    const refused = await ask('192.0.2.1')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '11']) // at 10 s sharp the window before still counts in full
    expect((await ask('192.0.2.2')).status).toBe(200)
    await clock.advance(20_000)
    expect((await ask('192.0.2.1')).status).toBe(200)
  })

  it('that goes away is no error of ours', async () => {
    const onError = vi.fn<(error: unknown) => void>()
    const stop = new AbortController()
    const hanging = fakeProvider('slow', { answers: { ticker: () => new Promise<never>(() => undefined) } })
    const handler = createHandler(new ProviderRouter({ providers: [hanging] }), { onError })
    const answer = handler(new Request('http://api.test/api/market/price?symbol=BTC', { signal: stop.signal }))
    stop.abort()
    expect((await answer).ok).toBe(false)
    expect(onError).not.toHaveBeenCalled()
  })
})

describe('a key', () => {
  it('is in no answer of any route', async () => {
    const { get, router, send } = await wholeApi()
    await router.request('ticker', { symbol: 'BTC/USD' }, { only: ['planted'] }).catch(() => undefined)
    await send('POST', '/api/diagnostics/run')
    const document = (await (await get('/openapi.json')).json()) as Parameters<typeof operationsOf>[0]
    const answers = await Promise.all(
      operationsOf(document).map(async (named) => {
        const { method, path, body } = goodRequest(named, 1)
        const answer = await send(method, path, body)
        return [path, `${await answer.text()}${JSON.stringify([...answer.headers])}`] as const
      }),
    )
    expect(answers.length).toBeGreaterThan(90)
    expect(answers.filter(([, text]) => text.includes(PLANTED) || text.includes(TOKEN)).map(([path]) => path)).toEqual([])
  })

  it('in an error that is none of ours goes to onError alone', async () => {
    const onError = vi.fn<(error: unknown, path: string | undefined) => void>()
    const broken = (): never => {
      throw new Error(`could not read https://u:${PLANTED}@db`)
    }
    const { get } = await wholeApi({ onError, resources: { list: broken } as never })
    const answer = await get('/api/resources')
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining(PLANTED)])
    expect(await (await get('/api/logs?level=error')).text()).toMatch(/api\/resources failed/)
    expect(await (await get('/api/logs')).text()).not.toContain(PLANTED)
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: expect.stringContaining(PLANTED) as unknown }), '/api/resources')
  })
})

describe('a client that asked too often', () => {
  it.each([
    [1, 60_000],
    [3, 10_000],
    [600, 60_000],
  ])('may come again after what Retry-After says, and not before: %d in %d ms', async (requests, perMs) => {
    const clock = fakeClock()
    const handler = small({ rateLimit: { requests, perMs }, clock })
    const ask = () => handler(new Request('http://api.test/api/health'), { address: '192.0.2.1' })
    for (let round = 0; round < 4; round++) {
      let answer = await ask()
      for (let i = 0; answer.status === 200 && i <= 2 * requests; i++) answer = await ask()
      const waitMs = Number(answer.headers.get('retry-after')) * 1_000
      expect([answer.status, waitMs > 0]).toEqual([429, true])
      await clock.advance(waitMs - 1_001)
      expect((await ask()).status).toBe(429)
      await clock.advance(1_001)
      expect((await ask()).status).toBe(200)
    }
  })
})

describe('over a real socket', () => {
  const servers: Server[] = []
  afterEach(() => servers.splice(0).forEach((server) => server.close()))

  async function listening(options: Parameters<typeof createHandler>[1] = {}): Promise<number> {
    const answer = toExpress(small(options))
    const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  /** Sends the text and keeps the connection open: gives what came until the server closed it. */
  const spoken = (port: number, text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      let heard = ''
      socket.setEncoding('utf8').on('data', (part: string) => (heard += part))
      socket.on('error', reject).on('close', () => resolve(heard))
    })

  it('a body that never comes is answered with 408, and the connection closed', async () => {
    const port = await listening({ bodyTimeoutMs: 60 })
    const heard = await spoken(port, 'POST /api/backtest HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"symbol"')
    expect(heard).toMatch(/^HTTP\/1\.1 408 /)
    expect(heard).toContain('"category":"timeout"')
  })

  it('a chunked body without end is answered with 413, and the connection closed', async () => {
    const port = await listening({ maxBodyBytes: 1_000 })
    const chunk = `400\r\n${' '.repeat(1_024)}\r\n`
    const heard = await spoken(
      port,
      `POST /api/backtest HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(200)}`,
    )
    expect(heard).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('a method that Fetch does not know is 405', async () => {
    const port = await listening()
    const status = await new Promise((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', method: 'TRACE', path: '/health' }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(405)
  })

  it('whatever the request says its host is makes no difference', async () => {
    const port = await listening()
    const heard = await spoken(port, 'GET /health HTTP/1.1\r\nhost: evil.test/../x\r\nx-forwarded-host: evil.test\r\nconnection: close\r\n\r\n')
    expect(heard).toMatch(/^HTTP\/1\.1 200 /)
    expect(heard).not.toContain('evil')
  })
})
