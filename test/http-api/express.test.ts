import express, { type Express } from 'express'
import { createServer, type Server } from 'node:http'
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
    const head = await fetch(`${url}/health`, { method: 'HEAD' })
    expect([head.status, await head.text(), Number(head.headers.get('content-length')) > 10]).toEqual([200, '', true])
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
    expect([...heard.matchAll(/^HTTP\/1\.1 (\d+) /gm)].map(([, status]) => status)).toEqual(['401', '200'])
  })
})
