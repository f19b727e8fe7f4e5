import type { KyInstance } from 'ky'
import { bodyOf } from './body.js'

/** One request as it goes out. */
export interface OutgoingRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  readonly as: 'json' | 'text'
  /** Most bytes of an answer that are read. */
  readonly maxBytes?: number | undefined
  readonly signal: AbortSignal | undefined
  /** Whether redirects are followed. Never with a key: fetch takes custom headers along to any host. */
  readonly follow: boolean
}

/** What came back, whatever its status. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON, or the text where it is none. */
  readonly body: unknown
  /** Whether the body was JSON. */
  readonly json: boolean
}

let client: Promise<KyInstance> | undefined

// ky is loaded with the first call: importing feedmux and building a router cost nothing of it.
const load = (): Promise<KyInstance> => (client ??= import('ky').then(({ default: ky }) => ky))

/**
 * Sends one request, once. Any status resolves; rejects with what the transport says when there is no answer, and with
 * the signal's reason after an abort; with `BadResponseError` for a body that is too long. What the transport says may hold the URL with its key: never let it out.
 */
export async function send(request: OutgoingRequest, fetch: typeof globalThis.fetch | undefined): Promise<Answer> {
  const ky = await load()
  const { signal } = request
  const transport = fetch ?? globalThis.fetch.bind(globalThis)
  const response = await ky(request.url, {
    method: request.method,
    headers: request.headers ?? {},
    redirect: request.follow ? 'follow' : 'manual',
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // Said again beside ky's Request: undici holds a Request's own signal weakly, and an abort no longer reached a body under way.
    fetch: (input, init) => transport(input, signal ? { ...init, signal } : init),
    ...(request.body !== undefined && { body: request.body }),
    ...(signal && { signal }),
  })
  const { status, headers } = response
  const text = await bodyOf(response, request.as, request.maxBytes)
  if (request.as === 'text') return { status, headers, body: text, json: false }
  const parsed = parseJson(text)
  return parsed === undefined ? { status, headers, body: text, json: false } : { status, headers, body: parsed, json: true }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
