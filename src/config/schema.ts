import * as z from 'zod'
import { STRATEGY_NAMES } from './strategies.js'
import { HTTP_CAPABILITIES } from './fields.js'

/** Base URLs and pages: http(s), without credentials, query and fragment. */
const address = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s?#@]+$/, 'an http(s) address without credentials and query expected')

const id = z.string().min(1).max(64).describe('kebab-case; older forms with underscores are taken too')
const text = z.string().min(1).max(500)

const limit = z
  .strictObject({
    requests: z.number().positive().optional(),
    cost: z.number().positive().optional().describe("in the provider's own units"),
    perMs: z.number().positive().describe('length of the window in ms'),
    scope: z.enum(['ip', 'key']).optional().describe('default ip'),
    resets: z.enum(['rolling', 'utc-day', 'utc-month']).optional(),
  })
  .refine(({ requests, cost }) => (requests === undefined) !== (cost === undefined), { message: 'one of requests and cost expected' })

const common = {
  id,
  enabled: z.boolean().optional(),
  priority: z.number().optional().describe('tried in this order, 1 first'),
  weight: z.number().nonnegative().optional().describe('share of the traffic, relative'),
  role: z.enum(['regular', 'last-resort']).optional(),
  limits: z.array(limit).min(1).optional().describe('instead of the published ones'),
  apiKeyFrom: z
    .string()
    .regex(/^[A-Za-z_]\w*$/)
    .optional()
    .describe('name of a variable in loadConfig’s env; keys themselves are not taken from a file'),
}

