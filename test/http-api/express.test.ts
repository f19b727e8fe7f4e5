import express, { type Express } from 'express'
import { Agent, createServer, request as httpRequest, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bearer, createHandler, toExpress } from '../../src/http-api/index.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { type FakeAnswer, fakeProvider } from '../../src/testing/fake-provider.js'

const TOKEN = 'of-tests-only-0123456789'
const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

async function listening(app: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(app)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Sends the text: gives what came until the server closed the connection. */
const spoken = (url: URL, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(Number(url.port), url.hostname, () => socket.write(text))
    socket.setEncoding('utf8').on('data', (part: string) => (heard += part))
    socket.on('error', reject).on('close', () => resolve(heard))
  })

const handlerOf = (options: Parameters<typeof createHandler>[1] = {}, ticker?: FakeAnswer<'ticker'>) =>
  createHandler(new ProviderRouter({ providers: [fakeProvider('a', ticker && { answers: { ticker } })] }), { authorize: bearer(TOKEN), ...options })

const mounted = (change: (app: Express) => void): Promise<string> => {
  const app = express()
  change(app)
  app.use((_, response) => void response.status(418).send('the next one'))
  return listening(app)
}

describe('in Express', () => {
  it('answers its own paths, and leaves others to what comes next', async () => {
    const url = await mounted((app) => app.use(toExpress(handlerOf())))
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ providers_count: 1 })
    expect((await fetch(`${url}/something/else`)).status).toBe(418)
    expect((await fetch(`${url}/api/providers/nobody`)).status).toBe(404)
    expect((await fetch(`${url}/health`, { method: 'DELETE' })).status).toBe(405)
  })

  it('calls what comes next once, even if that throws', async () => {
    const ended: unknown[] = []
    const pass = toExpress(handlerOf())
    const url = await listening((request, response) => {
      const next = vi.fn<() => never>(() => {
        throw new Error('of the next one')
      })
      pass(request, response, next).catch((error: unknown) => {
        ended.push((error as Error).message, next.mock.calls.length)
        response.end()
      })
    })
    await fetch(`${url}/something/else`)
    expect(ended).toEqual(['of the next one', 1])
  })

  it('answers itself where it could not find out whether a path is its own', async () => {
    const answer = () => Promise.resolve(new Response('ours'))
    const lost = Object.assign(answer, { has: () => Promise.reject(new Error('a file is missing')) })
    const url = await mounted((app) => app.use(toExpress(lost)))
    expect(await (await fetch(`${url}/health`)).text()).toBe('ours')
  })

  it('takes a function of your own around the handler', async () => {
    const handler = handlerOf()
    const asked: string[] = []
    const own = (request: Request): Promise<Response> => {
      asked.push(request.method)
      return handler(request)
    }
    const url = await mounted((app) => app.use(toExpress(own)))
    const answer = await fetch(`${url}/health`)
    expect([answer.status, answer.headers.get('content-type'), asked]).toEqual([200, 'application/json; charset=utf-8', ['GET']])
    expect(await answer.json()).toMatchObject({ providers_count: 1 })
    expect((await fetch(`${url}/health`, { method: 'HEAD' })).status).toBe(200)
  })

  it('answers below a path, cut off by Express or by itself', async () => {
    const url = await mounted((app) => {
      app.use('/one', toExpress(handlerOf()))
      app.use(toExpress(handlerOf({ basePath: '/two' })))
    })
    for (const path of ['/one/health', '/two/health']) expect([path, (await fetch(url + path)).status]).toEqual([path, 200])
    for (const path of ['/health', '/six/health', '/twohealth']) expect([path, (await fetch(url + path)).status]).toEqual([path, 418])
  })

  it.each([
    ['with', true],
    ['without', false],
  ])('takes a body %s a body parser before it', async (_, parses) => {
    const url = await mounted((app) => {
      if (parses) app.use(express.json())
      app.use(toExpress(handlerOf()))
    })
    const pool = { name: 'Pool', category: 'market_price', rotation_strategy: 'priority' }
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/pools`, { method: 'POST', headers, body: JSON.stringify(pool) })
    expect([answer.status, await answer.json()]).toEqual([201, expect.objectContaining({ pool_id: 'pool' })])
  })

  it('answers HEAD and 304 without a body', async () => {
    const url = await mounted((app) => app.use(toExpress(handlerOf())))
    const price = await fetch(`${url}/api/market/price?symbol=BTC`)
    const tag = price.headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\//)
    const again = await fetch(`${url}/api/market/price?symbol=BTC`, { headers: { 'if-none-match': tag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const strong = await fetch(`${url}/api/market/price?symbol=BTC`, { headers: { 'if-none-match': `"other", ${tag.slice(2)}` } })
    expect([strong.status, strong.headers.get('etag'), strong.headers.get('x-feedmux-provider')]).toEqual([304, tag, 'a'])
    const head = await fetch(`${url}/health`, { method: 'HEAD' })
    expect([head.status, await head.text(), Number(head.headers.get('content-length')) > 10]).toEqual([200, '', true])
  })

  it.each([
    ['parsed', express.json({ limit: '1mb' })],
    ['read as bytes', express.raw({ type: '*/*', limit: '1mb' })],
    ['read as text', express.text({ type: '*/*', limit: '1mb' })],
  ])('takes no harm of a body of many levels that was %s before', async (_, parser) => {
    const url = await mounted((app) => app.use(parser, toExpress(handlerOf())))
    const post = (body: string) => fetch(`${url}/api/watchlist`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect((await post('{"action":"list"}')).status).toBe(200)
    const deep = await post(`{"action":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)
    expect([deep.status, await deep.json()]).toEqual([400, expect.objectContaining({ category: 'bad_request' })])
  })

  it('says how long its answers are, in bytes', async () => {
    const url = await mounted((app) => app.use(toExpress(handlerOf())))
    const answer = await fetch(`${url}/api/resources/category/ü`)
    expect(answer.headers.get('transfer-encoding')).toBeNull()
    expect(Number(answer.headers.get('content-length'))).toBe((await answer.arrayBuffer()).byteLength)
  })

  it('answers what begins with a whole address, and methods of others, with 405 and what is possible', async () => {
    const url = new URL(await mounted((app) => app.use(toExpress(handlerOf()))))
    const said = await spoken(url, 'GET http://other.test/health?x=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    expect(said).toMatch(/^HTTP\/1\.1 400 [^]*unknown parameter/)
    for (const method of ['QUERY', 'PROPFIND', 'PATCH']) {
      const refused = await spoken(url, `${method} /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
      expect(refused).toMatch(/^HTTP\/1\.1 405 [^]*allow: GET, HEAD, OPTIONS\r\n[^]*"category":"method_not_allowed"/)
    }
    expect(await spoken(url, 'OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 418 /)
  })

  it('counts clients by their addresses, as Express tells them', async () => {
    const url = await mounted((app) => {
      app.set('trust proxy', true)
      app.use(toExpress(handlerOf({ rateLimit: { requests: 1, perMs: 60_000 } })))
    })
    const from = async (address: string) => (await fetch(`${url}/health`, { headers: { 'x-forwarded-for': address } })).status
    expect([await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.2')]).toEqual([200, 429, 200])
  })

  it('believes no client about its address where no proxy is trusted', async () => {
    const url = await mounted((app) => app.use(toExpress(handlerOf({ rateLimit: { requests: 1, perMs: 60_000 } }))))
    const from = async (address: string) => (await fetch(`${url}/health`, { headers: { 'x-forwarded-for': address } })).status
    expect([await from('192.0.2.1'), await from('192.0.2.2')]).toEqual([200, 429])
  })
})

describe('in http.createServer', () => {
  it('counts no client that went away as a failure', async () => {
    const handler = handlerOf({}, () => new Promise<never>(() => undefined))
    const answer = toExpress(handler)
    const url = new URL(await listening((incoming, outgoing) => void answer(incoming, outgoing)))
    const leave = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect(Number(url.port), url.hostname, () => socket.write(text, () => setTimeout(() => socket.destroy(), 30)))
        socket.on('close', () => resolve())
      })
    await leave('POST /api/watchlist HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{')
    await leave('GET /api/market/price?symbol=BTC HTTP/1.1\r\nhost: x\r\n\r\n')
    const text = async (path: string) => (await handler(new Request(`http://api.test${path}`))).text()
    await vi.waitFor(async () => expect(await text('/api/logs')).toContain('given up by its caller'))
    expect(await text('/metrics')).not.toMatch(/feedmux_http_requests_failed_total\{[^}]*(?:watchlist|price)/)
    expect(await text('/api/logs?category=api')).toContain('"total":0')
  })

  it('keeps the connection after a large body that it did not read', async () => {
    const answer = toExpress(handlerOf())
    const url = new URL(await listening((incoming, outgoing) => void answer(incoming, outgoing)))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const post = (body: string): Promise<unknown> =>
      new Promise((resolve) => {
        const request = httpRequest(new URL('/api/pools', url), { agent, method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode))
        })
        request.on('error', ({ message }) => resolve(message)).write(body.slice(0, 1_000))
        request.end(body.slice(1_000))
      })
    const statuses = []
    for (const size of [400_000, 1, 400_000, 1]) statuses.push(await post(' '.repeat(size)))
    agent.destroy()
    expect(statuses).toEqual([401, 401, 401, 401])
  })

  it('gives up what it asked when the client goes away', async () => {
    let given: AbortSignal | undefined
    const hanging: FakeAnswer<'ticker'> = (_, { signal }) => {
      given = signal
      return new Promise<never>(() => undefined)
    }
    const answer = toExpress(handlerOf({}, hanging))
    const url = await listening((incoming, outgoing) => void answer(incoming, outgoing))
    const stop = new AbortController()
    const asked = fetch(`${url}/api/market/price?symbol=BTC`, { signal: stop.signal })
    await vi.waitFor(() => expect(given).toBeDefined())
    stop.abort()
    await expect(asked).rejects.toThrow()
    await vi.waitFor(() => expect(given?.aborted).toBe(true))
  })

  it('keeps the connection for the next request, a refused body before it or not', async () => {
    const answer = toExpress(handlerOf())
    const url = new URL(await listening((incoming, outgoing) => void answer(incoming, outgoing)))
    const heard = await new Promise<string>((resolve, reject) => {
      let text = ''
      const refused = 'POST /api/pools HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\nnull'
      const socket = connect(Number(url.port), url.hostname, () => socket.write(`${refused}GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`))
      socket.on('data', (part) => (text += part.toString()))
      socket.on('error', reject).on('close', () => resolve(text))
    })
    expect([...heard.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)).toEqual(['401', '200'])
  })
})
