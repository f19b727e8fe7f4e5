import { checkAuthorized } from './authorize.js'
import { type Asking, askingOf } from './asking.js'
import { clientLimit } from './client-limit.js'
import { corsHeaders, preflightHeaders } from './cors.js'
import { envelope, failureOf, notFound } from './failures.js'
import { bodyOf, checkedBy, queryOf } from './input.js'
import type { Match } from './match.js'
import { type Client, type HandlerOptions, resolveHandlerOptions } from './options.js'
import { recorder } from './record/recorder.js'
import { Reply } from './reply.js'
import { type Answer, answerOf } from './response.js'
import type { Api, Route } from './route.js'
import type { ApiRouter } from './router.js'
import { allRoutes, matcherAt } from './routes.js'

/** Answers a request. `client` says who asks, where the server knows it. */
export interface Handler {
  (request: Request, client?: Client): Promise<Response>
  /** The same without a `Response`, for servers that have one of their own. */
  answer(request: Request, client?: Client): Promise<Answer>
  /** Whether it answers at this path, whatever the method. */
  has(path: string): Promise<boolean>
  /** Stops listening to the router. */
  close(): void
}

/** The REST API of a router as one Fetch-API handler. It never rejects: whatever goes wrong is an answer. Throws `ConfigError` for an option that is wrong. */
export function createHandler(router: ApiRouter, options: HandlerOptions = {}): Handler {
  const resolved = resolveHandlerOptions(options)
  const record = recorder(router, resolved)
  const api: Api = { router, options: resolved, record, routes: allRoutes, now: () => resolved.clock.now() }
  const door: Door = { api, limit: clientLimit(resolved.rateLimit) }
  const answer = (request: Request, client: Client = {}): Promise<Answer> => answered(door, request, client)
  const handle = async (request: Request, client?: Client): Promise<Response> => {
    const { text = null, ...init } = await answer(request, client)
    return new Response(text, init)
  }
  return Object.assign(handle, {
    answer,
    async has(path: string) {
      const { basePath } = resolved
      if (path !== basePath && !path.startsWith(`${basePath}/`)) return false
      const inside = path.slice(basePath.length) || '/'
      return (await matcherAt(inside)).has(inside)
    },
    close: () => record.close(),
  })
}

/** What a request passes on its way to a route. */
interface Door {
  readonly api: Api
  readonly limit: ReturnType<typeof clientLimit>
}

async function answered({ api, limit }: Door, request: Request, client: Client): Promise<Answer> {
  const { router, record, options } = api
  const startedAt = options.clock.monotonic()
  const asking = askingOf(router, request)
  let match: Match | undefined
  let answer: Answer
  try {
    const url = new URL(request.url)
    const path = pathOf(url, options.basePath)
    limit(request, client, api.now())
    const paths = await matcherAt(path)
    if (request.method === 'OPTIONS') return answerOf(api, request, undefined, preflight(api, request, paths.allowed(path)), asking)
    match = paths.find(request.method, path)
    answer = answerOf(api, request, match.route, await run(api, match, request, url, asking), asking)
  } catch (error) {
    answer = answerOf(api, request, match?.route, failed(api, request, error, match), asking)
  }
  // a client that went away is no failure of a route
  if (match && !request.signal.aborted) record.routes.add(match.route.method, match.route.path, answer.status, options.clock.monotonic() - startedAt)
  return { ...answer, headers: { ...answer.headers, ...corsHeaders(options.cors, request) } }
}

/** The way of one call: may it, is its input sound, then the route. */
async function run(api: Api, { route, params }: Match, request: Request, url: URL, asking: Asking): Promise<Reply> {
  if (route.guarded) await checkAuthorized(request, api.options.authorize)
  const call = {
    api,
    request,
    params: checkedBy(route.params, params),
    query: queryOf(route.query, url),
    body: route.body && (await bodyOf(route.body, request, boundsOf(api, route))),
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
const preflight = ({ options: { cors } }: Api, request: Request, allow: string): Reply =>
  new Reply('', { status: 204, headers: { allow, ...preflightHeaders(cors, request) } })
