import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigError, ProviderError } from '../../src/errors.js'
import { BinanceConnector } from '../../src/http/binance-connector.js'

const NOW = 1_750_000_000_000
const open: Server[] = []

afterEach(async () => {
  await Promise.all(
    open.splice(0).map(async (server) => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }),
  )
})

interface Loopback {
  readonly url: string
  /** Path and query of every request. */
  readonly asked: string[]
}

async function serve(answer: RequestListener): Promise<Loopback> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  serve((_, response: ServerResponse) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body)))
const page = (status: number, text: string) =>
  serve((_, response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end(`<!DOCTYPE html><html><body><h1>${text}</h1></body></html>`),
  )
const good = () => json(200, { serverTime: 1 })
const echo = (status: number) => serve((request, response) => response.writeHead(status).end(JSON.stringify({ code: -1100, msg: `bad query ${request.url}` })))
const hanging = () => serve(() => {})

/** The URL of a port that nobody listens at. */
async function refusing(): Promise<string> {
  const { url } = await good()
  const server = open.pop()
  await new Promise((resolve) => server?.close(resolve))
  return url
}

async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => 'it did not fail',
    (reason: unknown) => reason,
  )
  if (!ProviderError.is(error)) throw new Error(`not a ProviderError: ${String(error)}`)
  return error
}

/** A clock that is put forward by hand, with real timers. */
function clockAt(now: number) {
  const clock = { time: now, now: () => clock.time, monotonic: () => performance.now() }
  return clock
}

const urlsOf = (connector: BinanceConnector): string[] => connector.health().endpoints.map(({ url }) => url)
const names = (url: string): string => new URL(url).host
const never = (): number => 1

describe('which host is asked', () => {
  it('visits all hosts in turn, each call one of them', async () => {
    const servers = await Promise.all([good(), good(), good()])
    const connector = new BinanceConnector({ hosts: servers.map(({ url }) => url) })
    const hosts = []
    for (let i = 0; i < 6; i++) hosts.push((await connector.get('/api/v3/time')).host)
    expect(hosts).toEqual([...servers, ...servers].map(({ url }) => url))
    expect(servers.map(({ asked }) => asked)).toEqual(Array.from({ length: 3 }, () => ['GET /api/v3/time', 'GET /api/v3/time']))
  })

  it('sends path and query, and gives body and headers', async () => {
    const server = await json(200, [{ symbol: 'BTCUSDT' }], { 'x-mbx-used-weight-1m': '7' })
    const connector = new BinanceConnector({ hosts: [`${server.url}/`] })
    const { body, host, headers } = await connector.get('api/v3/ticker/24hr', { symbols: '["BTCUSDT"]', limit: 5, type: undefined })
    expect({ body, host, weight: headers.get('x-mbx-used-weight-1m') }).toEqual({ body: [{ symbol: 'BTCUSDT' }], host: server.url, weight: '7' })
    expect(server.asked).toEqual(['GET /api/v3/ticker/24hr?symbols=%5B%22BTCUSDT%22%5D&limit=5'])
  })

  it('is the published ones by default, the public-data host first, and api.binance.us for the region us', () => {
    expect(urlsOf(new BinanceConnector())).toEqual(
      ['data-api.binance.vision', ...['api', 'api-gcp', 'api1', 'api2', 'api3', 'api4'].map((name) => `${name}.binance.com`)].map((name) => `https://${name}`),
    )
    expect(new BinanceConnector().health()).toMatchObject({ connectorType: 'Binance Global', totalEndpoints: 7 })
    expect(new BinanceConnector({ region: 'us' }).health()).toEqual({
      connectorType: 'Binance US',
      totalEndpoints: 1,
      endpoints: [{ url: 'https://api.binance.us', available: true, consecutiveFailures: 0, totalRequests: 0 }],
    })
  })

  it('stays with the fastest, or with the first, where that is asked for', async () => {
    const slow = await serve((_, response) => void setTimeout(() => response.end('{}'), 80))
    const quick = await good()
    const fastest = new BinanceConnector({ hosts: [slow.url, quick.url], order: 'fastest' })
    for (let i = 0; i < 6; i++) await fastest.get('api/v3/time')
    expect([slow.asked.length, quick.asked.length]).toEqual([1, 5])
    const inOrder = new BinanceConnector({ hosts: [quick.url, slow.url], order: 'in-order' })
    for (let i = 0; i < 3; i++) await inOrder.get('api/v3/time')
    expect([slow.asked.length, quick.asked.length]).toEqual([1, 8])
  })

  it('is none of another connector: two of them know nothing of each other', async () => {
    const [limited, fine] = [await json(429, { code: -1003 }), await good()]
    const first = new BinanceConnector({ hosts: [limited.url, fine.url] })
    const second = new BinanceConnector({ hosts: [fine.url] })
    await failureOf(first.get('api/v3/time'))
    expect((await second.get('api/v3/time')).host).toBe(fine.url)
    expect((await failureOf(first.get('api/v3/time'))).reason).toBe('rate-limited')
  })
})

