import { bearer, createHandler, type Handler, type HandlerOptions } from '../../src/http-api/index.js'
import { allRoutes } from '../../src/http-api/routes.js'
import type { AnyProvider } from '../../src/provider/provider.js'
import type { RouterOptions } from '../../src/router/options.js'
import { ProviderRouter } from '../../src/router/provider-router.js'
import { type FakeClock, fakeClock } from '../../src/testing/index.js'

const routes = await allRoutes()

/** Start of every test's time: the beginning of a minute, an hour and a day. */
export const NOW = Date.UTC(2026, 0, 1)
export const TOKEN = 'of-tests-only-0123456789'

/** An answer, read. */
interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** A router and the API before it, in a time that only the test moves. */
export interface Served {
  readonly clock: FakeClock
  readonly router: ProviderRouter
  readonly handler: Handler
  readonly get: (path: string) => Promise<Answer>
  /** With the token and a JSON body; `null`: without one. */
  readonly send: (method: 'POST' | 'PUT' | 'DELETE' | 'GET', path: string, body?: unknown, token?: string | null) => Promise<Answer>
}

export function served(
  providers: readonly AnyProvider[],
  { options = {}, clock = fakeClock(NOW), ...router }: Partial<RouterOptions> & { options?: HandlerOptions; clock?: FakeClock } = {},
): Served {
  const own = new ProviderRouter({ clock, random: () => 0.5, ...router, providers })
  const handler = createHandler(own, { authorize: bearer(TOKEN), rateLimit: false, clock, ...options })
  const send: Served['send'] = async (method, path, body, token = TOKEN) => {
    const headers = { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) }
    const response = await handler(new Request(`http://api.test${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }))
    const text = await response.text()
    const answer = { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> }
    checkDescribed(method, path, answer)
    return answer
  }
  return { clock, router: own, handler, send, get: (path) => send('GET', path, undefined, null) }
}

/** Every answer that went well must be what its route describes. */
function checkDescribed(method: string, path: string, { status, body }: Answer): void {
  if (status >= 300) return
  const plain = path.split('?', 1)[0] ?? ''
  const fitting = routes.filter((route) => route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain))
  const found = fitting.find((route) => route.path === plain) ?? fitting[0]
  const result = found?.answer?.safeParse(body)
  if (result?.success === false) throw new Error(`${method} ${path} is not what its route describes: ${result.error.message}`)
}

/** The names and types in an answer, so that a field that goes or is renamed is seen. Elements of a list are put together. */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 0 ? [] : [value.map(shapeOf).reduce(together)]
  if (typeof value !== 'object') return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]))
}

function together(a: unknown, b: unknown): unknown {
  if (isPlain(a) && isPlain(b)) {
    return Object.fromEntries(
      [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [name, name in a && name in b ? together(a[name], b[name]) : (a[name] ?? b[name])]),
    )
  }
  if (Array.isArray(a) && Array.isArray(b)) return a.length === 0 ? b : b.length === 0 ? a : [together(a[0], b[0])]
  if (JSON.stringify(a) === JSON.stringify(b)) return a
  return isPlain(a) || Array.isArray(a)
    ? a
    : isPlain(b) || Array.isArray(b)
      ? b
      : [...new Set([...String(a).split(' | '), ...String(b).split(' | ')])].sort().join(' | ')
}

const isPlain = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