/** A provider of the registry, with what is different from its defaults. */
export const providerEntry = z.strictObject({
  ...common,
  factory: text.optional().describe('which provider of the registry makes it, where one makes several: rss, own-node, custom-fallback'),
  plan: text.optional(),
  hosts: z.array(address).min(1).optional(),
  options: z
    .record(text, z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
    .optional()
    .describe('what its factory takes beside that'),
})

const expression = z.string().min(1).max(300).describe('JMESPath')

const mapped = z.union(
  [
    expression,
    z.strictObject({
      path: expression,
      as: z.enum(['s', 'ms', 'iso']).optional().describe('unit of a time'),
      scale: z.number().optional().describe('factor: 100 for a fraction that stands for percent'),
    }),
  ],
  { error: 'a JMESPath, or { path, as, scale }, expected' },
)

const errorRule = z.strictObject({
  when: expression.describe('true in an answer that tells this error; 0 and what is empty is not'),
  reason: z.enum(['not-found', 'bad-request', 'rate-limited', 'quota-exhausted', 'unauthorized', 'unavailable', 'geo-blocked', 'bad-response']),
  message: expression.optional(),
})

const scalar = z.union([z.string().max(2_000), z.number(), z.boolean()])

const endpoint = z.strictObject({
  path: z.string().max(500).describe('below the base URL, with {base}, {quote}, {symbol}, {limit} …'),
  query: z.record(text, scalar).optional(),
  method: z.enum(['GET', 'POST']).optional(),
  headers: z.record(text, z.string().max(500)).optional(),
  body: z.unknown().optional().describe('sent as JSON; its texts may hold templates'),
  list: expression.optional().describe('where the rows are; default: the whole answer'),
  map: z.record(text, mapped).describe('fields of the answer, by JMESPath'),
  market: text.optional().describe('name of a market there, like {base}-{quote}: {market} in templates, and what map.market is compared with'),
  quotes: z.array(text).min(1).optional().describe('quotes that it has'),
  intervals: z.record(text, scalar).optional().describe('what it calls the intervals that it has: { "1h": "60" }'),
  chains: z.record(text, scalar).optional().describe('what it calls the chains that it has, by CAIP-2 id'),
  errors: z.array(errorRule).max(20).optional(),
  cost: z.number().positive().optional(),
  maxBatch: z.number().int().positive().optional(),
  maxBytes: z.number().int().positive().max(100_000_000).optional(),
})

/** A source over HTTP that is described by data alone. */
export const httpDefinition = z.strictObject({
  ...common,
  name: text,
  baseUrl: z.union([address, z.array(address).min(1)], { error: 'an http(s) address without credentials and query, or a list of them, expected' }),
  homepage: address.optional(),
  docs: address.optional(),
  key: z
    .strictObject({ required: z.boolean().optional(), in: z.enum(['header', 'query', 'path']), name: text, prefix: z.string().max(50).optional() })
    .optional()
    .describe('where the key goes; the key itself is handed to loadConfig'),
  minSpacingMs: z.number().nonnegative().optional(),
  dollarQuote: text.optional(),
  assets: z.record(text, text).optional().describe('its ids by symbol: {id} in templates'),
  attribution: z.strictObject({ text, url: address, required: z.boolean() }).optional(),
  cors: z.boolean().optional(),
  errors: z.array(errorRule).max(20).optional(),
  probe: z.strictObject({ capability: z.enum(HTTP_CAPABILITIES), params: z.record(text, z.unknown()) }).optional(),
  endpoints: z.partialRecord(z.enum(HTTP_CAPABILITIES), endpoint),
})

const member = z.union(
  [id, z.strictObject({ id, priority: z.number().optional(), weight: z.number().nonnegative().optional(), enabled: z.boolean().optional() })],
  { error: 'an id, or { id, priority, weight, enabled }, expected' },
)

/** A pool. Its id is made from its name where there is none. */
export const poolEntry = z
  .strictObject({
    id: text.optional(),
    name: text.optional(),
    category: text.optional(),
    description: z.string().max(2_000).optional(),
    strategy: z.enum(STRATEGY_NAMES).optional(),
    enabled: z.boolean().optional(),
    members: z.array(member),
  })
  .refine(({ id: own, name }) => own !== undefined || name !== undefined, { message: 'a name expected' })

const positive = z.number().positive().optional()

/** The router's own options, as far as they are data. */
export const routerEntry = z.strictObject({
  strategy: z.enum(STRATEGY_NAMES).optional(),
  timeoutMs: positive,
  totalTimeoutMs: positive,
  maxAttempts: z.number().int().positive().optional(),
  retries: z.number().int().nonnegative().optional(),
  skipSlowerThanMs: positive,
  dollarQuotes: z.enum(['accept', 'strict']).optional(),
  breaker: z
    .strictObject({
      failures: positive,
      rate: z.number().positive().max(1).optional(),
      minimum: positive,
      windowMs: positive,
      cooldownMs: positive,
      maxCooldownMs: positive,
    })
    .optional(),
  cache: z
    .union([
      z.literal(false),
      z.strictObject({
        maxEntries: z.number().int().positive().optional(),
        ttlMs: z.number().nonnegative().optional(),
        staleMs: z.number().nonnegative().optional(),
      }),
    ])
    .optional(),
})

const configFile = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1).optional(),
  providers: z.array(z.union([providerEntry, httpDefinition])),
  pools: z
    .union([z.literal('default'), z.array(poolEntry)])
    .optional()
    .describe("'default' are the eight preset pools"),
  router: routerEntry.optional(),
})

/** What a file says of a provider of the registry. */
export type ProviderEntry = z.infer<typeof providerEntry>
/** What a file says of a source of its own. */
export type HttpDefinition = z.infer<typeof httpDefinition>
/** How such a source serves one capability. */
export type HttpEndpointDefinition = z.infer<typeof endpoint>
/** How errors are told inside answers. */
export type ErrorRule = z.infer<typeof errorRule>
/** What a file says of a pool. */
export type PoolEntry = z.infer<typeof poolEntry>
/** What a file says of the router. */
export type RouterEntry = z.infer<typeof routerEntry>
/** A whole file. */
export type ConfigFile = z.infer<typeof configFile>

/** The format as a JSON Schema, for editors and other programs. */
export const configSchema = /* @__PURE__ */ z.toJSONSchema(configFile, { io: 'input' }) as { readonly [keyword: string]: unknown }
