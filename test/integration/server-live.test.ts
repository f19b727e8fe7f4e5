import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type RunningServer, startServer } from '../../examples/express-server/start.ts'

const TOKEN = 'a-token-for-tests-only'
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const LIMITS = { heartbeatMs: 250, priceMs: 300, maxSubscriptions: 3, maxConnections: 6, maxMessages: 30, origins: ['https://friend.example'] }

interface Message {
  readonly type: string
  readonly [field: string]: unknown
}

let server: RunningServer
const sockets: Client[] = []

beforeAll(async () => {
  const rhythm = { prices: 300, market: 300, news: 300, providers: 5_000, stats: 300 }
  server = await startServer({ port: 0, host: '127.0.0.1', token: TOKEN, socket: LIMITS, rhythm, patienceMs: 1_000 })
})
afterAll(() => server.close())

/** A client that remembers what it got. */
class Client {
  readonly socket: WebSocket
  readonly got: Message[] = []
  code: number | undefined

  constructor(options: { query?: string; headers?: Record<string, string>; autoPong?: boolean } = {}) {
    this.socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws${options.query ?? ''}`, {
      headers: options.headers ?? {},
      autoPong: options.autoPong ?? true,
    })
    this.socket.on('message', (data: Buffer) => this.got.push(JSON.parse(data.toString()) as Message))
    this.socket.on('close', (code) => {
      this.code = code
    })
    this.socket.on('error', () => undefined)
    sockets.push(this)
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** The next message that fits, also one that came already. */
  async next(fits: (message: Message) => boolean, patienceMs = 8_000): Promise<Message> {
    const until = Date.now() + patienceMs
    for (;;) {
      const found = this.got.find(fits)
      if (found !== undefined) return found
      if (Date.now() > until) throw new Error(`it did not come; what came: ${JSON.stringify(this.got).slice(0, 600)}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  type(type: string): Promise<Message> {
    return this.next((message) => message.type === type)
  }

  async end(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return
    const closed = once(this.socket, 'close')
    this.socket.close()
    await closed
  }
}

async function connected(options: ConstructorParameters<typeof Client>[0] = {}): Promise<Client> {
  const client = new Client(options)
  await client.type('welcome')
  return client
}

const endAll = async (): Promise<void> => {
  await Promise.all(sockets.splice(0).map((client) => client.end()))
}

/** The status of a refused upgrade. */
function refused(client: Client): Promise<number | undefined> {
  return new Promise((resolve) => client.socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)))
}

