import { BadResponseError, ProviderError } from '../errors.js'
import type { FailureReason } from '../model/result.js'
import type { CallContext } from '../provider/provider.js'

/** Id of the engine. */
export const ID = 'hugging-face'

/** Longest answer that is read, in bytes: scores of one text are a few hundred. */
const MOST_BYTES = 1_000_000
/** Longest rest that a loading model may ask for, in ms. */
const MOST_LOADING_MS = 900_000

/**
 * A `fetch` for Hugging Face's client. It knows what the client leaves out: the signal on its question to the hub, the headers of a refusal, the estimated
 * time of a model that is being loaded, and the flat answer of an endpoint of one's own. Failures are thrown from here; the client passes them on.
 */
export function wireFetch({ fetch, now }: CallContext, signal: AbortSignal): typeof globalThis.fetch {
  return async (input, init) => {
    const { host, pathname } = new URL(input instanceof Request ? input.url : input)
    const { response, text } = await exchanged(() => fetch(input, { ...init, signal }), signal, host)
    const body = parsed(text)
    if (!response.ok) throw failureOf(response, body, host, now)
    if (body === undefined) throw new BadResponseError('no JSON came', { provider: ID, host, status: response.status })
    const given = host === 'huggingface.co' ? servedIn(body, pathname, host) : nested(body)
    return Response.json(given)
  }
}

async function exchanged(send: () => Promise<Response>, signal: AbortSignal, host: string): Promise<{ readonly response: Response; readonly text: string }> {
  try {
    const response = await send()
    return { response, text: await textOf(response, host) }
  } catch (error) {
    if (signal.aborted || ProviderError.is(error)) throw error
    const { code } = ((error as { cause?: unknown } | undefined)?.cause ?? {}) as { code?: unknown }
    const known = typeof code === 'string' && /^[A-Z_0-9]{3,40}$/.test(code) ? code : 'fetch failed'
    throw new ProviderError({ provider: ID, reason: 'network', message: `no connection (${known})`, host })
  }
}

async function textOf({ body, status }: Response, host: string): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (const reader = body.getReader(); ;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > MOST_BYTES) {
      await reader.cancel()
      throw new BadResponseError(`an answer of at most ${MOST_BYTES} bytes expected`, { provider: ID, host, status })
    }
    text += decoder.decode(value, { stream: true })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Text Embeddings Inference answers with one list, Hugging Face's own inference with a list of lists: the client takes only the latter. */
const nested = (body: unknown): unknown => (Array.isArray(body) && !Array.isArray(body[0]) ? [body] : body)

/** What the hub says of a model, provided that its own inference serves it. */
function servedIn(body: unknown, pathname: string, host: string): unknown {
  const { inferenceProviderMapping: mapping } = (body ?? {}) as { inferenceProviderMapping?: unknown }
  const names = Array.isArray(mapping) ? mapping.map((entry: { provider?: unknown } | null) => entry?.provider) : Object.keys(mapping ?? {})
  if (names.includes('hf-inference')) return body
  const model = decodeURIComponent(pathname.replace('/api/models/', ''))
  const message = `${model} is not served by hf-inference: use an endpoint of your own (endpointUrl) or localModel()`
  throw new ProviderError({ provider: ID, reason: 'not-found', message, host })
}

const BY_STATUS: Readonly<Record<number, FailureReason>> = {
  400: 'bad-request',
  401: 'unauthorized',
  402: 'quota-exhausted',
  408: 'unavailable',
  413: 'bad-request',
  422: 'bad-request',
  424: 'unavailable', // Text Embeddings Inference: its backend failed
  429: 'rate-limited',
  451: 'geo-blocked',
}

/** What status, headers and body of a refusal mean. */
function failureOf({ status, headers }: Pick<Response, 'status' | 'headers'>, body: unknown, host: string, now: number): ProviderError {
  const { error, estimated_time: estimate } = (typeof body === 'object' && body !== null ? body : {}) as { error?: unknown; estimated_time?: unknown }
  const init = { provider: ID, status, host, message: typeof error === 'string' ? error : undefined }
  const loads = status === 503 && typeof estimate === 'number' && estimate > 0
  if (loads) return new ProviderError({ ...init, reason: 'cold-start', retryAfterMs: Math.min(estimate * 1_000, MOST_LOADING_MS) })
  const reason = reasonOf(status, body !== undefined)
  if (reason === 'bad-response') return new BadResponseError(`unexpected status ${status}`, { provider: ID, status, host })
  // the credits of a plan come anew with the month
  const retryAfterMs = reason === 'quota-exhausted' ? monthEnd(now) - now : retryAfter(headers, now)
  return new ProviderError({ ...init, reason, retryAfterMs })
}

/** A page behind 403 is a firewall, behind 404 an address that is gone. */
function reasonOf(status: number, json: boolean): FailureReason {
  if (status === 403) return json ? 'unauthorized' : 'unavailable'
  if (status === 404) return json ? 'not-found' : 'bad-response'
  return BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'bad-response')
}

function monthEnd(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** `Retry-After` in either form, else the rest of the window in the hub's `RateLimit: "api";r=0;t=42`, in ms. */
function retryAfter(headers: Headers, now: number): number | undefined {
  const told = headers.get('retry-after') ?? /;\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]
  if (told === undefined) return undefined
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(told) ? Number(told) * 1_000 : Date.parse(told) - now
  return ms >= 0 ? ms : undefined
}