describe('failover', () => {
  it('costs less than a second when the first host hangs, and the answer comes from the next', async () => {
    const [dead, fine] = [await hanging(), await good()]
    const connector = new BinanceConnector({ hosts: [dead.url, fine.url] })
    const startedAt = performance.now()
    const { host } = await connector.get('api/v3/time')
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(host).toBe(fine.url)
    expect(connector.health().endpoints[0]).toMatchObject({ consecutiveFailures: 1, successRate: 0, totalRequests: 1 })
  })

  it('also covers a host that hangs in the middle of the body', async () => {
    const half = await serve((_, response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{'))
    const fine = await good()
    const connector = new BinanceConnector({ hosts: [half.url, fine.url], hostTimeoutMs: 100 })
    expect((await connector.get('api/v3/time')).host).toBe(fine.url)
  })

  it('goes on at once from a refusing, a failing, a firewalled and a lying host, asking each once', async () => {
    const dead = await refusing()
    const [broken, firewall, liar, fine] = [await json(500, {}), await page(403, 'Request blocked.'), await page(200, 'Welcome'), await good()]
    const connector = new BinanceConnector({ hosts: [dead, broken.url, firewall.url, liar.url, fine.url], random: never })
    const startedAt = performance.now()
    expect((await connector.get('api/v3/time')).host).toBe(fine.url)
    expect(performance.now() - startedAt).toBeLessThan(700)
    expect([broken, firewall, liar, fine].map(({ asked }) => asked.length)).toEqual([1, 1, 1, 1])
    expect(connector.health().endpoints.map(({ available }) => available)).toEqual([false, false, false, false, true])
    for (let i = 0; i < 3; i++) expect((await connector.get('api/v3/time')).host).toBe(fine.url)
  })

  it('succeeds when all hosts but one are dead', async () => {
    const dead = await Promise.all(Array.from({ length: 6 }, refusing))
    const fine = await good()
    expect((await new BinanceConnector({ hosts: [...dead, fine.url] }).get('api/v3/time')).host).toBe(fine.url)
  })

  it('ends with the last failure when every host fails, and then asks nobody until a backoff is over', async () => {
    const clock = clockAt(NOW)
    const hosts = await Promise.all([json(500, {}), json(503, {}, { 'retry-after': '30' })])
    const connector = new BinanceConnector({ hosts: hosts.map(({ url }) => url), clock, random: never })
    expect(await failureOf(connector.get('api/v3/time'))).toMatchObject({
      provider: 'binance',
      reason: 'unavailable',
      status: 503,
      retryAfterMs: 30_000,
      host: names(hosts[1].url),
    })
    expect(await failureOf(connector.get('api/v3/time'))).toMatchObject({ reason: 'unavailable', retryAfterMs: 1_000 })
    expect(hosts.map(({ asked }) => asked.length)).toEqual([1, 1])
    clock.time += 1_000
    await failureOf(connector.get('api/v3/time'))
    expect(hosts.map(({ asked }) => asked.length)).toEqual([2, 1])
  })

  it('stays within timeoutMs, also with hosts that hang, and leaves time for another', async () => {
    const [dead, fine] = [await hanging(), await good()]
    const startedAt = performance.now()
    const connector = new BinanceConnector({ hosts: [dead.url, fine.url] })
    expect((await connector.get('api/v3/time', {}, { timeoutMs: 300 })).host).toBe(fine.url)
    const lone = new BinanceConnector({ hosts: [dead.url] })
    expect(await failureOf(lone.get('api/v3/time', {}, { timeoutMs: 100 }))).toMatchObject({ reason: 'timeout', host: names(dead.url) })
    expect(performance.now() - startedAt).toBeLessThan(700)
    expect(lone.health().endpoints[0]).toMatchObject({ available: true, consecutiveFailures: 0 })
  })
})

describe('429 and 418', () => {
  it('rest all hosts for as long as Retry-After says, without a further call to any', async () => {
    const clock = clockAt(NOW)
    const servers = await Promise.all([json(429, { code: -1003 }, { 'retry-after': '30' }), good(), good()])
    const connector = new BinanceConnector({ hosts: servers.map(({ url }) => url), clock })
    expect(await failureOf(connector.get('api/v3/time'))).toMatchObject({ reason: 'rate-limited', status: 429, retryAfterMs: 30_000 })
    clock.time += 10_000
    expect(await failureOf(connector.get('api/v3/time'))).toMatchObject({ reason: 'rate-limited', retryAfterMs: 20_000 })
    expect(servers.map(({ asked }) => asked.length)).toEqual([1, 0, 0])
    expect(
      connector
        .health()
        .endpoints.every(({ available, consecutiveFailures, backoffUntil }) => !available && consecutiveFailures === 0 && backoffUntil === NOW + 30_000),
    ).toBe(true)
    clock.time += 20_000
    expect((await connector.get('api/v3/time')).host).toBe(servers[1].url)
  })

  it('are believed up to 15 minutes for a 429, in full for a ban', async () => {
    const [limited, banned, told] = await Promise.all([
      json(429, {}, { 'retry-after': '86400' }),
      json(418, {}, { 'retry-after': '86400' }),
      json(418, { code: -1003, msg: `Way too much request weight used; IP banned until ${NOW + 7_200_000}.` }),
    ])
    const retryAfter = async (url: string) => (await failureOf(new BinanceConnector({ hosts: [url], clock: clockAt(NOW) }).get('api/v3/time'))).retryAfterMs
    expect([await retryAfter(limited.url), await retryAfter(banned.url), await retryAfter(told.url)]).toEqual([900_000, 86_400_000, 7_200_000])
  })

  it('without a time rest 2, 4, 10, 10 minutes, and 2 again after a good answer', async () => {
    const clock = clockAt(NOW)
    let fine = false
    const server = await serve((_, response) => response.writeHead(fine ? 200 : 429).end('{}'))
    const connector = new BinanceConnector({ hosts: [server.url], clock })
    const minutes = async (): Promise<number> => {
      const { retryAfterMs = 0 } = await failureOf(connector.get('api/v3/time'))
      clock.time += retryAfterMs
      return retryAfterMs / 60_000
    }
    expect([await minutes(), await minutes(), await minutes(), await minutes()]).toEqual([2, 4, 10, 10])
    fine = true
    await connector.get('api/v3/time')
    fine = false
    expect(await minutes()).toBe(2)
  })

  it('count once when several calls under way are hit together', async () => {
    const server = await json(429, {})
    const connector = new BinanceConnector({ hosts: [server.url], clock: clockAt(NOW) })
    const failures = await Promise.all(Array.from({ length: 5 }, () => failureOf(connector.get('api/v3/time'))))
    expect(failures.map(({ retryAfterMs }) => retryAfterMs)).toEqual([120_000, 120_000, 120_000, 120_000, 120_000])
  })
})

describe('a region that is blocked', () => {
  it('is parked for 24 h by a 451, its other hosts included', async () => {
    const clock = clockAt(NOW)
    const servers = await Promise.all([json(451, { code: 0, msg: 'Service unavailable from a restricted location' }), good()])
    const connector = new BinanceConnector({ hosts: servers.map(({ url }) => url), clock })
    expect(await failureOf(connector.get('api/v3/time'))).toMatchObject({ reason: 'geo-blocked', status: 451, retryAfterMs: 86_400_000 })
    clock.time += 3_600_000
    expect(await failureOf(connector.get('api/v3/time'))).toMatchObject({ reason: 'geo-blocked', retryAfterMs: 82_800_000 })
    expect(servers.map(({ asked }) => asked.length)).toEqual([1, 0])
  })

  it('is also told by a 403 page that names the country', async () => {
    const servers = await Promise.all([page(403, 'configured to block access from your country.'), good()])
    const connector = new BinanceConnector({ hosts: servers.map(({ url }) => url) })
    expect(await failureOf(connector.get('api/v3/time'))).toMatchObject({ reason: 'geo-blocked', status: 403 })
    expect(servers[1].asked).toEqual([])
  })

  it('says nothing of the other region: its host is asked next', async () => {
    const asked: string[] = []
    const fetch = async (input: string | URL | Request): Promise<Response> => {
      const { host } = new URL(input instanceof Request ? input.url : input)
      asked.push(host)
      return Response.json({}, { status: host.endsWith('.us') ? 200 : 451 })
    }
    const connector = new BinanceConnector({ hosts: ['https://api.binance.com', 'https://api1.binance.com', 'https://api.binance.us'], fetch })
    expect((await connector.get('api/v3/time')).host).toBe('https://api.binance.us')
    expect(asked).toEqual(['api.binance.com', 'api.binance.us'])
  })
})

describe("the caller's errors", () => {
  it('put no host into backoff, not even five bad symbols, and are not asked elsewhere', async () => {
    const bad = await Promise.all(Array.from({ length: 3 }, () => json(400, { code: -1121, msg: 'Invalid symbol.' })))
    const connector = new BinanceConnector({ hosts: bad.map(({ url }) => url) })
    for (let i = 0; i < 5; i++)
      expect(await failureOf(connector.get('api/v3/ticker/24hr', { symbol: 'NOPE' }))).toMatchObject({ reason: 'not-found', status: 400 })
    expect(bad.map(({ asked }) => asked.length)).toEqual([2, 2, 1])
    expect(
      connector.health().endpoints.every(({ available, consecutiveFailures, successRate }) => available && consecutiveFailures === 0 && successRate === 100),
    ).toBe(true)
  })

  it('are bad-request for other codes and for paths that do not exist', async () => {
    const [chars, nowhere] = await Promise.all([json(400, { code: -1100, msg: 'Illegal characters found' }), page(404, 'Not Found')])
    expect(await failureOf(new BinanceConnector({ hosts: [chars.url] }).get('api/v3/klines'))).toMatchObject({
      reason: 'bad-request',
      message: 'binance: bad-request, code -1100 (HTTP 400)',
    })
    const connector = new BinanceConnector({ hosts: [nowhere.url] })
    expect(await failureOf(connector.get('api/v9/time'))).toMatchObject({ reason: 'bad-request', status: 404 })
    expect(connector.health().endpoints[0]).toMatchObject({ available: true })
  })

  it('are told before any call: a path with a query or another host, a bad duration', async () => {
    const server = await good()
    const connector = new BinanceConnector({ hosts: [server.url] })
    for (const path of ['api/v3/time?symbol=SECRET', 'https://other.test/x', 'api v3', ''])
      await expect(connector.get(path)).rejects.toSatisfy((error: unknown) => ConfigError.is(error) && !error.message.includes('SECRET'))
    await expect(connector.get('api/v3/time', {}, { timeoutMs: 0 })).rejects.toThrow('timeoutMs must be > 0')
    expect(server.asked).toEqual([])
    await connector.get('//api/v3/time')
    expect(server.asked).toEqual(['GET /api/v3/time'])
  })

  it('in the options are refused when it is built', () => {
    expect(() => new BinanceConnector({ hosts: [] })).toThrow('hosts is empty')
    expect(() => new BinanceConnector({ hosts: ['ftp://api.test'] })).toThrow('must be http(s) URLs')
    expect(() => new BinanceConnector({ hosts: ['https://user:SECRET@api.test'] })).toThrow(/got "api\.test"$/)
    expect(() => new BinanceConnector({ hostTimeoutMs: -5 })).toThrow('hostTimeoutMs must be > 0')
    expect(() => new BinanceConnector({ region: 'eu' as 'us' })).toThrow('region must be')
    expect(() => new BinanceConnector({ order: 'random' as 'fastest' })).toThrow('order must be')
  })
})

describe("the caller's abort", () => {
  it("rejects with the signal's own reason at once and is no host's failure", async () => {
    const [dead, fine] = [await hanging(), await good()]
    const connector = new BinanceConnector({ hosts: [dead.url, fine.url] })
    const controller = new AbortController()
    const reason = { changed: 'my mind' }
    setTimeout(() => controller.abort(reason), 50)
    const startedAt = performance.now()
    await expect(connector.get('api/v3/time', {}, { signal: controller.signal })).rejects.toBe(reason)
    expect(performance.now() - startedAt).toBeLessThan(400)
    expect(fine.asked).toEqual([])
    expect(connector.health().endpoints[0]).toEqual({ url: dead.url, available: true, consecutiveFailures: 0, totalRequests: 1 })
  })

  it('before the call asks nobody', async () => {
    const fine = await good()
    await expect(new BinanceConnector({ hosts: [fine.url] }).get('api/v3/time', {}, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(fine.asked).toEqual([])
  })

  it('works with a fetch that knows no signal', async () => {
    const connector = new BinanceConnector({ hosts: ['https://a.test'], fetch: () => new Promise<Response>(() => {}) })
    const controller = new AbortController()
    const answer = connector.get('api/v3/time', {}, { signal: controller.signal })
    controller.abort('enough')
    await expect(answer).rejects.toBe('enough')
  })
})

describe('a look-up of names', () => {
  it('passes over a host whose name does not resolve, without a call, and looks a good one up once', async () => {
    const fine = await good()
    const looked: string[] = []
    const lookup = async (name: string): Promise<unknown> => {
      looked.push(name)
      if (name === 'gone.test') throw new Error('ENOTFOUND')
      return { address: '127.0.0.1' }
    }
    const connector = new BinanceConnector({ hosts: ['http://gone.test', fine.url], lookup, random: never, order: 'in-order' })
    for (let i = 0; i < 3; i++) expect((await connector.get('api/v3/time')).host).toBe(fine.url)
    expect(looked).toEqual(['gone.test', '127.0.0.1'])
    expect(connector.health().endpoints[0]).toMatchObject({ available: false, consecutiveFailures: 1 })
  })

  it('that hangs costs no more than a host that hangs, and nothing is sent afterwards', async () => {
    const sent: string[] = []
    const fetch = async (input: string | URL | Request): Promise<Response> => {
      sent.push(new URL(input instanceof Request ? input.url : input).host)
      return Response.json({})
    }
    const answers: ((value: unknown) => void)[] = []
    const slow = new Promise((resolve) => answers.push(resolve))
    let looked = 0
    const connector = new BinanceConnector({
      hosts: ['https://first.test', 'https://second.test'],
      fetch,
      lookup: async () => (looked++ === 0 ? slow : undefined),
      hostTimeoutMs: 100,
    })
    expect((await connector.get('api/v3/time')).host).toBe('https://second.test')
    answers[0]?.(undefined)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(sent).toEqual(['second.test'])
  })
})

describe('reset', () => {
  it('makes one host, or all, askable at once', async () => {
    const clock = clockAt(NOW)
    let fine = false
    const answer: RequestListener = (_, response) => response.writeHead(fine ? 200 : 429).end('{}')
    const [first, second] = [await serve(answer), await serve(answer)]
    const connector = new BinanceConnector({ hosts: [first.url, second.url], clock })
    await failureOf(connector.get('api/v3/time'))
    fine = true
    connector.reset(names(second.url))
    expect([(await connector.get('api/v3/time')).host, connector.health().endpoints.map(({ available }) => available)]).toEqual([second.url, [false, true]])
    connector.reset()
    expect(connector.health().endpoints).toEqual([first, second].map(({ url }) => ({ url, available: true, consecutiveFailures: 0, totalRequests: 0 })))
    fine = false
    expect((await failureOf(connector.get('api/v3/time'))).retryAfterMs).toBe(120_000)
    expect(() => connector.reset('other.test')).toThrow('no host "other.test"')
  })
})

describe('what an error tells', () => {
  it('is never the query, whatever fails and whatever the server echoes', async () => {
    const hosts = [await refusing(), ...(await Promise.all([400, 403, 404, 418, 429, 451, 500].map(echo))).map(({ url }) => url), (await hanging()).url]
    for (const host of hosts) {
      const error = await failureOf(new BinanceConnector({ hosts: [host], hostTimeoutMs: 200 }).get('api/v3/time', { symbol: 'S3CRET' }))
      expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('S3CRET')
      expect(error).toMatchObject({ provider: 'binance', host: names(host) })
    }
  })
})
