import { checkAuthorized } from './authorize.js'
import { type Asking, askingOf } from './asking.js'
import { clientLimit } from './client-limit.js'
import { corsHeaders, preflightHeaders } from './cors.js'
import { ApiError, envelope, failureOf, notFound } from './failures.js'
import { checkedBy, jsonBody, queryOf } from './input.js'
import { type Match, type Matcher, matcher } from './match.js'
import { type Client, type HandlerOptions, resolveHandlerOptions } from './options.js'
import { recorder } from './record/recorder.js'
import { Reply } from './reply.js'
import { responseOf } from './response.js'
import type { Api, Route } from './route.js'
import type { ApiRouter } from './router.js'
import { routes } from './routes.js'

/** Answers a request. `client` says who asks, where the server knows it. */
export interface Handler {
  (request: Request, client?: Client): Promise<Response>
  /** Whether it answers at this path, whatever the method. */
  has(path: string): boolean
  /** Stops listening to the router. */
  close(): void
}

/** The REST API of a router as one Fetch-API handler. It never rejects: whatever goes wrong is an answer. Throws `ConfigError` for an option that is wrong. */
export function createHandler(router: ApiRouter, options: HandlerOptions = {}): Handler {
  const resolved = resolveHandlerOptions(options)
  const record = recorder(router, resolved)
  const api: Api = { router, options: resolved, record, routes, now: () => resolved.clock.now() }
  const paths = matcher(routes)
  const limit = clientLimit(resolved.rateLimit)

  async function handle(request: Request, client: Client = {}): Promise<Response> {
    const startedAt = resolved.clock.monotonic()
    const asking = askingOf(router, request)
    let match: Match | undefined
    let response: Response
    try {
      const url = new URL(request.url)
      const path = pathOf(url, resolved.basePath)
      limit(request, client, api.now())
      if (request.method === 'OPTIONS') return preflight(api, request, paths, path)
      match = paths.find(request.method, path)
      response = responseOf(api, request, match.route, await run(api, match, request, url, asking), asking)
    } catch (error) {
      response = responseOf(api, request, match?.route, failed(api, request, error, match), asking)
    }
    if (match) record.routes.add(match.route.method, match.route.path, response.status, resolved.clock.monotonic() - startedAt)
    for (const [name, value] of Object.entries(corsHeaders(resolved.cors, request))) response.headers.set(name, value)
    return response
  }

  return Object.assign(handle, {
    has(path: string) {
      const { basePath } = resolved
      return (path === basePath || path.startsWith(`${basePath}/`)) && paths.has(path.slice(basePath.length) || '/')
    },
    close: () => record.close(),
  })
}

/** The way of one call: may it, is its input sound, then the route. */
async function run(api: Api, { route, params }: Match, request: Request, url: URL, asking: Asking): Promise<Reply> {
  if (route.guarded) await checkAuthorized(request, api.options.authorize)
  const call = {
    api,
    request,
    params: checkedBy(route.params, params),
    query: queryOf(route.query, url),
    body: route.body === undefined ? undefined : checkedBy(route.body, await jsonBody(request, boundsOf(api, route))),
    ask: asking.ask,
    peek: asking.peek,
  }
  const answer = await route.run(call as never)
  return answer instanceof Reply ? answer : new Reply(answer, { status: route.status })
}

const boundsOf = ({ options: { maxBodyBytes, bodyTimeoutMs } }: Api, { maxBytes = 0 }: Route) => ({
  maxBodyBytes: Math.max(maxBodyBytes, maxBytes),
  bodyTimeoutMs,
})

/** What is no error of ours is told to nobody but the log; a client that went away is none. */
function failed(api: Api, request: Request, error: unknown, match: Match | undefined): Reply {
  const failure = failureOf(error)
  if (failure.status === 500 && !request.signal.aborted) api.record.failed(error, match?.route.path)
  return envelope(failure, api.now())
}

function pathOf(url: URL, basePath: string): string {
  if (basePath === '') return url.pathname
  if (url.pathname === basePath) return '/'
  if (!url.pathname.startsWith(`${basePath}/`)) throw notFound(`no such path: everything is below ${basePath}`)
  return url.pathname.slice(basePath.length)
}

/** Tells what is possible at a path, and to pages of other origins what they may. */
function preflight(api: Api, request: Request, paths: Matcher, path: string): Response {
  const headers = preflightHeaders(api.options.cors, request)
  try {
    paths.find('OPTIONS', path)
  } catch (error) {
    if (error instanceof ApiError && error.status === 405) return new Response(null, { status: 204, headers: { ...error.headers, ...headers } })
  }
  return new Response(null, { status: 404, headers })
}
