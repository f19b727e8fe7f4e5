import type { Handler } from './create-handler.js'
import type { Client } from './options.js'
import type { Answer } from './response.js'

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
  end(bytes?: Uint8Array): unknown
  once(event: 'close', listener: () => void): unknown
}

/** What `createHandler()` gives, or a function of your own around it: that one answers all paths. */
export type Mountable = ((request: Request, client?: Client) => Promise<Response>) & Partial<Pick<Handler, 'answer' | 'has'>>

/** Mounts the handler in Express, Connect, or `http.createServer`: `app.use(toExpress(handler))`. Paths that it does not know go to the next middleware. */
export function toExpress(handler: Mountable): (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => Promise<void> {
  const answer = handler.answer ?? ((request: Request, client: Client) => handler(request, client).then(plain))
  return async (incoming, outgoing, next) => {
    const gone = new AbortController()
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort(new DOMException('the client went away', 'AbortError'))
    })
    // where its routes can't be loaded the answer says so
    if (next !== undefined && (await handler.has?.(pathOf(incoming)).catch(() => true)) === false) return next()
    if (NOT_IN_FETCH.has(incoming.method ?? 'GET')) {
      outgoing.writeHead(405, { allow: 'GET, HEAD, POST, PUT, DELETE, OPTIONS' })
      return void outgoing.end()
    }
    try {
      const request = requestOf(incoming, gone.signal)
      const { status, headers, text } = await answer(request, { address: incoming.ip ?? incoming.socket.remoteAddress })
      if (gone.signal.aborted) return
      const bytes = text === undefined ? undefined : new TextEncoder().encode(text)
      outgoing.writeHead(status, bytes === undefined ? { ...headers } : { ...headers, 'content-length': String(bytes.length) })
      outgoing.end(bytes)
    } catch (error) {
      if (next !== undefined) next(error)
      else if (!outgoing.headersSent) outgoing.writeHead(500, {})
      if (next === undefined) outgoing.end()
    }
  }
}

const plain = async (response: Response): Promise<Answer> => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  ...(response.body !== null && { text: await response.text() }),
})

/** Methods of which there can be no `Request` (https://fetch.spec.whatwg.org/#forbidden-method). */
const NOT_IN_FETCH = new Set(['CONNECT', 'TRACE', 'TRACK'])

/** Path and query: a request may begin with a whole address, too (https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2). */
const targetOf = ({ url = '/' }: NodeRequest): string => (url.startsWith('/') ? url : url.replace(/^(?:https?:\/\/[^/?#]*)?\/?/i, '/'))

const pathOf = (incoming: NodeRequest): string => targetOf(incoming).split(/[?#]/, 1)[0] ?? '/'

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'proxy-authorization', 'expect'])

function requestOf(incoming: NodeRequest, signal: AbortSignal): Request {
  const { method = 'GET' } = incoming
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name) && !name.startsWith(':')) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  // never the Host header: whoever asks writes that
  const address = `http://localhost${targetOf(incoming)}`
  if (method === 'GET' || method === 'HEAD') return new Request(address, { method, headers, signal })
  // `duplex` is needed for a stream, and not in the types of the DOM
  return new Request(address, { method, headers, signal, body: bodyOf(incoming), duplex: 'half' } as RequestInit)
}

function bodyOf(incoming: NodeRequest): BodyInit {
  const { body } = incoming
  if (body !== undefined) return typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : jsonOf(body)
  let parts: AsyncIterator<Uint8Array> | undefined
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      parts ??= incoming[Symbol.asyncIterator]()
      const { done, value } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await parts?.return?.()
    },
  }
  // nothing is read before somebody asks: Node keeps the connection of a request whose body nobody touched, and closes the others
  return new ReadableStream(source, { highWaterMark: 0 })
}

/** What a parser made of a body, as it was; what is too deep to be written again is no JSON here either. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch {
    return 'too deep'
  }
}