describe('a client of /ws', () => {
  it('is welcomed with the id of its session, which the list of sessions describes', async () => {
    const client = await connected({ query: '?client_id=desk-7', headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux)' } })
    const welcome = await client.type('welcome')
    expect(welcome).toMatchObject({ type: 'welcome', client_id: 'desk-7', message: expect.any(String), timestamp: expect.any(String) })
    expect(welcome.session_id).toMatch(UUID)
    const response = await fetch(`${server.url}/api/sessions`, { headers: { authorization: `Bearer ${TOKEN}` } })
    const { sessions } = (await response.json()) as { sessions: Record<string, unknown> }
    expect(sessions[String(welcome.session_id)]).toMatchObject({ client_type: 'browser', ip_address: '127.0.0.1', user_agent: 'Mozilla/5.0 (X11; Linux)' })
    await endAll()
  })

  it('is told how many are connected when it comes and when another one goes', async () => {
    const first = await connected({ query: '?client_type=mobile' })
    const second = await connected()
    await first.next(({ type, data }) => type === 'stats_update' && (data as { active_connections: number }).active_connections === 2)
    await second.end()
    const seen = first.got.length
    const last = await first.next((message) => first.got.indexOf(message) >= seen && message.type === 'stats_update')
    expect(last.data).toMatchObject({ active_connections: 1, total_sessions: 1, client_types: { browser: 0, api: 0, mobile: 1 }, subscriptions: { all: 1 } })
    expect(last.data).toHaveProperty('total_connections_ever')
    expect(last.data).toHaveProperty('messages_sent')
    expect(last.data).toHaveProperty('messages_received')
    await endAll()
  })

  it('joins and leaves a group, and gets an error for one that does not exist', async () => {
    const client = await connected()
    client.say({ type: 'subscribe', group: 'prices' })
    expect(await client.type('subscribed')).toMatchObject({ group: 'prices' })
    expect(await client.type('price_update')).toMatchObject({ data: { symbol: expect.any(String), price: expect.any(Number), change_24h: expect.any(Number) } })
    client.say({ type: 'unsubscribe', group: 'prices' })
    await client.type('unsubscribed')
    client.say({ type: 'subscribe', group: 'nonsense' })
    expect(await client.type('error')).toMatchObject({ code: 'unknown-group', error: expect.stringContaining('nonsense') })
    const { subscriptions } = (await fetch(`${server.url}/api/sessions/stats`).then((response) => response.json())) as { subscriptions: Record<string, number> }
    expect(subscriptions).toEqual({ all: 1 })
    await endAll()
  })

  it('gets prices of a symbol again and again, however it is written, and no more after it unsubscribed', async () => {
    const client = await connected()
    client.say({ type: 'subscribe', symbol: 'eth-usd' })
    expect(await client.type('subscribed')).toMatchObject({ symbol: 'ETH', message: expect.any(String), timestamp: expect.any(String) })
    const price = await client.type('price')
    expect(price).toMatchObject({ symbol: 'ETH', source: expect.any(String), stale: false, age_ms: expect.any(Number) })
    expect(price.price).toBeGreaterThan(100)
    await client.next((message) => message.type === 'price' && message !== price)
    client.say({ type: 'unsubscribe', symbol: 'ETH' })
    await client.type('unsubscribed')
    const count = client.got.filter(({ type }) => type === 'price').length
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(client.got.filter(({ type }) => type === 'price')).toHaveLength(count)
    await endAll()
  })

  it('gets an error, and no price, of a symbol that nobody knows', async () => {
    const client = await connected()
    client.say({ type: 'subscribe', symbol: 'NOSUCHCOIN' })
    expect(await client.type('error')).toMatchObject({ code: 'unknown-symbol', error: expect.stringContaining('NOSUCHCOIN') })
    client.say({ type: 'subscribe', symbol: '<script>' })
    await client.next(({ error }) => String(error).includes('<script>'))
    expect(client.got.some(({ type }) => type === 'subscribed' || type === 'price')).toBe(false)
    await endAll()
  })

  it('asks for the statistics, pings, and is told what is no message', async () => {
    const client = await connected()
    client.say({ type: 'get_stats' })
    expect(await client.type('stats_response')).toMatchObject({ data: { summary: { total_providers: server.router.providers.length } } })
    client.say({ type: 'ping' })
    expect(await client.type('pong')).toHaveProperty('timestamp')
    for (const [text, code] of [
      ['{', 'bad-message'],
      ['[]', 'bad-message'],
      ['{"type":7}', 'bad-message'],
      ['{"type":"dance"}', 'unknown-type'],
      ['{"type":"unsubscribe","group":"all"}', 'not-possible'],
    ] as const) {
      client.say(text)
      await client.next((message) => message.code === code)
    }
    client.socket.send(Buffer.from([1, 2, 3]))
    await client.next(({ error }) => String(error).includes('binary'))
    await endAll()
  })

  it('hears the heart of the server, and is closed when it gives no sign of life three times', async () => {
    const [alive, dead] = [await connected(), await connected({ autoPong: false })]
    expect(await alive.type('heartbeat')).toMatchObject({ timestamp: expect.any(String), status: 'alive' })
    await dead.next(() => dead.code !== undefined)
    expect(dead.code).toBe(1006)
    expect(alive.code).toBeUndefined()
    await endAll()
  })

  it('may not subscribe to more than is allowed, nor send without end, nor send too much at once', async () => {
    const client = await connected()
    for (const group of ['market', 'news', 'alerts', 'breakers']) client.say({ type: 'subscribe', group })
    expect(await client.type('error')).toMatchObject({ code: 'too-many-subscriptions' })
    for (let count = 0; count < 40; count++) client.say({ type: 'ping' })
    await client.next(() => client.code !== undefined)
    expect([client.code, client.got.filter(({ code }) => code === 'too-many-messages').length]).toEqual([1008, 1])
    const loud = await connected()
    loud.say('x'.repeat(70_000))
    await loud.next(() => loud.code !== undefined)
    expect(loud.code).toBe(1009)
    await endAll()
  })
})

describe('the channels', () => {
  it('of market, news, providers, stats and alerts each have somebody who speaks', async () => {
    const [one, two] = [await connected(), await connected()]
    for (const group of ['market', 'news', 'providers']) one.say({ type: 'subscribe', group })
    for (const group of ['stats', 'alerts', 'breakers']) two.say({ type: 'subscribe', group })
    expect(await one.type('market_update')).toHaveProperty('data.cryptocurrencies')
    expect(await one.type('news_update')).toMatchObject({
      data: { articles: expect.arrayContaining([expect.objectContaining({ title: expect.any(String) })]) },
    })
    expect(await one.type('provider_stats')).toHaveProperty('data.summary')
    await two.next(({ type, data }) => type === 'stats_update' && 'stats' in (data as { subscriptions: object }).subscriptions)
    await server.world?.setFault('alternative-me', { kind: 'down' })
    for (let count = 0; count < 8; count++) await server.router.request('fearGreed', { limit: 2 + count }).catch(() => undefined)
    await server.world?.setFault('alternative-me', undefined)
    expect(await two.type('breaker_changed')).toMatchObject({
      data: { provider: 'alternative-me', from: 'closed', to: 'open', next_attempt_at: expect.any(String) },
    })
    expect(await two.type('alert')).toMatchObject({
      data: { alert_type: 'breaker-opened', severity: 'critical', message: expect.stringContaining('alternative-me') },
    })
    await endAll()
  })

  it('are filled only while somebody listens', async () => {
    const calls = (): number => server.world?.everyId.flatMap((id) => server.world?.upstreams(id) ?? []).reduce((sum, { calls: own }) => sum + own, 0) ?? 0
    await new Promise((resolve) => setTimeout(resolve, 300))
    const before = calls()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(calls()).toBe(before)
  })

  it('take a message of somebody who may, and of nobody else', async () => {
    const client = await connected()
    client.say({ type: 'subscribe', group: 'alerts' })
    await client.type('subscribed')
    const post = (group: string, headers: Record<string, string>): Promise<Response> =>
      fetch(`${server.url}/api/broadcast?group=${group}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"type":"notice","text":"hello"}',
      })
    const may = { authorization: `Bearer ${TOKEN}` }
    expect((await post('alerts', {})).status).toBe(401)
    expect((await post('nonsense', may)).status).toBe(400)
    expect((await post('alerts', may)).status).toBe(200)
    expect(await client.type('notice')).toMatchObject({ text: 'hello' })
    await endAll()
  })
})

describe('an upgrade', () => {
  it('is refused to pages of other origins, at other paths, and when all places are taken', async () => {
    expect(await refused(new Client({ headers: { origin: 'https://evil.example' } }))).toBe(403)
    await connected({ headers: { origin: server.url } })
    await connected({ headers: { origin: 'https://friend.example' } })
    const elsewhere = new WebSocket(`${server.url.replace('http', 'ws')}/elsewhere`)
    elsewhere.on('error', () => undefined)
    expect(await new Promise((resolve) => elsewhere.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode)))).toBe(404)
    await Promise.all(Array.from({ length: 4 }, () => connected()))
    expect(await refused(new Client())).toBe(503)
    sockets.splice(0).forEach(({ socket }) => socket.terminate())
  })
})

describe('the stream of events', () => {
  /** What comes until it is enough. */
  async function events(query: string, isEnough: (text: string) => boolean, act: () => Promise<void> = async () => undefined): Promise<string> {
    const giveUp = new AbortController()
    const response = await fetch(`${server.url}/api/stream${query}`, { signal: AbortSignal.any([giveUp.signal, AbortSignal.timeout(9_000)]) })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    let text = ''
    const decoder = new TextDecoder()
    await act()
    for await (const part of response.body ?? []) {
      text += decoder.decode(part, { stream: true })
      if (isEnough(text)) break
    }
    giveUp.abort()
    return text
  }

  const bodyOf = (text: string, event: string): Record<string, unknown> =>
    JSON.parse(new RegExp(`event: ${event}\\ndata: (.*)\\n`).exec(text)?.[1] ?? 'null') as Record<string, unknown>

  it('tells at once what the routes answer, for both topics', async () => {
    const text = await events('?topics=status,health', (sofar) => sofar.includes('event: status') && sofar.includes('event: health') && sofar.endsWith('\n\n'))
    expect(bodyOf(text, 'status')).toMatchObject({ overall_health: expect.any(String), providers_detailed: expect.any(Array) })
    expect(bodyOf(text, 'health')).toMatchObject({
      health: { summary: expect.any(Object) },
      binance: { success: true },
      breakers: { circuit_breakers: expect.any(Object) },
    })
  })

  it('tells health again as soon as a breaker changes', async () => {
    const started = Date.now()
    const isTold = (text: string): boolean => text.split('event: health\n').some((one) => /"provider(_id)?":"reddit"[^}]*"circuit_open":true/.test(one))
    const text = await events('?topics=health', isTold, async () => {
      await server.world?.setFault('reddit', { kind: 'down' })
      for (let count = 0; count < 8; count++) await server.router.request('posts', { limit: 2 + count }).catch(() => undefined)
      await server.world?.setFault('reddit', undefined)
    })
    expect(isTold(text)).toBe(true)
    expect(Date.now() - started).toBeLessThan(8_000) // the next one without cause comes after ten seconds
  })

  it('refuses topics that do not exist', async () => {
    for (const query of ['?topics=weather', '?topics=', '?topics=status&x=1', '?topics=status&topics=health'])
      expect((await fetch(`${server.url}/api/stream${query}`)).status).toBe(400)
  })
})
