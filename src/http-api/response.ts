import type { Asking } from './asking.js'
import { dataHeaders, hasTag, tagOf, tagOfText } from './caching.js'
import type { Reply } from './reply.js'
import type { Api, Route } from './route.js'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Of every answer: what is no page runs and loads nothing, wherever it is shown. */
const SAFE = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** What is sent. Names of headers are in lower case. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Nothing for 204 and 304, and for HEAD. */
  readonly text?: string
}

/** The answer to a request, with the headers that its kind has. */
export function answerOf(api: Api, request: Request, route: Route | undefined, reply: Reply, asking: Asking): Answer {
  const { status = 200, headers: own, results } = reply.init
  const { body } = reply
  const isText = typeof body === 'string'
  const headers: Record<string, string> = {
    'content-type': isText ? 'text/plain; charset=utf-8' : JSON_TYPE,
    ...SAFE,
    ...cachingOf(api, status, route, reply, asking),
    ...own,
  }
  const text = isText ? body : JSON.stringify(body)
  if (status === 204) return { status, headers: withoutBody(headers) }
  if (status === 200 && request.method !== 'POST' && headers['cache-control'] !== 'no-store') {
    const tag = (headers['etag'] ??= results === undefined ? tagOfText(text) : tagOf(request.url, results))
    if (hasTag(request, tag)) return { status: 304, headers: withoutBody(headers) }
  }
  if (request.method !== 'HEAD') return { status, headers, text }
  return { status, headers: { ...headers, 'content-length': String(new TextEncoder().encode(text).length) } }
}

function cachingOf(api: Api, status: number, route: Route | undefined, { init: { results } }: Reply, asking: Asking): Record<string, string> {
  if (status >= 400 || route === undefined || route.kind === 'state' || route.guarded) return { 'cache-control': 'no-store' }
  if (route.kind === 'page') return { 'cache-control': 'public, max-age=60' }
  if (results === undefined) return { 'cache-control': 'no-store' }
  const headers = dataHeaders(results, asking.freshUntil(), api.now())
  return route.method === 'GET' ? headers : { ...headers, 'cache-control': 'no-store' } // the answer to a body fits no other body
}

function withoutBody(headers: Record<string, string>): Record<string, string> {
  delete headers['content-type']
  return headers
}
