import type { z } from 'zod'
import { ApiError, badRequest } from './failures.js'

/** Longest query, in characters. */
const MOST_QUERY = 4_096

/** The query as a route's schema wants it. Throws 400 naming the parameter, or 414. */
export function queryOf<Q extends z.ZodObject>(schema: Q | undefined, url: URL): z.output<Q> {
  if (url.search.length > MOST_QUERY) throw new ApiError(414, `the query has ${url.search.length} characters, ${MOST_QUERY} are allowed`)
  const shape = schema?.shape ?? {}
  const values: Record<string, unknown> = {}
  for (const name of new Set(url.searchParams.keys())) {
    if (!Object.hasOwn(shape, name)) throw badRequest(unknownParameter(name, Object.keys(shape)))
    const texts = url.searchParams.getAll(name)
    if (texts.length > 1) throw badRequest(`${name} is given ${texts.length} times: give it once`)
    values[name] = typed(shape[name] as z.ZodType, texts[0] ?? '')
  }
  return checkedBy(schema, values)
}

function unknownParameter(name: string, known: readonly string[]): string {
  const takes = known.length === 0 ? 'this route takes none' : `this route takes ${known.join(', ')}`
  return `unknown parameter ${shown(name)}: ${takes}`
}

const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A text of a query in the type that its schema wants; one that does not look like it stays a text, and is refused with its own name. */
function typed(schema: z.ZodType, text: string): unknown {
  const { def } = schema as unknown as { def: { type: string; innerType?: z.ZodType; in?: z.ZodType } }
  const inner = def.innerType ?? def.in
  if (inner !== undefined) return typed(inner, text)
  if (def.type === 'number' && NUMBER.test(text)) return Number(text)
  if (def.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  if (def.type === 'array') return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
  return text
}

/** The value as the schema gives it. Throws 400 with the first thing that is wrong, naming field and value. */
export function checkedBy<S extends z.ZodType>(schema: S | undefined, value: unknown): z.output<S> {
  if (schema === undefined) return {} as z.output<S>
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = issue?.path.map(String) ?? []
  const found = path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined), value)
  const got = path.length === 0 ? '' : found === undefined ? ', but it is missing' : `, got ${shown(found)}`
  throw badRequest(`${path.length === 0 ? 'the body' : path.join('.')}: ${issue?.message ?? 'wrong'}${got}`)
}

const MOST_SHOWN = 100

/** A value as a message may show it. */
function shown(value: unknown): string {
  // JSON has no Infinity
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

/** What a body may be. */
export interface BodyBounds {
  readonly maxBodyBytes: number
  readonly bodyTimeoutMs: number
}

/** Whether a route with this body can be asked without one. */
export const takesNoBody = (schema: z.ZodType): boolean => schema.safeParse({}).success

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

/** The body as a route's schema wants it; one that is not there is `{}`. Throws 415, 413, 408 or 400. */
export async function bodyOf<S extends z.ZodType>(schema: S, request: Request, bounds: BodyBounds): Promise<z.output<S>> {
  const type = request.headers.get('content-type')
  const notJson = new ApiError(415, `the body must be JSON with content-type: application/json, got ${type === null ? 'none' : shown(type)}`)
  if (type !== null && !JSON_TYPE.test(type)) throw notJson
  const text = await textBody(request, bounds)
  if (text === '' && takesNoBody(schema)) return checkedBy(schema, {})
  if (type === null) throw notJson
  return checkedBy(schema, parsed(text))
}

function parsed(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw badRequest(text === '' ? 'the body is empty, JSON expected' : 'the body is no JSON')
  }
  if (isDeeper(value, MOST_LEVELS)) throw badRequest(`the body has more than ${MOST_LEVELS} levels`)
  return value
}

/** More than anything here has: `JSON.parse` reads a body of a hundred thousand levels, of which whoever walks through it runs out of stack. */
const MOST_LEVELS = 64

function isDeeper(value: unknown, most: number): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true
    level = level.flatMap((one): unknown[] => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}

async function textBody(request: Request, { maxBodyBytes, bodyTimeoutMs }: BodyBounds): Promise<string> {
  const tooLarge = new ApiError(413, `the body is larger than ${maxBodyBytes} bytes`, { headers: { connection: 'close' } })
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge
  const reader = request.body?.getReader()
  if (reader === undefined) return ''
  const decoder = new TextDecoder()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ApiError(408, `the body did not come within ${bodyTimeoutMs} ms`, { headers: { connection: 'close' } })), bodyTimeoutMs)
  })
  let [text, bytes] = ['', 0]
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late])
      if (done) return text + decoder.decode()
      bytes += value.byteLength
      if (bytes > maxBodyBytes) throw tooLarge
      text += decoder.decode(value, { stream: true })
    }
  } catch (error) {
    reader.cancel().catch(() => undefined)
    throw error
  } finally {
    clearTimeout(timer)
  }
}
