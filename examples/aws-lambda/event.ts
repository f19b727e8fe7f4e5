import { Buffer, isUtf8 } from 'node:buffer'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** What a Function URL sends, and an HTTP API with payload format 2.0: one shape. */
export type HttpEvent = APIGatewayProxyEventV2

// what AWS decoded on the way may hold what no HTTP header can
const POSSIBLE = /^[\t\x20-\x7e\x80-\xff]*$/

/** The request that the event tells of. Throws for an event of another shape. */
export function requestOf(event: HttpEvent): Request {
  const { version, requestContext, rawPath, rawQueryString, cookies, body } = event
  if (version !== '2.0' || requestContext?.http === undefined)
    throw new TypeError(`payload format 2.0 expected, got ${JSON.stringify(version)}: use a Function URL, or an HTTP API with that format`)
  const url = new URL(`https://${requestContext.domainName}`)
  // each set by itself: a decoded path may hold ? and #, or begin with two slashes
  url.pathname = rawPath
  url.search = rawQueryString
  const headers = new Headers()
  for (const [name, value] of Object.entries(event.headers)) if (value !== undefined && POSSIBLE.test(value)) headers.set(name, value)
  if (cookies !== undefined) headers.set('cookie', cookies.join('; '))
  const { method } = requestContext.http
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD'
  return new Request(url, { method, headers, ...(hasBody && { body: Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8') }) })
}

/** The response as Lambda wants it: text as it is, everything else in base64. */
export async function resultOf(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const isBase64Encoded = !isUtf8(bytes)
  const cookies = response.headers.getSetCookie()
  response.headers.delete('set-cookie') // Lambda takes one header of each name: cookies have a field of their own
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    ...(cookies.length > 0 && { cookies }),
    body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  }
}
