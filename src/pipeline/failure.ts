import { BadResponseError, ProviderError } from '../errors.js'
import { redact } from '../http/redact.js'
import type { AnyProvider } from '../provider/provider.js'
import type { Secret } from '../provider/secret.js'

/** Any throw as a failure of this provider. What is not ours keeps its message to itself: it may hold a URL with a key. */
export function asFailure(error: unknown, { id: provider, apiKey }: Pick<AnyProvider, 'id' | 'apiKey'>, host?: string): ProviderError {
  if (ProviderError.is(error)) return madeAnew(error, provider, apiKey, host)
  if (error instanceof Error && error.name === 'TimeoutError') return new ProviderError({ provider, reason: 'timeout', host })
  const code = codeOf(error)
  if (code !== undefined)
    return new ProviderError({
      provider,
      reason: 'network',
      message: `no connection (${code})`,
      host,
    })
  return new BadResponseError(error instanceof Error ? `unexpected ${error.name}` : 'unexpected throw', { provider, host })
}

/** An error of ours, without what its author may have hung on it, and of this copy of the package. */
function madeAnew(error: ProviderError, provider: string, apiKey: Secret | undefined, host: string | undefined): ProviderError {
  const { status, retryAfterMs } = error
  const reason = error.reason === 'aborted' ? 'network' : error.reason // only our own signal ends a request
  // the constructor writes the provider before the text, and the status behind it
  const text = error.message.replace(`${error.provider}: `, '').replace(` (HTTP ${status})`, '')
  const message = redact(text, apiKey)
  const init = { provider, reason, status, retryAfterMs, host: error.host ?? host }
  return BadResponseError.is(error) ? new BadResponseError(message, init) : new ProviderError({ ...init, message })
}

/** Code of a transport's error: `ECONNREFUSED`, `ENOTFOUND`, or only that it was one. */
export function codeOf(error: unknown): string | undefined {
  let inner: unknown = error
  let isNetwork = false
  for (let depth = 0; depth < 4 && typeof inner === 'object' && inner !== null; depth++) {
    const { code, cause, name } = inner as { code?: unknown; cause?: unknown; name?: unknown }
    if (typeof code === 'string' && /^[A-Z_0-9]{3,40}$/.test(code)) return code
    isNetwork ||= name === 'NetworkError' // what it hides may tell more
    inner = cause
  }
  return isNetwork ? 'network' : undefined
}
