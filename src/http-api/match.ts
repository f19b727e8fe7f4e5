import { ApiError, badRequest, notFound } from './failures.js'
import type { Route } from './route.js'

/** A route and what its path holds. */
export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

interface Pattern {
  readonly segments: readonly string[]
  readonly methods: Map<string, Route>
}

const isParameter = (segment: string): boolean => segment.startsWith('{')

/** Finds routes. */
export interface Matcher {
  /** The route of a request. Throws 404, 405 with `Allow`, or 400 for a path that can't be read. */
  find(method: string, path: string): Match
  /** The methods that a path takes, as `Allow` has them. Throws 404. */
  allowed(path: string): string
  has(path: string): boolean
}

/** Fixed segments go before `{id}`; a path of fixed segments alone is found at once. */
export function matcher(routes: readonly Route[]): Matcher {
  const patterns = new Map<string, Pattern>()
  for (const route of routes) {
    const pattern = patterns.get(route.path) ?? { segments: route.path.split('/'), methods: new Map<string, Route>() }
    patterns.set(route.path, pattern)
    if (pattern.methods.has(route.method)) throw new Error(`two routes ${route.method} ${route.path}`)
    pattern.methods.set(route.method, route)
  }
  const fixed = new Map([...patterns].filter(([, { segments }]) => !segments.some(isParameter)))
  const variable = [...patterns.values()].filter(({ segments }) => segments.some(isParameter)).sort((a, b) => order(a).localeCompare(order(b)))
  const patternOf = (path: string): Pattern | undefined => fixed.get(path) ?? fitting(variable, path.split('/'))
  const known = (path: string): Pattern => {
    const pattern = patternOf(path)
    if (pattern === undefined) throw notFound(`no such path ${path.slice(0, 100)}: see /openapi.json`)
    return pattern
  }
  return {
    has: (path) => patternOf(path) !== undefined,
    allowed: (path) => allowOf(known(path)),
    find(method, path) {
      const pattern = known(path)
      const route = pattern.methods.get(method === 'HEAD' ? 'GET' : method)
      if (route === undefined) throw notAllowed(method, pattern)
      return { route, params: paramsOf(pattern, path) }
    },
  }
}

// fixed segments sort before parameters, from the left
const order = ({ segments }: Pattern): string => segments.map((segment) => (isParameter(segment) ? '1' : '0')).join('')

const fitting = (patterns: readonly Pattern[], asked: readonly string[]): Pattern | undefined =>
  patterns.find(
    ({ segments }) =>
      segments.length === asked.length && segments.every((segment, index) => (isParameter(segment) ? asked[index] !== '' : segment === asked[index])),
  )

const allowOf = ({ methods }: Pattern): string => [...methods.keys(), ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')

function notAllowed(method: string, pattern: Pattern): ApiError {
  const allow = allowOf(pattern)
  return new ApiError(405, `${method.slice(0, 20)} is not possible here, only ${allow}`, { headers: { allow } })
}

function paramsOf({ segments }: Pattern, path: string): Record<string, string> {
  const found: Record<string, string> = {}
  const asked = path.split('/')
  for (const [index, segment] of segments.entries()) if (isParameter(segment)) found[segment.slice(1, -1)] = decoded(asked[index] ?? '')
  return found
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw badRequest(`the path holds ${JSON.stringify(text.slice(0, 100))}, which can't be decoded`)
  }
}
