import { ConfigError } from '../errors.js'
import { ApiError } from './failures.js'
import type { Authorize } from './options.js'

const SHORTEST = 16

/**
 * Lets requests through that carry one of these tokens: `Authorization: Bearer <token>`. Compared in constant time. Throws `ConfigError` for a token of
 * fewer than 16 characters.
 */
export function bearer(...tokens: readonly string[]): Authorize {
  if (tokens.length === 0 || tokens.some((token) => token.length < SHORTEST))
    throw new ConfigError(`bearer() takes tokens of at least ${SHORTEST} characters, for example out of: openssl rand -hex 32`)
  const expected = Promise.all(tokens.map(digest))
  expected.catch(() => undefined) // told to whoever asks
  return async (request) => {
    const [, given = ''] = /^Bearer +(\S{1,1024})$/i.exec(request.headers.get('authorization') ?? '') ?? []
    const [own, others] = await Promise.all([digest(given), expected])
    // every byte of every token is looked at, whatever the first says
    return others.map((other) => areEqual(own, other)).includes(true)
  }
}

const digest = async (text: string): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

const areEqual = (a: Uint8Array, b: Uint8Array): boolean => a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0

/** Throws 403 where guarded routes are off, 401 where the request may not. */
export async function checkAuthorized(request: Request, authorize: Authorize | undefined): Promise<void> {
  if (authorize === undefined)
    throw new ApiError(403, 'this route changes or probes something and is off: give the handler authorize, for example bearer(token)')
  const may: unknown = await authorize(request) // somebody's own may give whatever it likes
  if (may !== true)
    throw new ApiError(401, 'a valid token is needed: Authorization: Bearer <token>', { headers: { 'www-authenticate': 'Bearer realm="feedmux"' } })
}
