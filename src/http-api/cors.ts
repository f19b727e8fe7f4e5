import type { Cors } from './options.js'

const METHODS = 'GET, HEAD, POST, PUT, DELETE, OPTIONS'
const EXPOSED = 'ETag, Retry-After, X-Feedmux-Provider, X-Feedmux-Cache, X-Feedmux-Attempts'

/** Headers that let a page of another origin read; none where CORS is off or the origin is not among those. */
export function corsHeaders(cors: Cors | undefined, request: Request): Record<string, string> {
  const origin = request.headers.get('origin')
  if (cors === undefined) return {}
  const vary = cors.origins === '*' ? {} : { vary: 'Origin' }
  if (origin === null || !(cors.origins === '*' || cors.origins.includes(origin))) return vary
  return { ...vary, 'access-control-allow-origin': cors.origins === '*' ? '*' : origin, 'access-control-expose-headers': EXPOSED }
}

/** The same of a preflight. */
export function preflightHeaders(cors: Cors | undefined, request: Request): Record<string, string> {
  const headers = corsHeaders(cors, request)
  if (headers['access-control-allow-origin'] === undefined) return headers
  return {
    ...headers,
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': 'authorization, content-type, if-none-match',
    'access-control-max-age': String(cors?.maxAgeSeconds ?? 600),
  }
}
