import { BadResponseError } from '../errors.js'

/** Most bytes of an answer that are read where its request says nothing else: DefiLlama's lists of yields have half of it. */
const MAX_BYTES = 32_000_000

/**
 * The body of an answer as text. JSON is UTF-8; a text says its encoding by its first bytes, in its content type or in its XML prolog. Rejects with
 * `BadResponseError` as soon as it is longer than `most` bytes, and ends the connection.
 */
export async function bodyOf(response: Response, as: 'json' | 'text', most = MAX_BYTES): Promise<string> {
  const { headers } = response
  const told = Number(headers.get('content-length') ?? Number.NaN)
  // what is sent compressed, or without its length, is counted while it comes
  if (as === 'json' && told <= most && !headers.has('content-encoding')) return response.text()
  if (!isStream(response.body)) return textOf(response, most)
  const bytes = await bytesOf(response.body, most)
  return decoded(bytes, as === 'json' ? 'utf-8' : (encodingOf(bytes, headers.get('content-type') ?? '') ?? 'utf-8'))
}

/** React Native has none, and node-fetch one of another kind. */
const isStream = (body: unknown): body is ReadableStream<Uint8Array> => typeof (body as Partial<ReadableStream> | null | undefined)?.getReader === 'function'

const tooLong = (most: number): BadResponseError => new BadResponseError(`an answer of at most ${most} bytes expected, more came`)

async function textOf(response: Response, most: number): Promise<string> {
  const text = await response.text()
  if (text.length > most) throw tooLong(most)
  return text
}

async function bytesOf(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value)
    length += part.value.length
    if (length <= most) continue
    reader.cancel().catch(() => undefined)
    throw tooLong(most)
  }
  const [only] = chunks
  if (chunks.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

const CHARSET = /charset=["']?([\w-]+)/i
const PROLOG = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w-]+)["']/

function encodingOf(bytes: Uint8Array, type: string): string | undefined {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xef && second === 0xbb) return 'utf-8'
  return CHARSET.exec(type)?.[1] ?? PROLOG.exec(String.fromCharCode(...bytes.subarray(0, 200)))?.[1]
}

function decoded(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes) // an encoding that the runtime does not know
  }
}
