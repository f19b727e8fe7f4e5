import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const FOLDER = 'examples/status-widget'
const CHARTS = 'node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.mjs'
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.html': 'text/html' }

/** The policy that the example server sends with its pages; `HERE` stands for one more origin. */
const POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self' ws: wss: HERE; frame-ancestors 'none'; base-uri 'none'"

/** What a path answers: a body, or a status with one; a promise is an answer that takes its time. */
type Answer = object | undefined
interface Refused {
  readonly refused: number
  readonly body?: unknown
}

/** A server whose answers a test holds in its hands. */
export interface Fixture {
  readonly url: string
  /** By path, without the query; a function is asked each time. */
  readonly answers: Map<string, Answer | (() => Answer | Promise<Answer>)>
  /** Paths in the order in which they were asked, each with its query. */
  readonly asked: string[]
  count(path: string): number
  /** The most requests of `path` that were under way at once. */
  mostAtOnce(path: string): number
  /** Sends an event to whoever listens at `/api/stream`; gives how many that are. */
  tell(topic: string, body: unknown): number
  /** Ends all streams. */
  hangUp(): void
  /** Whether `/api/stream` is served. */
  streams: boolean
  /** An origin besides its own that its pages may ask. */
  elsewhere: string
  /** As at the start. */
  reset(): void
  close(): Promise<void>
}

/** A page with these elements, under the real policy. */
const pageOf = (elements: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>feedmux</title><link rel="icon" href="data:,">
<script type="module" src="/static/feedmux-health.js"></script><script type="module" src="/static/feedmux-status.js"></script></head>
<body><main><h1>feedmux</h1>${elements}</main></body></html>`

export async function startFixture(): Promise<Fixture> {
  const listeners = new Map<ServerResponse, string>()
  const under = new Map<string, number>()
  const most = new Map<string, number>()
  const fixture = { url: '', answers: new Map<string, Answer>(), asked: [] as string[], streams: false, elsewhere: '' }

  async function api(path: string, response: ServerResponse): Promise<void> {
    const now = (under.get(path) ?? 0) + 1
    under.set(path, now)
    most.set(path, Math.max(most.get(path) ?? 0, now))
    const held = fixture.answers.get(path)
    const answer: Answer = await Promise.resolve(typeof held === 'function' ? (held as () => Answer | Promise<Answer>)() : held)
    under.set(path, (under.get(path) ?? 1) - 1)
    if (isRefused(answer)) json(response, answer.refused, answer.body ?? { success: false, error: 'the test refuses', data: null })
    else if (answer === undefined) json(response, 404, { success: false, error: 'no such path', data: null })
    else json(response, 200, answer)
  }

  function listen(url: URL, response: ServerResponse): void {
    if (!fixture.streams) return json(response, 404, { success: false })
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': here\n\n')
    listeners.set(response, url.searchParams.get('topics') ?? '')
    response.once('close', () => listeners.delete(response))
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    response.setHeader('content-security-policy', POLICY.replace(' HERE', fixture.elsewhere && ` ${fixture.elsewhere}`))
    if (url.pathname === '/page') return html(response, pageOf(url.searchParams.get('with') ?? ''))
    if (url.pathname === '/') return file(response, join(FOLDER, 'pages/phase2-demo.html'))
    if (url.pathname === '/static/vendor/lightweight-charts.mjs') return file(response, CHARTS)
    if (url.pathname.startsWith('/static/')) return file(response, join(FOLDER, normalize(url.pathname.slice('/static'.length))))
    fixture.asked.push(url.pathname + url.search)
    return url.pathname === '/api/stream' ? listen(url, response) : api(url.pathname, response)
  }

  const hangUp = (): void => listeners.forEach((_, response) => response.end())

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  return Object.assign(fixture, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (path: string) => fixture.asked.filter((one) => one.split('?')[0] === path).length,
    mostAtOnce: (path: string) => most.get(path) ?? 0,
    tell(topic: string, body: unknown) {
      const own = [...listeners].filter(([, topics]) => topics.split(',').includes(topic))
      for (const [response] of own) response.write(`event: ${topic}\ndata: ${JSON.stringify(body)}\n\n`)
      return own.length
    },
    hangUp,
    reset() {
      hangUp()
      fixture.answers.clear()
      fixture.asked.length = 0
      fixture.streams = false
      fixture.elsewhere = ''
      most.clear()
      under.clear()
    },
    async close() {
      server.closeAllConnections()
      await new Promise((done) => {
        server.close(done)
      })
    },
  })
}

const isRefused = (answer: unknown): answer is Refused => typeof answer === 'object' && answer !== null && 'refused' in answer

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

function html(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(text)
}

async function file(response: ServerResponse, path: string): Promise<void> {
  const text = await readFile(path).catch(() => undefined)
  if (text === undefined) return void response.writeHead(404).end()
  response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain', 'cache-control': 'max-age=600' })
  response.end(text)
}
