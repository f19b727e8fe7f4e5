import type { Handler } from './create-handler.js'

/** A request of Node's http server, and so of Express and Connect, as far as it is read here. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly socket: { readonly remoteAddress?: string | undefined }
  /** Express: minds its setting `trust proxy`. */
  readonly ip?: string | undefined
  /** What a body parser made of the body already. */
  readonly body?: unknown
}

/** A response of Node's http server. */
export interface NodeResponse {
  readonly writableFinished: boolean
  readonly headersSent: boolean
  writeHead(status: number, headers: Record<string, string>): unknown
  end(text?: string): unknown
  once(event: 'close', listener: () => void): unknown
}

/** Mounts the handler in Express, Connect, or `http.createServer`: `app.use(toExpress(handler))`. Paths that it does not know go to the next middleware. */
export function toExpress(handler: Handler): (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => Promise<void> {
  return async (incoming, outgoing, next) => {
    if (next !== undefined && !handler.has(pathOf(incoming))) return next()
    if (!METHODS.has(incoming.method ?? 'GET')) {
      outgoing.writeHead(405, { allow: [...METHODS].join(', ') })
      return void outgoing.end()
    }
    const gone = new AbortController()
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort(new DOMException('the client went away', 'AbortError'))
    })
    try {
      const request = requestOf(incoming, gone.signal)
      const answer = await handler(request, { address: incoming.ip ?? incoming.socket.remoteAddress })
      const text = await answer.text()
      if (gone.signal.aborted) return
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
      outgoing.end(text === '' ? undefined : text)
    } catch (error) {
      if (next !== undefined) next(error)
      else if (!outgoing.headersSent) outgoing.writeHead(500, {})
      if (next === undefined) outgoing.end()
    }
  }
}

/** Of others, TRACE say, there can be no request of the Fetch API. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const pathOf = ({ url = '/' }: NodeRequest): string => url.split('?', 1)[0] ?? '/'

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'proxy-authorization', 'expect'])

function requestOf(incoming: NodeRequest, signal: AbortSignal): Request {
  const { method = 'GET', url = '/' } = incoming
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name) && !name.startsWith(':')) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  // never the Host header: whoever asks writes that
  const address = `http://localhost${url.startsWith('/') ? url : `/${url}`}`
  if (method === 'GET' || method === 'HEAD') return new Request(address, { method, headers, signal })
  // `duplex` is needed for a stream, and not in the types of the DOM
  return new Request(address, { method, headers, signal, body: bodyOf(incoming), duplex: 'half' } as RequestInit)
}

function bodyOf(incoming: NodeRequest): string | ReadableStream<Uint8Array> {
  if (incoming.body !== undefined) return typeof incoming.body === 'string' ? incoming.body : JSON.stringify(incoming.body)
  const parts = incoming[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await parts.return?.()
    },
  })
}
