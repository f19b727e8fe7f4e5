import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import express, { type Express, type Request, type Response } from 'express'
import { type Handler, toExpress } from 'feedmux/http-api'
import { readableFrom } from './cors.ts'

const EXAMPLES = join(import.meta.dirname, '..')
const WIDGET = join(EXAMPLES, 'status-widget')
const PAGE = join(WIDGET, 'pages/phase2-demo.html')
const CHARTS = join(EXAMPLES, '../node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.mjs')

const POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self' ws: wss:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** What the app is made of. */
export interface AppParts {
  readonly handler: Handler
  /** Serves `/api/stream`. */
  readonly stream: (request: Request, response: Response) => void
  readonly simulation: express.Router
  readonly history: express.Router
  /** Whether any provider has answered since the start: before that nobody knows whether there is a network at all. */
  readonly isWarm: () => boolean
  /** Origins of pages that may use the elements' modules, the event stream and the history. */
  readonly cors?: readonly string[] | undefined
  /** Address or number of proxies whose `X-Forwarded-For` is believed. */
  readonly trustProxy?: string | number | undefined
}

/** Pages, streams and the example's own routes; all else is the API. */
export function appOf({ handler, stream, simulation, history, isWarm, cors, trustProxy }: AppParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  if (trustProxy !== undefined) app.set('trust proxy', trustProxy)
  app.use((_request, response, next) => {
    response.set({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    next()
  })
  app.use(['/static', '/api/stream', '/api/history'], readableFrom(cors))
  app.get(['/', '/static/pages/phase2-demo.html', '/test_websocket.html', '/test_websocket_dashboard.html'], (_request, response, next) =>
    response.sendFile(PAGE, (error) => error && next()),
  )
  app.get('/static/vendor/lightweight-charts.mjs', (_request, response, next) => response.sendFile(CHARTS, (error) => error && next()))
  app.use('/static', express.static(WIDGET, { index: false, redirect: false, dotfiles: 'ignore' }))
  app.get('/api/stream', stream)
  app.use('/api/simulation', simulation)
  app.use('/api/history', history)
  app.get('/ready', (_request, response, next) => (isWarm() ? next() : notReady(handler, response)))
  app.use(toExpress(handler))
  app.use((request, response) => fail(response, 404, 'not-found', `no such path ${request.path.slice(0, 100)}: see /docs`))
  app.use(failed)
  return app
}

/** Who asks, by the setting `trust proxy`, also where Express does not see the request: it makes requests its own in this way. */
export const addressOf = (app: Express, request: IncomingMessage): string | undefined => (Object.setPrototypeOf(request, app.request) as Request).ip

async function notReady(handler: Handler, response: Response): Promise<void> {
  const told = (await (await handler(new Request('http://localhost/ready'))).json()) as object
  response
    .status(503)
    .set('cache-control', 'no-store')
    .json({ ...told, ready: false, reason: 'no provider has answered since the start' })
}

// Express knows an error handler by its four parameters.
function failed(error: unknown, _request: Request, response: Response, _next: () => void): void {
  const told = (error as { status?: unknown }).status
  const status = typeof told === 'number' && told >= 400 && told < 500 ? told : 500
  if (!response.headersSent)
    fail(response, status, status === 500 ? 'internal' : 'bad-request', status === 500 ? 'something went wrong' : 'the request is wrong')
}

const fail = (response: Response, status: number, code: string, error: string): void =>
  void response.status(status).json({ success: false, error, code, timestamp: new Date().toISOString(), data: null })
