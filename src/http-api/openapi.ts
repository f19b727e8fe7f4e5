import * as z from 'zod'
import { takesNoBody } from './input.js'
import type { ResolvedHandlerOptions } from './options.js'
import type { Route } from './route.js'

/** A JSON Schema, as it stands in the document. */
export type Schema = { readonly [keyword: string]: unknown }

/** One parameter of an operation. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly description?: string
  readonly style?: 'form'
  readonly explode?: false
  readonly schema: Schema
}

interface Content {
  readonly [type: string]: { readonly schema: Schema }
}

/** An answer of an operation. */
export interface Answer {
  readonly description: string
  readonly content?: Content
}

/** One operation of the document. */
export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly security?: readonly { readonly bearer: readonly [] }[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, Answer | { readonly $ref: string }>>
}

/** An OpenAPI 3.1 document of the routes. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly responses: Readonly<Record<string, Answer>>
    readonly securitySchemes: Readonly<Record<string, Schema>>
  }
}

/** Of the API's form, where the service has no version of its own. */
const VERSION = '1'

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'A parameter or the body is wrong; the message names the value and the remedy',
  401: 'A valid token is needed',
  403: 'Guarded routes are off: the handler was given no authorize',
  404: 'There is no such thing, or nobody knows it',
  408: 'The body did not come in time',
  413: 'The body is too large',
  414: 'The query is too long',
  415: 'The body is no JSON',
  429: 'Asked too often; Retry-After says how long to wait',
  500: 'Something went wrong in the service',
  502: 'All providers failed; attempts says how',
  503: 'Nobody can be asked now, or this is not configured; Retry-After where that ends by itself',
  504: 'Nobody answered in time',
}

/** The document that describes these routes, made of the schemas that check their input. */
export function openApiOf(routes: readonly Route[], { basePath, service }: Pick<ResolvedHandlerOptions, 'basePath' | 'service'>): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route)
  return {
    openapi: '3.1.0',
    info: {
      title: service?.name ?? 'feedmux',
      version: service?.version ?? VERSION,
      description: 'Crypto data of many providers through one router. What is not known is null, never 0.',
    },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: jsonSchema(errorAnswer, 'output') },
      responses: Object.fromEntries(
        Object.entries(MEANINGS).map(([status, description]) => [
          `Error${status}`,
          { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
        ]),
      ),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  }
}

const errorAnswer = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z.int(),
  category: z.string(),
  timestamp: z.iso.datetime(),
  data: z.null(),
  attempts: z
    .array(
      z.object({
        provider: z.string(),
        host: z.string().nullable(),
        outcome: z.enum(['succeeded', 'failed', 'skipped', 'cancelled']),
        reason: z.string().nullable(),
        status: z.int().nullable(),
        latency_ms: z.number().nullable(),
        hedged: z.boolean(),
        retry_after_ms: z.number().nullable(),
      }),
    )
    .optional()
    .describe('whom a data route asked, and what came of it'),
  excluded: z
    .array(z.object({ provider: z.string(), reason: z.string(), until: z.iso.datetime().nullable() }))
    .optional()
    .describe('whom it could not ask, and why'),
})

function operationOf(route: Route): Operation {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')]
  return {
    operationId: nameOf(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.guarded && { security: [{ bearer: [] as const }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: !takesNoBody(route.body), content: { 'application/json': { schema: jsonSchema(route.body, 'input') } } } }),
    responses: {
      [route.status ?? 200]: answerOf(route),
      ...(route.method === 'GET' && route.kind !== 'state' && { 304: { description: 'What If-None-Match names is still so' } }),
      ...Object.fromEntries(statusesOf(route).map((status) => [status, { $ref: `#/components/responses/Error${status}` }])),
    },
  }
}

/** `getApiPoolsById`, so that each is there once. */
const nameOf = ({ method, path }: Route): string =>
  method.toLowerCase() +
  path
    .split(/[/.]/)
    .filter((part) => part !== '')
    .map((part) => part.replace(/^\{(.+)\}$/, 'by-$1').replaceAll(/(?:^|[-_])(\w)/g, (_, letter: string) => letter.toUpperCase()))
    .join('')

function answerOf({ answer, produces, summary }: Route): Answer {
  if (answer !== undefined) return { description: summary, content: { 'application/json': { schema: jsonSchema(answer, 'output') } } }
  return { description: summary, content: { [produces ?? 'application/json']: { schema: produces === undefined ? { type: 'object' } : { type: 'string' } } } }
}

const isStatus = (status: number): boolean => status in MEANINGS

function statusesOf({ errors = [], guarded, params, body, kind }: Route): number[] {
  const all = [
    400,
    ...(guarded ? [401, 403] : []),
    ...(params ? [404] : []),
    ...(body ? [408, 413, 415] : []),
    414,
    429,
    500,
    ...(kind === 'data' ? [404, 502, 503, 504] : []),
    ...errors.filter(isStatus),
  ]
  return [...new Set(all)].sort((a, b) => a - b)
}

function parametersOf(schema: z.ZodObject | undefined, place: Parameter['in']): Parameter[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as { properties?: Record<string, Schema>; required?: string[] }
  return Object.entries(properties).map(([name, { description, ...own }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(typeof description === 'string' && { description }),
    ...(own['type'] === 'array' && { style: 'form' as const, explode: false as const }),
    schema: own,
  }))
}

/** What a schema of zod says, as JSON Schema. Answers may hold more than is said: provenance, and what comes with later versions. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema: made }) => {
      if (io === 'output' && made.additionalProperties === false) delete made.additionalProperties
      // implied by the format, and a hundred times longer
      if (made.format === 'date-time') delete made.pattern
      if (made.minimum === Number.MIN_SAFE_INTEGER) delete made.minimum
      if (made.maximum === Number.MAX_SAFE_INTEGER) delete made.maximum
    },
  })
  return own
}
