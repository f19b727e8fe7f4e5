import type { Request, Response } from 'express'
import type { Handler } from 'feedmux/http-api'
import type { ServerRouter } from '../providers.ts'
import { answerOf } from './answers.ts'

const TOPICS = ['status', 'health'] as const
type Topic = (typeof TOPICS)[number]

const EVERY_MS: Readonly<Record<Topic, number>> = { status: 3_000, health: 10_000 }
const COMMENT_MS = 15_000
const SOON_MS = 100
const MAX_STREAMS = 500
const MAX_UNREAD_BYTES = 1_048_576

/** Server-sent events for pages: the API's own answers, read once for everybody who listens, and at once after a breaker changed. */
export class EventStreams {
  readonly #router: ServerRouter
  readonly #handler: Handler
  readonly #streams = new Map<Response, readonly Topic[]>()
  readonly #timers = new Map<Topic | 'comment', NodeJS.Timeout>()
  #soon: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(router: ServerRouter, handler: Handler) {
    this.#router = router
    this.#handler = handler
    router.on('breaker-changed', this.#changed)
  }

  /** Serves `GET /api/stream?topics=status,health`. */
  serve(request: Request, response: Response): void {
    const topics = topicsOf(request)
    if (topics === undefined) return refuse(response, 400, `topics must be some of ${TOPICS.join(', ')}, separated by commas`)
    if (this.#isClosed) return refuse(response, 503, 'the server is going down')
    if (this.#streams.size >= MAX_STREAMS) return refuse(response.setHeader('retry-after', '30'), 503, `${MAX_STREAMS} streams are open already`)
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    if (request.method === 'HEAD') return void response.end()
    response.write('retry: 3000\n\n')
    this.#streams.set(response, topics)
    response.once('close', () => {
      this.#streams.delete(response)
      this.#arrange()
    })
    this.#arrange()
    for (const topic of topics) void this.#tell(topic, [response])
  }

  close(): void {
    this.#isClosed = true
    this.#router.off('breaker-changed', this.#changed)
    clearTimeout(this.#soon)
    for (const timer of this.#timers.values()) clearInterval(timer)
    for (const response of this.#streams.keys()) response.end()
  }

  readonly #changed = (): void => {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined
      void this.#tell('health')
    }, SOON_MS)
  }

  #listeners(topic: Topic): Response[] {
    return [...this.#streams].flatMap(([response, topics]) => (topics.includes(topic) ? [response] : []))
  }

  async #tell(topic: Topic, to = this.#listeners(topic)): Promise<void> {
    if (to.length === 0) return
    const body = topic === 'status' ? await answerOf(this.#handler, '/api/system/status') : await healthOf(this.#handler)
    if (body !== undefined) for (const response of to) write(response, `event: ${topic}\ndata: ${JSON.stringify(body)}\n\n`)
  }

  /** Timers run only while somebody listens. */
  #arrange(): void {
    const wanted = new Set<Topic | 'comment'>([...this.#streams.values()].flat())
    if (this.#streams.size > 0) wanted.add('comment')
    for (const [name, timer] of this.#timers) {
      if (wanted.has(name)) continue
      clearInterval(timer)
      this.#timers.delete(name)
    }
    for (const name of wanted) if (!this.#timers.has(name)) this.#timers.set(name, this.#timerOf(name))
  }

  #timerOf(name: Topic | 'comment'): NodeJS.Timeout {
    if (name !== 'comment') return setInterval(() => void this.#tell(name), EVERY_MS[name])
    return setInterval(() => {
      for (const response of this.#streams.keys()) write(response, ': here\n\n')
    }, COMMENT_MS)
  }
}

/** Who does not read is dropped. What comes after the end is for nobody: an answer may have been under way. */
function write(response: Response, text: string): void {
  if (response.writableEnded) return
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy()
  else response.write(text)
}

/** All three routes that the health widget shows. */
async function healthOf(handler: Handler): Promise<object | undefined> {
  const [health, binance, breakers] = await Promise.all(
    ['/api/system/providers/health', '/api/system/binance/health', '/api/system/circuit-breakers'].map((path) => answerOf(handler, path)),
  )
  return health === undefined || breakers === undefined ? undefined : { health, binance: binance ?? null, breakers }
}

function topicsOf({ query }: Request): readonly Topic[] | undefined {
  const { topics = TOPICS.join(','), ...others } = query
  if (typeof topics !== 'string' || Object.keys(others).length > 0) return undefined
  const asked = topics.split(',').filter((topic) => topic !== '')
  const known = TOPICS.filter((topic) => asked.includes(topic))
  return known.length > 0 && known.length === new Set(asked).size ? known : undefined
}

function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ success: false, error, code: status === 400 ? 'bad-request' : 'unavailable', timestamp: new Date().toISOString(), data: null })
}
