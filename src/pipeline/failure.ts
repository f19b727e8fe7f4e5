import { BadResponseError, ProviderError } from '../errors.js'

/** Any throw as a failure of this provider. What is not ours keeps its message to itself: it may hold a URL with a key. */
export function asFailure(error: unknown, provider: string, host?: string): ProviderError {
  if (BadResponseError.is(error))
    return new BadResponseError(error.message.replace(/^[\w-]+: /, ''), { provider, host: error.host ?? host, status: error.status })
  if (ProviderError.is(error)) return error
  if (error instanceof Error && error.name === 'TimeoutError') return new ProviderError({ provider, reason: 'timeout', host })
  const code = codeOf(error)
  if (code !== undefined) return new ProviderError({ provider, reason: 'network', message: `no connection (${code})`, host })
  return new BadResponseError(error instanceof Error ? `unexpected ${error.name}` : 'unexpected throw', { provider, host })
}

/** Code of a transport's error: `ECONNREFUSED`, `ENOTFOUND`, or only that it was one. */
export function codeOf(error: unknown): string | undefined {
  let inner: unknown = error
  for (let depth = 0; depth < 4 && typeof inner === 'object' && inner !== null; depth++) {
    const { code, cause, name } = inner as { code?: unknown; cause?: unknown; name?: unknown }
    if (typeof code === 'string' && /^[A-Z_0-9]{3,40}$/.test(code)) return code
    if (name === 'NetworkError') return 'network'
    inner = cause
  }
  return undefined
}
